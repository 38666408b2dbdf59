"""Validation, holding back and delivery of runs, for the window and the commands."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

from trackly_desktop.accounts.credentials import CredentialStore, KeyringUnavailable
from trackly_desktop.api.connection_lanes import Timeouts
from trackly_desktop.api.replies import ConnectionFault, StopReason
from trackly_desktop.api.urls import UrlProblem
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.delivery.progress import RunEnd
from trackly_desktop.delivery.rate_limiter import RateLimiter
from trackly_desktop.delivery.recipient_locks import RecipientLocks
from trackly_desktop.delivery.retry_policy import RetryPolicy
from trackly_desktop.journal.connection import JournalProblem, advice
from trackly_desktop.journal.import_options import Options
from trackly_desktop.journal.models import Run, RunKind, State
from trackly_desktop.service.connections import AccountConnections, Connection, MissingKey
from trackly_desktop.service.journal_access import JournalAccess
from trackly_desktop.service.list_members import ListMemberCache, MembersProgress
from trackly_desktop.service.review import Review, review_of
from trackly_desktop.validation.file_validation import ValidationRequest, ValidationResult, hold_back

ASK_EVERY = 600.0
"""Seconds after which a run asks the account again who unsubscribed."""

Validate = Callable[[ValidationRequest], Awaitable[ValidationResult]]
"""Validates a file into a draft."""


class HoldBackResult(NamedTuple):
    """A draft's result after the account was asked who unsubscribed."""

    result: ValidationResult
    unsubscribes_known: bool
    """Whether the account reported who unsubscribed."""


