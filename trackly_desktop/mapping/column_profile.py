"""Profile a column's values as the file streams by: what they have in common."""

from __future__ import annotations

import enum
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from trackly_desktop.contacts import dates
from trackly_desktop.contacts.fields import Kind
from trackly_desktop.contacts.phone_notation import looks_like_phone
from trackly_desktop.contacts.value_patterns import is_ip, is_shortened_by_excel, looks_like_url
from trackly_desktop.contacts.value_words import is_blank_marker, looks_like_yes_or_no, says_opted_out

_SAMPLES = 3
MOST_REFUSALS = 5
_DATE_SIGNS = "/.-"
_VALUES = 100
"""Values that are counted one by one: a column of states or answers has fewer."""
_CLASSIFIED = 500
"""Values that are classified: more make no difference."""
_AMOUNT = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?$", re.ASCII)
"""Without a leading zero or plus, and of no more digits than a number keeps."""


class ValueKind(enum.StrEnum):
    """Kinds of values by the way they are written."""

    PHONE = "phone number"
    IP = "IP address"
    URL = "web address"
    DATE = "date"
    OTHER = "other"


_KIND_OF_FIELD = {Kind.IP: ValueKind.IP, Kind.URL: ValueKind.URL}


def classify(text: str) -> ValueKind:
    """Return the kind of a value by the way it is written."""
    if is_ip(text):
        return ValueKind.IP
    if looks_like_url(text):
        return ValueKind.URL
    if dates.looks_like_date(text):
        return ValueKind.DATE
    return ValueKind.PHONE if looks_like_phone(text) or is_shortened_by_excel(text) else ValueKind.OTHER


@dataclass(slots=True)
class ColumnProfile:
    """The profile of one column.

    Attributes:
        filled: Cells that are not blank.
        is_number: Whether every value is an amount.
        is_yes_no: Whether every value is a word for yes or no.
        date_orders: Orders of day and month that every date of the column can have.
        may_begin_with_year: Whether every date with a year of two digits can begin with it; None for none.
        ambiguous_date: The first date that is another day in another order; empty for none.
        samples: The first values that differ.
        kinds: How many of the first values are of each kind.
        long_values: How many of the first values have the digits of a phone number, or eleven letters and digits.
        values: The first values that differ, with the number of cells of each.
        has_more_values: Whether there are values beside these.
        opted_out: Cells that say that a person must not be texted.
        opted_out_values: The first of them that differ.
    """

    filled: int = 0
    is_number: bool = True
    is_yes_no: bool = True
    date_orders: frozenset[str] = dates.ALL_ORDERS
    ambiguous_date: str = ""
    may_begin_with_year: bool | None = None
    samples: tuple[str, ...] = ()
    kinds: Counter[ValueKind] = field(default_factory=Counter)
    long_values: int = 0
    values: Counter[str] = field(default_factory=Counter)
    has_more_values: bool = False
    opted_out: int = 0
    opted_out_values: tuple[str, ...] = ()
    _says_no: dict[str, bool] = field(default_factory=dict)

    def update(self, cell: str) -> None:
        """Add one cell to the profile."""
        text = cell.strip()
        if not text or is_blank_marker(text):
            return
        self.filled += 1
        self._count(text)
        if self.filled <= _CLASSIFIED:
            self._classify(text)
        if self.is_number and not _AMOUNT.match(text):
            self.is_number = False
        if self.is_yes_no and not looks_like_yes_or_no(text):
            self.is_yes_no = False
        if text[0].isdigit() and len(text) >= 6 and (text[1] in _DATE_SIGNS or text[2] in _DATE_SIGNS):
            self.date_orders &= dates.possible_date_orders(text)
            if (may_begin := dates.may_begin_with_year(text)) is not None:
                self.may_begin_with_year = may_begin and self.may_begin_with_year is not False
            if not self.ambiguous_date and dates.is_ambiguous(text):
                self.ambiguous_date = text

    def _count(self, text: str) -> None:
        """Count a value, and whether it says no.

        What most columns have over and over is looked at once.
        """
        if text in self.values:
            self.values[text] += 1
            self.opted_out += self._says_no[text]
            return
        says_no = says_opted_out(text)
        if len(self.values) < _VALUES:
            self.values[text] = 1
            self._says_no[text] = says_no
        else:
            self.has_more_values = True
        if says_no:
            self.opted_out += 1
            if len(self.opted_out_values) < MOST_REFUSALS and text not in self.opted_out_values:
                self.opted_out_values += (text,)

    def _classify(self, text: str) -> None:
        if len(self.samples) < _SAMPLES and text not in self.samples:
            self.samples += (text,)
        self.kinds[classify(text)] += 1
        if sum(sign.isdigit() for sign in text) >= 7 or sum(sign.isalnum() for sign in text) == 11:
            self.long_values += 1

    def ratio(self, kind: ValueKind) -> float:
        """Return the share of values of this kind, from 0 to 1."""
        return self.kinds[kind] / max(1, self.kinds.total())

    @property
    def long_ratio(self) -> float:
        """The share of values with enough digits for a phone number, from 0 to 1."""
        return self.long_values / max(1, self.kinds.total())

    def is_compatible(self, kind: Kind) -> bool:
        """Return whether the values do not contradict a field of this kind."""
        classified = self.kinds.total()
        if kind is Kind.PHONE:
            is_other = self.ratio(ValueKind.IP) >= 0.5 or self.ratio(ValueKind.DATE) >= 0.5
            return self.long_values * 3 >= classified and not is_other
        if kind is Kind.YES_NO:
            return self.is_yes_no
        if kind is Kind.DATE_TIME:
            date_like = self.kinds[ValueKind.DATE] + self.long_values
            return date_like * 2 >= classified and self.ratio(ValueKind.IP) < 0.5
        value_kind = _KIND_OF_FIELD.get(kind)
        return value_kind is None or self.ratio(value_kind) >= 0.5

    @property
    def type(self) -> str:
        """The type of custom field that every value can be."""
        if not self.filled:
            return "string"
        return "number" if self.is_number else "boolean" if self.is_yes_no else "string"

    @property
    def dates(self) -> str:
        """The one order of day and month that every date can have; ASK for others.

        A year of two digits in front is always asked about.
        """
        is_clear = len(self.date_orders) == 1 and not self.may_begin_with_year
        return next(iter(self.date_orders)) if is_clear else dates.ASK


def profile_columns(width: int, rows: Iterable[Sequence[str]]) -> list[ColumnProfile]:
    """Return a profile for each of `width` columns."""
    profiles = [ColumnProfile() for _ in range(width)]
    for cells in rows:
        for profile, cell in zip(profiles, cells, strict=False):
            if cell:
                profile.update(cell)
    return profiles
