"""Scan the sheets of Office Open XML workbooks (.xlsx, .xlsm) as text.

Tags are found by patterns, since a parser takes several times as long. Each pattern looks at a byte once or twice, whatever
the sheet holds, and needs no tag to be well-formed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from trackly_desktop.files.sheet_facts import MOST_COLUMNS, Extent, SheetFacts, column_number
from trackly_desktop.files.table import FileProblem
from trackly_desktop.files.zip_parts import ZipParts

LAST_DATE = 2_958_466
"""Excel's number of the day after 9999-12-31: no date or duration is greater."""
_LONGEST_CELL = 4_000_000
"""Bytes of a cell as written: Excel has 32,767 characters."""

ATTRIBUTES = rb"""(?:[^<>"']++|"[^"]*+"|'[^']*+')*+"""
"""All of a tag's attributes, with the slash of a tag without content."""
_ANY_PREFIX = rb"""(?:[^\s<>/:"'=!?]++:)?"""


def _tag(name: bytes, prefix: bytes = _ANY_PREFIX) -> bytes:
    return b"<" + prefix + name + rb"(?=[\s/>])(" + ATTRIBUTES + b")>?"


_SHEET = re.compile(_tag(b"sheet"))
_RELATION = re.compile(_tag(b"Relationship"))
_ATTRIBUTE = re.compile(rb"""\s(?:[\w.\-]++:)?(name|id|Id|Target)\s*+=\s*+("[^"]*"|'[^']*')""")


def xlsx_sheet_parts(parts: ZipParts) -> dict[str, str]:
    """Return the names of the sheets' parts, by the sheets' names."""
    targets = relation_targets(parts, "xl/_rels/workbook.xml.rels")
    sheets = map(_attributes, _SHEET.findall(parts.read("xl/workbook.xml")))
    return existing_parts(parts, ((sheet.get("name", ""), targets.get(sheet.get("id", ""), "")) for sheet in sheets))


def relation_targets(parts: ZipParts, part: str) -> dict[str, str]:
    """Return the parts that a workbook refers to, by the names of the relations."""
    relations = map(_attributes, _RELATION.findall(parts.read(part)))
    return {values.get("Id", ""): values.get("Target", "") for values in relations}


def _attributes(tag: bytes) -> dict[str, str]:
    return {key.decode(): unescape(value[1:-1]) for key, value in _ATTRIBUTE.findall(tag)}


