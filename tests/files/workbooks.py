"""Workbooks of each kind, from the same rows.

Kinds that no library writes are written by hand, by their standards.
"""

from __future__ import annotations

import datetime
import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

import openpyxl
import xlwt

Cell = str | float | int | bool | datetime.datetime | datetime.date | None
Sheets = Mapping[str, Sequence[Sequence[Cell]]]


def xlsx(sheets: Sheets, hidden: Sequence[str] = ()) -> bytes:
    """Return a workbook as Excel writes it today."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for row in rows:
            sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def xls(sheets: Sheets) -> bytes:
    """Return a workbook as Excel wrote it until 2003."""
    book = xlwt.Workbook()
    dates = xlwt.easyxf(num_format_str="YYYY-MM-DD HH:MM")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for row_index, row in enumerate(rows):
            for column_index, cell in enumerate(row):
                if isinstance(cell, (datetime.date, datetime.datetime)):
                    sheet.write(row_index, column_index, cell, dates)
                elif cell is not None:
                    sheet.write(row_index, column_index, cell)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def ods(sheets: Sheets) -> bytes:
    """Return an OpenDocument sheet (ISO/IEC 26300), as LibreOffice writes it."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}">{"".join(_ods_row(row) for row in rows)}</table:table>'
        for name, rows in sheets.items()
    )
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"' for prefix in ("office", "table", "text")
    )
    content = f"<office:document-content {names}><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        "</manifest:manifest>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("META-INF/manifest.xml", manifest)
        parts.writestr("content.xml", content)
    return file.getvalue()


def _ods_row(row: Sequence[Cell]) -> str:
    return f"<table:table-row>{''.join(_ods_cell(cell) for cell in row)}</table:table-row>"


def _ods_cell(cell: Cell) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(cell).lower()}"/>'
    if isinstance(cell, (int, float)):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
    if isinstance(cell, datetime.date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'


def xlsb(sheets: Sheets) -> bytes:
    """Return Excel's binary workbook ([MS-XLSB]): records of type, length and content."""
    relations = "".join(
        f'<Relationship Id="rId{number}" Target="worksheets/sheet{number}.bin" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/>'
        for number in range(1, len(sheets) + 1)
    )
    book = _record(131) + _record(143)
    for number, name in enumerate(sheets, 1):
        book += _record(156, struct.pack("<II", 0, number) + _text(f"rId{number}") + _text(name))
    book += _record(144) + _record(132)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("xl/workbook.bin", book)
        parts.writestr("xl/_rels/workbook.bin.rels", f"<Relationships>{relations}</Relationships>")
        for number, rows in enumerate(sheets.values(), 1):
            parts.writestr(f"xl/worksheets/sheet{number}.bin", _xlsb_sheet(rows))
    return file.getvalue()


def _xlsb_sheet(rows: Sequence[Sequence[Cell]]) -> bytes:
    width = max(len(row) for row in rows)
    records = _record(129) + _record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1)) + _record(145)
    for row_index, row in enumerate(rows):
        records += _record(0, struct.pack("<II", row_index, 0) + bytes(17))
        for column_index, cell in enumerate(row):
            head = struct.pack("<II", column_index, 0)
            if isinstance(cell, bool):
                records += _record(4, head + bytes([cell]))
            elif isinstance(cell, (int, float)):
                records += _record(5, head + struct.pack("<d", cell))
            elif cell is not None:
                records += _record(6, head + _text(str(cell)))
    return records + _record(146) + _record(130)


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _record(kind: int, content: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(content), b""
    while True:
        length += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            return head + length + content
