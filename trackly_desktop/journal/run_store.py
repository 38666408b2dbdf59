"""The journal of a run in delivery: rows to send, requests, results."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType

from trackly_desktop.api.replies import Accepted, SendResult, StopReason
from trackly_desktop.contacts.issues import NoteCode
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal import drafts, retention, row_codec, schema, suppression_list
from trackly_desktop.journal.connection import JournalProblem, Transaction, connect, file_of, write_copy
from trackly_desktop.journal.correction_log import remove_corrections
from trackly_desktop.journal.models import (
    DueRow,
    NewRun,
    RowResult,
    RunCounts,
    SendMark,
    State,
    ValidatedRow,
    count_outcomes,
    now_ms,
)
from trackly_desktop.journal.request_bodies import request_bodies

_log = logging.getLogger(__name__)

_AT_ONCE = 500
"""Rows in one statement: SQLite takes 32,766 values at most."""
_NO_ANSWER, _UNKNOWN, _REFUSED = (row_codec.REPLIES.index(reply) for reply in ("", "unknown", "refused"))
_MAY_BE_APPLIED = (
    f"EXISTS (SELECT 1 FROM attempts WHERE attempts.key = rows.key AND attempts.reply IN ({_NO_ANSWER}, {_UNKNOWN})"
    " AND NOT EXISTS (SELECT 1 FROM attempts AS later WHERE later.key = attempts.key"
    f" AND later.request > attempts.request AND later.reply = {_REFUSED}))"
)
"""SQL: whether a request for a row may have been applied.

