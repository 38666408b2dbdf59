"""The journal locked, not writable, deleted or exchanged while a run goes on: nothing leaves, and it goes on afterwards."""

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
from pathlib import Path

import pytest

from tests.chaos.server import FlakyServer
from tests.journeys.jobs import ACCOUNT, QUICK, check, deliver, outcomes, run_of
from trackly_desktop.accounts.credentials import CredentialStore
from trackly_desktop.delivery import journal_retry
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.delivery.progress import RunEnd
from trackly_desktop.journal import connection
from trackly_desktop.journal.connection import connect
from trackly_desktop.journal.models import State
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.sandbox import KEY
from trackly_desktop.service.import_service import ImportService

pytestmark = pytest.mark.usefixtures("short_clock")
Write = Callable[..., Path]
ROWS = 200
PEOPLE = [f"+1415{2_000_000 + number}" for number in range(ROWS)]


@pytest.fixture(autouse=True)
def _quick_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_retry, "BETWEEN_WRITES", 0.05)


@pytest.fixture
def server() -> Iterator[FlakyServer]:
    with FlakyServer(1, trouble=0.0, delay=0.02) as flaky:
        yield flaky


class Meddled:
    """A run that goes on while something is done to its journal after some rows, and undone once nothing more leaves."""

    def __init__(
        self, journal: Path, server: FlakyServer, do: Callable[[], object], undo: Callable[[str], object]
    ) -> None:
        self._journal, self._server, self._do, self._undo = journal, server, do, undo
        self.waited = ""
        self.asked_meanwhile = (0, 0)

    def deliver(self, run: int, patience: float | None = None) -> RunEnd:
        return asyncio.run(self._live(run, patience))

    async def _live(self, run: int, patience: float | None) -> RunEnd:
        keys = CredentialStore()
        keys.set_for_session(ACCOUNT, KEY)
        session = ImportService(self._journal, keys, timeouts=QUICK, patience=patience)
        held: list[Delivery] = []
        meddling: list[asyncio.Task[None]] = []

        def on_turn() -> None:
            if not meddling and self._server.account.asked.total() > ROWS / 4:
                self._do()
                meddling.append(asyncio.create_task(self._watch(held[0])))

        try:
            return await session.deliver(run, begun=held.append, on_turn=on_turn)
        finally:
            await session.close()

    async def _watch(self, delivery: Delivery) -> None:
        while not delivery.progress().wait_reason:  # noqa: ASYNC110 - the journal tells nobody that it is locked
            await asyncio.sleep(0.01)
        self.waited = delivery.progress().wait_reason
        await asyncio.sleep(0.1)  # what was on its way has come to the server
        first = self._server.account.asked.total()
        await asyncio.sleep(0.3)
        self.asked_meanwhile = (first, self._server.account.asked.total())
        self._undo(self.waited)


def everybody_once(server: FlakyServer) -> bool:
    return sorted(server.account.asked.elements()) == PEOPLE


def test_a_locked_journal_is_waited_for(
    journal_path: Path, write: Write, server: FlakyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.05)
    run = check(journal_path, write("Phone", *PEOPLE), server.address).run
    other = sqlite3.connect(journal_path, isolation_level=None, check_same_thread=False)
    meddled = Meddled(
        journal_path, server, lambda: other.execute("BEGIN IMMEDIATE") and None, lambda _said: other.execute("ROLLBACK") and None
    )  # fmt: skip
    assert meddled.deliver(run).state is State.FINISHED
    other.close()
    assert "database is locked" in meddled.waited
    assert "end the other program that holds it" in meddled.waited
    assert meddled.asked_meanwhile[0] == meddled.asked_meanwhile[1]
    assert everybody_once(server)
    assert outcomes(journal_path, run) == {"created": ROWS}


def test_a_journal_that_is_deleted_is_written_anew_with_all_that_was_in_it(
    journal_path: Path, write: Write, server: FlakyServer
) -> None:
    run = check(journal_path, write("Phone", *PEOPLE), server.address).run

    def delete() -> None:
        for path in journal_path.parent.glob("journal.sqlite*"):
            path.unlink()

    meddled = Meddled(journal_path, server, delete, lambda _said: None)
    assert meddled.deliver(run).state is State.FINISHED
    assert everybody_once(server)
    assert outcomes(journal_path, run) == {"created": ROWS}
    assert journal_path.stat().st_mode & 0o777 == 0o600


def test_reading_makes_no_journal_in_the_place_of_one_that_was_deleted(
    journal_path: Path, write: Write, server: FlakyServer
) -> None:
    run = check(journal_path, write("Phone", *PEOPLE), server.address).run
    reader = JournalReader(journal_path)
    before = reader.run(run)
    for path in journal_path.parent.glob("journal.sqlite*"):
        path.unlink()
    assert reader.run(run) == before
    assert JournalReader(journal_path).runs() == []
    assert not journal_path.exists()


def test_a_journal_in_whose_place_another_stands_is_kept_beside_it_and_goes_on_once_it_is_put_back(
    journal_path: Path, write: Write, server: FlakyServer
) -> None:
    run = check(journal_path, write("Phone", *PEOPLE), server.address).run

    def exchange() -> None:
        for path in journal_path.parent.glob("journal.sqlite*"):
            path.unlink()
        connect(journal_path).close()

    def put_back(said: str) -> None:
        [kept] = journal_path.parent.glob("journal.sqlite.kept-*")
        assert f"put {kept.name} there instead" in said
        kept.rename(journal_path)

    meddled = Meddled(journal_path, server, exchange, put_back)
    assert meddled.deliver(run).state is State.FINISHED
    assert meddled.asked_meanwhile[0] == meddled.asked_meanwhile[1]
    assert everybody_once(server)
    assert outcomes(journal_path, run) == {"created": ROWS}


def test_without_patience_the_run_stops_and_can_be_taken_up(
    journal_path: Path, write: Write, server: FlakyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.05)
    run = check(journal_path, write("Phone", *PEOPLE), server.address).run
    other = sqlite3.connect(journal_path, isolation_level=None, check_same_thread=False)
    meddled = Meddled(journal_path, server, lambda: other.execute("BEGIN IMMEDIATE") and None, lambda _said: None)
    end = meddled.deliver(run, patience=0.3)
    other.execute("ROLLBACK")
    other.close()
    assert end.state is State.STOPPED
    assert "end the other program that holds it" in end.words
    deliver(journal_path, run)
    assert set(server.account.applied) == set(PEOPLE)
    counts = outcomes(journal_path, run)
    assert counts.get("created", 0) + counts.get("updated", 0) == ROWS


@contextmanager
def writable_by_nobody() -> Iterator[Path]:
    """A folder of its own: root may write anywhere, so the program runs as somebody else where we are root."""
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
from trackly_desktop.delivery.journal_retry import advice
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
def test_a_journal_or_folder_without_permission_is_said_and_is_used_again_once_it_has_it() -> None:
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


def test_while_the_rows_of_a_run_wait_for_the_lock_the_window_can_still_read(journal_path: Path, write: Write) -> None:
    run = check(journal_path, write("Phone", *PEOPLE), "http://127.0.0.1:9").run
    other = sqlite3.connect(journal_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    read: list[int] = []
    thread = threading.Thread(target=lambda: read.append(run_of(journal_path, run).rows))
    since = time.monotonic()
    thread.start()
    thread.join(5)
    other.execute("ROLLBACK")
    other.close()
    assert read == [ROWS]
    assert time.monotonic() - since < 5
