"""Read Excel and OpenDocument workbooks as tables, with calamine.

Kinds: .xlsx, .xlsm, .xls, .xlsb and .ods.
"""

from __future__ import annotations

import datetime
import io
import itertools
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from trackly_desktop.contacts.issues import Issue, IssueCode
from trackly_desktop.contacts.value_patterns import looks_like_phone
from trackly_desktop.files.header_detection import locate_table
from trackly_desktop.files.table import DetectedFormat, FileProblem, FormatOptions, Row, Table, unique_column_names
from trackly_desktop.system.files import FileDigest, digest_file

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_MOST_BYTES = 1_000_000_000
"""Bytes of an unpacked workbook: more than a sheet of a million rows has."""
_FIRST_ROWS = 300
"""Rows at the top of a sheet from which its header is detected."""

UNREADABLE_CELL = Issue(IssueCode.ROW_CELL_NOT_A_TIME)

Cell = str | float | int | bool | datetime.datetime | datetime.date | datetime.time | datetime.timedelta


class _SheetRow(NamedTuple):
    """A row of a sheet that is not blank.

    `line` counts from 1; `cells` is None where one of them cannot be read.
    """

    line: int
    cells: list[str] | None


def is_workbook(first_bytes: bytes) -> bool:
    """Return whether a file that begins with these bytes is a workbook."""
    if first_bytes.startswith(_OLE):
        return True
    # The names of a zip file's parts come early in it, and show whether it is a workbook.
    parts = (b"[Content_Types].xml", b"xl/", b"mimetypeapplication/vnd.oasis")
    return first_bytes.startswith(_ZIP) and any(part in first_bytes for part in parts)


def open_table(path: Path, options: FormatOptions = FormatOptions()) -> Table:
    """Open a sheet as a table: the chosen one, or the first that has phone numbers.

    Raises:
        FileProblem: the workbook or the sheet cannot be read, or is empty.
    """
    raw, digest = _read(path)
    book = _open_book(raw)
    sheet = _choose_sheet(book, options.sheet)
    first_rows = sheet.first_rows
    if not first_rows:
        raise FileProblem(f"The sheet “{sheet.name}” is empty; choose another")
    lines = [row.line for row in first_rows]
    cells_of_rows = [row.cells or [] for row in first_rows]
    header_index, first_line = locate_table(lines, cells_of_rows, options.header)
    names = [] if header_index is None else cells_of_rows[header_index]
    width = max(map(len, cells_of_rows)) if header_index is None else max(_filled_width(names), 1)
    how = DetectedFormat(
        kind=_kind(raw),
        encoding=None,
        delimiter=None,
        header_row=None if header_index is None else lines[header_index],
        sheet=sheet.name,
        fingerprint=digest.sha256,
        size=digest.size,
        sheets=tuple(book.sheet_names),
    )
    header = unique_column_names((names + [""] * width)[:width])
    return Table(header, how, lambda: sheet.rows_from(first_line, width))


def _read(path: Path) -> tuple[bytes, FileDigest]:
    content = io.BytesIO()
    try:
        digest = digest_file(path, content.write)
    except OSError as error:
        raise FileProblem(f"The file cannot be read: {error.strerror}") from error
    raw = content.getvalue()
    if raw.startswith(_ZIP):
        _require_unpackable(raw)
    return raw, digest


