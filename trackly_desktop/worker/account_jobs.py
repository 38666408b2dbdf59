"""Jobs for accounts and their keys."""

from __future__ import annotations

import asyncio
import sqlite3

from PySide6.QtCore import Signal

from trackly_desktop.accounts.accounts import Account, Accounts, AccountsSnapshot
from trackly_desktop.accounts.credentials import KeyringUnavailable
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.worker.bridge import Jobs, job
from trackly_desktop.worker.events import AccountOpened


class AccountJobs(Jobs):
    """Opens accounts, saves them, and stores, deletes and checks their keys."""

    opened = Signal(object)
    """An `AccountOpened`."""
    key_stored = Signal(object, bool)
    """An account, and whether its key is in the keyring; else it is in memory only."""
    key_checked = Signal(object, object)
    """An account, and a `KeyCheck`."""
    key_failed = Signal(object, str)
    """An account, and why its key could not be stored, deleted or checked."""

    @job
    async def open(self, account: Account, *, reconnect: bool = False) -> None:
        """Ask what the account's server can do: `opened`."""
        from trackly_desktop.api.urls import UrlProblem
        from trackly_desktop.messages import STOP_HELP
        from trackly_desktop.service.connections import MissingKey

        has_key, lists, trouble = True, None, ""
        try:
            connection = await self._service.connections.connect(account.id, account.base_url, reconnect=reconnect)
            lists = connection.capabilities.lists
            if connection.capabilities.stop_reason is not None:
                trouble = STOP_HELP[connection.capabilities.stop_reason].means
        except MissingKey:
            has_key = False
        except (KeyringUnavailable, UrlProblem) as problem:
            trouble = str(problem)
        except (JournalProblem, sqlite3.Error) as error:
            trouble = f"The journal cannot be used: {error}"
        self.opened.emit(AccountOpened(account, has_key, lists, trouble))

    def save(self, accounts: Accounts) -> None:
        """Write the accounts to the disk as they are now."""
        self._write(accounts, accounts.snapshot())

    @job
    async def _write(self, accounts: Accounts, snapshot: AccountsSnapshot) -> None:
        await asyncio.to_thread(accounts.save, snapshot)

    @job
    async def store_key(self, account: Account, key: str) -> None:
        """Store a key in the keyring: `key_stored` or `key_failed`."""
        try:
            in_keyring = await asyncio.to_thread(self._bridge.keys.store, account.id, key)
        except KeyringUnavailable as problem:
            self.key_failed.emit(account, str(problem))
            return
        await self._service.connections.disconnect(account.id)
        self.key_stored.emit(account, in_keyring)

    @job
    async def delete_key(self, account: Account) -> None:
        """Delete the account's key from the keyring; `key_failed` where that fails."""
        try:
            await asyncio.to_thread(self._bridge.keys.delete, account.id)
        except KeyringUnavailable as problem:
            self.key_failed.emit(account, str(problem))
        await self._service.connections.disconnect(account.id)

    @job
    async def check_key(self, account: Account, key: str | None = None) -> None:
        """Check whether the server accepts a key: `key_checked` or `key_failed`.

        Args:
            account: The account whose server is asked.
            key: The key to check; None for the stored one.
        """
        from trackly_desktop.api.capabilities import check_key
        from trackly_desktop.api.client import TracklyClient
        from trackly_desktop.api.urls import UrlProblem

        try:
            key = key or await asyncio.to_thread(self._bridge.keys.get, account.id)
            if not key:
                self.key_failed.emit(account, "There is no key to check; paste it first")
                return
            async with TracklyClient(await self._service.connections.server_url(account.base_url), key) as client:
                check = await check_key(client)
        except (KeyringUnavailable, UrlProblem) as problem:
            self.key_failed.emit(account, str(problem))
            return
        self.key_checked.emit(account, check)
