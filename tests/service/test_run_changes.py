"""Undo, another list and decisions on rows: what is to be delivered, what is busy."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import OTHER_LIST, Practice
from tests.journeys.jobs import check, deliver, rows_of, run_of
from tests.service.parts import NEW
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.journal.models import RunKind
from trackly_desktop.journal.resolutions import UnknownResolution
from trackly_desktop.service import run_changes
from trackly_desktop.system.run_lock import RunBusy, RunLock

Write = Callable[..., Path]
NO_SUCH_LIST = "+18005559999"


@pytest.fixture
def refused(practice: Practice, journal_path: Path, write: Write) -> int:
    """A run whose one row was refused: there is no such list."""
    run_id = check(journal_path, write("Phone", NEW), practice.address, fixed={"list_number": NO_SUCH_LIST}).run_id
    deliver(journal_path, run_id)
    return run_id


def keys_of(journal: Path, run_id: int) -> list[int]:
    return [row.key for row in rows_of(journal, run_id)]


def test_refused_rows_are_pending_again_and_their_run_is_to_be_delivered(journal_path: Path, refused: int) -> None:
    resolved = asyncio.run(run_changes.resolve_rows(journal_path, keys_of(journal_path, refused), None))
    assert (resolved.to_deliver, resolved.busy) == ([refused], [])
    assert run_of(journal_path, refused).counts[Outcome.PENDING] == 1


def test_rows_that_are_settled_need_no_delivery(journal_path: Path, refused: int) -> None:
    keys = keys_of(journal_path, refused)
    resolved = asyncio.run(run_changes.resolve_rows(journal_path, keys, UnknownResolution.LEAVE))
    assert (resolved.to_deliver, resolved.busy) == ([], [])


def test_a_run_that_is_being_delivered_is_left_as_it_is(journal_path: Path, refused: int) -> None:
    keys = keys_of(journal_path, refused)
    before = rows_of(journal_path, refused)
    lock = RunLock(journal_path, refused)
    try:
        resolved = asyncio.run(run_changes.resolve_rows(journal_path, keys, None))
        with pytest.raises(RunBusy):
            asyncio.run(run_changes.change_list(journal_path, refused, NO_SUCH_LIST, OTHER_LIST))
    finally:
        lock.release()
    assert resolved.to_deliver == []
    assert [type(busy) for busy in resolved.busy] == [RunBusy]
    assert rows_of(journal_path, refused) == before


def test_rows_move_to_another_list_and_are_delivered_there(
    practice: Practice, journal_path: Path, refused: int
) -> None:
    asyncio.run(run_changes.change_list(journal_path, refused, NO_SUCH_LIST, OTHER_LIST))
    deliver(journal_path, refused)
    assert practice.people(OTHER_LIST).keys() == {NEW}


def test_an_undo_is_a_run_of_its_own(practice: Practice, journal_path: Path, write: Write) -> None:
    run_id = check(journal_path, write("Phone", NEW), practice.address).run_id
    deliver(journal_path, run_id)
    undo = asyncio.run(run_changes.prepare_undo(journal_path, run_id))
    assert (run_of(journal_path, undo.run_id).kind, run_of(journal_path, undo.run_id).rows) == (RunKind.UNDO, 1)
    assert undo.confirmed == f"Everybody whom run {run_id} newly added is taken off the list"


def test_a_run_that_added_nobody_cannot_be_undone(journal_path: Path, refused: int) -> None:
    with pytest.raises(JournalProblem):
        asyncio.run(run_changes.prepare_undo(journal_path, refused))
