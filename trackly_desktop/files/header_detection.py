"""Where a table begins: which of its first rows names the columns, and which above it are titles.

One rule for text files and workbooks.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence

from trackly_desktop.contacts.value_patterns import is_date_or_address, looks_like_phone
from trackly_desktop.files.table import FileProblem
from trackly_desktop.mapping.column_aliases import is_known_name

_LOOKED_AT = 30
_NUMBER = re.compile(r"[+-]?\d[\d.,:]*$")


def find_header(rows: Sequence[Sequence[str]]) -> int | None:
    """Which of a table's first rows (from 0, blank ones left out) names its columns; None where none does."""
    some = rows[:_LOOKED_AT]
    if not some:
        return None
    usual = statistics.median_high([_filled(cells) for cells in rows])
    best, best_score = None, 0.0
    for at, cells in enumerate(some):
        if any(looks_like_phone(cell) for cell in cells):
            if _filled(cells) * 5 >= usual * 3:
                break  # rows of people have begun
            continue  # a title with the company's own number
        score = _like_header(cells, usual)
        if score > best_score:
            best, best_score = at, score
    return best


def locate_table(lines: Sequence[int], rows: Sequence[Sequence[str]], chosen: int | None) -> tuple[int | None, int]:
    """Which of the first rows names the columns, if one does, and the first line that may be a row. Raises FileProblem.

    `lines` are the rows' own lines; `chosen` is the operator's line of the header, 0 for none, None where it is to be found.
    """
    if chosen is None:
        at = find_header(rows)
    elif chosen == 0:
        at = None
    else:
        at = next((at for at, line in enumerate(lines) if line >= chosen), None)
        if at is None:
            raise FileProblem(f"There is nothing on line {chosen} or just below it")
    if at is not None:
        return at, lines[at] + 1
    return None, lines[first_row(rows) if chosen is None else 0]


def first_row(rows: Sequence[Sequence[str]]) -> int:
    """Where the rows begin in a table whose columns have no names: below the titles, which fill one cell of many."""
    usual = statistics.median_high([_filled(cells) for cells in rows]) if rows else 0
    for at, cells in enumerate(rows[:_LOOKED_AT]):
        if usual < 2 or _filled(cells) >= 2 or any(looks_like_phone(cell) for cell in cells):
            return at
    return 0


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _like_header(cells: Sequence[str], usual: int) -> float:
    """How much a row is like a row of names; 0 where it is none."""
    filled = [cell.strip().lstrip("'\ufeff") for cell in cells if cell.strip()]
    known = sum(1 for cell in filled if is_known_name(cell))
    values = sum(1 for cell in filled if is_date_or_address(cell))
    numbers = sum(1 for cell in filled if _NUMBER.match(cell))
    if (values and known < max(2, values)) or (numbers and not known) or len(filled) < min(usual, 2):
        return 0.0
    if not known and usual > 2 and len(filled) * 2 < usual:
        return 0.0
    fullness = min(1.0, len(filled) / max(1, usual))
    distinct = len({cell.casefold() for cell in filled}) / len(filled)
    longest = max(len(cell) for cell in filled)
    return fullness + distinct + 3.0 * known / len(filled) + (0.5 if known else 0.0) - (0.5 if longest > 80 else 0.0)
