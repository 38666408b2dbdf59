"""ApiWorker: the one bridge between the window and everything that takes time.

A QThread with an asyncio loop. What is asked goes in by `call_soon_threadsafe`; news comes out as queued signals, at most
20 batches a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import sqlite3
import threading
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QThread, Signal

from trackly_desktop.accounts.accounts import Account, Accounts
from trackly_desktop.accounts.credentials import CredentialStore, KeyringUnavailable
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery.progress import shown_counts
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.journal.models import State
from trackly_desktop.messages import answer_text, wait_text
from trackly_desktop.system import logs, paths
from trackly_desktop.system.run_lock import RunBusy
from trackly_desktop.worker.events import BATCH_SECONDS, ContactSettled, PersonFound, RowsFound

if TYPE_CHECKING:
    from trackly_desktop.contacts.contact import Contact
    from trackly_desktop.delivery.engine import Delivery
    from trackly_desktop.delivery.progress import RunEnd
    from trackly_desktop.files import table
    from trackly_desktop.journal.queries import JournalReader
    from trackly_desktop.journal.resolutions import UnknownResolution
    from trackly_desktop.mapping.column_mapping import ColumnMapping
    from trackly_desktop.service.import_service import ImportService
    from trackly_desktop.validation.corrections import Fix
    from trackly_desktop.validation.file_validation import ValidationRequest
    from trackly_desktop.worker.events import Review

# What needs httpx, keyring and asyncio's servers is imported in the thread: the first window waits for none of it.

TO_ANSWER = 5.0
"""Seconds that requests in flight have to be answered when the program ends."""

_BETWEEN_TIDYING = 6 * 3600.0

_log = logging.getLogger(__name__)


class ApiWorker(QThread):
    """Started once; `stop` it, and wait for `finished`. Every method returns at once; the signals tell the rest."""

    account_opened = Signal(object)
    key_kept = Signal(object, bool)
    key_checked = Signal(object, object)
    key_failed = Signal(object, str)

    person_found = Signal(int, object)
    contact_waits = Signal(int, str)
    contact_settled = Signal(int, object)
    contact_failed = Signal(int, str)
    contact_held = Signal(int, object)
    suppression_changed = Signal(str)

    file_progress = Signal(int)
    file_opened = Signal(object)
    file_checked = Signal(object)
    people_asked = Signal(int, int)
    file_failed = Signal(str)
    preset_applied = Signal(object)
    preset_taken = Signal(str)
    file_stands = Signal(object, bool)

    run_started = Signal(int)
    run_progress = Signal(object)
    run_summed = Signal(int, object, object)
    run_ended = Signal(int, object)
    run_failed = Signal(int, str)
    rows_recorded = Signal()

    rows_found = Signal(int, object)
    exported = Signal(str, int)
    record_written = Signal(str, object)
    newest_told = Signal(int, str)
    newest_failed = Signal(int, str)
    notices_read = Signal(object)
    failed = Signal(str)

    def __init__(self, journal: Path, *, only_post: bool = False) -> None:
        """`only_post`: the practice account's server knows nothing but the one endpoint."""
        super().__init__()
        self._journal_path = journal
        self._only_post = only_post
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: list[Callable[[], Coroutine[Any, Any, None]]] = []
        self._gate = threading.Lock()
        self._stopping: asyncio.Event | None = None
        self._keys = CredentialStore()
        self._deliveries: dict[int, Delivery] = {}
        self._contact_runs: dict[int, Delivery] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._told = True

    # Called by the window

    def stop(self) -> None:
        """Takes no more rows, lets what is in flight be answered, records it, and ends the thread."""
        with self._gate:
            if self._loop is not None and self._stopping is not None:
                self._loop.call_soon_threadsafe(self._stopping.set)
            else:
                self._waiting.append(self._stop_at_once)

    def open_account(self, account: Account, *, anew: bool = False) -> None:
        """Asks what the account's server can do: `account_opened`."""
        self._post(lambda: self._accounts.open(account, anew))

    def save_accounts(self, accounts: Accounts) -> None:
        """Writes the accounts."""
        snapshot = accounts.snapshot()
        self._post(lambda: self._in_thread(lambda: accounts.save(snapshot)))

    def keep_key(self, account: Account, key: str) -> None:
        """Puts a key into the keyring: `key_kept`, and whether it will be there next time; or `key_failed`."""
        self._post(lambda: self._accounts.keep_key(account, key))

    def forget_key(self, account: Account) -> None:
        """Takes a key out of the keyring."""
        self._post(lambda: self._accounts.forget_key(account))

    def check_key(self, account: Account, key: str | None = None) -> None:
        """Whether the server accepts this key, or else the one that is kept: `key_checked` or `key_failed`."""
        self._post(lambda: self._accounts.check_key(account, key))

    def find_person(self, request_id: int, account: Account, phone: str, list_number: str) -> None:
        """How a person stands to a list: `person_found`."""
        self._post(lambda: self._find_person(request_id, account, phone, list_number))

    def add_contact(self, request_id: int, account: Account, contact: Contact, *, typed_again: bool = False) -> None:
        """Journals and sends one contact: `contact_settled` or `contact_failed`; `contact_waits` meanwhile.

        `contact_held`, and nothing is sent, for whoever must not be texted; who only unsubscribed is added when the number
        was `typed_again`.
        """
        self._post(lambda: self._add_contact(request_id, account, contact, typed_again))

    def suppress(self, account: str, phones: Sequence[str], source: str) -> None:
        """Puts numbers on an account's do-not-text list: `protected_changed`."""
        self._post(lambda: self._people.suppress(account, phones, source))

    def suppress_file(self, account: Account, path: Path) -> None:
        """Puts every phone number of a file on the do-not-text list: `protected_changed` or `failed`."""
        self._post(lambda: self._people.suppress_file(account, path))

    def unsuppress(self, account: str, phones: Sequence[str]) -> None:
        """Takes numbers off the do-not-text list: `protected_changed`."""
        self._post(lambda: self._people.unsuppress(account, phones))

    def export_suppression_list(self, account: str, path: Path) -> None:
        """Writes the do-not-text list as a file: `exported` or `failed`."""
        self._post(lambda: self._people.export(account, path))

    def cancel_contact(self, request_id: int) -> None:
        """Gives up waiting to send one contact."""
        self._post(lambda: self._cancel_contact(request_id))

    def open_file(self, path: Path, choice: table.FormatOptions, account: Account) -> None:
        """Opens and looks through a file: `file_opened` or `file_failed`. Custom fields are named as the account does."""
        self._post(lambda: self._files.open(path, choice, account))

    def open_text(self, text: str, path: Path, account: Account) -> None:
        """Opens a table that was pasted, once it is in a file of its own: as `open_file`."""
        self._post(lambda: self._files.open_text(text, path, account))

    def forget_pasted(self) -> None:
        """Deletes the table that was pasted: it is in the journal now, or not wanted any more."""
        self._post(lambda: self._in_thread(lambda: paths.pasted_path().unlink(missing_ok=True)))

    def save_sample(self, path: Path, account: Account) -> None:
        """Writes a file with the account's own columns: `exported` or `failed`."""
        self._post(lambda: self._files.save_sample(path, account))

    def validate_file(self, request: ValidationRequest) -> None:
        """Checks every row into a draft: `file_progress`, then `file_checked` or `file_failed`."""
        self._post(lambda: self._files.check(request))

    def fix(self, review: Review, fix: Fix) -> None:
        """Changes rows of a checked file, and checks these again: `file_checked`, or `failed`."""
        self._post(lambda: self._files.fix(review, fix))

    def find_problems(self, request_id: int, run: int, kind: str) -> None:
        """The keys of the rows with this kind of problem: `rows_found`."""
        self._post(lambda: self._files.find_problems(request_id, run, kind))

    def find_duplicates(self, request_id: int, run: int) -> None:
        """The keys of the rows of people who come more than once: `rows_found`."""
        self._post(lambda: self._files.find_duplicates(request_id, run))

    def ask_file(self, review: Review) -> None:
        """Whether a checked file is still as it was checked: `file_stands`."""
        self._post(lambda: self._files.ask(review))

    def stop_file(self) -> None:
        """Ends the opening or checking of a file, and throws drafts away."""
        self._post(lambda: self._files.stop())

    def save_preset(self, name: str, mapping: ColumnMapping) -> None:
        """Keeps a mapping under a name."""
        self._post(lambda: self._files.save_preset(name, mapping))

    def share_preset(self, name: str, path: Path) -> None:
        """Writes a preset to a file: `exported` or `failed`."""
        self._post(lambda: self._files.share_preset(name, path))

    def take_preset(self, path: Path) -> None:
        """Keeps the preset of a file: `preset_taken` or `failed`."""
        self._post(lambda: self._files.take_preset(path))

    def apply_preset(self, name: str, suggested: ColumnMapping) -> None:
        """What a preset makes of a file's columns: `preset_applied` or `failed`."""
        self._post(lambda: self._files.apply_preset(name, suggested))

    def start_run(
        self,
        run: int,
        confirmed: str = "",
        *,
        pause_after: int | None = None,
        remember: ColumnMapping | None = None,
        old_signups_before: int | None = None,
    ) -> None:
        """Delivers a draft, or a run that stopped: `run_started`, `run_progress`, `run_ended` or `run_failed`.

        `calm_before`: no journeys are started for rows that signed up before that day.
        """
        self._post(lambda: self._begin_run(run, confirmed, pause_after, remember, old_signups_before))

    def pause_run(self, run: int) -> None:
        """Nothing more leaves until `continue_run`."""
        self._tell_run(run, lambda delivery: delivery.control.pause())

    def continue_run(self, run: int) -> None:
        """Ends a pause."""
        self._tell_run(run, lambda delivery: delivery.control.resume())

    def cancel_run(self, run: int) -> None:
        """Ends a run; unsent rows stay pending."""
        self._tell_run(run, lambda delivery: delivery.control.cancel())

    def resolve_rows(self, keys: Sequence[int], choice: UnknownResolution | None) -> None:
        """Settles unknown rows, or (None) makes refused ones pending again; what is to be sent is sent: `run_started` …"""
        self._post(lambda: self._resolve_rows(keys, choice))

    def undo_run(self, run: int) -> None:
        """Takes everybody off the list whom a run newly added: a run of its own, `run_started` …, or `failed`."""
        self._post(lambda: self._undo_run(run))

    def change_list(self, run: int, old: str, new: str) -> None:
        """Goes on with a run whose list there is not, with another list."""
        self._post(lambda: self._change_list(run, old, new))

    def find_rows(self, request_id: int, run: int, outcome: Outcome | None, text: str) -> None:
        """The keys of the rows that match: `rows_found`."""
        self._post(lambda: self._find_rows(request_id, run, outcome, text))

    def export(self, run: int, path: Path, *, to_fix: bool) -> None:
        """Writes results, or the rows to fix: `exported` or `failed`."""
        self._post(lambda: self._export(run, path, to_fix))

    def tidy(self, accounts: Accounts) -> None:
        """Removes personal data that has been kept long enough, now and every few hours."""
        self._post(lambda: self._tidy(accounts))

    def delete_run(self, run: int) -> None:
        """Removes a run and all its rows: `rows_recorded`, or `failed`."""
        self._post(lambda: self._delete_run(run))

    def write_record(self, run: int, path: Path) -> None:
        """Writes a run's proof record as JSON: `record_written` or `failed`."""
        self._post(lambda: self._write_record(run, path))

    def fetch_newest_version(self, request_id: int, address: str) -> None:
        """Asks an address for the newest version's number: `newest_told` or `newest_failed`."""
        self._post(lambda: self._ask_newest(request_id, address))

    def read_notices(self) -> None:
        """Whose work is in this program: `notices_read`."""
        self._post(self._read_notices)

    @property
    def has_jobs(self) -> bool:
        """Whether a contact or a run is being delivered."""
        return bool(self._deliveries)

    # In the thread

    def run(self) -> None:
        """The thread's own: the loop, until `stop`."""
        asyncio.run(self._live())

    async def _live(self) -> None:
        from trackly_desktop.service.import_service import ImportService
        from trackly_desktop.worker.account_jobs import AccountJobs
        from trackly_desktop.worker.file_jobs import FileJobs
        from trackly_desktop.worker.suppression_jobs import SuppressionJobs

        self._service: ImportService = ImportService(self._journal_path, self._keys, only_post=self._only_post)
        self._accounts = AccountJobs(self, self._service, self._keys)
        self._people = SuppressionJobs(self, self._service, self._journal_path)
        self._files = FileJobs(self, self._service, self._journal_path, lambda: self._deliveries)
        stopping = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        with self._gate:
            self._loop, self._stopping = asyncio.get_running_loop(), stopping
            waiting, self._waiting = self._waiting, []
        for job in waiting:
            self._begin(job)
        await stopping.wait()
        await self._end_all()

    async def _stop_at_once(self) -> None:
        if self._stopping is not None:
            self._stopping.set()

    async def _end_all(self) -> None:
        for delivery in [*self._deliveries.values()]:
            delivery.control.quit()
        self._files.end()
        await self._deliveries_end(TO_ANSWER)
        for delivery in [*self._deliveries.values()]:
            delivery.control.abandon()
        await self._deliveries_end(TO_ANSWER)
        for task in [*self._tasks]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self._files.close)
        await self._service.close()
        with self._gate:
            self._loop = None

    async def _deliveries_end(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._idle.wait()

    def _post(self, job: Callable[[], Coroutine[Any, Any, None]]) -> None:
        with self._gate:
            if self._loop is None:
                self._waiting.append(job)
            else:
                self._loop.call_soon_threadsafe(self._begin, job)

    def _tell_run(self, run: int, ask: Callable[[Delivery], None]) -> None:
        async def job() -> None:
            if run in self._deliveries:
                ask(self._deliveries[run])

        self._post(job)

    def _begin(self, job: Callable[[], Coroutine[Any, Any, None]]) -> None:
        task = asyncio.get_running_loop().create_task(self._guarded(job))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, job: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """What nobody foresaw goes to the log, without what it was about; the operator is told where that is."""
        try:
            await job()
        except (JournalProblem, sqlite3.Error) as error:
            _log.error("journal: %s", type(error).__name__)
            self.failed.emit(f"The journal cannot be used: {error}")
        except Exception as error:
            logs.log_unexpected(error)
            self.failed.emit("Something went wrong that the program did not foresee; the log says where")

    async def _in_thread(self, work: Callable[[], None]) -> None:
        await asyncio.to_thread(work)

    # This program

    async def _ask_newest(self, request_id: int, address: str) -> None:
        from trackly_desktop.api.version_check import VersionCheckProblem, fetch_newest_version

        try:
            self.newest_told.emit(request_id, await fetch_newest_version(address))
        except VersionCheckProblem as problem:
            self.newest_failed.emit(request_id, answer_text(problem.fault, str(problem)))

    async def _read_notices(self) -> None:
        from trackly_desktop.system import third_party_licenses

        self.notices_read.emit(await asyncio.to_thread(third_party_licenses.read_licenses))

    # One contact

    async def _find_person(self, request_id: int, account: Account, phone: str, list_number: str) -> None:
        self.person_found.emit(request_id, await self._person(account, phone, list_number))

    async def _person(self, account: Account, phone: str, list_number: str) -> PersonFound:
        from trackly_desktop.api.contact_lookup import look_up_membership
        from trackly_desktop.api.urls import UrlProblem
        from trackly_desktop.service.import_service import MissingKey

        membership = None
        try:
            connection = await self._service.connect(account.id, account.base_url)
            if connection.capabilities.supports_lookup:
                membership = await look_up_membership(connection.client, phone, list_number)
        except (MissingKey, KeyringUnavailable, UrlProblem):
            membership = None
        key = await self._service.history_key()
        return await self._service.read(
            lambda reader: PersonFound(
                phone,
                list_number,
                membership,
                reader.previous_add(phone, list_number, account.id, account.base_url, key),
                reader.is_suppressed(account.id, phone),
            )
        )

    async def _add_contact(self, request_id: int, account: Account, contact: Contact, typed_again: bool) -> None:
        from trackly_desktop.api.contact_lookup import MembershipStatus

        try:
            person = await self._person(account, contact.phone_number, contact.list_number)
        except (JournalProblem, sqlite3.Error) as error:
            self.contact_failed.emit(request_id, f"The journal cannot be read, so nothing was sent: {error}")
            return
        if person.is_suppressed or (person.membership is MembershipStatus.UNSUBSCRIBED and not typed_again):
            self.contact_held.emit(request_id, person)
            return
        try:
            await self._service.save_membership(account, contact, person.membership)
            run = await self._service.add_single(account, contact, typed_again=typed_again)
            end = await self._delivered(run, request_id=request_id)
            if end.state is State.STOPPED:
                # The form still has it all: this run is over, and the next try is a run of its own.
                await self._service.in_journal(lambda journal: journal.end(run, State.CANCELLED, end.stopped))
        except (JournalProblem, sqlite3.Error) as error:
            self.contact_failed.emit(request_id, f"The journal cannot be written, so nothing was sent: {error}")
            return
        row = await self._service.read(lambda reader: reader.page(reader.keys(run)))
        self.rows_recorded.emit()
        self.contact_settled.emit(request_id, ContactSettled(run, row[0], end))

    async def _cancel_contact(self, request_id: int) -> None:
        if request_id in self._contact_runs:
            self._contact_runs[request_id].control.cancel()

    # Runs

    async def _begin_run(
        self,
        run: int,
        confirmed: str,
        pause_after: int | None,
        remember: ColumnMapping | None,
        old_signups_before: int | None,
    ) -> None:
        from trackly_desktop.validation.file_validation import disable_journeys_for_old_signups

        if old_signups_before is not None:
            await asyncio.to_thread(disable_journeys_for_old_signups, self._journal_path, run, old_signups_before)
        await self._deliver_run(run, confirmed, pause_after, remember)

    async def _deliver_run(
        self, run: int, confirmed: str, pause_after: int | None, remember: ColumnMapping | None
    ) -> None:
        from trackly_desktop.mapping.presets import Presets

        if remember is not None:
            await asyncio.to_thread(Presets().remember, remember)
        self.run_started.emit(run)
        try:
            end = await self._delivered(run, confirmed=confirmed, pause_after=pause_after)
        except RunBusy as busy:
            self.run_failed.emit(run, str(busy))
            return
        successes, warnings = await self._service.read(lambda reader: (reader.successes(run), reader.warnings(run)))
        self.run_summed.emit(run, successes, warnings)
        self.run_ended.emit(run, end)

    async def _delivered(
        self, run: int, *, confirmed: str = "", request_id: int | None = None, pause_after: int | None = None
    ) -> RunEnd:
        def begun(delivery: Delivery) -> None:
            self._deliveries[run] = delivery
            self._idle.clear()
            if request_id is not None:
                self._contact_runs[request_id] = delivery
            if self._stopping is not None and self._stopping.is_set():
                delivery.control.quit()

        try:
            return await self._service.deliver(
                run, confirmed=confirmed, pause_after=pause_after, begun=begun, on_turn=self._tell_soon
            )
        finally:
            self._tell_now()
            self._deliveries.pop(run, None)
            if not self._deliveries:
                self._idle.set()
            if request_id is not None:
                self._contact_runs.pop(request_id, None)

    def _tell_soon(self) -> None:
        if self._told:
            self._told = False
            asyncio.get_running_loop().call_later(BATCH_SECONDS, self._tell_now)

    def _tell_now(self) -> None:
        self._told = True
        contacts = {id(delivery) for delivery in self._contact_runs.values()}
        for delivery in self._deliveries.values():
            if id(delivery) not in contacts:
                self.run_progress.emit(delivery.progress())
        for request_id, delivery in self._contact_runs.items():
            if words := wait_text(delivery.progress().wait, datetime.now()):
                self.contact_waits.emit(request_id, words)
        self.rows_recorded.emit()

    async def _resolve_rows(self, keys: Sequence[int], choice: UnknownResolution | None) -> None:
        from trackly_desktop.journal import resolutions, schema

        by_run: dict[int, list[int]] = {}
        for key in keys:
            by_run.setdefault(schema.run_of(key), []).append(key)
        for run, some in by_run.items():
            try:
                if choice is None:
                    await asyncio.to_thread(resolutions.try_again, self._journal_path, run, some)
                else:
                    await asyncio.to_thread(resolutions.decide_unknown, self._journal_path, run, choice, some)
            except RunBusy as busy:
                self.failed.emit(f"{busy}: wait until it ends")
                continue
            if choice in (None, resolutions.UnknownResolution.SEND_AGAIN):
                self._begin(functools.partial(self._deliver_run, run, "", None, None))
        self.rows_recorded.emit()

    async def _undo_run(self, run: int) -> None:
        from trackly_desktop.journal.undo import create_undo_run
        from trackly_desktop.validation.file_validation import current_user

        try:
            made = await asyncio.to_thread(create_undo_run, self._journal_path, run, current_user())
        except JournalProblem as problem:
            self.failed.emit(str(problem))
            return
        await self._deliver_run(made, f"Everybody whom run {run} newly added is taken off the list", None, None)

    async def _change_list(self, run: int, old: str, new: str) -> None:
        from trackly_desktop.journal import resolutions

        try:
            await asyncio.to_thread(resolutions.change_list, self._journal_path, run, old, new)
        except RunBusy as busy:
            self.run_failed.emit(run, str(busy))
            return
        await self._deliver_run(run, "", None, None)

    # The journal

    async def _find_rows(self, request_id: int, run: int, outcome: Outcome | None, text: str) -> None:
        def look(reader: JournalReader) -> RowsFound:
            twice = reader.could_text_twice(run) if outcome is Outcome.UNKNOWN else 0
            return RowsFound(reader.keys(run, outcome, text), shown_counts(reader.counts(run)), twice)

        found = await self._service.read(look)
        self.rows_found.emit(request_id, found)

    async def _write_record(self, run: int, path: Path) -> None:
        from trackly_desktop.reports import audit_record

        try:
            record = await self._service.read(lambda reader: audit_record.write_record(reader, run, path))
        except OSError as error:
            self.failed.emit(f"{paths.readable_name(path)} cannot be written: {error.strerror}")
            return
        self.record_written.emit(str(path), record)

    async def _tidy(self, accounts: Accounts) -> None:
        while True:
            with contextlib.suppress(JournalProblem, sqlite3.Error):  # whoever writes next says what is wrong with it
                if await self._service.forget_old(accounts.all()):
                    self.rows_recorded.emit()
            await asyncio.sleep(_BETWEEN_TIDYING)

    async def _delete_run(self, run: int) -> None:
        from trackly_desktop.journal import retention

        try:
            await asyncio.to_thread(retention.delete_run, self._journal_path, run)
        except (RunBusy, JournalProblem) as busy:
            self.failed.emit(str(busy))
            return
        self.rows_recorded.emit()

    async def _export(self, run: int, path: Path, to_fix: bool) -> None:
        from trackly_desktop.reports import results_export

        write = results_export.write_rows_to_fix if to_fix else results_export.write_results
        try:
            rows = await self._service.read(lambda reader: write(reader, run, path))
        except OSError as error:
            self.failed.emit(f"{paths.readable_name(path)} cannot be written: {error.strerror}")
            return
        self.exported.emit(str(path), rows)
