"""What a contact is, and which are right: the one table of the API's body fields, and the checks.

The rules are those of Trackly's reference page of POST /api/v2/contacts; where a check is stricter than the page, the
comment beside it says why. A new body field is a line in FIELDS and an attribute of Contact.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from trackly_desktop.contacts import dates

if TYPE_CHECKING:
    import json
    import re

# Named tuples are made several times faster than data classes: the first window waits for what is made here.

CustomValue = str | int | float | bool
"""What a custom field can hold: nothing nested, no null."""

LARGEST_BODY = 4_000
"""Bytes of one contact's JSON; the server answers 413 payload_too_large above it."""


class Kind(enum.StrEnum):
    """What a field's value is, and so how it is read and which control asks for it."""

    PHONE = "phone"
    LIST = "list"
    YES_NO = "yes or no"
    DATE_TIME = "date"
    IP = "ip"
    URL = "url"
    TEXT = "text"
    CUSTOM = "custom fields"


class Field(NamedTuple):
    """One body field of the API. `aliases` are normalised column names; `default` is the answer that is not sent."""

    name: str
    kind: Kind
    label: str
    help: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    default: bool | None = None


# Aliases: the column names of real exports, without case, accents and separators, those preferred first.
FIELDS: tuple[Field, ...] = (
    Field(
        "phone_number",
        Kind.PHONE,
        "Phone number",
        "In any form; it is sent as +14155559876",
        (
            "mobile phone number", "mobile phone", "mobile number", "mobilephone", "mobilenumber", "mobile", "cell phone",
            "cellphone", "cell phone number", "cell number", "cell", "handynummer", "handy", "mobilnummer",
            "mobiltelefon", "mobil", "telefono movil", "numero de movil", "movil", "telefono celular",
            "numero de celular", "numero celular", "celular", "telephone portable", "numero de portable", "tel portable",
            "telephone mobile", "portable", "mobile telefonnummer", "telemovel", "telefone celular", "cellulare", "mobiel",
            "komorka", "携帯電話", "携帯番号", "携帯", "手机号码", "手机号", "手机",
            "phone number", "phone", "phonenumber", "msisdn", "sms phone number", "sms number", "sms", "phone 1 value",
            "primary phone", "primary phone number", "contact phone", "contact phone number", "contactphone",
            "customer phone", "person phone", "user phone", "lead phone", "phone no", "phone num", "phone 1", "phone1",
            "whatsapp number", "whatsapp", "telephone", "telephone number", "tel", "tel no", "default address phone",
            "numero de telephone", "n° de telephone", "no de telephone", "n° telephone", "telefono", "numero de telefono",
            "nº de telefono", "numero telefonico", "telefonnummer", "telefon", "rufnummer", "telefon nr", "tel nr",
            "telefone", "numero de telefone", "numero di telefono", "telefoonnummer", "telefoon", "numer telefonu",
            "nr telefonu", "telefonszam", "номер телефона", "телефон", "мобильный", "мобильный телефон", "電話番号",
            "電話", "电话号码", "电话", "number",
        ),
        required=True,
    ),
    Field(
        "list_number",
        Kind.LIST,
        "Sending list",
        "The list's own phone number",
        (
            "list number", "list phone", "sending list", "sending number", "toll free number", "tfn", "keyword number",
            "from number", "short code", "long code",
        ),
        required=True,
    ),
    Field(
        "use_journeys",
        Kind.YES_NO,
        "Start welcome journeys",
        "They may be texted at once",
        ("use journeys",),
        default=False,
    ),
    Field(
        "skip_journey_if_exists",
        Kind.YES_NO,
        "Leave out people who are already on the list",
        "No puts people through the welcome journeys again: they are texted again",
        ("skip journey if exists",),
        default=True,
    ),
    Field(
        "signup_date",
        Kind.DATE_TIME,
        "Signup date",
        "When they agreed to be texted",
        (
            "signup date", "sign up date", "consent date", "consentdate", "opted in date", "optin date", "opt in date",
            "opt in at", "confirm time", "optin time", "consent timestamp", "consent at",
            "sms marketing consent timestamp", "sms marketing timestamp", "subscriber created at utc", "subscribed at",
            "subscribed date", "created time", "date submitted", "submitted at", "date registered", "lead submit time",
            "signed up", "signed up at", "signup time", "sign up time", "opt in time", "consent given at", "fecha de registro",
            "fecha de alta", "fecha de suscripcion", "fecha de consentimiento", "date d inscription", "date de consentement",
            "date inscription", "anmeldedatum", "einwilligung am", "datum der einwilligung", "anmeldung am",
            "data de cadastro", "data de inscricao", "data do consentimento", "登録日", "timestamp",
        ),
    ),
    Field(
        "ip_address",
        Kind.IP,
        "IP address",
        "From which they signed up",
        (
            "ip address", "ip", "confirm ip", "optin ip", "opt in ip", "consent ip", "signup ip", "user ip",
            "client ip", "remote addr", "sign up ip", "ip adresse", "adresse ip", "direccion ip", "endereco ip",
        ),
    ),
    Field(
        "url",
        Kind.URL,
        "Page",
        "The web page on which they signed up",
        (
            "url", "source url", "landing page url", "landing page", "page url", "opt in url", "optin url",
            "signup url", "sign up url", "consent url", "form url", "referrer", "opt in page", "signup page",
        ),
    ),
    Field(
        "custom_fields",
        Kind.CUSTOM,
        "Custom fields",
        "Anything else you keep about them",
    ),
    Field(
        "override_custom_fields",
        Kind.YES_NO,
        "Replace all custom fields",
        "Custom fields that they have and that are not here are deleted",
        ("override custom fields",),
        default=False,
    ),
    Field(
        "ad_network_source",
        Kind.TEXT,
        "Ad source",
        "Like facebook or adwords",
        (
            "ad network source", "platform", "utm source", "lead source", "original source", "traffic source",
            "publisher", "affiliate", "vendor", "source", "network",
        ),
    ),
    Field(
        "ad_network_id",
        Kind.TEXT,
        "Ad campaign or account",
        "Its id at the ad source",
        ("ad network id", "ad id", "campaign id", "gclid", "click id", "clickid", "fbclid", "sub id", "subid"),
    ),
)  # fmt: skip

