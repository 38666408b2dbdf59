"""The ledger: whom this machine has added before, when and with which file; and who is on the list from elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.conftest import LIST, OTHER_LIST, Practice
from tests.faults.server import OddServer, answer
from tests.journeys.jobs import ACCOUNT, QUICK, check, deliver, rows_of
from trackly_desktop.accounts.credentials import CredentialStore
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal.import_options import AlreadyAdded
from trackly_desktop.journal.reader import JournalReader
from trackly_desktop.sandbox import KEY
from trackly_desktop.service.import_service import ImportService
from trackly_desktop.validation.corrections import Change, Fix, apply_fix
from trackly_desktop.validation.file_validation import ValidationResult, hold_back

Write = Callable[..., Path]
ADA, GRACE, MARY, GONE = "+14155550120", "+14155550121", "+14155550122", "+14155550108"


def ask(journal: Path, address: str, checked: ValidationResult, *lists: str) -> tuple[bool, ValidationResult]:
    """Asks the account who is on these lists, as the window does before it shows a review."""

    async def work() -> bool:
        keys = CredentialStore()
        keys.lend(ACCOUNT, KEY)
        session = ImportService(journal, keys, timeouts=QUICK)
        try:
            return await session.list_members.refresh(ACCOUNT, address, lists)
        finally:
            await session.close()

    told = asyncio.run(work())
    return told, hold_back(journal, checked)


def notes(journal: Path, run: int) -> dict[str, str]:
    return {row.phone: row.note for row in rows_of(journal, run) if row.outcome is Outcome.SKIPPED}


def add_elsewhere(practice: Practice, *people: str, number: str = LIST) -> None:
    for phone in people:
        practice.ask("POST", "/api/v2/contacts", json={"phone_number": phone, "list_number": number})


def test_whom_a_file_added_before_is_left_out_with_the_day_and_the_file(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    deliver(journal_path, check(journal_path, write("Phone", ADA, name="leads.csv"), practice.address).run)
    file = write("Phone", ADA, GRACE, name="again.csv")
    again = check(journal_path, file, practice.address, already_added=AlreadyAdded.SKIP)
    assert again.already_added == 1
    assert notes(journal_path, again.run) == {
        ADA: f"Added to this list from here before: {datetime.now():%Y-%m-%d} from leads.csv"
    }
    assert check(journal_path, file, practice.address).already_added == 1


def test_another_list_or_another_account_is_another_matter(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    deliver(journal_path, check(journal_path, write("Phone", ADA), practice.address).run)
    other = check(journal_path, write("Phone", ADA), practice.address, fixed={"list_number": OTHER_LIST})
    assert other.already_added == 0
    assert check(journal_path, write("Phone", ADA), "http://127.0.0.1:9").already_added == 0


@pytest.mark.parametrize(("rule", "left_out"), [(AlreadyAdded.SKIP, {ADA}), (AlreadyAdded.SEND, set())])
def test_who_is_on_the_list_from_elsewhere_is_counted_and_left_out_if_so_chosen(
    practice: Practice, journal_path: Path, write: Write, rule: AlreadyAdded, left_out: set[str]
) -> None:
    add_elsewhere(practice, ADA)
    checked = check(journal_path, write("Phone", ADA, GRACE), practice.address, already_added=rule)
    told, checked = ask(journal_path, practice.address, checked, LIST)
    assert told
    assert checked.members == 1
    assert notes(journal_path, checked.run) == dict.fromkeys(left_out, "On this list already, added elsewhere")


def test_who_unsubscribed_is_asked_of_the_account_before_anything_is_sent(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    checked = check(journal_path, write("Phone", GONE, GRACE), practice.address)
    assert notes(journal_path, checked.run) == {}
    told, checked = ask(journal_path, practice.address, checked, LIST)
    assert told
    assert notes(journal_path, checked.run) == {GONE: "Unsubscribed from this list"}
    assert checked.counts == {Outcome.PENDING: 1, Outcome.SKIPPED: 1}


def test_a_row_corrected_to_a_person_who_unsubscribed_is_held_back(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    checked = check(journal_path, write("Phone", GRACE), practice.address)
    ask(journal_path, practice.address, checked, LIST)
    [row] = rows_of(journal_path, checked.run)
    apply_fix(journal_path, checked.run, Fix(Change.SET, 0, GONE, keys=(row.key,)), lambda _rows: None)
    assert notes(journal_path, checked.run) == {GONE: "Unsubscribed from this list"}


def test_a_run_that_goes_on_later_asks_anew_who_has_unsubscribed_since(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    checked = check(journal_path, write("Phone", ADA, GRACE), practice.address)
    add_elsewhere(practice, ADA)
    practice.ask("DELETE", "/api/v2/contacts", json={"phone_number": ADA, "list_number": LIST})
    deliver(journal_path, checked.run)
    assert notes(journal_path, checked.run) == {ADA: "Unsubscribed from this list"}


LISTS = answer(200, {"lists": [{"phone_number": LIST, "list_name": "A", "status": "active", "contact_count": 3}]})


def page(number: int, pages: int, *people: str, active: bool = False, **more: object) -> bytes:
    contacts = [{"phone_number": one, "list_number": LIST, "active": active} for one in people]
    pagination = {"page": number, "per_page": 1000, "total": 3, "total_pages": pages}
    return answer(200, {"contacts": contacts, "pagination": pagination} | more)


@pytest.mark.parametrize(
    "second",
    [
        answer(500, b""),
        answer(404, {"error": "not_found"}),
        answer(200, {"contacts": None}),
        answer(200, b"<html>"),
        page(2, 2, "nonsense"),
        page(2, 2, MARY, active=True),
        page(2, 2, MARY, pagination=None),
    ],
)
def test_pages_that_break_off_or_lie_are_not_the_whole_and_who_was_told_is_held_back(
    second: bytes, journal_path: Path, write: Write
) -> None:
    with OddServer(LISTS, page(1, 2, ADA), second) as server:
        checked = check(journal_path, write("Phone", ADA, MARY), server.address)
        told, checked = ask(journal_path, server.address, checked, LIST)
    assert not told
    assert notes(journal_path, checked.run) == {ADA: "Unsubscribed from this list"}


def test_a_server_that_does_not_know_the_filter_holds_nobody_back(journal_path: Path, write: Write) -> None:
    with OddServer(LISTS, page(1, 1, ADA, active=True)) as server:
        checked = check(journal_path, write("Phone", ADA), server.address)
        told, checked = ask(journal_path, server.address, checked, LIST)
    assert not told
    assert notes(journal_path, checked.run) == {}


def test_it_is_not_asked_again_within_minutes(practice: Practice, journal_path: Path, write: Write) -> None:
    with OddServer(LISTS, page(1, 1, ADA), page(1, 1), answer(500, b"")) as server:
        checked = check(journal_path, write("Phone", ADA), server.address)
        assert ask(journal_path, server.address, checked, LIST)[0]
        asked = len(server.heads)
    reader = JournalReader(journal_path)
    assert reader.asked_at(ACCOUNT, server.address, LIST) > 0
    reader.close()
    assert asked == 3
