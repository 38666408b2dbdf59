"""Detect where a table begins: the row of column names, and the titles above it.

One rule for text files and workbooks.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from trackly_desktop.contacts.excel_errors import FORMULA_WITHOUT_RESULT, is_excel_error
from trackly_desktop.contacts.phone_notation import looks_like_phone
from trackly_desktop.contacts.value_patterns import count_digits, is_date_or_address
from trackly_desktop.contacts.value_words import cell_says_no, is_no_number
from trackly_desktop.files.remarks import is_remark
from trackly_desktop.files.row_marks import names_list
from trackly_desktop.files.table import FileProblem
from trackly_desktop.mapping.column_aliases import is_known_name
from trackly_desktop.mapping.consent_columns import consent_column_kind
from trackly_desktop.mapping.phone_names import phone_name

_MOST_ROWS = 30
"""Rows at the top of a table among which its header is looked for."""
_NUMBER = re.compile(r"[+-]?\d[\d.,:]*$")
_LEAST_DIGITS = 7
"""Digits of a phone number."""
_LEAST_DIGITS_BESIDE_HIDDEN = 4
"""Digits of a number of which others are hidden, or which lacks some."""
_NEARLY_ALL = 0.9


class TableStart(NamedTuple):
    """Where a table begins.

    `header_index` is the row of column names, None where there is none; `first_line` is the first line of data, from 1.
    """

    header_index: int | None
    first_line: int


def locate_table(lines: Sequence[int], rows: Sequence[Sequence[str]], chosen: int | None) -> TableStart:
    """Return where the table begins.

    Args:
        lines: the line of each row, from 1.
        rows: the first rows of the file, without blank ones.
        chosen: the operator's line of the header, 0 for none, None where it is to be detected.

    Raises:
        FileProblem: there is nothing on the chosen line or below it.
    """
    header_index: int | None = None
    if chosen is None:
        header_index = find_header(rows)
    elif chosen:
        header_index = next((index for index, line in enumerate(lines) if line >= chosen), None)
        if header_index is None:
            raise FileProblem(f"There is nothing on line {chosen} or just below it")
    if header_index is not None:
        return TableStart(header_index, lines[header_index] + 1)
    return TableStart(None, lines[first_data_row(rows) if chosen is None else 0])


def find_header(rows: Sequence[Sequence[str]]) -> int | None:
    """Return the index of the row of column names, None where there is none.

    `rows` are the first rows of the file, without blank ones. A row without a name that is known, and with nothing where
    the rows below it have their numbers, is a person's.
    """
    if not rows:
        return None
    usual_width = _usual_width(rows)
    phones = _phone_columns(rows)
    best_index, best_score = None, 0.0
    is_below_number = False  # or below a person without one
    for index, cells in enumerate(rows[:_MOST_ROWS]):
        if is_remark(cells):
            continue
        if _lacks_number(cells, phones):
            is_below_number = True
            continue
        if holds_number(cells):
            if _filled(cells) * 5 >= usual_width * 3:
                break  # the rows of contacts begin here
            is_below_number = True  # a title with the company's own number, or a person without anything else
            continue
        score = _header_score(cells, usual_width)
        if score > best_score and (not is_below_number or any(map(is_known_name, cells))):
            best_index, best_score = index, score
    return best_index


def holds_number(cells: Sequence[str]) -> bool:
    """Return whether a row holds a phone number: it is a person's, and no header.

    A number that is not written as one, like Excel's -4155550131, counts unless the row has names of columns.
    """
    if any(looks_like_phone(cell) for cell in cells):
        return True
    return any(map(_is_mostly_digits, cells)) and not any(map(is_known_name, cells))


def _phone_columns(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the columns in which most of the first rows have a phone number."""
    first = rows[:_MOST_ROWS]
    counts = Counter(index for cells in first for index, cell in enumerate(cells) if looks_like_phone(cell))
    return [index for index, count in counts.items() if count * 2 >= len(first)]


