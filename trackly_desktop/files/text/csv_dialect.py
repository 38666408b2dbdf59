"""Detect how a text file is separated and quoted.

Each dialect is tried on the first lines of the file, and the one that gives the most even records wins.

csv.Sniffer fails on title lines and single columns; clevercsv 0.8 finds no quotation marks in a plainly quoted file and
splits a column of names at its blanks. A contact list needs few dialects, and its marks are known: records of one width,
and a column of phone numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice, product

from trackly_desktop.contacts.phone_notation import looks_like_phone
from trackly_desktop.files.table import FileProblem
from trackly_desktop.files.text.csv_records import Dialect, Record, parse_records
from trackly_desktop.files.text.line_reader import split_lines
from trackly_desktop.files.text.text_formats import DELIMITERS

_MOST_RECORDS = 300
_SEP_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?\s*[\r\n]")


def named_delimiter(sample: str) -> str | None:
    """Return the delimiter of Excel's first line "sep=;", None without such a line."""
    match = _SEP_LINE.match(sample)
    return match[1] if match else None


def detect_dialect(sample: str, *, whole: bool, delimiter: str | None) -> tuple[Dialect, list[Record]]:
    """Return the dialect that fits a file's first lines best, and their records in it.

    Args:
        sample: the beginning of the file.
        whole: whether the sample is the whole file.
        delimiter: the delimiter where it is known, None where it is to be detected.
    """
    at_returns = ends_at_returns(sample)
    lines = sample_lines(sample, whole=whole, at_returns=at_returns)
    dialects = _possible_dialects(sample, delimiter, at_returns=at_returns)
    score, dialect, records = _best_of(lines, dialects)
    if score <= 0 and lines and all(line.startswith('"') for line in lines if line.strip()):
        wrapped = (
            Dialect(tried, at_returns=at_returns, wrapped=True)
            for tried in ((delimiter,) if delimiter else tuple(DELIMITERS))
        )
        wrapped_score, wrapped_dialect, wrapped_records = _best_of(lines, wrapped)
        if wrapped_score > score:
            score, dialect, records = wrapped_score, wrapped_dialect, wrapped_records
    if score <= 0 and not delimiter:
        dialect = Dialect(",", dialect.escape, dialect.skip_blanks, at_returns)
        records = _parse_some(lines, dialect)
    return dialect, records


def ends_at_returns(sample: str) -> bool:
    """Return whether lines end at carriage returns alone.

    Line ends within quotation marks do not count.
    """
    unquoted = re.sub(r'"(?:[^"]|"")*"', "", sample)
    alone = len(re.findall(r"\r(?![\r\n])", unquoted[:-1]))
    return alone > unquoted.count("\n")


def sample_lines(sample: str, *, whole: bool, at_returns: bool) -> list[str]:
    """Return the complete lines of a file's beginning."""
    lines, rest = split_lines(sample, at_returns=at_returns)
    return [*lines, rest] if rest and (whole or not lines) else lines


def _possible_dialects(sample: str, delimiter: str | None, *, at_returns: bool) -> Iterator[Dialect]:
    delimiters = (delimiter,) if delimiter else tuple(DELIMITERS)
    escapes = (False, True) if '\\"' in sample else (False,)
    quotes = ('"', "'") if re.search(r"(?m)^'[^'\r\n]*'[,;\t|]'", sample) else ('"',)
    for tried, escape, quote in product(delimiters, escapes, quotes):
        blanks = (False, True) if re.search(re.escape(tried) + r" +\"", sample) else (False,)
        for skip_blanks in blanks:
            yield Dialect(tried, escape, skip_blanks, at_returns, quote=quote)


def _best_of(lines: list[str], dialects: Iterator[Dialect]) -> tuple[float, Dialect, list[Record]]:
    """Return the first of the dialects that scores best, with its score and records."""
    results = ((dialect, _parse_some(lines, dialect)) for dialect in dialects)
    scored = ((_evenness(records), dialect, records) for dialect, records in results)
    return max(scored, key=lambda result: result[0])


def _parse_some(lines: list[str], dialect: Dialect) -> list[Record]:
    try:
        return list(islice(parse_records(lines, dialect), _MOST_RECORDS))
    except FileProblem:
        return []


def _evenness(records: list[Record]) -> float:
    """Return the share of records of one width; 0 where they are no table.

    Wide records and columns of phone numbers add to it, broken quotation marks take from it.
    """
    widths = Counter(len(record.cells) for record in records)
    if not widths:
        return 0.0
    if len(widths) > 1 and _is_list_of_numbers(records):
        return 1.0
    width, rows = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
    # A single column in whose values a delimiter stands now and then is no table of two columns.
    if width < 2 or (rows <= widths[1] and (rows < 2 or width < 3)):
        return 0.0
    broken = sum(_brokenness(record) for record in records)
    phones = Counter(index for record in records for index, cell in enumerate(record.cells) if looks_like_phone(cell))
    has_phones = any(count * 2 >= rows for count in phones.values())
    return (rows - broken) / len(records) + min(width, 50) / 1000 + 0.3 * has_phones


def _is_list_of_numbers(records: list[Record]) -> bool:
    """Return whether all cells are phone numbers, several of them on most lines."""
    cells = [cell for record in records for cell in record.cells if cell.strip()]
    lists = sum(len(record.cells) > 1 for record in records)
    return lists * 2 >= len(records) and all(looks_like_phone(cell) for cell in cells)


def _brokenness(record: Record) -> float:
    """Return how far a record is from being written in the dialect, 0 to 1."""
    if record.issue is not None:
        return 1.0
    behind_blanks = any(cell.startswith(" ") and cell.lstrip().startswith('"') for cell in record.cells)
    in_apostrophes = all(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in record.cells if cell)
    return 0.5 if behind_blanks or in_apostrophes or not record.is_plain else 0.0
