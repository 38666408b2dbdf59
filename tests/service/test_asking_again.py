"""Who unsubscribed is asked again before and while a run is delivered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import LIST
from tests.delivery.policies import FAST
from tests.faults.server import ACCEPTED
from tests.journeys.jobs import ACCOUNT, QUICK, check, deliver, outcomes, rows_of
from tests.service.list_server import BROKEN, NOT_SENDABLE, ListServer
from tests.service.parts import account_at, contact, open_service
from tests.service.test_import_service import review
from trackly_desktop.accounts.credentials import CredentialStore
from trackly_desktop.contacts.issues import Note, NoteCode
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.journal.resolutions import retry_refused
from trackly_desktop.journal.suppression_list import save_list_members
from trackly_desktop.sandbox import KEY
from trackly_desktop.service.contact_service import ContactService
from trackly_desktop.service.import_service import ImportService
from trackly_desktop.service.run_changes import resolve_rows

Write = Callable[..., Path]
ADA, GRACE = "+14155550120", "+14155550121"
LEFT = Note(NoteCode.UNSUBSCRIBED)


@pytest.fixture
def server() -> Iterator[ListServer]:
    """A server with one list, and nobody on it."""
    with ListServer() as server:
        yield server


def notes(journal: Path, run_id: int) -> list[tuple[Outcome, Note | None]]:
    return [(row.outcome, row.note) for row in rows_of(journal, run_id)]


def test_who_left_since_the_review_is_not_sent(server: ListServer, journal_path: Path, write: Write) -> None:
    run_id = review(journal_path, write("Phone", ADA, GRACE), server.address).result.run_id
    server.unsubscribed.add(ADA)
    deliver(journal_path, run_id)
    assert server.posted == [GRACE]
    assert notes(journal_path, run_id) == [(Outcome.SKIPPED, LEFT), (Outcome.CREATED, None)]


def test_who_came_back_is_sent(server: ListServer, journal_path: Path, write: Write) -> None:
    run_id = check(journal_path, write("Phone", ADA), server.address).run_id
    save_list_members(journal_path, ACCOUNT, server.address, LIST, {ADA: False}, active=False, whole=True)
    deliver(journal_path, run_id)
    assert server.posted == [ADA]


def test_who_left_since_a_refusal_is_not_tried_again(server: ListServer, journal_path: Path, write: Write) -> None:
    server.reply = NOT_SENDABLE
    run_id = check(journal_path, write("Phone", ADA), server.address).run_id
    deliver(journal_path, run_id)
    server.reply = ACCEPTED
    server.unsubscribed.add(ADA)
    retry_refused(journal_path, run_id)
    deliver(journal_path, run_id)
    assert server.posted == [ADA]
    assert notes(journal_path, run_id) == [(Outcome.SKIPPED, LEFT)]


def test_who_left_since_a_request_without_an_answer_is_not_sent_again(
    server: ListServer, journal_path: Path, write: Write
) -> None:
    def quit_after_the_first(delivery: Delivery) -> None:
        if delivery.progress().requests:
            delivery.control.quit()

    server.reply = BROKEN
    run_id = check(journal_path, write("Phone", ADA), server.address).run_id
    deliver(journal_path, run_id, quit_after_the_first)
    server.reply = ACCEPTED
    server.unsubscribed.add(ADA)
    deliver(journal_path, run_id)
    assert server.posted == [ADA]
    assert notes(journal_path, run_id) == [(Outcome.UNKNOWN, LEFT)]


def test_a_contact_made_by_hand_is_looked_up_before_it_is_tried_again(server: ListServer, journal_path: Path) -> None:
    async def live() -> int:
        async with open_service(journal_path) as service:
            server.reply = NOT_SENDABLE
            added = await ContactService(service).add(account_at(server.address), contact(ADA))
            server.reply = ACCEPTED
            server.unsubscribed.add(ADA)
            for run_id in (await resolve_rows(journal_path, [added.row.key], None)).to_deliver:
                await service.deliver(run_id)
            return added.run_id

    run_id = asyncio.run(live())
    assert server.posted == [ADA]
    assert notes(journal_path, run_id) == [(Outcome.SKIPPED, LEFT)]


def test_a_person_whom_the_form_found_unsubscribed_is_held_back_from_files(
    server: ListServer, journal_path: Path, write: Write
) -> None:
    async def look() -> None:
        async with open_service(journal_path) as service:
            adding = ContactService(service).add(account_at(server.address), contact(ADA))
            await asyncio.gather(adding, return_exceptions=True)

    server.unsubscribed.add(ADA)
    asyncio.run(look())
    server.tells = False
    run_id = check(journal_path, write("Phone", ADA), server.address).run_id
    deliver(journal_path, run_id)
    assert server.posted == []


def test_who_leaves_while_a_run_goes_on_is_held_from_then_on(
    server: ListServer, journal_path: Path, write: Write
) -> None:
    run_id = check(journal_path, write("Phone", ADA, GRACE), server.address, in_flight=1).run_id

    async def live() -> None:
        keys = CredentialStore()
        keys.set_for_session(ACCOUNT, KEY)
        service = ImportService(journal_path, keys, timeouts=QUICK, policy=FAST, ask_every=0.01)
        begun: asyncio.Future[Delivery] = asyncio.get_running_loop().create_future()
        run = asyncio.create_task(service.deliver(run_id, pause_after=1, begun=begun.set_result))
        delivery = await begun
        await asyncio.to_thread(server.wait_until_asked, 2)
        server.unsubscribed.add(GRACE)
        # An answer is stored before the next question: of two more, the first had her.
        assert await asyncio.to_thread(server.wait_until_asked, server.asked + 3)
        delivery.control.resume()
        await run
        await service.close()

    asyncio.run(live())
    assert server.posted == [ADA]
    assert notes(journal_path, run_id) == [(Outcome.CREATED, None), (Outcome.SKIPPED, LEFT)]


def test_a_server_that_does_not_tell_any_more_stops_no_run(
    server: ListServer, journal_path: Path, write: Write
) -> None:
    run_id = review(journal_path, write("Phone", ADA, GRACE), server.address).result.run_id
    server.tells = False
    deliver(journal_path, run_id)
    assert outcomes(journal_path, run_id) == {"created": 2}
