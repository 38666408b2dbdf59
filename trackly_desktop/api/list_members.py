"""Members of a list, and people who unsubscribed from it, page by page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from trackly_desktop.api.client import TracklyClient
from trackly_desktop.api.connection_lanes import HttpResponse

PER_PAGE = 1_000
"""The largest page that the API gives."""
_MAX_PAGES = 20_000


@dataclass(slots=True)
class ListMembers:
    """People of a list."""

    members: dict[str, bool] = field(default_factory=dict)
    """Phone number in E.164 -> whether the person is active."""
    is_complete: bool = False
    """Whether every page came."""


async def fetch_list_members(
    client: TracklyClient,
    list_number: str,
    *,
    active: bool,
    progress: Callable[[int, int], None] = lambda _count, _total: None,
) -> ListMembers:
    """Return a list's active members, or (not `active`) its unsubscribed ones.

    A page that is not as documented ends the fetch: the result has the pages before it, and is not complete.

    Args:
        client: The account's client.
        list_number: The list's phone number.
        active: Members, or people who unsubscribed.
        progress: Called after each page with the count so far and the total.
    """
    result = ListMembers()
    for page in range(1, _MAX_PAGES + 1):
        response = await client.get_list_members(list_number, active=active, page=page, per_page=PER_PAGE)
        parsed = _parse_page(response, list_number, active=active) if isinstance(response, HttpResponse) else None
        if parsed is None:
            return result
        members, page_count, total = parsed
        result.members |= members
        progress(len(result.members), total)
        if page >= page_count:
            result.is_complete = True
            return result
    return result


def _parse_page(response: HttpResponse, list_number: str, *, active: bool) -> tuple[dict[str, bool], int, int] | None:
    """Return a page's people, the number of pages and of people; None if undocumented."""
    content = response.json()
    if response.status != 200 or not isinstance(content, dict) or not isinstance(content.get("contacts"), list):
        return None
    pagination = content.get("pagination")
    if not isinstance(pagination, dict) or not isinstance(pagination.get("total_pages"), int):
        return None
    members = {}
    for contact in content["contacts"]:
        if not isinstance(contact, dict) or not _is_phone(contact.get("phone_number")):
            return None
        if contact.get("list_number", list_number) != list_number or contact.get("active") is not active:
            return None  # a server without this filter: its answer would hold the wrong people back
        members[contact["phone_number"]] = active
    total = pagination.get("total")
    return members, pagination["total_pages"], total if isinstance(total, int) else len(members)


def _is_phone(value: object) -> bool:
    return isinstance(value, str) and value[:1] == "+" and value[1:].isascii() and value[1:].isdigit()
