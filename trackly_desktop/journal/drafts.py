"""Drafts: runs whose rows are validated or corrected, and not yet sent."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from trackly_desktop.contacts.issues import NoteCode
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal import models, retention, row_codec, schema, suppression_list
from trackly_desktop.journal.connection import Transaction, connect
from trackly_desktop.journal.import_options import AlreadyAdded, Duplicates
from trackly_desktop.journal.models import NewRun, State, ValidatedRow, now_ms
from trackly_desktop.journal.protection import read_protection, record_server
from trackly_desktop.journal.row_codec import INVALID, PENDING, SKIPPED
from trackly_desktop.journal.send_history import SendHistory


def insert_run(connection: sqlite3.Connection, new: NewRun, state: State, rows: int) -> int:
    """Insert a run; return its number."""
    cursor = connection.execute(
        "INSERT INTO runs (kind, state, account, account_name, base_url, list, file, fingerprint, size, header, source,"
        " mapping, options, who, made_at, rows, sample) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            new.kind, state, new.account, new.account_name, new.base_url, new.list_number, new.file, new.fingerprint,
            new.size, *map(row_codec.encode, (new.header, new.source.to_json(), new.mapping, new.options)), new.who,
            now_ms(), rows, new.sample,
        ),
    )  # fmt: skip
    assert cursor.lastrowid is not None
    record_server(connection, new.account, new.base_url)
    return cursor.lastrowid


class RowValues(NamedTuple):
    """A validated row as it is stored; the list by its number still."""

    number: int
    line_offset: int
    phone: int
    list_number: str
    outcome: int
    idempotent: bool
    field_bits: int
    signup_day: int | None
    content: bytes
    issues: str | None
    note_code: str | None
    note_params: str | None


def encode_row(row: ValidatedRow, sample: bytes) -> RowValues:
    """Return a row's values: invalid with issues, skipped with a note, else pending."""
    return RowValues(
        row.number, row.line - row.number, row_codec.phone_code(row.phone), row.list_number,
        INVALID if row.issues else SKIPPED if row.note else PENDING, row.idempotent, row.field_bits, row.signup_day,
        row_codec.pack(row.cells, row.body, sample), row_codec.encode_issues(row.issues), *row_codec.encode_note(row.note),
    )  # fmt: skip


def insert_rows(connection: sqlite3.Connection, run_id: int, rows: Sequence[RowValues]) -> None:
    """Insert validated rows."""
    codes = schema.list_codes(connection, (row.list_number for row in rows))
    connection.executemany(
        "INSERT INTO rows (key, line_offset, phone, list, outcome, idempotent, field_bits, signup_day, content, issues,"
        f" note_code, note_params) VALUES ({schema.first_key(run_id)} + ?,?,?,?,?,?,?,?,?,?,?,?)",
        ((*row[:3], codes[row.list_number], *row[4:]) for row in rows),
    )


