"""Retention: old personal data and deleted runs are removed; hashes stay."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import LIST, OTHER_LIST, Practice
from tests.journeys.jobs import ACCOUNT, check, deliver, outcomes, rows_of, run_of
from trackly_desktop.contacts.issues import Note, NoteCode
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal import suppression_list
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.journal.import_options import AlreadyAdded
from trackly_desktop.journal.models import State, now_ms
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.journal.resolutions import change_list, retry_refused
from trackly_desktop.journal.retention import RetentionPolicy, delete_run, forget_old, has_old
from trackly_desktop.journal.run_store import Journal
from trackly_desktop.journal.send_history import hash_of

Write = Callable[..., Path]
KEY = b"k" * 32
DAY = 86_400_000
HEADER = "Phone,Name"


@pytest.fixture
def done(practice: Practice, journal_path: Path, write: Write) -> int:
    """A run that is over: two added, one refused."""
    file = write(HEADER, "4155550120,Adalovelace", "4155550121,Gracehopper", "4155550101,Notsendable")
    run_id = check(journal_path, file, practice.address).run_id
    deliver(journal_path, run_id)
    return run_id


def in_days(days: int) -> int:
    return now_ms() + days * DAY


def everything_in(journal: Path) -> bytes:
    connection = sqlite3.connect(journal)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return journal.read_bytes()


def test_after_ninety_days_nothing_personal_is_left(done: int, journal_path: Path) -> None:
    assert not has_old(journal_path, {}, in_days(89))
    assert has_old(journal_path, {}, in_days(91))
    assert forget_old(journal_path, {}, in_days(89)) == 0
    before = everything_in(journal_path)
    assert forget_old(journal_path, {}, in_days(91)) == 1
    left = everything_in(journal_path)
    for personal in (b"Adalovelace", b"Gracehopper", (14155550120).to_bytes(6), b"carrier validation"):
        assert personal in before
        assert personal not in left
    assert [row.phone for row in rows_of(journal_path, done)] == [""] * 3
    assert all(row.is_forgotten for row in rows_of(journal_path, done))


def test_the_runs_outcomes_are_kept(done: int, journal_path: Path) -> None:
    before = outcomes(journal_path, done)
    forget_old(journal_path, {}, in_days(91))
    assert outcomes(journal_path, done) == before == {"created": 2, "refused": 1}
    run = run_of(journal_path, done)
    assert run.file == "people.csv"
    assert run.forgotten_at is not None


def test_members_of_lists_are_forgotten_too_and_the_do_not_text_list_is_not(journal_path: Path) -> None:
    suppression_list.save_list_members(
        journal_path, ACCOUNT, "x", LIST, {"+14155550120": False}, active=False, whole=True
    )
    suppression_list.add(journal_path, ACCOUNT, ["+14155550121"], "by hand")
    assert has_old(journal_path, {}, in_days(91))  # though no run is
    forget_old(journal_path, {}, in_days(91))
    connection = sqlite3.connect(journal_path)
    assert connection.execute("SELECT count(*) FROM list_members").fetchone() == (0,)
    connection.close()
    reader = JournalReader(journal_path)
    assert reader.is_suppressed(ACCOUNT, "x", "+14155550121")
    assert reader.asked_at(ACCOUNT, "x", LIST) == 0
    reader.close()


def test_an_account_says_for_how_long(done: int, journal_path: Path) -> None:
    assert forget_old(journal_path, {ACCOUNT: RetentionPolicy(0)}, in_days(5_000)) == 0
    assert forget_old(journal_path, {ACCOUNT: RetentionPolicy(365)}, in_days(364)) == 0
    assert forget_old(journal_path, {ACCOUNT: RetentionPolicy(1)}, in_days(2)) == 1


@pytest.mark.usefixtures("done")
@pytest.mark.parametrize(("key", "known"), [(KEY, 2), (b"", 0)])
def test_people_that_it_added_are_known_again_by_a_keyed_hash_alone(
    journal_path: Path, practice: Practice, write: Write, key: bytes, known: int
) -> None:
    forget_old(journal_path, {ACCOUNT: RetentionPolicy(90, key)}, in_days(91))
    file = write(HEADER, "4155550120,A", "4155550121,B", "4155550122,New", name="again.csv")
    again = check(journal_path, file, practice.address, already_added=AlreadyAdded.SKIP, history_key=key)
    assert again.already_added == known
    reader = JournalReader(journal_path)
    previous_add = reader.previous_add("+14155550120", LIST, ACCOUNT, practice.address, key)
    reader.close()
    assert (previous_add is not None) == bool(known)
    other = check(journal_path, file, practice.address, history_key=b"another" * 4)
    assert other.already_added == 0


def test_a_hash_says_nothing_without_its_key() -> None:
    assert hash_of(KEY, 14155550120) < 0
    assert hash_of(KEY, 14155550120) != hash_of(b"x" * 32, 14155550120)
    assert len({hash_of(KEY, 14155550000 + number) for number in range(10_000)}) == 10_000


def test_what_is_not_over_is_left_alone(practice: Practice, journal_path: Path, write: Write) -> None:
    run_id = check(journal_path, write(HEADER, "4155550120,A"), practice.address).run_id
    deliver(journal_path, run_id, key="trk_" + "0" * 32)
    assert forget_old(journal_path, {}, in_days(5_000)) == 0
    with pytest.raises(JournalProblem, match="not over yet"):
        delete_run(journal_path, run_id)
    assert outcomes(journal_path, run_id) == {"pending": 1}


def test_rows_whose_data_is_gone_are_never_sent_again(practice: Practice, journal_path: Path, write: Write) -> None:
    run_id = check(journal_path, write(HEADER, "4155550101,Notsendable", "4155550120,A"), practice.address).run_id
    deliver(journal_path, run_id)
    forget_old(journal_path, {}, in_days(91))
    assert retry_refused(journal_path, run_id) == 0
    assert change_list(journal_path, run_id, LIST, OTHER_LIST) == 0
    assert outcomes(journal_path, run_id) == {"created": 1, "refused": 1}


def test_rows_of_a_cancelled_import_that_were_never_sent_say_so_and_cannot_be(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    run_id = check(journal_path, write(HEADER, "4155550120,A", "4155550121,B"), practice.address).run_id
    with Journal(journal_path) as journal:
        journal.start(run_id)
        journal.end(run_id, State.CANCELLED, None)
    forget_old(journal_path, {}, in_days(91))
    assert {row.note for row in rows_of(journal_path, run_id)} == {Note(NoteCode.NEVER_SENT)}
    assert run_of(journal_path, run_id).counts == {Outcome.SKIPPED: 2}
    deliver(journal_path, run_id)
    assert practice.people() == {}


def test_a_run_that_is_deleted_is_gone_with_all_that_was_in_it(done: int, journal_path: Path) -> None:
    delete_run(journal_path, done)
    reader = JournalReader(journal_path)
    assert reader.run(done) is None
    reader.close()
    assert b"Adalovelace" not in everything_in(journal_path)


def test_the_room_is_given_back_to_the_disk(practice: Practice, journal_path: Path, write: Write) -> None:
    lines = (f"+1415{2_000_000 + number},{json.dumps(str(number) * 20)}" for number in range(3_000))
    run_id = check(journal_path, write(HEADER, *lines), practice.address).run_id
    connection = sqlite3.connect(journal_path)
    connection.execute("UPDATE runs SET state = 'cancelled'")
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    large = journal_path.stat().st_size
    delete_run(journal_path, run_id)
    assert journal_path.stat().st_size < large / 4


def test_an_interrupted_removal_is_finished_the_next_time(
    done: int, journal_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trackly_desktop.journal import retention

    with monkeypatch.context() as patch:
        patch.setattr(retention, "_CHUNK", 1)
        patch.setattr(retention, "hash_of", _broken_at_the_second())
        with pytest.raises(sqlite3.OperationalError):
            forget_old(journal_path, {ACCOUNT: RetentionPolicy(90, KEY)}, in_days(91))
    assert [row.is_forgotten for row in rows_of(journal_path, done)] == [True, False, False]
    forget_old(journal_path, {ACCOUNT: RetentionPolicy(90, KEY)}, in_days(91))
    connection = sqlite3.connect(journal_path)
    assert [phone for (phone,) in connection.execute("SELECT phone FROM rows ORDER BY key")] == [
        hash_of(KEY, number) for number in (14155550120, 14155550121, 14155550101)
    ]
    connection.close()


def _broken_at_the_second() -> Callable[[bytes, int], int]:
    calls = 0

    def failing_hash(key: bytes, phone: int) -> int:
        nonlocal calls
        calls += 1
        if calls > 1:
            raise OSError
        return hash_of(key, phone)

    return failing_hash
