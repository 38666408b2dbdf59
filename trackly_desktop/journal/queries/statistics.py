"""Queries that count outcomes, fields, notes and warnings; outcome digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from trackly_desktop.contacts.issues import Note
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.contacts.signup_age import YEAR_2000
from trackly_desktop.journal import row_codec, schema
from trackly_desktop.journal.queries.base import QueryBase, RowScope, key_bounds


class FieldStats(NamedTuple):
    """Rows to be sent that have a field, or are remarkable."""

    journeys: int
    dates: int
    addresses: int
    pages: int
    old_with_journeys: int
    """Start journeys, and signed up long ago."""
    very_old: int
    """Signed up before 2000."""
    forced: int
    """Start journeys also for people that went through them before."""


@dataclass(frozen=True, slots=True)
class Successes:
    """Accepted rows by kind, with those that had warnings or were enrolled."""

    new_contacts: int = 0
    """New to the account."""
    new_on_list: int = 0
    """Known to the account and new on the list."""
    there_already: int = 0
    with_warnings: int = 0
    enrolled: int = 0


class StatisticsQueries(QueryBase):
    """Counts over the rows of a run."""

    def counts(self, scope: RowScope | int) -> dict[Outcome, int]:
        """Count the rows of each outcome."""
        where, values = RowScope.of(scope).sql
        rows = self._open().execute(f"SELECT outcome, count(*) FROM rows WHERE {where} GROUP BY outcome", values)
        return {row_codec.OUTCOME_OF[outcome]: count for outcome, count in rows}

    def skipped_by_note(self, run_id: int) -> dict[Note, int]:
        """Count the skipped rows by their note."""
        rows = self._open().execute(
            f"SELECT note_code, note_params, count(*) FROM rows WHERE outcome = {row_codec.SKIPPED}"
            " AND note_code IS NOT NULL AND key BETWEEN ? AND ? GROUP BY note_code, note_params",
            key_bounds(run_id),
        )
        notes = ((row_codec.decode_note(code, params), count) for code, params, count in rows)
        return {note: int(count) for note, count in notes if note is not None}

    def could_text_twice(self, scope: RowScope | int) -> int:
        """Count unknown rows whose repetition could start journeys again."""
        where, values = RowScope.of(scope).sql
        return self._count(
            f"SELECT count(*) FROM rows WHERE outcome = {row_codec.UNKNOWN} AND idempotent = 0 AND {where}",
            tuple(values),
        )

    def lists(self, run_id: int) -> list[tuple[str, int]]:
        """Return the lists of the rows to be sent, with their number of rows."""
        return self._lists(run_id, f"outcome = {row_codec.PENDING}")

    def lists_to_send_to(self, run_id: int) -> list[str]:
        """Return the lists of the rows that may be sent yet, those without an answer too."""
        unsettled = (
            f"(outcome IN ({row_codec.PENDING}, {row_codec.SENDING})"
            f" OR outcome = {row_codec.UNKNOWN} AND retry_pending = 1)"
        )
        return [number for number, _rows in self._lists(run_id, unsettled)]

    def sent_to(self, run_id: int) -> list[tuple[str, int]]:
        """Return the lists that rows were sent to, with their number of rows."""
        return self._lists(run_id, f"outcome NOT IN ({row_codec.INVALID}, {row_codec.SKIPPED}, {row_codec.PENDING})")

    def _lists(self, run_id: int, which: str) -> list[tuple[str, int]]:
        rows = self._open().execute(
            "SELECT number, count(*) FROM rows JOIN lists USING (list)"
            f" WHERE {which} AND key BETWEEN ? AND ? GROUP BY list ORDER BY 2 DESC",
            key_bounds(run_id),
        )
        return [(str(number), int(count)) for number, count in rows]

    def field_stats(self, run_id: int, old_before: int = 0) -> FieldStats:
        """Return the field statistics of the rows to send.

        A signup before `old_before` (day since 1970) is old.
        """
        row = (
            self._open()
            .execute(
                f"SELECT {_having(row_codec.JOURNEYS)}, {_having(row_codec.DATE)}, {_having(row_codec.IP)},"
                f" {_having(row_codec.PAGE)}, sum(field_bits & {row_codec.JOURNEYS} <> 0 AND signup_day < ?),"
                " sum(signup_day < ?), sum(idempotent = 0)"
                f" FROM rows WHERE outcome = {row_codec.PENDING} AND key BETWEEN ? AND ?",
                (old_before, YEAR_2000, *key_bounds(run_id)),
            )
            .fetchone()
        )
        return FieldStats(*(int(count or 0) for count in row))

    def warnings(self, run_id: int) -> dict[str, int]:
        """Count the warnings of the answers by their words."""
        rows = self._open().execute(
            "SELECT value, count(*) FROM rows, json_each(rows.warnings) WHERE rows.key BETWEEN ? AND ?"
            " AND warnings IS NOT NULL GROUP BY value ORDER BY 2 DESC",
            key_bounds(run_id),
        )
        return {str(words): int(count) for words, count in rows}

    def successes(self, run_id: int) -> Successes:
        """Return the kinds of success among the accepted rows."""
        row = (
            self._open()
            .execute(
                "SELECT sum(is_new_contact = 1), sum(is_new_list_contact = 1 AND is_new_contact = 0),"
                " sum(is_new_list_contact = 0), sum(warnings IS NOT NULL), sum(journeys > 0) FROM rows"
                f" WHERE outcome IN ({row_codec.CREATED}, {row_codec.UPDATED}) AND key BETWEEN ? AND ?",
                key_bounds(run_id),
            )
            .fetchone()
        )
        return Successes(*(int(count or 0) for count in row))

    def outcomes_digest(self, run_id: int) -> str:
        """Return the SHA-256 of the lines “row,outcome” in the file's order."""
        digest = hashlib.sha256()
        for key, outcome in self._open().execute(
            "SELECT key, outcome FROM rows WHERE key BETWEEN ? AND ? ORDER BY key", key_bounds(run_id)
        ):
            digest.update(f"{schema.row_number(key)},{row_codec.OUTCOME_OF[outcome]}\n".encode())
        return digest.hexdigest()


def _having(bit: int) -> str:
    """SQL for how many rows have a field in their body."""
    return f"sum(field_bits & {bit} <> 0)"
