"""CSV files: how one is encoded and separated is found from the file itself, and can be chosen instead."""

from __future__ import annotations

import codecs
import csv
import hashlib
import re
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from trackly_desktop.imports.table import Choice, FileProblem, HowRead, Row, Table, named_columns

DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8", "windows-1252", "utf-16")
_SAMPLE = 200_000
_LARGEST_CELL = 1_000_000
_BLOCK = 1 << 20

_NOT_TEXT = (
    (b"PK\x03\x04", "This is an Excel or zip file; save it in Excel as “CSV UTF-8”, and import that"),
    (b"\xd0\xcf\x11\xe0", "This is an old Excel file; save it in Excel as “CSV UTF-8”, and import that"),
    (b"%PDF", "This is a PDF; a table is needed: save it as CSV where it was made"),
)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def open_table(path: Path, choice: Choice = Choice()) -> Table:
    """Opens a CSV file. Raises FileProblem."""
    first = _first_bytes(path)
    for mark, words in _NOT_TEXT:
        if first.startswith(mark):
            raise FileProblem(words)
    fingerprint, size, is_utf8 = _survey_bytes(path)
    encoding = choice.encoding or _encoding(first, is_utf8)
    if encoding != "utf-16" and b"\0" in first:
        raise FileProblem("This is not a text file; a CSV file is needed")
    sample, whole = _sample(path, encoding)
    skip = 1 if _names_separator(sample) else 0
    delimiter = choice.delimiter or _delimiter(sample, whole)
    top = _first_record(_records(path, encoding, delimiter, skip))
    has_header = _looks_like_header(top.cells) if choice.header is None else choice.header
    cells = top.cells if has_header else [""] * len(top.cells)
    how = HowRead(
        kind="csv",
        encoding=_shown(encoding),
        delimiter=delimiter,
        header_row=top.line if has_header else None,
        fingerprint=fingerprint,
        size=size,
    )

    def rows() -> Iterator[Row]:
        number = 0
        for record in _records(path, encoding, delimiter, skip):
            if has_header and record.line == top.line:
                continue
            number += 1
            yield Row(number, record.line, record.cells)

    return Table(named_columns(cells), how, rows)


def _first_bytes(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise FileProblem("This is a folder; choose one file in it")
        if not stat.S_ISREG(mode):
            raise FileProblem("This is not a file that can be read twice; save it to the disk first")
        with path.open("rb") as file:
            first = file.read(_BLOCK)
    except OSError as error:
        raise FileProblem(f"The file cannot be read: {error.strerror}") from error
    if not first.strip():
        raise FileProblem("The file is empty")
    return first


def _survey_bytes(path: Path) -> tuple[str, int, bool]:
    """The file's fingerprint (SHA-256) and size, and whether it is UTF-8 to its last byte."""
    digest, size = hashlib.sha256(), 0
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
                decoder = _still_utf8(decoder, block)
    except OSError as error:
        raise FileProblem(f"The file cannot be read: {error.strerror}") from error
    decoder = _still_utf8(decoder, b"", final=True)
    return digest.hexdigest(), size, decoder is not None


def _still_utf8(
    decoder: codecs.IncrementalDecoder | None, block: bytes, *, final: bool = False
) -> codecs.IncrementalDecoder | None:
    if decoder is not None:
        try:
            decoder.decode(block, final)
        except UnicodeDecodeError:
            return None
    return decoder


def _encoding(first: bytes, is_utf8: bool) -> str:
    for mark, name in _BOMS:
        if first.startswith(mark):
            return name
    return "utf-8" if is_utf8 else "windows-1252"


def _shown(encoding: str) -> str:
    return "utf-8" if encoding == "utf-8-sig" else encoding


def _sample(path: Path, encoding: str) -> tuple[str, bool]:
    """The file's beginning, and whether it is the whole file."""
    with path.open("rb") as file:
        raw = file.read(_SAMPLE)
        whole = not file.read(1)
    try:
        return codecs.getincrementaldecoder(encoding)().decode(raw), whole
    except (UnicodeDecodeError, LookupError) as error:
        raise _undecodable(encoding, error) from error


def _names_separator(sample: str) -> bool:
    # Excel's own first line "sep=;" says how the file is separated, and is no row.
    return re.match(r"\ufeff?\"?sep=.\"?\s*[\r\n]", sample) is not None


def _delimiter(sample: str, whole: bool) -> str:
    named = re.match(r"\ufeff?\"?sep=(.)", sample)
    if named:
        return named[1]
    scores = {one: _evenness(sample, one, whole) for one in DELIMITERS}
    best = max(DELIMITERS, key=lambda one: scores[one])
    return best if scores[best] > 0 else ","


def _evenness(sample: str, delimiter: str, whole: bool) -> float:
    """How well a delimiter cuts the sample into rows of one width: the share of such rows, wider being better."""
    lines = sample.splitlines(keepends=True)
    if not whole and len(lines) > 1:
        lines = lines[:-1]  # probably cut in the middle
    try:
        widths = Counter(len(cells) for cells in csv.reader(lines[:300], delimiter=delimiter) if cells)
    except csv.Error:
        return 0.0
    if not widths:
        return 0.0
    width, rows = max(widths.items(), key=lambda one: (one[1], one[0]))
    return 0.0 if width < 2 else rows / widths.total() + min(width, 50) / 1000


def _records(path: Path, encoding: str, delimiter: str, skip: int) -> Iterator[Row]:
    """Every record that is not blank; `number` is not counted here."""
    csv.field_size_limit(_LARGEST_CELL)
    line = 1
    try:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file, delimiter=delimiter)
            for cells in reader:
                start, line = line, reader.line_num + 1
                if start > skip and any(cell.strip() for cell in cells):
                    yield Row(0, start, cells)
    except UnicodeDecodeError as error:
        raise _undecodable(encoding, error, line) from error
    except csv.Error as error:
        raise FileProblem(f"The file breaks in the row that starts on line {line}: {error}") from error
    except (OSError, LookupError) as error:
        raise FileProblem(f"The file cannot be read: {error}") from error


def _undecodable(encoding: str, error: Exception, line: int = 0) -> FileProblem:
    if not isinstance(error, UnicodeDecodeError):
        return FileProblem(f"There is no encoding called {encoding}")
    byte = error.object[error.start]
    where = f" near line {line}" if line else ""
    return FileProblem(
        f"The file is not {_shown(encoding)}: it has the byte {byte:#04x}{where}; choose another encoding"
    )


def _first_record(records: Iterator[Row]) -> Row:
    record = next(records, None)
    if record is None:
        raise FileProblem("The file is empty")
    return record


_LIKE_DATA = re.compile(
    r"[+(]?[\d\s().\-/]{7,}$"  # a phone number or a date
    r"|\d[\d.,:]*$"  # a number or an IP address
    r"|[^@\s]+@[^@\s]+\.\w+$"
    r"|https?://"
)


def _looks_like_header(cells: list[str]) -> bool:
    """A header names things: no cell of it is itself a phone number, a date, an address or a bare number."""
    return not any(_LIKE_DATA.match(cell.strip().lstrip("'")) for cell in cells if cell.strip())
