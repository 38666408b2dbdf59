"""TracklyClient: the API's endpoints over HTTP, in lanes.

A lane is an httpx transport with one connection, for one request at a time; all share one TLS context. One transport
with many connections walks every one of them for every request (encode/httpx issue 3215) and is several times slower.
The transport is used without `httpx.AsyncClient` around it: no redirect can be followed, no cookie kept, no environment
variable can change what is sent, and a request costs a third less.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx
import truststore

import trackly_desktop
from trackly_desktop.api.left_over import has_left_over
from trackly_desktop.api.replies import (
    LIST_CODES,
    TAKEN_OFF,
    WAS_OFF,
    Accepted,
    NotSent,
    Refused,
    RetryReason,
    SendResult,
    Stopped,
    StopReason,
    Unknown,
    UnknownReason,
)
from trackly_desktop.api.urls import UrlProblem, check_server_url, proxy_for, without_password
from trackly_desktop.system import logs

CONTACTS = "/api/v2/contacts"
LISTS = "/api/v2/lists"
LARGEST_ANSWER = 1_000_000
"""Bytes of an answer that are read; nothing documented is as large, and the rest of what is larger is not wanted."""
KEPT_ANSWER = 2_000

# "Never sent" is proven by these alone; each is raised before the first byte of the request leaves (httpcore 1.0,
# _async/connection.py and _async/http_proxy.py). Anything else, also what nobody foresaw, leaves us in doubt.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. `whole` bounds an answer that drips in for ever."""

    connect: float = 10.0
    write: float = 30.0
    read: float = 60.0
    whole: float = 120.0


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An HTTP answer: its status, headers and body (cut at the bound that was asked for)."""

    status: int
    headers: httpx.Headers
    body: bytes

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class TracklyClient:
    """One account's server. Use it as an async context, within one event loop. It never shows its key."""

    def __init__(self, address: str, key: str, *, timeouts: Timeouts = Timeouts()) -> None:
        """`address` is the server's root. Raises AddressProblem for one that must not be given a key."""
        self._address = check_server_url(address)
        self._timeouts = timeouts
        self._key = key
        self._headers = [
            ("X-Api-Key", key),
            ("Content-Type", "application/json"),
            ("Accept", "application/json"),
            ("Accept-Encoding", "identity"),
            ("User-Agent", f"TracklyDesktop/{trackly_desktop.__version__}"),
        ]
        self._contacts = httpx.URL(self._address + CONTACTS)
        self._idle: dict[str, list[_Connection]] = {}
        """By method: an answer too many to a question can never be taken for the answer to a contact that was sent."""
        self._closed = False
        self._make_connection = _connection_factory(self._address, timeouts)

    async def __aenter__(self) -> TracklyClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes every connection: the idle ones now, those in use as soon as their answer is there."""
        self._closed = True
        idle, self._idle = self._idle, {}
        for connections in idle.values():
            for connection in connections:
                await connection.close()

    async def post_contact(self, body: str) -> SendResult:
        """Adds or updates one contact (`Contact.to_json()`)."""
        answer = await self._try("POST", self._contacts, body.encode())
        return self._reply(answer) if isinstance(answer, HttpResponse) else answer

    async def delete_contact(self, body: str) -> SendResult:
        """Unsubscribes one person from one list (`phone_number` and `list_number`), where the server has it."""
        answer = await self._try("DELETE", self._contacts, body.encode())
        if not isinstance(answer, HttpResponse):
            return answer
        reply = self._reply(answer)
        if not isinstance(reply, Accepted):
            return reply
        was_on = (answer.json() or {}).get("unsubscribed") is not False
        return Accepted(status=reply.status, words=TAKEN_OFF if was_on else WAS_OFF)

    def _reply(self, answer: HttpResponse) -> SendResult:
        try:
            return classify_response(answer, self._key)
        except (
            Exception
        ) as error:  # whatever an answer can be: the person's outcome must not depend on our foreseeing it
            logs.log_unexpected(error)
            return Unknown(
                reason=UnknownReason.UNEXPECTED_RESPONSE, status=answer.status, words="The answer could not be read"
            )

    async def get_lists(self) -> HttpResponse | SendResult:
        """GET /api/v2/lists, where the server has it."""
        return await self._try("GET", httpx.URL(self._address + LISTS))

    async def get_contact(self, phone: str) -> HttpResponse | SendResult:
        """GET /api/v2/contacts/{phone}: what the account knows of one person."""
        return await self._try("GET", httpx.URL(f"{self._address}{CONTACTS}/{quote(phone, safe='')}"))

    async def get_list_members(
        self, list_number: str, *, active: bool, page: int, per_page: int
    ) -> HttpResponse | SendResult:
        """GET /api/v2/contacts: a page of those who are on a list, or who unsubscribed from it."""
        asked = (
            f"list_number={quote(list_number, safe='')}&active={str(active).lower()}&page={page}&per_page={per_page}"
        )
        return await self._try("GET", httpx.URL(f"{self._address}{CONTACTS}?{asked}"))

    async def post_nothing(self) -> HttpResponse | SendResult:
        """An empty contact: changes nothing, and tells a right key (400) from a wrong one (401) on any server."""
        return await self._try("POST", self._contacts, b"{}")

    async def _try(self, method: str, url: httpx.URL, content: bytes | None = None) -> HttpResponse | SendResult:
        connection = await self._clean_connection(method)
        request = httpx.Request(method, url, headers=self._headers, content=content, extensions=connection.extensions)
        try:
            return await connection.answer(request)
        finally:
            await self._put_back(method, connection)

    async def _clean_connection(self, method: str) -> _Connection:
        """A lane on which nothing is left of an answer before; others are closed."""
        idle = self._idle.setdefault(method, [])
        while idle:
            connection = idle.pop()
            if connection.is_clean():
                return connection
            await connection.close()
        return self._make_connection()

    async def _put_back(self, method: str, connection: _Connection) -> None:
        if self._closed or not connection.is_clean():
            await connection.close()
        else:
            self._idle.setdefault(method, []).append(connection)


async def get_without_key(
    address: str, *, timeouts: Timeouts = Timeouts(read=10.0, whole=20.0)
) -> HttpResponse | SendResult:
    """GET of a page that is none of an account's: no key, nothing that says who asks, and no redirect is followed."""
    connection = _connection_factory(address, timeouts)()
    headers = [
        ("Accept", "text/plain, application/json"),
        ("Accept-Encoding", "identity"),
        ("User-Agent", "TracklyDesktop"),
    ]
    try:
        return await connection.answer(httpx.Request("GET", address, headers=headers, extensions=connection.extensions))
    finally:
        await connection.close()


