"""Scan the sheets of Excel's binary workbooks (.xlsb).

They have records of type, length and content ([MS-XLSB]).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from trackly_desktop.files.sheet_facts import MOST_COLUMNS, Extent, SheetFacts
from trackly_desktop.files.xlsx_scan import existing_parts, relation_targets
from trackly_desktop.files.zip_parts import ZipParts

_ROW_HEADER, _LAST_CELL, _COLUMN, _SHEET_NAME = 0, 11, 60, 156


def xlsb_sheet_parts(parts: ZipParts) -> dict[str, str]:
    """Return the names of the sheets' parts, by the sheets' names."""
    targets = relation_targets(parts, "xl/_rels/workbook.bin.rels")
    sheets = []
    for kind, content in _records(parts.read("xl/workbook.bin")):
        if kind == _SHEET_NAME and len(content) > 12:
            relation, end = _wide_text(content, 8)
            sheets.append((_wide_text(content, end)[0], targets.get(relation, "")))
    return existing_parts(parts, sheets)


def xlsb_facts(parts: ZipParts, part: str, sheet: str) -> SheetFacts:
    """Scan a sheet of an .xlsb workbook.

    Raises:
        FileProblem: the sheet reaches too far, or is damaged.
    """
    facts, extent, line = SheetFacts(), Extent(), 0
    for kind, content in _records(parts.read(part)):
        if kind == _ROW_HEADER and len(content) >= 12:
            line = int.from_bytes(content[:4], "little") + 1
            if content[11] & 0x10:
                facts.hidden_lines.add(line)
        elif 1 < kind <= _LAST_CELL and len(content) >= 4:
            extent.cells += 1
            extent.include(line, int.from_bytes(content[:4], "little") + 1)
        elif kind == _COLUMN and len(content) >= 18 and content[16] & 1:
            first, last = struct.unpack("<II", content[:8])
            facts.hidden_columns.update(range(first, min(last + 1, MOST_COLUMNS)))
    if not extent.is_readable:
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
