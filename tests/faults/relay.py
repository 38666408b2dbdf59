"""A relay before a server: it counts the contacts that are posted through it."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Self
from urllib.parse import urlsplit

_POST = b"POST /api/v2/contacts "


class Relay:
    """A relay on loopback until it is closed; another process may be the client."""

    def __init__(self, address: str) -> None:
        self._target = (urlsplit(address).hostname or "", urlsplit(address).port or 0)
        self._posts = 0
        self._changed = threading.Condition()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def wait_for_posts(self, count: int, timeout: float = 60.0) -> bool:
        """Wait until so many contacts were posted. Return False where time ran out."""
        with self._changed:
            return self._changed.wait_for(lambda: self._posts >= count, timeout)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._target)
                for source, target in ((client, server), (server, client)):
                    threading.Thread(target=self._forward, args=(source, target), daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError), source, target:
            while data := source.recv(65_536):
                target.sendall(data)
                if posts := data.count(_POST):
                    with self._changed:
                        self._posts += posts
                        self._changed.notify_all()
            target.shutdown(socket.SHUT_RDWR)
