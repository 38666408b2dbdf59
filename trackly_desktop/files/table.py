"""A file as a table: its header, its rows as they stream by, and how it was read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from trackly_desktop.contacts.issues import Issue


class FileProblem(ValueError):
    """A file that cannot be read; its words are for the operator."""


@dataclass(frozen=True, slots=True)
class FormatOptions:
    """What the operator chose of how a file is read; None is left to the program.

    `header` is the line of the columns' names, from 1; 0: there is none.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header: int | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class DetectedFormat:
    """How a file was read. `header_row` is the line of the header, from 1; None where there is none.

    `others` are encodings that fit nearly as well, each with what it makes of some words that are `reading` as read.
    """

    kind: str
    encoding: str | None
    delimiter: str | None
    header_row: int | None
    sheet: str | None = None
    fingerprint: str = ""
    size: int = 0
    sheets: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    reading: str = ""


class Row(NamedTuple):
    """A record. `number` counts from 1 below the header; `line` is the line of the file on which it starts.

    `issue` is why its cells may not be as they were meant.
    """

    number: int
    line: int
    cells: list[str]
    issue: Issue | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """An open table. `rows()` reads the file anew each time it is called; it raises FileProblem where it breaks."""

    header: list[str]
    how: DetectedFormat
    rows: Callable[[], Iterator[Row]]


def unique_column_names(cells: list[str]) -> list[str]:
    """A header in which every column has a name of its own: empty ones are numbered, doubled ones too."""
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        base = name = " ".join(cell.strip("\ufeff \t\r\n").split()) or f"Column {number}"
        copy = 1
        while name in names:
            copy += 1
            name = f"{base} ({copy})"
        names.append(name)
    return names
