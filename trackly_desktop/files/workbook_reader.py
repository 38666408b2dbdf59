"""Read Excel and OpenDocument workbooks as tables, with calamine.

Kinds: .xlsx, .xlsm, .xls, .xlsb and .ods.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from trackly_desktop.contacts.excel_errors import FORMULA_WITHOUT_RESULT
from trackly_desktop.contacts.issues import Issue, IssueCode
from trackly_desktop.contacts.phone_notation import looks_like_phone
from trackly_desktop.files.header_detection import TableStart, find_header, is_list_of_numbers, locate_table
from trackly_desktop.files.ods_scan import ODS_CONTENT, mended_ods_blocks, ods_facts
from trackly_desktop.files.other_documents import OLE, ZIP
from trackly_desktop.files.row_marks import mark_other_tables, one_row_per_number
from trackly_desktop.files.sheet_facts import SheetFacts, column_letters
from trackly_desktop.files.table import (
    MOST_COUNTED_ROWS,
    DetectedFormat,
    FileProblem,
    FormatOptions,
    HiddenCells,
    Row,
    Table,
    unique_column_names,
)
from trackly_desktop.files.xls_scan import xls_facts, xls_without_durations
from trackly_desktop.files.xlsb_scan import xlsb_facts, xlsb_sheet_parts
from trackly_desktop.files.xlsx_scan import mended_xlsx_blocks, xlsx_facts, xlsx_sheet_parts
from trackly_desktop.files.zip_parts import ZipParts, replace_part
from trackly_desktop.mapping.column_aliases import is_known_name
from trackly_desktop.mapping.column_profile import ColumnProfile
from trackly_desktop.mapping.consent_columns import find_consent_columns, suppression_filename_keyword
from trackly_desktop.mapping.country_columns import area_code_column, country_column
from trackly_desktop.mapping.phone_names import says_somebody_else
from trackly_desktop.system.files import FileDigest, digest_file

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_PARTS_IN_MEMORY = frozenset(
    (
        "[content_types].xml", "workbook.xml", "workbook.xml.rels", "styles.xml", "workbook.bin", "workbook.bin.rels",
        "styles.bin", "manifest.xml",
    )
)  # fmt: skip
"""Parts that calamine keeps in memory, beside the texts of all cells."""
_SHARED_TEXTS = frozenset(("sharedstrings.xml", "sharedstrings.bin"))
_MOST_BYTES_OF_PART = 50_000_000
"""Styles are kept with many times their bytes."""
_FIRST_ROWS = 300
"""Rows at the top of a sheet from which its header is detected."""
_MOST_HIDDEN_LINES = 5
"""Hidden lines that are named."""
_SHORTEST_NUMBER = 1_000_000
"""Days from which a duration is a number: 2,700 years."""
_ISO_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S$")
_LOCKED = "This workbook is locked with a password; save it without one, and import that"
_EMPTY_SHEET = "The sheet “{sheet}” is empty; choose another"
_HIDDEN_SHEET = (
    "All rows of the sheet “{sheet}” are hidden; show them in the workbook, and save it, or choose another sheet"
)

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
    if first_bytes.startswith(OLE):
        return True
    # The names of a zip file's parts come early in it, and show whether it is a workbook.
    parts = (b"[Content_Types].xml", b"xl/", b"content.xml")
    return first_bytes.startswith(ZIP) and any(part in first_bytes for part in parts)


def open_table(path: Path, options: FormatOptions = FormatOptions()) -> Table:
    """Open a sheet as a table: the chosen one, or the one with the most phone numbers.

    Raises:
        FileProblem: the workbook or the sheet cannot be read, or is empty.
    """
    raw, digest = _read(path)
    book = _Workbook(raw)
    sheet, sheets = _choose_sheet(book, options)
    if not sheet.first_rows:
        words = _HIDDEN_SHEET if sheet.has_hidden_rows else _EMPTY_SHEET
        raise FileProblem(words.format(sheet=sheet.name))
    (header_index, first_line), rows = _locate(sheet, options.header)
    cells_of_rows = [row.cells or [] for row in rows]
    header_line = None if header_index is None else rows[header_index].line
    data = [row.cells or [] for row in sheet.first_rows if row.line >= first_line]
    is_list = header_index is None and len(data) == 1 and is_list_of_numbers(data)
    names = [] if header_index is None else [_name(cell) for cell in cells_of_rows[header_index]]
    width = max(map(_filled_width, cells_of_rows)) if header_index is None else max(_filled_width(names), 1)
    layout = sheet.lay_out(names, first_line, width)
    is_header_hidden = header_line in sheet.hidden_lines
    how = DetectedFormat(
        kind=book.kind,
        encoding=None,
        delimiter=None,
        header_row=header_line,
        sheet=sheet.name,
        fingerprint=digest.sha256,
        size=digest.size,
        sheets=tuple(book.sheet_names),
        sheet_phones=sheets.phones,
        hidden_sheets=tuple(name for name in book.sheet_names if name not in book.visible_sheets),
        unread_sheets=sheets.unread,
        hidden_rows=layout.hidden_rows + is_header_hidden,
        hidden_lines=((header_line,) if is_header_hidden and header_line else ()) + layout.hidden_lines,
        is_header_hidden=is_header_hidden,
        hidden_names=layout.hidden_names,
        hidden_names_read=layout.hidden_names_read,
        hidden=options.hidden,
        can_tell_hidden=book.can_tell_hidden,
        unnamed_columns=sum(1 for index in layout.columns if index >= width),
    )
    if is_list:
        header = unique_column_names([""])
        return Table(header, how, lambda: one_row_per_number(sheet.rows_from(first_line, layout.columns)))
    header = unique_column_names([names[index] if index < len(names) else "" for index in layout.columns])
    return Table(header, how, lambda: mark_other_tables(header, sheet.rows_from(first_line, layout.columns)))


def _locate(sheet: _Sheet, chosen: int | None) -> tuple[TableStart, list[_SheetRow]]:
    """Return where the table begins, and the rows that this counts.

    A hidden row is the header where it has names of columns, and no visible row has.
    """
    visible, every = sheet.first_rows, sheet.first_rows_with_hidden
    start = _start_of(every if chosen else visible, chosen)
    if chosen is not None or len(visible) == len(every) or _has_names(visible, start):
        return start, every if chosen else visible
    with_hidden = _start_of(every, chosen)
    return (with_hidden, every) if _has_names(every, with_hidden) else (start, visible)


def _start_of(rows: Sequence[_SheetRow], chosen: int | None) -> TableStart:
    return locate_table([row.line for row in rows], [row.cells or [] for row in rows], chosen)


def _has_names(rows: Sequence[_SheetRow], start: TableStart) -> bool:
    return start.header_index is not None and any(map(is_known_name, rows[start.header_index].cells or ()))


def _name(cell: str) -> str:
    return "" if cell == FORMULA_WITHOUT_RESULT else cell


def _read(path: Path) -> tuple[bytes, FileDigest]:
    content = io.BytesIO()
    try:
        digest = digest_file(path, content.write)
    except OSError as error:
        raise FileProblem(f"The file cannot be read: {error.strerror}") from error
    return content.getvalue(), digest


@contextlib.contextmanager
def _problems_as(words: str) -> Iterator[None]:
    """Turn what calamine raises into a FileProblem with these words."""
    try:
        yield
    except FileProblem:
        raise
    except BaseException as error:  # a panic of Rust's is no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit)):
            raise
        raise FileProblem(words) from error


def _open_book(raw: bytes) -> CalamineWorkbook:
    import python_calamine as calamine

    with _problems_as("This workbook cannot be read; open it in Excel, and save it as CSV or .xlsx"):
        try:
            return calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        except calamine.PasswordError as error:
            raise FileProblem(_LOCKED) from error
        except calamine.CalamineError as error:
            if raw.startswith(OLE) and "Encrypt".encode("utf-16-le") in raw:
                raise FileProblem(_LOCKED) from error
            raise


class _Workbook:
    """A workbook whose sheets are scanned before they are read."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._parts = ZipParts(raw) if raw.startswith(ZIP) else None
        self.kind = "xls" if self._parts is None else _kind(self._parts)
        self._facts_of: dict[str, SheetFacts] = {}
        self._part_of: dict[str, str] = {}
        facts_of_xls = xls_facts(raw) if self._parts is None else []
        if self._parts is not None:
            for name in self._parts.names:
                last = name.rsplit("/", 1)[-1]
                if last in _PARTS_IN_MEMORY:
                    self._parts.check(name, _MOST_BYTES_OF_PART)
                elif last in _SHARED_TEXTS:
                    self._parts.check(name)
            if self.kind == "ods":
                self._facts_of = ods_facts(self._parts)
                if any(facts.has_errors for facts in self._facts_of.values()):
                    raw = replace_part(raw, ODS_CONTENT, mended_ods_blocks(self._parts))
            else:
                self._part_of = _SCANS[self.kind][0](self._parts)
        self._book = _open_book(raw)
        self.sheet_names = self._book.sheet_names
        self._facts_of |= zip(self.sheet_names, facts_of_xls, strict=False)
        self.can_tell_hidden = self._parts is not None or len(facts_of_xls) >= len(self.sheet_names)

    @cached_property
    def visible_sheets(self) -> list[str]:
        """The names of the sheets that are not hidden; all where each one is."""
        visible = [sheet.name for sheet in self._book.sheets_metadata if str(sheet.visible).endswith(".Visible")]
        return visible or self.sheet_names

    def sheet(self, name: str, hidden: HiddenCells) -> _Sheet:
        """Return a sheet.

        Raises:
            FileProblem: it cannot be read, or reaches too far.
        """
        facts, part = self._facts(name)
        can_mend = self.kind == "xls" or part is not None
        if facts.has_errors and can_mend:
            return _Sheet(self._open(self._mended(part), name), facts, hidden, None)
        mend = (lambda: self._open(self._mended(part), name)) if can_mend else None
        return _Sheet(self._open(self._book, name), facts, hidden, mend)

    def _open(self, book: CalamineWorkbook, name: str) -> CalamineSheet:
        with _problems_as(f"The sheet “{name}” cannot be read; save it as CSV, and import that"):
            return book.get_sheet_by_name(name)

    def _facts(self, name: str) -> tuple[SheetFacts, str | None]:
        """Return a sheet's facts, and the name of its part where that can be mended."""
        if self._parts is None or self.kind == "ods":
            return self._facts_of.get(name, SheetFacts()), None
        part = self._part_of.get(name)
        if part is None:
            raise FileProblem(f"The sheet “{name}” cannot be read; save it as CSV, and import that")
        if name not in self._facts_of:
            self._facts_of[name] = _SCANS[self.kind][1](self._parts, part, name)
        return self._facts_of[name], part if self.kind == "xlsx" else None

    def _mended(self, part: str | None) -> CalamineWorkbook:
        """Return the workbook with errors as text, and numbers for what no duration is."""
        if self._parts is None or part is None:
            return _open_book(xls_without_durations(self._raw))
        blocks = mended_xlsx_blocks(self._parts, part)
        return _open_book(replace_part(self._raw, self._parts.name_in_file(part), blocks))


