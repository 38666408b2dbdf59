"""A server that misbehaves by a script: each request takes the next step of it."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Any, NamedTuple, Self


def answer(status: int = 200, body: object = b"", **headers: str) -> bytes:
    """Return a whole HTTP answer; a `body` that is not bytes becomes JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Odd", f"Content-Length: {len(raw)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + raw


ACCEPTED = answer(
    200,
    {
        "success": True, "contact_id": "c1", "list_contact_id": "l1", "is_new_contact": True,
        "is_new_list_contact": True, "journeys_enrolled": 0,
    },
)  # fmt: skip
CONNECTION_LOST = b""
"""The connection is closed without an answer."""


class Last(bytes):
    """An answer after which the connection is closed, although HTTP keeps it open."""


class Slow(NamedTuple):
    """An answer after so many seconds, or once the server is closed."""

    seconds: float
    answer: bytes = CONNECTION_LOST


Step = bytes | Slow | Callable[[bytes], "bytes | Slow"]
"""An answer, or a function from the request to the answer."""


class OddServer:
    """A server on loopback until `close`. The last step of its script is repeated."""

    def __init__(
        self, *script: Step, context: ssl.SSLContext | None = None, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self._script = list(script)
        self._context = context
        self._changed = threading.Condition()
        self.bodies: list[Any] = []
        self.heads: list[str] = []
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server((host, port))
        self.port: int = self._listener.getsockname()[1]
        scheme = "https" if context else "http"
        self.address = f"{scheme}://{'localhost' if context else '127.0.0.1'}:{self.port}"
        self._closed = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_closed(self) -> bool:
        """Whether the server was closed."""
        return self._closed.is_set()

    def wait(self, seconds: float) -> None:
        """Wait so many seconds, or until the server is closed."""
        self._closed.wait(seconds)

    def wait_for_requests(self, count: int, timeout: float = 60.0) -> bool:
        """Wait until so many requests have come. Return False where time ran out."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.heads) >= count, timeout)

    def close(self) -> None:
        """Stop listening, and cut every connection."""
        self._closed.set()
        with contextlib.suppress(OSError):  # closing alone would let a waiting accept() take one more
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in [*self._open]:
            with contextlib.suppress(OSError):  # closing alone does not wake the thread that reads from it
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True)
            self._open.add(connection)
            while (request := _read(connection)) is not None:
                step = self._next(request)
                if callable(step):
                    step = step(request)
                if isinstance(step, Slow):
                    self.wait(step.seconds)
                    step = step.answer
                if step == CONNECTION_LOST:
                    break
                connection.sendall(step)
                if isinstance(step, Last):
                    break
        except OSError:
            pass
        finally:
            self._open.discard(connection)
            connection.close()

    def _next(self, request: bytes) -> Step:
        head, _, body = request.partition(b"\r\n\r\n")
        with self._changed:
            self._changed.notify_all()
            self.heads.append(head.decode())
            try:
                self.bodies.append(json.loads(body))
            except ValueError:
                self.bodies.append(body)
            return self._script.pop(0) if len(self._script) > 1 else self._script[0]


def _read(connection: socket.socket) -> bytes | None:
    """Return a whole request; None when the client has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return None
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        part = connection.recv(65536)
        if not part:
            return None
        body += part
    return head + b"\r\n\r\n" + body


def closed_port() -> int:
    """Return a port of this machine on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
