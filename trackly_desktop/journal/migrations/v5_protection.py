"""Version 4 -> 5: which server and key each account used. Frozen."""

from __future__ import annotations

import sqlite3

_STATEMENTS = (
    "CREATE TABLE account_scopes (account TEXT NOT NULL, base_url TEXT NOT NULL, scope TEXT NOT NULL,"
    " seen_at INTEGER NOT NULL, PRIMARY KEY (account, base_url, scope)) WITHOUT ROWID",
    # Keys are not known here: only which servers an account is of.
    "INSERT INTO account_scopes SELECT account, base_url, '', 0 FROM runs"
    " UNION SELECT account, base_url, '', 0 FROM list_members UNION SELECT account, base_url, '', 0 FROM list_queries",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Add the table of scopes, with the servers of accounts that were used."""
    for statement in _STATEMENTS:
        connection.execute(statement)
