"""A run while its rows are being checked: nothing of it is sent before it is started."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trackly_desktop.imports.journal import records, schema
from trackly_desktop.imports.journal.records import CheckedRow, NewRun, State, now_ms
from trackly_desktop.imports.options import AlreadyAdded, Duplicates, Options
from trackly_desktop.imports.outcome import Outcome

_CHUNK = 5_000
"""Rows deleted in one transaction: others who write wait no longer than that takes."""


def insert_run(connection: sqlite3.Connection, new: NewRun, state: State, rows: int) -> int:
    """Writes a run's own line; its number is returned."""
    cursor = connection.execute(
        "INSERT INTO runs (kind, state, account, account_name, base_url, list, file, fingerprint, size, header, how,"
        " mapping, options, who, made_at, rows) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            new.kind, state, new.account, new.account_name, new.base_url, new.list_number, new.file, new.fingerprint,
            new.size, _dump(new.header), _dump(new.how), _dump(new.mapping), _dump(new.options), new.who, now_ms(), rows,
        ),
    )  # fmt: skip
    assert cursor.lastrowid is not None
    return cursor.lastrowid


RowValues = tuple[int, int, str, str, str, bool, str | None, str | None, str | None]
"""A checked row as it is written: its number, line, phone, list, outcome, whether repeat-safe, body, cells, problems."""


def as_written(row: CheckedRow) -> RowValues:
    """Those with problems are invalid, the others pending."""
    return (
        row.number, row.line, row.phone, row.list_number, Outcome.INVALID.value if row.problems else Outcome.PENDING.value,
        row.repeat_safe, row.body, _dump(row.cells) if row.cells else None, _dump(row.problems) if row.problems else None,
    )  # fmt: skip


def insert_rows(connection: sqlite3.Connection, run: int, rows: Iterable[RowValues]) -> None:
    """Writes checked rows."""
    connection.executemany(
        "INSERT INTO rows (key, line, phone, list, outcome, repeat_safe, body, cells, problems)"
        f" VALUES ({schema.first_key(run)} + ?,?,?,?,?,?,?,?,?)",
        rows,
    )


class Draft:
    """One draft. Use as a context: left by an exception, it is thrown away."""

    def __init__(self, path: Path, new: NewRun) -> None:
        """Raises JournalProblem."""
        self._connection = schema.connect(path)
        with schema.Transaction(self._connection):
            self.run = insert_run(self._connection, new, State.DRAFT, 0)

    def __enter__(self) -> Draft:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            discard(self._connection, self.run)
        self._connection.close()

    def add(self, rows: Sequence[RowValues]) -> None:
        """Writes some rows."""
        with schema.Transaction(self._connection):
            insert_rows(self._connection, self.run, rows)

    def settle_duplicates(self, rule: Duplicates) -> int:
        """Skips the rows that another of the same number and list makes superfluous; how many rows are duplicates."""
        mine = (schema.first_key(self.run), schema.last_key(self.run))
        which = f"rows.outcome = 'pending' AND rows.key BETWEEN ? AND ? AND {_AGAIN.format(sign=_SIGNS[rule])}"
        if rule is Duplicates.EACH:
            return _count_each(self._connection, self.run)
        # The rows to skip are found first: what is changed must not change what is found.
        with schema.Transaction(self._connection):
            keys = self._connection.execute(f"SELECT key FROM rows WHERE {which}", mine + mine).fetchall()
            self._connection.executemany(
                "UPDATE rows SET outcome = 'skipped', note = ? WHERE key = ?",
                ((_DUPLICATE_WORDS[rule], key) for (key,) in keys),
            )
        return len(keys)

    def settle_already_added(self, account: str, base_url: str, rule: AlreadyAdded) -> int:
        """Finds the people whom this account has added to the list before, and skips them if so chosen."""
        which = f"outcome = 'pending' AND key BETWEEN ? AND ? AND {_ADDED_BEFORE}"
        given = (schema.first_key(self.run), schema.last_key(self.run), account, base_url)
        found = self._connection.execute(f"SELECT count(*) FROM rows WHERE {which}", given).fetchone()[0]
        if found and rule is AlreadyAdded.SKIP:
            with schema.Transaction(self._connection):
                self._connection.execute(
                    f"UPDATE rows SET outcome = 'skipped', note = ? WHERE {which}",
                    (_ADDED_WORDS, *given),
                )
        return int(found)

    def seal(self, rows: int) -> dict[Outcome, int]:
        """Counts the rows and keeps the counts: the draft is complete."""
        return _seal(self._connection, self.run, rows)


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
    repeat_safe: bool
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

    def checked(self, row: CheckedRow) -> DraftRow:
        """The same as it was checked again."""
        return dataclasses.replace(
            self,
            cells=row.cells,
            outcome=Outcome.INVALID if row.problems else Outcome.PENDING,
            phone=row.phone,
            list_number=row.list_number,
            body=row.body,
            repeat_safe=row.repeat_safe,
            problems=list(row.problems),
            note="",
            before=(self.phone, self.list_number),
        )


