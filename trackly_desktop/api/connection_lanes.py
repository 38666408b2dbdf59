"""HTTP in lanes: a connection for each request in flight, one shared TLS context.

A lane is an httpx transport with one connection. One transport with many connections walks every one of them for every
request (encode/httpx issue 3215) and is several times slower. The transport is used without `httpx.AsyncClient` around
it: it follows no redirect, keeps no cookie and reads no environment variable, and a request costs a third less.

httpx and httpcore check an idle connection only by its socket. A surplus answer can wait in four buffers: h11's, TLS's,
asyncio's queue (anyio) and the socket's. The first three are not in their public interface: where one of them cannot be
looked into, the connection counts as not clean, and each request gets a connection of its own.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import truststore

from trackly_desktop.api.replies import (
    ConnectionFault,
    NotSent,
    RetryReason,
    SendResult,
    Stopped,
    StopReason,
    Unknown,
    UnknownReason,
)
from trackly_desktop.api.urls import UrlProblem, proxy_for, without_password

MAX_BODY_BYTES = 1_000_000
"""Bytes of a body that are read; nothing documented is as large."""
_MAX_PROXY_CHARS = 184

# "Never sent" is proven by these alone: each is raised before the first byte of the request leaves (httpcore 1.0,
# _async/connection.py and _async/http_proxy.py). After any other error the request may have arrived.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Timeouts in seconds; `whole` bounds a request with its complete response."""

    connect: float = 10.0
    write: float = 30.0
    read: float = 60.0
    whole: float = 120.0


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An HTTP response; its body is cut at MAX_BODY_BYTES."""

    status: int
    headers: httpx.Headers
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON; None where it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class ConnectionLanes:
    """Connections to one server, within one event loop; idle ones are used again.

    They are kept by method, so that a surplus answer to a GET can never be taken for the answer to a contact.
    """

    def __init__(self, base_url: str, timeouts: Timeouts) -> None:
        """Prepare connections to a server. Raises UrlProblem where its proxy is unusable."""
        self._connect = _connection_factory(base_url, timeouts)
        self._idle: dict[str, list[_Connection]] = {}
        self._closed = False

    async def send(
        self, method: str, url: httpx.URL, headers: Headers, content: bytes | None = None
    ) -> HttpResponse | SendResult:
        """Return the response; where there is none, a NotSent, Stopped or Unknown."""
        connection = await self._take(method)
        request = httpx.Request(method, url, headers=headers, content=content, extensions=connection.extensions)
        try:
            return await connection.send(request)
        finally:
            await self._put_back(method, connection)

    async def close(self) -> None:
        """Close every connection: the idle ones now, those in use after their response."""
        self._closed = True
        idle, self._idle = self._idle, {}
        for connections in idle.values():
            for connection in connections:
                await connection.close()

    async def _take(self, method: str) -> _Connection:
        """Return a clean idle connection, else a new one; close those that are not clean."""
        idle = self._idle.setdefault(method, [])
        while idle:
            connection = idle.pop()
            if connection.is_clean():
                return connection
            await connection.close()
        return self._connect()

    async def _put_back(self, method: str, connection: _Connection) -> None:
        if self._closed or not connection.is_clean():
            await connection.close()
        else:
            self._idle.setdefault(method, []).append(connection)


class _Connection:
    """One connection, for one request at a time."""

    def __init__(self, transport: httpx.AsyncHTTPTransport, timeouts: Timeouts) -> None:
        self._transport = transport
        self._whole = timeouts.whole
        seconds = {
            "connect": timeouts.connect,
            "read": timeouts.read,
            "write": timeouts.write,
            "pool": timeouts.connect,
        }
        self.extensions = {"timeout": seconds}
        self._stream: object = None
        """The network stream of the last response."""

    async def send(self, request: httpx.Request) -> HttpResponse | SendResult:
        """Return the response, or a result that says whether the request can have arrived."""
        try:
            return await self._exchange(request)
        except _NEVER_SENT as error:
            return _classify_connect_error(error)
        except (httpx.ReadTimeout, TimeoutError):
            return Unknown(reason=UnknownReason.TIMEOUT, fault=ConnectionFault.TIMEOUT)
        except Exception as error:  # an error of any kind must not decide a row's outcome
            return Unknown(
                reason=UnknownReason.CONNECTION_LOST,
                fault=ConnectionFault.CONNECTION_LOST,
                words=type(error).__name__,
            )

    def is_clean(self) -> bool:
        """Return whether the connection holds no byte beyond the responses it returned."""
        return not _has_surplus(self._transport)

    async def close(self) -> None:
        """Close the connection."""
        await self._transport.aclose()

    async def _exchange(self, request: httpx.Request) -> HttpResponse | SendResult:
        async with asyncio.timeout(self._whole):
            response = await self._transport.handle_async_request(request)
            try:
                body = await _read_body(response)
            finally:
                await response.aclose()
        stream = response.extensions.get("network_stream")
        is_reused, self._stream = stream is self._stream, stream
        # On a connection that was used before, a response with more behind it may be the one to an earlier request.
        if is_reused and not self.is_clean():
            return Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE, fault=ConnectionFault.SURPLUS_ANSWER)
        return HttpResponse(response.status_code, response.headers, body)


def _connection_factory(base_url: str, timeouts: Timeouts) -> Callable[[], _Connection]:
    # A TLS context reads the system's trusted certificates: some 20 ms, once for all connections.
    context: ssl.SSLContext | bool = False
    if base_url.startswith("https:"):
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    proxy = _proxy(base_url)
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=5.0)

    def connect() -> _Connection:
        return _Connection(httpx.AsyncHTTPTransport(verify=context, limits=limits, proxy=proxy, retries=0), timeouts)

    return connect


def _proxy(base_url: str) -> httpx.Proxy | None:
    """Return the proxy for a URL; None for a direct connection.

    Raises:
        UrlProblem: The proxy's URL cannot be used.
    """
    url = proxy_for(base_url)
    try:
        proxy = httpx.Proxy(url) if url else None
    except (httpx.InvalidURL, ValueError):
        proxy = None
    if url and (proxy is None or not _can_be_proxy(proxy.url)):
        raise UrlProblem(
            f"The proxy that this computer names, {without_password(url)}, cannot be used: one looks like"
            " http://proxy.example.com:3128. Correct it in the system’s network settings, or in ALL_PROXY or HTTPS_PROXY"
        )
    return proxy


def _can_be_proxy(url: httpx.URL) -> bool:
    return url.scheme in ("http", "https") and bool(url.host) and url.path in ("", "/") and (url.port or 1) < 65_536


async def _read_body(response: httpx.Response) -> bytes:
    """Return the body, decompressed, cut at MAX_BODY_BYTES (decompression bombs)."""
    body = bytearray()
    async for part in response.aiter_raw():
        body += part
        if len(body) > MAX_BODY_BYTES:
            break
    encoding = response.headers.get("content-encoding", "identity").lower()
    if encoding in ("gzip", "deflate"):  # not accepted, but some proxies do it
        try:
            return zlib.decompressobj(47).decompress(bytes(body), MAX_BODY_BYTES)
        except zlib.error:
            return b""
    return bytes(body[:MAX_BODY_BYTES])


def _classify_connect_error(error: Exception) -> SendResult:
    """Return what follows from an error that was raised before the request left."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Stopped(
                stop_reason=StopReason.CERTIFICATE,
                fault=ConnectionFault.NOT_TRUSTED,
                words=cause.verify_message,
            )
        cause = cause.__cause__ or cause.__context__
    fault, words = _network_fault(error)
    return NotSent(reason=RetryReason.NETWORK, fault=fault, words=words)


