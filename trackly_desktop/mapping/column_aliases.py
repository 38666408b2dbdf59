"""The names that columns have in real exports: of which system a header is, and which names mean what.

Sources: the vendors' help pages, and header lines seen in public parsers and fixtures; the aliases of the API's own
fields are in contact.FIELDS.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

from trackly_desktop.contacts.fields import FIELDS


def plain(name: str) -> str:
    """A column's name without what differs by chance: case, separators, a last bracket."""
    text = unicodedata.normalize("NFKC", name.lstrip("\ufeff")).strip().casefold()
    text = re.sub(r"\s*\([^()]*\)$", "", text)
    return re.sub(r"[\s_\-./:?*#'’]+", " ", text).strip()


@cache
def normalize_header(name: str) -> str:
    """A column's name as it is compared: as `plain`, and without accents."""
    apart = unicodedata.normalize("NFKD", plain(name))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def header_spellings(name: str) -> tuple[str, ...]:
    """A column's name as it is compared, and as it is once words run together (firstName) are taken apart."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return (normalize_header(name),) if apart == name else (normalize_header(name), normalize_header(apart))


SYSTEMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Facebook Lead Ads", ("created time", "ad id", "form id", "platform")),
    ("Shopify", ("customer id", "accepts sms marketing")),
    ("Shopify", ("accepts email marketing", "total spent", "total orders")),
    ("Mailchimp", ("member rating", "optin time", "leid")),
    ("Mailchimp", ("email address", "confirm time", "euid")),
    ("Klaviyo", ("klaviyo id",)),
    ("Klaviyo", ("phone number", "sms marketing consent")),
    ("HubSpot", ("record id", "lifecycle stage")),
    ("HubSpot", ("record id", "contact owner")),
    ("Google Contacts", ("phone 1 value",)),
    ("Outlook", ("primary phone", "business fax", "e mail address")),
    ("Brevo", ("email", "sms", "sms blacklisted")),
    ("Postscript", ("subscriber created at utc",)),
    ("ActiveCampaign", ("email", "phone", "tags", "date created", "ip", "status")),
    ("Pipedrive", ("person name", "person phone")),
    ("Pipedrive", ("person id", "person phone")),
    ("systeme.io", ("date registered", "surname", "phone number")),
    ("Google Ads lead form", ("lead id", "user phone")),
    ("Twilio message log", ("account sid", "direction", "from", "to")),
    ("Twilio message log", ("accountsid", "direction", "from", "to")),
    ("Salesforce", ("firstname", "lastname", "mobilephone", "leadsource")),
    ("Salesforce", ("first name", "last name", "lead source", "account name")),
    ("Salesforce", ("first name", "last name", "lead status", "owner alias")),
    ("Attentive", ("phone", "opt out")),
    ("Trackly", ("phone number", "consent date")),
)
"""A system, and names that together only its exports have; the first that fits is meant."""


def system_of(header: Iterable[str]) -> str:
    """The system that a file with this header comes from; empty where it could be any."""
    names = {normalize_header(name) for name in header}
    return next((system for system, signs in SYSTEMS if names.issuperset(signs)), "")


_RECORD_MADE = frozenset(
    (
        "create date", "created date", "createddate", "date created", "date added", "added time", "profile created on",
        "created at", "created", "record created", "customer since", "sentdate", "sent date",
    )
)  # fmt: skip
_WEBSITES = frozenset(
    ("website", "web site", "web page", "personal web page", "website 1 value", "homepage", "company url")
)


def no_evidence(name: str) -> str:
    """Why a column is no evidence of consent though it looks like it; empty for any other."""
    folded = header_spellings(name)
    if any(one in _RECORD_MADE for one in folded):
        return "says when the record was made, not when the person agreed"
    return (
        "is usually the person’s own site, not the page where they agreed"
        if any(one in _WEBSITES for one in folded)
        else ""
    )


OTHER_PHONES = frozenset(
    (
        "home phone", "home phone 2", "homephone", "business phone", "business phone 2", "work phone", "work phone number",
        "office phone", "other phone", "otherphone", "company main phone", "car phone", "company phone", "landline",
        "telephone fixe", "telefono fijo", "telefone fixo", "festnetz", "festnetznummer", "telefon geschaftlich",
        "telefon privat", "telefono de casa", "telefono trabajo", "telefono del trabajo", "telefone comercial",
        "telefone residencial", "telephone professionnel", "telephone domicile", "day phone", "evening phone",
    )
)  # fmt: skip
"""Phones that are not the person's own mobile as far as the name tells: offered, never used by themselves."""

