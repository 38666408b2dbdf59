"""Map a file's columns to a contact's fields, by names, values and options."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from trackly_desktop.contacts import dates
from trackly_desktop.contacts.fields import CUSTOM_TYPES, FIELD, FIELDS, Field, Kind
from trackly_desktop.mapping import countries
from trackly_desktop.mapping.column_aliases import (
    NEVER_PHONE,
    NameGroup,
    field_aliases,
    header_spellings,
    names_in,
    normalize_header,
    own_names,
)
from trackly_desktop.mapping.column_profile import ColumnProfile, ValueKind
from trackly_desktop.mapping.custom_names import NameStyle, custom_name

Spellings = tuple[str, ...]
"""A column's name as it is compared: one spelling, or two."""

IGNORE = "ignore"
CUSTOM = "custom:"
PHONE = FIELDS[0].name
ALSO_PHONE = "phone_number:also"
"""A column of phone numbers for rows whose first one is empty or wrong."""
PROBLEM_COLUMN = "problem (Trackly Desktop)"
"""The column of problems in an exported file of rows to fix; no contact's value."""

_PHONE_RATIO, _IP_RATIO = 0.6, 0.95
"""Shares of values that make a column one of phone numbers or of IP addresses."""
_UNSURE_PHONES = frozenset(("number", "sms", "mobile", "mobil", "portable", "cell", "whatsapp", "tel", "handy"))
"""Aliases of the phone number that need values which look like phone numbers."""
_TRACKLY_DATES = frozenset(("consent date", "consentdate", "consent", "opted in date", "optin date"))
"""Columns whose dates are MM/DD/YYYY in Trackly's own CSV import."""


