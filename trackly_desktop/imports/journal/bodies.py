"""What is sent for a row: for a take-back, who and which list; otherwise what was written when the row was checked."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from trackly_desktop.imports.journal import packing
from trackly_desktop.imports.journal.records import TAKE_BACK


def bodies(connection: sqlite3.Connection, run: int) -> Callable[[int, str, bytes | None], str]:
    """From a row's phone, list and content, its body; empty where it has none."""
    kind, sample = connection.execute("SELECT kind, sample FROM runs WHERE run = ?", (run,)).fetchone()
    if kind == TAKE_BACK:
        return lambda phone, number, _content: packing.encode(
            {"phone_number": packing.phone_of(phone), "list_number": number}
        )
    return lambda _phone, _number, content: packing.unpack(content, sample)[1] or ""