class ImportService:
    """Connections, journal and list members of one event loop; `close` it there.

    Keyring and journal calls are made in threads.
    """

    def __init__(
        self,
        journal: Path,
        keys: CredentialStore,
        *,
        patience: float | None = None,
        only_post: bool = False,
        timeouts: Timeouts = Timeouts(),
        policy: RetryPolicy = RetryPolicy(),
        ask_every: float = ASK_EVERY,
    ) -> None:
        """Open nothing yet.

        Args:
            journal: The journal's file.
            keys: The accounts' keys.
            patience: Seconds to wait for a network or for room on the disk; None waits for ever.
            only_post: The sandbox's server has the one endpoint POST /api/v2/contacts.
            timeouts: Of each request.
            policy: When requests are repeated.
            ask_every: Seconds after which a run asks again who unsubscribed.
        """
        self.keys = keys
        self.journal = JournalAccess(journal)
        self.connections = AccountConnections(keys, journal, only_post=only_post, timeouts=timeouts)
        self.list_members = ListMemberCache(self.connections, self.journal)
        self._patience = patience
        self._policy = policy
        self._ask_every = ask_every
        self._locks = RecipientLocks()

    async def close(self) -> None:
        """Close the connections and the journal, and stop the sandbox's server."""
        await self.connections.close()
        await self.journal.close()
        await self.connections.stop_sandbox()

    async def history_key(self) -> bytes:
        """Return the key of the hashes in the journal; empty without hashes or keyring."""
        if not await self.journal.read(lambda reader: reader.has_hashes()):
            return b""
        try:
            return await asyncio.to_thread(self.keys.history_key)
        except KeyringUnavailable:
            return b""

    async def validate(self, request: ValidationRequest, validate: Validate, progress: MembersProgress) -> Review:
        """Validate a file into a draft, hold rows back, and return what would be sent.

        Args:
            request: The file, and how it is imported; its history key is filled in here.
            validate: Validates the file; it may do so in a process of its own.
            progress: Called while the account's unsubscribed members are fetched.

        Raises:
            FileProblem: The file cannot be read.
            JournalProblem: The journal cannot be opened.
        """
        await self.connections.record_scope(request.account, request.base_url)
        request = dataclasses.replace(request, history_key=await self.history_key())
        held_back = await self.hold_back(request, await validate(request), progress)
        return await self.review(request, held_back.result, unsubscribes_known=held_back.unsubscribes_known)

    async def review(self, request: ValidationRequest, result: ValidationResult, *, unsubscribes_known: bool) -> Review:
        """Return what would be sent of a draft.

        Raises:
            JournalProblem: The journal cannot be opened.
        """
        return await self.journal.read(
            lambda reader: review_of(reader, request, result, unsubscribes_known=unsubscribes_known)
        )

    async def hold_back(
        self, request: ValidationRequest, result: ValidationResult, progress: MembersProgress
    ) -> HoldBackResult:
        """Fetch who unsubscribed, and skip a draft's rows of people who must not be sent.

        Raises:
            JournalProblem: The journal cannot be opened.
        """
        lists = await self.journal.read(lambda reader: reader.lists_to_send_to(result.run_id))
        try:
            known = await self.list_members.refresh(request.account, request.base_url, lists, progress)
        except (MissingKey, KeyringUnavailable, UrlProblem):
            known = False
        return HoldBackResult(await asyncio.to_thread(hold_back, self.journal.path, result, request.history_key), known)

    async def deliver(
        self,
        run_id: int,
        *,
        confirmed: str = "",
        pause_after: int | None = None,
        begun: Callable[[Delivery], None] = lambda _delivery: None,
        on_turn: Callable[[], None] = lambda: None,
    ) -> RunEnd:
        """Deliver a run, new or stopped before, to its end or until it has to stop.

        Args:
            run_id: A draft or an unfinished run.
            confirmed: The operator's confirmation, for the audit record.
            pause_after: Rows after which the run pauses; None for no pause.
            begun: Called with the delivery before its first request.
            on_turn: Called after each commit.

        Raises:
            RunBusy: Another window or command delivers the run.
        """
        run = await self.journal.read(lambda reader: reader.run(run_id))
        assert run is not None, run_id
        try:
            connection = await self.connections.connect(run.account, run.base_url)
            stop_reason = connection.capabilities.stop_reason
            if stop_reason in (StopReason.KEY, StopReason.CERTIFICATE, StopReason.ACCOUNT):
                return await self._stopped_before(
                    run_id, stop_reason, connection.capabilities.words, connection.capabilities.fault
                )
            await self.ask_who_unsubscribed(run)
            delivery = await self._make_delivery(run, connection, pause_after, on_turn)
            begun(delivery)
            async with self._asking_again(run):
                return await delivery.deliver(confirmed)
        except (MissingKey, KeyringUnavailable) as problem:
            return await self._stopped_before(run_id, StopReason.KEY, str(problem))
        except UrlProblem as problem:
            return await self._stopped_before(run_id, StopReason.NETWORK, str(problem))
        except (sqlite3.Error, JournalProblem) as error:
            what_to_do = f": {advice(error)}" if isinstance(error, sqlite3.Error) else ""
            return RunEnd(State.STOPPED, StopReason.JOURNAL, f"The journal cannot be used ({error}){what_to_do}")

    async def ask_who_unsubscribed(self, run: Run) -> None:
        """Ask the account again which people of a run unsubscribed, and store it.

        Where it cannot be asked, what is known holds them back. A contact made by hand was looked up before it became a
        run; an undo run texts nobody.

        Raises:
            JournalProblem, sqlite3.Error: The answer cannot be stored.
        """
        with contextlib.suppress(MissingKey, KeyringUnavailable, UrlProblem):
            if run.kind is RunKind.IMPORT:
                lists = await self.journal.read(lambda reader: reader.lists_to_send_to(run.id))
                await self.list_members.refresh(run.account, run.base_url, lists, before_sending=True)
            elif run.kind is RunKind.CONTACT and run.requests:
                for row in await self.journal.read(lambda reader: reader.page(reader.keys(run.id))):
                    person = (run.account, run.base_url, row.phone, row.list_number)
                    if row.phone:
                        await self.list_members.store_lookup(*person, await self.list_members.look_up(*person))

    @contextlib.asynccontextmanager
    async def _asking_again(self, run: Run) -> AsyncIterator[None]:
        """A context in which the account is asked again, now and then."""

        async def ask() -> None:
            while True:
                await asyncio.sleep(self._ask_every)
                with contextlib.suppress(JournalProblem, sqlite3.Error):  # the delivery waits for it, or stops
                    await self.ask_who_unsubscribed(run)

        asking = asyncio.create_task(ask())
        try:
            yield
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    async def _make_delivery(
        self, run: Run, connection: Connection, pause_after: int | None, on_turn: Callable[[], None]
    ) -> Delivery:
        options = Options.from_json(run.options)
        return Delivery(
            await self.journal.write(lambda journal: journal),
            self.journal.path,
            connection.client,
            run.id,
            self.journal.executor,
            locks=self._locks,
            limiter=RateLimiter(options.in_flight, options.per_second),
            supports_lookup=connection.capabilities.supports_lookup,
            is_undo=run.kind is RunKind.UNDO,
            allow_unsubscribed=options.retyped_phone,
            patience=self._patience,
            policy=self._policy,
            pause_after=pause_after,
            on_turn=on_turn,
        )

    async def _stopped_before(
        self, run_id: int, stop_reason: StopReason, words: str, fault: ConnectionFault | None = None
    ) -> RunEnd:
        await self.journal.write(lambda journal: journal.end(run_id, State.STOPPED, stop_reason))
        return RunEnd(State.STOPPED, stop_reason, words, fault)
