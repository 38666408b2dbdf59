"""Corrections of a draft, and its rows as they were before each, to undo them.

Removed when the draft is started or discarded.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from trackly_desktop.journal import row_codec
from trackly_desktop.journal.connection import Transaction

_COLUMNS = "content, outcome, phone, list, idempotent, field_bits, signup_day, issues, note_code, note_params"
"""The columns of a row that a correction may change."""
_CHUNK = 5_000


class Correction(NamedTuple):
    """A correction that can be undone."""

    step: int
    """Its number: a later correction has a greater one."""
    fix: Mapping[str, str]
    """What was asked for, as it was passed to `begin`."""
    rows: int
    """How many rows it changed."""


class CorrectionLog:
    """The corrections of one draft, undone from the last to the first."""

    def __init__(self, connection: sqlite3.Connection, run_id: int) -> None:
        self._connection = connection
        self._run_id = run_id
        self._step: int | None = None

    def begin(self, fix: Mapping[str, str]) -> None:
        """Begin a correction: rows that are recorded from now on are of this."""
        with Transaction(self._connection):
            self._step = self._connection.execute(
                "INSERT INTO corrections (run, fix) VALUES (?, ?)", (self._run_id, row_codec.encode(dict(fix)))
            ).lastrowid

    def record(self, keys: Iterable[int]) -> None:
        """Record rows before they are changed; once in a step.

        The caller has a transaction open.
        """
        assert self._step is not None
        self._connection.executemany(
            f"INSERT OR IGNORE INTO uncorrected_rows SELECT ?, key, {_COLUMNS} FROM rows WHERE key = ?",
            ((self._step, key) for key in keys),
        )

    def count(self, rows: int) -> None:
        """Count rows that the correction changed; rows that are only settled are none.

        The caller has a transaction open.
        """
        self._connection.execute("UPDATE corrections SET rows = rows + ? WHERE step = ?", (rows, self._step))
        self._count_in_source(rows)

    def last(self) -> Correction | None:
        """Return the last correction that changed a row; None without one."""
        row = self._connection.execute(
            "SELECT step, fix, rows FROM corrections WHERE run = ? AND rows > 0 ORDER BY step DESC LIMIT 1",
            (self._run_id,),
        ).fetchone()
        return Correction(row[0], json.loads(row[1]), row[2]) if row else None

    def undo_last(self) -> None:
        """Restore the rows that the last correction changed, a chunk at a time.

        Where the program ends meanwhile, undoing it once more restores the remaining rows.
        """
        correction = self.last()
        if correction is None:
            return
        columns = _COLUMNS.split(", ")
        values = (
            f"SELECT {_COLUMNS} FROM uncorrected_rows AS former WHERE former.step = :step AND former.key = rows.key"
        )
        for chunk in _chunks(self._connection, correction.step):
            with Transaction(self._connection):
                self._connection.execute(
                    f"UPDATE rows SET ({', '.join(columns)}) = ({values}) WHERE key IN"
                    " (SELECT key FROM uncorrected_rows WHERE step = :step AND key BETWEEN :first AND :last)",
                    chunk,
                )
                _remove_chunk(self._connection, chunk)
        with Transaction(self._connection):
            self._connection.execute("DELETE FROM corrections WHERE step = ?", (correction.step,))
            self._count_in_source(-correction.rows)

    def _count_in_source(self, rows: int) -> None:
        self._connection.execute(
            "UPDATE runs SET source = json_set(source, '$.corrected_rows',"
            " coalesce(json_extract(source, '$.corrected_rows'), 0) + ?) WHERE run = ?",
            (rows, self._run_id),
        )


def remove_corrections(connection: sqlite3.Connection, run_id: int) -> None:
    """Remove what is recorded of a run's corrections; none can be undone any more."""
    for (step,) in connection.execute("SELECT step FROM corrections WHERE run = ?", (run_id,)).fetchall():
        for chunk in _chunks(connection, step):
            with Transaction(connection):
                _remove_chunk(connection, chunk)
        with Transaction(connection):
            connection.execute("DELETE FROM corrections WHERE step = ?", (step,))


def _chunks(connection: sqlite3.Connection, step: int) -> Iterable[dict[str, int]]:
    """Yield the first keys that are recorded of a step, until there are none."""
    while True:
        first, last = connection.execute(
            "SELECT min(key), max(key) FROM (SELECT key FROM uncorrected_rows WHERE step = ? ORDER BY key LIMIT ?)",
            (step, _CHUNK),
        ).fetchone()
        if first is None:
            return
        yield {"step": step, "first": first, "last": last}


def _remove_chunk(connection: sqlite3.Connection, chunk: Mapping[str, int]) -> None:
    connection.execute("DELETE FROM uncorrected_rows WHERE step = :step AND key BETWEEN :first AND :last", chunk)