class Draft:
    """A draft that is being filled; as a context, an exception removes it."""

    def __init__(self, path: Path, new: NewRun) -> None:
        """Open the journal and insert the run.

        Raises:
            JournalProblem: the journal cannot be used.
        """
        self._connection = connect(path)
        with Transaction(self._connection):
            self.run_id = insert_run(self._connection, new, State.DRAFT, 0)

    def __enter__(self) -> Draft:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            retention.remove_rows(self._connection, self.run_id)
        self._connection.close()

    def add(self, rows: Sequence[RowValues]) -> None:
        """Insert a batch of rows."""
        with Transaction(self._connection):
            insert_rows(self._connection, self.run_id, rows)

    def settle_duplicates(self, rule: Duplicates) -> int:
        """Skip rows whose number and list another row has; return the duplicates."""
        mine = (schema.first_key(self.run_id), schema.last_key(self.run_id))
        which = f"rows.outcome = {PENDING} AND rows.key BETWEEN ?1 AND ?2 AND {_ALIKE[rule]}"
        if rule is Duplicates.EACH:
            return count_duplicates(self._connection, self.run_id)
        # The rows to skip are selected first: the update must not change the selection.
        with Transaction(self._connection):
            keys = self._connection.execute(f"SELECT key FROM rows WHERE {which}", mine).fetchall()
            self._connection.executemany(
                f"UPDATE rows SET outcome = {SKIPPED}, note_code = ? WHERE key = ?",
                ((DUPLICATE_CODES[rule], key) for (key,) in keys),
            )
        return len(keys)

    def settle_already_added(self, account: str, base_url: str, rule: AlreadyAdded, history_key: bytes = b"") -> int:
        """Count people that this account added to the list before; skip if chosen."""
        protection = read_protection(self._connection, account, base_url)
        history = SendHistory(self._connection, history_key, self.run_id, protection)
        which = f"outcome = {PENDING} AND key BETWEEN :first AND :last AND {history.added('rows.phone', 'rows.list')}"
        values = schema.key_range(self.run_id)
        if rule is not AlreadyAdded.SKIP:
            return int(self._connection.execute(f"SELECT count(*) FROM rows WHERE {which}", values).fetchone()[0])
        values["note_code"] = NoteCode.ALREADY_ADDED
        with Transaction(self._connection):
            return self._connection.execute(
                f"UPDATE rows SET outcome = {SKIPPED}, note_code = :note_code,"
                f" note_params = {history.last_add('rows.phone', 'rows.list')} WHERE {which}",
                values,
            ).rowcount

    def hold_back(self, account: str, base_url: str) -> None:
        """Skip the rows for people that must not be texted, as far as it is known."""
        protection = read_protection(self._connection, account, base_url)
        suppression_list.hold_back(self._connection, self.run_id, protection)

    def finalize(self, rows: int) -> dict[Outcome, int]:
        """Count the rows and store the counts: the draft is complete."""
        return finalize_run(self._connection, self.run_id, rows)


_OTHER_ROW = (
    "EXISTS (SELECT 1 FROM rows AS other INDEXED BY rows_by_phone"
    " WHERE other.phone = rows.phone AND other.list = rows.list AND other.phone <> 0"
    f" AND other.outcome = {PENDING} AND "
)
# One bound each way, so that the index finds the next row at once: with another lower bound SQLite begins at that.
_FURTHER_UP = _OTHER_ROW + "other.key > ?1 AND other.key < rows.key)"
_FURTHER_DOWN = _OTHER_ROW + "other.key > rows.key AND other.key <= ?2)"
_ALIKE = {Duplicates.LAST: _FURTHER_DOWN, Duplicates.FIRST: _FURTHER_UP, Duplicates.EACH: _FURTHER_UP}
DUPLICATE_CODES: dict[Duplicates, NoteCode | None] = {
    Duplicates.LAST: NoteCode.DUPLICATE_OF_LATER,
    Duplicates.FIRST: NoteCode.DUPLICATE_OF_EARLIER,
    Duplicates.EACH: None,
}


def count_duplicates(connection: sqlite3.Connection, run_id: int) -> int:
    """Count the rows of a run whose number and list an earlier row has."""
    mine = (schema.first_key(run_id), schema.last_key(run_id))
    which = f"rows.outcome = {PENDING} AND rows.key BETWEEN ?1 AND ?2 AND {_FURTHER_UP}"
    return int(connection.execute(f"SELECT count(*) FROM rows WHERE {which}", mine).fetchone()[0])


def finalize_run(connection: sqlite3.Connection, run_id: int, rows: int) -> dict[Outcome, int]:
    """Count the rows of a run by outcome, and store the counts."""
    counts = models.count_outcomes(connection, run_id)
    with Transaction(connection):
        connection.execute(
            "UPDATE runs SET rows = ?, counts = ? WHERE run = ?", (rows, row_codec.encode(counts), run_id)
        )
    return counts
