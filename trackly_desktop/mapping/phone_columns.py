"""Choose a row's phone number where a file has several columns of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trackly_desktop.contacts import phone_numbers
from trackly_desktop.contacts.parsers import ParseContext
from trackly_desktop.contacts.value_patterns import looks_like_phone
from trackly_desktop.mapping.column_aliases import NameGroup, names_in, normalize_header
from trackly_desktop.mapping.column_mapping import ALSO_PHONE, PHONE, ColumnMapping

_MOBILE = re.compile(r"\b(mobile?|cell|handy|m[oó]vil|celular|portable|telem[oó]vel|cellulare)\b", re.IGNORECASE)
_VALUE = re.compile(r"phone (\d) value")
_LABELS = "phone {} label", "phone {} type"
"""Google Contacts: the kind of the phone in "Phone 1 - Value"."""


class PhoneColumns:
    """The phone columns of a file.

    The first valid number wins: first those with a mobile's label, then in the file's order.
    """

    def __init__(self, header: Sequence[str], mapping: ColumnMapping) -> None:
        also = mapping.columns_of(ALSO_PHONE)
        self.has_alternatives = bool(also)
        self._columns = [*mapping.columns_of(PHONE), *also]
        names = [normalize_header(name) for name in header]
        self._labels = {column: _label_column(names, column) for column in self._columns}
        others = names_in(NameGroup.OTHER_PHONES)
        self._unused = [index for index, name in enumerate(names) if name in others and index not in self._columns]

    def choose(self, first: str, cells: Sequence[str], context: ParseContext) -> dict[str, str]:
        """Return the phone number's text by its field's name; empty without any.

        Args:
            first: The text of the phone number's own columns, where they are joined; empty: the cell as it is.
            cells: The row.
            context: How numbers without a country code are read.
        """
        texts = {
            column: cells[column].strip() for column in self._columns if column < len(cells) and cells[column].strip()
        }
        if first and self._columns and self._columns[0] in texts:
            texts[self._columns[0]] = first
        mobiles_first = sorted(texts, key=lambda column: not self._is_mobile(column, cells))
        if len(mobiles_first) > 1:
            for column in mobiles_first:
                if _is_valid(texts[column], context):
                    return {PHONE: texts[column]}
        return {PHONE: texts[mobiles_first[0]]} if mobiles_first else {}

    def unused_number(self, cells: Sequence[str]) -> str:
        """Return a number of an unused column (home, work); empty without one."""
        texts = (cells[column].strip() for column in self._unused if column < len(cells))
        return next((text for text in texts if looks_like_phone(text)), "")

    def _is_mobile(self, column: int, cells: Sequence[str]) -> bool:
        label = self._labels[column]
        return label is not None and label < len(cells) and _MOBILE.search(cells[label]) is not None


def _label_column(names: Sequence[str], column: int) -> int | None:
    """Return the index of a phone column's label column; None without one."""
    match = _VALUE.fullmatch(names[column])
    if match is None:
        return None
    labels = [label.format(match[1]) for label in _LABELS]
    return next((index for index, name in enumerate(names) if name in labels), None)


def _is_valid(text: str, context: ParseContext) -> bool:
    try:
        phone_numbers.parse_phone(text, context.region, missing_plus=context.missing_plus)
    except phone_numbers.PhoneProblem:
        return False
    return True
