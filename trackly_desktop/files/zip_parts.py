"""Unpack parts of a zip file within bounds, whatever its headers declare."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from trackly_desktop.files.table import FileProblem

_MOST_BYTES = 1_000_000_000
"""Bytes of an unpacked workbook: more than a sheet of a million rows has."""
_MOST_IN_MEMORY = 300_000_000
"""Bytes of a part that is kept in memory as a whole, like the shared strings."""
_BLOCK = 1 << 20
_LOCAL_HEADER = struct.Struct("<4s22xHH")
"""Signature, then the lengths of name and extra field."""
_DEFLATED = 8

_TOO_LARGE = "This workbook is too large once it is unpacked; save the sheet as CSV, and import that"
DAMAGED = "This workbook is damaged or was cut off; save it again, or as CSV"


class ZipParts:
    """The parts of a zip file in memory; names are compared without case."""

    def __init__(self, raw: bytes) -> None:
        """Read the directory.

        Raises:
            FileProblem: the zip file is damaged, or too large once it is unpacked.
        """
        self._raw = raw
        try:
            with zipfile.ZipFile(io.BytesIO(raw)) as file:
                self._parts = {part.filename.lower().lstrip("/"): part for part in file.infolist()}
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
            raise FileProblem(DAMAGED) from error
        if sum(part.file_size for part in self._parts.values()) > _MOST_BYTES:
            raise FileProblem(_TOO_LARGE)

    @property
    def names(self) -> list[str]:
        """The names of all parts, in lower case."""
        return list(self._parts)

    def name_in_file(self, name: str) -> str:
        """Return a part's name as the file writes it."""
        return self._parts[name.lower()].filename

    def read(self, name: str) -> bytes:
        """Return a part; empty where there is none.

        Raises:
            FileProblem: the part is damaged or too large.
        """
        part = self._parts.get(name.lower())
        if part is None:
            return b""
        if part.file_size > _MOST_IN_MEMORY:
            raise FileProblem(_TOO_LARGE)
        return b"".join(self.blocks(name))

    def check(self, name: str, most_bytes: int = _MOST_IN_MEMORY) -> None:
        """Unpack a part that is kept in memory as a whole, and keep nothing.

        Raises:
            FileProblem: the part is damaged, too large, or larger than it declares.
        """
        part = self._parts[name.lower()]
        if part.file_size > most_bytes:
            raise FileProblem(_TOO_LARGE)
        for _block in self.blocks(name):
            pass

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield a part's bytes, a block at a time.

        Raises:
            FileProblem: the part is damaged, or larger than it declares.
        """
        part = self._parts[name.lower()]
        packed = self._packed(part)
        if part.compress_type == zipfile.ZIP_STORED:
            yield from (bytes(packed[start : start + _BLOCK]) for start in range(0, len(packed), _BLOCK))
            return
        if part.compress_type != _DEFLATED:
            raise FileProblem(DAMAGED)
        size = 0
        for block in _inflate(packed):
            size += len(block)
            # The declared size bounds what is unpacked: a small file may hold a thousand times its size.
            if size > part.file_size:
                raise FileProblem(DAMAGED)
            yield block

    def _packed(self, part: zipfile.ZipInfo) -> memoryview:
        header = self._raw[part.header_offset : part.header_offset + _LOCAL_HEADER.size]
        if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04") or part.flag_bits & 1:
            raise FileProblem(DAMAGED)
        _signature, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        start = part.header_offset + _LOCAL_HEADER.size + name_length + extra_length
        return memoryview(self._raw)[start : start + part.compress_size]


def _inflate(packed: memoryview) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for start in range(0, len(packed), _BLOCK):
            waiting: bytes | memoryview = packed[start : start + _BLOCK]
            while waiting and not unpacker.eof:
                if block := unpacker.decompress(waiting, _BLOCK):
                    yield block
                waiting = unpacker.unconsumed_tail
        while block := unpacker.decompress(unpacker.unconsumed_tail, _BLOCK):
            yield block
    except zlib.error as error:
        raise FileProblem(DAMAGED) from error


def replace_part(raw: bytes, name: str, blocks: Iterator[bytes]) -> bytes:
    """Return a zip file in which a part has another content.

    The new content is appended and the old one no longer listed: nothing else is packed again.
    """
    content = io.BytesIO(raw)
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        file.filelist.remove(file.NameToInfo.pop(name))
        with file.open(name, "w", force_zip64=True) as part:
            for block in blocks:
                part.write(block)
    return content.getvalue()
