"""Jobs for the suppression list, which operators read as "do not text"."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from trackly_desktop.files.table import FileProblem
from trackly_desktop.system import paths
from trackly_desktop.worker.bridge import Jobs, job

if TYPE_CHECKING:
    from trackly_desktop.accounts.accounts import Account


class SuppressionJobs(Jobs):
    """Adds and removes numbers of an account's suppression list."""

    changed = Signal(str)
    """What changed, in words."""
    exported = Signal(str, int)
    """A file, and the numbers written to it."""

    @job
    async def add(self, account_id: str, phones: Sequence[str], source: str) -> None:
        """Add numbers to the list: `changed`."""
        await self._add(account_id, phones, source)

    @job
    async def add_file(self, account: Account, path: Path) -> None:
        """Add every phone number of a file to the list, whatever its columns: `changed`."""
        from trackly_desktop.validation.phone_list import extract_phone_numbers

        try:
            numbers = await asyncio.to_thread(extract_phone_numbers, path, account.region)
        except FileProblem as problem:
            self._bridge.failed.emit(f"{paths.readable_name(path)}: {problem}")
            return
        await self._add(account.id, numbers.phones, paths.readable_name(path), unread=numbers.unread_rows)

    @job
    async def remove(self, account_id: str, phones: Sequence[str]) -> None:
        """Remove numbers from the list: `changed`."""
        from trackly_desktop.journal import suppression_list

        removed = await asyncio.to_thread(suppression_list.remove, self._bridge.journal_path, account_id, phones)
        self.changed.emit(f"{removed:,} taken off the list")

    @job
    async def export(self, account_id: str, path: Path) -> None:
        """Write the list to a file: `exported`."""
        from trackly_desktop.reports.results_export import write_suppression_list

        with self._writing(path):
            rows = await self._service.journal.read(lambda reader: write_suppression_list(reader, account_id, path))
            self.exported.emit(str(path), rows)

    async def _add(self, account_id: str, phones: Sequence[str], source: str, *, unread: int = 0) -> None:
        from trackly_desktop.journal import suppression_list

        added = await asyncio.to_thread(suppression_list.add, self._bridge.journal_path, account_id, phones, source)
        words = f"{added:,} put on the list"
        if len(phones) > added:
            words += f"; {len(phones) - added:,} were on it already"
        self.changed.emit(words + (f"; {unread:,} rows have no phone number that can be read" if unread else ""))
