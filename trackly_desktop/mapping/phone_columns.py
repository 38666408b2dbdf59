"""Which of several columns of phone numbers a row's number is taken from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trackly_desktop.contacts import phone_numbers
from trackly_desktop.contacts.parsers import ParseContext
from trackly_desktop.contacts.value_patterns import looks_like_phone
from trackly_desktop.mapping import column_aliases
from trackly_desktop.mapping.column_mapping import ALSO_PHONE, PHONE, ColumnMapping

_MOBILE = re.compile(r"\b(mobile?|cell|handy|m[oó]vil|celular|portable|telem[oó]vel|cellulare)\b", re.IGNORECASE)
_VALUE = re.compile(r"phone (\d) value")
_LABEL = "phone {} label", "phone {} type"


class PhoneColumns:
    """The first valid number wins: a column that its own label calls mobile first, then in the file's order."""

    def __init__(self, names: Sequence[str], mapping: ColumnMapping) -> None:
        self._columns = [*mapping.columns_of(PHONE), *mapping.columns_of(ALSO_PHONE)]
        folded = [column_aliases.normalize_header(name) for name in names]
        self._labels = {number: _label_of(folded, number) for number in self._columns}
        also = column_aliases.OTHER_PHONES
        self._elsewhere = [at for at, name in enumerate(folded) if name in also and at not in self._columns]
        self.several = len(mapping.columns_of(ALSO_PHONE)) > 0

    def choose(self, first: str, cells: Sequence[str], reading: ParseContext) -> dict[str, str]:
        """The text that the number is read from, as the phone number's; empty where no column has any."""
        texts = {at: cells[at].strip() for at in self._columns if at < len(cells) and cells[at].strip()}
        if first and self._columns and self._columns[0] in texts:
            texts[self._columns[0]] = first
        in_order = sorted(texts, key=lambda at: not self._is_mobile(at, cells))
        if len(in_order) > 1:
            for at in in_order:
                if _is_valid(texts[at], reading):
                    return {PHONE: texts[at]}
        return {PHONE: texts[in_order[0]]} if in_order else {}

    def elsewhere(self, cells: Sequence[str]) -> str:
        """A number in a column that is not used: home, work; empty where there is none."""
        found = (cells[at].strip() for at in self._elsewhere if at < len(cells))
        return next((text for text in found if looks_like_phone(text)), "")

    def _is_mobile(self, at: int, cells: Sequence[str]) -> bool:
        label = self._labels[at]
        return label is not None and label < len(cells) and _MOBILE.search(cells[label]) is not None


def _label_of(folded: Sequence[str], number: int) -> int | None:
    found = _VALUE.fullmatch(folded[number])
    if found is None:
        return None
    names = [one.format(found[1]) for one in _LABEL]
    return next((at for at, name in enumerate(folded) if name in names), None)


def _is_valid(text: str, reading: ParseContext) -> bool:
    try:
        phone_numbers.parse_phone(text, reading.region, plus=reading.plus)
    except phone_numbers.PhoneProblem:
        return False
    return True
