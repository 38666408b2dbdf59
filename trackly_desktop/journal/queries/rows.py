"""Queries of rows: keys, pages for a table, details, all rows for an export."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from trackly_desktop.contacts.issues import Issue, Note
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal import row_codec, schema
from trackly_desktop.journal.models import Run
from trackly_desktop.journal.queries.base import RowScope, key_bounds
from trackly_desktop.journal.queries.runs import RunQueries
from trackly_desktop.journal.request_bodies import request_bodies


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as a table shows it. `answer` are the server's words in the last answer."""

    key: int
    number: int
    line: int
    phone: str
    list_number: str
    outcome: Outcome
    retry_pending: bool
    is_new_contact: bool | None
    is_new_list_contact: bool | None
    journeys: int | None
    warnings: tuple[str, ...]
    note: Note | None
    answered_at: int | None
    status: int | None
    code: str
    answer: str
    issues: tuple[Issue, ...]
    contact_id: str
    list_contact_id: str
    is_forgotten: bool = False
    """Its personal data was removed."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request of a row, and its answer if one came."""

    sent_at: int
    answered_at: int | None
    status: int | None
    reply: str
    code: str
    words: str
    raw: str


@dataclass(frozen=True, slots=True)
class RowDetail:
    """Everything about one row."""

    row: ShownRow
    run: Run
    body: str
    cells: list[str]
    attempts: list[Attempt]


class _Selected(NamedTuple):
    """The columns of a row as selected."""

    key: int
    line_offset: int
    phone: int
    number: str
    outcome: int
    retry_pending: int
    is_new_contact: int | None
    is_new_list_contact: int | None
    journeys: int | None
    warnings: str | None
    note_code: str | None
    note_params: str | None
    answered_at: int | None
    status: int | None
    code: str | None
    words: str | None
    issues: str | None
    contact_id: bytes | str | None
    list_contact_id: bytes | str | None
    is_forgotten: int


LAST_ATTEMPT = (
    "LEFT JOIN attempts ON attempts.key = rows.key"
    " AND attempts.request = (SELECT max(request) FROM attempts AS other WHERE other.key = rows.key)"
)
"""SQL: the last answered request of a row."""
ANSWERED_AT = "coalesce(rows.settled_at, attempts.sent_at + attempts.took)"
"""SQL: when a row was settled."""
_SAMPLE = f"(SELECT sample FROM runs WHERE run = rows.key >> {schema.RUN_BITS})"
_COLUMNS = (
    "rows.key, line_offset, phone, number, outcome, retry_pending, is_new_contact, is_new_list_contact, journeys,"
    f" warnings, note_code, note_params, {ANSWERED_AT}, status, code, words, issues, contact_id, list_contact_id,"
    " content IS NULL"
)
_FROM = f"FROM rows JOIN lists USING (list) {LAST_ATTEMPT}"


