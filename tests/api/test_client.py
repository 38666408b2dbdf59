"""The contract, over a real socket, against the practice account."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tests.conftest import LIST, OTHER_LIST, PAUSED_LIST, Practice
from trackly_desktop.api.capabilities import check_key, find_capabilities
from trackly_desktop.api.client import TracklyClient
from trackly_desktop.api.contact_lookup import MembershipStatus, look_up_membership
from trackly_desktop.api.replies import (
    Accepted,
    KeyState,
    NotSent,
    Refused,
    RetryReason,
    SendResult,
    Stopped,
    StopReason,
    Unknown,
    UnknownReason,
)
from trackly_desktop.contacts.contact import Contact
from trackly_desktop.sandbox import KEY

Run = Callable[[Coroutine[Any, Any, Any]], Any]
PHONE = "+14155550150"


async def send(address: str, *contacts: Contact | str, key: str = KEY) -> list[SendResult]:
    async with TracklyClient(address, key) as client:
        bodies = [contact if isinstance(contact, str) else contact.to_json() for contact in contacts]
        return [await client.post_contact(body) for body in bodies]


def test_a_new_contact_is_answered_with_every_field(practice: Practice, run: Run) -> None:
    contact = Contact(PHONE, LIST, use_journeys=True, custom_fields={"orders": 3, "vip": True, "name": "Zoë"})
    [reply] = run(send(practice.address, contact))
    assert isinstance(reply, Accepted)
    assert reply.is_new_contact
    assert reply.is_new_list_contact
    assert reply.journeys_enrolled == 1
    assert len(reply.contact_id) == len(reply.list_contact_id) == 24
    assert reply.warnings == ()
    assert practice.people()[PHONE]["custom_fields"] == {"orders": 3, "vip": True, "name": "Zoë"}


def test_a_known_contact_is_merged_and_not_enrolled_again(practice: Practice, run: Run) -> None:
    first = Contact(PHONE, LIST, use_journeys=True, custom_fields={"a": "1"})
    second = Contact(PHONE, LIST, use_journeys=True, custom_fields={"b": "2"})
    _, reply = run(send(practice.address, first, second))
    assert isinstance(reply, Accepted)
    assert (reply.is_new_contact, reply.is_new_list_contact, reply.journeys_enrolled) == (False, False, 0)
    assert practice.people()[PHONE]["custom_fields"] == {"a": "1", "b": "2"}
    assert practice.people()[PHONE]["practice"] == {"requests": 2, "journeys_enrolled": 1}


def test_override_replaces_custom_fields_and_resending_journeys_enrols_again(practice: Practice, run: Run) -> None:
    first = Contact(PHONE, LIST, use_journeys=True, custom_fields={"a": "1"})
    second = Contact(
        PHONE,
        LIST,
        use_journeys=True,
        skip_journey_if_exists=False,
        custom_fields={"b": "2"},
        override_custom_fields=True,
    )
    _, reply = run(send(practice.address, first, second))
    assert isinstance(reply, Accepted)
    assert reply.journeys_enrolled == 1
    assert practice.people()[PHONE]["custom_fields"] == {"b": "2"}


def test_warnings_come_through(practice: Practice, run: Run) -> None:
    quiet, paused = run(
        send(practice.address, Contact(PHONE, OTHER_LIST), Contact(PHONE, PAUSED_LIST, use_journeys=True))
    )
    assert "2 active Welcome Journeys" in quiet.warnings[0]
    assert "paused" in paused.warnings[0]


@pytest.mark.parametrize(
    ("body", "status", "code", "about_list"),
    [
        ("{}", 400, "missing_phone_number", False),
        ('{"phone_number": "+14155550150"}', 400, "missing_list_number", True),
        (Contact(PHONE, "+18005559999"), 400, "list_not_found", True),
        (Contact("+1415", LIST), 400, "invalid_phone", False),
        (Contact(PHONE, "+1"), 400, "invalid_list_number", True),
        (Contact("+14155550101", LIST), 400, "not_sendable", False),
        (Contact("+14155550109", LIST), 400, "invalid_phone", False),
        (Contact(PHONE, LIST, custom_fields={"x": "y" * 5000}), 413, "payload_too_large", False),
    ],
)
def test_each_refusal_comes_with_its_code(
    practice: Practice, run: Run, body: Contact | str, status: int, code: str, about_list: bool
) -> None:
    [reply] = run(send(practice.address, body))
    assert isinstance(reply, Refused)
    assert (reply.status, reply.code, reply.about_list) == (status, code, about_list)
    assert reply.words
    assert practice.people() == {}


def test_a_wrong_key_stops(practice: Practice, run: Run) -> None:
    [reply] = run(send(practice.address, Contact(PHONE, LIST), key="trk_" + "x" * 32))
    assert isinstance(reply, Stopped)
    assert (reply.stop_reason, reply.code) == (StopReason.KEY, "unauthorized")


@pytest.mark.parametrize(
    ("phone", "stop_reason"), [("+14155550110", StopReason.ACCOUNT), ("+14155550111", StopReason.ACCOUNT)]
)
def test_an_account_that_may_not_add_stops(practice: Practice, run: Run, phone: str, stop_reason: StopReason) -> None:
    [reply] = run(send(practice.address, Contact(phone, LIST)))
    assert isinstance(reply, Stopped)
    assert reply.stop_reason is stop_reason


def test_an_internal_error_is_unknown(practice: Practice, run: Run) -> None:
    first, second = run(send(practice.address, Contact("+14155550102", LIST), Contact("+14155550102", LIST)))
    assert isinstance(first, Unknown)
    assert (first.status, first.code, first.reason) == (500, "internal_error", UnknownReason.SERVER)
    assert isinstance(second, Accepted)


def test_429_has_the_seconds_to_wait(practice: Practice, run: Run) -> None:
    first, second = run(send(practice.address, Contact("+14155550105", LIST), Contact("+14155550105", LIST)))
    assert isinstance(first, NotSent)
    assert (first.reason, first.retry_after) == (RetryReason.BUSY, 1.0)
    assert isinstance(second, Accepted)


@pytest.mark.parametrize(("phone", "saved"), [("+14155550106", False), ("+14155550107", True)])
def test_a_cut_connection_is_unknown_whether_or_not_it_was_saved(
    practice: Practice, run: Run, phone: str, saved: bool
) -> None:
    [reply] = run(send(practice.address, Contact(phone, LIST)))
    assert isinstance(reply, Unknown)
    assert reply.reason is UnknownReason.CONNECTION_LOST
    assert (phone in practice.people()) is saved


def test_a_page_that_is_not_the_apis_is_unknown(practice: Practice, run: Run) -> None:
    [reply] = run(send(practice.address, Contact("+14155550113", LIST)))
    assert isinstance(reply, Unknown)
    assert reply.reason is UnknownReason.UNEXPECTED_RESPONSE


def test_lists_come_with_name_brand_and_status(practice: Practice, run: Run) -> None:
    async def ask() -> Any:
        async with TracklyClient(practice.address, KEY) as client:
            return await find_capabilities(client)

    capabilities = run(ask())
    assert capabilities.supports_lookup
    by_number = {sending_list.number: sending_list for sending_list in capabilities.lists}
    assert (by_number[LIST].name, by_number[LIST].brand) == ("Spring offers", "Acme Outdoors")
    assert by_number[PAUSED_LIST].status == "paused"


def test_a_server_with_one_endpoint_has_no_lists(only_post: str, run: Run) -> None:
    async def ask() -> Any:
        async with TracklyClient(only_post, KEY) as client:
            return await find_capabilities(client)

    assert run(ask()).lists is None


@pytest.mark.parametrize(
    ("key", "state", "state_without_lists"),
    [(KEY, KeyState.RIGHT, KeyState.RIGHT_WITHOUT_LISTS), ("trk_" + "0" * 32, KeyState.WRONG, KeyState.WRONG)],
)
def test_a_key_is_checked_without_changing_anything(
    practice: Practice, only_post: str, run: Run, key: str, state: KeyState, state_without_lists: KeyState
) -> None:
    async def ask(address: str) -> KeyState:
        async with TracklyClient(address, key) as client:
            return (await check_key(client)).state

    assert run(ask(practice.address)) is state
    assert run(ask(only_post)) is state_without_lists
    assert practice.people() == {}


def test_a_person_is_looked_up(practice: Practice, run: Run) -> None:
    async def ask(*phones: str) -> list[MembershipStatus]:
        async with TracklyClient(practice.address, KEY) as client:
            await client.post_contact(Contact(PHONE, LIST).to_json())
            return [await look_up_membership(client, phone, LIST) for phone in phones]

    statuses = run(ask(PHONE, "+14155550151", "+14155550108"))
    assert statuses == [MembershipStatus.ACTIVE, MembershipStatus.ABSENT, MembershipStatus.UNSUBSCRIBED]
