"""Which column of a file is which field of a contact: guessed from names and values, or said by the operator."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from trackly_desktop import moments
from trackly_desktop.contact import CUSTOM_TYPES, FIELD, FIELDS, Kind

IGNORE = "ignore"
CUSTOM = "custom:"
PROBLEM_COLUMN = "problem (Trackly Desktop)"
"""The column that the rows to fix have beside their own; it is ours, and says nothing about anybody."""


class MappingProblem(ValueError):
    """A mapping that cannot be; its words are for the operator."""


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """What one column is used for: a body field, `custom:name` or `ignore`. `type` is a custom field's."""

    name: str
    field: str
    type: str = "string"

    @property
    def custom_name(self) -> str:
        """The custom field's name; empty for any other use."""
        return self.field[len(CUSTOM) :] if self.field.startswith(CUSTOM) else ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """The use of each column, in the file's order; `dates` is the form of dates like 03/04/2025 in it."""

    columns: tuple[ColumnUse, ...]
    dates: str = moments.ASK

    def column_of(self, field: str) -> int | None:
        """The number (from 0) of the column for this field."""
        return next((number for number, use in enumerate(self.columns) if use.field == field), None)

    def with_use(self, number: int, field: str, type_name: str = "string") -> Mapping:
        """The same with another use of one column; a column that had this field before is ignored now."""
        uses = list(self.columns)
        for other, use in enumerate(uses):
            if field != IGNORE and use.field == field and other != number:
                uses[other] = replace(use, field=IGNORE)
        uses[number] = ColumnUse(uses[number].name, field, type_name)
        return replace(self, columns=tuple(uses))

    def all_ignored(self) -> Mapping:
        """The same with no column used."""
        return replace(self, columns=tuple(replace(use, field=IGNORE) for use in self.columns))

    def to_json(self) -> dict[str, Any]:
        """As kept in the journal and in presets."""
        return {"columns": [[use.name, use.field, use.type] for use in self.columns], "dates": self.dates}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Mapping:
        """What `to_json` gave."""
        return cls(tuple(ColumnUse(*one) for one in kept["columns"]), kept.get("dates", moments.ASK))


def fold(name: str) -> str:
    """A column's name as it is compared: case, accents' spelling, separators and a last bracket make no difference."""
    plain = unicodedata.normalize("NFKC", name.lstrip("\ufeff")).strip().casefold()
    plain = re.sub(r"\s*\([^()]*\)$", "", plain)
    return re.sub(r"[\s_\-.]+", " ", plain).strip()


@dataclass(slots=True)
class ColumnSigns:
    """What all values of a column have in common, found by looking at each once."""

    filled: int = 0
    number: bool = True
    yes_no: bool = True
    forms: frozenset[str] = frozenset((moments.MONTH_FIRST, moments.DAY_FIRST))
    either_form: bool = False
    samples: tuple[str, ...] = ()

    def look(self, text: str) -> None:
        """Takes one cell into account."""
        text = text.strip()
        if not text:
            return
        self.filled += 1
        if len(self.samples) < _SAMPLES and text not in self.samples:
            self.samples += (text,)
        # A leading zero or a plus, or more digits than a number keeps, is a code and not an amount.
        if self.number and not _AMOUNT.match(text):
            self.number = False
        if self.yes_no and text.casefold() not in _YES_NO_WORDS:
            self.yes_no = False
        if text[0].isdigit() and len(text) >= 8:
            self._look_at_date(text)

    def _look_at_date(self, text: str) -> None:
        forms = moments.possible_forms(text)
        self.either_form = self.either_form or moments.is_ambiguous(text)
        self.forms &= forms

    @property
    def type(self) -> str:
        """The custom-field type that every value can be: string where in doubt."""
        if not self.filled:
            return "string"
        return "boolean" if self.yes_no else "number" if self.number else "string"

    @property
    def dates(self) -> str:
        """The one form that every date of the column can have; ASK where both can."""
        return next(iter(self.forms)) if len(self.forms) == 1 else moments.ASK


_SAMPLES = 3
_AMOUNT = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?$", re.ASCII)
_YES_NO_WORDS = frozenset(("yes", "no", "true", "false"))


def look_at_columns(width: int, rows: Iterable[Sequence[str]]) -> list[ColumnSigns]:
    """The signs of every column."""
    signs = [ColumnSigns() for _ in range(width)]
    for cells in rows:
        for one, cell in zip(signs, cells, strict=False):
            if cell:
                one.look(cell)
    return signs


