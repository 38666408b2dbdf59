"""A journal that an older version of the program wrote: nothing in it is lost, and what was unfinished goes on."""

from __future__ import annotations

import multiprocessing
import sqlite3
from pathlib import Path

import pytest

from tests.conftest import LIST, Practice
from tests.journeys.jobs import deliver, outcomes, rows_of, run_of
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal import migrations
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.journal.models import State
from trackly_desktop.journal.reader import CONTACTS, JournalReader
from trackly_desktop.journal.run_store import Journal

FINISHED, KILLED, CONTACT = 1, 2, 3
"""The runs of the journal of version 1: written by that version against the practice account, the second one killed."""


@pytest.fixture
def old(journal_path: Path) -> Path:
    connection = sqlite3.connect(journal_path)
    connection.executescript(Path(__file__).with_name("journal_version_1.sql").read_text())
    connection.execute("PRAGMA user_version = 1")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    return journal_path


def test_every_row_has_the_outcome_and_the_cells_that_it_had(old: Path) -> None:
    assert outcomes(old, FINISHED) == {
        "skipped": 1, "created": 3, "refused": 1, "unknown": 1, "invalid": 1, "updated": 1,
    }  # fmt: skip
    assert [row.line for row in rows_of(old, FINISHED)] == [*range(2, 10)]
    reader = JournalReader(old)
    assert reader.cells([(FINISHED << 32) + 2]) == {
        (FINISHED << 32) + 2: ["4155550121", "Zoë", "2025-03-15T14:30:00Z", "", ""]
    }
    assert [row.problems for row in reader.page(reader.keys(FINISHED, Outcome.INVALID))] == [
        (("Phone", "415555", "This number is too short for a number in US"),)
    ]
    reader.close()


def test_what_was_sent_and_every_answer_is_still_there(old: Path) -> None:
    reader = JournalReader(old)
    [refused] = reader.keys(FINISHED, Outcome.REFUSED)
    [unknown] = reader.keys(FINISHED, Outcome.UNKNOWN)
    [contact] = reader.keys(CONTACTS)
    detail, tried, single = reader.detail(refused), reader.detail(unknown), reader.detail(contact)
    reader.close()
    assert detail is not None
    assert tried is not None
    assert single is not None
    assert detail.body == (
        '{"phone_number":"+14155550101","list_number":"+18005551234","use_journeys":true,'
        '"custom_fields":{"first_name":"Not sendable"}}'
    )
    assert [one.raw for one in detail.attempts] == [
        '{"error":"The phone number failed carrier validation","code":"not_sendable"}'
    ]
    assert [one.status for one in tried.attempts] == [500] * 5
    assert single.row.contact_id == "5c26b242a0e98af7aa64b94e"
    assert single.row.answered_at == 1795574305467


def test_whom_it_added_is_known_still(old: Path) -> None:
    reader = JournalReader(old)
    previous_add = reader.previous_add("+14155550121", LIST, "acme", "http://127.0.0.1:9")
    dates, addresses = reader.field_stats(KILLED)[1:3]
    reader.close()
    assert previous_add is not None
    assert previous_add.file == "people.csv"
    assert (dates, addresses) == (0, 0)


def test_a_run_that_was_killed_goes_on(old: Path, practice: Practice) -> None:
    with Journal(old) as journal:
        assert [row.sent_at for row in journal.in_doubt(KILLED)] == [1795574305471] * 2
    connection = sqlite3.connect(old)
    connection.execute("UPDATE runs SET base_url = ?", (practice.address,))
    connection.commit()
    connection.close()
    assert deliver(old, KILLED).state is State.FINISHED
    assert outcomes(old, KILLED) == {"created": 3}
    assert run_of(old, KILLED).requests == 14 + 3
    assert {one["practice"]["requests"] for one in practice.people().values()} == {1}


def test_a_migration_that_breaks_off_leaves_the_old_journal_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_room(_connection: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    before = dump(old)
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "_attempts_from_1", without_room)
        with pytest.raises(JournalProblem, match="disk is full"):
            Journal(old)
    assert dump(old) == before
    assert outcomes(old, KILLED) == {"sending": 2, "pending": 1}  # with room it goes on


def test_two_programs_that_open_it_at_once_bring_it_up_once(old: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    programs = [spawn.Process(target=_open_and_close, args=(old,)) for _ in range(3)]
    for program in programs:
        program.start()
    for program in programs:
        program.join(60)
    assert [program.exitcode for program in programs] == [0, 0, 0]
    assert outcomes(old, FINISHED)["created"] == 3


def _open_and_close(path: Path) -> None:
    Journal(path).close()


def dump(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return [*connection.iterdump()]
    finally:
        connection.close()


def test_its_room_is_given_back_once_it_is_brought_up(old: Path) -> None:
    Journal(old).close()
    connection = sqlite3.connect(old)
    assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