class _Connection:
    """One connection, one request at a time."""

    def __init__(self, transport: httpx.AsyncHTTPTransport, timeouts: Timeouts) -> None:
        self._transport = transport
        self._whole = timeouts.whole
        times = {"connect": timeouts.connect, "read": timeouts.read, "write": timeouts.write, "pool": timeouts.connect}
        self.extensions = {"timeout": times}
        self._stream: object = None
        """The connection that the last answer came by."""

    async def answer(self, request: httpx.Request) -> HttpResponse | SendResult:
        """What came; or, where nothing did, whether the request can have arrived."""
        try:
            return await self._send(request)
        except _NEVER_SENT as error:
            return _classify_connect_error(error)
        except (httpx.ReadTimeout, TimeoutError):
            return Unknown(reason=UnknownReason.TIMEOUT, words="No answer came in time")
        except Exception as error:  # whatever a network can do: a row's outcome must not depend on our foreseeing it
            return Unknown(
                reason=UnknownReason.CONNECTION_LOST,
                words=f"The connection broke before the answer came ({_name(error)})",
            )

    def is_clean(self) -> bool:
        """Whether its connection, if there is one, holds nothing beyond the answers that were asked for."""
        return not has_left_over(self._transport)

    async def _send(self, request: httpx.Request) -> HttpResponse | SendResult:
        async with asyncio.timeout(self._whole):
            response = await self._transport.handle_async_request(request)
            try:
                body = await _read(response)
            finally:
                await response.aclose()
        stream = response.extensions.get("network_stream")
        had_answers, self._stream = stream is self._stream, stream
        # On a connection that had answers before, an answer with more behind it may be the one to the request before.
        if had_answers and not self.is_clean():
            return Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE, words="More answers came than were asked for")
        return HttpResponse(response.status_code, response.headers, body)

    async def close(self) -> None:
        await self._transport.aclose()


