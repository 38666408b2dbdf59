"""TracklyClient: the API's endpoints.

A request never raises for a server or a network: it returns a SendResult that says what happened.
"""

from __future__ import annotations

from urllib.parse import quote

import httpx

import trackly_desktop
from trackly_desktop.api.connection_lanes import ConnectionLanes, HttpResponse, Timeouts
from trackly_desktop.api.replies import (
    Accepted,
    ConnectionFault,
    SendResult,
    Unknown,
    UnknownReason,
)
from trackly_desktop.api.responses import classify_response
from trackly_desktop.api.urls import check_server_url
from trackly_desktop.system import logs

CONTACTS = "/api/v2/contacts"
LISTS = "/api/v2/lists"


class TracklyClient:
    """Client of one account's server, an async context manager within one event loop.

    It never shows its key.
    """

    def __init__(self, base_url: str, key: str, *, timeouts: Timeouts = Timeouts()) -> None:
        """Prepare the connections.

        Args:
            base_url: The server's root.
            key: The account's key.
            timeouts: Of each request.

        Raises:
            UrlProblem: The URL must not be given a key, or its proxy cannot be used.
        """
        self._base_url = check_server_url(base_url)
        self._key = key
        self._headers = [
            ("X-Api-Key", key),
            ("Content-Type", "application/json"),
            ("Accept", "application/json"),
            ("Accept-Encoding", "identity"),
            ("User-Agent", f"TracklyDesktop/{trackly_desktop.__version__}"),
        ]
        self._contacts = httpx.URL(self._base_url + CONTACTS)
        self._lanes = ConnectionLanes(self._base_url, timeouts)

    async def __aenter__(self) -> TracklyClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection: the idle ones now, those in use after their response."""
        await self._lanes.close()

    async def post_contact(self, body: str) -> SendResult:
        """POST /api/v2/contacts: add or update one contact (`Contact.to_json()`)."""
        response = await self._send("POST", self._contacts, body.encode())
        return self._classify(response) if isinstance(response, HttpResponse) else response

    async def delete_contact(self, body: str) -> SendResult:
        """DELETE /api/v2/contacts: unsubscribe `phone_number` from `list_number`."""
        response = await self._send("DELETE", self._contacts, body.encode())
        if not isinstance(response, HttpResponse):
            return response
        reply = self._classify(response)
        if not isinstance(reply, Accepted):
            return reply
        was_on = (response.json() or {}).get("unsubscribed") is not False
        return Accepted(status=reply.status, was_member=was_on)

    async def get_lists(self) -> HttpResponse | SendResult:
        """GET /api/v2/lists: the account's sending lists."""
        return await self._send("GET", httpx.URL(self._base_url + LISTS))

    async def get_contact(self, phone: str) -> HttpResponse | SendResult:
        """GET /api/v2/contacts/{phone}: one person with every list."""
        return await self._send("GET", httpx.URL(f"{self._base_url}{CONTACTS}/{quote(phone, safe='')}"))

    async def get_list_members(
        self, list_number: str, *, active: bool, page: int, per_page: int
    ) -> HttpResponse | SendResult:
        """GET /api/v2/contacts: a page of a list's active or unsubscribed members."""
        query = (
            f"list_number={quote(list_number, safe='')}&active={str(active).lower()}&page={page}&per_page={per_page}"
        )
        return await self._send("GET", httpx.URL(f"{self._base_url}{CONTACTS}?{query}"))

    async def post_nothing(self) -> HttpResponse | SendResult:
        """POST an empty contact, which changes nothing.

        The answer is 400 with a right key, 401 with a wrong one.
        """
        return await self._send("POST", self._contacts, b"{}")

    async def _send(self, method: str, url: httpx.URL, content: bytes | None = None) -> HttpResponse | SendResult:
        return await self._lanes.send(method, url, self._headers, content)

    def _classify(self, response: HttpResponse) -> SendResult:
        try:
            return classify_response(response, self._key)
        except Exception as error:  # an answer of any shape must not decide a person's outcome by an error of ours
            logs.log_unexpected(error)
            return Unknown(
                reason=UnknownReason.UNEXPECTED_RESPONSE,
                status=response.status,
                fault=ConnectionFault.UNREADABLE_ANSWER,
            )


async def get_without_key(
    url: str, *, timeouts: Timeouts = Timeouts(read=10.0, whole=20.0)
) -> HttpResponse | SendResult:
    """GET a page without a key; follow no redirect.

    The request has nothing that identifies this program's user.
    """
    headers = [
        ("Accept", "text/plain, application/json"),
        ("Accept-Encoding", "identity"),
        ("User-Agent", "TracklyDesktop"),
    ]
    lanes = ConnectionLanes(url, timeouts)
    try:
        return await lanes.send("GET", httpx.URL(url), headers)
    finally:
        await lanes.close()
