"""Choose a row's phone number where a file has several columns of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trackly_desktop.contacts import phone_numbers
from trackly_desktop.contacts.parsers import ParseContext
from trackly_desktop.contacts.phone_notation import is_no_persons_phone, looks_like_phone
from trackly_desktop.contacts.value_words import cell_says_no
from trackly_desktop.mapping.column_aliases import normalize_header
from trackly_desktop.mapping.column_mapping import ALSO_PHONE, PHONE, ColumnMapping
from trackly_desktop.mapping.phone_names import PhoneRank, phone_name

_VALUE = re.compile(r"(.*\b(?:phone|mobile|tel|telephone)) ?(\d*)(?: (?:value|number))?")
_LABELS = "{} {} label", "{} {} type", "{} {} kind", "{}{} label", "{}{} type"
"""Google Contacts: the kind of the phone in "Phone 1 - Value"."""


class PhoneColumns:
    """The phone columns of a file.

    The first valid number wins: first those with a mobile's label, then in the file's order, those of home and work last.
    A fax or a pager is no phone.
    """

    def __init__(self, header: Sequence[str], mapping: ColumnMapping) -> None:
        also = mapping.columns_of(ALSO_PHONE)
        self.has_alternatives = bool(also)
        self._columns = [*mapping.columns_of(PHONE), *also]
        names = [normalize_header(name) for name in header]
        self._labels = {column: _label_column(names, column) for column in self._columns}
        self.is_typed = any(label is not None for label in self._labels.values())
        self._unused = [
            index
            for index, name in enumerate(header)
            if index not in self._columns and (of_phones := phone_name(name)) and of_phones.rank is PhoneRank.SECONDARY
        ]

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
        phones = {column: text for column, text in texts.items() if not is_no_persons_phone(self._label(column, cells))}
        texts = phones or texts
        mobiles_first = sorted(texts, key=lambda column: self._rank(column, cells))
        if len(mobiles_first) > 1:
            for column in mobiles_first:
                if _is_valid(texts[column], context):
                    return {PHONE: texts[column]}
        return {PHONE: texts[mobiles_first[0]]} if mobiles_first else {}

    def refusal(self, cells: Sequence[str]) -> tuple[int, str] | None:
        """Return the phone column (from 0) whose cell says no, and the cell; else None."""
        texts = ((column, cells[column].strip()) for column in self._columns if column < len(cells))
        return next(((column, text) for column, text in texts if text and cell_says_no(text)), None)

    def unused_number(self, cells: Sequence[str]) -> str:
        """Return a number of an unused column (home, work); empty without one."""
        texts = (cells[column].strip() for column in self._unused if column < len(cells))
        return next((text for text in texts if looks_like_phone(text)), "")

    def machine(self, text: str, cells: Sequence[str]) -> str:
        """Return the label of a fax or a pager that is the chosen number's.

        Empty for a phone.
        """
        labels = (
            self._label(column, cells)
            for column in self._columns
            if column < len(cells) and cells[column].strip() and cells[column].strip() == text
        )
        return next((label for label in labels if is_no_persons_phone(label)), "")

    def _rank(self, column: int, cells: Sequence[str]) -> PhoneRank:
        of_phones = phone_name(f"{self._label(column, cells)} phone")
        return of_phones.rank if of_phones is not None else PhoneRank.OWN

    def _label(self, column: int, cells: Sequence[str]) -> str:
        """Return what the file says of the kind of a phone; empty where it does not."""
        label = self._labels[column]
        return cells[label].strip(" *") if label is not None and label < len(cells) else ""


def _label_column(names: Sequence[str], column: int) -> int | None:
    """Return the index of a phone column's label column; None without one."""
    match = _VALUE.fullmatch(names[column])
    if match is None:
        return None
    labels = [" ".join(label.format(match[1], match[2]).split()) for label in _LABELS]
    return next((index for index, name in enumerate(names) if name in labels), None)


def _is_valid(text: str, context: ParseContext) -> bool:
    try:
        phone_numbers.parse_phone(text, context.region, missing_plus=context.missing_plus)
    except phone_numbers.PhoneProblem:
        return False
    return True
