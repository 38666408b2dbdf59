"""Retention: remove old personal data, deleted runs, and empty pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from trackly_desktop.accounts.accounts import DEFAULT_KEEP_DAYS
from trackly_desktop.contacts.issues import NoteCode
from trackly_desktop.journal import schema
from trackly_desktop.journal.connection import JournalProblem, Transaction, connect, file_of
from trackly_desktop.journal.correction_log import remove_corrections
from trackly_desktop.journal.models import UNFINISHED, State, count_outcomes, now_ms
from trackly_desktop.journal.row_codec import PENDING, SKIPPED, encode
from trackly_desktop.journal.send_history import hash_of
from trackly_desktop.system.run_lock import RunLock

"""Days for which personal data is kept unless an account says otherwise."""
_DAY = 86_400_000
_CHUNK = 5_000
"""Rows in one transaction: other writers wait no longer than that takes."""
_PAGES = 2_000


class RetentionPolicy(NamedTuple):
    """Days for which personal data is kept (0: for ever).

    With a key, a hash of each number stays.
    """

    days: int
    history_key: bytes = b""


_USUAL = RetentionPolicy(DEFAULT_KEEP_DAYS)


def forget_old(path: Path, accounts: Mapping[str, RetentionPolicy], now: int | None = None) -> int:
    """Remove the personal data of old runs; return how many runs.

    Runs that are not over are left alone. Accounts that are not known any more have the default days.

    Raises:
        JournalProblem, sqlite3.Error: the journal cannot be used.
    """
    at = now if now is not None else now_ms()
    connection = _connect(path)
    try:
        runs = _old_runs(connection, accounts, at)
        for run_id, policy in runs:
            _forget(connection, run_id, policy.history_key, at)
        _forget_list_members(connection, accounts, at)
        if runs:
            free_space(connection)
        return len(runs)
    finally:
        connection.close()


def has_old(path: Path, accounts: Mapping[str, RetentionPolicy], now: int | None = None) -> bool:
    """Whether `forget_old` would remove anything.

    Only then the keyring is asked for the hashes' key.

    Raises:
        JournalProblem: the journal cannot be used.
    """
    if file_of(path) is None:
        return False
    connection = connect(path, read_only=True)
    try:
        at = now if now is not None else now_ms()
        return bool(_old_runs(connection, accounts, at) or _old_list_queries(connection, accounts, at))
    finally:
        connection.close()


def _old_runs(
    connection: sqlite3.Connection, accounts: Mapping[str, RetentionPolicy], at: int
) -> list[tuple[int, RetentionPolicy]]:
    """Runs whose personal data was kept long enough, with their account's policy."""
    runs = connection.execute(
        "SELECT run, account, coalesce(ended_at, made_at) FROM runs WHERE forgotten_at IS NULL"
        " AND state IN ('finished', 'cancelled')"
    )
    return [
        (run_id, policy)
        for run_id, account, ended in runs
        if (policy := accounts.get(account, _USUAL)).days and ended < at - policy.days * _DAY
    ]


def _forget_list_members(connection: sqlite3.Connection, accounts: Mapping[str, RetentionPolicy], at: int) -> None:
    """Remove list members that were fetched long ago; they are fetched again."""
    for which in _old_list_queries(connection, accounts, at):
        with Transaction(connection):
            for table in ("list_members", "list_queries"):
                connection.execute(
                    f"DELETE FROM {table} WHERE account = ? AND base_url = ? AND list = ? AND active = ?", which
                )


def _old_list_queries(
    connection: sqlite3.Connection, accounts: Mapping[str, RetentionPolicy], at: int
) -> list[tuple[str, str, int, int]]:
    """List members fetched long ago: account, server, list, whether the active ones."""
    queries = connection.execute("SELECT account, base_url, list, active, asked_at FROM list_queries")
    return [
        (account, base_url, code, active)
        for account, base_url, code, active, asked_at in queries
        if (days := accounts.get(account, _USUAL).days) and asked_at < at - days * _DAY
    ]


