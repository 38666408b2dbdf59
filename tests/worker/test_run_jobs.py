"""Runs in the worker: from a file to the end, in batches, and an orderly stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.conftest import LIST, Practice
from tests.journeys.jobs import outcomes, rows_of, run_of
from tests.service.parts import runs_of
from tests.worker.conftest import WAIT
from trackly_desktop.accounts.accounts import Account
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.files.table import FormatOptions
from trackly_desktop.journal.import_options import Options
from trackly_desktop.journal.models import State
from trackly_desktop.service.review import Review
from trackly_desktop.validation.file_validation import ValidationRequest
from trackly_desktop.worker import ApiWorker, FileOpened

Write = Callable[..., Path]
Validated = Callable[..., Review]


@pytest.fixture
def validated(
    qtbot: QtBot, worker: ApiWorker, account: Account, journal_path: Path, write: Write
) -> Callable[..., Review]:
    """Opens and validates a file with this many new people."""

    def make(rows: int, **options: float) -> Review:
        file = write("Phone", *(f"+1415{2_000_000 + row}" for row in range(rows)))
        with qtbot.waitSignal(worker.files.opened, timeout=WAIT) as opened:
            worker.files.open(file, FormatOptions(), account)
        event: FileOpened = opened.args[0]
        request = ValidationRequest(
            path=str(file),
            choice=event.choice,
            fingerprint=event.file.how.fingerprint,
            mapping=event.mapping,
            options=Options(fixed={"list_number": LIST}, **options),  # type: ignore[arg-type]
            account=account.id,
            account_name=account.name,
            base_url=account.base_url,
            journal=str(journal_path),
        )
        with qtbot.waitSignal(worker.files.validated, timeout=WAIT) as signal:
            worker.files.validate(request)
        review: Review = signal.args[0]
        return review

    return make


def test_a_file_is_validated_and_delivered(
    qtbot: QtBot, worker: ApiWorker, validated: Validated, practice: Practice
) -> None:
    review = validated(3)
    assert review.unsubscribes_known
    runs, order = worker.runs, []
    runs.started.connect(lambda _run_id: order.append("started"))
    runs.summarized.connect(lambda _run_id, successes, _warnings: order.append(f"{successes.new_contacts} new"))
    with qtbot.waitSignal(runs.ended, timeout=WAIT) as ended:
        runs.start(review.result.run_id, "3 contacts")
    run_id, end = ended.args
    assert order == ["started", "3 new"]
    assert (run_id, end.state) == (review.result.run_id, State.FINISHED)
    assert len(practice.people()) == 3


def test_progress_comes_at_most_20_times_a_second(qtbot: QtBot, worker: ApiWorker, validated: Validated) -> None:
    run_id = validated(60, per_second=40.0).result.run_id
    rows_done: list[int] = []
    worker.runs.progressed.connect(lambda progress: rows_done.append(progress.counts.get(Outcome.CREATED, 0)))
    begun = time.monotonic()
    with qtbot.waitSignal(worker.runs.ended, timeout=WAIT):
        worker.runs.start(run_id)
    seconds = time.monotonic() - begun
    assert rows_done == sorted(rows_done)
    assert rows_done[-1] == 60
    assert 5 <= len(rows_done) <= 20 * seconds + 2


def test_a_run_is_paused_resumed_and_cancelled(qtbot: QtBot, worker: ApiWorker, validated: Validated) -> None:
    run_id = validated(200, per_second=40.0).result.run_id
    runs = worker.runs
    with qtbot.waitSignal(runs.progressed, timeout=WAIT):
        runs.start(run_id)
    with qtbot.waitSignal(runs.progressed, timeout=WAIT, check_params_cb=lambda progress: progress.paused):
        runs.pause(run_id)
    with qtbot.waitSignal(runs.progressed, timeout=WAIT, check_params_cb=lambda progress: not progress.paused):
        runs.resume(run_id)
    assert worker.is_delivering
    with qtbot.waitSignal(runs.ended, timeout=WAIT) as ended:
        runs.cancel(run_id)
    assert ended.args[1].state is State.CANCELLED


def test_a_second_delivery_of_a_run_fails_and_the_first_one_is_still_known(
    qtbot: QtBot, worker: ApiWorker, validated: Validated
) -> None:
    run_id = validated(200, per_second=40.0).result.run_id
    with qtbot.waitSignal(worker.runs.progressed, timeout=WAIT):
        worker.runs.start(run_id)
    with qtbot.waitSignal(worker.runs.failed, timeout=WAIT) as failed:
        worker.runs.start(run_id)
    assert failed.args == [run_id, "Another window or command is delivering this import"]
    assert worker.is_delivering
    with qtbot.waitSignal(worker.runs.ended, timeout=WAIT) as ended:
        worker.runs.cancel(run_id)
    assert ended.args[1].state is State.CANCELLED


def test_what_is_in_flight_is_answered_and_recorded_before_the_worker_stops(
    qtbot: QtBot, worker: ApiWorker, validated: Validated, journal_path: Path, practice: Practice
) -> None:
    run_id = validated(200, per_second=40.0).result.run_id
    with qtbot.waitSignal(
        worker.runs.progressed, timeout=WAIT, check_params_cb=lambda progress: progress.counts[Outcome.CREATED] > 5
    ):
        worker.runs.start(run_id)
    worker.stop()
    assert worker.wait(WAIT)
    assert outcomes(journal_path, run_id) == {
        "created": len(practice.people()),
        "pending": 200 - len(practice.people()),
    }
    assert run_of(journal_path, run_id).state is not State.FINISHED


def test_a_run_is_undone_by_a_run_of_its_own(
    qtbot: QtBot, worker: ApiWorker, validated: Validated, practice: Practice
) -> None:
    run_id = validated(2).result.run_id
    with qtbot.waitSignal(worker.runs.ended, timeout=WAIT):
        worker.runs.start(run_id)
    with qtbot.waitSignal(worker.runs.ended, timeout=WAIT) as ended:
        worker.runs.undo(run_id)
    assert ended.args[0] != run_id
    assert [person["active"] for person in practice.people().values()] == [False, False]
    with qtbot.waitSignal(worker.failed, timeout=WAIT) as failed:
        worker.runs.undo(run_id)
    assert failed.args[0].startswith("This import added nobody")


def test_a_deleted_run_has_no_rows_any_more(
    qtbot: QtBot, worker: ApiWorker, validated: Validated, journal_path: Path
) -> None:
    run_id = validated(2).result.run_id
    with qtbot.waitSignal(worker.runs.ended, timeout=WAIT):
        worker.runs.start(run_id)
    worker.runs.delete(run_id)
    qtbot.waitUntil(lambda: rows_of(journal_path, run_id) == [], timeout=WAIT)
    assert runs_of(journal_path) == []


def test_who_left_during_a_pause_is_not_sent_after_it(
    qtbot: QtBot, worker: ApiWorker, validated: Validated, practice: Practice, journal_path: Path
) -> None:
    run_id, last = validated(6).result.run_id, "+14152000005"
    with qtbot.waitSignal(worker.runs.progressed, timeout=WAIT, check_params_cb=lambda progress: progress.paused):
        worker.runs.start(run_id, pause_after=2)
    person = {"phone_number": last, "list_number": LIST}
    practice.ask("POST", "/api/v2/contacts", json=person)
    practice.ask("DELETE", "/api/v2/contacts", json=person)
    with qtbot.waitSignal(worker.runs.ended, timeout=WAIT):
        worker.runs.resume(run_id)
    assert outcomes(journal_path, run_id) == {"created": 5, "skipped": 1}
    assert not practice.people()[last]["active"]


def test_a_newer_command_overtakes_a_resumption(
    qtbot: QtBot, worker: ApiWorker, validated: Validated, journal_path: Path
) -> None:
    run_id = validated(6).result.run_id
    with qtbot.waitSignal(worker.runs.progressed, timeout=WAIT, check_params_cb=lambda progress: progress.paused):
        worker.runs.start(run_id, pause_after=2)
    with qtbot.assertNotEmitted(worker.runs.ended, wait=500):
        worker.runs.resume(run_id)
        worker.runs.pause(run_id)
    assert outcomes(journal_path, run_id) == {"created": 2, "pending": 4}
    with qtbot.waitSignal(worker.runs.ended, timeout=WAIT):
        worker.runs.resume(run_id)
    assert outcomes(journal_path, run_id) == {"created": 6}
