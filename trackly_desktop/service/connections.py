"""Connections to the accounts' servers, opened once and shared."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from pathlib import Path

from trackly_desktop.accounts.accounts import SANDBOX
from trackly_desktop.accounts.credentials import CredentialStore, KeyringUnavailable
from trackly_desktop.api.capabilities import Capabilities, find_capabilities
from trackly_desktop.api.client import TracklyClient
from trackly_desktop.api.connection_lanes import Timeouts
from trackly_desktop.api.replies import StopReason
from trackly_desktop.journal.protection import record_scope
from trackly_desktop.sandbox.runner import SandboxServer


class MissingKey(Exception):
    """The account has no key on this computer; the text is for the operator."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A client with an account's key, and the capabilities of its server."""

    client: TracklyClient
    capabilities: Capabilities


class AccountConnections:
    """One connection for each account and address.

    Lives in one event loop. Keyring calls are made in threads. The sandbox's server is started on first use.
    """

    def __init__(
        self, keys: CredentialStore, journal: Path, *, only_post: bool = False, timeouts: Timeouts = Timeouts()
    ) -> None:
        """Open nothing yet.

        Args:
            keys: The accounts' keys.
            journal: The journal's file: it stores which accounts share a key.
            only_post: The sandbox's server has the one endpoint POST /api/v2/contacts.
            timeouts: Of each request.
        """
        self._keys, self._journal = keys, journal
        self._only_post = only_post
        self._timeouts = timeouts
        self._connections: dict[tuple[str, str], Connection] = {}
        self._connecting: dict[str, asyncio.Lock] = {}
        self._sandbox: SandboxServer | None = None

    async def connect(self, account_id: str, base_url: str, *, reconnect: bool = False) -> Connection:
        """Return the account's connection; its capabilities are asked for once.

        Args:
            account_id: The account's id in the accounts file.
            base_url: The account's address; the sandbox has one of its own.
            reconnect: Close a connection that is open already, and ask again.

        Raises:
            MissingKey: The account has no key here.
            KeyringUnavailable: The keyring did not answer.
            UrlProblem: The address is not one that the program connects to.
            JournalProblem, sqlite3.Error: The journal cannot store whose key it is.
        """
        async with self._connecting.setdefault(account_id, asyncio.Lock()):
            known = self._connections.get((account_id, base_url))
            if known is not None and known.capabilities.stop_reason is None and not reconnect:
                return known
            await self.disconnect(account_id)
            return await self._connect(account_id, base_url)

    async def record_scope(self, account_id: str, base_url: str) -> None:
        """Store in the journal that the account uses its key, if any, on this server.

        Raises:
            JournalProblem, sqlite3.Error: The journal cannot be written.
        """
        with contextlib.suppress(KeyringUnavailable):
            if key := await asyncio.to_thread(self._keys.get, account_id):
                await asyncio.to_thread(record_scope, self._journal, account_id, base_url, key)

    async def _connect(self, account_id: str, base_url: str) -> Connection:
        key = await asyncio.to_thread(self._keys.get, account_id)
        if not key:
            raise MissingKey("This account has no key on this computer; paste it under Accounts")
        client = TracklyClient(await self.server_url(base_url), key, timeouts=self._timeouts)
        connection = Connection(client, await find_capabilities(client))
        self._connections[account_id, base_url] = connection
        if connection.capabilities.stop_reason is not StopReason.KEY:  # one that is refused may be anybody's
            await asyncio.to_thread(record_scope, self._journal, account_id, base_url, key)
        return connection

    async def disconnect(self, account_id: str) -> None:
        """Close an account's connections, for its key or address has changed."""
        for account_and_url in [known for known in self._connections if known[0] == account_id]:
            await self._connections.pop(account_and_url).client.close()

    async def server_url(self, base_url: str) -> str:
        """Return the server's root URL; the sandbox's is known once its server runs."""
        if base_url != SANDBOX.base_url:
            return base_url
        if self._sandbox is None:
            self._sandbox = await asyncio.to_thread(SandboxServer, only_post=self._only_post)
        return self._sandbox.address

    async def close(self) -> None:
        """Close every connection."""
        for connection in self._connections.values():
            await connection.client.close()
        self._connections.clear()

    async def stop_sandbox(self) -> None:
        """Stop the sandbox's server, if it was started."""
        if self._sandbox is not None:
            await asyncio.to_thread(self._sandbox.stop)