def _connect(path: Path) -> sqlite3.Connection:
    connection = connect(path)
    connection.execute("PRAGMA secure_delete = ON")  # removed data is overwritten, not only unlinked
    return connection


def _forget(connection: sqlite3.Connection, run_id: int, key: bytes, at: int) -> None:
    remove_corrections(connection, run_id)
    connection.create_function("hash_of", 1, lambda phone: hash_of(key, phone) if key else 0, deterministic=True)
    _in_chunks(
        connection,
        run_id,
        "UPDATE rows SET phone = CASE WHEN phone > 0 THEN hash_of(phone) ELSE phone END, content = NULL, issues = NULL,"
        " warnings = NULL WHERE key BETWEEN ? AND ?",
        "UPDATE attempts SET code = NULL, words = NULL, raw = NULL, contact_id = NULL, list_contact_id = NULL"
        " WHERE key BETWEEN ? AND ?",
    )
    with Transaction(connection):
        connection.execute(
            f"UPDATE rows SET outcome = {SKIPPED}, note_code = ?, note_params = NULL"
            f" WHERE outcome = {PENDING} AND key BETWEEN ? AND ?",
            (NoteCode.NEVER_SENT, schema.first_key(run_id), schema.last_key(run_id)),
        )
        connection.execute(
            "UPDATE runs SET forgotten_at = ?, sample = x'', counts = ? WHERE run = ?",
            (at, encode(count_outcomes(connection, run_id)), run_id),
        )


def delete_run(path: Path, run_id: int) -> None:
    """Remove a run with all its rows.

    Raises:
        RunBusy: a program is delivering it.
        JournalProblem: it is not over yet.
    """
    run_lock = RunLock(path, run_id)
    connection = _connect(path)
    try:
        (state,) = connection.execute("SELECT state FROM runs WHERE run = ?", (run_id,)).fetchone() or (None,)
        if state in UNFINISHED:
            raise JournalProblem("This import is not over yet; let it end, or cancel it, before you delete it")
        with Transaction(connection):
            # As a draft it is shown nowhere; if the program ends before its rows are gone, they go with the drafts.
            connection.execute("UPDATE runs SET state = ? WHERE run = ?", (State.DRAFT, run_id))
        remove_rows(connection, run_id)
        free_space(connection)
    finally:
        connection.close()
        run_lock.release()


def remove_rows(connection: sqlite3.Connection, run_id: int) -> None:
    """Remove a draft, a chunk at a time."""
    remove_corrections(connection, run_id)
    _in_chunks(
        connection,
        run_id,
        "DELETE FROM rows WHERE key BETWEEN ? AND ?",
        "DELETE FROM attempts WHERE key BETWEEN ? AND ?",
    )
    with Transaction(connection):
        connection.execute("DELETE FROM runs WHERE run = ? AND state = 'draft'", (run_id,))


def _in_chunks(connection: sqlite3.Connection, run_id: int, *statements: str) -> None:
    after, last = schema.first_key(run_id), schema.last_key(run_id)
    while True:
        (last_of_chunk,) = connection.execute(
            "SELECT max(key) FROM (SELECT key FROM rows WHERE key > ? AND key <= ? ORDER BY key LIMIT ?)",
            (after, last, _CHUNK),
        ).fetchone()
        if last_of_chunk is None:
            return
        with Transaction(connection):
            for statement in statements:
                connection.execute(statement, (after + 1, last_of_chunk))
        after = last_of_chunk


def free_space(connection: sqlite3.Connection, may_continue: Callable[[], bool] = lambda: True) -> None:
    """Return empty pages to the disk, some at a time: no writer waits long."""
    while may_continue() and connection.execute("PRAGMA freelist_count").fetchone()[0]:
        before = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA incremental_vacuum({_PAGES})").fetchall()
        if connection.execute("PRAGMA page_count").fetchone()[0] == before:
            return  # an old journal without incremental vacuum
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()  # waits for no reader