def _network_fault(error: Exception) -> tuple[ConnectionFault, str]:
    """Return the fault and the words of others about it."""
    text = str(error)
    if isinstance(error, httpx.ProxyError):
        return ConnectionFault.PROXY_REFUSED, text[:_MAX_PROXY_CHARS]
    if "Name or service not known" in text or "getaddrinfo" in text or "name resolution" in text:
        return ConnectionFault.NAME_UNKNOWN, ""
    if isinstance(error, httpx.ConnectTimeout):
        return ConnectionFault.NO_RESPONSE, ""
    if "refused" in text or "All connection attempts failed" in text:
        return ConnectionFault.CONNECTION_REFUSED, ""
    return ConnectionFault.CONNECT_FAILED, type(error).__name__


def _has_surplus(transport: httpx.AsyncHTTPTransport) -> bool:
    """Return whether bytes beyond the responses came, or may have come."""
    try:
        return any(_holds_bytes(connection) for connection in transport._pool.connections)
    except (AttributeError, TypeError, IndexError):
        return True


def _holds_bytes(connection: Any) -> bool:
    while not hasattr(connection, "_h11_state"):  # a proxy's connection, or one to be made, around the real one
        connection = connection._connection
        if connection is None:
            return False
    if connection.is_closed():
        return False
    stream = connection._network_stream
    if connection._h11_state.trailing_data[0] or stream.get_extra_info("is_readable"):
        return True
    inner = stream._stream
    tls = stream.get_extra_info("ssl_object")
    if tls is not None:
        if inner._read_bio.pending or tls.pending():
            return True
        inner = inner.transport_stream
    return bool(inner._protocol.read_queue)
