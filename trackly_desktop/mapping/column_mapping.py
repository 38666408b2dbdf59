"""Map a file's columns to a contact's fields, by names, values and options."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from trackly_desktop.contacts import dates
from trackly_desktop.contacts.fields import CUSTOM_TYPES, FIELD, FIELDS, Field, Kind
from trackly_desktop.mapping.column_aliases import (
    field_aliases,
    header_spellings,
    name_words,
    normalize_header,
    own_names,
)
from trackly_desktop.mapping.column_profile import ColumnProfile, ValueKind
from trackly_desktop.mapping.consent_columns import ConsentColumn, ConsentRule, consent_rules, find_consent_columns
from trackly_desktop.mapping.country_columns import area_code_column, country_column
from trackly_desktop.mapping.custom_names import NameStyle, custom_name
from trackly_desktop.mapping.phone_names import (
    PhoneRank,
    best_phones,
    has_phone_word,
    is_another_persons,
    phone_name,
    says_nothing,
    says_somebody_else,
)
from trackly_desktop.mapping.text_columns import is_always_text

Spellings = tuple[str, ...]
"""A column's name as it is compared: one spelling, or two."""

IGNORE = "ignore"
CUSTOM = "custom:"
PHONE = FIELDS[0].name
ALSO_PHONE = "phone_number:also"
"""A column of phone numbers for rows whose first one is empty or wrong."""
PROBLEM_COLUMN = "problem (Trackly Desktop)"
"""The column of problems in an exported file of rows to fix; no contact's value."""

