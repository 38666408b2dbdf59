"""Resolutions of unknown and refused rows; other rows stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import LIST, OTHER_LIST, Practice
from tests.faults.server import ACCEPTED, CONNECTION_LOST, OddServer, answer
from tests.journeys.jobs import check, deliver, outcomes, rows_of, run_of
from trackly_desktop.api.replies import StopReason
from trackly_desktop.contacts.issues import Note, NoteCode
from trackly_desktop.journal.models import State
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.journal.resolutions import UnknownResolution, change_list, resolve_unknown, retry_refused
from trackly_desktop.system.run_lock import RunBusy, RunLock

Write = Callable[..., Path]
FORCED = {"list_number": LIST, "use_journeys": "yes", "skip_journey_if_exists": "no"}


def unknown(journal: Path, write: Write, server: OddServer) -> int:
    """A run of two rows that could text twice, the first of which is unknown."""
    checked = check(journal, write("Phone", "4155550220", "4155550221"), server.address, in_flight=1, fixed=FORCED)
    deliver(journal, checked.run_id)
    assert outcomes(journal, checked.run_id) == {"unknown": 1, "created": 1}
    return checked.run_id


def test_an_unknown_row_is_sent_again_when_it_is_decided_and_keeps_its_first_request(
    journal_path: Path, write: Write
) -> None:
    with OddServer(answer(404, {}), CONNECTION_LOST, ACCEPTED) as server:
        run_id = unknown(journal_path, write, server)
        assert resolve_unknown(journal_path, run_id, UnknownResolution.SEND_AGAIN) == 1
        assert run_of(journal_path, run_id).state is State.STOPPED
        deliver(journal_path, run_id)
        posts = [body["phone_number"] for body in server.bodies if isinstance(body, dict) and "phone_number" in body]
    assert outcomes(journal_path, run_id) == {"created": 2}
    assert posts == ["+14155550220", "+14155550221", "+14155550220"]
    reader = JournalReader(journal_path)
    detail = reader.detail(reader.keys(run_id)[0])
    reader.close()
    assert detail is not None
    assert len(detail.attempts) == 2


@pytest.mark.parametrize(
    ("choice", "outcome", "note"),
    [
        (UnknownResolution.TAKE_AS_DONE, "updated", NoteCode.TAKEN_AS_ADDED),
        (UnknownResolution.LEAVE, "skipped", NoteCode.LEFT_UNKNOWN),
    ],
)
def test_an_unknown_row_is_settled_without_sending(
    journal_path: Path, write: Write, choice: UnknownResolution, outcome: str, note: NoteCode
) -> None:
    with OddServer(answer(404, {}), CONNECTION_LOST, ACCEPTED) as server:
        run_id = unknown(journal_path, write, server)
        before = len(server.bodies)
        assert resolve_unknown(journal_path, run_id, choice) == 1
        deliver(journal_path, run_id)
        sent = [body for body in server.bodies[before:] if isinstance(body, dict) and "phone_number" in body]
    assert sent == []
    first = rows_of(journal_path, run_id)[0]
    assert (str(first.outcome), first.note) == (outcome, Note(note))


def test_one_row_is_decided_and_the_others_stay(journal_path: Path, write: Write) -> None:
    with OddServer(answer(404, {}), CONNECTION_LOST) as server:
        file = write("Phone", "4155550220", "4155550221")
        run_id = check(journal_path, file, server.address, in_flight=1, fixed=FORCED).run_id
        deliver(journal_path, run_id)
    keys = [row.key for row in rows_of(journal_path, run_id)]
    assert resolve_unknown(journal_path, run_id, UnknownResolution.LEAVE, keys[:1]) == 1
    assert outcomes(journal_path, run_id) == {"unknown": 1, "skipped": 1}


def test_the_refused_are_tried_again_in_the_same_run(journal_path: Path, write: Write) -> None:
    with OddServer(answer(404, {}), answer(400, {"code": "not_sendable"}), ACCEPTED) as server:
        run_id = check(journal_path, write("Phone", "4155550220", "4155550221"), server.address, in_flight=1).run_id
        deliver(journal_path, run_id)
        assert outcomes(journal_path, run_id) == {"refused": 1, "created": 1}
        assert retry_refused(journal_path, run_id) == 1
        deliver(journal_path, run_id)
    assert outcomes(journal_path, run_id) == {"created": 2}
    assert run_of(journal_path, run_id).state is State.FINISHED


def test_a_list_that_there_is_not_is_exchanged_for_another(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    run_id = check(
        journal_path,
        write("Phone", "4155550220", "4155550221"),
        practice.address,
        fixed={"list_number": "+18005550000"},
    ).run_id
    deliver(journal_path, run_id)
    assert run_of(journal_path, run_id).stopped is StopReason.LIST
    assert change_list(journal_path, run_id, "+18005550000", OTHER_LIST) == 2
    assert deliver(journal_path, run_id).state is State.FINISHED
    assert sorted(practice.people(OTHER_LIST)) == ["+14155550220", "+14155550221"]
    assert run_of(journal_path, run_id).list_number == OTHER_LIST


def test_nothing_is_decided_while_the_run_is_under_way(practice: Practice, journal_path: Path, write: Write) -> None:
    run_id = check(journal_path, write("Phone", "4155550220"), practice.address).run_id
    run_lock = RunLock(journal_path, run_id)
    with pytest.raises(RunBusy):
        resolve_unknown(journal_path, run_id, UnknownResolution.LEAVE)
    run_lock.release()


def test_rows_that_are_settled_are_left_alone(practice: Practice, journal_path: Path, write: Write) -> None:
    run_id = check(journal_path, write("Phone", "4155550220"), practice.address).run_id
    deliver(journal_path, run_id)
    assert resolve_unknown(journal_path, run_id, UnknownResolution.SEND_AGAIN) == 0
    assert retry_refused(journal_path, run_id) == 0
    assert outcomes(journal_path, run_id) == {"created": 1}
    assert run_of(journal_path, run_id).state is State.FINISHED