ALSO_PHONES = frozenset(
    (
        "phone 2 value", "phone 3 value", "phone 4 value", "phone 5 value", "phone 2", "phone 3", "phone2", "phone3",
        "mobile 2", "mobile2", "cell 2", "second phone", "secondary phone", "alternate phone", "alternative phone",
        "alt phone", "telefono 2", "telephone 2", "telefon 2", "telefone 2", "celular 2", "handy 2",
    )
)  # fmt: skip
"""Phones that stand in where the first is empty or wrong."""

NEVER_PHONE = re.compile(
    r"\b(fax|pager|telex|extension|ext|assistant s|assistant|order|isdn|tty|tdd|radio|callback|id|zip|postal|code|plz|cep|"
    r"label|type|country|area|consent|opt|status|carrier|account|price|total|amount|count|latitude|longitude|date|time|"
    r"validated|verified|valid|phonetic)\b"
)
"""Words in a name that say: whatever stands here, it is not the person's phone number."""

COUNTRIES = (
    "country code", "default address country code", "country", "default address country", "mailing country",
    "home country", "business country", "person country", "billing country", "shipping country", "country region",
    "cc", "iso country", "country iso", "nation", "pais", "pays", "land", "paese", "kraj", "landescode",
    "landerkennzeichen", "code pays", "codigo de pais", "codigo do pais", "codigo pais", "国", "国家", "国名", "страна",
)  # fmt: skip
"""Columns that say in which country a person is, those preferred first."""

SURE_COUNTRIES = frozenset(
    (
        "country", "default address country", "mailing country", "home country", "business country", "person country",
        "billing country", "shipping country", "pais", "pays", "paese", "kraj", "国家", "国名", "страна",
    )
)  # fmt: skip
"""Names that say nothing else, whatever the values are: not a land in Germany, nor a code."""

DIAL_CODES = (
    "country code", "phone country code", "dial code", "dialing code", "calling code", "country calling code", "isd code",
    "isd", "ddi", "codigo de pais", "codigo do pais", "indicatif", "indicatif pays", "landesvorwahl",
)  # fmt: skip
"""Columns in which a number may be a country's dial code; elsewhere a number is an id."""

