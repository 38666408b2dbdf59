"""Resolutions of unknown rows, refused rows and a missing list.

The run must not be under way.

Nothing is sent here: rows become pending again, or are settled. Every request that was made for them stays on record.
"""

from __future__ import annotations

import contextlib
import enum
import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from trackly_desktop.api.replies import StopReason
from trackly_desktop.contacts.issues import NoteCode
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal import row_codec, schema
from trackly_desktop.journal.connection import Transaction, connect
from trackly_desktop.journal.models import State, count_outcomes, now_ms
from trackly_desktop.system.run_lock import RunLock


class UnknownResolution(enum.StrEnum):
    """Resolution of an unknown row: nobody knows whether its person was added."""

    SEND_AGAIN = "send again"
    TAKE_AS_DONE = "take as done"
    LEAVE = "leave"


_RESULTS = {
    UnknownResolution.SEND_AGAIN: (Outcome.PENDING, NoteCode.SENT_AGAIN),
    UnknownResolution.TAKE_AS_DONE: (Outcome.UPDATED, NoteCode.TAKEN_AS_ADDED),
    UnknownResolution.LEAVE: (Outcome.SKIPPED, NoteCode.LEFT_UNKNOWN),
}


def resolve_unknown(path: Path, run_id: int, resolution: UnknownResolution, keys: Sequence[int] | None = None) -> int:
    """Resolve the unknown rows with these keys, or all of the run; return how many.

    Raises:
        RunBusy: a program is delivering the run.
        JournalProblem: the journal cannot be used.
    """
    outcome, note = _RESULTS[resolution]
    with _exclusive(path, run_id) as connection:
        return _update(connection, run_id, Outcome.UNKNOWN, outcome, note, keys)


def retry_refused(path: Path, run_id: int, keys: Sequence[int] | None = None) -> int:
    """Make refused rows pending again; return how many.

    Raises:
        RunBusy: a program is delivering the run.
        JournalProblem: the journal cannot be used.
    """
    with _exclusive(path, run_id) as connection:
        return _update(connection, run_id, Outcome.REFUSED, Outcome.PENDING, NoteCode.SENT_AGAIN, keys)


def change_list(path: Path, run_id: int, old: str, new: str) -> int:
    """Send the rows of one list that were not added to another list; return how many.

    Raises:
        RunBusy: a program is delivering the run.
        JournalProblem: the journal cannot be used.
    """

    def set_list(body: dict[str, Any]) -> None:
        body["list_number"] = new

    with _exclusive(path, run_id) as connection:
        lists = schema.list_codes(connection, (old, new))
        (sample,) = connection.execute("SELECT sample FROM runs WHERE run = ?", (run_id,)).fetchone()
        rows = connection.execute(
            f"SELECT key, content FROM rows WHERE list = ? AND key BETWEEN ? AND ? AND outcome IN ({_NOT_ADDED})"
            " AND content IS NOT NULL",
            (lists[old], schema.first_key(run_id), schema.last_key(run_id)),
        ).fetchall()
        connection.executemany(
            f"UPDATE rows SET list = ?, content = ?, outcome = {row_codec.PENDING}, retry_pending = 0, tries = 0,"
            " confirmed_absent = 0, note_code = NULL, note_params = NULL, settled_at = NULL WHERE key = ?",
            ((lists[new], row_codec.change_body(content, sample, set_list), key) for key, content in rows),
        )
        connection.execute("UPDATE runs SET list = ? WHERE run = ? AND list = ?", (new, run_id, old))
        return len(rows)


@contextlib.contextmanager
def _exclusive(path: Path, run_id: int) -> Iterator[sqlite3.Connection]:
    """A transaction on a run that no program delivers; updates its counts."""
    run_lock = RunLock(path, run_id)
    connection = connect(path)
    try:
        with Transaction(connection):
            yield connection
            _settle(connection, run_id)
    finally:
        connection.close()
        run_lock.release()


def _update(
    connection: sqlite3.Connection,
    run_id: int,
    before: Outcome,
    after: Outcome,
    note: NoteCode,
    keys: Sequence[int] | None,
) -> int:
    where = "key BETWEEN ? AND ? AND outcome = ? AND retry_pending = 0"
    if after is Outcome.PENDING:
        where += " AND content IS NOT NULL"  # a row whose personal data was removed cannot be sent
    # A row that is sent again starts afresh: its tries, and whether the person was absent before, mean nothing any more.
    statement = (
        "UPDATE rows SET outcome = ?, note_code = ?, note_params = NULL, retry_pending = 0, tries = 0,"
        f" confirmed_absent = 0, settled_at = ? WHERE {where}"
    )
    values = (
        row_codec.CODE_OF[after], note, now_ms(), schema.first_key(run_id), schema.last_key(run_id),
        row_codec.CODE_OF[before],
    )  # fmt: skip
    if keys is None:
        return connection.execute(statement, values).rowcount
    return sum(connection.execute(f"{statement} AND key = ?", (*values, key)).rowcount for key in keys)


def _settle(connection: sqlite3.Connection, run_id: int) -> None:
    """Store the run's counts; with rows to send it is unfinished again."""
    counts = count_outcomes(connection, run_id)
    connection.execute("UPDATE runs SET counts = ? WHERE run = ?", (json.dumps(counts), run_id))
    if counts.get(Outcome.PENDING, 0):
        connection.execute(
            "UPDATE runs SET state = ?, stopped = coalesce(stopped, ?) WHERE run = ?",
            (State.STOPPED, StopReason.INTERRUPTED, run_id),
        )


_NOT_ADDED = f"{row_codec.PENDING}, {row_codec.REFUSED}"
