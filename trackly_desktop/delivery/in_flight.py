"""Requests and look-ups in flight: their tasks, and replies not yet taken."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from trackly_desktop.api.contact_lookup import MembershipStatus
from trackly_desktop.api.replies import SendResult
from trackly_desktop.delivery.send_queue import QueuedRow


@dataclass(frozen=True, slots=True)
class Completed:
    """The reply to a row's request, or the result of a look-up of its person."""

    queued: QueuedRow
    response: SendResult | MembershipStatus


class InFlight:
    """Tasks of one delivery. Lives in one event loop."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Completed]] = set()
        self._completed: list[Completed] = []
        self._changed = asyncio.Event()
        self._fault: BaseException | None = None

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is in flight and every reply was taken."""
        return not self._tasks and not self._completed

    def start(self, exchange: Coroutine[Any, Any, Completed]) -> None:
        """Run a request or a look-up as a task."""
        task = asyncio.get_running_loop().create_task(exchange)
        self._tasks.add(task)
        task.add_done_callback(self._on_task_done)

    def take_completed(self) -> list[Completed]:
        """Return the replies since the last call. Raises the error of a failed task."""
        if self._fault is not None:
            raise self._fault
        completed, self._completed = self._completed, []
        return completed

    def wake(self) -> None:
        """End a wait: something other than a reply has changed."""
        self._changed.set()

    async def wait(self, seconds: float | None) -> None:
        """Wait for a reply or a `wake`, at most so many seconds; None is for ever."""
        if self._completed:
            return
        if self._changed.is_set():  # waiting for an event that is set lets no other task run
            await asyncio.sleep(0)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(None if seconds is None else max(0.002, seconds)):
                await self._changed.wait()
        self._changed.clear()

    def cancel(self) -> None:
        """Cancel every task; their rows have no reply."""
        for task in self._tasks:
            task.cancel()

    def _on_task_done(self, task: asyncio.Task[Completed]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            error = task.exception()
            if error is None:
                self._completed.append(task.result())
            else:
                self._fault = error  # a fault of the program, not of the network: the run must not continue
        self._changed.set()