_OTHER_NAMES = frozenset(
    (
        # English, and what systems call them
        "name", "first name", "last name", "full name", "firstname", "lastname", "fullname", "middle name", "given name",
        "family name", "surname", "nickname", "prefix", "suffix", "title", "email", "e mail", "email address",
        "e mail address", "user email", "user name", "company", "organization", "organisation", "job title", "department",
        "address", "address 1", "address 2", "street", "city", "town", "state", "province", "region", "zip", "zip code",
        "postal code", "postcode", "birthday", "date of birth", "dob", "gender", "age", "language", "tags", "labels",
        "notes", "note", "comments", "comment", "status", "id", "customer id", "contact id", "record id", "lead id",
        "created", "created at", "create date", "created date", "date created", "date added", "updated at", "modified",
        "last modified date", "date", "time", "opt in", "opt out", "optin", "optout", "consent", "subscribed",
        "unsubscribed", "accepts sms marketing", "accepts email marketing", "sms marketing consent", "do not call",
        "vip", "plan", "amount", "price", "total", "total spent", "total orders", "orders", "website", "web site",
        "owner", "contact owner", "lead status", "lifecycle stage", "member rating", "timezone", "time zone", "score",
        "points", "balance", "store", "location", "product", "order", "order id", "quantity", "qty", "type", "category",
        "group", "segment", "list", "campaign", "campaign name", "utm campaign", "utm medium", "carrier", "line type",
        "from", "to", "body", "direction", "value", "active", "favorite color", "color",
        # Spanish
        "nombre", "apellido", "apellidos", "nombre completo", "correo", "correo electronico", "direccion", "ciudad",
        "estado", "provincia", "codigo postal", "empresa", "fecha", "fecha de registro", "fecha de nacimiento", "sexo",
        "edad", "notas", "importe", "cliente",
        # French
        "prenom", "nom", "nom complet", "nom de famille", "courriel", "adresse", "adresse email", "adresse e mail",
        "adresse electronique", "ville", "code postal", "societe", "entreprise", "date de naissance", "sexe",
        "remarques", "montant", "client", "departement", "date d inscription",
        # German
        "vorname", "nachname", "zuname", "anrede", "titel", "firma", "strasse", "straße", "hausnummer", "plz", "ort",
        "stadt", "wohnort", "postleitzahl", "bundesland", "geburtsdatum", "geschlecht", "bemerkung", "bemerkungen",
        "notiz", "kunde", "kundennummer", "betrag", "datum", "e mail adresse", "geburtstag",
        # Portuguese
        "nome", "sobrenome", "nome completo", "primeiro nome", "endereco", "cidade", "cep", "data", "data de nascimento",
        "observacoes", "e mail", "bairro", "uf", "valor", "genero",
        # and some others
        "cognome", "indirizzo", "citta", "imie", "nazwisko", "imie i nazwisko", "miasto", "adres", "kod pocztowy",
        "jmeno", "prijmeni", "mesto", "ulice", "nev", "vezeteknev", "keresztnev", "varos", "naam", "voornaam",
        "achternaam", "plaats", "имя", "фамилия", "отчество", "город", "адрес", "почта", "дата", "фио", "氏名", "名前",
        "住所", "メール", "メールアドレス", "都道府県", "登録日", "姓名", "地址", "邮箱", "城市", "日期", "备注", "公司",
    )
)  # fmt: skip


@cache
def _known() -> frozenset[str]:
    names = {normalize_header(alias) for one in FIELDS for alias in (one.name, one.label, *one.aliases)}
    names |= {normalize_header(name) for name in (*_OTHER_NAMES, *COUNTRIES, *DIAL_CODES, *OTHER_PHONES, *ALSO_PHONES)}
    return frozenset(names | {sign for _system, signs in SYSTEMS for sign in signs})


def is_known_name(cell: str) -> bool:
    """Whether this is a name that columns have in real exports."""
    return any(one in _known() for one in header_spellings(cell))


SNAKE, CAMEL, TITLE = "snake_case", "camelCase", "Title Case"


def style_of(names: Sequence[str]) -> str:
    """How an account writes its custom fields' names, by those that it has."""
    camel = sum(1 for name in names if re.fullmatch(r"[a-z]+(?:[A-Z0-9][a-z0-9]*)+", name))
    title = sum(1 for name in names if re.fullmatch(r"[A-Z][\w]*(?: [A-Za-z0-9]\w*)*", name))
    return CAMEL if camel * 2 > len(names) else TITLE if title * 2 > len(names) else SNAKE


def custom_name(column: str, style: str = SNAKE) -> str:
    """A custom field's name made of a column's, in this style: first_name, firstName, First name."""
    text = plain(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column))
    words = [word for word in re.split(r"\W+", text) if word] or ["field"]
    if style == CAMEL:
        return words[0] + "".join(word.capitalize() for word in words[1:])
    if style == TITLE:
        return " ".join(words).capitalize()
    return "_".join(words)
