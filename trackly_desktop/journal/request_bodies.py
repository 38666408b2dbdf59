"""Request bodies of stored rows: for an undo run built from the person, otherwise as validated."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from trackly_desktop.journal import row_codec
from trackly_desktop.journal.models import RunKind


def request_bodies(connection: sqlite3.Connection, run_id: int) -> Callable[[int, str, bytes | None], str]:
    """Return a function from a row's phone, list and content to its request body; empty where it has none."""
    kind, sample = connection.execute("SELECT kind, sample FROM runs WHERE run = ?", (run_id,)).fetchone()
    if kind == RunKind.UNDO:
        return lambda phone, number, _content: row_codec.encode(
            {"phone_number": row_codec.phone_of(phone), "list_number": number}
        )
    return lambda _phone, _number, content: row_codec.unpack(content, sample)[1] or ""