class MappingProblem(ValueError):
    """An impossible mapping; its words are for the operator."""


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """The use of one column: a body field, `custom:name` or `ignore`.

    `type` is a custom field's.
    """

    name: str
    field: str
    type: str = "string"

    @property
    def custom_name(self) -> str:
        """The custom field's name; empty for any other use."""
        return self.field[len(CUSTOM) :] if self.field.startswith(CUSTOM) else ""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The use of each column, in the file's order.

    Values of columns with one use are joined by a blank.

    Attributes:
        columns: The uses.
        dates: The order of day and month in dates like 03/04/2025; ASK where it is not known.
        country: The normalized name of the column with the country of numbers without a country code; empty for none.
        zone: The time zone of times without one, as an IANA name; empty for this computer's own.
        ignored_consent_columns: Names of consent columns that hold no row back.
    """

    columns: tuple[ColumnUse, ...]
    dates: str = dates.ASK
    country: str = ""
    zone: str = ""
    ignored_consent_columns: tuple[str, ...] = ()

    def column_of(self, field: str) -> int | None:
        """Return the index (from 0) of this field's first column; None without one."""
        return next(iter(self.columns_of(field)), None)

    def columns_of(self, field: str) -> list[int]:
        """Return the indexes of all columns of this field."""
        return [index for index, use in enumerate(self.columns) if use.field == field]

    def with_use(
        self, column_index: int, field: str, type_name: str = "string", *, join: bool = False
    ) -> ColumnMapping:
        """Return the mapping with another use of one column.

        Args:
            column_index: The column, from 0.
            field: The new use.
            type_name: The type of a custom field.
            join: Whether other columns of this field are joined with it; else they are ignored.
        """
        uses = list(self.columns)
        if field not in (IGNORE, ALSO_PHONE) and not join:
            uses = [replace(use, field=IGNORE) if use.field == field else use for use in uses]
        uses[column_index] = ColumnUse(uses[column_index].name, field, type_name)
        return replace(self, columns=tuple(uses))

    def all_ignored(self) -> ColumnMapping:
        """Return the mapping with every column ignored."""
        return replace(self, columns=tuple(replace(use, field=IGNORE) for use in self.columns))

    def to_json(self) -> dict[str, Any]:
        """Return the mapping as the journal and presets store it."""
        return {
            "columns": [[use.name, use.field, use.type] for use in self.columns],
            "dates": self.dates,
            "country": self.country,
            "zone": self.zone,
            "disregarded": list(self.ignored_consent_columns),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> ColumnMapping:
        """Return the mapping of `to_json`.

        Raises:
            ValueError: This is no stored mapping.
        """
        try:
            columns = tuple(ColumnUse(str(name), str(field), str(kind)) for name, field, kind in stored["columns"])
        except (KeyError, TypeError) as error:
            raise ValueError("this is no mapping") from error
        return cls(
            columns,
            dates=stored.get("dates", dates.ASK),
            country=stored.get("country", ""),
            zone=stored.get("zone", ""),
            ignored_consent_columns=tuple(str(name) for name in stored.get("disregarded", ())),
        )


def suggest_mapping(
    header: Sequence[str], profiles: Sequence[ColumnProfile], style: NameStyle = NameStyle.SNAKE
) -> ColumnMapping:
    """Suggest a use for every column, by its name and values.

    A column of no known field becomes a custom field, an empty one is ignored.

    Args:
        header: The columns' names.
        profiles: A profile for each column.
        style: The style of the account's custom fields.
    """
    names = [header_spellings(name) for name in header]
    fields = _fields_by_name(names, profiles)
    _add_fields_by_values(fields, names, profiles)
    _add_also_phones(fields, names, profiles)
    taken: set[str] = set()
    uses = []
    for index, name in enumerate(header):
        if index in fields:
            uses.append(ColumnUse(name, fields[index]))
        elif not profiles[index].filled or name == PROBLEM_COLUMN:
            uses.append(ColumnUse(name, IGNORE))
        else:
            custom = _free_name(custom_name(name, style), taken)
            taken.add(custom)
            uses.append(ColumnUse(name, CUSTOM + custom, profiles[index].type))
    return ColumnMapping(
        tuple(uses),
        dates=_date_order(names, profiles, fields),
        country=_country_column(names, profiles),
        zone=_timezone(header, fields),
    )


def _fields_by_name(names: Sequence[Spellings], profiles: Sequence[ColumnProfile]) -> dict[int, str]:
    """Return the fields of columns by name: the best alias whose values fit.

    An empty column comes second, one of values that do not fit third.
    """
    fields: dict[int, str] = {}
    for field in FIELDS:
        aliases = (*own_names(field.name), *field_aliases(field.name))
        matches = dict.fromkeys(
            index for alias in aliases for index, name in enumerate(names) if alias in name and index not in fields
        )
        fitting = [index for index in matches if profiles[index].filled and profiles[index].is_compatible(field.kind)]
        empty = [index for index in matches if not profiles[index].filled]
        wrong = [index for index in matches if _is_sure_name(names[index], field)]
        if best := (fitting or empty or wrong):
            fields[best[0]] = field.name
    return fields


def _is_sure_name(name: Spellings, field: Field) -> bool:
    """Return whether a column of this name is the field's whatever its values are."""
    is_own = any(spelling in own_names(field.name) for spelling in name)
    return (field.required or is_own) and not any(spelling in _UNSURE_PHONES for spelling in name)


def _add_fields_by_values(
    fields: dict[int, str], names: Sequence[Spellings], profiles: Sequence[ColumnProfile]
) -> None:
    """Add columns of phone numbers and IP addresses that no name says.

    A column of dates or web addresses is never taken for consent by its values: that would make evidence up.
    """
    free = [index for index in range(len(names)) if index not in fields and profiles[index].filled]
    if not any(field == PHONE and profiles[index].filled for index, field in fields.items()):
        ratios = {index: _phone_ratio(names[index], profiles[index], is_only=len(names) == 1) for index in free}
        best = max(free, key=ratios.__getitem__, default=None)
        if best is not None and ratios[best] >= _PHONE_RATIO:
            for index in [index for index, field in fields.items() if field == PHONE]:
                del fields[index]
            fields[best] = PHONE
    addresses = [index for index in free if index not in fields and profiles[index].ratio(ValueKind.IP) >= _IP_RATIO]
    if len(addresses) == 1 and "ip_address" not in fields.values():
        fields[addresses[0]] = "ip_address"


def _phone_ratio(name: Spellings, profile: ColumnProfile, *, is_only: bool) -> float:
    """Return the share of phone numbers; in an only column, of long values too."""
    if any(NEVER_PHONE.search(spelling) for spelling in name):
        return 0.0
    ratio = profile.ratio(ValueKind.PHONE)
    return max(ratio, profile.long_ratio) if is_only else ratio


def _add_also_phones(fields: dict[int, str], names: Sequence[Spellings], profiles: Sequence[ColumnProfile]) -> None:
    """Add other columns of a person's own numbers, but not of home and work."""
    aliases = {*field_aliases(PHONE), *names_in(NameGroup.ALSO_PHONES)}
    others = names_in(NameGroup.OTHER_PHONES)
    for index, name in enumerate(names):
        is_own = any(spelling in aliases for spelling in name) and not any(spelling in others for spelling in name)
        if index not in fields and is_own and profiles[index].filled and profiles[index].is_compatible(Kind.PHONE):
            fields[index] = ALSO_PHONE


def _date_order(names: Sequence[Spellings], profiles: Sequence[ColumnProfile], fields: dict[int, str]) -> str:
    for index, field in fields.items():
        if field in FIELD and FIELD[field].kind is Kind.DATE_TIME:
            order = profiles[index].dates
            return dates.MONTH_FIRST if order == dates.ASK and names[index][0] in _TRACKLY_DATES else order
    return dates.ASK


def _country_column(names: Sequence[Spellings], profiles: Sequence[ColumnProfile]) -> str:
    """Return the normalized name of the country column; empty without one."""
    dial_codes = names_in(NameGroup.DIAL_CODES)
    for alias in (*dial_codes, *names_in(NameGroup.COUNTRIES)):
        for index, name in enumerate(names):
            if alias in name and _are_countries(alias, profiles[index].samples, by_dial_code=alias in dial_codes):
                return name[0]
    return ""


def _are_countries(name: str, samples: Sequence[str], *, by_dial_code: bool) -> bool:
    """Return whether values are countries, unknown ones too under a sure name."""
    if not samples:
        return False
    if all(countries.find_region(sample, dial_codes=by_dial_code) for sample in samples):
        return True
    has_digits = any(sign.isdigit() for sample in samples for sign in sample)
    return not has_digits and name in names_in(NameGroup.SURE_COUNTRIES)


def _timezone(header: Sequence[str], fields: dict[int, str]) -> str:
    """Return the time zone in the signup date's column name; empty without one."""
    index = next((index for index, field in fields.items() if field == "signup_date"), None)
    return dates.timezone_in_header(header[index]) if index is not None else ""


def _free_name(name: str, taken: set[str]) -> str:
    free, copy = name, 1
    while free in taken:
        copy += 1
        free = f"{name}_{copy}"
    return free


def apply_map_options(mapping: ColumnMapping, options: Iterable[str]) -> ColumnMapping:
    """Apply the command line's `Column=field` options, in their order.

    Raises:
        MappingProblem: An option cannot be applied.
    """
    chosen: set[str] = set()
    for option in options:
        column, sign, use = option.rpartition("=")
        if not sign:
            raise MappingProblem(f"“{option}” is not Column=field")
        use = use.strip()
        join = use.startswith("+")
        field, type_name = read_use(use.removeprefix("+"))
        if field not in (IGNORE, ALSO_PHONE) and field in chosen and not join:
            raise MappingProblem(f"Two columns are to be {field}; choose one, or join the second with “=+{field}”")
        chosen.add(field)
        index = _find_column(mapping, column)
        column_type = type_name or (mapping.columns[index].type if field.startswith(CUSTOM) else "string")
        mapping = mapping.with_use(index, field, column_type, join=join)
    return mapping


def read_use(text: str) -> tuple[str, str]:
    """Read a use as operators write it.

    A body field, `ignore`, `phone_number:also`, `custom:name` or `custom:name:number`.

    Returns:
        The use, and a custom field's type; an empty type where none is named.

    Raises:
        MappingProblem: There is no such use.
    """
    if text in (IGNORE, ALSO_PHONE):
        return text, ""
    if text.startswith(CUSTOM):
        name, _, type_name = text[len(CUSTOM) :].partition(":")
        if name.strip() and (not type_name or type_name in CUSTOM_TYPES):
            return CUSTOM + name.strip(), type_name
    elif text in FIELD and FIELD[text].kind is not Kind.CUSTOM:
        return text, ""
    fields = ", ".join(field.name for field in FIELDS if field.kind is not Kind.CUSTOM)
    raise MappingProblem(f"There is no field “{text}”; there are {fields}, custom:name and ignore")


def _find_column(mapping: ColumnMapping, column: str) -> int:
    names = [use.name for use in mapping.columns]
    if column in names:
        return names.index(column)
    normalized = [normalize_header(name) for name in names]
    if normalized.count(normalize_header(column)) == 1:
        return normalized.index(normalize_header(column))
    raise MappingProblem(f"The file has no column “{column}”; it has {', '.join(f'“{name}”' for name in names)}")