class Editing:
    """A sealed draft that is changed. Use as a context."""

    def __init__(self, path: Path, run: int) -> None:
        """Raises JournalProblem: also where the run is no draft any more."""
        self._connection = schema.connect(path)
        self.run = run
        found = records.read_runs(self._connection, "WHERE run = ? AND state = 'draft'", (run,))
        if not found:
            self._connection.close()
            raise schema.JournalProblem("This review is not there any more; check the file again")
        self.found = found[0]

    def __enter__(self) -> Editing:
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
        wrong = " AND outcome = 'invalid'" if only_wrong else ""
        while page := self._page(
            f"rows.key > ? AND rows.key <= ?{wrong} ORDER BY rows.key LIMIT {_CHUNK}",
            (after, schema.last_key(self.run)),
        ):
            yield from page
            after = page[-1].key

    def _page(self, where: str, given: tuple[Any, ...]) -> list[DraftRow]:
        found = self._connection.execute(
            f"SELECT key, line, cells, outcome, phone, list, body, repeat_safe, problems, note FROM rows WHERE {where}",
            given,
        ).fetchall()
        return [
            DraftRow(
                key, line, json.loads(cells or "[]"), Outcome(outcome), phone, number, body, bool(safe),
                [(column, value, words) for column, value, words in json.loads(problems or "[]")], note or "",
            )
            for key, line, cells, outcome, phone, number, body, safe, problems, note in found
        ]  # fmt: skip

    def replace(self, rows: Sequence[DraftRow], options: Options) -> None:
        """Writes changed rows, and settles anew who of the same number and list is sent."""
        if not rows:
            return
        with schema.Transaction(self._connection):
            self._connection.executemany(
                "UPDATE rows SET cells = ?, outcome = ?, phone = ?, list = ?, body = ?, repeat_safe = ?, problems = ?, note = ?"
                " WHERE key = ?",
                (
                    (
                        _dump(row.cells), row.outcome, row.phone, row.list_number, row.body, row.repeat_safe,
                        _dump(row.problems) if row.problems else None, row.note or None, row.key,
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
        mine = (phone, number, schema.first_key(self.run), schema.last_key(self.run))
        rows = self._connection.execute(
            "SELECT key FROM rows WHERE phone = ? AND list = ? AND key BETWEEN ? AND ? AND outcome IN ('pending', 'skipped')"
            " ORDER BY key",
            mine,
        ).fetchall()
        keys = [key for (key,) in rows]
        sent = {
            Duplicates.EACH: keys,
            Duplicates.LAST: keys[-1:],
            Duplicates.FIRST: keys[:1],
        }[options.duplicates]
        added = options.already_added is AlreadyAdded.SKIP and self._was_added(phone, number)
        for key in keys:
            note = _DUPLICATE_WORDS[options.duplicates] if key not in sent else _ADDED_WORDS if added else None
            self._connection.execute(
                "UPDATE rows SET outcome = ?, note = ? WHERE key = ?",
                (Outcome.SKIPPED if note else Outcome.PENDING, note, key),
            )

    def _was_added(self, phone: str, number: str) -> bool:
        return (
            self._connection.execute(
                f"SELECT 1 FROM (SELECT ? AS phone, ? AS list) AS rows WHERE {_ADDED_BEFORE}",
                (phone, number, self.found.account, self.found.base_url),
            ).fetchone()
            is not None
        )

    def note_corrections(self, rows: int) -> None:
        """Keeps with the run that so many rows are not as the file has them."""
        how = self.found.how | {"corrected": int(self.found.how.get("corrected", 0)) + rows}
        with schema.Transaction(self._connection):
            self._connection.execute("UPDATE runs SET how = ? WHERE run = ?", (_dump(how), self.run))

    def problems(self) -> Iterator[list[tuple[str | None, str, str]]]:
        """The problems of each row that has some."""
        for (problems,) in self._connection.execute(
            "SELECT problems FROM rows WHERE outcome = 'invalid' AND key BETWEEN ? AND ?",
            (schema.first_key(self.run), schema.last_key(self.run)),
        ):
            yield json.loads(problems or "[]")

    def duplicates(self, rule: Duplicates) -> int:
        """How many rows are duplicates by this rule."""
        if rule is Duplicates.EACH:
            return _count_each(self._connection, self.run)
        return self._count("outcome = 'skipped' AND note = ?", _DUPLICATE_WORDS[rule])

    def already_added(self) -> int:
        """How many rows are people whom this account has added to the list before."""
        skipped = self._count("outcome = 'skipped' AND note = ?", _ADDED_WORDS)
        sent = self._count(f"outcome = 'pending' AND {_ADDED_BEFORE}", self.found.account, self.found.base_url)
        return skipped + sent

    def _count(self, which: str, *given: str) -> int:
        found = self._connection.execute(
            f"SELECT count(*) FROM rows WHERE key BETWEEN ? AND ? AND {which}",
            (schema.first_key(self.run), schema.last_key(self.run), *given),
        ).fetchone()
        return int(found[0])

    def seal(self, rows: int) -> dict[Outcome, int]:
        """Counts the rows and keeps the counts."""
        return _seal(self._connection, self.run, rows)


_AGAIN = (
    "EXISTS (SELECT 1 FROM rows AS other WHERE other.phone = rows.phone AND other.list = rows.list"
    " AND other.phone <> '' AND other.outcome = 'pending' AND other.key {sign} rows.key AND other.key BETWEEN ? AND ?)"
)
_SIGNS = {Duplicates.LAST: ">", Duplicates.FIRST: "<", Duplicates.EACH: "<"}
_DUPLICATE_WORDS = {
    Duplicates.LAST: "The same number and list come again further down; the last row is sent",
    Duplicates.FIRST: "The same number and list came further up; the first row is sent",
    Duplicates.EACH: "",
}
_ADDED_BEFORE = (
    f"EXISTS (SELECT 1 FROM rows AS other JOIN runs ON runs.run = other.key >> {schema.RUN_BITS}"
    " WHERE other.phone = rows.phone AND other.list = rows.list AND other.phone <> ''"
    " AND other.outcome IN ('created', 'updated') AND runs.kind <> 'take back' AND runs.account = ? AND runs.base_url = ?)"
)
_ADDED_WORDS = "This person was added to the list from here before"
LEFT_OUT = "Left out in the review"


def _count_each(connection: sqlite3.Connection, run: int) -> int:
    mine = (schema.first_key(run), schema.last_key(run))
    which = f"rows.outcome = 'pending' AND rows.key BETWEEN ? AND ? AND {_AGAIN.format(sign='<')}"
    return int(connection.execute(f"SELECT count(*) FROM rows WHERE {which}", mine + mine).fetchone()[0])


def _seal(connection: sqlite3.Connection, run: int, rows: int) -> dict[Outcome, int]:
    counts = count_outcomes(connection, run)
    with schema.Transaction(connection):
        connection.execute("UPDATE runs SET rows = ?, counts = ? WHERE run = ?", (rows, _dump(counts), run))
    return counts


def count_outcomes(connection: sqlite3.Connection, run: int) -> dict[Outcome, int]:
    """How many of a run's rows have each outcome."""
    found = connection.execute(
        "SELECT outcome, count(*) FROM rows WHERE key BETWEEN ? AND ? GROUP BY outcome",
        (schema.first_key(run), schema.last_key(run)),
    )
    return {Outcome(outcome): count for outcome, count in found}


def discard(connection: sqlite3.Connection, run: int) -> None:
    """Deletes a draft, a part at a time."""
    state = connection.execute("SELECT state FROM runs WHERE run = ?", (run,)).fetchone()
    if state is None or state[0] != State.DRAFT:
        return
    deleted = 1
    while deleted:
        with schema.Transaction(connection):
            deleted = connection.execute(
                "DELETE FROM rows WHERE key IN (SELECT key FROM rows WHERE key BETWEEN ? AND ? LIMIT ?)",
                (schema.first_key(run), schema.last_key(run), _CHUNK),
            ).rowcount
    with schema.Transaction(connection):
        connection.execute("DELETE FROM runs WHERE run = ? AND state = 'draft'", (run,))


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _dump(value: object) -> str:
    return _encode(value)