class RowQueries(RunQueries):
    """Rows of one run, of contacts added by hand, or of everything sent."""

    def keys(
        self, scope: RowScope | int, outcome: Outcome | None = None, text: str = "", codes: Sequence[str] = ()
    ) -> array[int]:
        """Return the keys of rows with this outcome and this text.

        The text is looked for in the phone, cells, answer and the sentences of `codes`.

        A run's rows come in the file's order; rows of several runs the newest first.

        Args:
            scope: The rows to search.
            outcome: None for any.
            text: Empty for all rows.
            codes: Issue, note and fault codes whose sentences have the text: the journal has no sentences.
        """
        scope = RowScope.of(scope)
        if scope.run_id is not None and outcome is None and not text.strip():
            all_keys = self._all_keys(scope.run_id)
            if all_keys is not None:
                return all_keys
        where, values = scope.sql
        if outcome is not None:
            where += " AND rows.outcome = ?"
            values.append(row_codec.CODE_OF[outcome])
        if text.strip():
            is_person = scope == RowScope.EVERYTHING and _is_phone(text)
            condition, more = _person(text) if is_person else _matching(text.strip(), codes)
            where += condition
            values += more
        order = "ASC" if scope.run_id is not None else "DESC"
        rows = self._open().execute(
            f"SELECT rows.key FROM rows {LAST_ATTEMPT if text.strip() else ''} WHERE {where} ORDER BY rows.key {order}",
            values,
        )
        return _keys(rows)

    def _all_keys(self, run_id: int) -> array[int] | None:
        """The keys of a run whose row numbers have no gap: no row is read for them."""
        first, last, rows = (
            self._open()
            .execute(
                "SELECT (SELECT min(key) FROM rows WHERE key BETWEEN ? AND ?),"
                " (SELECT max(key) FROM rows WHERE key BETWEEN ? AND ?), (SELECT rows FROM runs WHERE run = ?)",
                (*key_bounds(run_id), *key_bounds(run_id), run_id),
            )
            .fetchone()
        )
        return array("q", range(first, last + 1)) if first is not None and last - first + 1 == rows else None

    def keys_with_issue(self, run_id: int, fits: Callable[[Issue], bool]) -> array[int]:
        """Return the keys of the rows that have an issue that fits."""
        rows = self._open().execute(
            f"SELECT key, issues FROM rows WHERE outcome = {row_codec.INVALID} AND key BETWEEN ? AND ? ORDER BY key",
            key_bounds(run_id),
        )
        return array("q", (key for key, issues in rows if any(map(fits, row_codec.decode_issues(issues)))))

    def duplicate_keys(self, run_id: int) -> array[int]:
        """Return the keys of rows that share number and list, grouped by person."""
        return _keys(
            self._open().execute(
                "SELECT key FROM rows WHERE key BETWEEN ?1 AND ?2 AND phone <> 0 AND EXISTS"
                " (SELECT 1 FROM rows AS other INDEXED BY rows_by_phone WHERE other.phone = rows.phone AND other.phone <> 0"
                " AND other.list = rows.list AND other.key <> rows.key AND other.key BETWEEN ?1 AND ?2)"
                " ORDER BY phone, list, key",
                key_bounds(run_id),
            )
        )

    def sent_first(self, run_id: int, rows: int) -> list[int]:
        """Return the keys of the first rows of a run that were sent."""
        keys = self._open().execute(
            "SELECT DISTINCT key FROM attempts WHERE key BETWEEN ? AND ? ORDER BY key LIMIT ?",
            (*key_bounds(run_id), rows),
        )
        return [int(key) for (key,) in keys]

    def page(self, keys: Sequence[int]) -> list[ShownRow]:
        """Return these rows in this order; a row that is gone is left out."""
        marks = ",".join("?" * len(keys))
        rows = self._open().execute(f"SELECT {_COLUMNS} {_FROM} WHERE rows.key IN ({marks})", tuple(keys))
        by_key = {row.key: row for row in map(_shown, rows)}
        return [by_key[key] for key in keys if key in by_key]

    def detail(self, key: int) -> RowDetail | None:
        """Return one row with all its requests."""
        run = self.run(schema.run_of(key))
        page = self.page([key])
        if run is None or not page:
            return None
        phone, number, content = (
            self._open()
            .execute("SELECT phone, number, content FROM rows JOIN lists USING (list) WHERE key = ?", (key,))
            .fetchone()
        )
        body = request_bodies(self._open(), run.id)(phone, number, content)
        return RowDetail(page[0], run, body, row_codec.unpack(content, run.sample)[0], self._attempts(key))

    def _attempts(self, key: int) -> list[Attempt]:
        rows = self._open().execute(
            "SELECT request, sent_at, sent_at + took, status, reply, code, words, raw FROM attempts WHERE key = ?"
            " UNION ALL SELECT request, sent_at, NULL, NULL, 0, NULL, NULL, NULL FROM in_flight_requests"
            " WHERE key = ? ORDER BY 1",
            (key, key),
        )
        return [
            Attempt(
                sent_at, answered_at, status, row_codec.REPLIES[reply], code or "", words or "",
                row_codec.unpack_answer(raw),
            )
            for _request, sent_at, answered_at, status, reply, code, words, raw in rows
        ]  # fmt: skip

    def every_row(
        self, run_id: int, outcomes: Sequence[Outcome] = tuple(Outcome)
    ) -> Iterator[tuple[ShownRow, list[str]]]:
        """Yield a run's rows with the file's own cells, in the file's order."""
        marks = ",".join("?" * len(outcomes))
        rows = self._open().execute(
            f"SELECT {_COLUMNS}, content {_FROM} WHERE rows.key BETWEEN ? AND ? AND outcome IN ({marks}) ORDER BY rows.key",
            (*key_bounds(run_id), *(row_codec.CODE_OF[outcome] for outcome in outcomes)),
        )
        for row in rows:
            yield _shown(row[:-1]), self._cells(row[0], row[-1])

    def issues(self, run_id: int, limit: int) -> list[tuple[ShownRow, Issue]]:
        """Return the first issues of a run with their rows."""
        rows = self._open().execute(
            f"SELECT {_COLUMNS} {_FROM} WHERE outcome = {row_codec.INVALID} AND rows.key BETWEEN ? AND ?"
            " ORDER BY rows.key LIMIT ?",
            (*key_bounds(run_id), limit),
        )
        return [(row, issue) for row in map(_shown, rows) for issue in row.issues][:limit]

    def cells(self, keys: Sequence[int]) -> dict[int, list[str]]:
        """Return the file's own cells of these rows, by key."""
        marks = ",".join("?" * len(keys))
        rows = self._open().execute(f"SELECT key, content FROM rows WHERE key IN ({marks})", [*keys])
        return {key: self._cells(key, content) for key, content in rows}

    def list_of(self, run_id: int) -> str:
        """Return the list of a run that has one; any of its lists otherwise."""
        row = self._open().execute(
            "SELECT number FROM rows JOIN lists USING (list) WHERE key BETWEEN ? AND ? AND phone <> 0 LIMIT 1",
            key_bounds(run_id),
        )
        return str((row.fetchone() or ("",))[0])