def _require_unpackable(raw: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            size = sum(part.file_size for part in parts.infolist())
    except zipfile.BadZipFile as error:
        raise FileProblem("This workbook is damaged or was cut off; save it anew, or as CSV") from error
    if size > _MOST_BYTES:
        raise FileProblem("This workbook is too large once it is unpacked; save the sheet as CSV, and import that")


def _open_book(raw: bytes) -> CalamineWorkbook:
    import python_calamine as calamine

    locked = "This workbook is locked with a password; save it without one, and import that"
    try:
        return calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
    except calamine.PasswordError as error:
        raise FileProblem(locked) from error
    except (calamine.CalamineError, ValueError, OSError) as error:
        if raw.startswith(_OLE) and "Encrypt".encode("utf-16-le") in raw:
            raise FileProblem(locked) from error
        raise FileProblem("This workbook cannot be read; open it in Excel, and save it as CSV or .xlsx") from error


def _kind(raw: bytes) -> str:
    if raw.startswith(_OLE):
        return "xls"
    if b"mimetypeapplication/vnd.oasis" in raw[:200]:
        return "ods"
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        names = set(parts.namelist())
    if "content.xml" in names:
        return "ods"
    return "xlsb" if "xl/workbook.bin" in names else "xlsx"


def _choose_sheet(book: CalamineWorkbook, name: str | None) -> _Sheet:
    if not book.sheet_names:
        raise FileProblem("There is no sheet in this workbook")
    if name is not None:
        chosen = next((sheet for sheet in book.sheet_names if sheet.casefold() == name.strip().casefold()), None)
        if chosen is None:
            names = ", ".join(f"“{sheet}”" for sheet in book.sheet_names)
            raise FileProblem(f"There is no sheet “{name}”; there are {names}")
        return _open_sheet(book, chosen)
    visible = [sheet.name for sheet in book.sheets_metadata if str(sheet.visible).endswith(".Visible")]
    candidates = visible or book.sheet_names
    first_filled: _Sheet | None = None
    for candidate in candidates:
        try:
            sheet = _open_sheet(book, candidate)
        except FileProblem:  # a chart, or damaged: another sheet may do
            continue
        if any(looks_like_phone(cell) for row in sheet.first_rows for cell in row.cells or ()):
            return sheet
        first_filled = first_filled or (sheet if sheet.first_rows else None)
    return first_filled or _open_sheet(book, candidates[0])


def _open_sheet(book: CalamineWorkbook, name: str) -> _Sheet:
    import python_calamine as calamine

    try:
        return _Sheet(book.get_sheet_by_name(name))
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise FileProblem(f"The sheet “{name}” cannot be read; save it as CSV, and import that") from error


def _filled_width(cells: Sequence[str]) -> int:
    return max((index + 1 for index, cell in enumerate(cells) if cell.strip()), default=0)


class _Sheet:
    """A sheet's rows as text; `first_rows` are those at its top, without blank ones."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self._sheet = sheet
        self.name = sheet.name
        self.first_rows = list(itertools.islice(self._rows(), _FIRST_ROWS))

    def rows_from(self, first_line: int, width: int) -> Iterator[Row]:
        """Yield the rows from this line on, cut behind `width` and their last filled cell."""
        number = 0
        for line, cells in self._rows():
            if line < first_line:
                continue
            number += 1
            if cells is None:
                yield Row(number, line, [""] * width, UNREADABLE_CELL)
            else:
                yield Row(number, line, cells[: max(width, _filled_width(cells))])

    def _rows(self) -> Iterator[_SheetRow]:
        # Calamine leaves out empty columns at the left, and no lines.
        rows = self._sheet.iter_rows()
        for line in itertools.count(1):
            try:
                cells = next(rows)
            except StopIteration:
                return
            except (OverflowError, ValueError):  # a number shown as a time, of more days than a time can have
                yield _SheetRow(line, None)
                continue
            texts = [cell if type(cell) is str else as_text(cell) for cell in cells]
            if any(text.strip() for text in texts):
                yield _SheetRow(line, texts)


def as_text(cell: Cell) -> str:
    """Return a cell as an operator reads it.

    Whole numbers have no point, dates are 2025-03-15 or 2025-03-15 14:30:00, booleans "true" and "false".
    """
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number_as_text(cell)
    if isinstance(cell, datetime.datetime):
        whole = cell.replace(microsecond=0)
        return whole.date().isoformat() if whole.time() == datetime.time() else whole.isoformat(" ")
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return str(cell)


def _number_as_text(cell: float) -> str:
    # Excel keeps 15 digits: what it made of a longer number is wrong in its last ones whatever is done here.
    return str(int(cell)) if cell.is_integer() and abs(cell) < 1e18 else f"{cell:.15g}"
