"""How a text file is separated and quoted: every way is tried on its beginning, and the one that gives rows wins.

csv.Sniffer fails on title lines and single columns, clevercsv 0.8 finds no quotation marks in a plainly quoted file and
splits a column of names at its blanks; so the ways are few, and what is looked for is known: rows of one width, and a
column of phone numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice, product

from trackly_desktop.contacts.value_patterns import looks_like_phone
from trackly_desktop.files.table import FileProblem
from trackly_desktop.files.text.csv_records import Dialect, Record, parse_records
from trackly_desktop.files.text.line_reader import split, split_at_returns

DELIMITERS = (",", ";", "\t", "|")
_LOOKED_AT = 300
_NAMED = re.compile(r"\ufeff?\"?sep=(.)\"?\s*[\r\n]")


def named_delimiter(sample: str) -> str | None:
    """What Excel's own first line "sep=;" says; the line is no row."""
    found = _NAMED.match(sample)
    return found[1] if found else None


def find_dialect(sample: str, *, whole: bool, delimiter: str | None) -> tuple[Dialect, list[Record]]:
    """The way in which this beginning of a file (or all of it) is best cut into records, and those records."""
    at_returns = ends_at_returns(sample)
    lines = sample_lines(sample, whole=whole, at_returns=at_returns)
    delimiters = (delimiter,) if delimiter else DELIMITERS
    escapes = (False, True) if '\\"' in sample else (False,)
    best: tuple[float, Dialect, list[Record]] | None = None
    quotes = ('"', "'") if re.search(r"(?m)^'[^'\r\n]*'[,;\t|]'", sample) else ('"',)
    for one, escape, quote in product(delimiters, escapes, quotes):
        blanks = (False, True) if re.search(re.escape(one) + r" +\"", sample) else (False,)
        for skip_blanks in blanks:
            dialect = Dialect(one, escape, skip_blanks, at_returns, quote=quote)
            records = _some(lines, dialect)
            value = _evenness(records)
            if best is None or value > best[0]:
                best = (value, dialect, records)
    assert best is not None
    value, dialect, records = best
    if value <= 0 and lines and all(line.startswith('"') for line in lines if line.strip()):
        for one in delimiters:
            wrapped = Dialect(one, at_returns=at_returns, wrapped=True)
            found = _some(lines, wrapped)
            if _evenness(found) > value:
                value, dialect, records = _evenness(found), wrapped, found
    if value <= 0 and not delimiter:
        dialect = Dialect(",", dialect.escape, dialect.skip_blanks, at_returns)
        records = _some(lines, dialect)
    return dialect, records


def ends_at_returns(sample: str) -> bool:
    """Whether lines end at carriage returns alone: those in quotation marks do not count."""
    strip_text_prefix = re.sub(r'"(?:[^"]|"")*"', "", sample)
    alone = len(re.findall(r"\r(?![\r\n])", strip_text_prefix[:-1]))
    return alone > strip_text_prefix.count("\n")


def sample_lines(sample: str, *, whole: bool, at_returns: bool) -> list[str]:
    """The lines of a file's beginning; the last is left out where it may have been cut."""
    lines, rest = (split_at_returns if at_returns else split)(sample)
    return [*lines, rest] if rest and (whole or not lines) else lines


def _some(lines: list[str], dialect: Dialect) -> list[Record]:
    try:
        return list(islice(parse_records(lines, dialect), _LOOKED_AT))
    except FileProblem:
        return []


def _evenness(records: list[Record]) -> float:
    """The share of records that are of one width; wider is better, phone numbers more so, broken quotes worse."""
    widths = Counter(len(one.cells) for one in records)
    if not widths:
        return 0.0
    width, rows = max(widths.items(), key=lambda one: (one[1] * (one[0] > 1), one[0]))
    # A column of one thing, in which a separator stands now and then, is no table of two.
    if width < 2 or (rows <= widths[1] and (rows < 2 or width < 3)):
        return 0.0
    broken = sum(_broken(one) for one in records)
    phones = Counter(at for one in records for at, cell in enumerate(one.cells) if looks_like_phone(cell))
    has_phones = any(count * 2 >= rows for count in phones.values())
    return (rows - broken) / len(records) + min(width, 50) / 1000 + 0.3 * has_phones


def _broken(record: Record) -> float:
    """How far a record is from being written in the dialect: a quotation mark behind blanks says that it is another."""
    if record.issue is not None:
        return 1.0
    behind_blanks = any(cell.startswith(" ") and cell.lstrip().startswith('"') for cell in record.cells)
    in_others = all(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in record.cells if cell)
    return 0.5 if behind_blanks or in_others or not record.is_plain else 0.0
