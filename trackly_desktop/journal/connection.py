"""Connections to the journal: created, migrated, repaired; transactions."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import threading
import time
from datetime import datetime
from pathlib import Path

from trackly_desktop.journal import migrations, schema
from trackly_desktop.system.private_files import open_private

BUSY_SECONDS = 10.0
"""How long a write waits for another program that is writing."""


class JournalProblem(Exception):
    """The journal cannot be used; its words are for the operator."""


def advice(error: sqlite3.Error | OSError) -> str:
    """What an operator can do about a journal that cannot be used."""
    if isinstance(error, PermissionError):
        return "make its file and folder writable again"
    primary = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    return {
        sqlite3.SQLITE_BUSY: "end the other program that holds it",
        sqlite3.SQLITE_LOCKED: "end the other program that holds it",
        sqlite3.SQLITE_READONLY: "make its file and folder writable again",
        sqlite3.SQLITE_PERM: "make its file and folder writable again",
        sqlite3.SQLITE_CANTOPEN: "make its folder writable again",
        sqlite3.SQLITE_CORRUPT: "restart the program, which sets the damaged file aside",
        sqlite3.SQLITE_NOTADB: "restart the program, which sets the damaged file aside",
        sqlite3.SQLITE_FULL: "make room on the disk",
        sqlite3.SQLITE_IOERR: "check the disk",
    }.get(primary) or _advice_by_system(error)


def _advice_by_system(error: sqlite3.Error | OSError) -> str:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "make room on the disk"
    return "restart the program; if it happens again, send its log to support"


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open the journal; create it where there is none.

    It is owner-only, and every commit is on the disk when it returns.
    """
    try:
        uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}"
        with _OPENING:
            if not read_only:
                _make_private(path)
            connection = sqlite3.connect(
                uri, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS
            )
        connection.execute(f"PRAGMA busy_timeout = {round(BUSY_SECONDS * 1000)}")
        if not read_only:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # heeded only while there is no table yet
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            _prepare(connection)
        elif _version(connection) < schema.VERSION:  # this one cannot bring it up
            connection.close()
            connect(path).close()
            return connect(path, read_only=True)
    except (sqlite3.Error, OSError) as error:
        if getattr(error, "sqlite_errorcode", None) in _DAMAGED and not read_only:
            raise _set_aside(path) from error
        raise JournalProblem(f"The journal {path} cannot be opened ({error}): {advice(error)}") from error
    return connection


def file_of(path: Path) -> tuple[int, int] | None:
    """Which file stands at the journal's place now; None where none does."""
    try:
        stands = path.stat()
    except FileNotFoundError:
        return None
    return stands.st_dev, stands.st_ino


def write_copy(connection: sqlite3.Connection, path: Path) -> None:
    """Write all that a connection to a deleted file has to a new file.

    Raises:
        sqlite3.Error, OSError: it cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for end in ("-wal", "-shm"):  # left by the deleted file, they would be taken for the new one's
        path.with_name(path.name + end).unlink(missing_ok=True)
    fresh = path.with_name(f"{path.name}.part")
    fresh.unlink(missing_ok=True)
    _make_private(fresh)
    connection.execute("VACUUM INTO ?", (str(fresh),))
    os.link(fresh, path)  # fails where there is one by now
    fresh.unlink()


def nothing_yet() -> sqlite3.Connection:
    """What is read where there is no journal: reading makes no file."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.executescript(schema.TABLES)
    return connection


_DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


def _set_aside(path: Path) -> JournalProblem:
    """Rename a damaged journal; the next opening creates a new one."""
    new_path = path.with_name(f"{path.name}.damaged-{datetime.now():%Y%m%d-%H%M%S}")
    for end in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(new_path.with_name(new_path.name + end))
    return JournalProblem(
        f"The journal was damaged; it is kept as {new_path}. A new one is begun: "
        "imports that were not finished are not known any more, so look in Trackly before you import those files again"
    )


_OPENING = threading.Lock()
"""Nobody of this process opens the journal while it is being made."""


def _make_private(path: Path) -> None:
    # SQLite gives its -wal and -shm files the permissions of the file itself.
    # One that is there is never opened here: closing any descriptor of a file drops every POSIX lock that this process
    # has on it, SQLite's too, and another process would then take the journal for unused (sqlite.org, How To Corrupt, 2.2).
    for end in ("-wal", "-shm"):
        # Made while the journal could not be written, they cannot be either; now that it can, they can too.
        with contextlib.suppress(OSError):
            if not os.access(path.with_name(path.name + end), os.W_OK):
                path.with_name(path.name + end).chmod(0o600)
    with contextlib.suppress(FileExistsError):
        os.close(open_private(path, os.O_RDWR | os.O_CREAT | os.O_EXCL))


def _prepare(connection: sqlite3.Connection) -> None:
    """Create the tables, or migrate an older version's in one transaction."""
    if _version(connection) < schema.VERSION:
        with Transaction(connection):
            before = _version(connection)  # another program may have been quicker
            _bring_up(connection, before)
        if before:
            with contextlib.suppress(sqlite3.Error):  # room is given back later, where there is none for it now
                connection.execute("VACUUM")
    if _version(connection) > schema.VERSION:
        connection.close()
        raise JournalProblem("The journal was written by a newer version of this program; use that one")


def _bring_up(connection: sqlite3.Connection, version: int) -> None:
    if version >= schema.VERSION:
        return
    if version == 0:
        for statement in schema.TABLES.split(";\n"):
            connection.execute(statement)
        applied = [name for name, _step in migrations.MIGRATIONS]
    else:
        applied = migrations.migrate(connection, version)
    now = time.time_ns() // 1_000_000
    connection.executemany("INSERT INTO migrations VALUES (?, ?)", [(name, now) for name in applied])
    connection.execute(f"PRAGMA user_version = {schema.VERSION}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


class Transaction:
    """A context whose changes are committed together, or none of them."""

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
