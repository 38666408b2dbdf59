"""A run while its rows are being checked: nothing of it is sent before it is started."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from trackly_desktop.imports.journal import schema
from trackly_desktop.imports.journal.records import CheckedRow, NewRun, State, now_ms
from trackly_desktop.imports.options import AlreadyAdded, Duplicates
from trackly_desktop.imports.outcome import Outcome

_CHUNK = 5_000
"""Rows deleted in one transaction: others who write wait no longer than that takes."""


def insert_run(connection: sqlite3.Connection, new: NewRun, state: State, rows: int) -> int:
    """Writes a run's own line; its number is returned."""
    cursor = connection.execute(
        "INSERT INTO runs (kind, state, account, account_name, base_url, list, file, fingerprint, size, header, how,"
        " mapping, options, who, made_at, rows) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            new.kind, state, new.account, new.account_name, new.base_url, new.list_number, new.file, new.fingerprint,
            new.size, _dump(new.header), _dump(new.how), _dump(new.mapping), _dump(new.options), new.who, now_ms(), rows,
        ),
    )  # fmt: skip
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def insert_rows(connection: sqlite3.Connection, run: int, rows: Iterable[CheckedRow]) -> None:
    """Writes checked rows: those with problems are invalid, the others pending."""
    base = schema.first_key(run)
    connection.executemany(
        "INSERT INTO rows (key, line, phone, list, outcome, repeat_safe, body, cells, problems) VALUES (?,?,?,?,?,?,?,?,?)",
        (
            (
                base + row.number, row.line, row.phone, row.list_number,
                Outcome.INVALID if row.problems else Outcome.PENDING,
                row.repeat_safe, row.body, _dump(row.cells) if row.cells else None,
                _dump(row.problems) if row.problems else None,
            )
            for row in rows
        ),
    )  # fmt: skip


class Draft:
    """One draft. Use as a context: left by an exception, it is thrown away."""

    def __init__(self, path: Path, new: NewRun) -> None:
        """Raises JournalProblem."""
        self._connection = schema.connect(path)
        with schema.Transaction(self._connection):
            self.run = insert_run(self._connection, new, State.DRAFT, 0)

    def __enter__(self) -> Draft:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            discard(self._connection, self.run)
        self._connection.close()

    def add(self, rows: list[CheckedRow]) -> None:
        """Writes some rows."""
        with schema.Transaction(self._connection):
            insert_rows(self._connection, self.run, rows)

    def settle_duplicates(self, rule: Duplicates) -> int:
        """Skips the rows that another of the same number and list makes superfluous; how many rows are duplicates."""
        again = (
            "EXISTS (SELECT 1 FROM rows AS other WHERE other.phone = rows.phone AND other.list = rows.list"
            " AND other.phone <> '' AND other.outcome = 'pending' AND other.key {sign} rows.key AND other.key BETWEEN ? AND ?)"
        )
        mine = (schema.first_key(self.run), schema.last_key(self.run))
        which = "rows.outcome = 'pending' AND rows.key BETWEEN ? AND ? AND " + again
        sign, words = {
            Duplicates.LAST: (">", "The same number and list come again further down; the last row is sent"),
            Duplicates.FIRST: ("<", "The same number and list came further up; the first row is sent"),
            Duplicates.EACH: ("<", ""),
        }[rule]
        which = which.format(sign=sign)
        if rule is Duplicates.EACH:
            found = self._connection.execute(f"SELECT count(*) FROM rows WHERE {which}", mine + mine).fetchone()[0]
            return int(found)
        # The rows to skip are found first: what is changed must not change what is found.
        with schema.Transaction(self._connection):
            keys = self._connection.execute(f"SELECT key FROM rows WHERE {which}", mine + mine).fetchall()
            self._connection.executemany(
                "UPDATE rows SET outcome = 'skipped', note = ? WHERE key = ?", ((words, key) for (key,) in keys)
            )
        return len(keys)

    def settle_already_added(self, account: str, base_url: str, rule: AlreadyAdded) -> int:
        """Finds the people whom this account has added to the list before, and skips them if so chosen."""
        which = (
            "outcome = 'pending' AND key BETWEEN ? AND ? AND EXISTS (SELECT 1 FROM rows AS other JOIN runs ON runs.run ="
            f" other.key >> {schema.RUN_BITS} WHERE other.phone = rows.phone AND other.list = rows.list AND other.phone <> ''"
            " AND other.outcome IN ('created', 'updated') AND runs.account = ? AND runs.base_url = ?)"
        )
        given = (schema.first_key(self.run), schema.last_key(self.run), account, base_url)
        found = self._connection.execute(f"SELECT count(*) FROM rows WHERE {which}", given).fetchone()[0]
        if found and rule is AlreadyAdded.SKIP:
            with schema.Transaction(self._connection):
                self._connection.execute(
                    "UPDATE rows SET outcome = 'skipped', note = 'This person was added to the list from here before'"
                    f" WHERE {which}",
                    given,
                )
        return int(found)

    def seal(self, rows: int) -> dict[Outcome, int]:
        """Counts the rows and keeps the counts: the draft is complete."""
        counts = count_outcomes(self._connection, self.run)
        with schema.Transaction(self._connection):
            self._connection.execute(
                "UPDATE runs SET rows = ?, counts = ? WHERE run = ?", (rows, _dump(counts), self.run)
            )
        return counts


def count_outcomes(connection: sqlite3.Connection, run: int) -> dict[Outcome, int]:
    """How many of a run's rows have each outcome."""
    found = connection.execute(
        "SELECT outcome, count(*) FROM rows WHERE key BETWEEN ? AND ? GROUP BY outcome",
        (schema.first_key(run), schema.last_key(run)),
    )
    return {Outcome(outcome): count for outcome, count in found}


def discard(connection: sqlite3.Connection, run: int) -> None:
    """Deletes a draft, a part at a time."""
    state = connection.execute("SELECT state FROM runs WHERE run = ?", (run,)).fetchone()
    if state is None or state[0] != State.DRAFT:
        return
    deleted = 1
    while deleted:
        with schema.Transaction(connection):
            deleted = connection.execute(
                "DELETE FROM rows WHERE key IN (SELECT key FROM rows WHERE key BETWEEN ? AND ? LIMIT ?)",
                (schema.first_key(run), schema.last_key(run), _CHUNK),
            ).rowcount
    with schema.Transaction(connection):
        connection.execute("DELETE FROM runs WHERE run = ? AND state = 'draft'", (run,))


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
