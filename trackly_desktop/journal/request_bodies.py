"""Request bodies of stored rows: as validated, or made for an undo run."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from trackly_desktop.journal import row_codec
from trackly_desktop.journal.models import RunKind


def request_bodies(connection: sqlite3.Connection, run_id: int) -> Callable[[int, str, bytes | None], str]:
    """Return a function: phone, list and content -> request body.

    The body is empty for a row that has none.
    """
    kind, sample = connection.execute("SELECT kind, sample FROM runs WHERE run = ?", (run_id,)).fetchone()
    if kind == RunKind.UNDO:
        return lambda phone, number, _content: row_codec.encode(
            {"phone_number": row_codec.phone_of(phone), "list_number": number}
        )
    return lambda _phone, _number, content: row_codec.unpack(content, sample)[1] or ""
