"""Whether a connection holds bytes of an answer that nobody asked for: it must not be used again.

httpx and httpcore check a connection only by its socket. A surplus answer can wait in four places: in h11's buffer, in
TLS, in asyncio's queue (anyio), and in the socket. None of the first three is in their public interface: where a place
cannot be looked into, the connection counts as not clean, and each request has one of its own.
"""

from __future__ import annotations

from typing import Any

import httpx


def has_left_over(transport: httpx.AsyncHTTPTransport) -> bool:
    """Whether more came than the answers that were asked for, or may have."""
    try:
        return any(_holds_bytes(one) for one in transport._pool.connections)
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
    secure = stream.get_extra_info("ssl_object")
    if secure is not None:
        if inner._read_bio.pending or secure.pending():
            return True
        inner = inner.transport_stream
    return bool(inner._protocol.read_queue)