_SCANS: dict[str, tuple[Callable[[ZipParts], dict[str, str]], Callable[[ZipParts, str, str], SheetFacts]]] = {
    "xlsx": (xlsx_sheet_parts, xlsx_facts),
    "xlsb": (xlsb_sheet_parts, xlsb_facts),
}


def _kind(parts: ZipParts) -> str:
    if ODS_CONTENT in parts.names:
        return "ods"
    return "xlsb" if "xl/workbook.bin" in parts.names else "xlsx"


class _Sheets(NamedTuple):
    """The phone numbers of each sheet, and the sheets that could not be read."""

    phones: tuple[tuple[str, int], ...] = ()
    unread: tuple[str, ...] = ()


def _choose_sheet(book: _Workbook, options: FormatOptions) -> tuple[_Sheet, _Sheets]:
    """Return the sheet to read, and what is in each one if there are several."""
    names = book.sheet_names
    if not names:
        raise FileProblem("There is no sheet in this workbook")
    wanted = options.sheet.strip().casefold() if options.sheet is not None else None
    chosen = next((name for name in names if name.casefold() == wanted), None)
    if wanted is not None and chosen is None:
        quoted = ", ".join(f"“{name}”" for name in names)
        raise FileProblem(f"There is no sheet “{options.sheet}”; there are {quoted}")
    if len(names) == 1:
        return book.sheet(names[0], options.hidden), _Sheets()
    phones: dict[str, int] = {}
    ranks: dict[str, tuple[bool, int, bool]] = {}
    unread = []
    for name in names:
        try:
            sheet = book.sheet(name, options.hidden)
        except FileProblem:  # a chart, or damaged: another sheet may do
            unread.append(name)
            continue
        phones[name] = sheet.most_phones()
        ranks[name] = not suppression_filename_keyword(name), phones[name], bool(sheet.first_rows)
    if chosen is None:
        visible = [name for name in book.visible_sheets if name in ranks] or list(ranks) or names
        with_phones = [name for name in visible if phones.get(name)]
        chosen = max(with_phones or visible, key=lambda name: ranks.get(name, (False, 0, False)))
    return book.sheet(chosen, options.hidden), _Sheets(tuple(phones.items()), tuple(unread))


