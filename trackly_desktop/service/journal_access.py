"""Asynchronous access to the journal: one thread that writes, others that read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.journal.run_store import Journal

T = TypeVar("T")


class JournalAccess:
    """The journal of one event loop; `close` it there.

    `executor` is the one thread in which the journal is written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.executor = ThreadPoolExecutor(1, "journal")
        self._journal: Journal | None = None

    async def write(self, work: Callable[[Journal], T]) -> T:
        """Return what `work` returns, called in the journal's thread.

        Raises:
            JournalProblem: The journal cannot be opened.
            sqlite3.Error: The journal cannot be read or written.
        """

        def call() -> T:
            if self._journal is None:
                self._journal = Journal(self.path)
            return work(self._journal)

        return await asyncio.get_running_loop().run_in_executor(self.executor, call)

    async def read(self, work: Callable[[JournalReader], T]) -> T:
        """Return what `work` returns, called in a thread with a connection of its own.

        Raises:
            JournalProblem: The journal cannot be opened.
            sqlite3.Error: The journal cannot be read.
        """

        def call() -> T:
            reader = JournalReader(self.path)
            try:
                return work(reader)
            finally:
                reader.close()

        return await asyncio.to_thread(call)

    async def close(self) -> None:
        """Close the journal, and end its thread."""
        if self._journal is not None:
            await self.write(Journal.close)
        self.executor.shutdown()
