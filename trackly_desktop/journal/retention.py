"""What is removed from the journal: the personal data of old runs, whole runs that the operator deletes, empty pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from trackly_desktop.journal import schema
from trackly_desktop.journal.connection import JournalProblem, Transaction, connect, file_of
from trackly_desktop.journal.models import UNFINISHED, State, count_outcomes, now_ms
from trackly_desktop.journal.row_codec import PENDING, SKIPPED, encode
from trackly_desktop.journal.send_history import hash_of
from trackly_desktop.system.run_lock import RunLock

DAYS = 90
"""For how long personal data is kept unless an account says otherwise."""
_DAY = 86_400_000
_CHUNK = 5_000
"""Rows in one transaction: others who write wait no longer than that takes."""
_PAGES = 2_000


class RetentionPolicy(NamedTuple):
    """For how many days an account's personal data is kept, 0 for ever; with a key, a hash of each number is left."""

    days: int
    history_key: bytes = b""


_USUAL = RetentionPolicy(DAYS)


def forget_old(path: Path, accounts: Mapping[str, RetentionPolicy], now: int | None = None) -> int:
    """Removes the personal data of runs that ended long ago, and gives their room back; how many runs.

    What is not over is left alone. Accounts that are not known any more have the usual days. Raises JournalProblem,
    sqlite3.Error.
    """
    at = now if now is not None else now_ms()
    connection = _connect(path)
    try:
        runs = _due(connection, accounts, at)
        for run, kept in runs:
            _forget(connection, run, kept.history_key, at)
        _forget_people(connection, accounts, at)
        if runs:
            give_back_room(connection)
        return len(runs)
    finally:
        connection.close()


def has_old(path: Path, accounts: Mapping[str, RetentionPolicy], now: int | None = None) -> bool:
    """Whether `forget_old` would forget anything: the keyring is not asked for the hashes' key before. Raises JournalProblem."""
    if file_of(path) is None:
        return False
    connection = connect(path, read_only=True)
    try:
        at = now if now is not None else now_ms()
        return bool(_due(connection, accounts, at) or _due_people(connection, accounts, at))
    finally:
        connection.close()


def _due(
    connection: sqlite3.Connection, accounts: Mapping[str, RetentionPolicy], at: int
) -> list[tuple[int, RetentionPolicy]]:
    """The runs whose personal data has been kept long enough."""
    found = connection.execute(
        "SELECT run, account, coalesce(ended_at, made_at) FROM runs WHERE forgotten_at IS NULL"
        " AND state IN ('finished', 'cancelled')"
    )
    return [
        (run, kept)
        for run, account, ended in found
        if (kept := accounts.get(account, _USUAL)).days and ended < at - kept.days * _DAY
    ]


def _forget_people(connection: sqlite3.Connection, accounts: Mapping[str, RetentionPolicy], at: int) -> None:
    """What accounts told of their lists long ago: it is asked anew before it is needed."""
    for which in _due_people(connection, accounts, at):
        with Transaction(connection):
            for table in ("people", "asked"):
                connection.execute(
                    f"DELETE FROM {table} WHERE account = ? AND base_url = ? AND list = ? AND active = ?", which
                )


def _due_people(
    connection: sqlite3.Connection, accounts: Mapping[str, RetentionPolicy], at: int
) -> list[tuple[str, str, int, int]]:
    """What accounts told long enough ago: account, address, list, whether of those who are active."""
    found = connection.execute("SELECT account, base_url, list, active, asked_at FROM asked")
    return [
        (account, base_url, code, active)
        for account, base_url, code, active, asked_at in found
        if (days := accounts.get(account, _USUAL).days) and asked_at < at - days * _DAY
    ]


def _connect(path: Path) -> sqlite3.Connection:
    connection = connect(path)
    connection.execute("PRAGMA secure_delete = ON")  # what is removed is overwritten, not only unlinked
    return connection


def _forget(connection: sqlite3.Connection, run: int, key: bytes, at: int) -> None:
    connection.create_function("hash_of", 1, lambda phone: hash_of(key, phone) if key else 0, deterministic=True)
    _in_chunks(
        connection,
        run,
        "UPDATE rows SET phone = CASE WHEN phone > 0 THEN hash_of(phone) ELSE phone END, content = NULL, problems = NULL,"
        " warnings = NULL WHERE key BETWEEN ? AND ?",
        "UPDATE attempts SET code = NULL, words = NULL, raw = NULL, contact_id = NULL, list_contact_id = NULL"
        " WHERE key BETWEEN ? AND ?",
    )
    with Transaction(connection):
        connection.execute(
            f"UPDATE rows SET outcome = {SKIPPED}, note = ? WHERE outcome = {PENDING} AND key BETWEEN ? AND ?",
            (NEVER_SENT, schema.first_key(run), schema.last_key(run)),
        )
        connection.execute(
            "UPDATE runs SET forgotten_at = ?, sample = x'', counts = ? WHERE run = ?",
            (at, encode(count_outcomes(connection, run)), run),
        )


NEVER_SENT = "The import was cancelled before this row was sent, and its personal data has been removed"


def delete_run(path: Path, run: int) -> None:
    """Removes a run with all its rows. Raises RunBusy, JournalProblem: it is not over yet."""
    run_lock = RunLock(path, run)
    connection = _connect(path)
    try:
        (state,) = connection.execute("SELECT state FROM runs WHERE run = ?", (run,)).fetchone() or (None,)
        if state in {str(one) for one in UNFINISHED}:
            raise JournalProblem("This import is not over yet; let it end, or cancel it, before you delete it")
        with Transaction(connection):
            # From here on it is shown nowhere; if the program ends before its rows are gone, they go with the drafts.
            connection.execute("UPDATE runs SET state = ? WHERE run = ?", (State.DRAFT, run))
        remove_rows(connection, run)
        give_back_room(connection)
    finally:
        connection.close()
        run_lock.release()


def remove_rows(connection: sqlite3.Connection, run: int) -> None:
    """Removes a draft, a part at a time."""
    _in_chunks(
        connection, run, "DELETE FROM rows WHERE key BETWEEN ? AND ?", "DELETE FROM attempts WHERE key BETWEEN ? AND ?"
    )
    with Transaction(connection):
        connection.execute("DELETE FROM runs WHERE run = ? AND state = 'draft'", (run,))


def _in_chunks(connection: sqlite3.Connection, run: int, *statements: str) -> None:
    after, last = schema.first_key(run), schema.last_key(run)
    while True:
        found = connection.execute(
            "SELECT max(key) FROM (SELECT key FROM rows WHERE key > ? AND key <= ? ORDER BY key LIMIT ?)",
            (after, last, _CHUNK),
        ).fetchone()[0]
        if found is None:
            return
        with Transaction(connection):
            for statement in statements:
                connection.execute(statement, (after + 1, found))
        after = found


def give_back_room(connection: sqlite3.Connection, may_go_on: Callable[[], bool] = lambda: True) -> None:
    """Gives empty pages back to the disk, some at a time: nobody who writes waits long."""
    while may_go_on() and connection.execute("PRAGMA freelist_count").fetchone()[0]:
        before = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA incremental_vacuum({_PAGES})").fetchall()
        if connection.execute("PRAGMA page_count").fetchone()[0] == before:
            return  # an old journal that could not be made so yet
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()  # nobody who reads is waited for
