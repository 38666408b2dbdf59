"""Power loss at any time: the journal's files are intact, and true."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.server import FlakyServer
from tests.journeys.jobs import check, deliver
from trackly_desktop.contacts.issues import NoteCode
from trackly_desktop.journal import row_codec
from trackly_desktop.journal.connection import JournalProblem, connect
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.journal.run_store import Journal

Write = Callable[..., Path]
ROWS = 120
_SUFFIXES = ("", "-wal", "-shm")


@pytest.fixture
def copies(
    journal_path: Path, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[Path, set[str]]]:
    """The journal's files after each commit, and the phones on the server."""
    copies: list[tuple[Path, set[str]]] = []
    with FlakyServer(3, trouble=0.1) as server:
        run_id = check(
            journal_path, write("Phone", *(f"+1415{2_000_000 + n}" for n in range(ROWS))), server.address
        ).run_id
        commit_batch = Journal.commit_batch

        def commit_and_copy(journal: Journal, *arguments: Any) -> list[int | NoteCode]:
            requests = commit_batch(journal, *arguments)
            folder = tmp_path / f"copy-{len(copies)}"
            folder.mkdir()
            for suffix in _SUFFIXES:
                source = journal_path.with_name(journal_path.name + suffix)
                if source.exists():
                    shutil.copy(source, folder / source.name)
            copies.append((folder / journal_path.name, set(server.account.applied)))
            return requests

        monkeypatch.setattr(Journal, "commit_batch", commit_and_copy)
        deliver(journal_path, run_id)
    assert len(copies) > 20
    return copies


def _outcomes(journal: Path) -> dict[str, str]:
    connection = connect(journal)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = connection.execute("SELECT phone, outcome FROM rows").fetchall()
        return {row_codec.phone_of(phone): str(row_codec.OUTCOME_OF[outcome]) for phone, outcome in rows}
    finally:
        connection.close()


def test_after_every_commit_the_journal_has_each_person_who_may_have_been_added(
    copies: list[tuple[Path, set[str]]],
) -> None:
    for journal, applied in copies:
        outcomes = _outcomes(journal)
        assert len(outcomes) == ROWS
        # A person on the server is at least `sending` here: a row is, before its request leaves.
        assert {outcomes[phone] for phone in applied} <= {"sending", "created", "updated", "unknown"}
        claimed = {phone for phone, outcome in outcomes.items() if outcome in ("created", "updated")}
        assert claimed <= applied


def test_a_torn_write_is_ignored(copies: list[tuple[Path, set[str]]]) -> None:
    chance = random.Random(7)
    for journal, _applied in copies[:: max(1, len(copies) // 12)]:
        wal = journal.with_name(journal.name + "-wal")
        if wal.exists() and wal.stat().st_size:
            with wal.open("r+b") as file:
                file.truncate(chance.randrange(wal.stat().st_size))
        journal.with_name(journal.name + "-shm").unlink(missing_ok=True)
        assert len(_outcomes(journal)) == ROWS


@pytest.mark.parametrize("content", [b"This is no database at all, but as long as its first page " * 20, b"\0" * 4096])
def test_a_damaged_journal_is_set_aside_and_named_and_never_overwritten(tmp_path: Path, content: bytes) -> None:
    journal = tmp_path / "journal.sqlite"
    journal.write_bytes(content)
    with pytest.raises(JournalProblem, match=r"damaged; it is kept as .*journal\.sqlite\.damaged-"):
        connect(journal)
    [copy] = tmp_path.glob("journal.sqlite.damaged-*")
    assert copy.read_bytes() == content
    connect(journal).close()
    assert JournalReader(journal).runs() == []


def test_a_journal_damaged_in_its_middle_is_not_mistaken_for_a_good_one(journal_path: Path, write: Write) -> None:
    check(journal_path, write("Phone", *(f"+1415{2_000_000 + n}" for n in range(2_000))), "http://127.0.0.1:9")
    connection = sqlite3.connect(journal_path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with journal_path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 3_000)
    with pytest.raises(JournalProblem):
        connect(journal_path)
