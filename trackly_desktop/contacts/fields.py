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
    """One body field of the API. `default` is the answer that is not sent."""

    name: str
    kind: Kind
    label: str
    help: str
    required: bool = False
    default: bool | None = None


FIELDS: tuple[Field, ...] = (
    Field(
        "phone_number",
        Kind.PHONE,
        "Phone number",
        "In any form; it is sent as +14155559876",
        required=True,
    ),
    Field(
        "list_number",
        Kind.LIST,
        "Sending list",
        "The list's own phone number",
        required=True,
    ),
    Field(
        "use_journeys",
        Kind.YES_NO,
        "Start welcome journeys",
        "They may be texted at once",
        default=False,
    ),
    Field(
        "skip_journey_if_exists",
        Kind.YES_NO,
        "Leave out people who are already on the list",
        "No puts people through the welcome journeys again: they are texted again",
        default=True,
    ),
    Field(
        "signup_date",
        Kind.DATE_TIME,
        "Signup date",
        "When they agreed to be texted",
    ),
    Field(
        "ip_address",
        Kind.IP,
        "IP address",
        "From which they signed up",
    ),
    Field(
        "url",
        Kind.URL,
        "Page",
        "The web page on which they signed up",
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
        default=False,
    ),
    Field(
        "ad_network_source",
        Kind.TEXT,
        "Ad source",
        "Like facebook or adwords",
    ),
    Field(
        "ad_network_id",
        Kind.TEXT,
        "Ad campaign or account",
        "Its id at the ad source",
    ),
)

DEFAULTS = tuple((field.name, field.default) for field in FIELDS)
FIELD: Mapping[str, Field] = MappingProxyType({field.name: field for field in FIELDS})


CUSTOM_TYPES = ("string", "number", "boolean")
