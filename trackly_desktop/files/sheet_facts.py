"""What calamine does not tell of a sheet: hidden cells, errors, far cells.

A sheet is scanned before calamine reads it: calamine takes memory for every cell from the first to the last, so that a
single cell far out takes gigabytes. Tags are found by pattern, since a parser takes several times as long.
"""

from __future__ import annotations

import html
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from trackly_desktop.files.table import FileProblem
from trackly_desktop.files.zip_parts import ZipParts

_MOST_CELLS = 40_000_000
"""Cells from a sheet's first to its last: 32 bytes of memory each."""
_MOST_SPARSE_CELLS = 2_000_000
_LEAST_FILLED = 1 / 50
"""Share of cells that are filled in a sheet of more than _MOST_SPARSE_CELLS."""
_LONGEST_CELL = 4_000_000
"""Bytes of a cell as written: Excel has 32,767 characters."""
LAST_DATE = 2_958_466
"""Excel's number of the day after 9999-12-31: no date or duration is greater."""
_MOST_UNCALCULATED = 1_000_000
_MOST_HIDDEN = 200_000
"""Hidden lines of a row that is repeated: blank ones, at the end of a sheet."""


@dataclass(slots=True)
class SheetFacts:
    """Facts of a sheet; lines count from 1, columns from 0.

    `uncalculated` are the cells of formulas without a result, by line. `has_errors`: Excel's errors are in cells, which
    calamine leaves blank, and some of which it refuses.
    """

    hidden_lines: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    uncalculated: dict[int, list[int]] = field(default_factory=dict)
    has_errors: bool = False


class _Extent:
    """How far a sheet's filled cells reach, and how many there are."""

    def __init__(self) -> None:
        self.lines = self.columns = self.cells = 0

    def require_readable(self) -> bool:
        """Return whether so many cells can be read."""
        area = self.lines * self.columns
        return area <= _MOST_SPARSE_CELLS or (area <= _MOST_CELLS and self.cells >= area * _LEAST_FILLED)

    def problem(self, sheet: str) -> FileProblem:
        """Return the problem of a sheet that reaches too far."""
        last = f"{_letters(self.columns)}{self.lines}"
        return FileProblem(
            f"The sheet “{sheet}” reaches as far as cell {last}, and is too large to read; delete what is far from the "
            "table, or save the table as CSV, and import that"
        )


# Office Open XML (.xlsx, .xlsm)


_SHEET = re.compile(rb"<(?:[\w.\-]+:)?sheet\b([^>]*)>")
_RELATION = re.compile(rb"<(?:[\w.\-]+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(rb"""\s(?:[\w.\-]+:)?(name|id|Id|Target)\s*=\s*("[^"]*"|'[^']*')""")


def xlsx_sheet_part(parts: ZipParts, sheet: str) -> str | None:
    """Return the name of a sheet's part; None where there is none."""
    sheets = map(_attributes, _SHEET.findall(parts.read("xl/workbook.xml")))
    relation = next((values.get("id", "") for values in sheets if values.get("name") == sheet), "")
    return _existing(parts, _targets(parts, "xl/_rels/workbook.xml.rels").get(relation, ""))


def _targets(parts: ZipParts, part: str) -> dict[str, str]:
    """Return the parts that a workbook refers to, by the names of the relations."""
    relations = map(_attributes, _RELATION.findall(parts.read(part)))
    return {values.get("Id", ""): values.get("Target", "") for values in relations}


def _attributes(tag: bytes) -> dict[str, str]:
    return {key.decode(): _unescape(value[1:-1]) for key, value in _ATTRIBUTE.findall(tag)}


def _existing(parts: ZipParts, target: str) -> str | None:
    name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return name.lower() if name.lower() in parts.names else None


