"""Writing the journal from an event loop, as often as it takes: a full disk costs time, never an answer."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from trackly_desktop.journal.connection import advice

T = TypeVar("T")

BETWEEN_WRITES = 1.0


class RetryingExecutor:
    """Calls the journal in its one thread, again and again while it cannot be written."""

    def __init__(self, executor: Executor, on_trouble: Callable[[], None]) -> None:
        """`on_trouble` is called each time that a write failed."""
        self._executor, self._on_trouble = executor, on_trouble
        self.trouble = ""
        """Why nothing can be written now, in the operator's words; empty while it can."""

    async def once(self, work: Callable[[], T]) -> T:
        """One call. Raises sqlite3.Error."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    async def until_done(self, work: Callable[[], T], may_go_on: Callable[[float], bool]) -> T | None:
        """The call's result; None once `may_go_on(seconds since the first try)` says no, and `trouble` says why."""
        loop = asyncio.get_running_loop()
        since = loop.time()
        while True:
            try:
                done = await self.once(work)
            except sqlite3.Error as error:
                self.trouble = f"The journal cannot be written ({error}); nothing is sent until it can: {advice(error)}"
                self._on_trouble()
                if not may_go_on(loop.time() - since):
                    return None
                await asyncio.sleep(BETWEEN_WRITES)
            else:
                self.trouble = ""
                return done
