"""Version 2 -> 3: people that must not be texted. Frozen."""

from __future__ import annotations

import sqlite3

_TABLES = """
CREATE TABLE do_not_text (                    -- whom nothing is ever sent for, whatever else is chosen
    account TEXT NOT NULL, phone INTEGER NOT NULL, added_at INTEGER NOT NULL, source TEXT NOT NULL,
    PRIMARY KEY (account, phone)
) WITHOUT ROWID;

CREATE TABLE people (                         -- who is on a list, or unsubscribed from it, as the account said when it was asked
    account TEXT NOT NULL, base_url TEXT NOT NULL, list INTEGER NOT NULL, phone INTEGER NOT NULL, active INTEGER NOT NULL,
    PRIMARY KEY (account, base_url, list, phone)
) WITHOUT ROWID;

CREATE TABLE asked (
    account TEXT NOT NULL, base_url TEXT NOT NULL, list INTEGER NOT NULL, active INTEGER NOT NULL, asked_at INTEGER NOT NULL,
    PRIMARY KEY (account, base_url, list, active)
) WITHOUT ROWID;
"""


def migrate(connection: sqlite3.Connection) -> None:
    """Add the suppression list and what accounts say of their lists' members."""
    for statement in _TABLES.split(";\n"):
        connection.execute(statement)
