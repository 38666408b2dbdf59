"""The read-only connection of all queries, and the scope of their rows."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from trackly_desktop.journal import row_codec, schema
from trackly_desktop.journal.connection import connect, file_of, nothing_yet
from trackly_desktop.journal.models import Run, RunKind, State, read_runs


@dataclass(frozen=True, slots=True)
class RowScope:
    """Rows of one run (`run_id`), of all single contacts, or of all that was sent."""

    run_id: int | None = None
    only_contacts: bool = False

    CONTACTS: ClassVar[RowScope]
    EVERYTHING: ClassVar[RowScope]

    @classmethod
    def of(cls, scope: RowScope | int) -> RowScope:
        """Return a scope; a number is a run's."""
        return scope if isinstance(scope, RowScope) else cls(run_id=scope)

    @property
    def sql(self) -> tuple[str, list[Any]]:
        """SQL condition on `rows`, and its values."""
        if self.run_id is not None:
            return "rows.key BETWEEN ? AND ?", [schema.first_key(self.run_id), schema.last_key(self.run_id)]
        runs = "kind = ?" if self.only_contacts else "state <> ?"
        value = RunKind.CONTACT if self.only_contacts else State.DRAFT
        return f"rows.key >> {schema.RUN_BITS} IN (SELECT run FROM runs WHERE {runs})", [value]


RowScope.CONTACTS = RowScope(only_contacts=True)
RowScope.EVERYTHING = RowScope()


class QueryBase:
    """A read-only connection, opened when first used.

    The first writer creates the journal.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._samples: dict[int, bytes] = {}

    def close(self) -> None:
        """Close the file; it opens again when next used."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection:
        current_file = file_of(self._path)
        if self._connection is not None and current_file not in (self._file, None):
            self.close()  # another file took its path; a deleted file is read until then
        if self._connection is None:
            self._connection = connect(self._path, read_only=True) if current_file else nothing_yet()
            self._file = current_file
            self._samples.clear()  # the file may be another journal
            self._connection.create_function("cells_text", 2, row_codec.cells_text, deterministic=True)
        return self._connection

    def _runs(self, where: str, values: tuple[Any, ...]) -> list[Run]:
        return read_runs(self._open(), where, values)

    def _cells(self, key: int, content: bytes | None) -> list[str]:
        return row_codec.unpack(content, self._sample(schema.run_of(key)))[0]

    def _sample(self, run_id: int) -> bytes:
        if run_id not in self._samples:
            row = self._open().execute("SELECT sample FROM runs WHERE run = ?", (run_id,)).fetchone()
            self._samples[run_id] = row[0] if row else b""
        return self._samples[run_id]

    def _count(self, sql: str, values: tuple[Any, ...]) -> int:
        return int(self._open().execute(sql, values).fetchone()[0])


def key_bounds(run_id: int) -> tuple[int, int]:
    """Return the bounds of a run's row keys, for BETWEEN."""
    return schema.first_key(run_id), schema.last_key(run_id)
