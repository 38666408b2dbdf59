"""The journal locked, read-only, deleted or exchanged: nothing is sent meanwhile."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from tests.chaos.server import FlakyServer
from tests.journeys.jobs import check, deliver, outcomes, run_of
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.delivery.progress import RunEnd
from trackly_desktop.journal import connection
from trackly_desktop.journal.connection import connect
from trackly_desktop.journal.models import State
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.messages import end_text, wait_text

Write = Callable[..., Path]
ROWS = 200
PEOPLE = [f"+1415{2_000_000 + number}" for number in range(ROWS)]


@pytest.fixture
def server() -> Iterator[FlakyServer]:
    with FlakyServer(1, trouble=0.0, delay=0.02) as flaky:
        yield flaky


class JournalFault:
    """A run whose journal is disturbed, until the run waits and nothing more leaves."""

    def __init__(
        self, journal: Path, server: FlakyServer, do: Callable[[], object], undo: Callable[[str], object]
    ) -> None:
        self._journal, self._server, self._do, self._undo = journal, server, do, undo
        self._begun = False
        self._undoing: asyncio.Task[None] | None = None
        self.wait_text = ""
        self.requests_meanwhile = False

    def deliver(self, run_id: int, patience: float | None = None) -> RunEnd:
        return deliver(self._journal, run_id, self._watch, patience=patience)

    def _watch(self, delivery: Delivery) -> None:
        if not self._begun and self._server.account.asked.total() > ROWS / 4:
            self._begun = True
            self._do()
        wait = delivery.progress().wait
        if self._begun and wait is not None and self._undoing is None:
            self.wait_text = wait_text(wait, datetime.now())
            self._undoing = asyncio.get_running_loop().create_task(self._undo_once_idle())

    async def _undo_once_idle(self) -> None:
        requests = await asyncio.to_thread(self._server.wait_until_idle, 0.1)
        self.requests_meanwhile = await asyncio.to_thread(self._server.wait_for_requests, requests + 1, 0.3)
        self._undo(self.wait_text)


def each_person_once(server: FlakyServer) -> bool:
    return sorted(server.account.asked.elements()) == PEOPLE


def test_a_locked_journal_is_waited_for(
    journal_path: Path, write: Write, server: FlakyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.05)
    run_id = check(journal_path, write("Phone", *PEOPLE), server.address).run_id
    other = sqlite3.connect(journal_path, isolation_level=None, check_same_thread=False)
    fault = JournalFault(
        journal_path, server, lambda: other.execute("BEGIN IMMEDIATE"), lambda _text: other.execute("ROLLBACK")
    )
    assert fault.deliver(run_id).state is State.FINISHED
    other.close()
    assert "database is locked" in fault.wait_text
    assert "end the other program that holds it" in fault.wait_text
    assert not fault.requests_meanwhile
    assert each_person_once(server)
    assert outcomes(journal_path, run_id) == {"created": ROWS}


def test_a_journal_that_is_deleted_is_written_again_with_all_its_rows(
    journal_path: Path, write: Write, server: FlakyServer
) -> None:
    run_id = check(journal_path, write("Phone", *PEOPLE), server.address).run_id

    def delete() -> None:
        for path in journal_path.parent.glob("journal.sqlite*"):
            path.unlink()

    fault = JournalFault(journal_path, server, delete, lambda _text: None)
    assert fault.deliver(run_id).state is State.FINISHED
    assert each_person_once(server)
    assert outcomes(journal_path, run_id) == {"created": ROWS}
    assert journal_path.stat().st_mode & 0o777 == 0o600


def test_reading_creates_no_journal_where_one_was_deleted(
    journal_path: Path, write: Write, server: FlakyServer
) -> None:
    run_id = check(journal_path, write("Phone", *PEOPLE), server.address).run_id
    reader = JournalReader(journal_path)
    before = reader.run(run_id)
    for path in journal_path.parent.glob("journal.sqlite*"):
        path.unlink()
    assert reader.run(run_id) == before
    assert JournalReader(journal_path).runs() == []
    assert not journal_path.exists()


def test_a_journal_that_was_exchanged_is_kept_beside_the_other_and_continues_once_put_back(
    journal_path: Path, write: Write, server: FlakyServer
) -> None:
    run_id = check(journal_path, write("Phone", *PEOPLE), server.address).run_id

    def exchange() -> None:
        for path in journal_path.parent.glob("journal.sqlite*"):
            path.unlink()
        connect(journal_path).close()

    def put_back(text: str) -> None:
        [copy] = journal_path.parent.glob("journal.sqlite.kept-*")
        assert f"put {copy.name} there instead" in text
        copy.rename(journal_path)

    fault = JournalFault(journal_path, server, exchange, put_back)
    assert fault.deliver(run_id).state is State.FINISHED
    assert not fault.requests_meanwhile
    assert each_person_once(server)
    assert outcomes(journal_path, run_id) == {"created": ROWS}


def test_without_patience_the_run_stops_and_can_be_continued(
    journal_path: Path, write: Write, server: FlakyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.05)
    run_id = check(journal_path, write("Phone", *PEOPLE), server.address).run_id
    other = sqlite3.connect(journal_path, isolation_level=None, check_same_thread=False)
    fault = JournalFault(journal_path, server, lambda: other.execute("BEGIN IMMEDIATE"), lambda _text: None)
    end = fault.deliver(run_id, patience=0.3)
    other.execute("ROLLBACK")
    other.close()
    assert end.state is State.STOPPED
    assert "end the other program that holds it" in end_text(end)
    deliver(journal_path, run_id)
    assert set(server.account.applied) == set(PEOPLE)
    counts = outcomes(journal_path, run_id)
    assert counts.get("created", 0) + counts.get("updated", 0) == ROWS


@contextmanager
def writable_by_nobody() -> Iterator[Path]:
    """A folder for a program that runs as another user: root may write anywhere."""
    folder = Path(tempfile.mkdtemp(prefix="trackly-journal-"))
    try:
        if os.geteuid() == 0:
            os.chown(folder, 65534, 65534)
        yield folder
    finally:
        folder.chmod(0o700)
        shutil.rmtree(folder)


_READ_ONLY = """
import sys
from pathlib import Path
from trackly_desktop.journal.run_store import Journal
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.journal.connection import advice
import os, sqlite3
if os.geteuid() == 0:
    os.setgid(65534); os.setuid(65534)
