"""Mark rows below another header, and split lists of numbers into rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from trackly_desktop.contacts.issues import Issue, IssueCode
from trackly_desktop.files.table import Row
from trackly_desktop.mapping.column_aliases import field_aliases, header_spellings, is_known_name, own_names

BELOW_OTHER_HEADER = Issue(IssueCode.ROW_BELOW_OTHER_HEADER)

_THREE_DIGITS = re.compile(r"\d\D?\d\D?\d")
_MOST_NAMES = 0.75
"""Share of a row's cells that are names of columns in a header."""
_MOST_NAMES_BELOW_BLANK = 0.5
"""The same share in a row below a blank line, where another table is likely."""


def mark_other_tables(header: Sequence[str], rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows, with an issue of each one below another header.

    The columns of the table's own header mean nothing there; where the same header comes again, they do.
    """
    names = [_folded(name) for name in header]
    is_below, last_line = False, 0
    for row in rows:
        if not any(map(_THREE_DIGITS.search, row.cells)):
            cells = [_folded(cell) for cell in row.cells]
            if cells == names:
                is_below = False
            elif _is_other_header(cells, names, is_below_blank=row.line - last_line > 1):
                is_below = True
        last_line = row.line + sum(cell.count("\n") for cell in row.cells)
        yield row._replace(issue=BELOW_OTHER_HEADER) if is_below else row


def _is_other_header(cells: Sequence[str], names: Sequence[str], *, is_below_blank: bool) -> bool:
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or len(set(filled)) < len(filled) or not any(map(_is_phone_name, filled)):
        return False
    if all(not cell or cell == name for cell, name in zip(cells, names, strict=False)):
        return False
    known = sum(1 for cell in filled if cell in names or is_known_name(cell))
    least = _MOST_NAMES_BELOW_BLANK if is_below_blank else _MOST_NAMES
    return known >= len(filled) * least


def _is_phone_name(cell: str) -> bool:
    names = (*own_names("phone_number"), *field_aliases("phone_number"))
    return any(spelling in names for spelling in header_spellings(cell))


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def one_row_per_number(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield a row for each filled cell of a list of phone numbers."""
    number = 0
    for row in rows:
        for cell in row.cells:
            if cell.strip():
                number += 1
                yield Row(number, row.line, [cell], row.issue)
