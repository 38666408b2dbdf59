"""Who is on a list, and who unsubscribed from it: asked of the account page after page, where its server tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from trackly_desktop.api.client import HttpResponse, TracklyClient

PER_PAGE = 1_000
"""The most that the API gives in one page."""
_MOST_PAGES = 20_000


@dataclass(slots=True)
class ListMembers:
    """Phone -> whether active. `whole`: every page was there; `is_told`: the server has the endpoint at all."""

    found: dict[str, bool] = field(default_factory=dict)
    whole: bool = False
    is_told: bool = True


async def fetch_list_members(
    client: TracklyClient,
    list_number: str,
    *,
    active: bool,
    progress: Callable[[int, int], None] = lambda _got, _all: None,
) -> ListMembers:
    """Everybody of a list, or who unsubscribed from it; `progress` is told how many of how many are there.

    Anything that is not the documented shape ends it: what came before is kept, and is not the whole.
    """
    people = ListMembers()
    page = 1
    while page <= _MOST_PAGES:
        answer = await client.get_list_members(list_number, active=active, page=page, per_page=PER_PAGE)
        said = _page(answer, list_number, active=active) if isinstance(answer, HttpResponse) else None
        if said is None:
            people.is_told = page > 1
            return people
        found, pages, total = said
        people.found |= found
        progress(len(people.found), total)
        if page >= pages:
            people.whole = True
            return people
        page += 1
    return people


def _page(answer: HttpResponse, list_number: str, *, active: bool) -> tuple[dict[str, bool], int, int] | None:
    """The people of one page, and how many pages and people there are; None where it says something else."""
    said = answer.json()
    if answer.status != 200 or not isinstance(said, dict) or not isinstance(said.get("contacts"), list):
        return None
    pagination = said.get("pagination")
    if not isinstance(pagination, dict) or not isinstance(pagination.get("total_pages"), int):
        return None
    found = {}
    for one in said["contacts"]:
        if not isinstance(one, dict) or not _is_phone(one.get("phone_number")):
            return None
        if one.get("list_number", list_number) != list_number or one.get("active") is not active:
            return None  # a server that does not know the filter: its answer would hold the wrong people back
        found[one["phone_number"]] = active
    total = pagination.get("total")
    return found, pagination["total_pages"], total if isinstance(total, int) else len(found)


def _is_phone(said: object) -> bool:
    return isinstance(said, str) and said[:1] == "+" and said[1:].isascii() and said[1:].isdigit()