A row that is refused in the end was not applied before.
"""


class Journal:
    """The journal as delivery writes it.

    One thread at a time; a method's writes are on the disk when it returns.

    Any method raises sqlite3.Error when the disk is full, or the file is locked or gone; then nothing of the call is
    written, and the same call may be made again.
    """

    def __init__(self, path: Path) -> None:
        """Open the journal.

        Raises:
            JournalProblem: it cannot be used.
        """
        self._path = path
        self._connection = connect(path)
        self._file = file_of(path)
        self._rescued: Path | None = None
        self._rescued_file: tuple[int, int] | None = None

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def add_single(self, new: NewRun, row: ValidatedRow) -> int:
        """Insert a run of one row, ready to be delivered; return its number."""
        with Transaction(self._connection):
            run_id = drafts.insert_run(self._connection, new, State.RUNNING, 1)
            drafts.insert_rows(self._connection, run_id, [drafts.encode_row(row, new.sample)])
            self._connection.execute("UPDATE runs SET started_at = made_at WHERE run = ?", (run_id,))
        return run_id

    def start(self, run_id: int, confirmed: str = "") -> None:
        """Mark a draft, or a run that stopped, as being delivered."""
        mine = (schema.first_key(run_id), schema.last_key(run_id))
        with Transaction(self._connection):
            self._connection.execute(
                # The most people that may be enrolled: rows that ask for it, as they were confirmed.
                f"UPDATE runs SET options = json_set(options, '$.may_enroll', (SELECT count(*) FROM rows WHERE"
                f" field_bits & {row_codec.JOURNEYS} AND outcome NOT IN ({row_codec.INVALID}, {row_codec.SKIPPED})"
                " AND key BETWEEN ? AND ?))"
                " WHERE run = ? AND json_extract(options, '$.may_enroll') IS NULL",
                (*mine, run_id),
            )
            self._connection.execute(
                # An operator that resumes after this stop has seen the number, and confirms the remaining rows too.
                "UPDATE runs SET options = json_set(options, '$.may_enroll', (SELECT count(*) FROM rows WHERE (journeys > 0"
                f" OR outcome IN ({row_codec.PENDING}, {row_codec.UNKNOWN})) AND key BETWEEN ? AND ?))"
                " WHERE run = ? AND stopped = ?",
                (*mine, run_id, StopReason.JOURNEYS),
            )
            self._connection.execute(
                "UPDATE runs SET state = ?, stopped = NULL, ended_at = NULL,"
                " started_at = coalesce(started_at, ?), confirmed = CASE WHEN ? <> '' THEN ? ELSE confirmed END"
                " WHERE run = ?",
                (State.RUNNING, now_ms(), confirmed, confirmed, run_id),
            )
        remove_corrections(self._connection, run_id)

    def end(self, run_id: int, state: State, stopped: StopReason | None) -> None:
        """Mark a run as over, or as stopped before its end."""
        with Transaction(self._connection):
            self._connection.execute(
                "UPDATE runs SET state = ?, stopped = ?, ended_at = ? WHERE run = ?", (state, stopped, now_ms(), run_id)
            )

    def counts(self, run_id: int) -> dict[Outcome, int]:
        """Count the rows of each outcome."""
        return count_outcomes(self._connection, run_id)

    def rows_of(self, run_id: int) -> int:
        """Return how many rows the run was created with."""
        row = self._connection.execute("SELECT rows FROM runs WHERE run = ?", (run_id,)).fetchone()
        return int(row[0])

    def requests(self, run_id: int) -> tuple[int, int]:
        """Return a run's number of requests, and how many of them were repeats."""
        requests, repeats = self._connection.execute(
            "SELECT requests, retries FROM runs WHERE run = ?", (run_id,)
        ).fetchone()
        return int(requests), int(repeats)

    def pending(self, run_id: int, after: int, limit: int) -> list[DueRow]:
        """Return the next unsent rows in the file's order, from the key `after` on."""
        return self._due(f"outcome = {row_codec.PENDING}", run_id, after, limit)

    def unresolved(self, run_id: int) -> list[DueRow]:
        """Return rows that a killed program was sending, and rows to retry."""
        sending = self._due(f"outcome = {row_codec.SENDING}", run_id, 0, -1)
        waiting = self._due(f"outcome = {row_codec.UNKNOWN} AND retry_pending = 1", run_id, 0, -1)
        return sorted(sending + waiting, key=lambda row: row.key)

    def enrolled(self, run_id: int) -> tuple[int, int]:
        """Return how many people the run has enrolled in journeys, and how many it may."""
        row = self._connection.execute(
            "SELECT (SELECT count(*) FROM rows WHERE key BETWEEN ? AND ? AND journeys > 0),"
            " json_extract(options, '$.may_enroll') FROM runs WHERE run = ?",
            (schema.first_key(run_id), schema.last_key(run_id), run_id),
        ).fetchone()
        return int(row[0]), int(row[1] or 0)

    def lists_of(self, run_id: int) -> int:
        """Return how many lists a run's rows are for; 2 means several."""
        row = self._connection.execute(
            "SELECT count(*) FROM (SELECT DISTINCT list FROM rows WHERE key BETWEEN ? AND ? AND phone <> 0 LIMIT 2)",
            (schema.first_key(run_id), schema.last_key(run_id)),
        ).fetchone()
        return int(row[0])

    def commit_batch(
        self, run_id: int, results: Sequence[RowResult], marks: Sequence[SendMark], totals: RunCounts
    ) -> list[int | NoteCode]:
        """Store results of rows, and mark other rows as being sent, in one transaction.

        Returns:
            For each mark the number of its request, or why the row must not be sent: then it is settled.
        """
        self._must_be_there()
        with Transaction(self._connection):
            for first in range(0, len(results), _AT_ONCE):
                self._record(results[first : first + _AT_ONCE])
            (requests,) = self._connection.execute("SELECT requests FROM runs WHERE run = ?", (run_id,)).fetchone()
            suppressed = suppression_list.find_suppressed(self._connection, run_id, marks) if marks else {}
            allowed = [mark for mark in marks if mark.key not in suppressed]
            numbers = {mark.key: number for number, mark in enumerate(allowed, requests + 1)}
            sent = [(key, request, now_ms()) for key, request in numbers.items()]
            self._connection.executemany("INSERT INTO in_flight_requests VALUES (?, ?, ?)", sent)
            self._connection.executemany(
                f"UPDATE rows SET outcome = {row_codec.SENDING}, retry_pending = 0, confirmed_absent = ? WHERE key = ?",
                [(mark.confirmed_absent, mark.key) for mark in allowed],
            )
            for mark in marks:
                if mark.key in suppressed:
                    outcome = row_codec.UNKNOWN if mark.may_be_applied else row_codec.SKIPPED
                    self._connection.execute(
                        "UPDATE rows SET outcome = ?, retry_pending = 0, note_code = ?, note_params = NULL, settled_at = ?"
                        " WHERE key = ?",
                        (outcome, suppressed[mark.key], now_ms(), mark.key),
                    )
            self._connection.execute(
                "UPDATE runs SET counts = ?, requests = requests + ?, retries = ? WHERE run = ?",
                (json.dumps(totals.counts), len(allowed), totals.retries, run_id),
            )
        return [suppressed.get(mark.key) or numbers[mark.key] for mark in marks]

    def store_lookups(self, run_id: int, lookups: Mapping[int, bool]) -> None:
        """Store look-ups of rows' people: row -> whether an active member of its list."""
        self._must_be_there()
        with Transaction(self._connection):
            suppression_list.store_lookups(self._connection, run_id, lookups)

    def refuse_list(self, run_id: int, list_number: str) -> int:
        """Refuse every pending row of a list; return how many."""
        with Transaction(self._connection):
            return self._connection.execute(
                f"UPDATE rows SET outcome = {row_codec.REFUSED}, note_code = ?, settled_at = ?"
                f" WHERE outcome = {row_codec.PENDING} AND list = (SELECT list FROM lists WHERE number = ?)"
                " AND key BETWEEN ? AND ?",
                (NoteCode.LIST_REFUSED, now_ms(), list_number, schema.first_key(run_id), schema.last_key(run_id)),
            ).rowcount

    def discard_drafts(self, keep: Iterable[int] = ()) -> None:
        """Remove drafts that were not started."""
        kept_ids = set(keep)
        for (run_id,) in self._connection.execute("SELECT run FROM runs WHERE state = 'draft'").fetchall():
            if run_id not in kept_ids:
                retention.remove_rows(self._connection, run_id)
                retention.free_space(self._connection)

    def _due(self, which: str, run_id: int, after: int, limit: int) -> list[DueRow]:
        rows = self._connection.execute(
            "SELECT rows.key, phone, number, content, idempotent, outcome, tries, confirmed_absent, max("
            " coalesce((SELECT max(sent_at) FROM attempts WHERE attempts.key = rows.key), 0),"
            " coalesce((SELECT sent_at FROM in_flight_requests AS sent WHERE sent.key = rows.key), 0)),"
            f" {_MAY_BE_APPLIED} FROM rows JOIN lists USING (list)"
            f" WHERE {which} AND rows.key BETWEEN ? AND ? ORDER BY rows.key LIMIT ?",
            (max(after, schema.first_key(run_id)) + 1, schema.last_key(run_id), limit),
        )
        body_of = request_bodies(self._connection, run_id)
        return [
            DueRow(
                key, row_codec.phone_of(phone), number, body_of(phone, number, content), bool(idempotent),
                row_codec.OUTCOME_OF[outcome], tries, bool(absent), sent_at or None, bool(may_be_applied),
            )
            for key, phone, number, content, idempotent, outcome, tries, absent, sent_at, may_be_applied in rows
        ]  # fmt: skip

    def _must_be_there(self) -> None:
        """Restore the file where it was deleted: writes into it would be lost.

        Raises:
            sqlite3.Error: it cannot be restored.
        """
        current_file = file_of(self._path)
        if current_file == self._file:
            return
        try:
            if current_file is None:
                write_copy(self._connection, self._path)
                _log.warning("the journal's file was deleted while it was in use; it has been written again")
            elif current_file != self._rescued_file:
                self._keep_aside()
            fresh = connect(self._path)
        except (OSError, JournalProblem) as error:
            raise sqlite3.OperationalError(f"its file was deleted, and cannot be written again: {error}") from error
        self._connection.close()
        self._connection, self._file = fresh, file_of(self._path)

    def _keep_aside(self) -> None:
        """Save the journal beside another file that took its path.

        Neither overwrites the other.
        """
        if self._rescued is None:
            rescued = self._path.with_name(f"{self._path.name}.kept-{datetime.now():%Y%m%d-%H%M%S}")
            write_copy(self._connection, rescued)
            self._rescued, self._rescued_file = rescued, file_of(rescued)
        raise sqlite3.OperationalError(f"another file is in its place; put {self._rescued.name} there instead")

    def _record(self, results: Sequence[RowResult]) -> None:
        marks = ",".join("?" * len(results))
        keys = [result.key for result in results]
        rows = self._connection.execute(
            f"SELECT key, request, sent_at FROM in_flight_requests WHERE key IN ({marks})", keys
        )
        in_flight = {key: (request, sent_at) for key, request, sent_at in rows}
        self._connection.execute(f"DELETE FROM in_flight_requests WHERE key IN ({marks})", keys)
        self._connection.executemany(
            "INSERT INTO attempts VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            [_attempt(result, *in_flight[result.key]) for result in results if result.key in in_flight],
        )
        self._connection.executemany(
            "UPDATE rows SET outcome = ?, retry_pending = ?, tries = ?, note_code = ?, note_params = ?, settled_at = ?,"
            " is_new_contact = ?, is_new_list_contact = ?, journeys = ?, warnings = ? WHERE key = ?",
            [_row_values(result, is_answer=result.key in in_flight and result.reply is not None) for result in results],
        )


