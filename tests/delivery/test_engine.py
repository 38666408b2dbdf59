"""Delivery over a real socket: every row ends in one outcome that is true."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import LIST, OTHER_LIST, Practice
from tests.faults.server import ACCEPTED, CONNECTION_LOST, Last, OddServer, answer
from tests.journeys.jobs import check, deliver, outcomes, progress_of, rows_of, run_of
from trackly_desktop.api.replies import ConnectionFault, StopReason
from trackly_desktop.contacts.issues import Note, NoteCode
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.delivery.progress import RunProgress
from trackly_desktop.delivery.waits import WaitReason
from trackly_desktop.journal.import_options import Duplicates
from trackly_desktop.journal.models import State
from trackly_desktop.journal.run_store import Journal
from trackly_desktop.service.list_members import ListMemberCache
from trackly_desktop.system.run_lock import RunBusy, RunLock

Write = Callable[..., Path]


def numbers(count: int, first: int = 120) -> list[str]:
    return [f"41555502{number:02}" for number in range(first - 120, first - 120 + count)]


def test_every_row_is_on_the_server_as_the_file_has_it(practice: Practice, journal_path: Path, write: Write) -> None:
    file = write("Phone,Name,Signup Date", *(f"{phone},N{phone},2025-03-15T14:30:00Z" for phone in numbers(60)))
    checked = check(journal_path, file, practice.address)
    assert deliver(journal_path, checked.run_id).state is State.FINISHED
    people = practice.people()
    assert len(people) == 60
    for row in rows_of(journal_path, checked.run_id):
        recipient = people[row.phone]
        assert row.outcome is Outcome.CREATED
        assert recipient["custom_fields"] == {"name": f"N{row.phone[2:]}"}
        assert recipient["signup_date"] == "2025-03-15T14:30:00Z"
        assert recipient["practice"]["requests"] == 1


def test_it_works_on_a_server_that_knows_only_the_one_endpoint(
    only_post: str, journal_path: Path, write: Write
) -> None:
    checked = check(journal_path, write("Phone", *numbers(20)), only_post)
    deliver(journal_path, checked.run_id)
    assert outcomes(journal_path, checked.run_id) == {"created": 20}


@pytest.mark.parametrize(
    ("phone", "outcome", "requests"),
    [
        ("4155550101", "refused", 0),
        ("4155550102", "created", 1),
        ("4155550103", "unknown", 0),
        ("4155550105", "created", 1),
        ("4155550106", "created", 1),
        ("4155550107", "updated", 2),
        ("4155550108", "skipped", 0),
        ("4155550112", "updated", 2),
        ("4155550113", "created", 1),
    ],
)
def test_numbers_that_always_answer_the_same_way_end_in_what_is_true(
    practice: Practice, journal_path: Path, write: Write, phone: str, outcome: str, requests: int
) -> None:
    checked = check(journal_path, write("Phone", phone), practice.address)
    deliver(journal_path, checked.run_id)
    assert outcomes(journal_path, checked.run_id) == {outcome: 1}
    assert practice.people().get(f"+1{phone}", {"practice": {"requests": 0}})["practice"]["requests"] == requests


FORCED = {"list_number": LIST, "use_journeys": "yes", "skip_journey_if_exists": "no"}


@pytest.mark.parametrize("phone", ["4155550106", "4155550107", "4155550102", "4155550112", "4155550113"])
def test_nobody_is_enrolled_twice_because_a_request_was_repeated(
    practice: Practice, journal_path: Path, write: Write, phone: str
) -> None:
    checked = check(journal_path, write("Phone", phone), practice.address, fixed=FORCED)
    deliver(journal_path, checked.run_id)
    assert practice.people()[f"+1{phone}"]["practice"]["journeys_enrolled"] == 1
    assert outcomes(journal_path, checked.run_id) == {"created": 1}


def test_without_look_ups_a_row_that_could_text_twice_stays_unknown(journal_path: Path, write: Write) -> None:
    with OddServer(answer(404, b""), CONNECTION_LOST, ACCEPTED) as server:
        checked = check(journal_path, write("Phone", *numbers(1)), server.address, fixed=FORCED)
        deliver(journal_path, checked.run_id)
        assert outcomes(journal_path, checked.run_id) == {"unknown": 1}
        assert len([body for body in server.bodies if body]) == 1


def test_rows_of_the_same_person_go_one_after_the_other_in_the_files_order(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    file = write("Phone,Step", *(f"4155550120,{step}" for step in range(30)))
    checked = check(journal_path, file, practice.address, duplicates=Duplicates.EACH)
    deliver(journal_path, checked.run_id)
    assert practice.people()["+14155550120"]["custom_fields"] == {"step": 29}
    assert [row.outcome for row in rows_of(journal_path, checked.run_id)] == [Outcome.CREATED] + [Outcome.UPDATED] * 29


@pytest.mark.parametrize(
    ("phone", "stop_reason"), [("4155550110", StopReason.ACCOUNT), ("4155550111", StopReason.ACCOUNT)]
)
def test_a_stop_reason_stops_the_run_and_the_row_stays_pending(
    practice: Practice, journal_path: Path, write: Write, phone: str, stop_reason: StopReason
) -> None:
    checked = check(journal_path, write("Phone", phone), practice.address)
    end = deliver(journal_path, checked.run_id)
    assert (end.state, end.stopped) == (State.STOPPED, stop_reason)
    assert outcomes(journal_path, checked.run_id) == {"pending": 1}


def test_a_wrong_key_sends_nothing_and_the_right_one_continues(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    checked = check(journal_path, write("Phone", *numbers(3)), practice.address)
    end = deliver(journal_path, checked.run_id, key="trk_" + "x" * 32)
    assert end.stopped is StopReason.KEY
    assert outcomes(journal_path, checked.run_id) == {"pending": 3}
    assert deliver(journal_path, checked.run_id).state is State.FINISHED
    assert len(practice.people()) == 3


def test_a_list_that_is_refused_stops_a_run_of_one_list(practice: Practice, journal_path: Path, write: Write) -> None:
    checked = check(journal_path, write("Phone", *numbers(50)), practice.address, fixed={"list_number": "+18005550000"})
    end = deliver(journal_path, checked.run_id)
    assert end.stopped is StopReason.LIST
    assert run_of(journal_path, checked.run_id).requests < 10


def test_a_list_that_is_refused_refuses_its_rows_alone_where_there_are_others(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    lists = ("+18005550000", OTHER_LIST)
    file = write("Phone,List Number", *(f"{phone},{lists[index % 2]}" for index, phone in enumerate(numbers(60))))
    checked = check(journal_path, file, practice.address)
    assert deliver(journal_path, checked.run_id).state is State.FINISHED
    assert outcomes(journal_path, checked.run_id) == {"refused": 30, "created": 30}
    assert run_of(journal_path, checked.run_id).requests < 50


def test_connections_that_the_server_closes_between_two_requests_lose_no_row(journal_path: Path, write: Write) -> None:
    with OddServer(Last(ACCEPTED)) as server:
        run = check(journal_path, write("Phone", *numbers(60)), server.address, in_flight=4).run_id
        deliver(journal_path, run)
        posts = [head for head in server.heads if head.startswith("POST")]
    assert outcomes(journal_path, run) == {"created": 60}
    # A request that leaves just as its connection is closed may have been applied: it is repeated, being idempotent.
    assert 60 <= len(posts) <= 70


def test_two_pages_that_are_not_the_apis_stop_the_run(journal_path: Path, write: Write) -> None:
    with OddServer(answer(200, b"<html>Sign in to the network")) as server:
        checked = check(journal_path, write("Phone", *numbers(20)), server.address)
        end = deliver(journal_path, checked.run_id)
        assert end.stopped is StopReason.ADDRESS
        assert end.fault is ConnectionFault.UNEXPECTED_RESPONSE
        counts = outcomes(journal_path, checked.run_id)
        assert counts["unknown"] == len(server.bodies) - 1  # the first asked for the lists
        assert counts["pending"] == 20 - counts["unknown"]


def test_a_server_that_is_gone_is_waited_for(journal_path: Path, write: Write) -> None:
    with OddServer(
        answer(404, b""), answer(503, b"", Retry_After="0"), CONNECTION_LOST, answer(429, b""), ACCEPTED
    ) as server:
        checked = check(journal_path, write("Phone", *numbers(5)), server.address)
        assert deliver(journal_path, checked.run_id).state is State.FINISHED
    assert outcomes(journal_path, checked.run_id) == {"created": 5}


def test_without_a_network_a_command_gives_up_after_its_patience(journal_path: Path, write: Write) -> None:
    with OddServer(ACCEPTED) as server:
        address = server.address
    checked = check(journal_path, write("Phone", *numbers(5)), address)
    end = deliver(journal_path, checked.run_id, patience=0.3)
    assert end.stopped is StopReason.NETWORK
    assert outcomes(journal_path, checked.run_id) == {"pending": 5}


def test_one_run_is_delivered_by_one_program_at_a_time(practice: Practice, journal_path: Path, write: Write) -> None:
    checked = check(journal_path, write("Phone", *numbers(1)), practice.address)
    run_lock = RunLock(journal_path, checked.run_id)
    with pytest.raises(RunBusy):
        deliver(journal_path, checked.run_id)
    run_lock.release()
    assert deliver(journal_path, checked.run_id).state is State.FINISHED


def sent(progress: RunProgress) -> int:
    return progress.counts[Outcome.CREATED]


def test_cancel_leaves_every_unsent_row_pending(practice: Practice, journal_path: Path, write: Write) -> None:
    checked = check(journal_path, write("Phone", *numbers(90)), practice.address)

    def cancel(delivery: Delivery) -> None:
        if sent(delivery.progress()) >= 10:
            delivery.control.cancel()

    assert deliver(journal_path, checked.run_id, cancel).state is State.CANCELLED
    counts = outcomes(journal_path, checked.run_id)
    assert counts["created"] == len(practice.people())
    assert counts["created"] + counts["pending"] == 90
    assert counts["pending"] > 0


def test_nothing_leaves_while_a_run_is_paused(practice: Practice, journal_path: Path, write: Write) -> None:
    checked = check(journal_path, write("Phone", *numbers(90)), practice.address)
    people_while_paused: list[int] = []

    def resume(delivery: Delivery) -> None:
        people_while_paused.append(len(practice.people()))
        delivery.control.resume()

    def pause(delivery: Delivery) -> None:
        progress = delivery.progress()
        if not people_while_paused and sent(progress) >= 10:
            delivery.control.pause()
        if progress.paused and progress.in_flight == 0 and not people_while_paused:
            people_while_paused.append(len(practice.people()))
            asyncio.get_running_loop().call_later(0.2, resume, delivery)

    assert deliver(journal_path, checked.run_id, pause).state is State.FINISHED
    assert people_while_paused[0] == people_while_paused[1] < 90
    assert len(practice.people()) == 90


def test_the_first_rows_can_be_tried_first(practice: Practice, journal_path: Path, write: Write) -> None:
    checked = check(journal_path, write("Phone", *numbers(30)), practice.address)
    people_while_paused: list[int] = []

    def resume(delivery: Delivery) -> None:
        progress = delivery.progress()
        if progress.paused and progress.in_flight == 0:
            people_while_paused.append(len(practice.people()))
            delivery.control.resume()

    deliver(journal_path, checked.run_id, resume, pause_after=5)
    assert people_while_paused == [5]
    assert len(practice.people()) == 30


def test_while_the_journal_cannot_be_written_nothing_leaves_and_no_answer_is_lost(
    practice: Practice, journal_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No disk is full here: SQLite's own error is raised in its place, in three commit cycles.
    checked = check(journal_path, write("Phone", *numbers(40)), practice.address)
    commit_batch = Journal.commit_batch
    failures = iter([sqlite3.OperationalError("database or disk is full")] * 3)

    def fail_thrice(self: Journal, run_id: int, results: Any, marks: Any, totals: Any) -> list[int | NoteCode]:
        if results and (error := next(failures, None)) is not None:
            raise error
        return commit_batch(self, run_id, results, marks, totals)

    monkeypatch.setattr(Journal, "commit_batch", fail_thrice)
    waits = [progress.wait for progress in progress_of(journal_path, checked.run_id)]
    assert run_of(journal_path, checked.run_id).state is State.FINISHED
    assert any(
        wait and wait.reason is WaitReason.JOURNAL and "disk is full" in wait.params["problem"] for wait in waits
    )
    assert outcomes(journal_path, checked.run_id) == {"created": 40}
    assert all(person["practice"]["requests"] == 1 for person in practice.people().values())


def test_a_run_is_continued_with_the_options_it_was_confirmed_with(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    file = write("Phone", *numbers(3))
    checked = check(journal_path, file, practice.address, per_second=500.0, in_flight=2)
    file.unlink()  # everything is in the journal
    assert max(progress.in_flight for progress in progress_of(journal_path, checked.run_id)) <= 2
    assert json.loads(json.dumps(run_of(journal_path, checked.run_id).options))["per_second"] == 500.0


def test_a_person_found_unsubscribed_by_the_first_look_up_is_skipped(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    gone, other = "+14155550108", "+14155550120"  # the practice account has the first as unsubscribed
    run = check(journal_path, write("Phone", gone, other), practice.address, fixed=FORCED).run_id
    with sqlite3.connect(journal_path) as connection:
        assert connection.execute("SELECT count(*) FROM list_members").fetchone() == (0,)
    deliver_by_lookups_alone(journal_path, run)
    assert {row.phone: (row.outcome, row.note) for row in rows_of(journal_path, run)} == {
        gone: (Outcome.SKIPPED, Note(NoteCode.UNSUBSCRIBED)),
        other: (Outcome.CREATED, None),
    }
    assert set(practice.people()) == {other}


def deliver_by_lookups_alone(journal: Path, run_id: int) -> None:
    """Deliver without asking for the list's unsubscribed people first."""

    async def never(*_arguments: object, **_options: object) -> bool:
        return False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ListMemberCache, "refresh", never)
        deliver(journal, run_id)
