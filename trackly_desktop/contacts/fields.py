"""Body fields of POST /api/v2/contacts, as one table.

A new field is a line here and an attribute of Contact.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

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
    """One body field of the API.

    `aliases` are normalized column names; `default` is the answer that is not sent.
    """

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

DEFAULTS = tuple((field.name, field.default) for field in FIELDS)
FIELD: Mapping[str, Field] = MappingProxyType({field.name: field for field in FIELDS})


CUSTOM_TYPES = ("string", "number", "boolean")