def _connection_factory(address: str, timeouts: Timeouts) -> Callable[[], _Connection]:
    # The TLS context reads the system's trusted certificates: some 20 ms, once for all lanes.
    context: ssl.SSLContext | bool = False
    if address.startswith("https:"):
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    proxy = _proxy_of(address)
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=5.0)

    def make() -> _Connection:
        return _Connection(httpx.AsyncHTTPTransport(verify=context, limits=limits, proxy=proxy, retries=0), timeouts)

    return make


def _proxy_of(address: str) -> httpx.Proxy | None:
    """The proxy by which an address is reached, if by one. Raises AddressProblem where it cannot be used."""
    named = proxy_for(address)
    try:
        proxy = httpx.Proxy(named) if named else None
    except (httpx.InvalidURL, ValueError):
        proxy = None
    if named and (proxy is None or not _can_be_proxy(proxy.url)):
        raise UrlProblem(
            f"The proxy that this computer names, {without_password(named)}, cannot be used: one looks like"
            " http://proxy.example.com:3128. Correct it in the system’s network settings, or in ALL_PROXY or HTTPS_PROXY"
        )
    return proxy


def _can_be_proxy(url: httpx.URL) -> bool:
    return url.scheme in ("http", "https") and bool(url.host) and url.path in ("", "/") and (url.port or 1) < 65_536


async def _read(response: httpx.Response) -> bytes:
    """The body, unpacked, cut at LARGEST_ANSWER: a bomb is not unpacked further."""
    bound = LARGEST_ANSWER
    parts = bytearray()
    async for part in response.aiter_raw():
        parts += part
        if len(parts) > bound:
            break
    packing = response.headers.get("content-encoding", "identity").lower()
    if packing in ("gzip", "deflate"):  # unasked for, but some proxies do it
        try:
            return zlib.decompressobj(47).decompress(bytes(parts), bound)
        except zlib.error:
            return b""
    return bytes(parts[:bound])


def classify_response(answer: HttpResponse, key: str = "") -> SendResult:
    """What an answer to a POST of one contact says, whatever its shape. The key never gets into what is kept."""
    said = answer.json()
    facts = said if isinstance(said, dict) else {}
    if 200 <= answer.status < 300 and facts.get("success") is True:
        return _accepted(answer.status, facts, key)
    raw = _clean(answer.body.decode("utf-8", "replace"), key, KEPT_ANSWER)
    code, words = _error(facts)
    return _classify(answer, facts, _ErrorBody(answer.status, _clean(code, key, 100), _clean(words, key, 500), raw))


def _clean(text: str, key: str, longest: int) -> str:
    """Text of an answer as it may be kept: without the key, and without what no file can hold."""
    if key:
        text = text.replace(key, "(key)")
    return text.encode("utf-8", "replace").decode()[:longest]


@dataclass(frozen=True, slots=True)
class _ErrorBody:
    status: int
    code: str
    words: str
    raw: str

    def as_fields(self) -> dict[str, Any]:
        return {"status": self.status, "code": self.code, "words": self.words, "raw": self.raw}


