"""What an account's server supports beyond POST /api/v2/contacts.

Found out each time the account is opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from trackly_desktop.api.client import TracklyClient
from trackly_desktop.api.connection_lanes import HttpResponse
from trackly_desktop.api.replies import ConnectionFault, KeyState, NotSent, Stopped, StopReason


@dataclass(frozen=True, slots=True)
class SendingList:
    """A list to add contacts to."""

    number: str
    name: str = ""
    brand: str = ""
    status: str = ""
    """active, paused or suspended; empty where the list was typed here."""
    contacts: int | None = None
    """Active members; None where the server does not say."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the server supports."""

    lists: tuple[SendingList, ...] | None = None
    """The account's sending lists; None where the server has no such endpoint."""
    stop_reason: StopReason | None = None
    """What makes every request fail, if anything."""
    words: str = ""
    """The server's message, or what others say about `fault`."""
    fault: ConnectionFault | None = None

    @property
    def supports_lookup(self) -> bool:
        """Whether a person can be looked up.

        A 404 for a person means "absent" only where GET lists answered as documented: other servers say 404 too.
        """
        return self.lists is not None


async def find_capabilities(client: TracklyClient) -> Capabilities:
    """Return what the server supports, by its answer to GET lists."""
    response = await client.get_lists()
    if isinstance(response, Stopped):
        return Capabilities(stop_reason=response.stop_reason, words=response.words, fault=response.fault)
    if isinstance(response, NotSent):
        return Capabilities(stop_reason=StopReason.NETWORK, words=response.words, fault=response.fault)
    if not isinstance(response, HttpResponse):
        return Capabilities()
    if response.status == 401:
        return Capabilities(stop_reason=StopReason.KEY)
    return Capabilities(lists=_lists(response))


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """Result of a check of a key; `messages.key_check_text` makes the sentence."""

    state: KeyState
    lists: tuple[SendingList, ...] | None = None
    fault: ConnectionFault | None = None
    words: str = ""
    """With NO_ANSWER: the server's message, or what others say about `fault`."""


async def check_key(client: TracklyClient) -> KeyCheck:
    """Check the client's key, changing nothing.

    By GET lists, else by a POST of an empty contact.
    """
    capabilities = await find_capabilities(client)
    if capabilities.lists is not None:
        return KeyCheck(KeyState.RIGHT, capabilities.lists)
    if capabilities.stop_reason is StopReason.KEY:
        return KeyCheck(KeyState.WRONG)
    if capabilities.stop_reason in (StopReason.NETWORK, StopReason.CERTIFICATE):
        return KeyCheck(KeyState.NO_ANSWER, fault=capabilities.fault, words=capabilities.words)
    response = await client.post_nothing()
    if not isinstance(response, HttpResponse):
        return KeyCheck(KeyState.NO_ANSWER, fault=response.fault, words=response.words)
    if response.status == 401:
        return KeyCheck(KeyState.WRONG)
    if response.status == 400 and isinstance(response.json(), dict):
        return KeyCheck(KeyState.RIGHT_WITHOUT_LISTS)
    if response.status in (402, 403):
        return KeyCheck(KeyState.RIGHT_BUT_BLOCKED)
    return KeyCheck(KeyState.NOT_TRACKLY)


def _lists(response: HttpResponse) -> tuple[SendingList, ...] | None:
    """Return the lists but deleted ones; None where the response is not as documented."""
    content = response.json()
    if response.status != 200 or not isinstance(content, dict) or not isinstance(content.get("lists"), list):
        return None
    lists = []
    for entry in content["lists"]:
        sending_list = _sending_list(entry)
        if sending_list is None:
            return None
        if sending_list.status != "deleted":
            lists.append(sending_list)
    return tuple(lists)


def _sending_list(entry: Any) -> SendingList | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("phone_number"), str):
        return None
    count = entry.get("contact_count")
    return SendingList(
        number=entry["phone_number"],
        name=str(entry.get("list_name") or ""),
        brand=str(entry.get("brand_name") or ""),
        status=str(entry.get("status") or ""),
        contacts=count if isinstance(count, int) else None,
    )
