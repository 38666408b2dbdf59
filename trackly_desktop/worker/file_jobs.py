"""What the worker does with files: opening, checking, correcting, presets. The worker's signals tell what came of it."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from trackly_desktop.files.table import FileProblem, FormatOptions
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.system import paths
from trackly_desktop.system.private_files import write_private
from trackly_desktop.validation.subprocess_job import FileJobProcess
from trackly_desktop.worker.events import BATCH_SECONDS, FileOpened, Review, RowsFound, review_of

if TYPE_CHECKING:
    from trackly_desktop.accounts.accounts import Account
    from trackly_desktop.mapping.column_mapping import ColumnMapping
    from trackly_desktop.service.import_service import ImportService
    from trackly_desktop.validation.corrections import Fix
    from trackly_desktop.validation.file_validation import ValidationRequest
    from trackly_desktop.worker.bridge import ApiWorker


class FileJobs:
    """One file at a time: what is asked of a newer one silences the older."""

    def __init__(
        self, tells: ApiWorker, session: ImportService, journal: Path, running: Callable[[], Iterable[int]]
    ) -> None:
        """`tells` has the signals; `running` are the runs under way, whose drafts are none."""
        self._tells, self._service, self._journal, self._running = tells, session, journal, running
        self._process_job = FileJobProcess()
        self._jobs = 0

    def end(self) -> None:
        """Ends what is under way."""
        self._process_job.stop()

    def close(self) -> None:
        """Ends the threads that wait for it."""
        self._process_job.close()

    async def open(self, path: Path, choice: FormatOptions, account: Account) -> None:
        """Opens and looks through a file."""
        from trackly_desktop.mapping.column_aliases import system_of
        from trackly_desktop.mapping.column_mapping import suggest_mapping
        from trackly_desktop.mapping.custom_names import style_of
        from trackly_desktop.mapping.presets import Presets

        job = self._new_job()
        try:
            opened = await self._process_job.inspect_file(path, choice, self._progress(job))
        except FileProblem as problem:
            words = str(problem)
            self._tell(job, lambda: self._tells.file_failed.emit(words))
            return
        custom = await self._service.read(lambda reader: reader.custom_fields(account.id, account.base_url))
        presets = Presets()
        suggested = suggest_mapping(opened.header, opened.profiles, style_of(list(custom)))
        kept = await asyncio.to_thread(presets.for_header, opened.header, suggested)
        names = await asyncio.to_thread(presets.names)
        news = FileOpened(opened, choice, kept or suggested, kept is not None, names, system_of(opened.header))
        self._tell(job, lambda: self._tells.file_opened.emit(news))

    async def open_text(self, text: str, path: Path, account: Account) -> None:
        """Opens a table that was pasted."""
        try:
            await asyncio.to_thread(write_private, path, text)
        except OSError as error:
            self._tells.file_failed.emit(f"The table cannot be kept on this disk: {error.strerror}")
            return
        await self.open(path, FormatOptions(), account)

    async def save_sample(self, path: Path, account: Account) -> None:
        """Writes a file with the account's own columns."""
        from trackly_desktop.reports.sample_file import write_sample

        custom = await self._service.read(lambda reader: reader.custom_fields(account.id, account.base_url))
        await self._write(path, lambda: write_sample(path, custom, account.region))

    async def _write(self, path: Path, write: Callable[[], None]) -> None:
        try:
            await asyncio.to_thread(write)
        except OSError as error:
            self._tells.failed.emit(f"{paths.readable_name(path)} cannot be written: {error.strerror}")
            return
        self._tells.exported.emit(str(path), 0)

    async def fix(self, review: Review, fix: Fix) -> None:
        """Changes rows of a checked file."""
        from trackly_desktop.validation.corrections import apply_fix

        job, run = self._new_job(), review.checked.run
        progress, key = self._progress(job), await self._service.history_key()
        if fix.keys is not None and len(fix.keys) == 1:
            checked = await asyncio.to_thread(apply_fix, self._journal, run, fix, lambda _rows: None, key)
        else:
            checked = await self._process_job.fix(self._journal, run, fix, key, progress)
        before = review.checked
        checked = dataclasses.replace(
            checked, consent_values=before.consent_values, addresses=before.addresses, members=before.members
        )
        fixed = await self._service.read(
            lambda reader: review_of(reader, review.request, checked, is_told=review.is_told)
        )
        self._tell(job, lambda: self._tells.file_checked.emit(fixed))

    async def find_problems(self, request_id: int, run: int, kind: str) -> None:
        """The rows with one kind of problem."""
        from trackly_desktop.validation.corrections import has_kind

        found = await self._service.read(
            lambda reader: reader.keys_where(run, lambda problems: has_kind(problems, kind))
        )
        self._tells.rows_found.emit(request_id, RowsFound(found, {}))

    async def find_duplicates(self, request_id: int, run: int) -> None:
        """The rows of people who come more than once."""
        found = await self._service.read(lambda reader: reader.duplicate_keys(run))
        self._tells.rows_found.emit(request_id, RowsFound(found, {}))

    async def ask(self, review: Review) -> None:
        """Whether the file is still as it was checked."""
        from trackly_desktop.validation.file_validation import sha256_of_file

        now = await asyncio.to_thread(sha256_of_file, Path(review.request.path))
        self._tells.file_stands.emit(review, now == review.request.fingerprint)

    async def check(self, request: ValidationRequest) -> None:
        """Checks every row into a draft, and asks the account whom it must not be sent for."""
        job = self._new_job()
        await self._service.in_journal(lambda journal: journal.discard_drafts(self._running()))
        request = dataclasses.replace(request, history_key=await self._service.history_key())
        try:
            checked = await self._process_job.validate_file(request, self._progress(job))
        except (FileProblem, JournalProblem) as problem:
            words = str(problem)
            self._tell(job, lambda: self._tells.file_failed.emit(words))
            return

        def asked(got: int, of: int) -> None:
            self._tell(job, lambda: self._tells.people_asked.emit(got, of))

        checked, is_told = await self._service.hold_back(request, checked, asked)
        review = await self._service.read(lambda reader: review_of(reader, request, checked, is_told=is_told))
        self._tell(job, lambda: self._tells.file_checked.emit(review))

    async def stop(self) -> None:
        """Ends what is under way, and throws drafts away."""
        self._new_job()
        self._process_job.stop()
        await self._service.in_journal(lambda journal: journal.discard_drafts(self._running()))

    def _new_job(self) -> int:
        self._jobs += 1
        return self._jobs

    def _tell(self, job: int, tell: Callable[[], None]) -> None:
        if job == self._jobs:  # else something newer has been asked
            tell()

    def _progress(self, job: int) -> Callable[[int], None]:
        last = 0.0

        def progress(rows: int) -> None:
            nonlocal last
            now = asyncio.get_running_loop().time()
            if now - last >= BATCH_SECONDS:
                last = now
                self._tell(job, lambda: self._tells.file_progress.emit(rows))

        return progress

    async def save_preset(self, name: str, mapping: ColumnMapping) -> None:
        """Keeps a mapping under a name."""
        from trackly_desktop.mapping.presets import Presets

        await asyncio.to_thread(Presets().save, name, mapping)

    async def share_preset(self, name: str, path: Path) -> None:
        """Writes a preset to a file."""
        from trackly_desktop.mapping.column_mapping import MappingProblem
        from trackly_desktop.mapping.presets import Presets

        try:
            await self._write(path, lambda: Presets().export(name, path))
        except MappingProblem as problem:
            self._tells.failed.emit(str(problem))

    async def take_preset(self, path: Path) -> None:
        """Keeps the preset of a file."""
        from trackly_desktop.mapping.column_mapping import MappingProblem
        from trackly_desktop.mapping.presets import Presets

        try:
            self._tells.preset_taken.emit(await asyncio.to_thread(Presets().import_file, path))
        except MappingProblem as problem:
            self._tells.failed.emit(str(problem))
        except OSError as error:
            self._tells.failed.emit(f"{paths.readable_name(path)} cannot be read: {error.strerror}")

    async def apply_preset(self, name: str, suggested: ColumnMapping) -> None:
        """What a preset makes of the columns."""
        from trackly_desktop.mapping.column_mapping import MappingProblem
        from trackly_desktop.mapping.presets import Presets

        try:
            self._tells.preset_applied.emit(await asyncio.to_thread(Presets().apply, name, suggested))
        except MappingProblem as problem:
            self._tells.failed.emit(str(problem))
