"""A run while it is delivered: what is to be sent, what has left, what came of it."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType

from trackly_desktop.api.replies import Accepted, SendResult
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal import drafts, retention, row_codec, schema, suppression_list
from trackly_desktop.journal.connection import JournalProblem, Transaction, connect, file_of, write_anew
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
from trackly_desktop.journal.request_bodies import bodies

_log = logging.getLogger(__name__)

_AT_ONCE = 500
"""Rows in one statement: SQLite takes no more than 32,766 values."""


class Journal:
    """The journal as delivery writes it. One thread at a time; what a method wrote is on the disk when it returns.

    Any method raises sqlite3.Error when the disk is full, the file locked or gone; what it was to write is then not
    written at all, and the same call may be made again.
    """

    def __init__(self, path: Path) -> None:
        """Raises JournalProblem."""
        self._path = path
        self._connection = connect(path)
        self._file = file_of(path)
        self._kept: Path | None = None
        self._kept_file: tuple[int, int] | None = None

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def add_single(self, new: NewRun, row: ValidatedRow) -> int:
        """A run of one row, ready to be delivered; its number is returned."""
        with Transaction(self._connection):
            run = drafts.insert_run(self._connection, new, State.RUNNING, 1)
            drafts.insert_rows(self._connection, run, [drafts.encode_row(row, new.sample)])
            self._connection.execute("UPDATE runs SET started_at = made_at WHERE run = ?", (run,))
        return run

    def start(self, run: int, confirmed: str = "") -> None:
        """A draft, or a run that stopped, is now being delivered."""
        mine = (schema.first_key(run), schema.last_key(run))
        with Transaction(self._connection):
            self._connection.execute(
                # The most people that may be enrolled: those whose rows ask for it, as they were confirmed.
                f"UPDATE runs SET options = json_set(options, '$.may_text', (SELECT count(*) FROM rows WHERE"
                f" has & {row_codec.JOURNEYS} AND outcome NOT IN ({row_codec.INVALID}, {row_codec.SKIPPED})"
                " AND key BETWEEN ? AND ?))"
                " WHERE run = ? AND json_extract(options, '$.may_text') IS NULL",
                (*mine, run),
            )
            self._connection.execute(
                # Whoever goes on after that stop has seen the number, and means those who are still to come as well.
                "UPDATE runs SET options = json_set(options, '$.may_text', (SELECT count(*) FROM rows WHERE (journeys > 0"
                f" OR outcome IN ({row_codec.PENDING}, {row_codec.UNKNOWN})) AND key BETWEEN ? AND ?))"
                " WHERE run = ? AND stopped = 'journeys'",
                (*mine, run),
            )
            self._connection.execute(
                "UPDATE runs SET state = 'running', stopped = NULL, ended_at = NULL,"
                " started_at = coalesce(started_at, ?), confirmed = CASE WHEN ? <> '' THEN ? ELSE confirmed END"
                " WHERE run = ?",
                (now_ms(), confirmed, confirmed, run),
            )

    def end(self, run: int, state: State, stopped: str | None) -> None:
        """The run is over, or has stopped on its way."""
        with Transaction(self._connection):
            self._connection.execute(
                "UPDATE runs SET state = ?, stopped = ?, ended_at = ? WHERE run = ?", (state, stopped, now_ms(), run)
            )

    def counts(self, run: int) -> dict[Outcome, int]:
        """How many rows have each outcome, counted now."""
        return count_outcomes(self._connection, run)

    def rows_of(self, run: int) -> int:
        """How many rows the run was made with."""
        found = self._connection.execute("SELECT rows FROM runs WHERE run = ?", (run,)).fetchone()
        return int(found[0])

    def requests(self, run: int) -> tuple[int, int]:
        """How many requests have been made for a run, and how many of them were repeats."""
        made, repeats = self._connection.execute("SELECT requests, retries FROM runs WHERE run = ?", (run,)).fetchone()
        return int(made), int(repeats)

    def pending(self, run: int, after: int, limit: int) -> list[DueRow]:
        """The next rows that have not been sent, in the file's order, with keys greater than `after`."""
        return self._due(f"outcome = {row_codec.PENDING}", run, after, limit)

    def in_doubt(self, run: int) -> list[DueRow]:
        """Rows that a killed program left on their way, and those whose repeat was still to come."""
        left = self._due(f"outcome = {row_codec.SENDING}", run, 0, -1)
        waiting = self._due(f"outcome = {row_codec.UNKNOWN} AND due = 1", run, 0, -1)
        return sorted(left + waiting, key=lambda row: row.key)

    def enrolled(self, run: int) -> tuple[int, int]:
        """How many people the run has enrolled in journeys, and how many it may."""
        found = self._connection.execute(
            "SELECT (SELECT count(*) FROM rows WHERE key BETWEEN ? AND ? AND journeys > 0),"
            " json_extract(options, '$.may_text') FROM runs WHERE run = ?",
            (schema.first_key(run), schema.last_key(run), run),
        ).fetchone()
        return int(found[0]), int(found[1] or 0)

    def lists_of(self, run: int) -> int:
        """How many lists a run's unsent rows are for."""
        found = self._connection.execute(
            "SELECT count(*) FROM (SELECT DISTINCT list FROM rows WHERE key BETWEEN ? AND ? AND phone <> 0 LIMIT 2)",
            (schema.first_key(run), schema.last_key(run)),
        ).fetchone()
        return int(found[0])

    def commit_batch(
        self, run: int, recorded: Sequence[RowResult], marks: Sequence[SendMark], totals: RunCounts
    ) -> list[int | str]:
        """Records what came of some rows, and marks others as leaving, in one transaction.

        The numbers of the new requests are returned, one a mark; or why that row must not leave (it is settled then).
        """
        self._must_be_there()
        with Transaction(self._connection):
            for first in range(0, len(recorded), _AT_ONCE):
                self._record(recorded[first : first + _AT_ONCE])
            made = self._connection.execute("SELECT requests FROM runs WHERE run = ?", (run,)).fetchone()[0]
            held = (
                suppression_list.find_suppressed(self._connection, run, [mark.key for mark in marks]) if marks else {}
            )
            free = [mark for mark in marks if mark.key not in held]
            numbers = {mark.key: number for number, mark in enumerate(free, made + 1)}
            leaving = [(key, request, now_ms()) for key, request in numbers.items()]
            self._connection.executemany("INSERT INTO leaving VALUES (?, ?, ?)", leaving)
            self._connection.executemany(
                f"UPDATE rows SET outcome = {row_codec.SENDING}, due = 0, seen_absent = ? WHERE key = ?",
                [(mark.seen_absent, mark.key) for mark in free],
            )
            for mark in marks:
                if mark.key in held:
                    outcome = row_codec.UNKNOWN if mark.in_doubt else row_codec.SKIPPED
                    self._connection.execute(
                        "UPDATE rows SET outcome = ?, due = 0, note = ?, settled_at = ? WHERE key = ?",
                        (outcome, held[mark.key], now_ms(), mark.key),
                    )
            self._connection.execute(
                "UPDATE runs SET counts = ?, requests = requests + ?, retries = ? WHERE run = ?",
                (json.dumps(totals.counts), len(free), totals.retries, run),
            )
        return [held.get(mark.key) or numbers[mark.key] for mark in marks]

    def refuse_list(self, run: int, list_number: str, note: str) -> int:
        """Refuses every row of a list that is not on its way; how many."""
        with Transaction(self._connection):
            return self._connection.execute(
                f"UPDATE rows SET outcome = {row_codec.REFUSED}, note = ?, settled_at = ? WHERE outcome = {row_codec.PENDING}"
                " AND list = (SELECT list FROM lists WHERE number = ?) AND key BETWEEN ? AND ?",
                (note, now_ms(), list_number, schema.first_key(run), schema.last_key(run)),
            ).rowcount

    def discard_drafts(self, keep: Iterable[int] = ()) -> None:
        """Throws away drafts that nobody started."""
        kept = set(keep)
        for (run,) in self._connection.execute("SELECT run FROM runs WHERE state = 'draft'").fetchall():
            if run not in kept:
                retention.remove_rows(self._connection, run)
                retention.give_back_room(self._connection)

    def _due(self, which: str, run: int, after: int, limit: int) -> list[DueRow]:
        found = self._connection.execute(
            "SELECT rows.key, phone, number, content, repeat_safe, outcome, tries, seen_absent, max("
            " coalesce((SELECT max(sent_at) FROM attempts WHERE attempts.key = rows.key), 0),"
            " coalesce((SELECT sent_at FROM leaving WHERE leaving.key = rows.key), 0)) FROM rows JOIN lists USING (list)"
            f" WHERE {which} AND rows.key BETWEEN ? AND ? ORDER BY rows.key LIMIT ?",
            (max(after, schema.first_key(run)) + 1, schema.last_key(run), limit),
        )
        body_of = bodies(self._connection, run)
        return [
            DueRow(
                key, row_codec.phone_of(phone), number, body_of(phone, number, content), bool(safe),
                row_codec.OUTCOME_OF[outcome], tries, bool(absent), sent_at or None,
            )
            for key, phone, number, content, safe, outcome, tries, absent, sent_at in found
        ]  # fmt: skip

    def _must_be_there(self) -> None:
        """Writing into a file that was deleted succeeds, and is lost: it is written anew first. Raises sqlite3.Error."""
        stands = file_of(self._path)
        if stands == self._file:
            return
        try:
            if stands is None:
                write_anew(self._connection, self._path)
                _log.warning("the journal's file was deleted while it was in use; it has been written anew")
            elif stands != self._kept_file:
                self._keep_aside()
            fresh = connect(self._path)
        except (OSError, JournalProblem) as error:
            raise sqlite3.OperationalError(f"its file was deleted, and cannot be written anew: {error}") from error
        self._connection.close()
        self._connection, self._file = fresh, file_of(self._path)

    def _keep_aside(self) -> None:
        """Another file has been put in the journal's place: neither overwrites the other."""
        if self._kept is None:
            kept = self._path.with_name(f"{self._path.name}.kept-{datetime.now():%Y%m%d-%H%M%S}")
            write_anew(self._connection, kept)
            self._kept, self._kept_file = kept, file_of(kept)
        raise sqlite3.OperationalError(f"another file is in its place; put {self._kept.name} there instead")

    def _record(self, recorded: Sequence[RowResult]) -> None:
        marks = ",".join("?" * len(recorded))
        keys = [one.key for one in recorded]
        found = self._connection.execute(f"SELECT key, request, sent_at FROM leaving WHERE key IN ({marks})", keys)
        left = {key: (request, sent_at) for key, request, sent_at in found}
        self._connection.execute(f"DELETE FROM leaving WHERE key IN ({marks})", keys)
        self._connection.executemany(
            "INSERT INTO attempts VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            [_attempt(one, *left[one.key]) for one in recorded if one.key in left],
        )
        self._connection.executemany(
            "UPDATE rows SET outcome = ?, due = ?, tries = ?, note = ?, settled_at = ?, is_new_contact = ?,"
            " is_new_list_contact = ?, journeys = ?, warnings = ? WHERE key = ?",
            [_settled(one, is_answer=one.key in left and one.reply is not None) for one in recorded],
        )


