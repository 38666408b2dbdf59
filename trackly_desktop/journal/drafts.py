"""A run while its rows are being checked: nothing of it is sent before it is started."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal import models, retention, row_codec, schema, suppression_list
from trackly_desktop.journal.connection import JournalProblem, Transaction, connect
from trackly_desktop.journal.import_options import AlreadyAdded, Duplicates, Options
from trackly_desktop.journal.models import NewRun, State, ValidatedRow, now_ms
from trackly_desktop.journal.row_codec import INVALID, PENDING, SKIPPED
from trackly_desktop.journal.send_history import SendHistory

_CHUNK = 5_000
"""Rows read at once."""


def insert_run(connection: sqlite3.Connection, new: NewRun, state: State, rows: int) -> int:
    """Writes a run's own line; its number is returned."""
    cursor = connection.execute(
        "INSERT INTO runs (kind, state, account, account_name, base_url, list, file, fingerprint, size, header, how,"
        " mapping, options, who, made_at, rows, sample) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            new.kind, state, new.account, new.account_name, new.base_url, new.list_number, new.file, new.fingerprint,
            new.size, *map(row_codec.encode, (new.header, new.how, new.mapping, new.options)), new.who, now_ms(), rows,
            new.sample,
        ),
    )  # fmt: skip
    assert cursor.lastrowid is not None
    return cursor.lastrowid


class RowValues(NamedTuple):
    """A checked row as it is written; the list by its number still."""

    number: int
    below: int
    phone: int
    list_number: str
    outcome: int
    idempotent: bool
    has: int
    signed: int | None
    content: bytes
    problems: str | None
    note: str | None


def encode_row(row: ValidatedRow, sample: bytes) -> RowValues:
    """Those with problems are invalid, the others pending."""
    return RowValues(
        row.number, row.line - row.number, row_codec.phone_code(row.phone), row.list_number,
        INVALID if row.problems else SKIPPED if row.held else PENDING, row.idempotent, row.has, row.signed,
        row_codec.pack(row.cells, row.body, sample), row_codec.encode(row.problems) if row.problems else None,
        row.held or None,
    )  # fmt: skip


def insert_rows(connection: sqlite3.Connection, run: int, rows: Sequence[RowValues]) -> None:
    """Writes checked rows."""
    codes = schema.list_codes(connection, (row.list_number for row in rows))
    connection.executemany(
        "INSERT INTO rows (key, below, phone, list, outcome, repeat_safe, has, signed, content, problems, note)"
        f" VALUES ({schema.first_key(run)} + ?,?,?,?,?,?,?,?,?,?,?)",
        ((*row[:3], codes[row.list_number], *row[4:]) for row in rows),
    )


