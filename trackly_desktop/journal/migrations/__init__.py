"""Migrations of older journals: named, recorded and frozen steps with own SQL.

A new step is a module v<number>_<name>.py with `migrate(connection)`, a line in MIGRATIONS, and the new VERSION and tables
in schema.py. tests/journal/test_migrations.py proves that a migrated journal has today's tables.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from trackly_desktop.journal.migrations import v2_compact_rows, v3_suppression, v4_facts

MIGRATIONS: tuple[tuple[str, Callable[[sqlite3.Connection], None]], ...] = (
    ("v2_compact_rows", v2_compact_rows.migrate),
    ("v3_suppression", v3_suppression.migrate),
    ("v4_facts", v4_facts.migrate),
)
"""Name and step; the first makes version 2 of version 1, and so on."""


def migrate(connection: sqlite3.Connection, version: int) -> list[str]:
    """Apply every step that follows a version; return their names.

    The caller has a transaction open.
    """
    steps = MIGRATIONS[version - 1 :]
    for _name, step in steps:
        step(connection)
    return [name for name, _step in steps]
