"""Whose "no" counts for an account: accounts that share its server and key.

An account's id is a name in our file: it changes when the account is removed and made again, and a command with a key of
its own has none. People say no to the holder of the key. So it is stored which keys each id used on which server, as a
scope: a hash of the server under the key, from which neither can be read. What ids with a common scope know is one. Where
it is not known whether an id shares the key, what it lists is held back too.
"""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from trackly_desktop.accounts.accounts import SANDBOX
from trackly_desktop.journal.connection import Transaction, connect
from trackly_desktop.journal.models import now_ms

COMMAND_LINE = ""
"""The id of commands without an account: each may have another client's key."""

_KNOWN_ACCOUNTS = """
WITH RECURSIVE listing (account) AS (
    SELECT min(account) FROM suppressed_numbers
    UNION ALL
    SELECT (SELECT min(account) FROM suppressed_numbers WHERE account > listing.account)
    FROM listing WHERE listing.account IS NOT NULL
)
SELECT account, base_url, scope FROM (
    SELECT account, base_url, scope, seen_at FROM account_scopes
    UNION ALL SELECT account, '', '', 0 FROM listing WHERE account IS NOT NULL
) ORDER BY seen_at
"""
"""SQL: every id with its servers and scopes, the newest last.

DISTINCT would read the whole suppression list; this reads one entry an id.
"""


def server_identity(base_url: str) -> str:
    """Return a server's address in the one form in which two are compared."""
    try:
        parts = urlsplit(base_url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return base_url
    if not host:
        return base_url
    is_usual = port in (None, {"https": 443, "http": 80}.get(parts.scheme))
    return f"{parts.scheme}://{host}" + ("" if is_usual else f":{port}")


def scope_of(key: str, base_url: str) -> str:
    """Return the scope of an API key on a server: 32 hexadecimal digits."""
    return hmac.digest(key.encode(), server_identity(base_url).encode(), "sha256")[:16].hex()


def record_scope(path: Path, account: str, base_url: str, key: str) -> None:
    """Store that an account uses this key on this server. The key is not stored.

    Raises:
        JournalProblem, sqlite3.Error: the journal cannot be written.
    """
    if account == SANDBOX.id:
        return
    scope = scope_of(key, base_url)
    connection = connect(path)
    try:
        with Transaction(connection):
            newest, seen_at = connection.execute(
                "SELECT scope, max(seen_at) FROM account_scopes WHERE account = ? AND base_url = ?", (account, base_url)
            ).fetchone()
            if newest != scope:
                connection.execute(
                    "INSERT OR REPLACE INTO account_scopes VALUES (?, ?, ?, ?)",
                    (account, base_url, scope, max(now_ms(), (seen_at or 0) + 1)),
                )
    finally:
        connection.close()


def record_server(connection: sqlite3.Connection, account: str, base_url: str) -> None:
    """Store that an account is of this server, whatever its key is."""
    connection.execute("INSERT OR IGNORE INTO account_scopes VALUES (?, ?, '', 0)", (account, base_url))


@dataclass(frozen=True, slots=True)
class Protection:
    """Accounts whose entries hold an account's people back, and SQL for them."""

    base_url: str
    own: tuple[str, ...]
    """The account, and those that share its server and key."""
    unclear: tuple[str, ...] = ()
    """Accounts of which it is not known whether they do."""

    @property
    def same_server(self) -> str:
        """SQL values: every account whose entries count."""
        return values(self.own + self.unclear)

    def suppressed(self, phone: str) -> str:
        """Return SQL: whether a number is on the suppression list."""
        return (
            "EXISTS (SELECT 1 FROM suppressed_numbers AS numbers"
            f" WHERE numbers.account IN {self.same_server} AND numbers.phone = {phone})"
        )

    def unsubscribed(self, phone: str, list_code: str) -> str:
        """Return SQL: whether a person unsubscribed from a list, as far as it is known.

        An answer to this key counts more than an answer to an account whose key is not known.
        """
        by_own = self._member(self.own, phone, list_code, active=0)
        if not self.unclear:
            return by_own
        by_unclear = self._member(self.unclear, phone, list_code, active=0)
        return f"({by_own} OR ({by_unclear} AND NOT {self.subscribed(phone, list_code)}))"

    def subscribed(self, phone: str, list_code: str) -> str:
        """Return SQL: whether a person was an active member of a list when last asked."""
        return self._member(self.own, phone, list_code, active=1)

    def sent_by(self, runs: str) -> str:
        """Return SQL: whether a run is of an account whose send history counts."""
        return f"{runs}.account IN {self.same_server} AND {runs}.base_url = {_literal(self.base_url)}"

    def _member(self, accounts: tuple[str, ...], phone: str, list_code: str, *, active: int) -> str:
        return (
            f"EXISTS (SELECT 1 FROM list_members AS members WHERE members.account IN {values(accounts)}"
            f" AND members.base_url = {_literal(self.base_url)} AND members.list = {list_code}"
            f" AND members.phone = {phone} AND members.active = {active})"
        )


def read_protection(connection: sqlite3.Connection, account: str, base_url: str) -> Protection:
    """Return whose entries count for an account on a server, as far as it is known.

    The sandbox protects nobody else, and nobody else protects it.
    """
    if account == SANDBOX.id:
        return Protection(base_url, (account,))
    server = server_identity(base_url)
    servers: dict[str, set[str]] = {}
    scopes: dict[str, list[str]] = {}
    for known, url, scope in connection.execute(_KNOWN_ACCOUNTS):
        if known not in (account, SANDBOX.id):
            servers.setdefault(known, set()).update({server_identity(url)} if url else ())
        if scope and server_identity(url) == server:
            scopes.setdefault(known, []).append(scope)
    mine = scopes.get(account, [])
    if account == COMMAND_LINE:
        mine = mine[-1:]  # its earlier keys may have been other clients'; an account's were its own
    shared = [known for known in servers if not set(mine).isdisjoint(scopes.get(known, ()))]
    unclear = [
        known
        for known, known_servers in servers.items()
        if (not mine or known not in scopes) and (not known_servers or server in known_servers)
    ]
    return Protection(base_url, (account, *shared), tuple(unclear))


def same_key_accounts(connection: sqlite3.Connection, account: str) -> list[str]:
    """Return an account, and every account that shares a server and its key with it."""
    shared = connection.execute(
        "SELECT DISTINCT other.account FROM account_scopes AS mine JOIN account_scopes AS other USING (scope)"
        " WHERE mine.account = ? AND mine.scope <> '' AND other.account <> ?",
        (account, account),
    )
    return [account, *(other for (other,) in shared)]


def values(accounts: Iterable[str]) -> str:
    """Return accounts as SQL, for IN."""
    return f"({', '.join(map(_literal, accounts))})"


def _literal(text: str) -> str:
    """Return a text as SQL: constants let the index be used as with one account."""
    return "'" + text.replace("'", "''") + "'"
