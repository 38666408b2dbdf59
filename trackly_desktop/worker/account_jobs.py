"""What the worker does with accounts and their keys. The worker's signals tell what came of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from trackly_desktop.accounts.accounts import Account
from trackly_desktop.accounts.credentials import CredentialStore, KeyringUnavailable
from trackly_desktop.api.capabilities import check_key
from trackly_desktop.api.client import TracklyClient
from trackly_desktop.api.urls import UrlProblem
from trackly_desktop.messages import STOP_HELP
from trackly_desktop.service.import_service import ImportService, MissingKey
from trackly_desktop.worker.events import AccountOpened

if TYPE_CHECKING:
    from trackly_desktop.worker.bridge import ApiWorker


class AccountJobs:
    """One for the worker's life, in its loop."""

    def __init__(self, tells: ApiWorker, session: ImportService, keys: CredentialStore) -> None:
        self._tells, self._service, self._keys = tells, session, keys

    async def open(self, account: Account, anew: bool) -> None:
        """Asks what its server can do: `account_opened`."""
        has_key, lists, trouble = True, None, ""
        try:
            connection = await self._service.connect(account.id, account.base_url, anew=anew)
            lists = connection.capabilities.lists
            if connection.capabilities.stop_reason is not None:
                trouble = STOP_HELP[connection.capabilities.stop_reason].means
        except MissingKey:
            has_key = False
        except (KeyringUnavailable, UrlProblem) as problem:
            trouble = str(problem)
        self._tells.account_opened.emit(AccountOpened(account, has_key, lists, trouble))

    async def keep_key(self, account: Account, key: str) -> None:
        """Puts its key into the keyring: `key_kept` or `key_failed`."""
        try:
            in_keyring = await asyncio.to_thread(self._keys.store, account.id, key)
        except KeyringUnavailable as trouble:
            self._tells.key_failed.emit(account, str(trouble))
            return
        await self._service.disconnect(account.id)
        self._tells.key_kept.emit(account, in_keyring)

    async def forget_key(self, account: Account) -> None:
        """Takes its key out of the keyring."""
        try:
            await asyncio.to_thread(self._keys.delete, account.id)
        except KeyringUnavailable as trouble:
            self._tells.key_failed.emit(account, str(trouble))
        await self._service.disconnect(account.id)

    async def check_key(self, account: Account, key: str | None) -> None:
        """Whether its server accepts this key, or else the one that is kept: `key_checked` or `key_failed`."""
        try:
            used = key or await asyncio.to_thread(self._keys.get, account.id)
            if not used:
                self._tells.key_failed.emit(account, "There is no key to check; paste it first")
                return
            async with TracklyClient(await self._service.address(account.base_url), used) as client:
                check = await check_key(client)
        except (KeyringUnavailable, UrlProblem) as problem:
            self._tells.key_failed.emit(account, str(problem))
            return
        self._tells.key_checked.emit(account, check)
