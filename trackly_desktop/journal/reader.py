"""The journal as it is read: by the window, a page at a time, and by exports, row after row."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.contacts.signup_age import YEAR_2000
from trackly_desktop.journal import row_codec, schema
from trackly_desktop.journal.connection import connect, file_of, nothing_yet
from trackly_desktop.journal.models import UNFINISHED, Run, read_runs
from trackly_desktop.journal.request_bodies import bodies
from trackly_desktop.journal.send_history import hash_of
from trackly_desktop.journal.suppression_list import SuppressedNumber

CONTACTS = 0
"""In place of a run's number: all single contacts."""
EVERYTHING = -1
"""In place of a run's number: all that was sent from here."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as a table shows it. `answer` are the words of the last answer, `problems` (column, value, words)."""

    key: int
    number: int
    line: int
    phone: str
    list_number: str
    outcome: Outcome
    due: bool
    is_new_contact: bool | None
    is_new_list_contact: bool | None
    journeys: int | None
    warnings: tuple[str, ...]
    note: str
    answered_at: int | None
    status: int | None
    code: str
    answer: str
    problems: tuple[tuple[str | None, str, str], ...]
    contact_id: str
    list_contact_id: str
    is_forgotten: bool = False
    """Its personal data has been removed."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request for a row, and its answer if one came."""

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


@dataclass(frozen=True, slots=True)
class PreviousAdd:
    """When this person was last added to the list from here, and by which file (empty: by hand)."""

    at: int
    file: str


class FieldStats(NamedTuple):
    """Of the rows to be sent: how many start journeys, have a signup date, an IP address, a page; start journeys though
    they signed up long ago; signed up before 2000; start journeys also for people who went through them before."""

    journeys: int
    dates: int
    addresses: int
    pages: int
    old_with_journeys: int
    very_old: int
    forced: int


@dataclass(frozen=True, slots=True)
class Successes:
    """How many were new to the account; known to it and new on the list; on the list already. And of all of them, how
    many came with warnings, and were enrolled in journeys."""

    new_contacts: int = 0
    new_on_list: int = 0
    there_already: int = 0
    with_warnings: int = 0
    enrolled: int = 0


_SAMPLE = f"(SELECT sample FROM runs WHERE run = rows.key >> {schema.RUN_BITS})"
_LAST = (
    "LEFT JOIN attempts ON attempts.key = rows.key"
    " AND attempts.request = (SELECT max(request) FROM attempts AS other WHERE other.key = rows.key)"
)
_ANSWERED_AT = "coalesce(rows.settled_at, attempts.sent_at + attempts.took)"
_SHOWN = (
    "SELECT rows.key, below, phone, number, outcome, due, is_new_contact, is_new_list_contact, journeys, warnings, note,"
    f" {_ANSWERED_AT}, status, code, words, problems, contact_id, list_contact_id, content IS NULL"
    f" FROM rows JOIN lists USING (list) {_LAST}"
)


