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
from tests.journeys.jobs import ACCOUNT, QUICK, check, deliver, outcomes, rows_of, run_of
from trackly_desktop.accounts.credentials import CredentialStore
from trackly_desktop.api.replies import StopReason
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery import engine as delivery_module
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.delivery.progress import RunProgress
from trackly_desktop.journal.import_options import Duplicates
from trackly_desktop.journal.models import State
from trackly_desktop.journal.run_store import Journal
from trackly_desktop.sandbox import KEY
from trackly_desktop.service.import_service import ImportService
from trackly_desktop.service.list_members import ListMemberCache
from trackly_desktop.system.run_lock import RunBusy, RunLock

pytestmark = pytest.mark.usefixtures("short_clock")
Write = Callable[..., Path]


def numbers(count: int, first: int = 120) -> list[str]:
    return [f"41555502{number:02}" for number in range(first - 120, first - 120 + count)]


def test_every_row_is_on_the_server_as_the_file_has_it(practice: Practice, journal_path: Path, write: Write) -> None:
    file = write("Phone,Name,Signup Date", *(f"{one},N{one},2025-03-15T14:30:00Z" for one in numbers(60)))
    checked = check(journal_path, file, practice.address)
    assert deliver(journal_path, checked.run).state is State.FINISHED
    people = practice.people()
    assert len(people) == 60
    for row in rows_of(journal_path, checked.run):
        recipient = people[row.phone]
        assert row.outcome is Outcome.CREATED
        assert recipient["custom_fields"] == {"name": f"N{row.phone[2:]}"}
        assert recipient["signup_date"] == "2025-03-15T14:30:00Z"
        assert recipient["practice"]["requests"] == 1


def test_it_works_on_a_server_that_knows_only_the_one_endpoint(
    only_post: str, journal_path: Path, write: Write
) -> None:
    checked = check(journal_path, write("Phone", *numbers(20)), only_post)
    deliver(journal_path, checked.run)
    assert outcomes(journal_path, checked.run) == {"created": 20}


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
    deliver(journal_path, checked.run)
    assert outcomes(journal_path, checked.run) == {outcome: 1}
    assert practice.people().get(f"+1{phone}", {"practice": {"requests": 0}})["practice"]["requests"] == requests


FORCED = {"list_number": LIST, "use_journeys": "yes", "skip_journey_if_exists": "no"}


@pytest.mark.parametrize("phone", ["4155550106", "4155550107", "4155550102", "4155550112", "4155550113"])
def test_nobody_is_enrolled_twice_because_a_request_was_repeated(
    practice: Practice, journal_path: Path, write: Write, phone: str
) -> None:
    checked = check(journal_path, write("Phone", phone), practice.address, fixed=FORCED)
    deliver(journal_path, checked.run)
    assert practice.people()[f"+1{phone}"]["practice"]["journeys_enrolled"] == 1
    assert outcomes(journal_path, checked.run) == {"created": 1}


def test_without_look_ups_a_row_that_could_text_twice_stays_unknown(journal_path: Path, write: Write) -> None:
    with OddServer(answer(404, b""), CONNECTION_LOST, ACCEPTED) as server:
        checked = check(journal_path, write("Phone", *numbers(1)), server.address, fixed=FORCED)
        deliver(journal_path, checked.run)
        assert outcomes(journal_path, checked.run) == {"unknown": 1}
        assert len([body for body in server.bodies if body]) == 1