_DEFAULTS = tuple((one.name, one.default) for one in FIELDS)
FIELD: Mapping[str, Field] = MappingProxyType({one.name: one for one in FIELDS})


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact as it is sent: an attribute for each body field, empty where nothing is said."""

    phone_number: str
    list_number: str
    use_journeys: bool = False
    skip_journey_if_exists: bool = True
    signup_date: str = ""
    ip_address: str = ""
    url: str = ""
    custom_fields: Mapping[str, CustomValue] = field(default_factory=dict)
    override_custom_fields: bool = False
    ad_network_source: str = ""
    ad_network_id: str = ""

    @property
    def idempotent(self) -> bool:
        """Sending it twice leaves what sending it once leaves: all but a forced second welcome journey."""
        return not self.use_journeys or self.skip_journey_if_exists

    def body(self) -> dict[str, object]:
        """The request's JSON object. What is empty or the default is left out: an empty string could overwrite."""
        said: dict[str, object] = {}
        for name, default in _DEFAULTS:
            value = getattr(self, name)
            if value != default and value != "" and value != {}:
                said[name] = value
        if "custom_fields" in said:
            said["custom_fields"] = dict(self.custom_fields)
        return said

    def to_json(self) -> str:
        """The request's body."""
        return _encoder().encode(self.body())


@cache
def _encoder() -> json.JSONEncoder:
    import json  # the first window does not wait for it

    return json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class Problem(NamedTuple):
    """What is wrong with one field. `field` is a body field, or `custom:name`; the words are for the operator."""

    field: str
    words: str


class Unreadable(ValueError):
    """Text that a field cannot take; its words are for the operator."""


