"""Adding one contact: who must not be sent is not, and what was sent is recorded."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.conftest import LIST, Practice
from tests.journeys.jobs import ACCOUNT
from tests.service.parts import NEW, UNSUBSCRIBED, account_at, contact, open_service, runs_of
from trackly_desktop.api.contact_lookup import MembershipStatus
from trackly_desktop.api.replies import StopReason
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal import suppression_list
from trackly_desktop.journal.models import State
from trackly_desktop.service.contact_service import ContactBlocked, ContactNotSent, ContactResult, ContactService
from trackly_desktop.service.membership import RecipientStatus


def add(journal: Path, address: str, phone: str, *, typed_again: bool = False, key: str | None = None) -> ContactResult:
    async def live() -> ContactResult:
        async with open_service(journal) if key is None else open_service(journal, key=key) as service:
            return await ContactService(service).add(account_at(address), contact(phone), typed_again=typed_again)

    return asyncio.run(live())


def look_up(journal: Path, address: str, phone: str) -> RecipientStatus:
    async def live() -> RecipientStatus:
        async with open_service(journal) as service:
            return await ContactService(service).look_up(account_at(address), phone, LIST)

    return asyncio.run(live())


def test_a_contact_is_sent_and_its_row_is_returned(practice: Practice, journal_path: Path) -> None:
    result = add(journal_path, practice.address, NEW)
    assert (result.row.phone, result.row.outcome, result.end.state) == (NEW, Outcome.CREATED, State.FINISHED)
    assert [run.id for run in runs_of(journal_path)] == [result.run_id]
    assert practice.people().keys() == {NEW}


def test_an_unsubscribed_person_is_blocked_before_anything_is_journalled(
    practice: Practice, journal_path: Path
) -> None:
    with pytest.raises(ContactBlocked) as blocked:
        add(journal_path, practice.address, UNSUBSCRIBED)
    assert blocked.value.recipient.membership is MembershipStatus.UNSUBSCRIBED
    assert runs_of(journal_path) == []
    assert practice.people() == {}


def test_an_unsubscribed_person_is_sent_when_the_number_was_typed_again(practice: Practice, journal_path: Path) -> None:
    assert add(journal_path, practice.address, UNSUBSCRIBED, typed_again=True).end.state is State.FINISHED
    assert practice.people().keys() == {UNSUBSCRIBED}


@pytest.mark.parametrize("typed_again", [False, True])
def test_a_suppressed_number_is_never_sent(practice: Practice, journal_path: Path, typed_again: bool) -> None:
    suppression_list.add(journal_path, ACCOUNT, [NEW], "by hand")
    with pytest.raises(ContactBlocked):
        add(journal_path, practice.address, NEW, typed_again=typed_again)
    assert practice.people() == {}


@pytest.mark.parametrize("key", ["", "trk_wrong"])
def test_a_contact_that_cannot_be_delivered_leaves_no_unfinished_run(
    practice: Practice, journal_path: Path, key: str
) -> None:
    result = add(journal_path, practice.address, NEW, key=key)
    assert result.end.stopped is StopReason.KEY
    assert [run.state for run in runs_of(journal_path)] == [State.CANCELLED]


def test_nothing_is_sent_where_the_journal_cannot_be_read(practice: Practice, journal_path: Path) -> None:
    journal_path.write_bytes(b"this is no database" * 100)
    with pytest.raises(ContactNotSent, match="so nothing was sent"):
        add(journal_path, practice.address, NEW)
    assert practice.people() == {}


def test_a_look_up_has_what_the_account_and_what_the_journal_know(practice: Practice, journal_path: Path) -> None:
    before = look_up(journal_path, practice.address, NEW)
    assert (before.membership, before.previous_add, before.is_suppressed) == (MembershipStatus.ABSENT, None, False)
    add(journal_path, practice.address, NEW)
    after = look_up(journal_path, practice.address, NEW)
    assert after.membership is MembershipStatus.ACTIVE
    assert after.previous_add is not None


def test_an_account_that_cannot_be_asked_blocks_nobody(only_post: str, journal_path: Path) -> None:
    recipient = look_up(journal_path, only_post, UNSUBSCRIBED)
    assert recipient.membership is None
    assert recipient.may_be_sent(typed_again=False)