def _classify(answer: HttpResponse, facts: dict[str, Any], said: _ErrorBody) -> SendResult:
    status, fields = answer.status, said.as_fields()
    if 200 <= status < 300:
        if facts.get("success") is False:
            return Refused(**fields)
        return Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE, **fields)
    if status == 401:
        return Stopped(stop_reason=StopReason.KEY, **fields)
    if status in (402, 403):
        return Stopped(stop_reason=StopReason.ACCOUNT, **fields)
    if status in (404, 405) or 300 <= status < 400:
        return Stopped(stop_reason=StopReason.ADDRESS, **fields)
    if status in (408, 425):
        return NotSent(reason=RetryReason.TRY_AGAIN, retry_after=_retry_after(answer), **fields)
    if status == 429:
        return NotSent(reason=RetryReason.BUSY, retry_after=_retry_after(answer), **fields)
    if 400 <= status < 500:
        return Refused(about_list=status == 400 and said.code in LIST_CODES, **fields)
    reason = UnknownReason.TIMEOUT if status == 504 else UnknownReason.SERVER
    return Unknown(reason=reason, retry_after=_retry_after(answer), **fields)


def _accepted(status: int, facts: dict[str, Any], key: str) -> Accepted:
    warnings = facts.get("warnings")
    enrolled = facts.get("journeys_enrolled")
    contact_id, list_contact_id = (
        _clean(_as_words(facts.get(name)), key, _LONGEST_ID) for name in ("contact_id", "list_contact_id")
    )
    return Accepted(
        status=status,
        contact_id=contact_id,
        list_contact_id=list_contact_id,
        is_new_contact=facts.get("is_new_contact") is True,
        is_new_list_contact=facts.get("is_new_list_contact") is True,
        journeys_enrolled=min(max(enrolled, 0), _MOST_ENROLLED) if isinstance(enrolled, int) else 0,
        warnings=tuple(_clean(_as_words(one), key, 500) for one in warnings[:_MOST_WARNINGS])
        if isinstance(warnings, list)
        else (),
    )


_LONGEST_ID, _MOST_WARNINGS, _MOST_ENROLLED = 100, 50, 1_000_000


def _error(facts: dict[str, Any]) -> tuple[str, str]:
    """The code and the words of an error body in any of the shapes that have been seen or may be meant."""
    error = facts.get("error")
    inner = error if isinstance(error, dict) else {}
    words = _as_words(inner.get("message") or (error if isinstance(error, str) else "") or facts.get("message"))
    code = _as_words(facts.get("code") or facts.get("error_code") or inner.get("code"))
    if not code and isinstance(error, str) and error.replace("_", "").isalnum() and error == error.lower():
        # A code standing where the words should be
        code, words = error, _as_words(facts.get("message")) or words
    return code, words


def _as_words(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _retry_after(answer: HttpResponse) -> float | None:
    """Seconds from now (RFC 9110, 10.2.3: seconds or an HTTP date); None where nothing sensible is said."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - _servers_now(answer))
    except (ValueError, TypeError, OverflowError):
        return None


def _servers_now(answer: HttpResponse) -> float:
    """Seconds since 1970 by the clock that made the answer's dates; by ours where it does not say: ours may be wrong."""
    try:
        return parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
    except (ValueError, TypeError, OverflowError):
        return time.time()


def _classify_connect_error(error: Exception) -> SendResult:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Stopped(
                stop_reason=StopReason.CERTIFICATE,
                words=f"The server's certificate is not trusted: {cause.verify_message}",
            )
        cause = cause.__cause__ or cause.__context__
    return NotSent(reason=RetryReason.NETWORK, words=f"No connection to the server ({_network_words(error)})")


def _name(error: Exception) -> str:
    return type(error).__name__


def _network_words(error: Exception) -> str:
    text = str(error)
    if isinstance(error, httpx.ProxyError):
        return f"the proxy says: {text}"[:200]
    if "Name or service not known" in text or "getaddrinfo" in text or "name resolution" in text:
        return "its name is not known here"
    if isinstance(error, httpx.ConnectTimeout):
        return "it does not answer"
    return "refused" if "refused" in text or "All connection attempts failed" in text else type(error).__name__