def test_rows_of_the_same_person_go_one_after_the_other_in_the_files_order(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    file = write("Phone,Step", *(f"4155550120,{step}" for step in range(30)))
    checked = check(journal_path, file, practice.address, duplicates=Duplicates.EACH)
    deliver(journal_path, checked.run)
    assert practice.people()["+14155550120"]["custom_fields"] == {"step": 29}
    assert [row.outcome for row in rows_of(journal_path, checked.run)] == [Outcome.CREATED] + [Outcome.UPDATED] * 29


@pytest.mark.parametrize(
    ("phone", "stop_reason"), [("4155550110", StopReason.ACCOUNT), ("4155550111", StopReason.ACCOUNT)]
)
def test_an_obstacle_stops_the_run_and_the_row_stays_pending(
    practice: Practice, journal_path: Path, write: Write, phone: str, stop_reason: StopReason
) -> None:
    checked = check(journal_path, write("Phone", phone), practice.address)
    end = deliver(journal_path, checked.run)
    assert (end.state, end.stopped) == (State.STOPPED, stop_reason)
    assert outcomes(journal_path, checked.run) == {"pending": 1}


def test_a_wrong_key_sends_nothing_and_the_right_one_goes_on(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    checked = check(journal_path, write("Phone", *numbers(3)), practice.address)
    end = deliver(journal_path, checked.run, key="trk_" + "x" * 32)
    assert end.stopped is StopReason.KEY
    assert outcomes(journal_path, checked.run) == {"pending": 3}
    assert deliver(journal_path, checked.run).state is State.FINISHED
    assert len(practice.people()) == 3


def test_a_list_that_is_refused_stops_a_run_of_one_list(practice: Practice, journal_path: Path, write: Write) -> None:
    checked = check(journal_path, write("Phone", *numbers(50)), practice.address, fixed={"list_number": "+18005550000"})
    end = deliver(journal_path, checked.run)
    assert end.stopped is StopReason.LIST
    assert run_of(journal_path, checked.run).requests < 10


def test_a_list_that_is_refused_refuses_its_rows_alone_where_there_are_others(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    lists = ("+18005550000", OTHER_LIST)
    file = write("Phone,List Number", *(f"{one},{lists[place % 2]}" for place, one in enumerate(numbers(60))))
    checked = check(journal_path, file, practice.address)
    assert deliver(journal_path, checked.run).state is State.FINISHED
    assert outcomes(journal_path, checked.run) == {"refused": 30, "created": 30}
    assert run_of(journal_path, checked.run).requests < 50


def test_connections_that_the_server_closes_between_two_requests_cost_no_row_a_doubt(
    journal_path: Path, write: Write
) -> None:
    with OddServer(Last(ACCEPTED)) as server:
        run = check(journal_path, write("Phone", *numbers(60)), server.address, in_flight=4).run
        deliver(journal_path, run)
        posts = [one for one in server.heads if one.startswith("POST")]
    assert outcomes(journal_path, run) == {"created": 60}
    # One that is closed just as a request is sent leaves that request in doubt: it is repeated, which is safe here.
    assert 60 <= len(posts) <= 70


def test_a_capped_run_does_not_fall_asleep_where_what_was_read_ahead_ends(
    practice: Practice, journal_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "_READ_AHEAD", 4)
    run = check(journal_path, write("Phone", *numbers(18)), practice.address, per_second=20).run
    deliver(journal_path, run)
    assert outcomes(journal_path, run) == {"created": 18}


def test_two_pages_that_are_not_the_apis_stop_the_run(journal_path: Path, write: Write) -> None:
    with OddServer(answer(200, b"<html>Sign in to the network")) as server:
        checked = check(journal_path, write("Phone", *numbers(20)), server.address)
        end = deliver(journal_path, checked.run)
        assert end.stopped is StopReason.ADDRESS
        assert "Something between us and Trackly" in end.words
        found = outcomes(journal_path, checked.run)
        assert found["unknown"] == len(server.bodies) - 1  # the first asked for the lists
        assert found["pending"] == 20 - found["unknown"]


def test_a_server_that_is_gone_is_waited_for(journal_path: Path, write: Write) -> None:
    with OddServer(
        answer(404, b""), answer(503, b"", Retry_After="0"), CONNECTION_LOST, answer(429, b""), ACCEPTED
    ) as server:
        checked = check(journal_path, write("Phone", *numbers(5)), server.address)
        assert deliver(journal_path, checked.run).state is State.FINISHED
    assert outcomes(journal_path, checked.run) == {"created": 5}


def test_without_a_network_a_command_gives_up_after_its_patience(journal_path: Path, write: Write) -> None:
    with OddServer(ACCEPTED) as server:
        address = server.address
    checked = check(journal_path, write("Phone", *numbers(5)), address)
    end = deliver(journal_path, checked.run, patience=0.3)
    assert end.stopped is StopReason.NETWORK
    assert outcomes(journal_path, checked.run) == {"pending": 5}


def test_one_run_is_delivered_by_one_program_at_a_time(practice: Practice, journal_path: Path, write: Write) -> None:
    checked = check(journal_path, write("Phone", *numbers(1)), practice.address)
    run_lock = RunLock(journal_path, checked.run)
    with pytest.raises(RunBusy):
        deliver(journal_path, checked.run)
    run_lock.release()
    assert deliver(journal_path, checked.run).state is State.FINISHED


class RowDescription:
    """A delivery in this loop, and what it told on its way."""

    def __init__(self, journal: Path, run: int, **more: Any) -> None:
        self._journal, self._run, self._more = journal, run, more
        self.delivery: Delivery | None = None
        self.progress: list[RunProgress] = []
        self.on_turn: Callable[[Delivery, RunProgress], None] = lambda _delivery, _progress: None

    async def deliver(self) -> Any:
        keys = CredentialStore()
        keys.lend(ACCOUNT, KEY)
        session = ImportService(self._journal, keys, timeouts=QUICK)

        def begun(delivery: Delivery) -> None:
            self.delivery = delivery

        def told() -> None:
            assert self.delivery is not None
            self.progress.append(self.delivery.progress())
            self.on_turn(self.delivery, self.progress[-1])

        try:
            return await session.deliver(self._run, begun=begun, on_turn=told, **self._more)
        finally:
            await session.close()


def sent(progress: RunProgress) -> int:
    return progress.counts[Outcome.CREATED]


def test_cancel_leaves_every_unsent_row_pending(practice: Practice, journal_path: Path, write: Write) -> None:
    checked = check(journal_path, write("Phone", *numbers(90)), practice.address)
    told = RowDescription(journal_path, checked.run)
    told.on_turn = lambda delivery, progress: delivery.cancel() if sent(progress) >= 10 else None
    end = asyncio.run(told.deliver())
    assert end.state is State.CANCELLED
    found = outcomes(journal_path, checked.run)
    assert found["created"] == len(practice.people())
    assert found["created"] + found["pending"] == 90
    assert found["pending"] > 0


def test_pause_lets_nothing_more_leave_until_it_goes_on(practice: Practice, journal_path: Path, write: Write) -> None:
    checked = check(journal_path, write("Phone", *numbers(90)), practice.address)
    told = RowDescription(journal_path, checked.run)
    seen: list[int] = []

    def pause(delivery: Delivery, progress: RunProgress) -> None:
        if not seen and sent(progress) >= 10:
            delivery.pause()
        if progress.paused and progress.in_flight == 0 and not seen:
            seen.append(len(practice.people()))
            asyncio.get_running_loop().call_later(0.2, lambda: (seen.append(len(practice.people())), delivery.go_on()))

    told.on_turn = pause
    assert asyncio.run(told.deliver()).state is State.FINISHED
    assert seen[0] == seen[1] < 90
    assert len(practice.people()) == 90


def test_the_first_rows_can_be_tried_first(practice: Practice, journal_path: Path, write: Write) -> None:
    checked = check(journal_path, write("Phone", *numbers(30)), practice.address)
    told = RowDescription(journal_path, checked.run, pause_after=5)
    seen: list[int] = []

    def look(delivery: Delivery, progress: RunProgress) -> None:
        if progress.paused and progress.in_flight == 0:
            seen.append(len(practice.people()))
            delivery.go_on()

    told.on_turn = look
    asyncio.run(told.deliver())
    assert seen == [5]
    assert len(practice.people()) == 30


def test_while_the_journal_cannot_be_written_nothing_leaves_and_no_answer_is_lost(
    practice: Practice, journal_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A full disk cannot be had here: SQLite's own error is raised in its place, for three turns in a row.
    checked = check(journal_path, write("Phone", *numbers(40)), practice.address)
    written, failing = Journal.commit_batch, [3]
    trouble: list[str] = []

    def commit_batch(self: Journal, run: int, recorded: Any, marks: Any, totals: Any) -> list[int]:
        if recorded and failing[0]:
            failing[0] -= 1
            raise sqlite3.OperationalError("database or disk is full")
        return written(self, run, recorded, marks, totals)

    monkeypatch.setattr(Journal, "commit_batch", commit_batch)
    monkeypatch.setattr("trackly_desktop.delivery.journal_retry.BETWEEN_WRITES", 0.05)
    told = RowDescription(journal_path, checked.run)
    told.on_turn = lambda _delivery, progress: trouble.append(progress.wait_reason)
    assert asyncio.run(told.deliver()).state is State.FINISHED
    assert any("disk is full" in words for words in trouble)
    assert outcomes(journal_path, checked.run) == {"created": 40}
    assert all(one["practice"]["requests"] == 1 for one in practice.people().values())


def test_a_run_is_taken_up_with_the_choices_it_was_confirmed_with(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    file = write("Phone", *numbers(3))
    checked = check(journal_path, file, practice.address, per_second=500.0, in_flight=2)
    file.unlink()  # it is not needed any more
    told = RowDescription(journal_path, checked.run)
    asyncio.run(told.deliver())
    assert max(one.in_flight for one in told.progress) <= 2
    assert json.loads(json.dumps(run_of(journal_path, checked.run).options))["per_second"] == 500.0


def test_who_unsubscribed_by_the_look_up_before_sending_is_skipped_with_journeys_or_without(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    gone, other = "+14155550108", "+14155550120"  # the practice account has the first as unsubscribed
    run = check(journal_path, write("Phone", gone, other), practice.address, fixed=FORCED).run
    with sqlite3.connect(journal_path) as connection:
        assert connection.execute("SELECT count(*) FROM people").fetchone() == (0,)
    deliver_without_asking(journal_path, run)
    assert {row.phone: (row.outcome, row.note) for row in rows_of(journal_path, run)} == {
        gone: (Outcome.SKIPPED, "Unsubscribed from this list"),
        other: (Outcome.CREATED, ""),
    }
    assert set(practice.people()) == {other}


def deliver_without_asking(journal: Path, run: int) -> None:
    """Delivers with the look-ups alone: the list's unsubscribed people are not asked for before."""

    async def never(*_given: object, **_more: object) -> bool:
        return False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ListMemberCache, "refresh", never)
        deliver(journal, run)
