"""Jobs for files: open, validate, correct, and the presets of their mappings."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from trackly_desktop.files.table import FileProblem, FormatOptions
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.system import paths
from trackly_desktop.system.private_files import write_private
from trackly_desktop.worker.bridge import BATCH_SECONDS, Bridge, Jobs, job
from trackly_desktop.worker.deliveries import ActiveDeliveries
from trackly_desktop.worker.events import FileOpened

if TYPE_CHECKING:
    from trackly_desktop.accounts.accounts import Account
    from trackly_desktop.mapping.column_mapping import ColumnMapping
    from trackly_desktop.service.review import Review
    from trackly_desktop.validation.corrections import Fix
    from trackly_desktop.validation.file_validation import ValidationRequest, ValidationResult
    from trackly_desktop.validation.subprocess_job import FileJobProcess


class FileJobs(Jobs):
    """Works on one file at a time: a newer job drops the results of an older one."""

    progressed = Signal(int)
    """Rows read so far, at most 20 times a second."""
    opened = Signal(object)
    """A `FileOpened`."""
    validated = Signal(object)
    """A `Review`, after validation or a correction."""
    members_fetched = Signal(int, int)
    """Unsubscribed members fetched so far, and all of them."""
    failed = Signal(str)
    """The file could not be opened or validated."""
    fingerprint_checked = Signal(object, bool)
    """A `Review`, and whether its file is as it was validated."""
    exported = Signal(str, int)
    """A file that was written, and 0."""
    preset_applied = Signal(object)
    """The `ColumnMapping` with the preset's choices."""
    preset_imported = Signal(str)
    """The preset's name."""

    def __init__(self, bridge: Bridge, deliveries: ActiveDeliveries) -> None:
        super().__init__(bridge)
        self._deliveries = deliveries
        self._process: FileJobProcess | None = None
        self._latest_job = 0
        self._correcting = asyncio.Lock()

    # The file

    @job
    async def open(self, path: Path, choice: FormatOptions, account: Account) -> None:
        """Open and inspect a file: `opened` or `failed`.

        Custom fields are named as the account's earlier imports name them.
        """
        await self._open(path, choice, account)

    @job
    async def open_text(self, text: str, path: Path, account: Account) -> None:
        """Write a pasted table to a file of its own, and open that: as `open`."""
        try:
            await asyncio.to_thread(write_private, path, text)
        except OSError as error:
            self.failed.emit(f"The table cannot be kept on this disk: {error.strerror}")
            return
        await self._open(path, FormatOptions(), account)

    @job
    async def delete_pasted(self) -> None:
        """Delete the file of a pasted table, once it is in the journal."""
        await asyncio.to_thread(lambda: paths.pasted_path().unlink(missing_ok=True))

    @job
    async def validate(self, request: ValidationRequest) -> None:
        """Validate every row into a draft: `validated` or `failed`.

        `progressed` and `members_fetched` come before.
        """
        job_id = self._new_job()
        await self._discard_drafts()

        async def validate(request: ValidationRequest) -> ValidationResult:
            return await self._file_process().validate_file(request, self._progress(job_id))

        def report_members(fetched: int, total: int) -> None:
            if self._is_latest(job_id):
                self.members_fetched.emit(fetched, total)

        try:
            review = await self._service.validate(request, validate, report_members)
        except (FileProblem, JournalProblem) as problem:
            if self._is_latest(job_id):
                self.failed.emit(str(problem))
            return
        if self._is_latest(job_id):
            self.validated.emit(review)

    @job
    async def fix(self, review: Review, fix: Fix) -> None:
        """Correct rows of a draft, and validate these again: `validated`."""
        from trackly_desktop.validation.corrections import apply_fix

        async def correct(job_id: int) -> ValidationResult:
            run_id, journal, history_key = (
                review.result.run_id,
                self._bridge.journal_path,
                await self._service.history_key(),
            )
            if fix.keys is not None and len(fix.keys) == 1:
                return await asyncio.to_thread(apply_fix, journal, run_id, fix, lambda _rows: None, history_key)
            return await self._file_process().fix(journal, run_id, fix, history_key, self._progress(job_id))

        await self._correct(review, correct)

    @job
    async def undo(self, review: Review) -> None:
        """Undo the last correction of a draft: `validated`."""
        from trackly_desktop.validation.corrections import undo_correction

        async def undo(job_id: int) -> ValidationResult:
            run_id, journal, history_key = (
                review.result.run_id,
                self._bridge.journal_path,
                await self._service.history_key(),
            )
            last = review.result.last_correction
            if last is not None and last.rows == 1:
                return await asyncio.to_thread(undo_correction, journal, run_id, history_key)
            return await self._file_process().undo(journal, run_id, history_key, self._progress(job_id))

        await self._correct(review, undo)

    @job
    async def check_fingerprint(self, review: Review) -> None:
        """Check whether a file is still as it was validated: `fingerprint_checked`."""
        from trackly_desktop.validation.file_validation import sha256_of_file

        now = await asyncio.to_thread(sha256_of_file, Path(review.request.path))
        self.fingerprint_checked.emit(review, now == review.request.fingerprint)

    @job
    async def stop(self) -> None:
        """End the opening or validation of a file, and discard drafts."""
        self._new_job()
        self.end()
        await self._discard_drafts()

    @job
    async def save_sample(self, path: Path, account: Account) -> None:
        """Write a sample file with the account's custom fields: `exported`."""
        from trackly_desktop.reports.sample_file import write_sample

        custom = await self._custom_fields(account)
        await self._write(path, lambda: write_sample(path, custom, account.region))

    # Presets

    @job
    async def save_preset(self, name: str, mapping: ColumnMapping) -> None:
        """Save a mapping under a name."""
        from trackly_desktop.mapping.presets import Presets

        await asyncio.to_thread(Presets().save, name, mapping)

    @job
    async def export_preset(self, name: str, path: Path) -> None:
        """Write a preset to a file: `exported`."""
        from trackly_desktop.mapping.column_mapping import MappingProblem
        from trackly_desktop.mapping.presets import Presets

        try:
            await self._write(path, lambda: Presets().export(name, path))
        except MappingProblem as problem:
            self._bridge.failed.emit(str(problem))

    @job
    async def import_preset(self, path: Path) -> None:
        """Save the preset of a file: `preset_imported`."""
        from trackly_desktop.mapping.column_mapping import MappingProblem
        from trackly_desktop.mapping.presets import Presets

        try:
            self.preset_imported.emit(await asyncio.to_thread(Presets().import_file, path))
        except MappingProblem as problem:
            self._bridge.failed.emit(str(problem))
        except OSError as error:
            self._bridge.failed.emit(f"{paths.readable_name(path)} cannot be read: {error.strerror}")

    @job
    async def apply_preset(self, name: str, suggested: ColumnMapping) -> None:
        """Apply a preset to a suggested mapping: `preset_applied`."""
        from trackly_desktop.mapping.column_mapping import MappingProblem
        from trackly_desktop.mapping.presets import Presets

        try:
            self.preset_applied.emit(await asyncio.to_thread(Presets().apply, name, suggested))
        except MappingProblem as problem:
            self._bridge.failed.emit(str(problem))

    # The end, called by the bridge

    def end(self) -> None:
        """End the process that works on a file."""
        if self._process is not None:
            self._process.stop()

    def release(self) -> None:
        """End the threads that wait for the process; blocks."""
        if self._process is not None:
            self._process.close()

    # In the loop

    async def _correct(self, review: Review, correct: Callable[[int], Awaitable[ValidationResult]]) -> None:
        """Change a draft's rows after the changes before have ended: `validated`."""
        job_id = self._new_job()
        async with self._correcting:
            result = await correct(job_id)
        before = review.result
        result = dataclasses.replace(
            result, consent_values=before.consent_values, addresses=before.addresses, members=before.members
        )
        fixed = await self._service.review(review.request, result, unsubscribes_known=review.unsubscribes_known)
        if self._is_latest(job_id):
            self.validated.emit(fixed)

    async def _open(self, path: Path, choice: FormatOptions, account: Account) -> None:
        from trackly_desktop.mapping.column_aliases import system_of
        from trackly_desktop.mapping.column_mapping import suggest_mapping
        from trackly_desktop.mapping.custom_names import style_of
        from trackly_desktop.mapping.presets import Presets

        job_id = self._new_job()
        try:
            file = await self._file_process().inspect_file(path, choice, self._progress(job_id))
        except FileProblem as problem:
            if self._is_latest(job_id):
                self.failed.emit(str(problem))
            return
        presets = Presets()
        style = style_of([*await self._custom_fields(account)])
        suggested = suggest_mapping(file.header, file.profiles, style, unnamed=file.how.unnamed_columns)
        remembered = await asyncio.to_thread(presets.for_header, file.header, suggested)
        names = await asyncio.to_thread(presets.names)
        if self._is_latest(job_id):
            mapping, system = remembered or suggested, system_of(file.header)
            self.opened.emit(FileOpened(file, choice, mapping, remembered is not None, names, system))

    async def _custom_fields(self, account: Account) -> dict[str, str]:
        return await self._service.journal.read(lambda reader: reader.custom_fields(account.id, account.base_url))

    async def _discard_drafts(self) -> None:
        await self._service.journal.write(lambda journal: journal.discard_drafts(self._deliveries.run_ids()))

    async def _write(self, path: Path, write: Callable[[], None]) -> None:
        with self._writing(path):
            await asyncio.to_thread(write)
            self.exported.emit(str(path), 0)

    def _file_process(self) -> FileJobProcess:
        from trackly_desktop.validation.subprocess_job import FileJobProcess

        if self._process is None:
            self._process = FileJobProcess()
        return self._process

    def _new_job(self) -> int:
        self._latest_job += 1
        return self._latest_job

    def _is_latest(self, job_id: int) -> bool:
        """Return whether nothing newer was asked for since."""
        return job_id == self._latest_job

    def _progress(self, job_id: int) -> Callable[[int], None]:
        last = 0.0

        def progress(rows: int) -> None:
            nonlocal last
            now = asyncio.get_running_loop().time()
            if now - last >= BATCH_SECONDS and self._is_latest(job_id):
                last = now
                self.progressed.emit(rows)

        return progress
