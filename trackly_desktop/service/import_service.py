"""A session: accounts opened, runs delivered. What the window's worker and the commands have in common; no Qt."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from trackly_desktop.accounts.accounts import SANDBOX, Account
from trackly_desktop.accounts.credentials import CredentialStore, KeyringUnavailable
from trackly_desktop.api.capabilities import Capabilities, find_capabilities
from trackly_desktop.api.client import TracklyClient
from trackly_desktop.api.connection_lanes import Timeouts
from trackly_desktop.api.contact_lookup import MembershipStatus
from trackly_desktop.api.list_members import ListMembers, fetch_list_members
from trackly_desktop.api.replies import ConnectionFault, StopReason
from trackly_desktop.api.urls import UrlProblem
from trackly_desktop.contacts.contact import Contact
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.delivery.progress import RunEnd
from trackly_desktop.delivery.rate_limiter import RateLimiter
from trackly_desktop.delivery.recipient_locks import RecipientLocks
from trackly_desktop.delivery.retry_policy import RetryPolicy
from trackly_desktop.journal.connection import JournalProblem, advice
from trackly_desktop.journal.import_options import Options
from trackly_desktop.journal.models import IMPORT, UNDO, NewRun, Run, State, now_ms
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.journal.retention import RetentionPolicy, forget_old, has_old
from trackly_desktop.journal.run_store import Journal
from trackly_desktop.journal.suppression_list import save_list_members
from trackly_desktop.sandbox.runner import SandboxServer
from trackly_desktop.validation.file_validation import (
    ValidationRequest,
    ValidationResult,
    current_user,
    hold_back,
    single_contact_row,
)

T = TypeVar("T")

MOST_ASKED = 50_000
"""People on a list up to whom all of them are asked for, to know who was added elsewhere: a request for each thousand."""
STILL_TRUE = 300.0
"""Seconds for which it is not asked again who unsubscribed from a list."""


def _no_progress(_got: int, _all: int) -> None:
    pass


class MissingKey(Exception):
    """The account has no key here; its words are for the operator."""


@dataclass(frozen=True, slots=True)
class Connection:
    """An account's server with its key, and what it can do."""

    client: TracklyClient
    capabilities: Capabilities


