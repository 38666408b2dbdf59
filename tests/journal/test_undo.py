"""An import that is taken back: those it newly added are off the list, nobody else is, and it goes on after a stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import LIST, Practice
from tests.journeys.jobs import ACCOUNT, QUICK, check, deliver, outcomes, rows_of, run_of
from trackly_desktop.accounts.credentials import CredentialStore
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.journal.models import UNDO, State
from trackly_desktop.journal.undo import create_undo_run
from trackly_desktop.sandbox import KEY
from trackly_desktop.service.import_service import ImportService

Write = Callable[..., Path]


def active(practice: Practice) -> set[str]:
    """Who is on the list and may be texted."""
    return {phone for phone, person in practice.people().items() if person["active"]}


def imported(practice: Practice, journal: Path, write: Write, *phones: str) -> int:
    run = check(journal, write("Phone", *phones), practice.address).run
    deliver(journal, run)
    return run


def test_only_those_who_were_newly_added_are_taken_off(practice: Practice, journal_path: Path, write: Write) -> None:
    imported(practice, journal_path, write, "4155550220")
    run = imported(practice, journal_path, write, "4155550220", "4155550221", "4155550222", "4155550101")
    back = create_undo_run(journal_path, run, "me")
    assert deliver(journal_path, back).state is State.FINISHED
    assert active(practice) == {"+14155550220"}
    assert outcomes(journal_path, back) == {"updated": 2}
    assert [(row.number, row.note) for row in rows_of(journal_path, back)] == [
        (2, "Unsubscribed from the list"),
        (3, "Unsubscribed from the list"),
    ]
    made = run_of(journal_path, back)
    assert (made.kind, made.how["of"]) == (UNDO, run)


def test_whoever_is_off_already_is_said_so(practice: Practice, journal_path: Path, write: Write) -> None:
    run = imported(practice, journal_path, write, "4155550220")
    practice.ask("DELETE", "/api/v2/contacts", json={"phone_number": "+14155550220", "list_number": LIST})
    back = create_undo_run(journal_path, run, "me")
    deliver(journal_path, back)
    assert rows_of(journal_path, back)[0].note == "Was not on the list any more"


def test_it_goes_on_where_it_was_after_a_stop(practice: Practice, journal_path: Path, write: Write) -> None:
    run = imported(practice, journal_path, write, *(f"41555502{number:02}" for number in range(60)))
    back = create_undo_run(journal_path, run, "me")

    async def stopped_half_way() -> None:
        keys = CredentialStore()
        keys.lend(ACCOUNT, KEY)
        session = ImportService(journal_path, keys, timeouts=QUICK)
        held: list[Delivery] = []

        def stop_after_some() -> None:
            if held[0].progress().requests > 20:
                held[0].control.quit()

        await session.deliver(back, begun=held.append, on_turn=stop_after_some)
        await session.close()

    asyncio.run(stopped_half_way())
    left = len(active(practice))
    assert 0 < left < 60
    assert create_undo_run(journal_path, run, "me") == back
    deliver(journal_path, back)
    assert active(practice) == set()
    assert run_of(journal_path, back).requests == 60


def test_what_was_taken_back_is_not_taken_back_twice(practice: Practice, journal_path: Path, write: Write) -> None:
    run = imported(practice, journal_path, write, "4155550220")
    deliver(journal_path, create_undo_run(journal_path, run, "me"))
    with pytest.raises(JournalProblem, match="nothing to take back"):
        create_undo_run(journal_path, run, "me")


def test_a_run_that_is_not_over_cannot_be_taken_back(practice: Practice, journal_path: Path, write: Write) -> None:
    run = check(journal_path, write("Phone", "4155550220"), "http://127.0.0.1:9").run
    deliver(journal_path, run, patience=0.1)
    with pytest.raises(JournalProblem, match="not over yet"):
        create_undo_run(journal_path, run, "me")


def test_taking_back_is_no_adding(practice: Practice, journal_path: Path, write: Write) -> None:
    run = imported(practice, journal_path, write, "4155550220")
    deliver(journal_path, create_undo_run(journal_path, run, "me"))
    again = check(journal_path, write("Phone", "4155550220", "4155550221"), practice.address)
    assert again.already_added == 1  # by the import, and not once more by its taking back
