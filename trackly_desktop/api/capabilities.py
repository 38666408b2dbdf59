"""What an account's server can do beyond POST /api/v2/contacts: found out once each time the account is opened."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from trackly_desktop.api.client import HttpResponse, TracklyClient
from trackly_desktop.api.replies import NotSent, Stopped, StopReason


@dataclass(frozen=True, slots=True)
class SendingList:
    """A list to add contacts to. `status` is active, paused, suspended or deleted; empty where it was typed here."""

    number: str
    name: str = ""
    brand: str = ""
    status: str = ""
    contacts: int | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """`lists` is None where the server has no such endpoint; `obstacle` is what makes every request fail, if anything."""

    lists: tuple[SendingList, ...] | None = None
    stop_reason: StopReason | None = None
    words: str = ""

    @property
    def supports_lookup(self) -> bool:
        """A look-up's 404 is believed only where GET lists answered as documented: other servers say 404 too."""
        return self.lists is not None


async def find_capabilities(client: TracklyClient) -> Capabilities:
    """Asks for the lists; a server without them simply has fewer abilities."""
    answer = await client.get_lists()
    if isinstance(answer, Stopped):
        return Capabilities(stop_reason=answer.stop_reason, words=answer.words)
    if isinstance(answer, NotSent):
        return Capabilities(stop_reason=StopReason.NETWORK, words=answer.words)
    if not isinstance(answer, HttpResponse):
        return Capabilities()
    if answer.status == 401:
        return Capabilities(stop_reason=StopReason.KEY)
    return Capabilities(lists=_lists(answer))


class KeyState(enum.StrEnum):
    """What a check of a key found."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """The verdict on a key; the words are for the operator."""

    state: KeyState
    words: str
    lists: tuple[SendingList, ...] | None = None


async def check_key(client: TracklyClient) -> KeyCheck:
    """Whether the server accepts the key, changing nothing: by its lists, or else by a contact with nothing in it."""
    found = await find_capabilities(client)
    if found.lists is not None:
        return KeyCheck(KeyState.RIGHT, "The key is right", found.lists)
    if found.stop_reason is StopReason.KEY:
        return KeyCheck(KeyState.WRONG, "Trackly does not accept this key")
    if found.stop_reason in (StopReason.NETWORK, StopReason.CERTIFICATE):
        return KeyCheck(KeyState.UNKNOWN, found.words)
    answer = await client.post_nothing()
    if not isinstance(answer, HttpResponse):
        return KeyCheck(KeyState.UNKNOWN, answer.words)
    if answer.status == 401:
        return KeyCheck(KeyState.WRONG, "Trackly does not accept this key")
    if answer.status == 400 and isinstance(answer.json(), dict):
        return KeyCheck(KeyState.RIGHT, "The key is right; this server does not tell its lists, so type them here")
    if answer.status in (402, 403):
        return KeyCheck(KeyState.RIGHT, "The key is right, but Trackly does not let the account add contacts now")
    return KeyCheck(KeyState.UNKNOWN, "What answers at this address is not Trackly")


class MembershipStatus(enum.StrEnum):
    """How a person stands to a list."""

    ABSENT = "absent"
    ACTIVE = "active"
    UNSUBSCRIBED = "unsubscribed"
    UNKNOWN = "unknown"


async def look_up_membership(client: TracklyClient, phone: str, list_number: str) -> MembershipStatus:
    """Whether the person is on the list. Ask only where `Abilities.look_ups`; anything odd is UNKNOWN."""
    answer = await client.get_contact(phone)
    if not isinstance(answer, HttpResponse):
        return MembershipStatus.UNKNOWN
    said = answer.json()
    if answer.status == 404 and isinstance(said, dict):
        return MembershipStatus.ABSENT
    if answer.status != 200 or not isinstance(said, dict) or not isinstance(said.get("lists"), list):
        return MembershipStatus.UNKNOWN
    if said.get("phone_number") != phone:
        return MembershipStatus.UNKNOWN
    for one in said["lists"]:
        if not isinstance(one, dict) or not isinstance(one.get("list_number"), str):
            return MembershipStatus.UNKNOWN
        if one["list_number"] == list_number:
            return MembershipStatus.UNSUBSCRIBED if one.get("active") is False else MembershipStatus.ACTIVE
    return MembershipStatus.ABSENT


def _lists(answer: HttpResponse) -> tuple[SendingList, ...] | None:
    said = answer.json()
    if answer.status != 200 or not isinstance(said, dict) or not isinstance(said.get("lists"), list):
        return None
    lists = [_list(one) for one in said["lists"]]
    return None if None in lists else tuple(one for one in lists if one is not None and one.status != "deleted")


def _list(said: Any) -> SendingList | None:
    if not isinstance(said, dict) or not isinstance(said.get("phone_number"), str):
        return None
    count = said.get("contact_count")
    return SendingList(
        number=said["phone_number"],
        name=str(said.get("list_name") or ""),
        brand=str(said.get("brand_name") or ""),
        status=str(said.get("status") or ""),
        contacts=count if isinstance(count, int) else None,
    )
