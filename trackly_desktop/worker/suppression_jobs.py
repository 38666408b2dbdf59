"""What the worker does with the do-not-text list. The worker's signals tell what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trackly_desktop.files.table import FileProblem
from trackly_desktop.journal import suppression_list
from trackly_desktop.system import paths

if TYPE_CHECKING:
    from trackly_desktop.accounts.accounts import Account
    from trackly_desktop.service.import_service import ImportService
    from trackly_desktop.worker.bridge import ApiWorker


class SuppressionJobs:
    """Each tells `protected_changed` when the list is another, or `failed`."""

    def __init__(self, tells: ApiWorker, session: ImportService, journal: Path) -> None:
        self._tells, self._service, self._journal = tells, session, journal

    async def suppress(self, account: str, phones: Sequence[str], source: str) -> None:
        """Puts numbers on the list."""
        added = await asyncio.to_thread(suppression_list.add, self._journal, account, phones, source)
        self._tells.suppression_changed.emit(_said(added, len(phones), 0))

    async def suppress_file(self, account: Account, path: Path) -> None:
        """Puts every number of a file on the list, whatever columns it has."""
        from trackly_desktop.validation.phone_list import extract_phone_numbers

        try:
            found = await asyncio.to_thread(extract_phone_numbers, path, account.region)
        except FileProblem as problem:
            self._tells.failed.emit(f"{paths.readable_name(path)}: {problem}")
            return
        added = await asyncio.to_thread(
            suppression_list.add, self._journal, account.id, found.phones, paths.readable_name(path)
        )
        self._tells.suppression_changed.emit(_said(added, len(found.phones), found.unread))

    async def unsuppress(self, account: str, phones: Sequence[str]) -> None:
        """Takes numbers off the list."""
        removed = await asyncio.to_thread(suppression_list.remove, self._journal, account, phones)
        self._tells.suppression_changed.emit(f"{removed:,} taken off the list")

    async def export(self, account: str, path: Path) -> None:
        """Writes the list as a file."""
        from trackly_desktop.reports.results_export import write_suppression_list

        try:
            rows = await self._service.read(lambda reader: write_suppression_list(reader, account, path))
        except OSError as error:
            self._tells.failed.emit(f"{paths.readable_name(path)} cannot be written: {error.strerror}")
            return
        self._tells.exported.emit(str(path), rows)


def _said(added: int, given: int, unread: int) -> str:
    words = f"{added:,} put on the list"
    if given > added:
        words += f"; {given - added:,} were on it already"
    return words + (f"; {unread:,} rows have no phone number that can be read" if unread else "")