class JournalReader:
    """A read-only connection. Opens when first used, since the journal is made by whoever writes first."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._samples: dict[int, bytes] = {}

    def close(self) -> None:
        """Closes the file; it opens again when next used."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def run(self, run: int) -> Run | None:
        """One run."""
        return next(iter(self._runs("WHERE run = ?", (run,))), None)

    def runs(self, limit: int = 200) -> list[Run]:
        """The newest runs, without drafts."""
        return self._runs("WHERE state <> 'draft' ORDER BY run DESC LIMIT ?", (limit,))

    def unfinished(self) -> list[Run]:
        """Imports that stopped on their way or were killed, newest first."""
        return self._runs(
            "WHERE kind <> 'contact' AND state IN (?, ?) ORDER BY run DESC", tuple(str(one) for one in UNFINISHED)
        )

    def held(self, run: int) -> dict[str, int]:
        """Why rows of a run were left out, and how many each."""
        found = self._open().execute(
            f"SELECT note, count(*) FROM rows WHERE outcome = {row_codec.SKIPPED} AND key BETWEEN ? AND ? GROUP BY note",
            (schema.first_key(run), schema.last_key(run)),
        )
        return {str(note or ""): int(count) for note, count in found}

    def asked_at(self, account: str, base_url: str, list_number: str) -> int:
        """When the account last told all who unsubscribed from a list; 0 for never."""
        found = self._open().execute(
            "SELECT asked_at FROM asked JOIN lists USING (list) WHERE account = ? AND base_url = ? AND number = ?"
            " AND active = 0",
            (account, base_url, list_number),
        )
        return int((found.fetchone() or (0,))[0])

    def suppressed_numbers(self, account: str, text: str = "", limit: int = 1_000) -> list[SuppressedNumber]:
        """The do-not-text list, the newest first; with digits, the numbers that have them."""
        digits = "".join(sign for sign in text if sign.isdigit())
        found = self._open().execute(
            "SELECT phone, added_at, source FROM do_not_text WHERE account = ? AND phone LIKE ?"
            " ORDER BY added_at DESC, phone LIMIT ?",
            (account, f"%{digits}%", limit),
        )
        return [SuppressedNumber(row_codec.phone_of(phone), at, source) for phone, at, source in found]

    def suppressed_count(self, account: str) -> int:
        """How many numbers an account's do-not-text list has."""
        found = self._open().execute("SELECT count(*) FROM do_not_text WHERE account = ?", (account,))
        return int(found.fetchone()[0])

    def is_suppressed(self, account: str, phone: str) -> bool:
        """Whether a number is on the do-not-text list."""
        found = self._open().execute(
            "SELECT 1 FROM do_not_text WHERE account = ? AND phone = ?", (account, row_codec.phone_code(phone))
        )
        return found.fetchone() is not None

    def has_hashes(self) -> bool:
        """Whether there are people of whom only a keyed hash is left."""
        return self._open().execute("SELECT 1 FROM rows WHERE phone < 0 LIMIT 1").fetchone() is not None

    def custom_fields(self, account: str, base_url: str, limit: int = 50) -> dict[str, str]:
        """The custom fields of an account's last imports, name -> type, the newest first."""
        found: dict[str, str] = {}
        for run in self._runs(
            "WHERE kind = 'import' AND state <> 'draft' AND account = ? AND base_url = ? ORDER BY run DESC LIMIT ?",
            (account, base_url, limit),
        ):
            for _name, field, type_name in run.mapping.get("columns", ()):
                if field.startswith("custom:"):
                    found.setdefault(field.removeprefix("custom:"), type_name)
        return found

    def imports_of(self, fingerprint: str, account: str, base_url: str) -> list[Run]:
        """Earlier imports of this very file on this account, newest first."""
        return self._runs(
            "WHERE fingerprint = ? AND account = ? AND base_url = ? AND state <> 'draft' ORDER BY run DESC",
            (fingerprint, account, base_url),
        )

    def keys(self, run: int, outcome: Outcome | None = None, text: str = "") -> array[int]:
        """The keys of a run's rows (or CONTACTS) with this outcome, whose phone, cells or answer have this text."""
        if run > 0 and outcome is None and not text.strip() and (known := self._all_keys(run)) is not None:
            return known
        where, given = self._scope(run)
        if outcome is not None:
            where += " AND rows.outcome = ?"
            given.append(row_codec.CODE_OF[outcome])
        if text.strip():
            words, values = _person(text) if run == EVERYTHING and _is_phone(text) else _matching(text.strip())
            where += words
            given += values
        order = "DESC" if run <= 0 else "ASC"
        found = self._open().execute(
            f"SELECT rows.key FROM rows {_LAST if text.strip() else ''} WHERE {where} ORDER BY rows.key {order}",
            given,
        )
        return array("q", (key for (key,) in found))

    def _all_keys(self, run: int) -> array[int] | None:
        """The keys of all rows of a run whose numbers have no gap: nothing has to be read for them."""
        first, last, rows = (
            self._open()
            .execute(
                "SELECT (SELECT min(key) FROM rows WHERE key BETWEEN ? AND ?),"
                " (SELECT max(key) FROM rows WHERE key BETWEEN ? AND ?), (SELECT rows FROM runs WHERE run = ?)",
                (schema.first_key(run), schema.last_key(run)) * 2 + (run,),
            )
            .fetchone()
        )
        return array("q", range(first, last + 1)) if first is not None and last - first + 1 == rows else None

    def page(self, keys: Sequence[int]) -> list[ShownRow]:
        """These rows, in this order; a row that is gone is left out."""
        marks = ",".join("?" * len(keys))
        found = {
            row[0]: _shown(row) for row in self._open().execute(f"{_SHOWN} WHERE rows.key IN ({marks})", tuple(keys))
        }
        return [found[key] for key in keys if key in found]

    def detail(self, key: int) -> RowDetail | None:
        """One row with all its requests."""
        run = self.run(schema.run_of(key))
        page = self.page([key])
        if run is None or not page:
            return None
        phone, number, content = (
            self._open()
            .execute("SELECT phone, number, content FROM rows JOIN lists USING (list) WHERE key = ?", (key,))
            .fetchone()
        )
        body = bodies(self._open(), run.run)(phone, number, content)
        return RowDetail(page[0], run, body, row_codec.unpack(content, run.sample)[0], self._attempts(key))

    def _attempts(self, key: int) -> list[Attempt]:
        found = self._open().execute(
            "SELECT request, sent_at, sent_at + took, status, reply, code, words, raw FROM attempts WHERE key = ?"
            " UNION ALL SELECT request, sent_at, NULL, NULL, 0, NULL, NULL, NULL FROM leaving WHERE key = ? ORDER BY 1",
            (key, key),
        )
        return [
            Attempt(
                sent_at,
                answered_at,
                status,
                row_codec.REPLIES[reply],
                code or "",
                words or "",
                row_codec.unpack_answer(raw),
            )
            for _request, sent_at, answered_at, status, reply, code, words, raw in found
        ]

    def counts(self, run: int) -> dict[Outcome, int]:
        """How many rows have each outcome, counted now."""
        where, given = self._scope(run)
        found = self._open().execute(f"SELECT outcome, count(*) FROM rows WHERE {where} GROUP BY outcome", given)
        return {row_codec.OUTCOME_OF[outcome]: count for outcome, count in found}

    def every_row(self, run: int, outcomes: Sequence[Outcome] = tuple(Outcome)) -> Iterator[tuple[ShownRow, list[str]]]:
        """A run's rows with the file's own cells, in the file's order."""
        marks = ",".join("?" * len(outcomes))
        found = self._open().execute(
            f"{_SHOWN.replace(' FROM', ', content FROM', 1)} WHERE rows.key BETWEEN ? AND ? AND outcome IN ({marks})"
            " ORDER BY rows.key",
            (schema.first_key(run), schema.last_key(run), *(row_codec.CODE_OF[one] for one in outcomes)),
        )
        for row in found:
            yield _shown(row[:-1]), self._cells(row[0], row[-1])

    def problems(self, run: int, limit: int) -> list[tuple[int, str | None, str, str]]:
        """The first problems of a run: row number, column, value, words."""
        found = self._open().execute(
            f"SELECT key, problems FROM rows WHERE outcome = {row_codec.INVALID} AND key BETWEEN ? AND ? ORDER BY key LIMIT ?",
            (schema.first_key(run), schema.last_key(run), limit),
        )
        listed = [
            (schema.row_number(key), column, value, words)
            for key, problems in found
            for column, value, words in json.loads(problems or "[]")
        ]
        return listed[:limit]

    def cells(self, keys: Sequence[int]) -> dict[int, list[str]]:
        """The file's own cells of these rows, by key."""
        marks = ",".join("?" * len(keys))
        found = self._open().execute(f"SELECT key, content FROM rows WHERE key IN ({marks})", [*keys])
        return {key: self._cells(key, content) for key, content in found}

    def keys_where(self, run: int, fits: Callable[[list[Any]], bool]) -> array[int]:
        """The keys of the rows whose problems, (column, value, words) each, fit."""
        found = self._open().execute(
            f"SELECT key, problems FROM rows WHERE outcome = {row_codec.INVALID} AND key BETWEEN ? AND ? ORDER BY key",
            (schema.first_key(run), schema.last_key(run)),
        )
        return array("q", (key for key, problems in found if fits(json.loads(problems or "[]"))))

    def duplicate_keys(self, run: int) -> array[int]:
        """The keys of the rows whose number and list others have too: those of one person beside each other."""
        mine = (schema.first_key(run), schema.last_key(run))
        found = self._open().execute(
            "SELECT key FROM rows WHERE key BETWEEN ? AND ? AND phone <> 0 AND EXISTS"
            " (SELECT 1 FROM rows AS other INDEXED BY rows_by_phone WHERE other.phone = rows.phone AND other.phone <> 0"
            " AND other.list = rows.list AND other.key <> rows.key AND other.key BETWEEN ? AND ?)"
            " ORDER BY phone, list, key",
            mine + mine,
        )
        return array("q", (key for (key,) in found))

    def could_text_twice(self, run: int) -> int:
        """How many of a run's unknown rows start journeys also for people who went through them before."""
        where, given = self._scope(run)
        found = self._open().execute(
            f"SELECT count(*) FROM rows WHERE outcome = {row_codec.UNKNOWN} AND repeat_safe = 0 AND {where}", given
        )
        return int(found.fetchone()[0])

    def list_of(self, run: int) -> str:
        """The list of a run that has one; any of its lists otherwise."""
        found = self._open().execute(
            "SELECT number FROM rows JOIN lists USING (list) WHERE key BETWEEN ? AND ? AND phone <> 0 LIMIT 1",
            (schema.first_key(run), schema.last_key(run)),
        )
        return str((found.fetchone() or ("",))[0])

    def lists(self, run: int) -> list[tuple[str, int]]:
        """The lists of a run's rows that are to be sent, and how many each."""
        found = self._open().execute(
            "SELECT number, count(*) FROM rows JOIN lists USING (list)"
            f" WHERE outcome = {row_codec.PENDING} AND key BETWEEN ? AND ? GROUP BY list ORDER BY 2 DESC",
            (schema.first_key(run), schema.last_key(run)),
        )
        return [(str(number), int(count)) for number, count in found]

    def field_stats(self, run: int, old_signup_cutoff: int = 0) -> FieldStats:
        """What the rows to be sent have, in one look at them; a signup before `old_before` (a day since 1970) is old."""
        found = (
            self._open()
            .execute(
                f"SELECT {_having(row_codec.JOURNEYS)}, {_having(row_codec.DATE)}, {_having(row_codec.IP)},"
                f" {_having(row_codec.PAGE)}, sum(has & {row_codec.JOURNEYS} <> 0 AND signed < ?), sum(signed < ?),"
                " sum(repeat_safe = 0)"
                f" FROM rows WHERE outcome = {row_codec.PENDING} AND key BETWEEN ? AND ?",
                (old_signup_cutoff, YEAR_2000, schema.first_key(run), schema.last_key(run)),
            )
            .fetchone()
        )
        return FieldStats(*(int(one or 0) for one in found))

    def sent_to(self, run: int) -> list[tuple[str, int]]:
        """The lists that rows of a run were sent to, and how many each."""
        found = self._open().execute(
            "SELECT number, count(*) FROM rows JOIN lists USING (list) WHERE key BETWEEN ? AND ?"
            f" AND outcome NOT IN ({row_codec.INVALID}, {row_codec.SKIPPED}, {row_codec.PENDING}) GROUP BY list ORDER BY 2 DESC",
            (schema.first_key(run), schema.last_key(run)),
        )
        return [(str(number), int(count)) for number, count in found]

    def outcomes_digest(self, run: int) -> str:
        """SHA-256 of a run's lines “row,outcome”, in the file's order: the same as long as no row's outcome changes."""
        digest = hashlib.sha256()
        for key, outcome in self._open().execute(
            "SELECT key, outcome FROM rows WHERE key BETWEEN ? AND ? ORDER BY key",
            (schema.first_key(run), schema.last_key(run)),
        ):
            digest.update(f"{schema.row_number(key)},{row_codec.OUTCOME_OF[outcome]}\n".encode())
        return digest.hexdigest()

    def sent_first(self, run: int, rows: int) -> list[int]:
        """The keys of the first rows of a run that were sent."""
        found = self._open().execute(
            "SELECT DISTINCT key FROM attempts WHERE key BETWEEN ? AND ? ORDER BY key LIMIT ?",
            (schema.first_key(run), schema.last_key(run), rows),
        )
        return [int(key) for (key,) in found]

    def warnings(self, run: int) -> dict[str, int]:
        """What the answers warned of, and how many each."""
        found = self._open().execute(
            "SELECT value, count(*) FROM rows, json_each(rows.warnings) WHERE rows.key BETWEEN ? AND ?"
            " AND warnings IS NOT NULL GROUP BY value ORDER BY 2 DESC",
            (schema.first_key(run), schema.last_key(run)),
        )
        return {str(words): int(count) for words, count in found}

    def successes(self, run: int) -> Successes:
        """The kinds of success among a run's accepted rows."""
        found = (
            self._open()
            .execute(
                "SELECT sum(is_new_contact = 1), sum(is_new_list_contact = 1 AND is_new_contact = 0),"
                " sum(is_new_list_contact = 0), sum(warnings IS NOT NULL), sum(journeys > 0) FROM rows"
                f" WHERE outcome IN ({row_codec.CREATED}, {row_codec.UPDATED}) AND key BETWEEN ? AND ?",
                (schema.first_key(run), schema.last_key(run)),
            )
            .fetchone()
        )
        return Successes(*(int(one or 0) for one in found))

    def previous_add(
        self, phone: str, list_number: str, account: str, base_url: str, history_key: bytes = b""
    ) -> PreviousAdd | None:
        """When this account last added the person to the list from here."""
        number = row_codec.phone_code(phone)
        found = (
            self._open()
            .execute(
                f"SELECT {_ANSWERED_AT} AS at, runs.file FROM rows INDEXED BY rows_by_phone"
                f" JOIN runs ON runs.run = rows.key >> ? {_LAST}"
                " WHERE phone IN (?, ?) AND rows.list = (SELECT list FROM lists WHERE number = ?) AND phone <> 0"
                f" AND outcome IN ({row_codec.CREATED}, {row_codec.UPDATED}) AND kind <> 'take back'"
                " AND account = ? AND base_url = ? ORDER BY at DESC LIMIT 1",
                (
                    schema.RUN_BITS,
                    number,
                    hash_of(history_key, number) if history_key else 0,
                    list_number,
                    account,
                    base_url,
                ),
            )
            .fetchone()
        )
        return PreviousAdd(found[0] or 0, found[1]) if found else None

    def _open(self) -> sqlite3.Connection:
        stands = file_of(self._path)
        if self._opened is not None and stands not in (self._file, None):
            self.close()  # made, or written anew; one that was deleted is read on until it is
        if self._opened is None:
            self._opened = connect(self._path, read_only=True) if stands else nothing_yet()
            self._file = stands
            self._samples.clear()  # it may be another journal
            self._opened.create_function("cells_text", 2, row_codec.cells_text, deterministic=True)
        return self._opened

    def _sample(self, key: int) -> bytes:
        run = schema.run_of(key)
        if run not in self._samples:
            found = self._open().execute("SELECT sample FROM runs WHERE run = ?", (run,)).fetchone()
            self._samples[run] = found[0] if found else b""
        return self._samples[run]

    def _cells(self, key: int, content: bytes | None) -> list[str]:
        return row_codec.unpack(content, self._sample(key))[0]

    def _scope(self, run: int) -> tuple[str, list[Any]]:
        if run == CONTACTS:
            return f"rows.key >> {schema.RUN_BITS} IN (SELECT run FROM runs WHERE kind = 'contact')", []
        if run == EVERYTHING:
            return f"rows.key >> {schema.RUN_BITS} IN (SELECT run FROM runs WHERE state <> 'draft')", []
        return "rows.key BETWEEN ? AND ?", [schema.first_key(run), schema.last_key(run)]

    def _runs(self, where: str, given: tuple[Any, ...]) -> list[Run]:
        return read_runs(self._open(), where, given)