_PHONE_RATIO = 0.6
"""Share of values that makes a column one of phone numbers."""
_UNSURE_PHONES = frozenset(("number", "sms", "mobile", "mobil", "portable", "cell", "whatsapp", "tel", "handy"))
"""Aliases of the phone number that need values which look like phone numbers."""
_OTHER_ADDRESSES = frozenset(
    ("last", "login", "server", "host", "current", "recent", "latest", "mail", "sender", "unsubscribe")
)
"""Words in names of IP addresses from which nobody agreed to anything."""
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
        consent: How the file's consent columns are read; empty where only their names are known.
        confirmed_consent_columns: Names of columns of another name that the operator confirmed as ones that hold rows
            back.
        area_code: The normalized name of the column with area codes, which stand before the phone number; empty for none.
        area_code_confirmed: Whether the operator has seen that.
    """

    columns: tuple[ColumnUse, ...]
    dates: str = dates.ASK
    country: str = ""
    zone: str = ""
    ignored_consent_columns: tuple[str, ...] = ()
    consent: tuple[ConsentRule, ...] = ()
    confirmed_consent_columns: tuple[str, ...] = ()
    area_code: str = ""
    area_code_confirmed: bool = False

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
            "consent": [
                [rule.column, rule.kind, rule.blank_says_no, dict(rule.answers), rule.is_sure] for rule in self.consent
            ],
            "confirmed": list(self.confirmed_consent_columns),
            "area_code": self.area_code,
            "area_code_confirmed": self.area_code_confirmed,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> ColumnMapping:
        """Return the mapping of `to_json`.

        Raises:
            ValueError: This is no stored mapping.
        """
        try:
            columns = tuple(ColumnUse(str(name), str(field), str(kind)) for name, field, kind in stored["columns"])
            consent = tuple(
                ConsentRule(
                    str(name),
                    ConsentColumn(kind),
                    blank_says_no=bool(blank),
                    is_sure=bool(is_sure),
                    answers={str(value): bool(answers[value]) for value in answers},
                )
                for name, kind, blank, answers, is_sure in stored.get("consent", ())
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError("this is no mapping") from error
        return cls(
            columns,
            dates=stored.get("dates", dates.ASK),
            country=stored.get("country", ""),
            zone=stored.get("zone", ""),
            ignored_consent_columns=tuple(str(name) for name in stored.get("disregarded", ())),
            consent=consent,
            confirmed_consent_columns=tuple(str(name) for name in stored.get("confirmed", ())),
            area_code=stored.get("area_code", ""),
            area_code_confirmed=bool(stored.get("area_code_confirmed")),
        )

    @property
    def consent_rules(self) -> tuple[ConsentRule, ...]:
        """How consent columns are read that hold rows back."""
        names = [use.name for use in self.columns]
        rules = self.consent or tuple(
            ConsentRule(names[index], kind) for index, kind in find_consent_columns(names).items()
        )
        return tuple(rule for rule in rules if rule.column not in self.ignored_consent_columns)

    def with_consent_answer(self, column: str, value: str, *, may_be_texted: bool) -> ColumnMapping:
        """Return the mapping with the operator's answer about a consent column's value."""
        return replace(
            self,
            consent=tuple(
                rule._replace(answers={**rule.answers, value: may_be_texted}) if rule.column == column else rule
                for rule in self.consent
            ),
        )


def suggest_mapping(
    header: Sequence[str], profiles: Sequence[ColumnProfile], style: NameStyle = NameStyle.SNAKE, *, unnamed: int = 0
) -> ColumnMapping:
    """Suggest a use for every column, by its name and values.

    A column of no known field becomes a custom field, an empty one is ignored.

    Args:
        header: The columns' names.
        profiles: A profile for each column.
        style: The style of the account's custom fields.
        unnamed: Columns at the end that have no name beside others that do: remarks, which are ignored.
    """
    names = [header_spellings(name) for name in header]
    fields = _phones_by_name(header, profiles)
    _add_fields_by_name(fields, names, profiles, header)
    _add_phone_by_values(fields, header, profiles)
    area_code = area_code_column(header, profiles)
    taken: set[str] = set()
    uses = []
    for index, name in enumerate(header):
        if index in fields:
            uses.append(ColumnUse(name, fields[index]))
        elif (
            index >= len(header) - unnamed
            or not profiles[index].filled
            or name == PROBLEM_COLUMN
            or (area_code and area_code in names[index])
        ):
            uses.append(ColumnUse(name, IGNORE))
        else:
            custom = _free_name(custom_name(name, style), taken)
            taken.add(custom)
            uses.append(ColumnUse(name, CUSTOM + custom, "string" if is_always_text(name) else profiles[index].type))
    return ColumnMapping(
        tuple(uses),
        dates=_date_order(names, profiles, fields),
        country=country_column(header, profiles),
        zone=_timezone(header, fields),
        consent=consent_rules(header, profiles, [index for index in fields if fields[index] in (PHONE, ALSO_PHONE)]),
        area_code=area_code,
    )


def _phones_by_name(header: Sequence[str], profiles: Sequence[ColumnProfile]) -> dict[int, str]:
    """Return the columns of a person's own phones by their names.

    The best one, and those to use where it has none.

    An empty column comes second, one of values that do not fit third.
    """
    named = [
        index
        for index, name in enumerate(header)
        if (of_phones := phone_name(name)) is not None and (of_phones.rank < PhoneRank.NEVER or has_phone_word(name))
    ]
    fitting = [index for index in named if profiles[index].filled and profiles[index].is_compatible(Kind.PHONE)]
    empty = [index for index in named if not profiles[index].filled]
    wrong = [index for index in named if not _UNSURE_PHONES.intersection(header_spellings(header[index]))]
    for candidates in (fitting, empty, wrong):
        own = best_phones(header, candidates)
        if (
            own
            and candidates is fitting
            and any(is_another_persons(header, own[0], index) for index in empty if is_unclear(header[index]))
        ):
            break  # an empty column of the person's own is not replaced by another's
        if own:
            also = own[1:] if candidates is fitting else []
            return {own[0]: PHONE} | dict.fromkeys(also, ALSO_PHONE)
        if any(is_unclear(header[index]) for index in candidates):
            break
    return {}


def is_unclear(name: str) -> bool:
    """Whether a column's name leaves open whose phones it has: the operator says."""
    of_phones = phone_name(name)
    return of_phones is not None and of_phones.rank <= PhoneRank.UNSURE


