"""Read text files as tables.

Encoding, delimiter and header are detected, and can be chosen instead.
"""

from __future__ import annotations

import codecs
import os
import stat
import statistics
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from trackly_desktop.files.header_detection import is_list_of_numbers, locate_table, surplus_width
from trackly_desktop.files.other_documents import require_no_document_folder, web_address_problem
from trackly_desktop.files.row_marks import mark_other_tables, one_row_per_number
from trackly_desktop.files.table import DetectedFormat, FileProblem, FormatOptions, Row, Table, unique_column_names
from trackly_desktop.files.text.csv_dialect import detect_dialect, named_delimiter
from trackly_desktop.files.text.csv_records import CUT_OFF, Dialect, Record, parse_records
from trackly_desktop.files.text.encoding_detection import ERROR_HANDLER, Encoding, EncodingDetector, detect_by_bom
from trackly_desktop.files.text.line_reader import read_lines
from trackly_desktop.files.text.text_formats import ENCODINGS
from trackly_desktop.system.files import FileDigest, digest_file

_SAMPLE_BYTES = 400_000
_FIRST_BYTES = 1 << 20

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
    """Open a text file as a table.

    Raises:
        FileProblem: the file cannot be read, or is not a table.
    """
    first = first_bytes(path)
    for signature, problem in _NOT_TEXT:
        if first.startswith(signature):
            raise FileProblem(problem)
    encoding, digest = _detect_encoding(path, first, options.encoding)
    sample, whole = _read_sample(path, encoding.codec)
    _require_table(sample)
    named = named_delimiter(sample)
    below_sep_line = "".join(sample.splitlines(keepends=True)[1:]) if named else sample
    dialect, records = detect_dialect(below_sep_line, whole=whole, delimiter=options.delimiter or named)
    file = _TextFile(path, encoding, dialect, has_sep_line=named is not None)
    return file.table(records, options, digest)


def first_bytes(path: Path) -> bytes:
    """Return the beginning of a file that can be read twice.

    Raises:
        FileProblem: the file is missing, empty, not readable, or no regular file.
    """
    if (problem := web_address_problem(path.as_posix())) and not os.path.exists(path):
        raise FileProblem(problem)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            require_no_document_folder(path)
            raise FileProblem("This is a folder; choose one file in it")
        if not stat.S_ISREG(mode):
            raise FileProblem("This is not a file that can be read twice; save it to the disk first")
        with path.open("rb") as file:
            first = file.read(_FIRST_BYTES)
    except FileProblem:
        raise
    except FileNotFoundError as error:
        raise FileProblem("The file is not there any more; it was moved, renamed or deleted") from error
    except PermissionError as error:
        raise FileProblem("The file may not be read; close it in other programs, or ask for access") from error
    except (OSError, ValueError) as error:  # a zero byte in the path is a ValueError
        words = error.strerror if isinstance(error, OSError) else "its name is impossible"
        raise FileProblem(f"The file cannot be read: {words}") from error
    if not first.strip(b"\0 \t\r\n") or first.strip() in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise FileProblem("The file is empty")
    return first


def _detect_encoding(path: Path, first: bytes, chosen: str | None) -> tuple[Encoding, FileDigest]:
    """Return the file's encoding and its digest; the file is read once for both."""
    encoding = detect_by_bom(first)
    if chosen is not None and (encoding is None or encoding.name != chosen):
        codec = _codec_of(chosen)
        # Python's own codec refuses a file without a byte order mark; Windows writes the low byte first.
        encoding = Encoding(chosen, f"{codec}-le" if codec in ("utf-16", "utf-32") else codec)
    if encoding is None and first[:8_000].count(0) * 3 > len(first[:8_000]):
        raise FileProblem("This is not a text file; a CSV file or an Excel workbook is needed")
    detector = EncodingDetector()
    try:
        digest = digest_file(path, detector.feed if encoding is None else None)
    except OSError as error:
        raise FileProblem(f"The file cannot be read: {error.strerror}") from error
    return encoding or detector.result(), digest


def _codec_of(name: str) -> str:
    try:
        choice = ENCODINGS.get(name.strip().lower())
        codec = codecs.lookup(choice.codec if choice else name).name
        b"".decode(codec)  # Python has codecs that are no encodings of text
        return codec
    except (LookupError, ValueError) as error:
        raise FileProblem(f"There is no encoding called {name}; there are {', '.join(ENCODINGS)}") from error


