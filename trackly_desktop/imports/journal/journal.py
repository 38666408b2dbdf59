"""A run while it is delivered: what is to be sent, what has left, what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType

from trackly_desktop.api.replies import Accepted
from trackly_desktop.imports.journal import drafts, schema
from trackly_desktop.imports.journal.records import (
    CheckedRow,
    DueRow,
    Mark,
    NewRun,
    Recorded,
    State,
    Totals,
    now_ms,
)
from trackly_desktop.imports.outcome import Outcome


class Journal:
    """The journal as delivery writes it. One thread at a time; what a method wrote is on the disk when it returns.

    Any method raises sqlite3.Error when the disk is full, the file locked or gone; what it was to write is then not
    written at all, and the same call may be made again.
    """

    def __init__(self, path: Path) -> None:
        """Raises JournalProblem."""
        self._connection = schema.connect(path)

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def add_single(self, new: NewRun, row: CheckedRow) -> int:
        """A run of one row, ready to be delivered; its number is returned."""
        with schema.Transaction(self._connection):
            run = drafts.insert_run(self._connection, new, State.RUNNING, 1)
            drafts.insert_rows(self._connection, run, [drafts.as_written(row)])
            self._connection.execute("UPDATE runs SET started_at = made_at WHERE run = ?", (run,))
        return run

    def start(self, run: int, confirmed: str = "") -> None:
        """A draft, or a run that stopped, is now being delivered."""
        with schema.Transaction(self._connection):
            self._connection.execute(
                "UPDATE runs SET state = 'running', stopped = NULL, ended_at = NULL,"
                " started_at = coalesce(started_at, ?), confirmed = CASE WHEN ? <> '' THEN ? ELSE confirmed END"
                " WHERE run = ?",
                (now_ms(), confirmed, confirmed, run),
            )

    def end(self, run: int, state: State, stopped: str | None) -> None:
        """The run is over, or has stopped on its way."""
        with schema.Transaction(self._connection):
            self._connection.execute(
                "UPDATE runs SET state = ?, stopped = ?, ended_at = ? WHERE run = ?", (state, stopped, now_ms(), run)
            )

    def counts(self, run: int) -> dict[Outcome, int]:
        """How many rows have each outcome, counted now."""
        return drafts.count_outcomes(self._connection, run)

    def rows_of(self, run: int) -> int:
        """How many rows the run was made with."""
        found = self._connection.execute("SELECT rows FROM runs WHERE run = ?", (run,)).fetchone()
        return int(found[0])

    def requests(self, run: int) -> tuple[int, int]:
        """How many requests have been made for a run, and how many of them were repeats."""
        made = self._connection.execute("SELECT count(*) FROM requests WHERE run = ?", (run,)).fetchone()[0]
        rows = self._connection.execute(
            "SELECT count(*) FROM rows WHERE key BETWEEN ? AND ? AND request IS NOT NULL",
            (schema.first_key(run), schema.last_key(run)),
        ).fetchone()[0]
        return int(made), int(made) - int(rows)

    def pending(self, run: int, after: int, limit: int) -> list[DueRow]:
        """The next rows that have not been sent, in the file's order, with keys greater than `after`."""
        return self._due("rows.outcome = 'pending'", run, after, limit)

    def in_doubt(self, run: int) -> list[DueRow]:
        """Rows that a killed program left on their way, and those whose repeat was still to come."""
        left = self._due("rows.outcome = 'sending'", run, 0, -1)
        waiting = self._due("rows.outcome = 'unknown' AND rows.due = 1", run, 0, -1)
        return sorted(left + waiting, key=lambda row: row.key)

    def lists_of(self, run: int) -> int:
        """How many lists a run's unsent rows are for."""
        found = self._connection.execute(
            "SELECT count(*) FROM (SELECT DISTINCT list FROM rows WHERE key BETWEEN ? AND ? AND phone <> '' LIMIT 2)",
            (schema.first_key(run), schema.last_key(run)),
        ).fetchone()
        return int(found[0])

    def turn(self, run: int, recorded: Sequence[Recorded], marks: Sequence[Mark], totals: Totals) -> list[int]:
        """Records what came of some rows, and marks others as leaving, in one transaction.

        The numbers of the new requests are returned, one a mark.
        """
        with schema.Transaction(self._connection):
            for one in recorded:
                self._record(one)
            requests = [self._mark(run, mark) for mark in marks]
            self._connection.execute(
                "UPDATE runs SET counts = ?, requests = ?, retries = ? WHERE run = ?",
                (json.dumps(totals.counts), totals.requests, totals.retries, run),
            )
        return requests

    def refuse_list(self, run: int, list_number: str, note: str) -> int:
        """Refuses every row of a list that is not on its way; how many."""
        with schema.Transaction(self._connection):
            return self._connection.execute(
                "UPDATE rows SET outcome = 'refused', note = ?, answered_at = ?"
                " WHERE outcome = 'pending' AND list = ? AND key BETWEEN ? AND ?",
                (note, now_ms(), list_number, schema.first_key(run), schema.last_key(run)),
            ).rowcount

    def discard_drafts(self, keep: Iterable[int] = ()) -> None:
        """Throws away drafts that nobody started."""
        kept = set(keep)
        for (run,) in self._connection.execute("SELECT run FROM runs WHERE state = 'draft'").fetchall():
            if run not in kept:
                drafts.discard(self._connection, run)

    def _due(self, which: str, run: int, after: int, limit: int) -> list[DueRow]:
        found = self._connection.execute(
            "SELECT rows.key, rows.phone, rows.list, rows.body, rows.repeat_safe, rows.outcome, rows.tries,"
            " rows.seen_absent, requests.sent_at FROM rows LEFT JOIN requests ON requests.request = rows.request"
            f" WHERE {which} AND rows.key BETWEEN ? AND ? ORDER BY rows.key LIMIT ?",
            (max(after, schema.first_key(run)) + 1, schema.last_key(run), limit),
        )
        return [
            DueRow(key, phone, number, body, bool(safe), Outcome(outcome), tries, bool(absent), sent_at)
            for key, phone, number, body, safe, outcome, tries, absent, sent_at in found
        ]

    def _mark(self, run: int, mark: Mark) -> int:
        request = self._connection.execute(
            "INSERT INTO requests (run, sent_at) VALUES (?, ?)", (run, now_ms())
        ).lastrowid
        assert request is not None
        self._connection.execute("INSERT INTO attempts (key, request) VALUES (?, ?)", (mark.key, request))
        self._connection.execute(
            "UPDATE rows SET outcome = 'sending', due = 0, request = ?, seen_absent = ? WHERE key = ?",
            (request, mark.seen_absent, mark.key),
        )
        return request

    def _record(self, one: Recorded) -> None:
        reply = one.reply
        if one.request is not None and reply is not None:
            self._connection.execute(
                "UPDATE requests SET answered_at = ?, status = ?, reply = ?, code = ?, words = ?, raw = ? WHERE request = ?",
                (one.at, reply.status, type(reply).__name__.lower(), reply.code or None, reply.words or None,
                 reply.raw or None, one.request),
            )  # fmt: skip
        if isinstance(reply, Accepted):
            self._connection.execute(
                "UPDATE rows SET outcome = ?, due = 0, tries = ?, contact_id = ?, list_contact_id = ?, is_new_contact = ?,"
                " is_new_list_contact = ?, journeys = ?, warnings = ?, note = ?, answered_at = ? WHERE key = ?",
                (one.outcome, one.tries, reply.contact_id, reply.list_contact_id, reply.is_new_contact,
                 reply.is_new_list_contact, reply.journeys_enrolled,
                 json.dumps(reply.warnings, ensure_ascii=False) if reply.warnings else None,
                 one.note or None, one.at, one.key),
            )  # fmt: skip
        else:
            self._connection.execute(
                "UPDATE rows SET outcome = ?, due = ?, tries = ?, note = ?, answered_at = ? WHERE key = ?",
                (one.outcome, one.due, one.tries, one.note or None, one.at, one.key),
            )
