"""Digests of files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

_BLOCK = 1 << 20


class FileDigest(NamedTuple):
    """A file's SHA-256 in hexadecimal, and its size in bytes."""

    sha256: str
    size: int


def digest_file(path: Path, on_block: Callable[[bytes], object] | None = None) -> FileDigest:
    """Return the digest of a file, which is read once, a block at a time.

    Args:
        path: the file.
        on_block: called with each block in order, for readers that need the content as well.

    Raises:
        OSError: the file cannot be read.
    """
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
            if on_block is not None:
                on_block(block)
    return FileDigest(digest.hexdigest(), size)
