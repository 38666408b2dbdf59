"""What the values of a column have in common, found by looking at each once as the file streams by."""

from __future__ import annotations

import enum
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from trackly_desktop.contacts import dates
from trackly_desktop.contacts.fields import Kind
from trackly_desktop.contacts.value_patterns import looks_like_phone
from trackly_desktop.contacts.value_words import is_blank_marker, looks_like_yes_or_no

_SAMPLES = 3
_CLASSED = 500
"""Values whose looks are classed: more make no difference."""
_AMOUNT = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?$", re.ASCII)
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}$|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}$", re.IGNORECASE)
_URL = re.compile(r"(?:https?://|www\.)\S+$", re.IGNORECASE)
_LOST_DIGITS = re.compile(r"\d[.,]\d+E\+\d+$", re.IGNORECASE)


class ValueKind(enum.StrEnum):
    """What a value looks like."""

    PHONE = "phone number"
    IP = "IP address"
    URL = "web address"
    DATE = "date"
    OTHER = "other"


def classify(text: str) -> ValueKind:
    """What a value looks like."""
    if _IP.match(text):
        return ValueKind.IP
    if _URL.match(text):
        return ValueKind.URL
    if dates.looks_like_date(text):
        return ValueKind.DATE
    return ValueKind.PHONE if looks_like_phone(text) or _LOST_DIGITS.match(text) else ValueKind.OTHER


_FITTING = {Kind.IP: ValueKind.IP, Kind.URL: ValueKind.URL}


@dataclass(slots=True)
class ColumnProfile:
    """The signs of one column."""

    filled: int = 0
    number: bool = True
    yes_no: bool = True
    forms: frozenset[str] = frozenset((dates.MONTH_FIRST, dates.DAY_FIRST))
    either_form: bool = False
    samples: tuple[str, ...] = ()
    looks: Counter[ValueKind] = field(default_factory=Counter)
    with_digits: int = 0

    def update(self, text: str) -> None:
        """Takes one cell into account."""
        text = text.strip()
        if not text or is_blank_marker(text):
            return
        self.filled += 1
        if self.filled <= _CLASSED:
            self._class(text)
        # A leading zero or a plus, or more digits than a number keeps, is a code and not an amount.
        if self.number and not _AMOUNT.match(text):
            self.number = False
        if self.yes_no and not looks_like_yes_or_no(text):
            self.yes_no = False
        if text[0].isdigit() and len(text) >= 6:
            self.forms &= dates.possible_date_orders(text)
            self.either_form = self.either_form or dates.is_ambiguous(text)

    def _class(self, text: str) -> None:
        if len(self.samples) < _SAMPLES and text not in self.samples:
            self.samples += (text,)
        self.looks[classify(text)] += 1
        if sum(sign.isdigit() for sign in text) >= 7 or sum(sign.isalnum() for sign in text) == 11:
            self.with_digits += 1

    def ratio(self, look: ValueKind) -> float:
        """How many of the values look like this, from 0 to 1."""
        return self.looks[look] / max(1, self.looks.total())

    def is_compatible(self, kind: Kind) -> bool:
        """Whether the values may be of this kind: one column's name says more than its values, unless they contradict it."""
        if kind is Kind.PHONE:
            return (
                self.with_digits * 3 >= self.looks.total()
                and self.ratio(ValueKind.IP) < 0.5
                and self.ratio(ValueKind.DATE) < 0.5
            )
        if kind is Kind.YES_NO:
            return self.yes_no
        if kind is Kind.DATE_TIME:
            return (self.looks[ValueKind.DATE] + self.with_digits) * 2 >= self.looks.total() and self.ratio(
                ValueKind.IP
            ) < 0.5
        look = _FITTING.get(kind)
        return look is None or self.ratio(look) >= 0.5

    @property
    def type(self) -> str:
        """The custom-field type that every value can be: string where in doubt."""
        if not self.filled:
            return "string"
        return "number" if self.number else "boolean" if self.yes_no else "string"

    @property
    def dates(self) -> str:
        """The one form that every date of the column can have; ASK where both can."""
        return next(iter(self.forms)) if len(self.forms) == 1 else dates.ASK


def profile_columns(width: int, rows: Iterable[Sequence[str]]) -> list[ColumnProfile]:
    """The signs of every column."""
    profiles = [ColumnProfile() for _ in range(width)]
    for cells in rows:
        for one, cell in zip(profiles, cells, strict=False):
            if cell:
                one.update(cell)
    return profiles
