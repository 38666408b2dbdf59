"""Drafts under correction: changed rows are stored, their duplicates settled."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trackly_desktop.contacts.issues import Issue, Note, NoteCode
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal import models, row_codec, schema, suppression_list
from trackly_desktop.journal.connection import JournalProblem, Transaction, connect
from trackly_desktop.journal.correction_log import CorrectionLog
from trackly_desktop.journal.drafts import DUPLICATE_CODES, count_duplicates, finalize_run
from trackly_desktop.journal.import_options import AlreadyAdded, Duplicates, Options
from trackly_desktop.journal.models import ValidatedRow
from trackly_desktop.journal.protection import read_protection
from trackly_desktop.journal.row_codec import INVALID, PENDING, SKIPPED
from trackly_desktop.journal.send_history import SendHistory
from trackly_desktop.journal.suppression_list import OWN_COLUMN_SAYS_NO

_CHUNK = 5_000
"""Rows read at once."""


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A row of a draft that an operator may change."""

    key: int
    line: int
    cells: list[str]
    outcome: Outcome
    phone: str
    list_number: str
    body: str | None
    idempotent: bool
    field_bits: int
    signup_day: int | None
    issues: tuple[Issue, ...]
    note: Note | None = None
    before: tuple[str, str] = ("", "")
    """Its number and list before it was changed."""

    @property
    def number(self) -> int:
        """The row's number in its run."""
        return schema.row_number(self.key)

    def left_out(self) -> DraftRow:
        """Return the row as left out by the operator."""
        note = Note(NoteCode.LEFT_OUT)
        before = (self.phone, self.list_number)
        return dataclasses.replace(self, outcome=Outcome.SKIPPED, note=note, before=before, phone="", body=None)

    def revalidated(self, row: ValidatedRow) -> DraftRow:
        """Return the row with the result of another validation."""
        return dataclasses.replace(
            self,
            cells=row.cells,
            outcome=Outcome.INVALID if row.issues else Outcome.SKIPPED if row.note else Outcome.PENDING,
            phone=row.phone,
            list_number=row.list_number,
            body=row.body,
            idempotent=row.idempotent,
            field_bits=row.field_bits,
            signup_day=row.signup_day,
            issues=tuple(row.issues),
            note=row.note,
            before=(self.phone, self.list_number),
        )


