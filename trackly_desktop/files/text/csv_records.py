"""Parse lines into records of cells.

The csv module parses; where it finds an error, the line is parsed by the rules below.
A quotation mark that is never closed does not swallow the rows below it, and a carriage return in a value does not end
the row. Each record carries the problem that it was read with.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from trackly_desktop.contacts.issues import Issue, IssueCode
from trackly_desktop.files.text.encoding_detection import escape_undecodable, first_undecodable, has_undecodable
from trackly_desktop.files.text.line_reader import LONGEST_ROW, row_too_long

NEVER_CLOSED = Issue(IssueCode.ROW_QUOTE_NOT_CLOSED)
CUT_OFF = Issue(IssueCode.ROW_CUT_OFF)


class Dialect(NamedTuple):
    """How cells are separated and quoted.

    `escape`: a backslash before a quotation mark makes it part of the value. `skip_blanks`: blanks may stand before a
    quotation mark. `at_returns`: a carriage return alone ends a line. `wrapped`: each line is in quotation marks as a
    whole, as a spreadsheet saves a file that it took for one column.
    """

    delimiter: str
    escape: bool = False
    skip_blanks: bool = False
    at_returns: bool = False
    wrapped: bool = False
    quote: str = '"'


class Record(NamedTuple):
    """A record that is not blank.

    `line` is the line on which it starts, from 1; `issue` is why its cells may not be as they were meant;
    `is_plain` is whether it is written exactly in the dialect.
    """

    line: int
    cells: list[str]
    issue: Issue | None = None
    is_plain: bool = True


class _RowTooLong(Exception):
    pass


class _LineBuffer(Iterator[str]):
    """Iterator over lines that keeps those of the current record for a push-back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._pushed_back: deque[str] = deque()
        self.of_record: list[str] = []
        self.line_number = 0
        self._size = 0

    def __next__(self) -> str:
        line = self._pushed_back.popleft() if self._pushed_back else next(self._lines)
        self.of_record.append(line)
        self.line_number += 1
        self._size += len(line)
        if self._size > LONGEST_ROW:
            raise _RowTooLong
        return line

    def begin_record(self) -> None:
        """Forget the lines of the last record."""
        self.of_record.clear()
        self._size = 0

    def push_back(self, lines: list[str]) -> None:
        """Yield these lines again before any other."""
        self._pushed_back.extendleft(reversed(lines))


def parse_records(lines: Iterable[str], dialect: Dialect, width: int = 0) -> Iterator[Record]:
    """Yield the records of the lines.

    Args:
        lines: lines with their ends.
        dialect: how they are separated and quoted.
        width: the number of cells of most records, 0 where it is not known.

    Raises:
        FileProblem: a record is longer than LONGEST_ROW.
    """
    csv.field_size_limit(LONGEST_ROW)
    if dialect.wrapped:
        yield from _parse_wrapped(lines, dialect)
        return
    buffer = _LineBuffer(lines)
    reader = _csv_reader(buffer, dialect)
    while True:
        buffer.begin_record()
        start = buffer.line_number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _RowTooLong):
            reader = _csv_reader(buffer, dialect)
            first, *rest = buffer.of_record
            buffer.line_number -= len(rest)
            for extra, record in enumerate(_parse_broken_line(first, start, dialect, width, is_last=not rest)):
                # Rows that a carriage return separates count as lines.
                buffer.line_number = max(buffer.line_number, start + extra)
                yield from _without_blank(record)
            buffer.push_back(rest)
            continue
        if any(cells):
            yield from _without_blank(Record(start, cells))


def _parse_wrapped(lines: Iterable[str], dialect: Dialect) -> Iterator[Record]:
    inner = dialect._replace(wrapped=False)
    for record in parse_records(lines, inner):
        if len(record.cells) > 1:
            yield record
        else:
            yield from (nested._replace(line=record.line) for nested in parse_records([record.cells[0]], inner))


def _csv_reader(lines: Iterator[str], dialect: Dialect) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        escapechar="\\" if dialect.escape else None,
        skipinitialspace=dialect.skip_blanks,
        strict=True,
    )


def _without_blank(record: Record) -> Iterator[Record]:
    """Yield the record unless it is blank, with its undecodable bytes escaped."""
    text = "".join(record.cells)
    if not text or text.isspace():
        return
    if has_undecodable(text):
        byte = next(first_undecodable(cell) for cell in record.cells if has_undecodable(cell))
        undecodable = Issue(IssueCode.ROW_UNDECODABLE, params={"byte": byte})
        cells = [escape_undecodable(cell) for cell in record.cells]
        record = record._replace(cells=cells, issue=record.issue or undecodable)
    yield record


def _parse_broken_line(line: str, start: int, dialect: Dialect, width: int, *, is_last: bool) -> Iterator[Record]:
    """Yield the records of one line that the csv module refuses.

    There is more than one where carriage returns separate rows.
    """
    if len(line) > LONGEST_ROW:
        raise row_too_long(start)
    text = line.rstrip("\r\n")
    if "\r" in text:
        pieces = [_split_cells(piece, dialect) for piece in re.split(r"\r+", text)]
        if all(len(cells) == (width or len(pieces[0][0])) for cells, _ in pieces) and len(pieces[0][0]) > 1:
            for offset, (cells, issue) in enumerate(pieces):
                yield Record(start + offset, cells, issue, is_plain=False)
            return
    cells, issue = _split_cells(text, dialect)
    if issue is not None and is_last and not line.endswith(("\n", "\r")):
        issue = CUT_OFF
    yield Record(start, cells, issue, is_plain=False)


def _split_cells(text: str, dialect: Dialect) -> tuple[list[str], Issue | None]:
    """Return the cells of one line and its issue.

    A quotation mark closes where a delimiter follows it; one that is never closed is a character like others.
    """
    cells: list[str] = []
    issue: Issue | None = None
    position = 0
    quote = dialect.quote
    closing = re.compile(f"({quote}+)[ \\t]*(?={re.escape(dialect.delimiter)}|$)")
    while True:
        blanks = len(text) - position - len(text[position:].lstrip(" ")) if dialect.skip_blanks else 0
        begin = position + blanks
        end = _closing_quote(text, begin, closing, dialect) if text.startswith(quote, begin) else None
        if end is not None:
            value = text[begin + 1 : end.end(1) - 1].replace(quote * 2, quote)
            cells.append(re.sub(r"\\(.)", r"\1", value) if dialect.escape else value)
            position = end.end()
        else:
            if text.startswith(quote, begin):
                issue = NEVER_CLOSED
                begin += 1
            position = text.find(dialect.delimiter, begin)
            position = len(text) if position < 0 else position
            cells.append(text[begin:position])
        if position >= len(text):
            return cells, issue
        position += len(dialect.delimiter)


def _closing_quote(text: str, begin: int, closing: re.Pattern[str], dialect: Dialect) -> re.Match[str] | None:
    """Return the quotation marks that close a cell, None where nothing does.

    Their number is odd, since a doubled one is part of the value.
    """
    for end in closing.finditer(text, begin + 1):
        escaped = dialect.escape and text[end.start() - 1] == "\\"
        if len(end[1]) % 2 == 1 and not escaped:
            return end
    return None