class ParseContext(NamedTuple):
    """What text means here: whose numbers have no country code, whose times no zone, which form dates have.

    `plus`: phone numbers are international ones whose plus is missing.
    """

    region: str = "US"
    plus: bool = False
    zone: tzinfo | None = None
    dates: str = dates.ASK
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


def problems(contact: Contact) -> list[Problem]:
    """What is wrong with a contact made by hand; empty when it may be sent."""
    texts = {
        one.name: _as_text(getattr(contact, one.name))
        for one in FIELDS
        if one.kind is not Kind.CUSTOM and getattr(contact, one.name) != one.default
    }
    made, found = parse_contact(texts, contact.custom_fields, ParseContext())
    if made is not None and made != contact:
        return [
            Problem(one.name, f"This is to be written as {_as_text(getattr(made, one.name))}")
            for one in FIELDS
            if getattr(made, one.name) != getattr(contact, one.name)
        ]
    return found


def parse_contact(
    texts: Mapping[str, str], custom_fields: Mapping[str, CustomValue], reading: ParseContext
) -> tuple[Contact | None, list[Problem]]:
    """The contact that these texts (body field -> as typed) mean, or else what is wrong, a problem a field."""
    values, found = _read_values(texts, custom_fields, reading)
    if found:
        return None, found
    contact = Contact(**values)  # type: ignore[arg-type]
    too_large = _too_large(contact.to_json(), values)
    return (None, [too_large]) if too_large else (contact, [])


class Body(NamedTuple):
    """What a contact comes to on the wire."""

    json: str
    phone_number: str
    list_number: str
    idempotent: bool
    said: Mapping[str, object]
    """What the JSON says, by body field."""


def parse_body(
    texts: Mapping[str, str], custom_fields: Mapping[str, CustomValue], reading: ParseContext
) -> tuple[Body | None, list[Problem]]:
    """As `read_contact`, without the contact between the texts and the body: a million rows are read like this."""
    values, found = _read_values(texts, custom_fields, reading)
    if found:
        return None, found
    said = {name: values[name] for name, default in _DEFAULTS if name in values and values[name] != default}
    if not custom_fields:
        said.pop("custom_fields", None)
    body = _encoder().encode(said)
    too_large = _too_large(body, values)
    if too_large:
        return None, [too_large]
    safe = not values.get("use_journeys") or bool(values.get("skip_journey_if_exists", True))
    return Body(body, str(values["phone_number"]), str(values["list_number"]), safe, said), []


def _read_values(
    texts: Mapping[str, str], custom_fields: Mapping[str, CustomValue], reading: ParseContext
) -> tuple[dict[str, object], list[Problem]]:
    found: list[Problem] = []
    values: dict[str, object] = {}
    for name, required, read in _READ:
        text = texts.get(name, "").strip()
        if not text:
            if required:
                found.append(Problem(name, _MISSING[name]))
            continue
        try:
            values[name] = read(text, reading)
        except Unreadable as problem:
            found.append(Problem(name, str(problem)))
    found += _custom_problems(custom_fields)
    values["custom_fields"] = dict(custom_fields)
    return values, found


def _too_large(body: str, values: Mapping[str, object]) -> Problem | None:
    # A character has four bytes at most: only a long body is measured.
    if len(body) * 4 <= LARGEST_BODY or (size := len(body.encode())) <= LARGEST_BODY:
        return None
    words = f"This contact is too large to send: {size:,} bytes, and {LARGEST_BODY:,} is the most; shorten a field"
    return Problem(_largest_part(values), words)


def parse_value(one: Field, text: str, reading: ParseContext) -> object:
    """The value that `text` means in this field. Raises Unreadable in the operator's words."""
    return _READERS[one.kind](text, reading)


def parse_custom_value(text: str, type_name: str) -> CustomValue:
    """A custom field's value from text, as "string", "number" or "boolean". Raises Unreadable."""
    if type_name == "number":
        return _number(text)
    if type_name == "boolean":
        return _yes_no(text, ParseContext())
    return text


CUSTOM_TYPES = ("string", "number", "boolean")

