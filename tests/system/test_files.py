"""Digests of files."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from trackly_desktop.system.files import FileDigest, digest_file


def test_a_file_is_digested_block_by_block_and_read_once(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    content = b"Phone\n" * 400_000
    file.write_bytes(content)
    blocks: list[bytes] = []
    assert digest_file(file, blocks.append) == FileDigest(hashlib.sha256(content).hexdigest(), len(content))
    assert len(blocks) > 1
    assert b"".join(blocks) == content


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        digest_file(tmp_path / "none.csv")
