"""Text files: how one is encoded, separated and headed is found from the file itself, and can be chosen instead."""

from __future__ import annotations

import codecs
import hashlib
import stat
import statistics
from collections.abc import Iterator
from pathlib import Path

from trackly_desktop.files import header_detection
from trackly_desktop.files.table import DetectedFormat, FileProblem, FormatOptions, Row, Table, unique_column_names
from trackly_desktop.files.text import encoding_detection
from trackly_desktop.files.text.csv_dialect import find_dialect, named_delimiter
from trackly_desktop.files.text.csv_records import CUT_OFF, Dialect, Record, parse_records
from trackly_desktop.files.text.encoding_detection import CODECS, ERROR_HANDLER, Encoding, EncodingDetector
from trackly_desktop.files.text.line_reader import read_lines

_SAMPLE = 400_000
_BLOCK = 1 << 20

_NOT_TEXT = (
    (b"PK\x03\x04", "This is a zip file; take the CSV file out of it, and import that"),
    (b"%PDF", "This is a PDF; a table is needed: save it as CSV where it was made"),
    (b"\x89PNG", "This is a picture; a table is needed"),
    (b"\xff\xd8\xff", "This is a picture; a table is needed"),
    (b"GIF8", "This is a picture; a table is needed"),
    (b"\x1f\x8b", "This is a compressed file; unpack it, and import the CSV file in it"),
    (b"SQLite format 3", "This is a database; save its table as CSV, and import that"),
    (b"{\\rtf", "This is a text document; a table is needed: save it as CSV where it was made"),
)
_NOT_TABLES = (
    (
        ("<!doctype html", "<html", "<table"),
        "This is a web page, whatever its name; open it in Excel, and save it as CSV",
    ),
    (("<?xml",), "This is an XML file, whatever its name; open it in Excel, and save it as CSV or .xlsx"),
    (("begin:vcard",), "These are address cards (vCard); export the contacts as CSV instead"),
    (("{", "[{"), "This is JSON; a table is needed: export it as CSV"),
)


def open_table(path: Path, options: FormatOptions = FormatOptions()) -> Table:
    """Opens a text file. Raises FileProblem."""
    first = first_bytes(path)
    for mark, words in _NOT_TEXT:
        if first.startswith(mark):
            raise FileProblem(words)
    found, fingerprint, size = _survey(path, first, options.encoding)
    sample, whole = _sample(path, found.codec)
    _must_be_table(sample)
    named = named_delimiter(sample)
    dialect, records = find_dialect(
        _below(sample, 1) if named else sample, whole=whole, delimiter=options.delimiter or named
    )
    return _Text(path, found, dialect, records, named=named is not None).table(options, fingerprint, size)


def first_bytes(path: Path) -> bytes:
    """The beginning of a file that can be read twice. Raises FileProblem."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise FileProblem("This is a folder; choose one file in it")
        if not stat.S_ISREG(mode):
            raise FileProblem("This is not a file that can be read twice; save it to the disk first")
        with path.open("rb") as file:
            first = file.read(_BLOCK)
    except FileNotFoundError as error:
        raise FileProblem("The file is not there any more; it was moved, renamed or deleted") from error
    except PermissionError as error:
        raise FileProblem("The file may not be read; close it in other programs, or ask for access") from error
    except OSError as error:
        raise FileProblem(f"The file cannot be read: {error.strerror}") from error
    if not first.strip(b"\0 \t\r\n") or first.strip() in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise FileProblem("The file is empty")
    return first


def _survey(path: Path, first: bytes, encoding: str | None) -> tuple[Encoding, str, int]:
    """How the file's letters are read, its fingerprint (SHA-256) and its size."""
    detect_by_bom = encoding_detection.detect_by_bom(first)
    known = detect_by_bom
    if encoding is not None and (detect_by_bom is None or detect_by_bom.name != encoding):
        known = Encoding(encoding, _codec(encoding))
    if known is None and first[:8_000].count(0) * 3 > len(first[:8_000]):
        raise FileProblem("This is not a text file; a CSV file or an Excel workbook is needed")
    survey = EncodingDetector() if known is None else None
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
                if survey is not None:
                    survey.feed(block)
    except OSError as error:
        raise FileProblem(f"The file cannot be read: {error.strerror}") from error
    return known or survey.letters(), digest.hexdigest(), size  # type: ignore[union-attr]


