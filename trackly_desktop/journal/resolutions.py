"""What an operator decides about rows of a run that is not under way: the unknown, the refused, a list that there is not.

Nothing is sent here: rows become pending again, or are settled. Every request that was made for them stays on record.
"""

from __future__ import annotations

import enum
import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal import row_codec, schema
from trackly_desktop.journal.connection import Transaction, connect
from trackly_desktop.journal.models import State, count_outcomes, now_ms
from trackly_desktop.system.run_lock import RunLock


class UnknownResolution(enum.StrEnum):
    """What becomes of a row of which nobody knows whether it was added."""

    SEND_AGAIN = "send again"
    TAKE_AS_DONE = "take as done"
    LEAVE = "leave"


AS_DONE = "No answer came; you decided that it was added"
LEFT = "No answer came; you decided to leave it: it may have been added"
AGAIN = "Sent again, as you decided"


def decide_unknown(path: Path, run: int, choice: UnknownResolution, keys: Sequence[int] | None = None) -> int:
    """Carries out a choice for the unknown rows with these keys, or all of the run; how many. Raises RunBusy, JournalProblem."""
    outcome, note = {
        UnknownResolution.SEND_AGAIN: (Outcome.PENDING, AGAIN),
        UnknownResolution.TAKE_AS_DONE: (Outcome.UPDATED, AS_DONE),
        UnknownResolution.LEAVE: (Outcome.SKIPPED, LEFT),
    }[choice]
    return _change(path, run, (Outcome.UNKNOWN,), outcome, note, keys)


def try_again(path: Path, run: int, keys: Sequence[int] | None = None) -> int:
    """Makes refused rows pending again; how many. Raises RunBusy, JournalProblem."""
    return _change(path, run, (Outcome.REFUSED,), Outcome.PENDING, AGAIN, keys)


def change_list(path: Path, run: int, old: str, new: str) -> int:
    """Sends the rows that were to go to one list, and were not added, to another; how many. Raises RunBusy, JournalProblem."""

    def to_new(said: dict[str, Any]) -> None:
        said["list_number"] = new

    run_lock = RunLock(path, run)
    connection = connect(path)
    try:
        with Transaction(connection):
            lists = schema.list_codes(connection, (old, new))
            (sample,) = connection.execute("SELECT sample FROM runs WHERE run = ?", (run,)).fetchone()
            found = connection.execute(
                f"SELECT key, content FROM rows WHERE list = ? AND key BETWEEN ? AND ? AND outcome IN ({_NOT_ADDED})"
                " AND content IS NOT NULL",
                (lists[old], schema.first_key(run), schema.last_key(run)),
            ).fetchall()
            connection.executemany(
                f"UPDATE rows SET list = ?, content = ?, outcome = {row_codec.PENDING}, due = 0, tries = 0, seen_absent = 0,"
                " note = NULL, settled_at = NULL WHERE key = ?",
                ((lists[new], row_codec.change_body(content, sample, to_new), key) for key, content in found),
            )
            connection.execute("UPDATE runs SET list = ? WHERE run = ? AND list = ?", (new, run, old))
            _settle(connection, run)
        return len(found)
    finally:
        connection.close()
        run_lock.release()


def _change(
    path: Path, run: int, given: Iterable[Outcome], outcome: Outcome, note: str, keys: Sequence[int] | None
) -> int:
    run_lock = RunLock(path, run)
    connection = connect(path)
    try:
        with Transaction(connection):
            changed = _update(connection, run, tuple(given), outcome, note, keys)
            _settle(connection, run)
        return changed
    finally:
        connection.close()
        run_lock.release()


def _update(
    connection: sqlite3.Connection,
    run: int,
    given: Sequence[Outcome],
    outcome: Outcome,
    note: str,
    keys: Sequence[int] | None,
) -> int:
    where = f"key BETWEEN ? AND ? AND outcome IN ({','.join('?' * len(given))}) AND due = 0"
    if outcome is Outcome.PENDING:
        where += " AND content IS NOT NULL"  # of whose personal data nothing is left, nothing can be sent
    values = (schema.first_key(run), schema.last_key(run), *(row_codec.CODE_OF[one] for one in given))
    # A row that is sent again begins anew: its tries, and what was seen of the person before, say nothing any more.
    statement = (
        f"UPDATE rows SET outcome = ?, note = ?, due = 0, tries = 0, seen_absent = 0, settled_at = ? WHERE {where}"
    )
    start = (row_codec.CODE_OF[outcome], note, now_ms(), *values)
    if keys is None:
        return connection.execute(statement, start).rowcount
    return sum(connection.execute(f"{statement} AND key = ?", (*start, key)).rowcount for key in keys)


def _settle(connection: sqlite3.Connection, run: int) -> None:
    """The run's counts as they are now; with rows to send it is unfinished again."""
    counts = count_outcomes(connection, run)
    connection.execute("UPDATE runs SET counts = ? WHERE run = ?", (json.dumps(counts), run))
    if counts.get(Outcome.PENDING, 0):
        connection.execute(
            "UPDATE runs SET state = ?, stopped = coalesce(stopped, 'interrupted') WHERE run = ?", (State.STOPPED, run)
        )


_NOT_ADDED = f"{row_codec.PENDING}, {row_codec.REFUSED}"