def existing_parts(parts: ZipParts, targets: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the parts that there are, by the names of their sheets."""
    names = {*parts.names}
    existing: dict[str, str] = {}
    for sheet, target in targets:
        name = (target.lstrip("/") if target.startswith("/") else f"xl/{target}").lower()
        if name in names:
            existing.setdefault(sheet, name)
    return existing


def unescape(name: bytes) -> str:
    """Return the text of an attribute."""
    return html.unescape(name.decode("utf-8", "replace"))


class _Tags:
    """Patterns of the tags of a sheet."""

    def __init__(self, prefix: bytes) -> None:
        start, name_end = b"<" + prefix, rb"(?=[\s/>])"
        any_end = b"(?:(?<=/)>|>[^<]*+</[^>]*+>)"
        formula = start + b"f" + name_end + ATTRIBUTES + any_end
        no_value = start + b"v" + name_end + ATTRIBUTES + rb"(?:(?<=/)>|>\s*+</[^>]*+>)"
        self.row = re.compile(_tag(b"row", prefix))
        self.column = re.compile(_tag(b"col", prefix))
        self.cell = re.compile(_tag(b"c", prefix))
        self.row_or_cell = re.compile(start + b"(row|c)" + name_end + b"(" + ATTRIBUTES + rb")>?(\s*+</)?")
        self.end_of_cell = re.compile(b"</" + prefix + rb"c\s*+>")
        self.uncalculated = re.compile(
            start + b"c" + name_end + b"(" + ATTRIBUTES + rb")>\s*+" + formula + rb"\s*+(?:" + no_value + rb"\s*+)?</"
        )
        self.number = re.compile(
            b"(" + start + b"c" + name_end + ATTRIBUTES + rb">)(\s*+(?:" + formula + rb")?+\s*+" + start + b"v" + name_end
            + ATTRIBUTES + b">)([^<]{7,}+)(?=<)"
        )  # fmt: skip


_PLAIN_TAGS, _PREFIXED_TAGS = _Tags(b""), _Tags(_ANY_PREFIX)


def _tags_of(block: bytes) -> _Tags:
    """Return the patterns for a block.

    Names with a prefix, which few sheets have, take longer to find.
    """
    return _PREFIXED_TAGS if b":" in block else _PLAIN_TAGS


_REFERENCE = re.compile(rb"""(?<!\S)r\s*+=\s*+["']\$?([A-Za-z]*)\$?(\d+)["']""")
_USUAL_CELL = re.compile(rb"""<c r="([A-Z]{1,3}\d{1,7})["]""")
"""The beginning of a cell as all programs write it."""
_LONGER_NAMES = (b"<col", b"<con", b"<cust", b"<cell", b"<cf", b"<ctrl")
"""Beginnings of the names of other elements in a sheet that begin with a c."""
_HIDDEN = re.compile(rb"""\s(?:hidden\s*+=\s*+["'](?:1|true)|(?:ht|width)\s*+=\s*+["']0(?:\.0*)?["'])""")
_FIRST_TO_LAST = re.compile(rb"""\s(min|max)\s*+=\s*+["'](\d+)["']""")
_FORMAT = re.compile(rb"""\ss\s*+=\s*+["']\d+["']""")
_ERROR = re.compile(rb"""(\st\s*+=\s*+["'])e(["'])""")
_ERROR_MARKS = (b'"e"', b"'e'")
"""What the tag of an error has: quicker to find than the tag."""
_TEXT_RESULT = re.compile(rb"""\st\s*+=\s*+["']str["']""")
_DIGITS, _LETTERS = b"0123456789", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def xlsx_facts(parts: ZipParts, part: str, sheet: str) -> SheetFacts:
    """Scan a sheet of an .xlsx workbook.

    Raises:
        FileProblem: the sheet reaches too far, or is damaged.
    """
    facts, position = SheetFacts(), _Position(Extent())
    line = 0
    for block in _blocks(parts, part):
        tags = _tags_of(block)
        for attributes in tags.row.findall(block):
            reference = _REFERENCE.search(attributes)
            line = int(reference[2][:9]) if reference else line + 1
            if (b"hidden" in attributes or b"ht" in attributes) and _HIDDEN.search(attributes):
                facts.hidden_lines.add(line)
        position.add_cells(block)
        position.extent.require_cells_once()
        if b"col" in block:
            _add_hidden_columns(facts, tags.column.findall(block))
        if b"<f" in block or b":f" in block:
            _add_uncalculated(facts, tags.uncalculated.finditer(block))
        facts.has_errors = facts.has_errors or _has_errors(block)
    if not position.extent.is_readable:
        position = _Position(Extent())
        for block in _blocks(parts, part):
            position.add_cells_with_values(block)
        if not position.extent.is_readable:
            raise position.extent.problem(sheet)
    return facts


class _Position:
    """The cell that is scanned.

    Rows and cells that do not say where they are are counted, as calamine does.
    """

    def __init__(self, extent: Extent) -> None:
        self.extent = extent
        self._line = self._column = 0

    def add_cells(self, block: bytes) -> None:
        """Add the cells of a block, blank ones too."""
        references = _USUAL_CELL.findall(block)
        if len(references) != block.count(b"<c") - sum(map(block.count, _LONGER_NAMES)) or b":c" in block:
            self._add_each(block, only_values=False)
        elif references:
            joined = b" ".join(references)
            letters, digits = joined.translate(None, _DIGITS).split(), joined.translate(None, _LETTERS).split()
            self.extent.cells += len(references)
            self.extent.include(max(map(int, {*digits})), max(map(column_number, {*letters})))
            self._line, self._column = int(digits[-1]), column_number(letters[-1])

    def add_cells_with_values(self, block: bytes) -> None:
        """Add the cells of a block that have content: formats alone take no memory."""
        self._add_each(block, only_values=True)

    def _add_each(self, block: bytes, *, only_values: bool) -> None:
        for match in _tags_of(block).row_or_cell.finditer(block):
            reference = _REFERENCE.search(match[2])
            if match[1] == b"row":
                self._line = int(reference[2][:9]) if reference else self._line + 1
                self._column = 0
                continue
            line, self._column = self._line, self._column + 1
            if reference:
                line, self._column = int(reference[2][:9]), column_number(reference[1])
            if not only_values or not (match[3] or match[2].endswith(b"/")):
                self.extent.cells += 1
                self.extent.include(line, self._column)


def _has_errors(block: bytes) -> bool:
    return any(mark in block for mark in _ERROR_MARKS) and _ERROR.search(block) is not None


def _add_hidden_columns(facts: SheetFacts, columns: Iterable[bytes]) -> None:
    for attributes in columns:
        if _HIDDEN.search(attributes):
            ends = {key: int(number[:9]) for key, number in _FIRST_TO_LAST.findall(attributes)}
            first, last = ends.get(b"min", 1), ends.get(b"max", 0)
            facts.hidden_columns.update(range(first - 1, min(last, MOST_COLUMNS)))


def _add_uncalculated(facts: SheetFacts, cells: Iterable[re.Match[bytes]]) -> None:
    for match in cells:
        reference = _REFERENCE.search(match[1])
        if reference and not _TEXT_RESULT.search(match[1]):
            facts.add_uncalculated(int(reference[2][:9]), column_number(reference[1]) - 1)


def mended_xlsx_blocks(parts: ZipParts, part: str) -> Iterator[bytes]:
    """Yield a sheet with errors as text, and without formats that show no number.

    A number greater than any date is no date or duration, whatever its cell's format.
    """
    for block in _blocks(parts, part):
        tags = _tags_of(block)
        mended = tags.cell.sub(_with_error_as_text, block) if _has_errors(block) else block
        yield tags.number.sub(_without_format, mended)


def _with_error_as_text(cell: re.Match[bytes]) -> bytes:
    return _ERROR.sub(rb"\1str\2", cell[0])


def _without_format(match: re.Match[bytes]) -> bytes:
    try:
        is_date = abs(float(match[3])) < LAST_DATE
    except ValueError:
        is_date = True
    return match[0] if is_date else _FORMAT.sub(b"", match[1]) + match[2] + match[3]


def _blocks(parts: ZipParts, part: str) -> Iterator[bytes]:
    """Yield the sheet in blocks that end behind a cell."""
    rest, end_of_cell = b"", b""
    for block in parts.blocks(part):
        rest += block
        if not end_of_cell and (first := _tags_of(rest).end_of_cell.search(rest)):
            end_of_cell = first[0]
        end = rest.rfind(end_of_cell) if end_of_cell else -1
        end = end + len(end_of_cell) if end >= 0 else 0
        if not end and len(rest) > _LONGEST_CELL:
            end = last_tag(rest)
        if end:
            yield rest[:end]
            rest = rest[end:]
    yield rest


def last_tag(block: bytes) -> int:
    """Return where the last tag of a block begins.

    Raises:
        FileProblem: there is none, and the block is longer than a cell can be.
    """
    start = block.rfind(b"<")
    if start <= 0 and len(block) > _LONGEST_CELL:
        raise FileProblem("A cell of this workbook is too large to read; save the sheet as CSV, and import that")
    return max(start, 0)