class DraftEditor:
    """A finalized draft that is being changed. Use as a context."""

    def __init__(self, path: Path, run_id: int, history_key: bytes = b"") -> None:
        """Open the draft.

        Raises:
            JournalProblem: the journal cannot be used, or the run is no draft any more.
        """
        self._connection = connect(path)
        runs = models.read_runs(self._connection, "WHERE run = ? AND state = 'draft'", (run_id,))
        if not runs:
            self._connection.close()
            raise JournalProblem("This review is not there any more; check the file again")
        [self.run] = runs
        self.corrections = CorrectionLog(self._connection, run_id)
        self._protection = read_protection(self._connection, self.run.account, self.run.base_url)
        self._history = SendHistory(self._connection, history_key, run_id, self._protection)

    def __enter__(self) -> DraftEditor:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def rows(self, keys: Sequence[int] | None, *, only_invalid: bool) -> Iterator[DraftRow]:
        """Yield the rows with these keys, or all, a page at a time.

        Rows that are changed meanwhile are not read twice.
        """
        if keys is not None:
            for key in keys:
                yield from self._page("rows.key = ?", (key,))
            return
        after = schema.first_key(self.run.id)
        invalid = f" AND outcome = {INVALID}" if only_invalid else ""
        while page := self._page(
            f"rows.key > ? AND rows.key <= ?{invalid} ORDER BY rows.key LIMIT {_CHUNK}",
            (after, schema.last_key(self.run.id)),
        ):
            yield from page
            after = page[-1].key

    def _page(self, where: str, values: tuple[Any, ...]) -> list[DraftRow]:
        selected = self._connection.execute(
            "SELECT key, line_offset, content, outcome, phone, number, idempotent, field_bits, signup_day, issues,"
            f" note_code, note_params FROM rows JOIN lists USING (list) WHERE {where}",
            values,
        ).fetchall()
        rows = []
        for key, offset, content, outcome, phone, number, idempotent, bits, day, issues, code, params in selected:
            cells, body = row_codec.unpack(content, self.run.sample)
            rows.append(
                DraftRow(
                    key, schema.row_number(key) + offset, cells, row_codec.OUTCOME_OF[outcome], row_codec.phone_of(phone),
                    number, body, bool(idempotent), bits, day, row_codec.decode_issues(issues),
                    row_codec.decode_note(code, params),
                )
            )  # fmt: skip
        return rows

    def replace(self, rows: Sequence[DraftRow], options: Options) -> None:
        """Store changed rows, and settle the duplicates of their people again.

        A correction has begun, which can be undone then.
        """
        if not rows:
            return
        with Transaction(self._connection):
            self.corrections.record(row.key for row in rows)
            self.corrections.count(len(rows))
            codes = schema.list_codes(self._connection, (row.list_number for row in rows))
            self._connection.executemany(
                "UPDATE rows SET content = ?, outcome = ?, phone = ?, list = ?, idempotent = ?, field_bits = ?,"
                " signup_day = ?, issues = ?, note_code = ?, note_params = ? WHERE key = ?",
                (
                    (
                        row_codec.pack(row.cells, row.body, self.run.sample), row_codec.CODE_OF[row.outcome],
                        row_codec.phone_code(row.phone), codes[row.list_number], row.idempotent, row.field_bits,
                        row.signup_day, row_codec.encode_issues(row.issues), *row_codec.encode_note(row.note), row.key,
                    )
                    for row in rows
                ),
            )  # fmt: skip
            for phone in {row.before[0] for row in rows} | {row.phone for row in rows}:
                for number in self._lists_of(phone) if phone else ():
                    self._settle(phone, number, options)

    def _lists_of(self, phone: str) -> list[str]:
        """Return the lists of a person's rows: a no in one row holds all back."""
        selected = self._connection.execute(
            "SELECT DISTINCT number FROM rows INDEXED BY rows_by_phone JOIN lists USING (list)"
            " WHERE phone = ? AND phone <> 0 AND key BETWEEN ? AND ?",
            (row_codec.phone_code(phone), schema.first_key(self.run.id), schema.last_key(self.run.id)),
        )
        return [number for (number,) in selected.fetchall()]

    def _settle(self, phone: str, number: str, options: Options) -> None:
        """Skip the rows of one person on one list that the rules leave out, and no others."""
        person = (row_codec.phone_code(phone), schema.list_codes(self._connection, [number])[number])
        selected = self._connection.execute(
            "SELECT key FROM rows INDEXED BY rows_by_phone WHERE phone = ? AND phone <> 0 AND list = ?"
            f" AND key BETWEEN ? AND ? AND outcome IN ({PENDING}, {SKIPPED})"
            f" AND coalesce(note_code, '') NOT IN {OWN_COLUMN_SAYS_NO} ORDER BY key",
            (*person, schema.first_key(self.run.id), schema.last_key(self.run.id)),
        ).fetchall()
        keys = [key for (key,) in selected]
        self.corrections.record(keys)
        sent = {
            Duplicates.EACH: keys,
            Duplicates.LAST: keys[-1:],
            Duplicates.FIRST: keys[:1],
        }[options.duplicates]
        skips_added = options.already_added is AlreadyAdded.SKIP
        reason = self._suppression_reason(*person)
        if reason is None and skips_added and self._was_added(*person):
            reason = NoteCode.ALREADY_ADDED
        if reason is None and skips_added and suppression_list.is_member(self._connection, self._protection, *person):
            reason = NoteCode.ALREADY_ON_LIST
        for key in keys:
            code = reason if reason or key in sent else DUPLICATE_CODES[options.duplicates]
            self._connection.execute(
                "UPDATE rows SET outcome = ?, note_code = ?, note_params = NULL WHERE key = ?",
                (SKIPPED if code else PENDING, code, key),
            )

    def _suppression_reason(self, phone: int, list_code: int) -> NoteCode | None:
        reason = suppression_list.suppression_reason(self._connection, self._protection, phone, list_code)
        if reason is not None:
            return reason
        says_no = self._connection.execute(
            "SELECT 1 FROM rows INDEXED BY rows_by_phone WHERE phone = ? AND phone <> 0 AND key BETWEEN ? AND ?"
            f" AND note_code IN {OWN_COLUMN_SAYS_NO}",
            (phone, schema.first_key(self.run.id), schema.last_key(self.run.id)),
        ).fetchone()
        return NoteCode.OTHER_ROW_SAYS_NO if says_no else None

    def _was_added(self, phone: int, list_code: int) -> bool:
        row = self._connection.execute(
            "SELECT 1 FROM (SELECT :phone AS phone, :list AS list) AS person"
            f" WHERE {self._history.added('person.phone', 'person.list')}",
            {"phone": phone, "list": list_code},
        ).fetchone()
        return row is not None

    def hold_back(self) -> int:
        """Skip the rows for people that must not be texted, as far as it is known by now.

        Returns:
            How many more are on the list already, as the account says; they are skipped too where that was chosen.
        """
        suppression_list.hold_back(self._connection, self.run.id, self._protection)
        options = Options.from_json(self.run.options)
        added = self._history.added("rows.phone", "rows.list")
        return suppression_list.settle_members(
            self._connection, self.run.id, self._protection, added, skips=options.already_added is AlreadyAdded.SKIP
        )

    def disable_journeys_for_old_signups(self, cutoff: int) -> int:
        """Start no journeys for signups before a day (since 1970); return how many."""
        rows = self._connection.execute(
            f"SELECT key, content FROM rows WHERE outcome = {PENDING} AND field_bits & {row_codec.JOURNEYS}"
            " AND signup_day < ? AND key BETWEEN ? AND ?",
            (cutoff, schema.first_key(self.run.id), schema.last_key(self.run.id)),
        ).fetchall()
        with Transaction(self._connection):
            self._connection.executemany(
                f"UPDATE rows SET content = ?, field_bits = field_bits & ~{row_codec.JOURNEYS}, idempotent = 1"
                " WHERE key = ?",
                ((row_codec.change_body(content, self.run.sample, _remove_journeys), key) for key, content in rows),
            )
        return len(rows)

    def undo_last_correction(self) -> None:
        """Restore the rows that the last correction changed, with their duplicates.

        People that must not be texted by now are held back again.
        """
        self.corrections.undo_last()
        suppression_list.hold_back(self._connection, self.run.id, self._protection)

    def issues(self) -> Iterator[tuple[Issue, ...]]:
        """The issues of each row that has some."""
        for (issues,) in self._connection.execute(
            f"SELECT issues FROM rows WHERE outcome = {INVALID} AND key BETWEEN ? AND ?",
            (schema.first_key(self.run.id), schema.last_key(self.run.id)),
        ):
            yield row_codec.decode_issues(issues)

    def duplicates(self, rule: Duplicates) -> int:
        """Return how many rows are duplicates by this rule."""
        if rule is Duplicates.EACH:
            return count_duplicates(self._connection, self.run.id)
        return self._count(f"outcome = {SKIPPED} AND note_code = :note_code", note_code=DUPLICATE_CODES[rule])

    def already_added(self) -> int:
        """Return how many rows are people that this account has added to the list before."""
        skipped = self._count(f"outcome = {SKIPPED} AND note_code = :note_code", note_code=NoteCode.ALREADY_ADDED)
        added = self._history.added("rows.phone", "rows.list")
        return skipped + self._count(f"outcome = {PENDING} AND {added}")

    def _count(self, which: str, **values: str | None) -> int:
        row = self._connection.execute(
            f"SELECT count(*) FROM rows WHERE key BETWEEN :first AND :last AND {which}",
            schema.key_range(self.run.id) | values,
        ).fetchone()
        return int(row[0])

    def finalize(self, rows: int) -> dict[Outcome, int]:
        """Count the rows and store the counts."""
        return finalize_run(self._connection, self.run.id, rows)


def _remove_journeys(body: dict[str, Any]) -> None:
    for name in ("use_journeys", "skip_journey_if_exists"):
        body.pop(name, None)