_MISSING = {"phone_number": "There is no phone number", "list_number": "Choose a sending list"}
YES_WORDS = frozenset(
    (
        "yes", "y", "true", "t", "1", "on", "x", "✓", "✔", "☑", "checked", "ok", "si", "sí", "s", "verdadero", "cierto",
        "oui", "o", "vrai", "ja", "j", "wahr", "sim", "verdadeiro", "vero", "tak", "prawda", "ano", "igen", "да", "д",
        "истина", "はい", "是", "真",
    )
)  # fmt: skip
NO_WORDS = frozenset(
    (
        "no", "n", "false", "f", "0", "off", "☐", "✗", "✘", "unchecked", "falso", "non", "faux", "nein", "falsch", "não",
        "nao", "nie", "fałsz", "ne", "nem", "нет", "н", "ложь", "いいえ", "否", "假",
    )
)  # fmt: skip
_SURE = frozenset(
    word for word in YES_WORDS | NO_WORDS if len(word) > 1 and word not in ("on", "off", "ok", "checked", "unchecked")
)


_NOTHING = frozenset(
    (
        "null",
        "\\n",
        "nan",
        "none",
        "n/a",
        "na",
        "#n/a",
        "nil",
        "undefined",
        "-",
        "–",
        "—",
        "?",
        "0000-00-00",
        "0000-00-00 00:00:00",
    )
)


def is_blank_marker(text: str) -> bool:
    """Whether this is how databases and people write that there is no value."""
    return len(text) <= 19 and text.casefold() in _NOTHING


def looks_like_yes_or_no(text: str) -> bool:
    """Whether this is a word for yes or no that is nothing else: F, T, ON and 1 are sizes, genders, provinces, numbers."""
    return text.strip().casefold() in _SURE


def _phone(text: str, reading: ParseContext) -> str:
    from trackly_desktop.contacts import phone_numbers

    try:
        return phone_numbers.parse_phone(text, reading.region, plus=reading.plus).e164
    except phone_numbers.PhoneProblem as problem:
        raise Unreadable(str(problem)) from problem


def _list(text: str, reading: ParseContext) -> str:
    from trackly_desktop.contacts import phone_numbers

    try:
        return phone_numbers.parse_list_number(text, reading.region)
    except phone_numbers.PhoneProblem as problem:
        raise Unreadable(str(problem)) from problem


def parse_yes_no(text: str) -> bool | None:
    """Whether this is a word or a sign for yes or for no; None for any other."""
    word = text.strip().casefold()
    return True if word in YES_WORDS else False if word in NO_WORDS else None


def _yes_no(text: str, _reading: ParseContext) -> bool:
    said = parse_yes_no(text)
    if said is None:
        raise Unreadable("This is neither yes nor no")
    return said


def _moment(text: str, reading: ParseContext) -> str:
    try:
        moment = dates.parse_signup_date(text, reading.dates, reading.zone)
    except dates.DateProblem as problem:
        raise Unreadable(str(problem)) from problem
    except (OverflowError, ValueError) as problem:
        raise Unreadable("This is not a date that a calendar has") from problem
    if moment > reading.now():
        raise Unreadable("This date is in the future; nobody can have signed up yet")
    return dates.format_utc(moment)


# What most values look like needs no taking apart. Compiled when first used: the first window does not wait for it.
_PLAIN_URL = r"https?://[A-Za-z0-9.\-]*[A-Za-z0-9](?:/[!-~]*)?\Z"
_PLAIN_IP = r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!\Z)|\Z)){4}(?<=\d)\Z"


@cache
def _pattern(text: str) -> re.Pattern[str]:
    import re

    return re.compile(text)


def _ip(text: str, _reading: ParseContext) -> str:
    if _pattern(_PLAIN_IP).match(text):
        return text
    import ipaddress

    try:
        address = ipaddress.ip_address(text)
    except ValueError as error:
        raise Unreadable("This is not an IP address; one looks like 203.0.113.42") from error
    if "%" in text:  # a link's own scope means nothing to anybody else
        raise Unreadable("This is not an IP address that others can use; leave out what follows the %")
    return str(address)


