"""Scan the sheets of OpenDocument workbooks (.ods), which are in one part."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trackly_desktop.files.sheet_facts import MOST_COLUMNS, Extent, SheetFacts
from trackly_desktop.files.table import FileProblem
from trackly_desktop.files.xlsx_scan import ATTRIBUTES, last_tag, unescape
from trackly_desktop.files.zip_parts import DAMAGED, ZipParts

ODS_CONTENT = "content.xml"
_MOST_HIDDEN = 200_000
"""Hidden lines of a row that is repeated: blank ones, at the end of a sheet."""
_TAG = re.compile(
    rb"<(/?)table:(table|table-column|table-row|table-cell|covered-table-cell)(?=[\s/>])(" + ATTRIBUTES + b")>?"
)
_CELL = re.compile(rb"<table:table-cell(?=[\s/>])(" + ATTRIBUTES + b")>?")
_NAME = re.compile(rb"""\stable:name\s*+=\s*+["']([^"']*)["']""")
_REPEATED = re.compile(rb"""\stable:number-(?:columns|rows)-repeated\s*+=\s*+["'](\d+)["']""")
_HIDDEN = re.compile(rb"""\stable:visibility\s*+=\s*+["'](?:collapse|filter)["']""")
_ERROR = re.compile(rb"""\scalcext:value-type\s*+=\s*+["']error["']""")
_NO_TEXT = re.compile(rb"""\soffice:string-value\s*+=\s*+(?:""|'')""")


def ods_facts(parts: ZipParts) -> dict[str, SheetFacts]:
    """Scan all sheets of an .ods workbook, which are in one part.

    Raises:
        FileProblem: a sheet reaches too far, or the workbook is damaged.
    """
    scan = _Scan()
    for block in _blocks(parts):
        scan.feed(block)
    return scan.facts


def mended_ods_blocks(parts: ZipParts) -> Iterator[bytes]:
    """Yield the content with the words of errors as their cells' text."""
    for block in _blocks(parts):
        yield _CELL.sub(_with_error_as_text, block) if _ERROR.search(block) else block


def _with_error_as_text(cell: re.Match[bytes]) -> bytes:
    return _NO_TEXT.sub(b"", cell[0]) if _ERROR.search(cell[1]) else cell[0]


def _blocks(parts: ZipParts) -> Iterator[bytes]:
    rest = b""
    for block in parts.blocks(ODS_CONTENT):
        rest += block
        end = last_tag(rest)
        yield rest[:end]
        rest = rest[end:]
    yield rest


class _Scan:
    """The state of a scan of OpenDocument's content."""

    def __init__(self) -> None:
        self.facts: dict[str, SheetFacts] = {}
        self._depth = 0
        self._sheet = ""
        self._current = SheetFacts()
        self._extent = Extent()
        self._line = self._column = self._repeated = self._filled = 0

    def feed(self, block: bytes) -> None:
        """Scan the next bytes, which end before a tag.

        Raises:
            FileProblem: a sheet reaches too far, or a tag has no end.
        """
        for match in _TAG.finditer(block):
            if not match[0].endswith(b">"):
                raise FileProblem(DAMAGED)
            tag, attributes = match[2], match[3]
            if tag == b"table":
                self._on_table(attributes, is_end=bool(match[1]))
            elif not match[1] and self._depth == 1:
                repeated = _REPEATED.search(attributes)
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
            if self._depth == 0 and not self._extent.is_readable:
                raise self._extent.problem(self._sheet)
            return
        self._depth += 1
        if self._depth == 1:
            name = _NAME.search(attributes)
            self._sheet = unescape(name[1]) if name else ""
            self._current = self.facts[self._sheet] = SheetFacts()
            self._extent = Extent()
            self._line = self._column = self._repeated = 0

    def _on_column(self, attributes: bytes, count: int) -> None:
        if _HIDDEN.search(attributes):
            self._current.hidden_columns.update(range(self._column, min(self._column + count, MOST_COLUMNS)))
        self._column += count

    def _on_row(self, attributes: bytes, count: int) -> None:
        self._line += self._repeated or 1
        self._repeated, self._filled = count, 0
        if _HIDDEN.search(attributes):
            self._current.hidden_lines.update(range(self._line, self._line + min(count, _MOST_HIDDEN)))

    def _on_cell(self, attributes: bytes, count: int) -> None:
        self._filled += count
        if b"value-type" not in attributes:
            if b"table:formula" in attributes:
                self._current.add_uncalculated(self._line, self._filled - 1)
            return
        extent = self._extent
        extent.cells += count * self._repeated
        extent.include(self._line + self._repeated - 1, self._filled)
        if _ERROR.search(attributes):
            self._current.has_errors = True
