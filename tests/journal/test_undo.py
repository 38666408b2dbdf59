"""Undo runs unsubscribe exactly the newly added people, also after a stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import LIST, Practice
from tests.journeys.jobs import ACCOUNT, QUICK, check, deliver, outcomes, rows_of, run_of
from trackly_desktop.accounts.credentials import CredentialStore
from trackly_desktop.contacts.issues import Note, NoteCode
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.journal.models import RunKind, State
from trackly_desktop.journal.undo import create_undo_run
from trackly_desktop.sandbox import KEY
from trackly_desktop.service.import_service import ImportService

Write = Callable[..., Path]


def active(practice: Practice) -> set[str]:
    """Return the phones of the active members."""
    return {phone for phone, person in practice.people().items() if person["active"]}


def imported(practice: Practice, journal: Path, write: Write, *phones: str) -> int:
    run_id = check(journal, write("Phone", *phones), practice.address).run_id
    deliver(journal, run_id)
    return run_id


def test_only_those_who_were_newly_added_are_taken_off(practice: Practice, journal_path: Path, write: Write) -> None:
    imported(practice, journal_path, write, "4155550220")
    run_id = imported(practice, journal_path, write, "4155550220", "4155550221", "4155550222", "4155550101")
    undo_id = create_undo_run(journal_path, run_id, "me")
    assert deliver(journal_path, undo_id).state is State.FINISHED
    assert active(practice) == {"+14155550220"}
    assert outcomes(journal_path, undo_id) == {"updated": 2}
    assert [(row.number, row.note) for row in rows_of(journal_path, undo_id)] == [
        (2, Note(NoteCode.TAKEN_OFF)),
        (3, Note(NoteCode.TAKEN_OFF)),
    ]
    undo_run = run_of(journal_path, undo_id)
    assert (undo_run.kind, undo_run.source.undoes) == (RunKind.UNDO, run_id)


def test_a_person_who_is_off_the_list_already_is_noted_so(practice: Practice, journal_path: Path, write: Write) -> None:
    run_id = imported(practice, journal_path, write, "4155550220")
    practice.ask("DELETE", "/api/v2/contacts", json={"phone_number": "+14155550220", "list_number": LIST})
    undo_id = create_undo_run(journal_path, run_id, "me")
    deliver(journal_path, undo_id)
    assert rows_of(journal_path, undo_id)[0].note == Note(NoteCode.WAS_OFF_ALREADY)


def test_it_goes_on_where_it_was_after_a_stop(practice: Practice, journal_path: Path, write: Write) -> None:
    run_id = imported(practice, journal_path, write, *(f"41555502{number:02}" for number in range(60)))
    undo_id = create_undo_run(journal_path, run_id, "me")

    async def stopped_half_way() -> None:
        keys = CredentialStore()
        keys.set_for_session(ACCOUNT, KEY)
        session = ImportService(journal_path, keys, timeouts=QUICK)
        running: list[Delivery] = []

        def stop_after_some() -> None:
            if running[0].progress().requests > 20:
                running[0].control.quit()

        await session.deliver(undo_id, begun=running.append, on_turn=stop_after_some)
        await session.close()

    asyncio.run(stopped_half_way())
    left = len(active(practice))
    assert 0 < left < 60
    assert create_undo_run(journal_path, run_id, "me") == undo_id
    deliver(journal_path, undo_id)
    assert active(practice) == set()
    assert run_of(journal_path, undo_id).requests == 60


def test_what_was_taken_back_is_not_taken_back_twice(practice: Practice, journal_path: Path, write: Write) -> None:
    run_id = imported(practice, journal_path, write, "4155550220")
    deliver(journal_path, create_undo_run(journal_path, run_id, "me"))
    with pytest.raises(JournalProblem, match="nothing to take back"):
        create_undo_run(journal_path, run_id, "me")


def test_a_run_that_is_not_over_cannot_be_taken_back(practice: Practice, journal_path: Path, write: Write) -> None:
    run_id = check(journal_path, write("Phone", "4155550220"), "http://127.0.0.1:9").run_id
    deliver(journal_path, run_id, patience=0.1)
    with pytest.raises(JournalProblem, match="not over yet"):
        create_undo_run(journal_path, run_id, "me")


def test_taking_back_is_no_adding(practice: Practice, journal_path: Path, write: Write) -> None:
    run_id = imported(practice, journal_path, write, "4155550220")
    deliver(journal_path, create_undo_run(journal_path, run_id, "me"))
    again = check(journal_path, write("Phone", "4155550220", "4155550221"), practice.address)
    assert again.already_added == 1  # by the import, and not once more by its taking undo_id