def must_be_storable(reply: SendResult) -> None:
    """Raises ValueError, TypeError or OverflowError for an answer that the journal cannot hold."""
    recorded = RowResult(1, Outcome.UNKNOWN, False, 0, 0, reply)
    for value in (*_settled(recorded, is_answer=True), *_attempt(recorded, 1, 0)):
        if isinstance(value, str):
            value.encode()
        elif isinstance(value, int):
            value.to_bytes(8, signed=True)
        elif not isinstance(value, (bytes, float, type(None))):
            raise TypeError(type(value).__name__)


def _settled(one: RowResult, *, is_answer: bool) -> tuple[object, ...]:
    """A row as it stands after this: when it was answered is the attempt's to say."""
    said: tuple[object, ...] = (None, None, None, None)
    if isinstance(one.reply, Accepted):
        warnings = row_codec.encode(one.reply.warnings) if one.reply.warnings else None
        said = (one.reply.is_new_contact, one.reply.is_new_list_contact, one.reply.journeys_enrolled, warnings)
    outcome, settled_at = row_codec.CODE_OF[one.outcome], None if is_answer else one.at
    return outcome, one.due, one.tries, one.note or None, settled_at, *said, one.key


def _attempt(one: RowResult, request: int, sent_at: int) -> tuple[object, ...]:
    """A request that has left, and the answer if one came: a program that was killed knows of none."""
    reply = one.reply
    if reply is None:
        return one.key, request, sent_at, None, None, 0, None, None, None, None, None
    ids = (reply.contact_id, reply.list_contact_id) if isinstance(reply, Accepted) else ("", "")
    return (
        one.key, request, sent_at, max(0, one.at - sent_at), reply.status,
        row_codec.REPLIES.index(type(reply).__name__.lower()), reply.code or reply.fault, reply.words or None,
        row_codec.pack_answer(reply.raw), *map(row_codec.pack_id, ids),
    )  # fmt: skip
