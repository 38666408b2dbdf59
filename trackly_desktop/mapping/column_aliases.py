"""Column names of real exports, their meanings and systems (data/*.json)."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from trackly_desktop.contacts.fields import FIELD, FIELDS
from trackly_desktop.contacts.value_words import fold_words
from trackly_desktop.mapping.tables import read_table


class NameGroup(enum.StrEnum):
    """Groups of names in data/column_names.json, which says what each group means."""

    OTHER_PHONES = "other_phones"
    ALSO_PHONES = "also_phones"
    COUNTRIES = "countries"
    SURE_COUNTRIES = "sure_countries"
    DIAL_CODES = "dial_codes"
    RECORD_DATES = "record_dates"
    WEBSITES = "websites"


def collapse_header(name: str) -> str:
    """Return a column's name without case, separators and a last bracket."""
    text = unicodedata.normalize("NFKC", name.lstrip("\ufeff")).strip().casefold()
    text = re.sub(r"\s*\([^()]*\)$", "", text)
    return re.sub(r"[\s_\-./:?*#'’]+", " ", text).strip()


@cache
def normalize_header(name: str) -> str:
    """Return a column's name as it is compared: collapsed and without accents."""
    decomposed = unicodedata.normalize("NFKD", collapse_header(name))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def header_spellings(name: str) -> tuple[str, ...]:
    """Return a column's normalized name, for firstName also the one of two words."""
    separated = _separated(name)
    return (normalize_header(name),) if separated == name else (normalize_header(name), normalize_header(separated))


def _separated(name: str) -> str:
    name = name.replace("WhatsApp", "Whatsapp").replace("iPhone", "Iphone")
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)


@cache
def name_words(name: str) -> str:
    """Return all words of a column's name, folded.

    Those of firstName, and in brackets too.
    """
    return fold_words(_separated(name))


@cache
def names_in(group: NameGroup) -> tuple[str, ...]:
    """Return a group's normalized names in their order of preference."""
    return tuple(normalize_header(name) for name in read_table("column_names")[group]["names"])


@cache
def field_aliases(field_name: str) -> tuple[str, ...]:
    """Return a body field's normalized column names, preferred ones first.

    The field's own name and label are not among them.
    """
    aliases = read_table("field_aliases")["aliases"].get(field_name, ())
    return tuple(normalize_header(alias) for alias in aliases)


@cache
def own_names(field_name: str) -> tuple[str, str]:
    """Return a body field's own name and label, normalized."""
    return normalize_header(field_name), normalize_header(FIELD[field_name].label)


def system_of(header: Iterable[str]) -> str:
    """Return the system that exports files with this header; empty for an unknown one."""
    names = {normalize_header(name) for name in header}
    systems = read_table("systems")["systems"]
    return next((str(system) for system, columns in systems if names.issuperset(columns)), "")


def not_consent_evidence(name: str) -> str:
    """Return why a column only looks like evidence of consent; empty for any other."""
    spellings = header_spellings(name)
    if any(spelling in names_in(NameGroup.RECORD_DATES) for spelling in spellings):
        return "says when the record was made, not when the person agreed"
    if any(spelling in names_in(NameGroup.WEBSITES) for spelling in spellings):
        return "is usually the person’s own site, not the page where they agreed"
    return ""


@cache
def _known_names() -> frozenset[str]:
    names = {name for field in FIELDS for name in (*own_names(field.name), *field_aliases(field.name))}
    for group in (NameGroup.COUNTRIES, NameGroup.DIAL_CODES, NameGroup.OTHER_PHONES, NameGroup.ALSO_PHONES):
        names.update(names_in(group))
    for by_language in read_table("column_names")["other_names"]["names"].values():
        names.update(normalize_header(name) for name in by_language)
    for _system, columns in read_table("systems")["systems"]:
        names.update(columns)
    return frozenset(names)


def is_known_name(cell: str) -> bool:
    """Return whether a cell is a column's name in real exports."""
    return any(spelling in _known_names() for spelling in header_spellings(cell))
