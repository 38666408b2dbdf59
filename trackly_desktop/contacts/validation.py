"""Which contacts are right: texts -> a contact or request body, or their issues."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from trackly_desktop.contacts.contact import Contact, _encoder
from trackly_desktop.contacts.fields import DEFAULTS, FIELDS, LARGEST_BODY, CustomValue, Kind
from trackly_desktop.contacts.parsers import _READERS, ParseContext, Unreadable


class Problem(NamedTuple):
    """What is wrong with one field. `field` is a body field, or `custom:name`; the words are for the operator."""

    field: str
    words: str


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
    said = {name: values[name] for name, default in DEFAULTS if name in values and values[name] != default}
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


_MISSING = {"phone_number": "There is no phone number", "list_number": "Choose a sending list"}
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
