"""Migrations of older journals: named, recorded and frozen steps with own SQL.

A new step is a module v<number>_<name>.py with `migrate(connection)`, a line in MIGRATIONS, and the new VERSION and tables
in schema.py. tests/journal/test_migrations.py proves that a migrated journal has today's tables.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from trackly_desktop.journal.migrations import v2_compact_rows, v3_suppression, v4_facts, v5_protection, v6_corrections

MIGRATIONS: tuple[tuple[str, Callable[[sqlite3.Connection], None]], ...] = (
    ("v2_compact_rows", v2_compact_rows.migrate),
    ("v3_suppression", v3_suppression.migrate),
    ("v4_facts", v4_facts.migrate),
    ("v5_protection", v5_protection.migrate),
    ("v6_corrections", v6_corrections.migrate),
)
"""Name and step; a name begins with the version that the step makes."""


def migrate(connection: sqlite3.Connection, version: int) -> list[str]:
    """Apply every step that follows a version; return their names.

    The caller has a transaction open.
    """
    steps = [(name, step) for name, step in MIGRATIONS if int(name[1:].partition("_")[0]) > version]
    for _name, step in steps:
        step(connection)
    return [name for name, _step in steps]