def suggest(header: Sequence[str], signs: Sequence[ColumnSigns]) -> Mapping:
    """A use for every column: a field by its name, else a custom field; columns with nothing in them are ignored."""
    fields = _fields_by_name(header, signs)
    if FIELDS[0].name not in fields.values():
        _phone_by_values(header, signs, fields)
    taken: set[str] = set()
    uses = []
    for number, name in enumerate(header):
        if number in fields:
            uses.append(ColumnUse(name, fields[number]))
        elif not signs[number].filled or name == PROBLEM_COLUMN:
            uses.append(ColumnUse(name, IGNORE))
        else:
            custom = _free_name(custom_name(name), taken)
            taken.add(custom)
            uses.append(ColumnUse(name, CUSTOM + custom, signs[number].type))
    return Mapping(tuple(uses), _date_form(header, signs, fields))


def _fields_by_name(header: Sequence[str], signs: Sequence[ColumnSigns]) -> dict[int, str]:
    """Each field's column by its best alias; a column with values before an empty one of a better name."""
    folded = [fold(name) for name in header]
    fields: dict[int, str] = {}
    for one in FIELDS:
        names = (fold(one.name), fold(one.label), *one.aliases)
        found = [number for alias in names for number, name in enumerate(folded) if name == alias]
        found = [number for number in found if number not in fields]
        if found:
            best = next((number for number in found if signs[number].filled), found[0])
            fields[best] = one.name
    return fields


def _phone_by_values(header: Sequence[str], signs: Sequence[ColumnSigns], fields: dict[int, str]) -> None:
    """With no name to go by, the first column whose samples are all written like international or long numbers."""
    for number, one in enumerate(signs):
        free = number not in fields and not _NEVER_PHONE.search(fold(header[number]))
        if free and one.samples and all(_LIKE_PHONE.match(text) for text in one.samples):
            fields[number] = FIELDS[0].name
            return


_LIKE_PHONE = re.compile(r"'?(\+\d[\d\s().\-]{7,}|\(?\d{3}\)?[\s.\-]?\d{3}[\s.\-]?\d{4})$")
_NEVER_PHONE = re.compile(r"\b(fax|pager|telex|extension|assistant|order|isdn|tty|id|zip)\b")
_TRACKLYS_OWN = frozenset(("consent date", "consentdate", "consent", "opted in date", "optin date"))


def _date_form(header: Sequence[str], signs: Sequence[ColumnSigns], fields: dict[int, str]) -> str:
    for number, field in fields.items():
        if FIELD[field].kind is Kind.MOMENT:
            form = signs[number].dates
            # Trackly's own CSV import documents MM/DD/YYYY for these columns: files made for it mean that.
            if form == moments.ASK and fold(header[number]) in _TRACKLYS_OWN:
                return moments.MONTH_FIRST
            return form
    return moments.ASK


def custom_name(column: str) -> str:
    """A custom field's name made of a column's: first_name."""
    return re.sub(r"\W+", "_", fold(column)).strip("_") or "field"


def _free_name(name: str, taken: set[str]) -> str:
    free, copy = name, 1
    while free in taken:
        copy += 1
        free = f"{name}_{copy}"
    return free


def apply_said(mapping: Mapping, said: Iterable[str]) -> Mapping:
    """The mapping with the command line's `Column=field` carried out. Raises MappingProblem."""
    chosen: set[str] = set()
    for one in said:
        column, sign, use = one.rpartition("=")
        if not sign:
            raise MappingProblem(f"“{one}” is not Column=field")
        field, type_name = read_use(use.strip())
        if field != IGNORE and field in chosen:
            raise MappingProblem(f"Two columns are to be {field}; choose one")
        chosen.add(field)
        number = _find_column(mapping, column)
        kept = type_name or (mapping.columns[number].type if field.startswith(CUSTOM) else "string")
        mapping = mapping.with_use(number, field, kept)
    return mapping


def read_use(text: str) -> tuple[str, str]:
    """A use as it is written on the command line: `phone_number`, `ignore`, `custom:name` or `custom:name:number`."""
    if text == IGNORE:
        return IGNORE, ""
    if text.startswith(CUSTOM):
        name, _, type_name = text[len(CUSTOM) :].partition(":")
        if name.strip() and (not type_name or type_name in CUSTOM_TYPES):
            return CUSTOM + name.strip(), type_name
    elif text in FIELD and FIELD[text].kind is not Kind.CUSTOM:
        return text, ""
    fields = ", ".join(one.name for one in FIELDS if one.kind is not Kind.CUSTOM)
    raise MappingProblem(f"There is no field “{text}”; there are {fields}, custom:name and ignore")


def _find_column(mapping: Mapping, column: str) -> int:
    names = [use.name for use in mapping.columns]
    if column in names:
        return names.index(column)
    folded = [fold(name) for name in names]
    if folded.count(fold(column)) == 1:
        return folded.index(fold(column))
    raise MappingProblem(f"The file has no column “{column}”; it has {', '.join(f'“{name}”' for name in names)}")
