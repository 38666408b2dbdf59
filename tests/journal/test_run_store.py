"""The run store: on the disk first, and never mistaken for an empty one."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.journeys.jobs import check, rows_of
from trackly_desktop.api.replies import Accepted
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal import row_codec, schema
from trackly_desktop.journal.connection import JournalProblem, connect
from trackly_desktop.journal.models import RowResult, RunCounts, SendMark, State, now_ms
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.journal.run_store import Journal

Write = Callable[..., Path]
NOWHERE = "http://127.0.0.1:9"
NONE = RunCounts({}, 0)


def test_it_and_its_log_are_readable_by_their_owner_alone(journal_path: Path) -> None:
    with Journal(journal_path):
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in journal_path.parent.glob("journal.sqlite*")}
    assert modes == {"journal.sqlite": 0o600, "journal.sqlite-wal": 0o600, "journal.sqlite-shm": 0o600}


def test_a_row_is_on_the_disk_as_sending_before_its_request_leaves(journal_path: Path, write: Write) -> None:
    checked = check(journal_path, write("Phone", "4155550120"), NOWHERE)
    with Journal(journal_path) as journal:
        journal.start(checked.run_id)
        [due] = journal.pending(checked.run_id, 0, 10)
        journal.commit_batch(checked.run_id, [], [SendMark(due.key, confirmed_absent=False)], NONE)
        other = sqlite3.connect(journal_path)  # another program sees it: it was committed
        assert other.execute("SELECT outcome FROM rows").fetchone() == (row_codec.SENDING,)
        other.close()


def test_an_answer_is_kept_with_its_request(journal_path: Path, write: Write) -> None:
    checked = check(journal_path, write("Phone", "4155550120"), NOWHERE)
    with Journal(journal_path) as journal:
        [due] = journal.pending(checked.run_id, 0, 10)
        journal.commit_batch(checked.run_id, [], [SendMark(due.key, confirmed_absent=False)], NONE)
        reply = Accepted(status=200, contact_id="c", is_new_list_contact=True, journeys_enrolled=2, warnings=("w",))
        result = RowResult(due.key, Outcome.CREATED, False, 1, now_ms(), reply)
        journal.commit_batch(checked.run_id, [result], [], NONE)
    reader = JournalReader(journal_path)
    detail = reader.detail(due.key)
    reader.close()
    assert detail is not None
    assert (detail.row.outcome, detail.row.journeys, detail.row.warnings) == (Outcome.CREATED, 2, ("w",))
    assert [attempt.status for attempt in detail.attempts] == [200]


def test_what_cannot_be_written_is_not_written_in_part(journal_path: Path, write: Write) -> None:
    checked = check(journal_path, write("Phone", "4155550120", "4155550121"), NOWHERE)
    with Journal(journal_path) as journal:
        first, _second = journal.pending(checked.run_id, 0, 10)
        with pytest.raises(OverflowError):
            journal.commit_batch(
                checked.run_id, [], [SendMark(first.key, False), SendMark(2**70, False)], NONE
            )  # no such number fits
        assert [row.outcome for row in rows_of(journal_path, checked.run_id)] == [Outcome.PENDING] * 2


def test_drafts_that_nobody_started_are_thrown_away(journal_path: Path, write: Write) -> None:
    first = check(journal_path, write("Phone", "4155550120"), NOWHERE)
    second = check(journal_path, write("Phone", "4155550121"), NOWHERE)
    with Journal(journal_path) as journal:
        journal.start(second.run_id)
        journal.discard_drafts()
    reader = JournalReader(journal_path)
    assert reader.run(first.run_id) is None
    run = reader.run(second.run_id)
    reader.close()
    assert run is not None
    assert run.state is State.RUNNING


def test_a_run_that_was_killed_is_still_unfinished(journal_path: Path, write: Write) -> None:
    checked = check(journal_path, write("Phone", "4155550120"), NOWHERE)
    with Journal(journal_path) as journal:
        journal.start(checked.run_id)
    reader = JournalReader(journal_path)
    assert [run.id for run in reader.unfinished()] == [checked.run_id]
    reader.close()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX locks")
def test_opening_it_twice_does_not_lose_the_first_ones_locks(journal_path: Path) -> None:
    # Closing any descriptor of a file drops a process's locks on it: another process would then clear the log away.
    first = connect(journal_path)
    connect(journal_path).close()
    first.execute(
        "INSERT INTO runs (kind, state, account, account_name, base_url, list, file, fingerprint, size, header,"
        " source, mapping, options, confirmed, who, made_at, rows, counts) VALUES"
        " ('import', 'running', '', '', '', '', '', '', 0, '[]', '{}', '{}', '{}', '', '', 0, 0, '{}')"
    )
    other = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM runs').fetchall(); c.close()"
    )
    subprocess.run([sys.executable, "-c", other, str(journal_path)], check=True)
    assert os.path.exists(f"{journal_path}-wal")
    first.close()


def test_a_journal_of_a_newer_program_is_left_alone(journal_path: Path) -> None:
    connection = sqlite3.connect(journal_path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(JournalProblem, match="newer version"):
        Journal(journal_path)


def test_rows_are_found_by_outcome_phone_cell_and_number(journal_path: Path, write: Write) -> None:
    file = write("Phone,Name", "4155550120,Ada 100%", "4155550121,Ben", "12,Cy")
    checked = check(journal_path, file, NOWHERE)
    reader = JournalReader(journal_path)

    def rows_found(outcome: Outcome | None = None, text: str = "", codes: Sequence[str] = ()) -> list[int]:
        return [schema.row_number(key) for key in reader.keys(checked.run_id, outcome, text, codes)]

    assert rows_found() == [1, 2, 3]
    assert rows_found(Outcome.INVALID) == [3]
    assert rows_found(text="ben") == [2]
    assert rows_found(text="(415) 555-0120") == [1]
    assert rows_found(text="100%") == [1]
    assert rows_found(text="_") == []
    assert rows_found(codes=["phone_too_short"], text="too short") == [3]
    reader.close()