class ImportService:
    """Lives in one event loop; `close` it there. Keyring and journal calls are made in threads of their own."""

    def __init__(
        self,
        journal: Path,
        keys: CredentialStore,
        *,
        patience: float | None = None,
        only_post: bool = False,
        timeouts: Timeouts = Timeouts(),
        policy: RetryPolicy = RetryPolicy(),
    ) -> None:
        """`patience`: seconds to wait for a network or for room on the disk (None: for ever)."""
        self.journal_path = journal
        self.keys = keys
        self._patience = patience
        self._only_post = only_post
        self._timeouts = timeouts
        self._policy = policy
        self._journal: Journal | None = None
        self._journal_thread = ThreadPoolExecutor(1, "journal")
        self._locks = RecipientLocks()
        self._connections: dict[tuple[str, str], Connection] = {}
        self._connecting: dict[str, asyncio.Lock] = {}
        self._practice: SandboxServer | None = None

    async def close(self) -> None:
        """Closes connections, the journal, and the practice account's server."""
        for connection in self._connections.values():
            await connection.client.close()
        self._connections.clear()
        if self._journal is not None:
            await self.in_journal(Journal.close)
        self._journal_thread.shutdown()
        if self._practice is not None:
            await asyncio.to_thread(self._practice.stop)

    async def connect(self, account_id: str, base_url: str, *, anew: bool = False) -> Connection:
        """The account's connection; its abilities are asked once. Raises NoKey, KeyringTrouble, AddressProblem."""
        async with self._connecting.setdefault(account_id, asyncio.Lock()):
            known = self._connections.get((account_id, base_url))
            if known is not None and known.capabilities.stop_reason is None and not anew:
                return known
            await self.disconnect(account_id)
            return await self._connect(account_id, base_url)

    async def _connect(self, account_id: str, base_url: str) -> Connection:
        key = await asyncio.to_thread(self.keys.get, account_id)
        if not key:
            raise MissingKey("This account has no key on this computer; paste it under Accounts")
        address = await self.address(base_url)
        client = TracklyClient(address, key, timeouts=self._timeouts)
        connection = Connection(client, await find_capabilities(client))
        self._connections[account_id, base_url] = connection
        return connection

    async def disconnect(self, account_id: str) -> None:
        """Forgets an account's connections: its key or address has changed."""
        for one in [one for one in self._connections if one[0] == account_id]:
            await self._connections.pop(one).client.close()

    async def address(self, base_url: str) -> str:
        """The server's root: the practice account's is known once it runs."""
        if base_url != SANDBOX.base_url:
            return base_url
        if self._practice is None:
            self._practice = await asyncio.to_thread(SandboxServer, only_post=self._only_post)
        return self._practice.address

    async def in_journal(self, work: Callable[[Journal], T]) -> T:
        """Something with the journal, in its thread. Raises JournalProblem, sqlite3.Error."""

        def call() -> T:
            if self._journal is None:
                self._journal = Journal(self.journal_path)
            return work(self._journal)

        return await asyncio.get_running_loop().run_in_executor(self._journal_thread, call)

    async def read(self, work: Callable[[JournalReader], T]) -> T:
        """Something long that only reads the journal, in a thread and on a connection of its own."""

        def call() -> T:
            reader = JournalReader(self.journal_path)
            try:
                return work(reader)
            finally:
                reader.close()

        return await asyncio.to_thread(call)

    async def history_key(self) -> bytes:
        """The key of the hashes in the journal; empty where there are none, or the keyring does not give it."""
        if not await self.read(lambda reader: reader.has_hashes()):
            return b""
        try:
            return await asyncio.to_thread(self.keys.history_key)
        except KeyringUnavailable:
            return b""

    async def forget_old(self, accounts: Sequence[Account]) -> int:
        """Removes personal data that has been kept long enough; of how many runs. Raises JournalProblem, sqlite3.Error."""
        days = {one.id: RetentionPolicy(one.keep_days) for one in accounts}
        if not await asyncio.to_thread(has_old, self.journal_path, days):
            return 0
        try:
            key = await asyncio.to_thread(self.keys.history_key) if any(one.remembers for one in accounts) else b""
        except KeyringUnavailable:
            return 0  # without it nobody would be known again: it waits
        kept = {one.id: RetentionPolicy(one.keep_days, key if one.remembers else b"") for one in accounts}
        return await asyncio.to_thread(forget_old, self.journal_path, kept)

    async def refresh_list_members(
        self, account_id: str, base_url: str, lists: Sequence[str], progress: Callable[[int, int], None] = _no_progress
    ) -> bool:
        """Asks the account who unsubscribed from these lists, and keeps it; False where it does not tell all of it.

        Raises NoKey, KeyringTrouble, AddressProblem, JournalProblem.
        """
        connection = await self.connect(account_id, base_url)
        if connection.capabilities.lists is None:
            return False  # a server of one endpoint: what it says of others is nothing to go by
        small = {one.number for one in connection.capabilities.lists if (one.contacts or 0) <= MOST_ASKED}
        told = True
        for number in lists:
            asked_at = await self.read(lambda reader, number=number: reader.asked_at(account_id, base_url, number))  # type: ignore[misc]
            if now_ms() - asked_at < STILL_TRUE * 1000:
                continue
            people = await fetch_list_members(connection.client, number, active=False, progress=progress)
            told = told and people.is_complete
            await self._save_list_members(account_id, base_url, number, people, active=False)
            if not people.members and not people.is_complete:
                return False  # no network, or no such endpoint: the other lists would be asked in vain
            if people.is_complete and number in small:
                on_it = await fetch_list_members(connection.client, number, active=True, progress=progress)
                await self._save_list_members(account_id, base_url, number, on_it, active=True)
        return told

    async def save_membership(self, account: Account, contact: Contact, membership: MembershipStatus | None) -> None:
        """What a look-up has just said counts more than what the account told of the whole list before."""
        if membership in (MembershipStatus.ACTIVE, MembershipStatus.UNSUBSCRIBED):
            is_on = membership is MembershipStatus.ACTIVE
            people = ListMembers({contact.phone_number: is_on})
            await self._save_list_members(account.id, account.base_url, contact.list_number, people, active=is_on)

    async def hold_back(
        self, request: ValidationRequest, checked: ValidationResult, progress: Callable[[int, int], None]
    ) -> tuple[ValidationResult, bool]:
        """Asks the account who must not be sent a draft's rows, and holds these back; whether it told. Raises JournalProblem."""
        lists = await self.read(lambda reader: reader.lists(checked.run))
        try:
            numbers = [number for number, _count in lists]
            told = await self.refresh_list_members(request.account, request.base_url, numbers, progress)
        except (MissingKey, KeyringUnavailable, UrlProblem):
            told = False
        return await asyncio.to_thread(hold_back, self.journal_path, checked, request.history_key), told

    async def _save_list_members(
        self, account_id: str, base_url: str, number: str, people: ListMembers, *, active: bool
    ) -> None:
        if people.members or people.is_complete:
            await asyncio.to_thread(
                save_list_members, self.journal_path, account_id, base_url, number, people.members, active=active,
                whole=people.is_complete,
            )  # fmt: skip

    async def add_single(self, account: Account, contact: Contact, *, typed_again: bool = False) -> int:
        """A contact made by hand becomes a run of one row, on the disk; its number.

        `typed_again`: the operator knows that this person unsubscribed, and has typed the number a second time.
        """
        options = Options(region=account.region).to_json()
        if typed_again:
            options["typed_again"] = contact.phone_number
        new = NewRun(
            kind="contact",
            account=account.id,
            account_name=account.name,
            base_url=account.base_url,
            list_number=contact.list_number,
            options=options,
            who=current_user(),
        )
        return await self.in_journal(lambda journal: journal.add_single(new, single_contact_row(contact)))

    async def deliver(
        self,
        run: int,
        *,
        confirmed: str = "",
        pause_after: int | None = None,
        begun: Callable[[Delivery], None] = lambda _delivery: None,
        on_turn: Callable[[], None] = lambda: None,
    ) -> RunEnd:
        """Delivers a run, new or taken up again, to its end or until it has to stop. Raises RunBusy."""
        found = await self.read(lambda reader: reader.run(run))
        assert found is not None, run
        try:
            connection = await self.connect(found.account, found.base_url)
        except (MissingKey, KeyringUnavailable) as trouble:
            return await self._stopped_before(run, StopReason.KEY, str(trouble))
        except UrlProblem as trouble:
            return await self._stopped_before(run, StopReason.NETWORK, str(trouble))
        if connection.capabilities.stop_reason in (StopReason.KEY, StopReason.CERTIFICATE, StopReason.ACCOUNT):
            words, fault = connection.capabilities.words, connection.capabilities.fault
            return await self._stopped_before(run, connection.capabilities.stop_reason, words, fault)
        if found.kind == IMPORT:
            lists = await self.read(lambda reader: reader.lists(run))
            await self.refresh_list_members(found.account, found.base_url, [number for number, _count in lists])
        try:
            journal = await self.in_journal(lambda journal: journal)
            delivery = Delivery(
                journal,
                self.journal_path,
                connection.client,
                run,
                self._journal_thread,
                locks=self._locks,
                limiter=_limiter(found),
                policy=self._policy,
                supports_lookup=connection.capabilities.supports_lookup,
                is_undo=found.kind == UNDO,
                allow_unsubscribed=str(found.options.get("typed_again", "")),
                patience=self._patience,
                pause_after=pause_after,
                on_turn=on_turn,
            )
            begun(delivery)
            return await delivery.deliver(confirmed)
        except (sqlite3.Error, JournalProblem) as error:
            what_to_do = f": {advice(error)}" if isinstance(error, sqlite3.Error) else ""
            return RunEnd(State.STOPPED, StopReason.JOURNAL, f"The journal cannot be used ({error}){what_to_do}")

    async def _stopped_before(
        self, run: int, stop_reason: StopReason, words: str, fault: ConnectionFault | None = None
    ) -> RunEnd:
        await self.in_journal(lambda journal: journal.end(run, State.STOPPED, stop_reason))
        return RunEnd(State.STOPPED, stop_reason, words, fault)


def _limiter(run: Run) -> RateLimiter:
    options = Options.from_json(run.options)
    return RateLimiter(options.in_flight, options.per_second)
