"""Migrations of journals of older versions: nothing is lost, runs can resume."""

from __future__ import annotations

import multiprocessing
import sqlite3
from pathlib import Path

import pytest

from tests.conftest import LIST, Practice
from tests.journeys.jobs import deliver, outcomes, rows_of, run_of
from trackly_desktop.contacts.issues import Issue, IssueCode, Note, NoteCode
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal import migrations, schema
from trackly_desktop.journal.connection import JournalProblem, connect
from trackly_desktop.journal.models import RunKind, State
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.journal.queries.base import RowScope
from trackly_desktop.journal.run_store import Journal

FINISHED, KILLED, CONTACT = 1, 2, 3
"""Runs of the journal of version 1.

That version wrote them against the practice account, and was killed in the second.
"""


def write_old(path: Path, version: int) -> Path:
    """Write a journal as the program of that version left it."""
    connection = sqlite3.connect(path)
    connection.executescript(Path(__file__).with_name(f"journal_version_{version}.sql").read_text("utf-8"))
    connection.execute(f"PRAGMA user_version = {version}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    return path


@pytest.fixture
def old(journal_path: Path) -> Path:
    """A journal of version 1."""
    return write_old(journal_path, 1)


def test_every_row_has_the_outcome_and_the_cells_that_it_had(old: Path) -> None:
    assert outcomes(old, FINISHED) == {
        "skipped": 1, "created": 3, "refused": 1, "unknown": 1, "invalid": 1, "updated": 1,
    }  # fmt: skip
    assert [row.line for row in rows_of(old, FINISHED)] == [*range(2, 10)]
    reader = JournalReader(old)
    assert reader.cells([(FINISHED << 32) + 2]) == {
        (FINISHED << 32) + 2: ["4155550121", "Zoë", "2025-03-15T14:30:00Z", "", ""]
    }
    assert [row.issues for row in reader.page(reader.keys(FINISHED, Outcome.INVALID))] == [
        (Issue(IssueCode.PHONE_TOO_SHORT, column="Phone", value="415555", params={"region": "US"}),)
    ]
    reader.close()


def test_what_was_sent_and_every_answer_is_still_there(old: Path) -> None:
    reader = JournalReader(old)
    [refused] = reader.keys(FINISHED, Outcome.REFUSED)
    [unknown] = reader.keys(FINISHED, Outcome.UNKNOWN)
    [contact] = reader.keys(RowScope.CONTACTS)
    detail, retried, single = reader.detail(refused), reader.detail(unknown), reader.detail(contact)
    reader.close()
    assert detail is not None
    assert retried is not None
    assert single is not None
    assert detail.body == (
        '{"phone_number":"+14155550101","list_number":"+18005551234","use_journeys":true,'
        '"custom_fields":{"first_name":"Not sendable"}}'
    )
    assert [attempt.raw for attempt in detail.attempts] == [
        '{"error":"The phone number failed carrier validation","code":"not_sendable"}'
    ]
    assert [attempt.status for attempt in retried.attempts] == [500] * 5
    assert single.row.contact_id == "5c26b242a0e98af7aa64b94e"
    assert single.row.answered_at == 1795574305467


def test_people_that_it_added_are_still_known(old: Path) -> None:
    reader = JournalReader(old)
    previous_add = reader.previous_add("+14155550121", LIST, "acme", "http://127.0.0.1:9")
    dates, addresses = reader.field_stats(KILLED)[1:3]
    reader.close()
    assert previous_add is not None
    assert previous_add.file == "people.csv"
    assert (dates, addresses) == (0, 0)


def test_a_run_that_was_killed_goes_on(old: Path, practice: Practice) -> None:
    with Journal(old) as journal:
        assert [row.sent_at for row in journal.unresolved(KILLED)] == [1795574305471] * 2
    connection = sqlite3.connect(old)
    connection.execute("UPDATE runs SET base_url = ?", (practice.address,))
    connection.commit()
    connection.close()
    assert deliver(old, KILLED).state is State.FINISHED
    assert outcomes(old, KILLED) == {"created": 3}
    assert run_of(old, KILLED).requests == 14 + 3
    assert {person["practice"]["requests"] for person in practice.people().values()} == {1}


def test_a_migration_that_breaks_off_leaves_the_old_journal_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_room(_connection: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    before = dump(old)
    with monkeypatch.context() as patch:
        steps = (*migrations.MIGRATIONS[:-1], ("v5_protection", without_room))
        patch.setattr(migrations, "MIGRATIONS", steps)
        with pytest.raises(JournalProblem, match="disk is full"):
            Journal(old)
    assert dump(old) == before
    assert outcomes(old, KILLED) == {"sending": 2, "pending": 1}  # with room it is migrated


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


def shape(path: Path) -> dict[str, object]:
    """Return a journal's tables with their columns, and its indexes."""
    connection = sqlite3.connect(path)
    names = [
        name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    ]
    columns = {name: sorted(row[1:] for row in connection.execute(f"PRAGMA table_info({name})")) for name in names}
    indexes = connection.execute(
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'index' ORDER BY name"
    ).fetchall()
    connection.close()
    return {"tables": {name: [column[:4] for column in rows] for name, rows in columns.items()}, "indexes": indexes}


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_a_migrated_journal_has_the_tables_of_a_new_one(tmp_path: Path, version: int) -> None:
    Journal(write_old(tmp_path / "old.sqlite", version)).close()
    Journal(tmp_path / "new.sqlite").close()
    assert shape(tmp_path / "old.sqlite") == shape(tmp_path / "new.sqlite")


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_the_steps_that_were_applied_are_recorded_by_name(tmp_path: Path, version: int) -> None:
    path = write_old(tmp_path / "old.sqlite", version)
    Journal(path).close()
    connection = sqlite3.connect(path)
    names = {name for (name,) in connection.execute("SELECT name FROM migrations")}
    connection.close()
    assert names >= {name for name, _step in migrations.MIGRATIONS[version - 1 :]}


@pytest.mark.parametrize("version", [2, 3, 4])
def test_every_row_of_a_later_version_has_its_outcome_still(journal_path: Path, version: int) -> None:
    old = write_old(journal_path, version)
    skipped = {2: 1, 3: 4, 4: 4}[version]
    assert outcomes(old, FINISHED)["skipped"] == skipped
    assert outcomes(old, KILLED) == {"sending": 2, "pending": 1}
    assert run_of(old, 3).kind is RunKind.UNDO
    assert run_of(old, 3).source.undoes == FINISHED
    assert rows_of(old, 3)[0].note == Note(NoteCode.TAKEN_OFF)


def test_sentences_of_version_3_are_codes_with_parameters(journal_path: Path) -> None:
    rows = rows_of(write_old(journal_path, 3), FINISHED)
    assert [row.note for row in rows if row.note] == [
        Note(NoteCode.NO_TRUE_ANSWER, (5,)),
        Note(NoteCode.DUPLICATE_OF_LATER),
        Note(NoteCode.ON_SUPPRESSION_LIST),
        Note(NoteCode.UNSUBSCRIBED),
        Note(NoteCode.CONSENT_SAYS_NO, ("Opt out", "yes")),
    ]
    assert [(issue.code, dict(issue.params)) for row in rows for issue in row.issues] == [
        (IssueCode.PHONE_TOO_SHORT, {"region": "US"}),
        (IssueCode.PHONE_LETTERS_FOR_DIGITS, {"letters": "O"}),
        (IssueCode.DATE_NO_SUCH_MONTH, {"month": 15, "order": "month first"}),
        (IssueCode.ROW_TOO_MANY_CELLS, {"cells": 6, "columns": 5}),
    ]


def test_people_who_must_not_be_texted_are_known_still(journal_path: Path) -> None:
    reader = JournalReader(write_old(journal_path, 3))
    assert reader.is_suppressed("acme", "http://127.0.0.1:9", "+14155550190")
    assert reader.asked_at("acme", "http://127.0.0.1:9", LIST) > 0
    reader.close()


def test_accounts_that_were_used_are_of_their_servers_and_their_keys_are_not_known(journal_path: Path) -> None:
    connection = connect(write_old(journal_path, 4))
    assert connection.execute("SELECT * FROM account_scopes").fetchall() == [("acme", "http://127.0.0.1:9", "", 0)]
    connection.close()


def test_a_sentence_that_no_code_has_is_kept_as_it_was(journal_path: Path) -> None:
    old = write_old(journal_path, 3)
    connection = sqlite3.connect(old)
    connection.execute(
        "UPDATE rows SET note = 'A sentence of long ago' WHERE key = ?", (schema.first_key(FINISHED) + 1,)
    )
    connection.commit()
    connection.close()
    assert rows_of(old, FINISHED)[0].note == Note(NoteCode.OLDER_VERSION, ("A sentence of long ago",))


def test_a_column_is_added_by_one_more_step(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def add_column(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE rows ADD COLUMN favorite_color TEXT")

    Journal(old).close()
    monkeypatch.setattr(
        migrations, "MIGRATIONS", (*migrations.MIGRATIONS, (f"v{schema.VERSION + 1}_color", add_column))
    )
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    connect(old).close()
    connection = sqlite3.connect(old)
    assert connection.execute("SELECT favorite_color FROM rows LIMIT 1").fetchone() == (None,)
    connection.close()