def _keys(rows: sqlite3.Cursor) -> array[int]:
    return array("q", (key for (key,) in rows))


def _shown(row: tuple[Any, ...]) -> ShownRow:
    selected = _Selected(*row)
    number = schema.row_number(selected.key)
    new_contact, new_on_list = selected.is_new_contact, selected.is_new_list_contact
    return ShownRow(
        key=selected.key,
        number=number,
        line=number + selected.line_offset,
        phone=row_codec.phone_of(selected.phone),
        list_number=selected.number,
        outcome=row_codec.OUTCOME_OF[selected.outcome],
        retry_pending=bool(selected.retry_pending),
        is_new_contact=None if new_contact is None else bool(new_contact),
        is_new_list_contact=None if new_on_list is None else bool(new_on_list),
        journeys=selected.journeys,
        warnings=tuple(json.loads(selected.warnings)) if selected.warnings else (),
        note=row_codec.decode_note(selected.note_code, selected.note_params),
        answered_at=selected.answered_at,
        status=selected.status,
        code=selected.code or "",
        answer=selected.words or "",
        issues=row_codec.decode_issues(selected.issues),
        contact_id=row_codec.unpack_id(selected.contact_id),
        list_contact_id=row_codec.unpack_id(selected.list_contact_id),
        is_forgotten=bool(selected.is_forgotten),
    )


def _is_phone(text: str) -> bool:
    return sum(char.isdigit() for char in text) >= 7 and not any(char.isalpha() for char in text)


def _person(text: str) -> tuple[str, list[Any]]:
    """SQL for numbers that end in these digits: with or without the country's code."""
    digits = "".join(char for char in text if char.isdigit())
    return f" AND rows.phone > 0 AND rows.phone % {10 ** len(digits)} = ?", [int(digits)]


def _matching(text: str, codes: Sequence[str]) -> tuple[str, list[Any]]:
    """SQL for rows with this text in a cell, phone or answer, or with a code."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    columns = (
        f"cells_text(content, {_SAMPLE})", "'+' || rows.phone", "rows.note_params", "attempts.code", "attempts.words",
    )  # fmt: skip
    where = " AND (" + " OR ".join(f"{column} LIKE ? ESCAPE '\\'" for column in columns)
    values: list[Any] = [f"%{escaped}%"] * len(columns)
    digits = "".join(char for char in text if char.isdigit())
    if digits and not any(char.isalpha() for char in text):
        where += f" OR rows.phone LIKE ? OR rows.key & {(1 << schema.RUN_BITS) - 1} = ?"
        values += [f"%{digits}%", int(digits) if len(digits) < 10 else -1]
    for code in codes:
        where += " OR rows.note_code = ? OR attempts.code = ? OR instr(rows.issues, ?)"
        values += [code, code, f'"{code}"']
    return where + ")", values
