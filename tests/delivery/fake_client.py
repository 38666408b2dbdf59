"""A client without a socket: it answers by a script, and records its requests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable

import httpx

from tests.conftest import LIST
from trackly_desktop.api.client import TracklyClient
from trackly_desktop.api.connection_lanes import HttpResponse
from trackly_desktop.api.contact_lookup import MembershipStatus
from trackly_desktop.api.replies import Accepted, SendResult

LATENCY = 0.1
"""Seconds that each answer takes."""
CREATED = Accepted(is_new_contact=True, is_new_list_contact=True)


class FakeClient(TracklyClient):
    """A client of an account. After its script every contact is created."""

    def __init__(
        self, replies: Iterable[SendResult | Exception] = (), memberships: Iterable[MembershipStatus] = ()
    ) -> None:
        """Create a client.

        Args:
            replies: Replies to requests, in order; an exception is raised.
            memberships: Results of look-ups, in order.
        """
        self._replies, self._memberships = iter(replies), iter(memberships)
        self.requested_at: list[float] = []
        self.phones: list[str] = []
        self.looked_up_at: list[float] = []

    async def post_contact(self, body: str) -> SendResult:
        self.requested_at.append(asyncio.get_running_loop().time())
        self.phones.append(json.loads(body)["phone_number"])
        await asyncio.sleep(LATENCY)
        reply = next(self._replies, CREATED)
        if isinstance(reply, Exception):
            raise reply
        return reply

    async def get_contact(self, phone: str) -> HttpResponse:
        self.looked_up_at.append(asyncio.get_running_loop().time())
        await asyncio.sleep(LATENCY)
        membership = next(self._memberships)
        if membership is MembershipStatus.UNKNOWN:
            return HttpResponse(500, httpx.Headers(), b"")
        if membership is MembershipStatus.ABSENT:
            return HttpResponse(404, httpx.Headers(), b"{}")
        lists = [{"list_number": LIST, "active": membership is MembershipStatus.ACTIVE}]
        return HttpResponse(200, httpx.Headers(), json.dumps({"phone_number": phone, "lists": lists}).encode())