class Draft:
    """One draft. Use as a context: left by an exception, it is thrown away."""

    def __init__(self, path: Path, new: NewRun) -> None:
        """Raises JournalProblem."""
        self._connection = connect(path)
        with Transaction(self._connection):
            self.run = insert_run(self._connection, new, State.DRAFT, 0)

    def __enter__(self) -> Draft:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            retention.remove_rows(self._connection, self.run)
        self._connection.close()

    def add(self, rows: Sequence[RowValues]) -> None:
        """Writes some rows."""
        with Transaction(self._connection):
            insert_rows(self._connection, self.run, rows)

    def settle_duplicates(self, rule: Duplicates) -> int:
        """Skips the rows that another of the same number and list makes superfluous; how many rows are duplicates."""
        mine = (schema.first_key(self.run), schema.last_key(self.run))
        which = f"rows.outcome = {PENDING} AND rows.key BETWEEN ?1 AND ?2 AND {_AGAIN[rule]}"
        if rule is Duplicates.EACH:
            return _count_each(self._connection, self.run)
        # The rows to skip are found first: what is changed must not change what is found.
        with Transaction(self._connection):
            keys = self._connection.execute(f"SELECT key FROM rows WHERE {which}", mine).fetchall()
            self._connection.executemany(
                f"UPDATE rows SET outcome = {SKIPPED}, note = ? WHERE key = ?",
                ((_DUPLICATE_WORDS[rule], key) for (key,) in keys),
            )
        return len(keys)

    def settle_already_added(self, account: str, base_url: str, rule: AlreadyAdded, history_key: bytes = b"") -> int:
        """Finds the people whom this account has added to the list before, and skips them if so chosen."""
        history = SendHistory(self._connection, history_key, self.run)
        which = f"outcome = {PENDING} AND key BETWEEN :first AND :last AND {history.added('rows.phone', 'rows.list')}"
        given = schema.key_range(self.run) | {"account": account, "base_url": base_url}
        if rule is not AlreadyAdded.SKIP:
            return int(self._connection.execute(f"SELECT count(*) FROM rows WHERE {which}", given).fetchone()[0])
        with Transaction(self._connection):
            return self._connection.execute(
                f"UPDATE rows SET outcome = {SKIPPED}, note = '{ADDED_WORDS}: ' || {history.when('rows.phone', 'rows.list')}"
                f" WHERE {which}",
                given,
            ).rowcount

    def hold_back(self, account: str, base_url: str) -> None:
        """Skips the rows for people who must not be texted, as far as it is known."""
        suppression_list.hold_back(self._connection, self.run, account, base_url)

    def finalize(self, rows: int) -> dict[Outcome, int]:
        """Counts the rows and keeps the counts: the draft is complete."""
        return _finalize(self._connection, self.run, rows)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A row of a draft, as an operator may change it."""

    key: int
    line: int
    cells: list[str]
    outcome: Outcome
    phone: str
    list_number: str
    body: str | None
    idempotent: bool
    has: int
    signed: int | None
    problems: list[tuple[str | None, str, str]]
    note: str = ""
    before: tuple[str, str] = ("", "")
    """The number and list that it had before it was changed."""

    @property
    def number(self) -> int:
        """The row's number in its run."""
        return schema.row_number(self.key)

    def left_out(self) -> DraftRow:
        """The same, left out by the operator."""
        return dataclasses.replace(
            self, outcome=Outcome.SKIPPED, note=LEFT_OUT, before=(self.phone, self.list_number), phone="", body=None
        )

    def checked(self, row: ValidatedRow) -> DraftRow:
        """The same as it was checked again."""
        return dataclasses.replace(
            self,
            cells=row.cells,
            outcome=Outcome.INVALID if row.problems else Outcome.SKIPPED if row.held else Outcome.PENDING,
            phone=row.phone,
            list_number=row.list_number,
            body=row.body,
            idempotent=row.idempotent,
            has=row.has,
            signed=row.signed,
            problems=list(row.problems),
            note=row.held,
            before=(self.phone, self.list_number),
        )


