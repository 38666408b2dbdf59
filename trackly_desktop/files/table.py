"""A file as a table: its header, its stream of rows, and its format."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from trackly_desktop.contacts.issues import Issue

MOST_COUNTED_ROWS = 10_000
"""Rows of each of several sheets in which phone numbers are counted."""


class FileProblem(ValueError):
    """A file that cannot be read; the text is for the operator."""


class HiddenCells(enum.StrEnum):
    """What becomes of rows and columns that are hidden in a workbook."""

    LEAVE_OUT = "leave-out"
    READ = "read"


@dataclass(frozen=True, slots=True)
class FormatOptions:
    """The operator's choices of a file's format; None is left to detection.

    `header` is the line of the column names, from 1; 0 where the file has none. `hidden` is never detected: hidden cells
    are left out unless they are wanted.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header: int | None = None
    sheet: str | None = None
    hidden: HiddenCells = HiddenCells.LEAVE_OUT


@dataclass(frozen=True, slots=True)
class DetectedFormat:
    """The format in which a file was read.

    `header_row` is the line of the header, from 1; None where there is none. `fingerprint` is the file's SHA-256, `size`
    its bytes. `sheet_phones` are a workbook's sheets with the most phone numbers in a column, as far as they were
    counted; empty for one sheet. `hidden_sheets` are hidden, and `unread_sheets` could not be read. `hidden_rows` and
    `hidden_names` are the filled rows and columns that the workbook hides; `hidden` is what became of them, but
    `hidden_names_read` and a hidden header are always read. `hidden_lines` are the first hidden lines.
    `can_tell_hidden`: hidden cells would be known. `unnamed_columns` are beside the named ones. `others` are encodings
    that fit nearly as well, each with its reading of a few words; `reading` is the reading of the same words in
    `encoding`.
    """

    kind: str
    encoding: str | None
    delimiter: str | None
    header_row: int | None
    sheet: str | None = None
    fingerprint: str = ""
    size: int = 0
    sheets: tuple[str, ...] = ()
    sheet_phones: tuple[tuple[str, int], ...] = ()
    hidden_sheets: tuple[str, ...] = ()
    unread_sheets: tuple[str, ...] = ()
    hidden_rows: int = 0
    hidden_lines: tuple[int, ...] = ()
    is_header_hidden: bool = False
    hidden_names: tuple[str, ...] = ()
    hidden_names_read: tuple[str, ...] = ()
    hidden: HiddenCells = HiddenCells.LEAVE_OUT
    can_tell_hidden: bool = True
    unnamed_columns: int = 0
    others: tuple[tuple[str, str], ...] = ()
    reading: str = ""

    @property
    def hidden_columns(self) -> int:
        """How many filled columns the workbook hides."""
        return len(self.hidden_names)

    @property
    def hidden_record(self) -> dict[str, object]:
        """What a workbook hides, as it is printed and recorded."""
        return {
            "rows": self.hidden_rows,
            "lines": list(self.hidden_lines),
            "columns": self.hidden_columns,
            "names": list(self.hidden_names),
            "names_read": list(self.hidden_names_read),
            "header": self.is_header_hidden,
            "read": self.hidden is HiddenCells.READ,
            "known": self.can_tell_hidden,
        }

    @property
    def fuller_hidden_sheet(self) -> str:
        """The hidden sheet with more phone numbers than the one read; else empty."""
        phones = dict(self.sheet_phones)
        hidden = [name for name in self.hidden_sheets if phones.get(name, 0) > phones.get(self.sheet or "", 0)]
        return max(hidden, key=lambda name: phones[name], default="")


class Row(NamedTuple):
    """A row of a table.

    `number` counts rows from 1 below the header; `line` is the line of the file on which the row starts, from 1.
    `issue` is why its cells may not be as they were meant; None where they are.
    """

    number: int
    line: int
    cells: list[str]
    issue: Issue | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """An open table.

    Each call of `rows()` reads the file from its start, and raises FileProblem where that fails.
    """

    header: list[str]
    how: DetectedFormat
    rows: Callable[[], Iterator[Row]]


def unique_column_names(cells: list[str]) -> list[str]:
    """Return a name of its own for each column: "Name", "Column 2", "Name (2)"."""
    names: dict[str, None] = {}  # in order, and quick to search
    last_copy: defaultdict[str, int] = defaultdict(lambda: 1)
    for column_number, cell in enumerate(cells, 1):
        base = name = " ".join(cell.strip("\ufeff \t\r\n").split()) or f"Column {column_number}"
        while name in names:
            last_copy[base] += 1
            name = f"{base} ({last_copy[base]})"
        names[name] = None
    return list(names)