folder = Path(sys.argv[1])
Journal(folder / "journal.sqlite").close()
(folder / "journal.sqlite").chmod(0o400)
try:
    Journal(folder / "journal.sqlite").start(1)
except (sqlite3.Error, JournalProblem) as error:
    print(type(error).__name__, error, advice(error) if isinstance(error, sqlite3.Error) else "")
(folder / "journal.sqlite").chmod(0o600)
Journal(folder / "journal.sqlite").start(1)
folder.chmod(0o500)
try:
    Journal(folder / "other.sqlite")
except (sqlite3.Error, JournalProblem) as error:
    print(type(error).__name__, error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
def test_a_journal_or_folder_without_permission_is_reported_and_used_again_once_it_has_it() -> None:
    with writable_by_nobody() as folder:
        done = subprocess.run(
            [sys.executable, "-c", _READ_ONLY, str(folder)], capture_output=True, text=True, timeout=60
        )
    assert done.returncode == 0, done.stderr
    locked, folder_locked = done.stdout.splitlines()
    assert "readonly" in locked
    assert "writable" in locked
    assert folder_locked.startswith("JournalProblem")
    assert "make its file and folder writable again" in folder_locked


def test_a_locked_journal_can_still_be_read(journal_path: Path, write: Write) -> None:
    run_id = check(journal_path, write("Phone", *PEOPLE), "http://127.0.0.1:9").run_id
    other = sqlite3.connect(journal_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    read: list[int] = []
    thread = threading.Thread(target=lambda: read.append(run_of(journal_path, run_id).rows))
    since = time.monotonic()
    thread.start()
    thread.join(5)
    other.execute("ROLLBACK")
    other.close()
    assert read == [ROWS]
    assert time.monotonic() - since < 5
