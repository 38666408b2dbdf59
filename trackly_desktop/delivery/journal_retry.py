"""Journal calls from an event loop, repeated while the journal cannot be written."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from trackly_desktop.delivery.waits import Wait, WaitReason
from trackly_desktop.journal.connection import advice

T = TypeVar("T")


class RetryingExecutor:
    """Journal calls in the journal's one thread, repeated while they fail."""

    def __init__(self, executor: Executor, delay: float, on_failure: Callable[[], None]) -> None:
        """Create an executor.

        Args:
            executor: The journal's thread.
            delay: Seconds between two attempts.
            on_failure: Called in the event loop after each attempt that failed.
        """
        self._executor, self._delay, self._on_failure = executor, delay, on_failure
        self.wait: Wait | None = None
        """The wait for a journal that can be written; None while it can."""

    async def once(self, work: Callable[[], T]) -> T:
        """Return the result of one call. Raises sqlite3.Error."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    async def until_done(self, work: Callable[[], T], may_continue: Callable[[float], bool]) -> T | None:
        """Return the result of a call that is repeated until it succeeds.

        Args:
            work: The call.
            may_continue: Whether to try again, given the seconds since the first try.

        Returns:
            The result; None when `may_continue` ended the attempts. `wait` holds the last failure then.
        """
        loop = asyncio.get_running_loop()
        since = loop.time()
        while True:
            try:
                result = await self.once(work)
            except sqlite3.Error as error:
                self.wait = Wait(WaitReason.JOURNAL, params={"problem": str(error), "advice": advice(error)})
                self._on_failure()
                if not may_continue(loop.time() - since):
                    return None
                await asyncio.sleep(self._delay)
            else:
                self.wait = None
                return result
