"""Validation of contacts: texts -> a contact or a request body, or issues."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from trackly_desktop.contacts.contact import Contact, encode_body
from trackly_desktop.contacts.fields import DEFAULTS, FIELDS, LARGEST_BODY, CustomValue, Kind
from trackly_desktop.contacts.issues import Issue, IssueCode, ParseProblem
from trackly_desktop.contacts.parsers import PARSERS, ParseContext


def find_issues(contact: Contact) -> list[Issue]:
    """Return what is wrong with a contact made by code; empty when it may be sent."""
    texts = {
        field.name: _as_text(getattr(contact, field.name))
        for field in FIELDS
        if field.kind is not Kind.CUSTOM and getattr(contact, field.name) != field.default
    }
    parsed, issues = parse_contact(texts, contact.custom_fields, ParseContext())
    if parsed is None or parsed == contact:
        return issues
    return [
        Issue(
            IssueCode.WRITTEN_OTHERWISE, field.name, params={"expected": _as_text(getattr(parsed, field.name))}
        )
        for field in FIELDS
        if getattr(parsed, field.name) != getattr(contact, field.name)
    ]  # fmt: skip


def parse_contact(
    texts: Mapping[str, str], custom_fields: Mapping[str, CustomValue], context: ParseContext
) -> tuple[Contact | None, list[Issue]]:
    """Return the contact of these texts, or the issues: one for each field.

    `texts` has body field -> as typed.
    """
    values, issues = _parse_values(texts, custom_fields, context)
    if issues:
        return None, issues
    contact = Contact(**values)  # type: ignore[arg-type]
    too_large = _too_large(contact.to_json(), values)
    return (None, [too_large]) if too_large else (contact, [])


class RequestBody(NamedTuple):
    """A contact's request: its JSON, and the facts of it that are stored beside it."""

    json: str
    phone_number: str
    list_number: str
    idempotent: bool
    fields: Mapping[str, object]
    """The JSON's content, by body field."""


def parse_body(
    texts: Mapping[str, str], custom_fields: Mapping[str, CustomValue], context: ParseContext
) -> tuple[RequestBody | None, list[Issue]]:
    """Return the request body that these texts mean, or the issues.

    The same as `parse_contact` without the Contact in between: a million rows are parsed like this.
    """
    values, issues = _parse_values(texts, custom_fields, context)
    if issues:
        return None, issues
    fields = {name: values[name] for name, default in DEFAULTS if name in values and values[name] != default}
    if not custom_fields:
        fields.pop("custom_fields", None)
    body = encode_body(fields)
    too_large = _too_large(body, values)
    if too_large:
        return None, [too_large]
    idempotent = not values.get("use_journeys") or bool(values.get("skip_journey_if_exists", True))
    return RequestBody(body, str(values["phone_number"]), str(values["list_number"]), idempotent, fields), []


def _parse_values(
    texts: Mapping[str, str], custom_fields: Mapping[str, CustomValue], context: ParseContext
) -> tuple[dict[str, object], list[Issue]]:
    issues: list[Issue] = []
    values: dict[str, object] = {}
    for name, required, parse in _FIELD_PARSERS:
        text = texts.get(name, "").strip()
        if not text:
            if required:
                issues.append(Issue(_MISSING[name], name))
            continue
        try:
            values[name] = parse(text, context)
        except ParseProblem as problem:
            issues.append(Issue(problem.code, name, None, text, problem.params))
    issues += _custom_field_issues(custom_fields)
    values["custom_fields"] = dict(custom_fields)
    return values, issues


def _too_large(body: str, values: Mapping[str, object]) -> Issue | None:
    # A character has four bytes at most: only a long body is measured.
    if len(body) * 4 <= LARGEST_BODY or (size := len(body.encode())) <= LARGEST_BODY:
        return None
    params = {"size": size, "most": LARGEST_BODY}
    return Issue(IssueCode.CONTACT_TOO_LARGE, _largest_field(values), params=params)


_MISSING = {"phone_number": IssueCode.PHONE_MISSING, "list_number": IssueCode.LIST_MISSING}
_FIELD_PARSERS = tuple(
    (field.name, field.required, PARSERS[field.kind]) for field in FIELDS if field.kind is not Kind.CUSTOM
)
_CUSTOM_VALUES = (str, bool, int)


def _custom_field_issues(custom_fields: Mapping[str, object]) -> list[Issue]:
    issues = []
    for name, value in custom_fields.items():
        if type(value) in _CUSTOM_VALUES and name and not name.isspace():
            continue
        if not name.strip():
            issues.append(Issue(IssueCode.CUSTOM_NAME_MISSING, "custom:"))
        elif not isinstance(value, (str, int, float, bool)):
            issues.append(Issue(IssueCode.CUSTOM_VALUE_TYPE, f"custom:{name}"))
        elif isinstance(value, float) and not math.isfinite(value):
            issues.append(Issue(IssueCode.NUMBER_NOT_FINITE, f"custom:{name}", None, str(value)))
    return issues


def _largest_field(values: Mapping[str, object]) -> str:
    custom = values["custom_fields"]
    assert isinstance(custom, dict)
    sizes = {name: len(str(value)) for name, value in values.items() if name != "custom_fields"}
    sizes |= {f"custom:{name}": len(name) + len(str(value)) for name, value in custom.items()}
    return max(sizes, key=lambda name: sizes[name])


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
