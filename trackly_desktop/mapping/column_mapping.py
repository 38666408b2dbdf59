"""Which column of a file is which field of a contact: guessed from names and values, or said by the operator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from trackly_desktop.contacts import dates
from trackly_desktop.contacts.fields import CUSTOM_TYPES, FIELD, FIELDS, Kind
from trackly_desktop.mapping import column_aliases, countries
from trackly_desktop.mapping.column_profile import ColumnProfile, ValueKind

Names = tuple[str, ...]
"""A column's name as it is compared: one spelling, or two."""

IGNORE = "ignore"
CUSTOM = "custom:"
PHONE = FIELDS[0].name
ALSO_PHONE = "phone_number:also"
"""A column of phone numbers that stands in where the first has none, or none that is right."""
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
class ColumnMapping:
    """The use of each column, in the file's order. Columns of one use are joined, with a blank between them.

    `dates` is the form of dates like 03/04/2025; `country` the folded name of the column that says whose numbers have no
    country code; `zone` that of times without one (an IANA name; empty: this computer's own). `disregarded` are the names of
    columns that say who must not be texted, and are not to hold anybody back.
    """

    columns: tuple[ColumnUse, ...]
    dates: str = dates.ASK
    country: str = ""
    zone: str = ""
    ignored_consent_columns: tuple[str, ...] = ()

    def column_of(self, field: str) -> int | None:
        """The number (from 0) of the first column for this field."""
        return next(iter(self.columns_of(field)), None)

    def columns_of(self, field: str) -> list[int]:
        """The numbers of all columns for this field."""
        return [number for number, use in enumerate(self.columns) if use.field == field]

    def with_use(self, number: int, field: str, type_name: str = "string", *, join: bool = False) -> ColumnMapping:
        """The same with another use of one column; one that had this field before is joined, or else ignored now."""
        uses = list(self.columns)
        for other, use in enumerate(uses):
            if field not in (IGNORE, ALSO_PHONE) and use.field == field and other != number and not join:
                uses[other] = replace(use, field=IGNORE)
        uses[number] = ColumnUse(uses[number].name, field, type_name)
        return replace(self, columns=tuple(uses))

    def all_ignored(self) -> ColumnMapping:
        """The same with no column used."""
        return replace(self, columns=tuple(replace(use, field=IGNORE) for use in self.columns))

    def to_json(self) -> dict[str, Any]:
        """As kept in the journal and in presets."""
        return {
            "columns": [[use.name, use.field, use.type] for use in self.columns],
            "dates": self.dates,
            "country": self.country,
            "zone": self.zone,
            "disregarded": list(self.ignored_consent_columns),
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> ColumnMapping:
        """What `to_json` gave. Raises ValueError for what it never gave."""
        try:
            columns = tuple(ColumnUse(str(name), str(field), str(kind)) for name, field, kind in kept["columns"])
        except (KeyError, TypeError) as error:
            raise ValueError("this is no mapping") from error
        ignored_consent_columns = tuple(str(name) for name in kept.get("disregarded", ()))
        return cls(
            columns,
            kept.get("dates", dates.ASK),
            kept.get("country", ""),
            kept.get("zone", ""),
            ignored_consent_columns,
        )


def normalize_header(name: str) -> str:
    """A column's name as it is compared."""
    return column_aliases.normalize_header(name)


def suggest_mapping(
    header: Sequence[str], profiles: Sequence[ColumnProfile], style: str = column_aliases.SNAKE
) -> ColumnMapping:
    """A use for every column: a field by its name and values, else a custom field; columns with nothing are ignored."""
    names = [column_aliases.header_spellings(name) for name in header]
    fields = _fields_by_name(names, profiles)
    _fields_by_values(names, profiles, fields)
    _other_phones(names, profiles, fields)
    taken: set[str] = set()
    uses = []
    for number, name in enumerate(header):
        if number in fields:
            uses.append(ColumnUse(name, fields[number]))
        elif not profiles[number].filled or name == PROBLEM_COLUMN:
            uses.append(ColumnUse(name, IGNORE))
        else:
            custom = _free_name(column_aliases.custom_name(name, style), taken)
            taken.add(custom)
            uses.append(ColumnUse(name, CUSTOM + custom, profiles[number].type))
    return ColumnMapping(
        tuple(uses), _date_form(names, profiles, fields), _country(names, profiles), _zone(header, fields)
    )


def _fields_by_name(names: Sequence[Names], profiles: Sequence[ColumnProfile]) -> dict[int, str]:
    """Each field's column by its best alias: one whose values fit, before one that is empty, before one that is wrong."""
    fields: dict[int, str] = {}
    for one in FIELDS:
        aliases = (
            normalize_header(one.name),
            normalize_header(one.label),
            *(normalize_header(alias) for alias in one.aliases),
        )
        found = [number for alias in aliases for number, name in enumerate(names) if alias in name]
        found = [number for number in dict.fromkeys(found) if number not in fields]
        fitting = [number for number in found if profiles[number].filled and profiles[number].is_compatible(one.kind)]
        empty = [number for number in found if not profiles[number].filled]
        own = {normalize_header(one.name), normalize_header(one.label)}
        wrong = [at for at in found if (one.required or own & {*names[at]}) and not _is_doubtful(names[at])]
        if best := (fitting or empty or wrong):
            fields[best[0]] = one.name
    return fields


def _is_doubtful(name: Names) -> bool:
    """A name that a phone number's column has only where the values say so too."""
    return any(one in _DOUBTFUL for one in name)


_DOUBTFUL = frozenset(("number", "sms", "mobile", "mobil", "portable", "cell", "whatsapp", "tel", "handy"))


def _fields_by_values(names: Sequence[Names], profiles: Sequence[ColumnProfile], fields: dict[int, str]) -> None:
    """With no name to go by, the first column whose values are all phone numbers, and the only one of IP addresses.

    Dates and web addresses are never taken for consent by their looks: that would make evidence up.
    """
    free = [number for number in range(len(names)) if number not in fields and profiles[number].filled]
    if PHONE not in fields.values() or not all(profiles[at].filled for at, field in fields.items() if field == PHONE):
        best = max(free, key=lambda number: _like_phones(names[number], profiles[number], len(names)), default=None)
        if best is not None and _like_phones(names[best], profiles[best], len(names)) >= 0.6:
            for at in [at for at, field in fields.items() if field == PHONE]:
                del fields[at]
            fields[best] = PHONE
    addresses = [number for number in free if number not in fields and profiles[number].ratio(ValueKind.IP) >= 0.95]
    if len(addresses) == 1 and "ip_address" not in fields.values():
        fields[addresses[0]] = "ip_address"


def _like_phones(name: Names, profiles: ColumnProfile, columns: int) -> float:
    """The share of a column's values that are phone numbers; of the only column, that of those with enough digits."""
    if any(column_aliases.NEVER_PHONE.search(one) for one in name):
        return 0.0
    return max(
        profiles.ratio(ValueKind.PHONE), profiles.with_digits / max(1, profiles.looks.total()) if columns == 1 else 0.0
    )


def _other_phones(names: Sequence[Names], profiles: Sequence[ColumnProfile], fields: dict[int, str]) -> None:
    """Other columns of a person's own numbers stand in where the first has none; home and work never by themselves."""
    aliases = {normalize_header(alias) for alias in FIELD[PHONE].aliases} | column_aliases.ALSO_PHONES
    for number, name in enumerate(names):
        own = any(one in aliases for one in name) and not any(one in column_aliases.OTHER_PHONES for one in name)
        if number not in fields and own and profiles[number].filled and profiles[number].is_compatible(Kind.PHONE):
            fields[number] = ALSO_PHONE


_TRACKLYS_OWN = frozenset(("consent date", "consentdate", "consent", "opted in date", "optin date"))


def _date_form(names: Sequence[Names], profiles: Sequence[ColumnProfile], fields: dict[int, str]) -> str:
    for number, field in fields.items():
        if FIELD.get(field, FIELD[PHONE]).kind is Kind.DATE_TIME:
            form = profiles[number].dates
            # Trackly's own CSV import documents MM/DD/YYYY for these columns: files made for it mean that.
            if form == dates.ASK and names[number][0] in _TRACKLYS_OWN:
                return dates.MONTH_FIRST
            return form
    return dates.ASK


def _country(names: Sequence[Names], profiles: Sequence[ColumnProfile]) -> str:
    """The column that says in which country people are: by its name, where its values are countries."""
    for wanted in (*column_aliases.DIAL_CODES, *column_aliases.COUNTRIES):
        by_code = wanted in column_aliases.DIAL_CODES
        for number, name in enumerate(names):
            if normalize_header(wanted) in name and _are_countries(wanted, profiles[number].samples, by_code=by_code):
                return name[0]
    return ""


def _are_countries(name: str, samples: Sequence[str], *, by_code: bool) -> bool:
    """Whether a column of this name says the country: also by names that are not known, which no number is guessed for."""
    if samples and all(countries.find_region(one, dial_codes=by_code) for one in samples):
        return True
    are_words = bool(samples) and not any(sign.isdigit() for one in samples for sign in one)
    return are_words and name in column_aliases.SURE_COUNTRIES


def _zone(header: Sequence[str], fields: dict[int, str]) -> str:
    """The zone that the name of the signup date's column says; else this computer's own (empty)."""
    number = next((at for at, field in fields.items() if field == "signup_date"), None)
    return dates.timezone_in_header(header[number]) if number is not None else ""


def custom_name(column: str) -> str:
    """A custom field's name made of a column's: first_name."""
    return column_aliases.custom_name(column)


def _free_name(name: str, taken: set[str]) -> str:
    free, copy = name, 1
    while free in taken:
        copy += 1
        free = f"{name}_{copy}"
    return free


def apply_map_options(mapping: ColumnMapping, said: Iterable[str]) -> ColumnMapping:
    """The mapping with the command line's `Column=field` carried out. Raises MappingProblem."""
    chosen: set[str] = set()
    for one in said:
        column, sign, use = one.rpartition("=")
        if not sign:
            raise MappingProblem(f"“{one}” is not Column=field")
        use = use.strip()
        join = use.startswith("+")
        field, type_name = read_use(use.removeprefix("+"))
        if field not in (IGNORE, ALSO_PHONE) and field in chosen and not join:
            raise MappingProblem(f"Two columns are to be {field}; choose one, or join the second with “=+{field}”")
        chosen.add(field)
        number = _find_column(mapping, column)
        kept = type_name or (mapping.columns[number].type if field.startswith(CUSTOM) else "string")
        mapping = mapping.with_use(number, field, kept, join=join)
    return mapping


def read_use(text: str) -> tuple[str, str]:
    """A use as it is written on the command line: `phone_number`, `ignore`, `custom:name` or `custom:name:number`."""
    if text in (IGNORE, ALSO_PHONE):
        return text, ""
    if text.startswith(CUSTOM):
        name, _, type_name = text[len(CUSTOM) :].partition(":")
        if name.strip() and (not type_name or type_name in CUSTOM_TYPES):
            return CUSTOM + name.strip(), type_name
    elif text in FIELD and FIELD[text].kind is not Kind.CUSTOM:
        return text, ""
    fields = ", ".join(one.name for one in FIELDS if one.kind is not Kind.CUSTOM)
    raise MappingProblem(f"There is no field “{text}”; there are {fields}, custom:name and ignore")


def _find_column(mapping: ColumnMapping, column: str) -> int:
    names = [use.name for use in mapping.columns]
    if column in names:
        return names.index(column)
    folded = [normalize_header(name) for name in names]
    if folded.count(normalize_header(column)) == 1:
        return folded.index(normalize_header(column))
    raise MappingProblem(f"The file has no column “{column}”; it has {', '.join(f'“{name}”' for name in names)}")