class _Tags:
    """Patterns of the tags of a sheet whose elements have this prefix."""

    def __init__(self, prefix: bytes) -> None:
        start = b"<" + re.escape(prefix)
        self.end_of_cell = b"</" + prefix + b"c>"
        self.formula = b"<" + prefix + b"f"
        self.row = re.compile(start + rb"row\b([^>]*)>")
        self.column = re.compile(start + rb"col\b([^>]*)>")
        self.filled_cell = re.compile(start + rb"""c\b[^>]*?\sr=["']\$?([A-Za-z]+)\$?\d+["'][^>]*(?<!/)>""")
        self.cell = re.compile(start + rb"c\b[^>]*(?<!/)>")
        self.error = re.compile(rb"(" + start + rb"""c\b[^>]*?\st=["'])e(["'])""")
        value = rb"\s*(?:" + start + rb"f\b[^>]*/>|" + start + rb"f\b[^>]*>[^<]*</[^>]*>)?\s*" + start
        self.valued_cell = re.compile(
            start + rb"""c\b[^>]*?\sr=["']\$?([A-Za-z]+)\$?(\d+)["'][^>]*(?<!/)>""" + value + rb"(?:v|is)\b"
        )
        self.number = re.compile(
            rb"(" + start + rb"""c\b[^>]*?)\ss=["']\d+["']([^>]*(?<!/)>""" + value + rb"v[^>]*>)([^<]{7,})(?=<)"
        )
        self.uncalculated = re.compile(
            start + rb"c\b([^>]*)(?<!/)>\s*" + start + rb"f\b[^>]*(?:/>|>[^<]*</[^>]*>)\s*"
            rb"(?:" + start + rb"v\s*/>|" + start + rb"v\s*>\s*</[^>]*>)?\s*</" + re.escape(prefix) + rb"c>"
        )


_SHEET_DATA = re.compile(rb"<((?:[\w.\-]+:)?)(?:sheetData|worksheet)\b")
_REFERENCE = re.compile(rb"""\sr=["']\$?([A-Za-z]*)\$?(\d+)["']""")
_HIDDEN = re.compile(rb"""\s(?:hidden=["'](?:1|true)|(?:ht|width)=["']0(?:\.0*)?["'])""")
_FIRST_TO_LAST = re.compile(rb"""\s(min|max)=["'](\d+)["']""")
_ERROR_MARKS = (b't="e"', b"t='e'")
"""What a cell with an error has: quicker to find than the cell."""
_TEXT_RESULT = re.compile(rb"""\st=["']str["']""")


def xlsx_facts(parts: ZipParts, part: str, sheet: str) -> SheetFacts:
    """Scan a sheet of an .xlsx workbook.

    Raises:
        FileProblem: the sheet reaches too far, or is damaged.
    """
    facts, extent = SheetFacts(), _Extent()
    columns: set[bytes] = set()
    line = 0
    for block, tags in _xlsx_blocks(parts, part):
        for match in tags.row.finditer(block):
            attributes = match[1]
            reference = _REFERENCE.search(attributes)
            line = int(reference[2][:9]) if reference else line + 1
            extent.lines = max(extent.lines, line)
            if (b"hidden" in attributes or b"ht=" in attributes) and _HIDDEN.search(attributes):
                facts.hidden_lines.add(line)
        names = tags.filled_cell.findall(block)
        columns.update(names)
        extent.cells += len(names) or len(tags.cell.findall(block))
        _add_hidden_columns(facts, tags, block)
        if tags.formula in block:
            _add_uncalculated(facts, tags, block)
        if not facts.has_errors and any(mark in block for mark in _ERROR_MARKS):
            facts.has_errors = tags.error.search(block) is not None
    extent.columns = max(map(_column_number, columns), default=0)
    if not extent.require_readable():
        extent = _xlsx_extent(parts, part)
        if not extent.require_readable():
            raise extent.problem(sheet)
    return facts


def mended_xlsx_blocks(parts: ZipParts, part: str) -> Iterator[bytes]:
    """Yield a sheet with errors as text, and without formats that show no number.

    A number greater than any date is no date or duration, whatever its cell's format.
    """
    for block, tags in _xlsx_blocks(parts, part):
        mended = tags.error.sub(rb"\1str\2", block)
        yield tags.number.sub(_without_format, mended)


