"""Run the practice account: in this process, or in one that ends with its parent."""

from __future__ import annotations

import multiprocessing
import os
import socket
import threading
from asyncio import Transport
from multiprocessing.connection import Connection
from typing import Any

HOST = "127.0.0.1"
_BACKLOG = 2048
"""Connections that wait to be accepted, as uvicorn has it."""


def bind(port: int) -> socket.socket:
    """Return a listening socket on loopback; port 0 is any free one.

    Raises:
        OSError: the port is in use.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name != "nt":  # on Windows it would let two servers share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    listener.listen(_BACKLOG)
    return listener


def serve(listener: socket.socket, *, only_post: bool = False) -> None:
    """Serve until SIGINT or SIGTERM."""
    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol

    from trackly_desktop.sandbox.server import make_app

    class CuttableProtocol(H11Protocol):
        """Give endpoints `request.state.cut`, which cuts the connection."""

        def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self.app_state = {**self.app_state, "cut": transport.abort}

    config = uvicorn.Config(
        make_app(only_post=only_post), http=CuttableProtocol, ws="none", lifespan="off", access_log=False,
        log_level="error", timeout_keep_alive=30,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listener])


class SandboxServer:
    """The practice account in its own process; `address` is its root on loopback."""

    def __init__(self, *, only_post: bool = False) -> None:
        """Start the process and wait until it listens. Raises OSError if it cannot start."""
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe()
        self._pipe = ours
        self._process = spawn.Process(target=_serve_for_parent, args=(theirs, only_post), daemon=True)
        self._process.start()
        theirs.close()
        try:
            port = ours.recv()
        except EOFError as error:
            raise OSError("the practice account could not start") from error
        self.address = f"http://{HOST}:{port}"

    def stop(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.terminate()
        self._process.join(5)


def _serve_for_parent(pipe: Connection[Any, Any], only_post: bool) -> None:
    with bind(0) as listener:
        listener.listen(128)
        pipe.send(listener.getsockname()[1])
        threading.Thread(target=_die_with_parent, args=(pipe,), daemon=True).start()
        serve(listener, only_post=only_post)


def _die_with_parent(pipe: Connection[Any, Any]) -> None:
    try:
        pipe.recv()  # nothing is ever sent: the pipe breaks when the parent ends, in whatever way
    except (EOFError, OSError):
        os._exit(0)
