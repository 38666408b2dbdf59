"""What an operator decides about rows that are unknown or refused, and that nothing else changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import LIST, OTHER_LIST, Practice
from tests.faults.server import ACCEPTED, CONNECTION_LOST, OddServer, answer
from tests.journeys.jobs import check, deliver, outcomes, rows_of, run_of
from trackly_desktop.journal.models import State
from trackly_desktop.journal.reader import JournalReader
from trackly_desktop.journal.resolutions import AS_DONE, LEFT, UnknownResolution, change_list, decide_unknown, try_again
from trackly_desktop.system.run_lock import RunBusy, RunLock

Write = Callable[..., Path]
FORCED = {"list_number": LIST, "use_journeys": "yes", "skip_journey_if_exists": "no"}


def unknown(journal: Path, write: Write, server: OddServer) -> int:
    """A run of two rows that could text twice, of which nobody knows the first."""
    checked = check(journal, write("Phone", "4155550220", "4155550221"), server.address, in_flight=1, fixed=FORCED)
    deliver(journal, checked.run)
    assert outcomes(journal, checked.run) == {"unknown": 1, "created": 1}
    return checked.run


def test_an_unknown_row_is_sent_again_when_it_is_decided_and_keeps_its_first_request(
    journal_path: Path, write: Write
) -> None:
    with OddServer(answer(404, {}), CONNECTION_LOST, ACCEPTED) as server:
        run = unknown(journal_path, write, server)
        assert decide_unknown(journal_path, run, UnknownResolution.SEND_AGAIN) == 1
        assert run_of(journal_path, run).state is State.STOPPED
        deliver(journal_path, run)
        posts = [one["phone_number"] for one in server.bodies if isinstance(one, dict) and "phone_number" in one]
    assert outcomes(journal_path, run) == {"created": 2}
    assert posts == ["+14155550220", "+14155550221", "+14155550220"]
    reader = JournalReader(journal_path)
    detail = reader.detail(reader.keys(run)[0])
    reader.close()
    assert detail is not None
    assert len(detail.attempts) == 2


@pytest.mark.parametrize(
    ("choice", "outcome", "note"),
    [(UnknownResolution.TAKE_AS_DONE, "updated", AS_DONE), (UnknownResolution.LEAVE, "skipped", LEFT)],
)
def test_an_unknown_row_is_settled_without_sending(
    journal_path: Path, write: Write, choice: UnknownResolution, outcome: str, note: str
) -> None:
    with OddServer(answer(404, {}), CONNECTION_LOST, ACCEPTED) as server:
        run = unknown(journal_path, write, server)
        asked = len(server.bodies)
        assert decide_unknown(journal_path, run, choice) == 1
        deliver(journal_path, run)
        sent = [one for one in server.bodies[asked:] if isinstance(one, dict) and "phone_number" in one]
    assert sent == []
    first = rows_of(journal_path, run)[0]
    assert (str(first.outcome), first.note) == (outcome, note)


def test_one_row_is_decided_and_the_others_stay(journal_path: Path, write: Write) -> None:
    with OddServer(answer(404, {}), CONNECTION_LOST) as server:
        file = write("Phone", "4155550220", "4155550221")
        run = check(journal_path, file, server.address, in_flight=1, fixed=FORCED).run
        deliver(journal_path, run)
    keys = [row.key for row in rows_of(journal_path, run)]
    assert decide_unknown(journal_path, run, UnknownResolution.LEAVE, keys[:1]) == 1
    assert outcomes(journal_path, run) == {"unknown": 1, "skipped": 1}


def test_the_refused_are_tried_again_in_the_same_run(journal_path: Path, write: Write) -> None:
    with OddServer(answer(404, {}), answer(400, {"code": "not_sendable"}), ACCEPTED) as server:
        run = check(journal_path, write("Phone", "4155550220", "4155550221"), server.address, in_flight=1).run
        deliver(journal_path, run)
        assert outcomes(journal_path, run) == {"refused": 1, "created": 1}
        assert try_again(journal_path, run) == 1
        deliver(journal_path, run)
    assert outcomes(journal_path, run) == {"created": 2}
    assert run_of(journal_path, run).state is State.FINISHED


def test_a_list_that_there_is_not_is_exchanged_for_another(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    run = check(
        journal_path,
        write("Phone", "4155550220", "4155550221"),
        practice.address,
        fixed={"list_number": "+18005550000"},
    ).run
    deliver(journal_path, run)
    assert run_of(journal_path, run).stopped == "list"
    assert change_list(journal_path, run, "+18005550000", OTHER_LIST) == 2
    assert deliver(journal_path, run).state is State.FINISHED
    assert sorted(practice.people(OTHER_LIST)) == ["+14155550220", "+14155550221"]
    assert run_of(journal_path, run).list_number == OTHER_LIST


def test_nothing_is_decided_while_the_run_is_under_way(practice: Practice, journal_path: Path, write: Write) -> None:
    run = check(journal_path, write("Phone", "4155550220"), practice.address).run
    run_lock = RunLock(journal_path, run)
    with pytest.raises(RunBusy):
        decide_unknown(journal_path, run, UnknownResolution.LEAVE)
    run_lock.release()


def test_rows_that_are_settled_are_left_alone(practice: Practice, journal_path: Path, write: Write) -> None:
    run = check(journal_path, write("Phone", "4155550220"), practice.address).run
    deliver(journal_path, run)
    assert decide_unknown(journal_path, run, UnknownResolution.SEND_AGAIN) == 0
    assert try_again(journal_path, run) == 0
    assert outcomes(journal_path, run) == {"created": 1}
    assert run_of(journal_path, run).state is State.FINISHED
