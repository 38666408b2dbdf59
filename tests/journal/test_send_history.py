"""The send history: people added before from here, and members from elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.conftest import LIST, OTHER_LIST, Practice
from tests.faults.server import OddServer, answer
from tests.journeys.jobs import ACCOUNT, QUICK, check, deliver, rows_of, run_of
from trackly_desktop.accounts.credentials import CredentialStore
from trackly_desktop.contacts.issues import Note, NoteCode
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal.import_options import AlreadyAdded
from trackly_desktop.journal.protection import record_scope
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.sandbox import KEY
from trackly_desktop.service.import_service import ImportService
from trackly_desktop.validation.corrections import Change, Fix, apply_fix
from trackly_desktop.validation.file_validation import ValidationResult, hold_back

Write = Callable[..., Path]
ADA, GRACE, MARY, GONE = "+14155550120", "+14155550121", "+14155550122", "+14155550108"


def ask(journal: Path, address: str, checked: ValidationResult, *lists: str) -> tuple[bool, ValidationResult]:
    """Fetch the members of these lists, as the window does before a review."""

    async def work() -> bool:
        keys = CredentialStore()
        keys.set_for_session(ACCOUNT, KEY)
        session = ImportService(journal, keys, timeouts=QUICK)
        try:
            return await session.list_members.refresh(ACCOUNT, address, lists)
        finally:
            await session.close()

    is_complete = asyncio.run(work())
    return is_complete, hold_back(journal, checked)


def notes(journal: Path, run_id: int) -> dict[str, Note | None]:
    """Return why each row was skipped, by phone."""
    return {row.phone: row.note for row in rows_of(journal, run_id) if row.outcome is Outcome.SKIPPED}


def add_elsewhere(practice: Practice, *people: str, number: str = LIST) -> None:
    for phone in people:
        practice.ask("POST", "/api/v2/contacts", json={"phone_number": phone, "list_number": number})


def test_people_that_a_file_added_before_are_left_out_with_the_day_and_the_file(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    deliver(journal_path, check(journal_path, write("Phone", ADA, name="leads.csv"), practice.address).run_id)
    file = write("Phone", ADA, GRACE, name="again.csv")
    again = check(journal_path, file, practice.address, already_added=AlreadyAdded.SKIP)
    assert again.already_added == 1
    assert notes(journal_path, again.run_id) == {
        ADA: Note(NoteCode.ALREADY_ADDED, (f"{datetime.now():%Y-%m-%d}", "leads.csv"))
    }
    assert check(journal_path, file, practice.address).already_added == 1


def test_another_list_or_another_account_is_another_matter(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    deliver(journal_path, check(journal_path, write("Phone", ADA), practice.address).run_id)
    other = check(journal_path, write("Phone", ADA), practice.address, fixed={"list_number": OTHER_LIST})
    assert other.already_added == 0
    assert check(journal_path, write("Phone", ADA), "http://127.0.0.1:9").already_added == 0


@pytest.mark.parametrize(("rule", "left_out"), [(AlreadyAdded.SKIP, {ADA}), (AlreadyAdded.SEND, set())])
def test_who_is_on_the_list_from_elsewhere_is_counted_and_left_out_if_so_chosen(
    practice: Practice, journal_path: Path, write: Write, rule: AlreadyAdded, left_out: set[str]
) -> None:
    add_elsewhere(practice, ADA)
    checked = check(journal_path, write("Phone", ADA, GRACE), practice.address, already_added=rule)
    is_complete, checked = ask(journal_path, practice.address, checked, LIST)
    assert is_complete
    assert checked.members == 1
    assert notes(journal_path, checked.run_id) == dict.fromkeys(left_out, Note(NoteCode.ALREADY_ON_LIST))


def test_who_unsubscribed_is_asked_of_the_account_before_anything_is_sent(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    checked = check(journal_path, write("Phone", GONE, GRACE), practice.address)
    assert notes(journal_path, checked.run_id) == {}
    is_complete, checked = ask(journal_path, practice.address, checked, LIST)
    assert is_complete
    assert notes(journal_path, checked.run_id) == {GONE: Note(NoteCode.UNSUBSCRIBED)}
    assert checked.counts == {Outcome.PENDING: 1, Outcome.SKIPPED: 1}


def test_a_row_corrected_to_a_person_who_unsubscribed_is_held_back(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    checked = check(journal_path, write("Phone", GRACE), practice.address)
    ask(journal_path, practice.address, checked, LIST)
    [row] = rows_of(journal_path, checked.run_id)
    apply_fix(journal_path, checked.run_id, Fix(Change.SET, 0, GONE, keys=(row.key,)), lambda _rows: None)
    assert notes(journal_path, checked.run_id) == {GONE: Note(NoteCode.UNSUBSCRIBED)}


def test_a_run_that_goes_on_later_asks_again_who_has_unsubscribed_since(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    checked = check(journal_path, write("Phone", ADA, GRACE), practice.address)
    add_elsewhere(practice, ADA)
    practice.ask("DELETE", "/api/v2/contacts", json={"phone_number": ADA, "list_number": LIST})
    deliver(journal_path, checked.run_id)
    assert notes(journal_path, checked.run_id) == {ADA: Note(NoteCode.UNSUBSCRIBED)}


LISTS = answer(200, {"lists": [{"phone_number": LIST, "list_name": "A", "status": "active", "contact_count": 3}]})


def page(number: int, pages: int, *people: str, active: bool = False, **more: object) -> bytes:
    contacts = [{"phone_number": phone, "list_number": LIST, "active": active} for phone in people]
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
def test_pages_that_break_off_or_lie_are_not_the_whole_list_and_those_named_are_held_back(
    second: bytes, journal_path: Path, write: Write
) -> None:
    with OddServer(LISTS, page(1, 2, ADA), second) as server:
        checked = check(journal_path, write("Phone", ADA, MARY), server.address)
        is_complete, checked = ask(journal_path, server.address, checked, LIST)
    assert not is_complete
    assert notes(journal_path, checked.run_id) == {ADA: Note(NoteCode.UNSUBSCRIBED)}


def test_a_server_that_does_not_know_the_filter_holds_nobody_back(journal_path: Path, write: Write) -> None:
    with OddServer(LISTS, page(1, 1, ADA, active=True)) as server:
        checked = check(journal_path, write("Phone", ADA), server.address)
        is_complete, checked = ask(journal_path, server.address, checked, LIST)
    assert not is_complete
    assert notes(journal_path, checked.run_id) == {}


def test_it_is_not_asked_again_within_minutes(practice: Practice, journal_path: Path, write: Write) -> None:
    with OddServer(LISTS, page(1, 1, ADA), page(1, 1), answer(500, b"")) as server:
        checked = check(journal_path, write("Phone", ADA), server.address)
        assert ask(journal_path, server.address, checked, LIST)[0]
        requests = len(server.heads)
    reader = JournalReader(journal_path)
    assert reader.asked_at(ACCOUNT, server.address, LIST) > 0
    reader.close()
    assert requests == 3


@pytest.mark.parametrize(("key", "is_known"), [(KEY, True), ("trk_another_client", False)])
def test_the_history_is_that_of_the_key(
    practice: Practice, journal_path: Path, write: Write, key: str, is_known: bool
) -> None:
    file = write("Phone", ADA, name="leads.csv")
    deliver(journal_path, check(journal_path, file, practice.address).run_id)
    record_scope(journal_path, "second", practice.address, key)
    reader = JournalReader(journal_path)
    added = reader.previous_add(ADA, LIST, "second", practice.address)
    imports = reader.imports_of(run_of(journal_path, 1).fingerprint, "second", practice.address)
    reader.close()
    assert (added is not None, len(imports)) == (is_known, int(is_known))
