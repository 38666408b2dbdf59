"""Excel and OpenDocument workbooks (.xlsx, .xlsm, .xls, .xlsb, .ods), read with calamine."""

from __future__ import annotations

import datetime
import hashlib
import io
import itertools
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trackly_desktop.contacts.issues import Issue, IssueCode
from trackly_desktop.contacts.value_patterns import looks_like_phone
from trackly_desktop.files import header_detection
from trackly_desktop.files.table import DetectedFormat, FileProblem, FormatOptions, Row, Table, unique_column_names

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_LARGEST = 1_000_000_000
"""Bytes of a workbook once it is unpacked: more than a sheet's million rows; what claims more is a trap."""
_LOOKED_AT = 300

Cell = str | float | int | bool | datetime.datetime | datetime.date | datetime.time | datetime.timedelta


def is_workbook(first: bytes) -> bool:
    """Whether a file that begins like this is a workbook."""
    if first.startswith(_OLE):
        return True
    # What is in a zip file tells a workbook from others: the names of its parts come early, and in its directory.
    marks = (b"[Content_Types].xml", b"xl/", b"mimetypeapplication/vnd.oasis")
    return first.startswith(_ZIP) and any(mark in first for mark in marks)


def open_table(path: Path, options: FormatOptions = FormatOptions()) -> Table:
    """Opens a workbook's sheet: the chosen one, or the first that has phone numbers. Raises FileProblem."""
    raw, fingerprint = _read(path)
    book, kind = _open(raw)
    sheet = _choose(book, options.sheet)
    rows = _Sheet(sheet)
    some = rows.first
    if not some:
        raise FileProblem(f"The sheet “{sheet.name}” is empty; choose another")
    at, begin = header_detection.locate_table(
        [line for line, _cells in some], [cells for _line, cells in some], options.header
    )
    names = [] if at is None else some[at][1]
    width = max(len(cells) for _line, cells in some) if at is None else max(_filled_width(names), 1)
    header = unique_column_names((names + [""] * width)[:width])
    how = DetectedFormat(
        kind=kind,
        encoding=None,
        delimiter=None,
        header_row=some[at][0] if at is not None else None,
        sheet=sheet.name,
        fingerprint=fingerprint,
        size=len(raw),
        sheets=tuple(book.sheet_names),
    )
    return Table(header, how, lambda: rows.below(begin, width))


def _read(path: Path) -> tuple[bytes, str]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise FileProblem(f"The file cannot be read: {error.strerror}") from error
    if raw.startswith(_ZIP):
        _must_unpack(raw)
    return raw, hashlib.sha256(raw).hexdigest()


def _must_unpack(raw: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            size = sum(part.file_size for part in parts.infolist())
    except zipfile.BadZipFile as error:
        raise FileProblem("This workbook is damaged or was cut off; save it anew, or as CSV") from error
    if size > _LARGEST:
        raise FileProblem("This workbook is too large once it is unpacked; save the sheet as CSV, and import that")


def _open(raw: bytes) -> tuple[CalamineWorkbook, str]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
    except calamine.PasswordError as error:
        raise FileProblem("This workbook is locked with a password; save it without one, and import that") from error
    except (calamine.CalamineError, ValueError, OSError) as error:
        if raw.startswith(_OLE) and "E\0n\0c\0r\0y\0p\0t".encode("latin-1") in raw:
            raise FileProblem(
                "This workbook is locked with a password; save it without one, and import that"
            ) from error
        raise FileProblem("This workbook cannot be read; open it in Excel, and save it as CSV or .xlsx") from error
    return book, _kind(raw)


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


def _choose(book: CalamineWorkbook, name: str | None) -> CalamineSheet:
    if not book.sheet_names:
        raise FileProblem("There is no sheet in this workbook")
    if name is not None:
        found = next((one for one in book.sheet_names if one.casefold() == name.strip().casefold()), None)
        if found is None:
            raise FileProblem(f"There is no sheet “{name}”; there are {', '.join(f'“{n}”' for n in book.sheet_names)}")
        return _sheet(book, found)
    visible = [one.name for one in book.sheets_metadata if str(one.visible).endswith(".Visible")] or book.sheet_names
    some_rows: CalamineSheet | None = None
    for one in visible:
        try:
            sheet = _sheet(book, one)
        except FileProblem:  # a chart, or damaged: another one may do
            continue
        first = _Sheet(sheet).first
        if any(looks_like_phone(cell) for _line, cells in first for cell in cells):
            return sheet
        some_rows = some_rows or (sheet if first else None)
    return some_rows or _sheet(book, visible[0])


def _sheet(book: CalamineWorkbook, name: str) -> CalamineSheet:
    import python_calamine as calamine

    try:
        return book.get_sheet_by_name(name)
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise FileProblem(f"The sheet “{name}” cannot be read; save it as CSV, and import that") from error


def _filled_width(cells: Sequence[str]) -> int:
    return max((at + 1 for at, cell in enumerate(cells) if cell.strip()), default=0)


class _Sheet:
    """A sheet's rows as texts; `first` are those it begins with, each with its line."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self._sheet = sheet
        self.first: list[tuple[int, list[str]]] = []
        for one in self._every():
            self.first.append(one)
            if len(self.first) == _LOOKED_AT:
                break

    def below(self, begin: int, width: int) -> Iterator[Row]:
        """The rows from this line on."""
        number = 0
        for line, cells in self._every():
            if line >= begin:
                number += 1
                filled = max(width, _filled_width(cells))
                is_read = cells is not _UNREAD
                yield Row(number, line, cells[:filled] if is_read else [""] * width, None if is_read else _UNREAD_ISSUE)

    def _every(self) -> Iterator[tuple[int, list[str]]]:
        # Calamine leaves out the columns that are empty at the left, and no lines.
        rows = self._sheet.iter_rows()
        for line in itertools.count(1):
            try:
                cells = next(rows)
            except StopIteration:
                return
            except (OverflowError, ValueError):  # no time has so many days as a number shown as a time can say
                yield line, _UNREAD
                continue
            texts = [cell if type(cell) is str else as_text(cell) for cell in cells]
            if any(text.strip() for text in texts):
                yield line, texts


_UNREAD: list[str] = []
_UNREAD_ISSUE = Issue(IssueCode.ROW_CELL_NOT_A_TIME)


def as_text(cell: Cell) -> str:
    """A cell as an operator reads it: whole numbers without a point, dates as 2025-03-15, yes and no as true and false."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime.datetime):
        whole = cell.replace(microsecond=0)
        return whole.date().isoformat() if whole.time() == datetime.time() else whole.isoformat(" ")
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return str(cell)


def _number(cell: float) -> str:
    # Excel keeps 15 digits: what it made of a longer number is wrong in its last ones whatever is done here.
    return str(int(cell)) if cell.is_integer() and abs(cell) < 1e18 else f"{cell:.15g}"
