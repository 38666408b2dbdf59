"""What is sent for a row: for a take-back, who and which list; otherwise what was written when the row was checked."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from trackly_desktop.journal import row_codec
from trackly_desktop.journal.models import UNDO


def bodies(connection: sqlite3.Connection, run: int) -> Callable[[int, str, bytes | None], str]:
    """From a row's phone, list and content, its body; empty where it has none."""
    kind, sample = connection.execute("SELECT kind, sample FROM runs WHERE run = ?", (run,)).fetchone()
    if kind == UNDO:
        return lambda phone, number, _content: row_codec.encode(
            {"phone_number": row_codec.phone_of(phone), "list_number": number}
        )
    return lambda _phone, _number, content: row_codec.unpack(content, sample)[1] or ""