class DraftEditor:
    """A sealed draft that is changed. Use as a context."""

    def __init__(self, path: Path, run: int, history_key: bytes = b"") -> None:
        """Raises JournalProblem: also where the run is no draft any more."""
        self._connection = connect(path)
        self._history = SendHistory(self._connection, history_key, run)
        self.run = run
        found = models.read_runs(self._connection, "WHERE run = ? AND state = 'draft'", (run,))
        if not found:
            self._connection.close()
            raise JournalProblem("This review is not there any more; check the file again")
        self.found = found[0]

    def __enter__(self) -> DraftEditor:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def rows(self, keys: Sequence[int] | None, *, only_wrong: bool) -> Iterator[DraftRow]:
        """The rows with these keys, or all, a page at a time: what is changed meanwhile is not found twice."""
        if keys is not None:
            for key in keys:
                yield from self._page("rows.key = ?", (key,))
            return
        after = schema.first_key(self.run)
        wrong = f" AND outcome = {INVALID}" if only_wrong else ""
        while page := self._page(
            f"rows.key > ? AND rows.key <= ?{wrong} ORDER BY rows.key LIMIT {_CHUNK}",
            (after, schema.last_key(self.run)),
        ):
            yield from page
            after = page[-1].key

    def _page(self, where: str, given: tuple[Any, ...]) -> list[DraftRow]:
        found = self._connection.execute(
            "SELECT key, below, content, outcome, phone, number, repeat_safe, has, signed, problems, note"
            f" FROM rows JOIN lists USING (list) WHERE {where}",
            given,
        ).fetchall()
        rows = []
        for key, below, content, outcome, phone, number, safe, has, signed, problems, note in found:
            cells, body = row_codec.unpack(content, self.found.sample)
            said = [(column, value, words) for column, value, words in json.loads(problems or "[]")]
            rows.append(
                DraftRow(
                    key, schema.row_number(key) + below, cells, row_codec.OUTCOME_OF[outcome], row_codec.phone_of(phone), number,
                    body, bool(safe), has, signed, said, note or "",
                )
            )  # fmt: skip
        return rows

    def replace(self, rows: Sequence[DraftRow], options: Options) -> None:
        """Writes changed rows, and settles anew who of the same number and list is sent."""
        if not rows:
            return
        with Transaction(self._connection):
            codes = schema.list_codes(self._connection, (row.list_number for row in rows))
            self._connection.executemany(
                "UPDATE rows SET content = ?, outcome = ?, phone = ?, list = ?, repeat_safe = ?, has = ?, signed = ?,"
                " problems = ?, note = ? WHERE key = ?",
                (
                    (
                        row_codec.pack(row.cells, row.body, self.found.sample), row_codec.CODE_OF[row.outcome],
                        row_codec.phone_code(row.phone), codes[row.list_number], row.idempotent, row.has, row.signed,
                        row_codec.encode(row.problems) if row.problems else None, row.note or None, row.key,
                    )
                    for row in rows
                ),
            )  # fmt: skip
            people = {row.before for row in rows} | {(row.phone, row.list_number) for row in rows}
            for phone, number in people:
                if phone:
                    self._settle(phone, number, options)

    def _settle(self, phone: str, number: str, options: Options) -> None:
        """The rows of one person on one list: those that the rules leave out, and no others."""
        person = (row_codec.phone_code(phone), schema.list_codes(self._connection, [number])[number])
        rows = self._connection.execute(
            "SELECT key FROM rows INDEXED BY rows_by_phone WHERE phone = ? AND phone <> 0 AND list = ? AND key BETWEEN ? AND ?"
            f" AND outcome IN ({PENDING}, {SKIPPED}) AND coalesce(note, '') NOT LIKE ? ORDER BY key",
            (*person, schema.first_key(self.run), schema.last_key(self.run), f"{suppression_list.SAYS_NO}%"),
        ).fetchall()
        keys = [key for (key,) in rows]
        sent = {
            Duplicates.EACH: keys,
            Duplicates.LAST: keys[-1:],
            Duplicates.FIRST: keys[:1],
        }[options.duplicates]
        added = options.already_added is AlreadyAdded.SKIP and self._was_added(*person)
        is_member = suppression_list.is_member(self._connection, self.found.account, self.found.base_url, *person)
        on_it = suppression_list.ALREADY_ON_IT if is_member and options.already_added is AlreadyAdded.SKIP else None
        held = self._why_held(*person)
        for key in keys:
            note = _DUPLICATE_WORDS[options.duplicates] if key not in sent else ADDED_WORDS if added else on_it
            note = held or note
            self._connection.execute(
                "UPDATE rows SET outcome = ?, note = ? WHERE key = ?",
                (SKIPPED if note else PENDING, note, key),
            )

    def _why_held(self, phone: int, number: int) -> str:
        why = suppression_list.why_held(self._connection, self.found.account, self.found.base_url, phone, number)
        if why:
            return why
        is_opted_out = self._connection.execute(
            "SELECT 1 FROM rows INDEXED BY rows_by_phone WHERE phone = ? AND phone <> 0 AND key BETWEEN ? AND ? AND note LIKE ?",
            (phone, schema.first_key(self.run), schema.last_key(self.run), f"{suppression_list.SAYS_NO}%"),
        ).fetchone()
        return suppression_list.OTHER_ROW_SAYS_NO if is_opted_out else ""

    def _was_added(self, phone: int, number: int) -> bool:
        return (
            self._connection.execute(
                f"SELECT 1 FROM (SELECT :phone AS phone, :list AS list) AS one"
                f" WHERE {self._history.added('one.phone', 'one.list')}",
                {"phone": phone, "list": number, "account": self.found.account, "base_url": self.found.base_url},
            ).fetchone()
            is not None
        )

    def hold_back(self) -> int:
        """Skips the rows for people who must not be texted, as far as it is known by now.

        How many more are on the list already, as the account says; they are skipped too where that was chosen.
        """
        account, base_url = self.found.account, self.found.base_url
        suppression_list.hold_back(self._connection, self.run, account, base_url)
        options = Options.from_json(self.found.options)
        added = self._history.added("rows.phone", "rows.list")
        return suppression_list.settle_members(
            self._connection, self.run, account, base_url, added, skips=options.already_added is AlreadyAdded.SKIP
        )

    def disable_journeys_for_old_signups(self, before: int) -> int:
        """Starts no journeys for rows that signed up before a day (since 1970); how many."""
        found = self._connection.execute(
            f"SELECT key, content FROM rows WHERE outcome = {PENDING} AND has & {row_codec.JOURNEYS} AND signed < ?"
            " AND key BETWEEN ? AND ?",
            (before, schema.first_key(self.run), schema.last_key(self.run)),
        ).fetchall()
        with Transaction(self._connection):
            self._connection.executemany(
                f"UPDATE rows SET content = ?, has = has & ~{row_codec.JOURNEYS}, repeat_safe = 1 WHERE key = ?",
                ((row_codec.change_body(content, self.found.sample, _calm), key) for key, content in found),
            )
        return len(found)

    def note_corrections(self, rows: int) -> None:
        """Keeps with the run that so many rows are not as the file has them."""
        how = self.found.how | {"corrected": int(self.found.how.get("corrected", 0)) + rows}
        with Transaction(self._connection):
            self._connection.execute("UPDATE runs SET how = ? WHERE run = ?", (row_codec.encode(how), self.run))

    def problems(self) -> Iterator[list[tuple[str | None, str, str]]]:
        """The problems of each row that has some."""
        for (problems,) in self._connection.execute(
            f"SELECT problems FROM rows WHERE outcome = {INVALID} AND key BETWEEN ? AND ?",
            (schema.first_key(self.run), schema.last_key(self.run)),
        ):
            yield json.loads(problems or "[]")

    def duplicates(self, rule: Duplicates) -> int:
        """How many rows are duplicates by this rule."""
        if rule is Duplicates.EACH:
            return _count_each(self._connection, self.run)
        return self._count(f"outcome = {SKIPPED} AND note = :note", note=_DUPLICATE_WORDS[rule])

    def already_added(self) -> int:
        """How many rows are people whom this account has added to the list before."""
        skipped = self._count(f"outcome = {SKIPPED} AND note LIKE :note", note=f"{ADDED_WORDS}%")
        added = self._history.added("rows.phone", "rows.list")
        account, base_url = self.found.account, self.found.base_url
        sent = self._count(f"outcome = {PENDING} AND {added}", account=account, base_url=base_url)
        return skipped + sent

    def _count(self, which: str, **given: str) -> int:
        found = self._connection.execute(
            f"SELECT count(*) FROM rows WHERE key BETWEEN :first AND :last AND {which}",
            schema.key_range(self.run) | given,
        ).fetchone()
        return int(found[0])

    def finalize(self, rows: int) -> dict[Outcome, int]:
        """Counts the rows and keeps the counts."""
        return _finalize(self._connection, self.run, rows)


