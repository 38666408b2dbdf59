"""Members of sending lists as the account reports them, kept in the journal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from trackly_desktop.api.contact_lookup import MembershipStatus, look_up_membership
from trackly_desktop.api.list_members import ListMembers, fetch_list_members
from trackly_desktop.journal.models import now_ms
from trackly_desktop.journal.suppression_list import save_list_members
from trackly_desktop.service.connections import AccountConnections
from trackly_desktop.service.journal_access import JournalAccess

LARGEST_FULL_FETCH = 50_000
"""Members up to which a whole list is fetched: the API gives a thousand a request."""
CACHE_SECONDS = 300.0
"""Seconds for which a list's members are not fetched again while nothing is sent."""

MembersProgress = Callable[[int, int], None]
"""Called with the number of members fetched, and the number of members there are."""


def no_progress(_fetched: int, _total: int) -> None:
    """Report nothing."""


class ListMemberCache:
    """Fetches members of lists, and stores them in the journal."""

    def __init__(self, connections: AccountConnections, journal: JournalAccess) -> None:
        self._connections, self._journal = connections, journal

    async def refresh(
        self,
        account_id: str,
        base_url: str,
        lists: Sequence[str],
        progress: MembersProgress = no_progress,
        *,
        before_sending: bool = False,
    ) -> bool:
        """Fetch who unsubscribed from these lists, unless they were fetched just before.

        Args:
            account_id: The account's id.
            base_url: The account's address.
            lists: The lists' numbers.
            progress: Called while they are fetched.
            before_sending: Fetch them however recently they were, and active members not at all.

        Returns:
            Whether every list's unsubscribed members are known; False also for a server without the endpoint.

        Raises:
            MissingKey: The account has no key here.
            KeyringUnavailable: The keyring did not answer.
            UrlProblem: The address is not one that the program connects to.
            JournalProblem: The journal cannot be opened.
        """
        connection = await self._connections.connect(account_id, base_url)
        if connection.capabilities.lists is None:
            return False  # a server of one endpoint answers other requests with anything
        small = {
            sending_list.number
            for sending_list in connection.capabilities.lists
            if (sending_list.contacts or 0) <= LARGEST_FULL_FETCH and not before_sending
        }
        all_known = True
        for number in lists:
            fetched_at = 0 if before_sending else await self._fetched_at(account_id, base_url, number)
            if now_ms() - fetched_at < CACHE_SECONDS * 1000:
                continue
            unsubscribed = await fetch_list_members(connection.client, number, active=False, progress=progress)
            all_known = all_known and unsubscribed.is_complete
            await self._store(account_id, base_url, number, unsubscribed, active=False)
            if not unsubscribed.members and not unsubscribed.is_complete:
                return False  # no network, or no such endpoint: the other lists would fail alike
            if unsubscribed.is_complete and number in small:
                active = await fetch_list_members(connection.client, number, active=True, progress=progress)
                await self._store(account_id, base_url, number, active, active=True)
        return all_known

    async def look_up(self, account_id: str, base_url: str, phone: str, list_number: str) -> MembershipStatus | None:
        """Return a person's state on a list; None where the account cannot be asked.

        Raises:
            MissingKey, KeyringUnavailable, UrlProblem: As `refresh`.
        """
        connection = await self._connections.connect(account_id, base_url)
        if not connection.capabilities.supports_lookup:
            return None
        return await look_up_membership(connection.client, phone, list_number)

    async def store_lookup(
        self, account_id: str, base_url: str, phone: str, list_number: str, membership: MembershipStatus | None
    ) -> None:
        """Store the result of a look-up: it is newer than the list's members.

        Raises:
            JournalProblem, sqlite3.Error: The journal cannot be written.
        """
        if membership in (MembershipStatus.ACTIVE, MembershipStatus.UNSUBSCRIBED):
            active = membership is MembershipStatus.ACTIVE
            await self._store(account_id, base_url, list_number, ListMembers({phone: active}), active=active)

    async def _fetched_at(self, account_id: str, base_url: str, number: str) -> int:
        return await self._journal.read(lambda reader: reader.asked_at(account_id, base_url, number))

    async def _store(self, account_id: str, base_url: str, number: str, members: ListMembers, *, active: bool) -> None:
        if members.members or members.is_complete:
            await asyncio.to_thread(
                save_list_members, self._journal.path, account_id, base_url, number, members.members, active=active,
                whole=members.is_complete,
            )  # fmt: skip
