"""Scan Excel's workbooks until 2003 (.xls).

They are compound files ([MS-CFB]), whose workbook stream has records of type, length and content ([MS-XLS]).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from trackly_desktop.files.sheet_facts import Extent, SheetFacts

_END_OF_CHAIN = 0xFFFFFFFA
"""Numbers of sectors from here on are marks."""
_MINI_SECTOR = 64


class _CompoundFile:
    """The streams of a compound file."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._size = 1 << min(12, max(7, int.from_bytes(raw[30:32], "little")))
        (first_directory,), (self._cutoff, first_mini) = (
            struct.unpack_from("<I", raw, 48),
            struct.unpack_from("<II", raw, 56),
        )
        self._table = self._read_table()
        directory = self._chain(first_directory)
        self._entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
        self._mini_table = _numbers(self._chain(first_mini))
        self._mini = self._chain(struct.unpack_from("<I", self._entries[0], 116)[0]) if self._entries else b""

    def stream(self, *names: str) -> bytes:
        """Return the stream of the first of these names that there is; else empty."""
        for name in names:
            for entry in self._entries:
                length = int.from_bytes(entry[64:66], "little")
                if entry[66] == 2 and entry[: max(0, length - 2)].decode("utf-16-le", "replace") == name:
                    first, size = struct.unpack_from("<II", entry, 116)
                    is_mini = size < self._cutoff
                    return (self._mini_chain(first) if is_mini else self._chain(first))[:size]
        return b""

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._raw[start : start + self._size]

    def _read_table(self) -> list[int]:
        """Return the number of the sector that follows each sector."""
        sectors = [number for number in _numbers(self._raw[76:512]) if number < _END_OF_CHAIN]
        (following,) = struct.unpack_from("<I", self._raw, 68)
        seen: set[int] = set()
        while following < _END_OF_CHAIN and following not in seen:
            seen.add(following)
            more = _numbers(self._sector(following))
            sectors += [number for number in more[:-1] if number < _END_OF_CHAIN]
            following = more[-1] if more else _END_OF_CHAIN
        return _numbers(b"".join(map(self._sector, sectors[: len(self._raw) // self._size + 1])))

    def _chain(self, first: int) -> bytes:
        return b"".join(map(self._sector, _follow(first, self._table)))

    def _mini_chain(self, first: int) -> bytes:
        starts = (number * _MINI_SECTOR for number in _follow(first, self._mini_table))
        return b"".join(self._mini[start : start + _MINI_SECTOR] for start in starts)


def _numbers(content: bytes) -> list[int]:
    count = len(content) // 4
    return list(struct.unpack_from(f"<{count}I", content))


def _follow(number: int, table: list[int]) -> Iterator[int]:
    for _step in range(len(table)):  # a chain that is damaged may be a ring
        if number >= len(table):
            return
        yield number
        number = table[number]


_BOUNDSHEET, _LOCKED, _END = 0x85, 0x2F, 0x0A
_ROW, _COLUMNS, _SEVERAL_NUMBERS = 0x208, 0x7D, 0xBD
_CELLS = frozenset((0x06, 0xD6, 0xFD, 0x203, 0x204, 0x205, 0x27E, _SEVERAL_NUMBERS))
_HIDDEN_ROW, _HIDDEN_COLUMNS = 0x20, 0x01


def xls_facts(raw: bytes) -> list[SheetFacts]:
    """Scan the sheets of an .xls workbook, all of which are read at once.

    Empty where that cannot be done: the workbook is locked or damaged.

    Raises:
        FileProblem: a sheet reaches too far.
    """
    try:
        stream = _CompoundFile(raw).stream("Workbook", "Book")
    except (struct.error, IndexError):
        return []
    sheets = []
    for kind, start, end in _records(stream, 0):
        if kind == _LOCKED:
            return []
        if kind == _BOUNDSHEET:
            sheets.append((int.from_bytes(stream[start : start + 4], "little"), _sheet_name(stream[start + 6 : end])))
    return [_sheet_facts(stream, start, name) for start, name in sheets]


def _sheet_name(content: bytes) -> str:
    is_wide = len(content) > 1 and bool(content[1] & 1)
    return content[2:].decode("utf-16-le" if is_wide else "latin-1", "replace")


def _sheet_facts(stream: bytes, start: int, name: str) -> SheetFacts:
    facts, extent = SheetFacts(), Extent()
    for kind, at, end in _records(stream, start):
        if kind in _CELLS and end - at >= 6:
            row, column = stream[at] | stream[at + 1] << 8, stream[at + 2] | stream[at + 3] << 8
            last = stream[end - 2] | stream[end - 1] << 8 if kind == _SEVERAL_NUMBERS else column
            extent.cells += max(1, last - column + 1)
            extent.include(row + 1, last + 1)
        elif kind == _ROW and end - at >= 14 and stream[at + 12] & _HIDDEN_ROW:
            facts.hidden_lines.add((stream[at] | stream[at + 1] << 8) + 1)
        elif kind == _COLUMNS and end - at >= 10 and stream[at + 8] & _HIDDEN_COLUMNS:
            first, last = struct.unpack_from("<HH", stream, at)
            facts.hidden_columns.update(range(first, min(last + 1, 256)))
    if not extent.is_readable:
        raise extent.problem(name)
    return facts


def _records(stream: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    """Yield type, beginning and end of the records up to the end of a substream."""
    while position + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, position)
        end = min(position + 4 + size, len(stream))
        if kind == _END:
            return
        yield kind, position + 4, end
        position = end


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