def _add_fields_by_name(
    fields: dict[int, str], names: Sequence[Spellings], profiles: Sequence[ColumnProfile], header: Sequence[str]
) -> None:
    """Add the fields of columns by name: the best alias whose values fit.

    An empty column comes second, one of values that do not fit third.
    """
    is_log = ConsentColumn.MESSAGE_TEXT in find_consent_columns(header).values()
    for field in FIELDS:
        if field.kind is Kind.PHONE:
            continue
        aliases = (*own_names(field.name), *(() if field.kind is Kind.LIST and is_log else field_aliases(field.name)))
        matches = dict.fromkeys(
            index for alias in aliases for index, name in enumerate(names) if alias in name and index not in fields
        )
        fitting = [index for index in matches if profiles[index].filled and profiles[index].is_compatible(field.kind)]
        empty = [index for index in matches if not profiles[index].filled]
        wrong = [index for index in matches if _is_sure_name(names[index], field)]
        if field.kind is Kind.IP and not matches:
            fitting = _signup_addresses(header, profiles)
        if best := (fitting or empty or wrong):
            fields[best[0]] = field.name


def _signup_addresses(header: Sequence[str], profiles: Sequence[ColumnProfile]) -> list[int]:
    """Return the one column of IP addresses whose name says IP; none where more do."""
    named = [
        index
        for index, name in enumerate(header)
        if {"ip", "ipaddress"}.intersection(words := name_words(name).split())
        and not _OTHER_ADDRESSES.intersection(words)
    ]
    return named if len(named) == 1 and profiles[named[0]].is_compatible(Kind.IP) and profiles[named[0]].filled else []


def _is_sure_name(name: Spellings, field: Field) -> bool:
    """Return whether a column of this name is the field's whatever its values are."""
    return field.required or any(spelling in own_names(field.name) for spelling in name)


def _add_phone_by_values(fields: dict[int, str], header: Sequence[str], profiles: Sequence[ColumnProfile]) -> None:
    """Add the column of phone numbers that no name says, where only one can be it.

    A column of dates, IP or web addresses is never taken for consent by its values: that would make evidence up.
    """
    if PHONE in fields.values() or any(is_unclear(name) for name in header):
        return
    best = [
        index
        for index, name in enumerate(header)
        if index not in fields
        and (says_nothing(name) or len(header) == 1)
        and _phone_ratio(name, profiles[index], is_only=len(header) == 1) >= _PHONE_RATIO
    ]
    if len(best) == 1:
        fields[best[0]] = PHONE


def phone_candidates(header: Sequence[str], profiles: Sequence[ColumnProfile]) -> tuple[str, ...]:
    """Return the names of columns that could be the phone where no column surely is."""
    return tuple(
        name
        for name, profile in zip(header, profiles, strict=True)
        if profile.filled
        and not says_somebody_else(name)
        and (is_unclear(name) or profile.ratio(ValueKind.PHONE) >= _PHONE_RATIO)
    )


def _phone_ratio(name: str, profile: ColumnProfile, *, is_only: bool) -> float:
    """Return the share of phone numbers; in an only column, of long values too."""
    if says_somebody_else(name):
        return 0.0
    ratio = profile.ratio(ValueKind.PHONE)
    return max(ratio, profile.long_ratio) if is_only else ratio


def _date_order(names: Sequence[Spellings], profiles: Sequence[ColumnProfile], fields: dict[int, str]) -> str:
    for index, field in fields.items():
        if field in FIELD and FIELD[field].kind is Kind.DATE_TIME:
            order = profiles[index].dates
            return dates.MONTH_FIRST if order == dates.ASK and names[index][0] in _TRACKLY_DATES else order
    return dates.ASK


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