def _filled_width(cells: Sequence[str]) -> int:
    return max((index + 1 for index, cell in enumerate(cells) if cell.strip()), default=0)


class _Layout(NamedTuple):
    """The indexes of a table's columns, and its hidden filled rows and columns.

    `hidden_names_read` are hidden columns that are read though hidden cells are left out.
    """

    columns: list[int]
    hidden_rows: int
    hidden_lines: tuple[int, ...]
    hidden_names: tuple[str, ...]
    hidden_names_read: tuple[str, ...]


class _Sheet:
    """A sheet's rows as text; `first_rows` are those at its top, without blank ones.

    `mend` opens the sheet without formats that show no number; None where that is not possible.
    """

    def __init__(
        self, sheet: CalamineSheet, facts: SheetFacts, hidden: HiddenCells, mend: Callable[[], CalamineSheet] | None
    ) -> None:
        self._sheet, self._facts, self._mend = sheet, facts, mend
        self._leaves_out = hidden is HiddenCells.LEAVE_OUT
        # Calamine leaves out empty columns at the left, and no lines.
        self._first_column = sheet.start[1] if sheet.start else 0
        self.name = sheet.name
        self.hidden_lines = facts.hidden_lines
        self.first_rows = list(itertools.islice(self._visible_rows(), _FIRST_ROWS))

    @property
    def first_rows_with_hidden(self) -> list[_SheetRow]:
        """The rows at the top of the sheet, hidden ones too."""
        if not self._leaves_out or not self.hidden_lines:
            return self.first_rows
        return list(itertools.islice(self._rows(), _FIRST_ROWS))

    @property
    def has_hidden_rows(self) -> bool:
        """Whether filled rows are hidden in the workbook."""
        return any(row.line in self.hidden_lines for row in self._rows())

    def most_phones(self) -> int:
        """Return the phone numbers of the column that has the most, in the first rows.

        A column that is named for somebody else's does not count.
        """
        rows = [row.cells or [] for row in self.first_rows]
        header = find_header(rows)
        names = [] if header is None else rows[header]
        others = {index for index, name in enumerate(names) if says_somebody_else(name)}
        phones = Counter(
            index
            for row in itertools.islice(self._visible_rows(), MOST_COUNTED_ROWS)
            for index, cell in enumerate(row.cells or ())
            if index not in others and looks_like_phone(cell)
        )
        return max(phones.values(), default=0)

    def lay_out(self, names: Sequence[str], first_line: int, width: int) -> _Layout:
        """Return the columns of a table: the header's, and filled ones beside them.

        Hidden columns that say who may be texted, or in which country a number is, are always among them.

        Args:
            names: the header's cells; empty without one.
            first_line: the line below the header.
            width: the number of the header's columns.
        """
        hidden = {index - self._first_column for index in self._facts.hidden_columns} & {*range(self._sheet.width)}
        candidates = {*range(width, self._sheet.width), *hidden}
        profiles = {index: ColumnProfile() for index in sorted(hidden)}
        filled: set[int] = set()
        lines: list[int] = []
        if candidates or self.hidden_lines:
            for line, cells in self._rows():
                is_hidden = line in self.hidden_lines
                if is_hidden and line >= first_line:
                    lines.append(line)
                if cells is None or (is_hidden and self._leaves_out):
                    continue
                is_data = line >= first_line
                filled |= {
                    index for index in candidates - filled if cells[index].strip() and (index < width or is_data)
                }
                if is_data:
                    for index, profile in profiles.items():
                        profile.update(cells[index])
        known = [names[index] if index < len(names) else "" for index in range(self._sheet.width)]
        hidden &= filled
        needed = self._needed(known, {index: profiles[index] for index in hidden})
        columns = [
            index
            for index in (*range(width), *sorted(index for index in filled if index >= width))
            if not (self._leaves_out and index in profiles and index not in needed)
        ]
        words = {index: known[index].strip() or self._letters(index) for index in sorted(hidden)}
        read = tuple(words[index] for index in sorted(needed)) if self._leaves_out else ()
        return _Layout(columns, len(lines), tuple(lines[:_MOST_HIDDEN_LINES]), tuple(words.values()), read)

    @staticmethod
    def _needed(names: Sequence[str], profiles: Mapping[int, ColumnProfile]) -> set[int]:
        """Return the columns that say who may be texted, or in which country a number is."""
        consents = find_consent_columns(names)
        return {
            index
            for index, profile in profiles.items()
            if index in consents
            or profile.opted_out
            or country_column([names[index]], [profile])
            or area_code_column([names[index]], [profile])
        }

    def _letters(self, index: int) -> str:
        return f"column {column_letters(index + 1 + self._first_column)}"

    def rows_from(self, first_line: int, columns: Sequence[int]) -> Iterator[Row]:
        """Yield these columns of the rows from this line on."""
        number = 0
        for line, cells in self._visible_rows():
            if line < first_line:
                continue
            picked = [] if cells is None else [cells[index] for index in columns if index < len(cells)]
            if cells is not None and not any(cell.strip() for cell in picked):
                continue
            number += 1
            if cells is None:
                yield Row(number, line, [""] * len(columns), UNREADABLE_CELL)
            else:
                yield Row(number, line, picked)

    def _visible_rows(self) -> Iterator[_SheetRow]:
        if not self._leaves_out or not self._facts.hidden_lines:
            return self._rows()
        return (row for row in self._rows() if row.line not in self._facts.hidden_lines)

    def _rows(self) -> Iterator[_SheetRow]:
        """Yield the rows that have a value, or a formula whose value is missing."""
        rows = self._sheet.iter_rows()
        line = 0
        while True:
            line += 1
            try:
                cells = next(rows)
            except StopIteration:
                break
            except (OverflowError, ValueError):  # a number shown as a duration, of more days than one can have
                if self._mend is None:
                    yield _SheetRow(line, None)
                    continue
                self._sheet, self._mend = self._mend(), None
                rows = self._sheet.iter_rows()
                for _line in range(line - 1):
                    next(rows)
                line -= 1
                continue
            texts = [cell if type(cell) is str and cell[:2] != "PT" else as_text(cell) for cell in cells]
            if line in self._facts.uncalculated:
                self._mark_formulas(line, texts)
            if any(text.strip() for text in texts):
                yield _SheetRow(line, texts)
        for below in sorted(number for number in self._facts.uncalculated if number >= line):
            texts = [""] * self._sheet.width
            self._mark_formulas(below, texts)
            yield _SheetRow(below, texts)

    def _mark_formulas(self, line: int, texts: list[str]) -> None:
        """Mark the cells of a line that have a formula without a result."""
        for column in self._facts.uncalculated[line]:
            index = column - self._first_column
            if 0 <= index < len(texts) and not texts[index]:
                texts[index] = FORMULA_WITHOUT_RESULT


def as_text(cell: Cell) -> str:
    """Return a cell as an operator reads it.

    Whole numbers have no point, dates are 2025-03-15 or 2025-03-15 14:30:00, booleans "true" and "false". A duration of
    more than 2,700 years is a number in the format of a duration.
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
    if isinstance(cell, datetime.timedelta) and abs(cell.days) >= _SHORTEST_NUMBER:
        return _number_as_text(cell / datetime.timedelta(days=1))
    if isinstance(cell, str) and (duration := _ISO_DURATION.match(cell)):
        return _duration_as_text(cell, *map(int, duration.groups()))
    return str(cell)


def _duration_as_text(cell: str, hours: int, minutes: int, seconds: int) -> str:
    """Return a number in OpenDocument's format of a duration; `cell` where it is one."""
    days = (hours + minutes / 60 + seconds / 3600) / 24
    return _number_as_text(days) if days >= _SHORTEST_NUMBER else cell


def _number_as_text(cell: float) -> str:
    # Excel keeps 15 digits: what it made of a longer number is wrong in its last ones whatever is done here.
    return str(int(cell)) if cell.is_integer() and abs(cell) < 1e18 else f"{cell:.15g}"
