"""Lines cut into records of cells: as the csv module does it, and where a row is not as it should be, with care.

A quotation mark that is never closed does not swallow the rows below it; a carriage return in a value does not end the
row; what could not be read as it was meant is told with its row.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from trackly_desktop.contacts.issues import Issue, IssueCode
from trackly_desktop.files.text.encoding_detection import escape_undecodable, first_undecodable, has_undecodable
from trackly_desktop.files.text.line_reader import LONGEST_ROW, too_long

NEVER_CLOSED = Issue(IssueCode.ROW_QUOTE_NOT_CLOSED)
CUT_OFF = Issue(IssueCode.ROW_CUT_OFF)


class Dialect(NamedTuple):
    """How cells are separated and quoted. `escape`: a backslash before a quotation mark keeps it.

    `wrapped`: each line is in quotation marks as a whole, as a spreadsheet saves a file that it took for one column.
    """

    delimiter: str
    escape: bool = False
    skip_blanks: bool = False
    at_returns: bool = False
    wrapped: bool = False
    quote: str = '"'


class Record(NamedTuple):
    """A record, blank ones left out. `line` is where it starts, from 1; `issue` is why its cells may not be as they were meant.

    `is_plain`: it is written as the dialect has it, to the letter.
    """

    line: int
    cells: list[str]
    issue: Issue | None = None
    is_plain: bool = True


class _LineBuffer(Iterator[str]):
    """The lines, remembering which went into the record that is being read: they can be given again."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self.given: list[str] = []
        self.line = 0
        self._size = 0

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.given.append(line)
        self.line += 1
        self._size += len(line)
        if self._size > LONGEST_ROW:
            raise _RowTooLong
        return line

    def begin(self) -> None:
        """The next record starts here."""
        self.given.clear()
        self._size = 0

    def push_back(self, lines: list[str]) -> None:
        self._again.extendleft(reversed(lines))


class _RowTooLong(Exception):
    pass


def parse_records(lines: Iterable[str], dialect: Dialect, width: int = 0) -> Iterator[Record]:
    """The records of these lines; `width` is how many cells most have, where that is known. Raises FileProblem."""
    csv.field_size_limit(LONGEST_ROW)
    if dialect.wrapped:
        yield from _unwrapped(lines, dialect)
        return
    feed = _LineBuffer(lines)
    reader = _reader(feed, dialect)
    while True:
        feed.begin()
        start = feed.line + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _RowTooLong):
            reader = _reader(feed, dialect)
            first, *rest = feed.given
            feed.line -= len(rest)
            for extra, record in enumerate(_with_care(first, start, dialect, width, is_last=not rest)):
                feed.line = max(feed.line, start + extra)  # rows that a carriage return parts are lines of their own
                yield from _told(record)
            feed.push_back(rest)
            continue
        if any(cells):
            yield from _told(Record(start, cells))


def _unwrapped(lines: Iterable[str], dialect: Dialect) -> Iterator[Record]:
    inner = dialect._replace(wrapped=False)
    for record in parse_records(lines, inner):
        if len(record.cells) > 1:
            yield record
        else:
            yield from (one._replace(line=record.line) for one in parse_records([record.cells[0]], inner))


def _reader(feed: Iterator[str], dialect: Dialect) -> Iterator[list[str]]:
    return csv.reader(
        feed,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        escapechar="\\" if dialect.escape else None,
        skipinitialspace=dialect.skip_blanks,
        strict=True,
    )


def _told(record: Record) -> Iterator[Record]:
    """Nothing for a blank record; bytes that the encoding does not have are spelt out and named."""
    whole = "".join(record.cells)
    if not whole or whole.isspace():
        return
    if has_undecodable(whole):
        byte = next(first_undecodable(cell) for cell in record.cells if has_undecodable(cell))
        undecodable = Issue(IssueCode.ROW_UNDECODABLE, params={"byte": byte})
        spelt = [escape_undecodable(cell) for cell in record.cells]
        record = record._replace(cells=spelt, issue=record.issue or undecodable)
    yield record


def _with_care(line: str, start: int, dialect: Dialect, width: int, *, is_last: bool) -> Iterator[Record]:
    """One line in which something is wrong."""
    if len(line) > LONGEST_ROW:
        raise too_long(start)
    strip_text_prefix = line.rstrip("\r\n")
    if "\r" in strip_text_prefix:
        pieces = [_cells(piece, dialect) for piece in re.split(r"\r+", strip_text_prefix)]
        if all(len(cells) == (width or len(pieces[0][0])) for cells, _ in pieces) and len(pieces[0][0]) > 1:
            for place, (cells, issue) in enumerate(pieces):
                yield Record(start + place, cells, issue, is_plain=False)
            return
    cells, issue = _cells(strip_text_prefix, dialect)
    if issue is not None and is_last and not line.endswith(("\n", "\r")):
        issue = CUT_OFF
    yield Record(start, cells, issue, is_plain=False)


def _cells(text: str, dialect: Dialect) -> tuple[list[str], Issue | None]:
    """The cells of one line: a quotation mark closes where a delimiter follows it; one that never does is a sign like others."""
    cells: list[str] = []
    issue: Issue | None = None
    at = 0
    quote = dialect.quote
    closing = re.compile(f"({quote}+)[ \\t]*(?={re.escape(dialect.delimiter)}|$)")
    while True:
        begin = at + len(text[at:]) - len(text[at:].lstrip(" ")) if dialect.skip_blanks else at
        end = _closing(text, begin, closing, dialect) if text.startswith(quote, begin) else None
        if end is not None:
            inside = text[begin + 1 : end.end(1) - 1].replace(quote * 2, quote)
            cells.append(re.sub(r"\\(.)", r"\1", inside) if dialect.escape else inside)
            at = end.end()
        else:
            if text.startswith(quote, begin):
                issue = NEVER_CLOSED
                begin += 1
            stop = text.find(dialect.delimiter, begin)
            stop = len(text) if stop < 0 else stop
            cells.append(text[begin:stop])
            at = stop
        if at >= len(text):
            return cells, issue
        at += len(dialect.delimiter)


def _closing(text: str, begin: int, closing: re.Pattern[str], dialect: Dialect) -> re.Match[str] | None:
    """The quotation marks that close the cell: an odd number of them, since a doubled one is one of the value."""
    for end in closing.finditer(text, begin + 1):
        escaped = dialect.escape and text[end.start() - 1] == "\\"
        if len(end[1]) % 2 == 1 and not escaped:
            return end
    return None
