"""Jobs that search rows, write reports, remove expired data, and read app info."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery.progress import shown_counts
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.messages import answer_text, codes_with_text
from trackly_desktop.worker.bridge import Jobs, job
from trackly_desktop.worker.events import RowsFound

if TYPE_CHECKING:
    from trackly_desktop.accounts.accounts import Accounts
    from trackly_desktop.journal.queries import JournalReader, RowScope
    from trackly_desktop.validation.row_validator import IssueKind

_BETWEEN_REMOVALS = 6 * 3600.0
"""Seconds."""


class QueryJobs(Jobs):
    """Searches rows, and writes reports of them."""

    rows_found = Signal(int, object)
    """The request's id, and a `RowsFound`."""
    exported = Signal(str, int)
    """A file, and the rows written to it."""
    record_written = Signal(str, object)
    """A file, and the audit record in it."""
    version_fetched = Signal(int, str)
    """The request's id, and the newest version's number."""
    version_failed = Signal(int, str)
    """The request's id, and why the newest version is not known."""
    licenses_read = Signal(object)
    """Licenses of the libraries in this program."""

    @job
    async def find_rows(self, request_id: int, scope: RowScope | int, outcome: Outcome | None, text: str) -> None:
        """Find rows by outcome (None: any) and text: `rows_found`, with counts."""

        def search(reader: JournalReader) -> RowsFound:
            twice = reader.could_text_twice(scope) if outcome is Outcome.UNKNOWN else 0
            keys = reader.keys(scope, outcome, text, codes_with_text(text))
            return RowsFound(keys, shown_counts(reader.counts(scope)), twice)

        self.rows_found.emit(request_id, await self._service.journal.read(search))

    @job
    async def find_issues(self, request_id: int, run_id: int, kind: IssueKind) -> None:
        """Find a draft's rows with one kind of issue: `rows_found`."""
        await self._find_keys(
            request_id, lambda reader: reader.keys_with_issue(run_id, lambda issue: issue.kind == kind)
        )

    @job
    async def find_duplicates(self, request_id: int, run_id: int) -> None:
        """Find a draft's rows whose person has more than one: `rows_found`."""
        await self._find_keys(request_id, lambda reader: reader.duplicate_keys(run_id))

    @job
    async def export(self, run_id: int, path: Path, *, to_fix: bool) -> None:
        """Write results, or the rows to fix, to a file: `exported`."""
        from trackly_desktop.reports import results_export

        write = results_export.write_rows_to_fix if to_fix else results_export.write_results
        with self._writing(path):
            rows = await self._service.journal.read(lambda reader: write(reader, run_id, path))
            self.exported.emit(str(path), rows)

    @job
    async def write_record(self, run_id: int, path: Path) -> None:
        """Write a run's audit record as JSON: `record_written`."""
        from trackly_desktop.reports import audit_record

        with self._writing(path):
            record = await self._service.journal.read(lambda reader: audit_record.write_record(reader, run_id, path))
            self.record_written.emit(str(path), record)

    @job
    async def remove_expired(self, accounts: Accounts) -> None:
        """Remove personal data that was kept long enough, now and every six hours."""
        from trackly_desktop.service.retention_service import remove_expired

        while True:
            with contextlib.suppress(JournalProblem, sqlite3.Error):  # the next job that writes reports it
                if await remove_expired(self._bridge.journal_path, self._bridge.keys, accounts.all()):
                    self._bridge.rows_recorded.emit()
            await asyncio.sleep(_BETWEEN_REMOVALS)

    @job
    async def fetch_newest_version(self, request_id: int, url: str) -> None:
        """Ask a URL for the newest version: `version_fetched` or `version_failed`."""
        from trackly_desktop.api.version_check import VersionCheckProblem, fetch_newest_version

        try:
            self.version_fetched.emit(request_id, await fetch_newest_version(url))
        except VersionCheckProblem as problem:
            self.version_failed.emit(request_id, answer_text(problem.fault, str(problem)))

    @job
    async def read_licenses(self) -> None:
        """Read the licenses of the libraries in this program: `licenses_read`."""
        from trackly_desktop.system import third_party_licenses

        self.licenses_read.emit(await asyncio.to_thread(third_party_licenses.read_licenses))

    async def _find_keys(self, request_id: int, keys: Callable[[JournalReader], array[int]]) -> None:
        self.rows_found.emit(request_id, RowsFound(await self._service.journal.read(keys), {}))
