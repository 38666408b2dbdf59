"""The reference server: answers from memory, in its own process, after a delay."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any

_BODY = (
    b'{"success":true,"contact_id":"665a1b2c3d4e5f6a7b8c9d0e","list_contact_id":"665a1b2c3d4e5f6a7b8c9d0f",'
    b'"is_new_contact":true,"is_new_list_contact":true,"journeys_enrolled":0}'
)
_ACCEPTED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(_BODY), _BODY)
_TOO_MANY = b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n"
_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class _Answering(asyncio.Protocol):
    def __init__(self, delay: float, takes: Callable[[], bool]) -> None:
        self._delay, self._takes = delay, takes
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        while (end := self._data.find(b"\r\n\r\n")) >= 0:
            head = self._data[:end].lower()
            start = head.find(b"content-length:")
            length = int(head[start + 15 :].split(b"\r\n", 1)[0]) if start >= 0 else 0
            if len(self._data) < end + 4 + length:
                return
            self._data = self._data[end + 4 + length :]
            self._answer(_NOT_FOUND if not head.startswith(b"post") else _ACCEPTED if self._takes() else _TOO_MANY)

    def _answer(self, response: bytes) -> None:
        if self._delay:
            asyncio.get_running_loop().call_later(self._delay, self._transport.write, response)
        else:
            self._transport.write(response)


def _limit(a_second: int) -> Callable[[], bool]:
    """Return a function that says whether a request is within the limit; 0 is none."""
    taken: deque[float] = deque()

    def takes() -> bool:
        now = monotonic()
        while taken and now - taken[0] >= 1.0:
            taken.popleft()
        if a_second and len(taken) >= a_second:
            return False
        taken.append(now)
        return True

    return takes


def _serve(pipe: Connection[Any, Any], delay: float, a_second: int) -> None:
    async def live() -> None:
        takes = _limit(a_second)
        server = await asyncio.get_running_loop().create_server(
            lambda: _Answering(delay, takes), "127.0.0.1", 0, backlog=512
        )
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(live())


@contextmanager
def reference_server(delay: float, a_second: int = 0) -> Iterator[str]:
    """Yield the URL of a server that answers after `delay` seconds.

    Args:
        delay: Seconds before each answer.
        a_second: Requests a second that it accepts, 429 beyond; 0 is no limit.
    """
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    process = spawn.Process(target=_serve, args=(theirs, delay, a_second), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()
