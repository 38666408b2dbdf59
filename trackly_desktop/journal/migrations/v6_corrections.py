"""Version 5 -> 6: rows of drafts as they were before each correction. Frozen."""

from __future__ import annotations

import sqlite3

_STATEMENTS = (
    "CREATE TABLE corrections (step INTEGER PRIMARY KEY, run INTEGER NOT NULL, fix TEXT NOT NULL,"
    " rows INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE uncorrected_rows (step INTEGER NOT NULL, key INTEGER NOT NULL, content BLOB, outcome INTEGER NOT NULL,"
    " phone INTEGER NOT NULL, list INTEGER NOT NULL, idempotent INTEGER NOT NULL, field_bits INTEGER NOT NULL,"
    " signup_day INTEGER, issues TEXT, note_code TEXT, note_params TEXT, PRIMARY KEY (step, key)) WITHOUT ROWID",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Add the tables for undoing corrections; they use nothing of other tables."""
    for statement in _STATEMENTS:
        connection.execute(statement)