def _calm(said: dict[str, Any]) -> None:
    for name in ("use_journeys", "skip_journey_if_exists"):
        said.pop(name, None)


_ALIKE = (
    "EXISTS (SELECT 1 FROM rows AS other INDEXED BY rows_by_phone"
    " WHERE other.phone = rows.phone AND other.list = rows.list AND other.phone <> 0"
    f" AND other.outcome = {PENDING} AND "
)
# One bound each way, and so that the index finds the next row at once: with another lower bound SQLite begins at that.
_FURTHER_UP = _ALIKE + "other.key > ?1 AND other.key < rows.key)"
_FURTHER_DOWN = _ALIKE + "other.key > rows.key AND other.key <= ?2)"
_AGAIN = {Duplicates.LAST: _FURTHER_DOWN, Duplicates.FIRST: _FURTHER_UP, Duplicates.EACH: _FURTHER_UP}
_DUPLICATE_WORDS = {
    Duplicates.LAST: "The same number and list come again further down; the last row is sent",
    Duplicates.FIRST: "The same number and list came further up; the first row is sent",
    Duplicates.EACH: "",
}
ADDED_WORDS = "Added to this list from here before"
LEFT_OUT = "Left out in the review"


def _count_each(connection: sqlite3.Connection, run: int) -> int:
    mine = (schema.first_key(run), schema.last_key(run))
    which = f"rows.outcome = {PENDING} AND rows.key BETWEEN ?1 AND ?2 AND {_FURTHER_UP}"
    return int(connection.execute(f"SELECT count(*) FROM rows WHERE {which}", mine).fetchone()[0])


def _finalize(connection: sqlite3.Connection, run: int, rows: int) -> dict[Outcome, int]:
    counts = models.count_outcomes(connection, run)
    with Transaction(connection):
        connection.execute("UPDATE runs SET rows = ?, counts = ? WHERE run = ?", (rows, row_codec.encode(counts), run))
    return counts