def _read_sample(path: Path, codec: str) -> tuple[str, bool]:
    """Return the decoded beginning of the file, and whether it is the whole file."""
    decoder = codecs.getincrementaldecoder(codec)(errors=ERROR_HANDLER)
    with path.open("rb") as file:
        raw = file.read(_SAMPLE_BYTES)
        whole = not file.read(1)
    text = decoder.decode(raw, final=whole).replace("\0", "").lstrip("\ufeff")
    return text.rstrip("\x1a") if whole else text, whole


def _require_table(sample: str) -> None:
    begin = sample[:2_000].lstrip("\ufeff \t\r\n").lower()
    for starts, problem in _NOT_TABLES:
        if begin.startswith(starts):
            raise FileProblem(problem)
    text = sample[:20_000]
    controls = sum(1 for character in text if character < " " and character not in "\t\r\n")
    if controls * 20 > len(text):
        raise FileProblem("This is not a text file; a CSV file or an Excel workbook is needed")


class _TextFile:
    """A text file whose encoding and dialect are known."""

    def __init__(self, path: Path, encoding: Encoding, dialect: Dialect, *, has_sep_line: bool) -> None:
        self._path, self._encoding, self._dialect = path, encoding, dialect
        self._skipped_lines = 1 if has_sep_line else 0

    def table(self, first_records: list[Record], options: FormatOptions, digest: FileDigest) -> Table:
        """Return the file as a table.

        Args:
            first_records: the records that the file begins with, counted below a line "sep=;".
            options: the operator's choices.
            digest: the file's fingerprint and size.

        Raises:
            FileProblem: the file is empty, or has nothing at the chosen header.
        """
        records = [self._at_own_line(record) for record in first_records] or [*islice(self._records(), 1)]
        if not records:
            raise FileProblem("The file is empty")
        lines = [record.line for record in records]
        header_index, first_line = locate_table(lines, [record.cells for record in records], options.header)
        data = [record.cells for record in records if record.line >= first_line]
        is_list = header_index is None and is_list_of_numbers(data)
        if header_index is None:
            names = [""] * (1 if is_list else statistics.mode(len(record.cells) for record in records))
            unnamed_columns = 0
        else:
            names = records[header_index].cells
            unnamed_columns = surplus_width(len(names), data)
            names = [*names, *[""] * unnamed_columns]
        how = DetectedFormat(
            kind="csv",
            encoding=self._encoding.name,
            delimiter=self._dialect.delimiter,
            header_row=None if header_index is None else lines[header_index],
            fingerprint=digest.sha256,
            size=digest.size,
            unnamed_columns=unnamed_columns,
            others=self._encoding.others,
            reading=self._encoding.sample,
        )
        header = unique_column_names(names)
        if is_list:
            return Table(header, how, lambda: one_row_per_number(self._rows(first_line, 1)))
        return Table(header, how, lambda: mark_other_tables(header, self._rows(first_line, len(names))))

    def _at_own_line(self, record: Record) -> Record:
        return record._replace(line=record.line + self._skipped_lines)

    def _records(self, width: int = 0) -> Iterator[Record]:
        lines = read_lines(self._path, self._encoding.codec, at_returns=self._dialect.at_returns)
        records = parse_records(islice(lines, self._skipped_lines, None), self._dialect, width)
        return map(self._at_own_line, records) if self._skipped_lines else records

    def _rows(self, first_line: int, width: int) -> Iterator[Row]:
        number = 0
        last: Row | None = None
        all_full = True
        for record in self._records(width):
            if record.line < first_line:
                continue
            if last is not None:
                yield last
                all_full = all_full and len(last.cells) >= width
            number += 1
            last = Row(number, record.line, record.cells, record.issue)
        if last is None:
            return
        is_short = all_full and number > 1 and len(last.cells) < width
        is_cut_off = is_short and last.issue is None and not self._ends_with_line_end()
        yield last._replace(issue=CUT_OFF) if is_cut_off else last

    def _ends_with_line_end(self) -> bool:
        with self._path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - 4))
            return file.read().rstrip(b"\0\x1a").endswith((b"\n", b"\r"))