def must_be_storable(reply: SendResult) -> None:
    """Check that the journal can store an answer.

    Raises:
        ValueError, TypeError, OverflowError: it cannot.
    """
    result = RowResult(1, Outcome.UNKNOWN, False, 0, 0, reply)
    for value in (*_row_values(result, is_answer=True), *_attempt(result, 1, 0)):
        if isinstance(value, str):
            value.encode()
        elif isinstance(value, int):
            value.to_bytes(8, signed=True)
        elif not isinstance(value, (bytes, float, type(None))):
            raise TypeError(type(value).__name__)


def _row_values(result: RowResult, *, is_answer: bool) -> tuple[object, ...]:
    """Values of a row after a result; an answer's time is in its attempt."""
    answer: tuple[object, ...] = (None, None, None, None)
    if isinstance(result.reply, Accepted):
        warnings = row_codec.encode(result.reply.warnings) if result.reply.warnings else None
        answer = (
            result.reply.is_new_contact,
            result.reply.is_new_list_contact,
            result.reply.journeys_enrolled,
            warnings,
        )
    outcome, settled_at = row_codec.CODE_OF[result.outcome], None if is_answer else result.at
    note = row_codec.encode_note(result.note)
    return outcome, result.retry_pending, result.tries, *note, settled_at, *answer, result.key


def _attempt(result: RowResult, request: int, sent_at: int) -> tuple[object, ...]:
    """Values of a sent request and its answer.

    The answer's are None for a program that was killed before it came.
    """
    reply = result.reply
    if reply is None:
        return result.key, request, sent_at, None, None, 0, None, None, None, None, None
    ids = (reply.contact_id, reply.list_contact_id) if isinstance(reply, Accepted) else ("", "")
    return (
        result.key, request, sent_at, max(0, result.at - sent_at), reply.status,
        row_codec.REPLIES.index(type(reply).__name__.lower()), reply.code or reply.fault, reply.words or None,
        row_codec.pack_answer(reply.raw), *map(row_codec.pack_id, ids),
    )  # fmt: skip
