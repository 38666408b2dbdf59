"""Bridge between Qt and asyncio: a thread with an event loop, and jobs in it.

Jobs are posted by `call_soon_threadsafe`; their signals are emitted in the thread, and arrive queued at the window.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import sqlite3
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import QObject, QThread, Signal

from trackly_desktop.accounts.credentials import CredentialStore
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.system import logs
from trackly_desktop.worker.events import unwritable

if TYPE_CHECKING:
    from trackly_desktop.service.import_service import ImportService

# The service needs httpx, keyring and servers of asyncio's: it is imported in the thread, the first window does not wait.

BATCH_SECONDS = 0.05
"""Shortest time between two reports of progress: at most 20 batches a second."""

Job = Callable[[], Coroutine[Any, Any, None]]
P = ParamSpec("P")
J = TypeVar("J", bound="Jobs")

_log = logging.getLogger(__name__)


class Bridge(QThread):
    """A thread that runs an asyncio loop from `start` until `stop`.

    Wait for `finished` before it is destroyed.
    """

    failed = Signal(str)
    """A job failed, foreseen or not; the text is for the operator."""
    rows_recorded = Signal()
    """Rows of the journal changed, by any job."""

    def __init__(self, journal: Path, *, only_post: bool = False) -> None:
        """Start nothing yet.

        Args:
            journal: The journal's file.
            only_post: The sandbox's server has the one endpoint POST /api/v2/contacts.
        """
        super().__init__()
        self.journal_path = journal
        self.keys = CredentialStore()
        self._only_post = only_post
        self._service: ImportService | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop_requested: asyncio.Event | None = None
        self._queued: list[Job] = []
        self._lock = threading.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    # Called in any thread

    def post(self, job: Job) -> None:
        """Start a coroutine in the loop; it waits for the loop where there is none yet."""
        with self._lock:
            if self._loop is None:
                self._queued.append(job)
            else:
                self._loop.call_soon_threadsafe(self.spawn, job)

    def stop(self) -> None:
        """End the jobs and then the thread; requests in flight are answered and recorded."""
        with self._lock:
            if self._loop is not None and self._stop_requested is not None:
                self._loop.call_soon_threadsafe(self._stop_requested.set)
            else:
                self._queued.append(self._stop_at_once)

    # Called in the thread

    @property
    def service(self) -> ImportService:
        """The service of the thread's loop."""
        assert self._service is not None
        return self._service

    @property
    def is_stopping(self) -> bool:
        """Whether `stop` has been called."""
        return self._stop_requested is not None and self._stop_requested.is_set()

    def run(self) -> None:
        asyncio.run(self._live())

    def spawn(self, job: Job) -> None:
        """Start a coroutine from another one of the loop."""
        task = asyncio.get_running_loop().create_task(self._guard(job))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end_jobs(self) -> None:
        """End jobs; tasks that are left are cancelled afterwards. To be overridden."""

    def release(self) -> None:
        """Release resources, in a thread, once every task has ended. To be overridden."""

    async def _live(self) -> None:
        from trackly_desktop.service.import_service import ImportService

        self._service = ImportService(self.journal_path, self.keys, only_post=self._only_post)
        stop_requested = asyncio.Event()
        with self._lock:
            self._loop, self._stop_requested = asyncio.get_running_loop(), stop_requested
            queued, self._queued = self._queued, []
        for job in queued:
            self.spawn(job)
        await stop_requested.wait()
        await self.end_jobs()
        for task in [*self._tasks]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self.release)
        await self._service.close()
        with self._lock:
            self._loop = None

    async def _stop_at_once(self) -> None:
        if self._stop_requested is not None:
            self._stop_requested.set()

    async def _guard(self, job: Job) -> None:
        """Log an unforeseen error without its data, and report where to look."""
        try:
            await job()
        except (JournalProblem, sqlite3.Error) as error:
            _log.error("journal: %s", type(error).__name__)
            self.failed.emit(f"The journal cannot be used: {error}")
        except Exception as error:
            logs.log_unexpected(error)
            self.failed.emit("Something went wrong that the program did not foresee; the log says where")


class Jobs(QObject):
    """A group of jobs with their signals.

    Created on the GUI thread. Methods marked `job` are called there and return at once; signals are emitted in the
    bridge's thread.
    """

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(bridge)
        self._bridge = bridge

    @property
    def _service(self) -> ImportService:
        """The service, in the bridge's thread."""
        return self._bridge.service

    @contextlib.contextmanager
    def _writing(self, path: Path) -> Iterator[None]:
        """A context that writes a file: `Bridge.failed` reports what prevents it."""
        try:
            yield
        except OSError as error:
            self._bridge.failed.emit(unwritable(path, error))


def job(coroutine: Callable[Concatenate[J, P], Coroutine[Any, Any, None]]) -> Callable[Concatenate[J, P], None]:
    """Turn a coroutine of `Jobs` into a method that posts it to the bridge's loop."""

    @functools.wraps(coroutine)
    def post(self: J, /, *args: P.args, **kwargs: P.kwargs) -> None:
        self._bridge.post(lambda: coroutine(self, *args, **kwargs))

    return post