def _shown(row: tuple[Any, ...]) -> ShownRow:
    (key, below, phone, number, outcome, due, new_contact, new_list, journeys, warnings, note, answered_at, status, code,
     words, problems, contact_id, list_contact_id, is_forgotten) = row  # fmt: skip
    return ShownRow(
        key, schema.row_number(key), schema.row_number(key) + below, row_codec.phone_of(phone), number,
        row_codec.OUTCOME_OF[outcome], bool(due),
        None if new_contact is None else bool(new_contact), None if new_list is None else bool(new_list), journeys,
        tuple(json.loads(warnings)) if warnings else (), note or "", answered_at, status, code or "", words or "",
        tuple((column, value, text) for column, value, text in json.loads(problems)) if problems else (),
        row_codec.unpack_id(contact_id), row_codec.unpack_id(list_contact_id), bool(is_forgotten),
    )  # fmt: skip


def _having(bit: int) -> str:
    """SQL for how many rows have it in their body."""
    return f"sum(has & {bit} <> 0)"


def _is_phone(text: str) -> bool:
    return sum(sign.isdigit() for sign in text) >= 7 and not any(sign.isalpha() for sign in text)


def _person(text: str) -> tuple[str, list[Any]]:
    """Numbers that end in these digits: however many signs of the country's code were typed."""
    digits = "".join(sign for sign in text if sign.isdigit())
    return f" AND rows.phone > 0 AND rows.phone % {10 ** len(digits)} = ?", [int(digits)]


def _matching(text: str) -> tuple[str, list[Any]]:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    anywhere = f"%{escaped}%"
    where = (
        f" AND (cells_text(content, {_SAMPLE}) LIKE ? ESCAPE '\\' OR '+' || rows.phone LIKE ? ESCAPE '\\'"
        " OR rows.note LIKE ? ESCAPE '\\' OR attempts.code LIKE ? ESCAPE '\\' OR attempts.words LIKE ? ESCAPE '\\'"
        " OR rows.problems LIKE ? ESCAPE '\\'"
    )
    given: list[Any] = [anywhere] * 6
    digits = "".join(sign for sign in text if sign.isdigit())
    if digits and not any(sign.isalpha() for sign in text):
        where += f" OR rows.phone LIKE ? OR rows.key & {(1 << schema.RUN_BITS) - 1} = ?"
        given += [f"%{digits}%", int(digits) if len(digits) < 10 else -1]
    return where + ")", given