def _without_format(match: re.Match[bytes]) -> bytes:
    try:
        is_date = abs(float(match[3])) < LAST_DATE
    except ValueError:
        is_date = True
    return match[0] if is_date else match[1] + match[2] + match[3]


def _xlsx_blocks(parts: ZipParts, part: str) -> Iterator[tuple[bytes, _Tags]]:
    """Yield the sheet in blocks that end behind a cell, with the patterns of its tags."""
    rest, tags = b"", None
    for block in parts.blocks(part):
        rest += block
        if tags is None:
            prefix = _SHEET_DATA.search(rest)
            tags = _Tags(prefix[1] if prefix else b"")
        end = rest.rfind(tags.end_of_cell)
        end = end + len(tags.end_of_cell) if end >= 0 else 0
        if not end and len(rest) > _LONGEST_CELL:
            end = _last_tag(rest)
        if end:
            yield rest[:end], tags
            rest = rest[end:]
    if tags is not None:
        yield rest, tags


def _last_tag(block: bytes) -> int:
    """Return where the last tag of a block begins.

    Raises:
        FileProblem: there is none, and the block is longer than a cell can be.
    """
    start = block.rfind(b"<")
    if start <= 0 and len(block) > _LONGEST_CELL:
        raise FileProblem("A cell of this workbook is too large to read; save the sheet as CSV, and import that")
    return max(start, 0)


def _xlsx_extent(parts: ZipParts, part: str) -> _Extent:
    """Return how far cells with values reach: formats alone take no memory."""
    extent = _Extent()
    for block, tags in _xlsx_blocks(parts, part):
        for match in tags.valued_cell.finditer(block):
            extent.cells += 1
            extent.columns = max(extent.columns, _column_number(match[1]))
            extent.lines = max(extent.lines, int(match[2][:9]))
    return extent


def _add_hidden_columns(facts: SheetFacts, tags: _Tags, block: bytes) -> None:
    for match in tags.column.finditer(block):
        if _HIDDEN.search(match[1]):
            ends = {key: int(number[:9]) for key, number in _FIRST_TO_LAST.findall(match[1])}
            first, last = ends.get(b"min", 1), ends.get(b"max", 0)
            facts.hidden_columns.update(range(first - 1, min(last, 16_384)))


def _add_uncalculated(facts: SheetFacts, tags: _Tags, block: bytes) -> None:
    for match in tags.uncalculated.finditer(block):
        reference = _REFERENCE.search(match[1])
        if reference and not _TEXT_RESULT.search(match[1]) and len(facts.uncalculated) < _MOST_UNCALCULATED:
            column = _column_number(reference[1]) - 1
            facts.uncalculated.setdefault(int(reference[2][:9]), []).append(column)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + letter - 64
    return number