def _codec(encoding: str) -> str:
    try:
        name = codecs.lookup(CODECS.get(encoding.strip().lower(), encoding)).name
        b"".decode(name)  # Python has codecs that are no encodings of text
        return name
    except (LookupError, ValueError) as error:
        raise FileProblem(f"There is no encoding called {encoding}; there are {', '.join(CODECS)}") from error


def _sample(path: Path, codec: str) -> tuple[str, bool]:
    """The file's beginning, and whether it is the whole file."""
    decoder = codecs.getincrementaldecoder(codec)(errors=ERROR_HANDLER)
    with path.open("rb") as file:
        raw = file.read(_SAMPLE)
        whole = not file.read(1)
    text = decoder.decode(raw, final=whole).replace("\0", "").lstrip("\ufeff")
    return text.rstrip("\x1a") if whole else text, whole


def _must_be_table(sample: str) -> None:
    begin = sample[:2_000].lstrip("\ufeff \t\r\n").lower()
    for signs, words in _NOT_TABLES:
        if begin.startswith(signs):
            raise FileProblem(words)
    some = sample[:20_000]
    odd = sum(1 for sign in some if sign < " " and sign not in "\t\r\n")
    if odd * 20 > len(some):
        raise FileProblem("This is not a text file; a CSV file or an Excel workbook is needed")


def _below(text: str, lines: int) -> str:
    return "".join(text.splitlines(keepends=True)[lines:])


class _Text:
    """A text file whose letters and dialect are known."""

    def __init__(self, path: Path, found: Encoding, dialect: Dialect, records: list[Record], *, named: bool) -> None:
        self._path, self._letters, self._dialect, self._records = path, found, dialect, records
        self._skip = 1 if named else 0

    def table(self, options: FormatOptions, fingerprint: str, size: int) -> Table:
        """Raises FileProblem where there is nothing in it, or no such header."""
        if not self._records:
            self._records = [next(self._every(0), None) or _nothing()]
        header, begin = self._header(options)
        widths = [len(one.cells) for one in self._records]
        width = len(header.cells) if header is not None else statistics.mode(widths)
        names = header.cells if header is not None else [""] * width
        how = DetectedFormat(
            kind="csv",
            encoding=self._letters.name,
            delimiter=self._dialect.delimiter,
            header_row=header.line if header is not None else None,
            fingerprint=fingerprint,
            size=size,
            others=self._letters.others,
            reading=self._letters.sample,
        )
        return Table(unique_column_names(names), how, lambda: self._rows(begin, width))

    def _header(self, options: FormatOptions) -> tuple[Record | None, int]:
        """The record that names the columns, if one does, and the first line that may be a row."""
        lines = [one.line + self._skip for one in self._records]
        at, begin = header_detection.locate_table(lines, [one.cells for one in self._records], options.header)
        return None if at is None else self._records[at]._replace(line=lines[at]), begin

    def _every(self, width: int) -> Iterator[Record]:
        lines = read_lines(self._path, self._letters.codec, at_returns=self._dialect.at_returns)
        for _ in range(self._skip):
            next(lines, None)
        for record in parse_records(lines, self._dialect, width):
            yield record._replace(line=record.line + self._skip) if self._skip else record

    def _rows(self, begin: int, width: int) -> Iterator[Row]:
        number = 0
        last: Row | None = None
        full = True
        for record in self._every(width):
            if record.line < begin:
                continue
            if last is not None:
                yield last
                full = full and len(last.cells) >= width
            number += 1
            last = Row(number, record.line, record.cells, record.issue)
        if last is not None:
            cut_off = (
                full and number > 1 and len(last.cells) < width and last.issue is None and not self._ends_with_line()
            )
            yield last._replace(issue=CUT_OFF) if cut_off else last

    def _ends_with_line(self) -> bool:
        with self._path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - 4))
            return file.read().rstrip(b"\0\x1a").endswith((b"\n", b"\r"))


def _nothing() -> Record:
    raise FileProblem("The file is empty")
