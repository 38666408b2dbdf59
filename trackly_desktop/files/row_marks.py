"""Mark rows that have no person of their table, and split lists of numbers.

Such rows are below another header, below a heading like “Unsubscribed”, or remarks about the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from trackly_desktop.contacts.issues import Issue, IssueCode
from trackly_desktop.contacts.value_words import fold_words, is_no_number, says_opted_out
from trackly_desktop.files.remarks import is_remark
from trackly_desktop.files.table import Row
from trackly_desktop.mapping.column_aliases import is_known_name
from trackly_desktop.mapping.consent_columns import ConsentColumn, consent_column_kind, suppression_filename_keyword
from trackly_desktop.mapping.phone_names import has_phone_word, phone_name, says_somebody_else

BELOW_OTHER_HEADER = Issue(IssueCode.ROW_BELOW_OTHER_HEADER)
REMARK = Issue(IssueCode.ROW_IS_REMARK)

_FOUR_DIGITS_IN_A_ROW = re.compile(r"\d\D?\d\D?\d\D?\d")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MOST_NAMES = 0.75
"""Share of a row's cells that are names of columns in a header."""
_MOST_NAMES_AT_PHONES = 0.5
"""The same share where a name is at the phone numbers, or below a blank line."""
_FEWEST_NAMES = 2
"""Names of a header: one alone may be a remark in a person's row."""
_NO_NAME = re.compile(
    r"\b(?:no|not|none|same|see|has|have|had|call|ask|use|lost|broken|as|in|is|off|his|her|their|my|missing|without|only"
    r"|later|changed|wrong|old|pas|sin|kein\w*|sans|senza|sem)\b"
)
"""Words of remarks about a person without a number."""
_OTHERS_HEADING = re.compile(
    r"(?:\w+ )?(?:contacts|parents|guardians|managers|doctors|stores|companies|agents|reps|suppliers|vendors|employers"
    r"|eltern|notfallkontakte|padres|contactos|urgences)"
)
_DECORATED = re.compile(r"\W{2,}.*|.*:$", re.DOTALL)
_LONGEST_HEADING = 60


def mark_other_tables(header: Sequence[str], rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows, with an issue of each one without a person of this table.

    The columns of the table's own header mean nothing below another one; where the same header comes again, they do. A
    heading that says no holds for all rows below it up to one that says yes.
    """
    names = [_folded(name) for name in header]
    phones = _phone_columns(header)
    is_below, last_line = False, 0
    heading: Issue | None = None
    for row in rows:
        if not any(map(_has_number, row.cells)):
            cells = [_folded(cell) for cell in row.cells]
            filled = [cell.strip() for cell in row.cells if cell.strip()]
            if cells == names:
                is_below = False
            elif len(filled) == 1:
                heading = _heading_of(filled[0], heading)
                is_below = is_below or _is_heading_of_others(filled[0])
            elif _is_other_header(cells, names, phones, is_below_blank=row.line - last_line > 1):
                is_below = True
        last_line = row.line + sum(cell.count("\n") for cell in row.cells)
        issue = heading or (BELOW_OTHER_HEADER if is_below else REMARK if is_remark(row.cells) else row.issue)
        yield row if issue is row.issue else row._replace(issue=issue)


def _has_number(cell: str) -> bool:
    return (
        _FOUR_DIGITS_IN_A_ROW.search(cell) is not None and _FOUR_DIGITS_IN_A_ROW.search(_YEAR.sub("", cell)) is not None
    )


def _phone_columns(header: Sequence[str]) -> set[int]:
    """Return the columns that may have the people's phones: all where no name says it."""
    named = {index for index, name in enumerate(header) if (phone := phone_name(name)) is not None and phone.is_own}
    return named or {*range(len(header))}


def _heading_of(cell: str, above: Issue | None) -> Issue | None:
    """Return the issue of rows below a cell that is alone in its row; None for none."""
    if len(cell) > _LONGEST_HEADING:
        return above
    if says_opted_out(cell) or suppression_filename_keyword(cell):
        return Issue(IssueCode.ROW_BELOW_OPT_OUT_HEADING, params={"heading": cell})
    return None if consent_column_kind(cell) in (ConsentColumn.OPT_IN, ConsentColumn.STATUS) else above


def _is_heading_of_others(cell: str) -> bool:
    if len(cell) > _LONGEST_HEADING or not says_somebody_else(cell) or is_known_name(cell):
        return False
    return _DECORATED.fullmatch(cell) is not None or _OTHERS_HEADING.fullmatch(fold_words(cell)) is not None


def _is_other_header(cells: Sequence[str], names: Sequence[str], phones: set[int], *, is_below_blank: bool) -> bool:
    filled = [cell for cell in cells if cell]
    if len(set(filled)) < len(filled):
        return False
    if all(not cell or cell == name for cell, name in zip(cells, names, strict=False)):
        return False
    if not any(_names_phones(cell) for cell in filled):
        return False
    known = sum(1 for cell in filled if cell in names or _names_column(cell))
    at_phones = any(_names_phones(cells[index]) for index in phones if index < len(cells))
    least = _MOST_NAMES_AT_PHONES if is_below_blank or at_phones else _MOST_NAMES
    return known >= len(filled) * least and (
        known >= min(_FEWEST_NAMES, len(names)) or any(map(has_phone_word, filled))
    )


def _names_column(cell: str) -> bool:
    return is_known_name(cell) or _names_phones(cell) or consent_column_kind(cell) is not None


def _names_phones(cell: str) -> bool:
    """Return whether a cell is a name of phones, or of somebody else's, and no remark."""
    if not cell or (not is_known_name(cell) and (is_no_number(cell) or _NO_NAME.search(fold_words(cell)))):
        return False
    return phone_name(cell) is not None or says_somebody_else(cell)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def one_row_per_number(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield a row for each filled cell of a list of phone numbers, but for its name."""
    number = 0
    for row in rows:
        for index, cell in enumerate(row.cells):
            if cell.strip() and not (index == 0 and names_list(cell)):
                number += 1
                yield Row(number, row.line, [cell], row.issue)


def names_list(cell: str) -> bool:
    """Return whether the first cell of a line of numbers says what they are."""
    return not _has_number(cell) and phone_name(cell) is not None