def _letters(number: int) -> str:
    letters = ""
    while number > 0:
        number, letter = divmod(number - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


# Excel's binary workbooks (.xlsb): records of type, length and content ([MS-XLSB])

_ROW_HEADER, _LAST_CELL, _COLUMN, _SHEET_NAME = 0, 11, 60, 156


def xlsb_sheet_part(parts: ZipParts, sheet: str) -> str | None:
    """Return the name of a sheet's part; None where there is none."""
    targets = _targets(parts, "xl/_rels/workbook.bin.rels")
    for kind, content in _records(parts.read("xl/workbook.bin")):
        if kind == _SHEET_NAME and len(content) > 12:
            relation, end = _wide_text(content, 8)
            if _wide_text(content, end)[0] == sheet:
                return _existing(parts, targets.get(relation, ""))
    return None


def xlsb_facts(parts: ZipParts, part: str, sheet: str) -> SheetFacts:
    """Scan a sheet of an .xlsb workbook.

    Raises:
        FileProblem: the sheet reaches too far, or is damaged.
    """
    facts, extent, line = SheetFacts(), _Extent(), 0
    for kind, content in _records(parts.read(part)):
        if kind == _ROW_HEADER and len(content) >= 12:
            line = int.from_bytes(content[:4], "little") + 1
            if content[11] & 0x10:
                facts.hidden_lines.add(line)
        elif 1 < kind <= _LAST_CELL and len(content) >= 4:
            extent.cells += 1
            extent.lines = max(extent.lines, line)
            extent.columns = max(extent.columns, int.from_bytes(content[:4], "little") + 1)
        elif kind == _COLUMN and len(content) >= 18 and content[16] & 1:
            first, last = struct.unpack("<II", content[:8])
            facts.hidden_columns.update(range(first, min(last + 1, 16_384)))
    if not extent.require_readable():
        raise extent.problem(sheet)
    return facts


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    position, end = 0, len(content)
    while position < end:
        kind = content[position]
        position += 1
        if kind & 0x80 and position < end:
            kind = kind & 0x7F | (content[position] & 0x7F) << 7
            position += 1
        size = shift = 0
        while position < end and shift < 28:
            byte = content[position]
            position += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, content[position : position + size]
        position += size


def _wide_text(content: bytes, position: int) -> tuple[str, int]:
    length = int.from_bytes(content[position : position + 4], "little")
    end = position + 4 + 2 * length
    return content[position + 4 : end].decode("utf-16-le", "replace"), end


# OpenDocument (.ods)

_ODS_TAG = re.compile(
    rb"<(/?)table:(table|table-column|table-row|table-cell|covered-table-cell)(?=[\s/>])((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>"
)
_ODS_NAME = re.compile(rb"""\stable:name=["']([^"']*)["']""")
_ODS_REPEATED = re.compile(rb"""\stable:number-(?:columns|rows)-repeated=["'](\d+)["']""")
_ODS_HIDDEN = re.compile(rb"""\stable:visibility=["'](?:collapse|filter)["']""")
_ODS_ERROR = re.compile(
    rb"""(<table:table-cell\b[^>]*?)\soffice:string-value=["']["']([^>]*?\scalcext:value-type=["']error["'])"""
)
ODS_CONTENT = "content.xml"


def ods_facts(parts: ZipParts) -> dict[str, SheetFacts]:
    """Scan all sheets of an .ods workbook, which are in one part.

    Raises:
        FileProblem: a sheet reaches too far, or the workbook is damaged.
    """
    scan = _OdsScan()
    for block in _ods_blocks(parts):
        scan.feed(block)
    return scan.facts


def mended_ods_blocks(parts: ZipParts) -> Iterator[bytes]:
    """Yield the content with the words of errors as their cells' text."""
    for block in _ods_blocks(parts):
        yield _ODS_ERROR.sub(rb"\1\2", block)


def _ods_blocks(parts: ZipParts) -> Iterator[bytes]:
    rest = b""
    for block in parts.blocks(ODS_CONTENT):
        rest += block
        end = _last_tag(rest)
        yield rest[:end]
        rest = rest[end:]
    yield rest


class _OdsScan:
    """The state of a scan of OpenDocument's content."""

    def __init__(self) -> None:
        self.facts: dict[str, SheetFacts] = {}
        self._depth = 0
        self._sheet = ""
        self._current = SheetFacts()
        self._extent = _Extent()
        self._line = self._column = self._repeated = self._filled = 0

    def feed(self, block: bytes) -> None:
        """Scan the next bytes, which end before a tag."""
        for match in _ODS_TAG.finditer(block):
            tag, attributes = match[2], match[3]
            if tag == b"table":
                self._on_table(attributes, is_end=bool(match[1]))
            elif not match[1] and self._depth == 1:
                repeated = _ODS_REPEATED.search(attributes)
                count = min(int(repeated[1][:9]), 2_000_000) if repeated else 1
                if tag == b"table-column":
                    self._on_column(attributes, count)
                elif tag == b"table-row":
                    self._on_row(attributes, count)
                else:
                    self._on_cell(attributes, count)

    def _on_table(self, attributes: bytes, *, is_end: bool) -> None:
        if is_end:
            self._depth -= 1
            if self._depth == 0 and not self._extent.require_readable():
                raise self._extent.problem(self._sheet)
            return
        self._depth += 1
        if self._depth == 1:
            name = _ODS_NAME.search(attributes)
            self._sheet = _unescape(name[1]) if name else ""
            self._current = self.facts[self._sheet] = SheetFacts()
            self._extent = _Extent()
            self._line = self._column = self._repeated = 0

    def _on_column(self, attributes: bytes, count: int) -> None:
        if _ODS_HIDDEN.search(attributes):
            self._current.hidden_columns.update(range(self._column, min(self._column + count, 16_384)))
        self._column += count

    def _on_row(self, attributes: bytes, count: int) -> None:
        self._line += self._repeated or 1
        self._repeated, self._filled = count, 0
        if _ODS_HIDDEN.search(attributes):
            self._current.hidden_lines.update(range(self._line, self._line + min(count, _MOST_HIDDEN)))

    def _on_cell(self, attributes: bytes, count: int) -> None:
        self._filled += count
        if b"value-type" not in attributes:
            if b"table:formula" in attributes:
                self._current.uncalculated.setdefault(self._line, []).append(self._filled - 1)
            return
        extent = self._extent
        extent.cells += count * self._repeated
        extent.lines = max(extent.lines, self._line + self._repeated - 1)
        extent.columns = max(extent.columns, self._filled)
        if b'calcext:value-type="error"' in attributes:
            self._current.has_errors = True


def _unescape(name: bytes) -> str:
    return html.unescape(name.decode("utf-8", "replace"))


# Excel's workbooks until 2003 (.xls)

_XLS_DIMENSIONS = re.compile(rb"\x00\x02\x0e\x00(.{4})(.{4})(.{2})(.{2})\x00\x00", re.DOTALL)
"""The record of a sheet's first and last row, then column ([MS-XLS] 2.4.90)."""


def require_readable_xls(raw: bytes) -> None:
    """Check how far an .xls workbook's sheets reach; all of them are read at once.

    Raises:
        FileProblem: they reach too far.
    """
    cells = 0
    for match in _XLS_DIMENSIONS.finditer(raw):
        first_row, end_row, first_column, end_column = (int.from_bytes(end, "little") for end in match.groups())
        if first_row <= end_row <= 65_536 and first_column <= end_column <= 256:
            cells += (end_row - first_row) * (end_column - first_column)
    if cells > _MOST_CELLS:
        raise FileProblem(
            "The sheets of this workbook reach too far to be read; save the sheet as CSV, and import that"
        )


_XLS_FORMATS = re.compile(rb"\xe0\x00\x14\x00.{20}(?:\xe0\x00\x14\x00.{20}){14,}", re.DOTALL)
"""Records of a workbook's cell formats, fifteen or more ([MS-XLS] 2.4.353)."""
_XLS_FORMAT_SIZE = 24
_XLS_NUMBER_FORMAT = re.compile(rb"\x1e\x04.{2}(.{2}).{2}[\x00\x01]([ -~\x00]{2,64})", re.DOTALL)
"""The record of a number format: its number and text."""
_ELAPSED = re.compile(rb"\[\x00?[hms]", re.IGNORECASE)
_BUILT_IN_DURATION = (46).to_bytes(2, "little")


def xls_without_durations(raw: bytes) -> bytes:
    """Return an .xls workbook in which durations are numbers."""
    texts = _XLS_NUMBER_FORMAT.findall(raw)
    durations = {
        _BUILT_IN_DURATION,
        *(number for number, text in texts if _ELAPSED.search(text.partition(b"\x1e\x04")[0])),
    }
    mended = bytearray(raw)
    for match in _XLS_FORMATS.finditer(raw):
        for start in range(match.start() + 6, match.end(), _XLS_FORMAT_SIZE):
            if raw[start : start + 2] in durations:
                mended[start : start + 2] = bytes(2)
    return bytes(mended)