def _url(text: str, _reading: ParseContext) -> str:
    if _pattern(_PLAIN_URL).match(text):
        return text
    from urllib.parse import urlsplit

    words = "This is not a web address; one looks like https://example.com/signup"
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise Unreadable(words) from error
    if parts.scheme not in ("http", "https") or not host or any(sign.isspace() for sign in text):
        raise Unreadable(words)
    return text


def _text(text: str, _reading: ParseContext) -> str:
    return text


def _number(text: str) -> int | float:
    plain = _pattern(_AROUND_AMOUNTS).sub("", text.strip())
    if _pattern(_SEPARATED).match(plain):
        plain = _without_separators(plain)
    if not plain.isascii() or "_" in plain:
        raise Unreadable(f"“{text}” is not a number; keep it as text, or correct it")
    try:  # Python refuses whole numbers of thousands of digits
        number: int | float = int(plain) if plain.lstrip("+-").isdigit() else float(plain)
    except ValueError as error:
        raise Unreadable(f"“{text}” is not a number; keep it as text, or correct it") from error
    if not math.isfinite(number):
        raise Unreadable(f"“{text}” is not a number that can be sent")
    return number


_SEPARATED = r"[+-]?\d{1,3}([.,' \u00a0\u202f’]\d{3})+([.,]\d+)?\Z|[+-]?\d*,\d+\Z"
_AROUND_AMOUNTS = r"^(?:US\$|[$€£¥]|USD|EUR|GBP)\s*(?=[\d.,+-])|\s*(?:[$€£¥]|USD|EUR|GBP|zł|kr)\Z"


def _without_separators(text: str) -> str:
    """1,234.50 and 1.234,50 and 1 234,50 as 1234.50; what could be two numbers is not guessed."""
    import re

    signs = re.findall(r"[.,' \u00a0\u202f’]", text)
    last = signs[-1]
    behind = len(text) - text.rindex(last) - 1
    if len(signs) == 1 and last in ".," and behind == 3:
        if last == ".":
            return text
        raise Unreadable(
            f"“{text}” could be {text.replace(',', '')} or {text.replace(',', '.')}; write it without the comma"
        )
    is_decimal = last in ".," and (behind != 3 or (len(set(signs)) > 1 and signs.count(last) == 1))
    whole, part = (text[: -behind - 1], text[-behind:]) if is_decimal else (text, "")
    digits = re.sub(r"[.,' \u00a0\u202f’]", "", whole)
    return f"{digits or '0'}.{part}" if part else digits


_READERS: Mapping[Kind, Callable[[str, ParseContext], object]] = {
    Kind.PHONE: _phone,
    Kind.LIST: _list,
    Kind.YES_NO: _yes_no,
    Kind.DATE_TIME: _moment,
    Kind.IP: _ip,
    Kind.URL: _url,
    Kind.TEXT: _text,
}


_READ = tuple((one.name, one.required, _READERS[one.kind]) for one in FIELDS if one.kind is not Kind.CUSTOM)
_CUSTOM_VALUES = (str, bool, int)


def _custom_problems(custom_fields: Mapping[str, object]) -> list[Problem]:
    found = []
    for name, value in custom_fields.items():
        if type(value) in _CUSTOM_VALUES and name and not name.isspace():
            continue
        if not name.strip():
            found.append(Problem("custom:", "A custom field needs a name"))
        elif not isinstance(value, (str, int, float, bool)):
            found.append(Problem(f"custom:{name}", "A custom field holds text, a number, or yes or no"))
        elif isinstance(value, float) and not math.isfinite(value):
            found.append(Problem(f"custom:{name}", "This is not a number that can be sent"))
    return found


def _largest_part(values: Mapping[str, object]) -> str:
    custom = values["custom_fields"]
    assert isinstance(custom, dict)
    sizes = {name: len(str(value)) for name, value in values.items() if name != "custom_fields"}
    sizes |= {f"custom:{name}": len(name) + len(str(value)) for name, value in custom.items()}
    return max(sizes, key=lambda name: sizes[name])


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
