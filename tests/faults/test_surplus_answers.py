"""A surplus answer on a connection never becomes the answer to the next request."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.conftest import LIST
from tests.faults.server import ACCEPTED, OddServer, answer
from tests.journeys.jobs import check, deliver, rows_of
from trackly_desktop.api.client import TracklyClient
from trackly_desktop.api.replies import Accepted, ConnectionFault, Refused, SendResult
from trackly_desktop.contacts.contact import Contact
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.sandbox import KEY

Write = Callable[..., Path]
Run = Callable[[Any], Any]
NO_LISTS = answer(404, {"error": "not_found"})
NOT_SENDABLE = answer(400, {"code": "not_sendable", "error": "no"})
BODY = Contact("+14155550220", LIST).to_json()


async def replies_to(address: str, count: int) -> list[SendResult]:
    async with TracklyClient(address, KEY) as client:
        return [await client.post_contact(BODY) for _ in range(count)]


def test_two_answers_in_one_write_are_not_for_two_requests(run: Run) -> None:
    with OddServer(ACCEPTED + ACCEPTED, NOT_SENDABLE) as server:
        first, second, third = run(replies_to(server.address, 3))
    assert isinstance(first, Accepted)
    assert isinstance(second, Refused)
    assert isinstance(third, Refused)


def test_a_surplus_on_a_used_connection_makes_its_answer_unknown(run: Run) -> None:
    with OddServer(ACCEPTED, ACCEPTED + ACCEPTED, NOT_SENDABLE) as server:
        first, second, third = run(replies_to(server.address, 3))
    assert isinstance(first, Accepted)
    assert second.fault is ConnectionFault.SURPLUS_ANSWER
    assert isinstance(third, Refused)


def test_a_surplus_over_tls_is_seen_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(ours)

    def trusting(_protocol: int) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        authority.configure_trust(context)
        return context

    monkeypatch.setattr("truststore.SSLContext", trusting)
    with OddServer(ACCEPTED + ACCEPTED, NOT_SENDABLE, context=ours) as server:
        first, second = run(replies_to(server.address, 2))
    assert isinstance(first, Accepted)
    assert isinstance(second, Refused)


def test_a_connection_without_a_surplus_is_used_again(run: Run) -> None:
    """Otherwise httpcore has changed, and every request has a connection of its own."""
    with CountingServer(ACCEPTED) as server:
        run(replies_to(server.address, 5))
        assert server.connections == 1


class CountingServer(OddServer):
    """A server that counts its connections."""

    connections = 0

    def __enter__(self) -> CountingServer:
        return self

    def _serve(self, connection: Any) -> None:
        self.connections += 1
        super()._serve(connection)


def test_look_ups_and_requests_never_share_a_connection(run: Run) -> None:
    async def both(address: str) -> None:
        async with TracklyClient(address, KEY) as client:
            await client.get_contact("+14155550220")
            await client.post_contact(BODY)

    with CountingServer(ACCEPTED) as server:
        run(both(server.address))
        assert server.connections == 2


def test_a_refused_person_is_never_created_by_anothers_answer(journal_path: Path, write: Write) -> None:
    with OddServer(NO_LISTS, ACCEPTED + ACCEPTED, NOT_SENDABLE) as server:
        run_id = check(journal_path, write("Phone", "4155550220", "4155550221"), server.address, in_flight=1).run_id
        deliver(journal_path, run_id)
    assert [row.outcome for row in rows_of(journal_path, run_id)] == [Outcome.CREATED, Outcome.REFUSED]


POISON = [
    {"contact_id": "\ud800", "warnings": ["\ud800", "ok"]},
    {"journeys_enrolled": 10**30},
    {"journeys_enrolled": float("nan")},
    {"journeys_enrolled": -5},
    {"contact_id": ["a", {"b": "\udfff"}], "list_contact_id": {"x": 10**400}},
    {"warnings": [None, 10**30, {"a": "\ud800"}]},
    {"is_new_contact": "yes", "is_new_list_contact": 10**30},
]


@pytest.mark.parametrize("poison", POISON, ids=str)
def test_an_answer_that_no_journal_could_hold_ends_nothing(
    poison: dict[str, Any], journal_path: Path, write: Write
) -> None:
    odd = answer(200, json.dumps({"success": True, "is_new_list_contact": True} | poison).encode())
    with OddServer(NO_LISTS, odd, ACCEPTED) as server:
        run_id = check(journal_path, write("Phone", "4155550220", "4155550221"), server.address, in_flight=1).run_id
        end = deliver(journal_path, run_id)
    assert end.stopped in (None, "journeys")
    assert all(row.outcome is not Outcome.SENDING for row in rows_of(journal_path, run_id))
    if end.stopped is None:
        assert {row.outcome for row in rows_of(journal_path, run_id)} <= {Outcome.CREATED, Outcome.UPDATED}


def test_an_error_while_an_answer_is_evaluated_makes_that_row_unknown(
    journal_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = threading.Event()

    def fail_once(_reply: SendResult) -> None:
        if not once.is_set():
            once.set()
            raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr("trackly_desktop.delivery.evaluation.must_be_storable", fail_once)
    with OddServer(NO_LISTS, ACCEPTED) as server:
        run_id = check(journal_path, write("Phone", "4155550220", "4155550221"), server.address, in_flight=1).run_id
        end = deliver(journal_path, run_id)
    assert end.stopped is None
    assert [row.outcome for row in rows_of(journal_path, run_id)] == [Outcome.UNKNOWN, Outcome.CREATED]


def test_the_key_in_an_answer_is_not_stored(journal_path: Path, write: Write) -> None:
    body = {"success": True, "contact_id": f"c-{KEY}", "warnings": [f"hello {KEY}"], "is_new_list_contact": True}
    with OddServer(NO_LISTS, answer(200, body)) as server:
        run_id = check(journal_path, write("Phone", "4155550220"), server.address).run_id
        deliver(journal_path, run_id)
    [row] = rows_of(journal_path, run_id)
    assert (row.contact_id, row.warnings) == ("c-(key)", ("hello (key)",))
    assert KEY.encode() not in journal_path.read_bytes()
