"""Small files of the program's own: owner-only, and whole whatever happens."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from trackly_desktop.system.private_files import write_private


def test_many_writers_leave_one_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    texts = [str(index) * 10_000 for index in range(10)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda index: write_private(path, texts[index % 10]), range(400)))
    assert path.read_text("utf-8") in texts
    assert [*tmp_path.iterdir()] == [path]


def test_a_file_is_its_owners_alone_even_if_the_one_before_was_not(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_text("old", "utf-8")
    path.chmod(0o644)
    write_private(path, "“new”")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text("utf-8") == "“new”"


def test_a_write_that_fails_leaves_the_old_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file.json"
    write_private(path, "old")

    def no_room(_descriptor: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(OSError, match="full"):
        write_private(path, "new")
    assert path.read_text("utf-8") == "old"
    assert [*tmp_path.iterdir()] == [path]