def _lacks_number(cells: Sequence[str], phones: Sequence[int]) -> bool:
    """Return whether a row is a person's, whose number is missing, hidden or a no."""
    if not phones or any(_is_name(cell) for index, cell in enumerate(cells) if index not in phones):
        return False
    return all(index >= len(cells) or _is_no_number(cells[index]) for index in phones)


def _is_no_number(cell: str) -> bool:
    text = cell.strip()
    if is_known_name(text):  # “Phone” alone
        return False
    return not text or is_no_number(text) or cell_says_no(text) or count_digits(text) >= _LEAST_DIGITS_BESIDE_HIDDEN


def _is_name(cell: str) -> bool:
    return is_known_name(cell) or phone_name(cell) is not None or consent_column_kind(cell) is not None


def _is_mostly_digits(cell: str) -> bool:
    text = cell.strip()
    if len(text) < _LEAST_DIGITS or is_date_or_address(text):
        return False
    digits = sum(sign.isdigit() for sign in text)
    return digits >= _LEAST_DIGITS and digits > sum(sign.isalpha() for sign in text)


def is_list_of_numbers(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether rows without a header are a list of people's phone numbers.

    It is one line, perhaps with a name like “Phone” before it, or lines of different lengths, of nothing but numbers; lines
    of one length are a table. Where few lines have several, these are several numbers of one person.
    """
    if len(rows) == 1 and rows[0] and names_list(rows[0][0]):
        rows = [rows[0][1:]]
    widths = {len(cells) for cells in rows}
    return (
        (len(rows) == 1 or len(widths) > 1)
        and sum(_filled(cells) > 1 for cells in rows) * 2 >= len(rows)
        and all(looks_like_phone(cell) for cells in rows for cell in cells if cell.strip())
    )


def surplus_width(width: int, rows: Sequence[Sequence[str]]) -> int:
    """Return how many cells nearly all rows have beyond the header's; 0 for none.

    A single row may have a delimiter in a value.

    Args:
        width: the number of the header's cells.
        rows: rows below the header.
    """
    usual, count = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
    if usual <= width or count < max(2, len(rows) * _NEARLY_ALL):
        return 0
    return usual - width if any(_filled(cells[width:]) for cells in rows) else 0


def first_data_row(rows: Sequence[Sequence[str]]) -> int:
    """Return the index of the first data row of a table without a header.

    It is below titles, which fill one cell of many.
    """
    usual_width = _usual_width(rows) if rows else 0
    for index, cells in enumerate(rows[:_MOST_ROWS]):
        if usual_width < 2 or _filled(cells) >= 2 or holds_number(cells):
            return index
    return 0


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    return statistics.median_high([_filled(cells) for cells in rows])


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _is_error(cell: str) -> bool:
    return is_excel_error(cell) and cell != FORMULA_WITHOUT_RESULT


def _header_score(cells: Sequence[str], usual_width: int) -> float:
    """Return how much a row is like column names; 0 where it cannot be a header."""
    filled = [cell.strip().lstrip("'\ufeff") for cell in cells if cell.strip()]
    known = sum(1 for cell in filled if is_known_name(cell))
    values = sum(1 for cell in filled if is_date_or_address(cell) or _is_error(cell))
    numbers = sum(1 for cell in filled if _NUMBER.match(cell))
    if (values and known < max(2, values)) or (numbers and not known) or len(filled) < min(usual_width, 2):
        return 0.0
    if not known and usual_width > 2 and len(filled) * 2 < usual_width:
        return 0.0
    fullness = min(1.0, len(filled) / max(1, usual_width))
    distinct = len({cell.casefold() for cell in filled}) / len(filled)
    longest = max(len(cell) for cell in filled)
    return fullness + distinct + 3.0 * known / len(filled) + (0.5 if known else 0.0) - (0.5 if longest > 80 else 0.0)
