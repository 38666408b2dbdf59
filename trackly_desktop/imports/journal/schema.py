"""The journal's tables, and how a connection is opened."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from datetime import datetime
from pathlib import Path

VERSION = 1
RUN_BITS = 32
"""A row's key is its run's number shifted by these, plus its number in the run: one run's rows are one range."""

_TABLES = """
CREATE TABLE runs (
    run INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,             -- import | contact
    state TEXT NOT NULL,            -- draft | running | stopped | cancelled | finished
    account TEXT NOT NULL, account_name TEXT NOT NULL, base_url TEXT NOT NULL,
    list TEXT NOT NULL,
    file TEXT NOT NULL DEFAULT '', fingerprint TEXT NOT NULL DEFAULT '', size INTEGER NOT NULL DEFAULT 0,
    header TEXT NOT NULL DEFAULT '[]', how TEXT NOT NULL DEFAULT '{}',
    mapping TEXT NOT NULL DEFAULT '{}', options TEXT NOT NULL DEFAULT '{}',
    confirmed TEXT NOT NULL DEFAULT '', who TEXT NOT NULL DEFAULT '',
    made_at INTEGER NOT NULL, started_at INTEGER, ended_at INTEGER,   -- milliseconds since 1970, UTC
    stopped TEXT,                   -- why it stopped before its end
    rows INTEGER NOT NULL DEFAULT 0,
    counts TEXT NOT NULL DEFAULT '{}', requests INTEGER NOT NULL DEFAULT 0, retries INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX runs_by_fingerprint ON runs (fingerprint);

CREATE TABLE rows (
    key INTEGER PRIMARY KEY,
    line INTEGER NOT NULL DEFAULT 0,
    phone TEXT NOT NULL, list TEXT NOT NULL,
    outcome TEXT NOT NULL,
    due INTEGER NOT NULL DEFAULT 0,           -- unknown, and to be sent again or looked up by itself
    repeat_safe INTEGER NOT NULL DEFAULT 1,
    tries INTEGER NOT NULL DEFAULT 0,
    seen_absent INTEGER NOT NULL DEFAULT 0,   -- seen not to be on the list before the request left
    body TEXT, cells TEXT,
    problems TEXT,                            -- [[column, value, words], ...]
    request INTEGER,                          -- the last one that carried this row
    contact_id TEXT, list_contact_id TEXT,
    is_new_contact INTEGER, is_new_list_contact INTEGER, journeys INTEGER,
    warnings TEXT, note TEXT, answered_at INTEGER
);
CREATE INDEX rows_by_outcome ON rows (outcome, key);
CREATE INDEX rows_by_phone ON rows (phone, list) WHERE phone <> '';

CREATE TABLE requests (
    request INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    sent_at INTEGER NOT NULL, answered_at INTEGER,
    status INTEGER, reply TEXT, code TEXT, words TEXT, raw TEXT
);
CREATE INDEX requests_by_run ON requests (run);

CREATE TABLE attempts (
    key INTEGER NOT NULL, request INTEGER NOT NULL,
    PRIMARY KEY (key, request)
) WITHOUT ROWID;
"""


class JournalProblem(Exception):
    """The journal cannot be used; its words are for the operator."""


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Opens the journal, making it where there is none. Owner-only; every commit is on the disk when it returns."""
    try:
        uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}"
        with _OPENING:
            if not read_only:
                _make_private(path)
            connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=10)
        connection.execute("PRAGMA busy_timeout = 10000")
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            _migrate(connection)
    except (sqlite3.Error, OSError) as error:
        if getattr(error, "sqlite_errorcode", None) in _DAMAGED and not read_only:
            raise _set_aside(path) from error
        raise JournalProblem(f"The journal {path} cannot be opened: {error}") from error
    return connection


_DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


def _set_aside(path: Path) -> JournalProblem:
    """A damaged journal is kept under another name, whole, and the next opening makes a new one."""
    kept = path.with_name(f"{path.name}.damaged-{datetime.now():%Y%m%d-%H%M%S}")
    for end in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(kept.with_name(kept.name + end))
    return JournalProblem(
        f"The journal was damaged; it is kept as {kept}. A new one is begun: "
        "imports that were not finished are not known any more, so look in Trackly before you import those files again"
    )


_OPENING = threading.Lock()
"""Nobody of this process opens the journal while it is being made."""


def _make_private(path: Path) -> None:
    # SQLite gives its -wal and -shm files the permissions of the file itself.
    # One that is there is never opened here: closing any descriptor of a file drops every POSIX lock that this process
    # has on it, SQLite's too, and another process would then take the journal for unused (sqlite.org, How To Corrupt, 2.2).
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _migrate(connection: sqlite3.Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        connection.close()
        raise JournalProblem("The journal was written by a newer version of this program; use that one")
    if version == 0:
        with Transaction(connection):
            if connection.execute("PRAGMA user_version").fetchone()[0] == 0:  # another program may have been quicker
                for statement in _TABLES.split(";\n"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {VERSION}")


class Transaction:
    """`with Transaction(connection):` everything in it is committed together, or nothing is."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            try:
                self._connection.execute("COMMIT")
            except sqlite3.Error:
                self._roll_back()
                raise
        else:
            self._roll_back()

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


def first_key(run: int) -> int:
    """The key before that of a run's first row."""
    return run << RUN_BITS


def last_key(run: int) -> int:
    """The greatest key that a row of this run can have."""
    return ((run + 1) << RUN_BITS) - 1


def row_number(key: int) -> int:
    """A row's number in its run, from 1."""
    return key & ((1 << RUN_BITS) - 1)


def run_of(key: int) -> int:
    """The run that a row belongs to."""
    return key >> RUN_BITS
