"""The journal: its size, the cost of a commit, and how soon a long table is shown."""

from __future__ import annotations

import random
import sqlite3
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from tests.benchmarks.files import check, file_of
from trackly_desktop.api.replies import Accepted
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal.connection import connect
from trackly_desktop.journal.draft_editor import DraftEditor
from trackly_desktop.journal.drafts import Draft, RowValues
from trackly_desktop.journal.import_options import Options
from trackly_desktop.journal.models import DueRow, NewRun, RowResult, RunCounts, RunKind, SendMark, now_ms
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.journal.row_codec import CREATED, PENDING, REFUSED, pack, sample_of
from trackly_desktop.journal.run_store import Journal
from trackly_desktop.journal.suppression_list import save_list_members

_BATCH = 16
_PAGE = 64
_COUNTS = RunCounts({"created": 1}, 0)


@dataclass(frozen=True)
class Delivered:
    """Rows a second through `sending` to an outcome, and the journal's relative size."""

    per_second: float
    growth: float


def delivered(rows: int) -> Delivered:
    """Validate and deliver a file of eight columns, 16 rows a batch, distinct ids."""
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder, file_of(rows) as file:
        path = Path(folder) / "journal.sqlite"
        run = check(file, path).run_id
        with Journal(path) as journal:
            due = journal.pending(run, 0, rows)
            answers = [_answer(chance) for _ in due]
            began = perf_counter()
            _commit_batches(journal, run, due, answers)
            took = perf_counter() - began
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return Delivered(rows / took, path.stat().st_size / file.stat().st_size)


def _commit_batches(journal: Journal, run: int, due: list[DueRow], answers: list[Accepted]) -> None:
    """Commit batches as delivery does: record the last one, mark the next rows."""
    recorded: list[RowResult] = []
    index = 0
    while index < len(due) or recorded:
        batch = due[index : index + _BATCH]
        journal.commit_batch(run, recorded, [SendMark(row.key, confirmed_absent=False) for row in batch], _COUNTS)
        recorded = [
            RowResult(row.key, Outcome.CREATED, False, 1, now_ms(), answers[index + offset])
            for offset, row in enumerate(batch)
        ]
        index += len(batch)


def _answer(chance: random.Random) -> Accepted:
    return Accepted(
        status=200,
        contact_id=f"{chance.getrandbits(96):024x}",
        list_contact_id=f"{chance.getrandbits(96):024x}",
        is_new_contact=True,
        is_new_list_contact=True,
    )


def bare_sqlite_per_second(rows: int) -> float:
    """Move rows through two states in bare sqlite3: one index, as durable, 16 a batch."""
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "bare.sqlite", isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE rows (key INTEGER PRIMARY KEY, outcome TEXT, body TEXT, answer TEXT)")
        connection.execute("CREATE INDEX by_outcome ON rows (outcome)")
        body, answer = '{"phone_number":"+14152000000","list_number":"+18005551234"}', "0" * 48
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO rows VALUES (?, 'pending', ?, NULL)", ((key, body) for key in range(rows)))
        connection.execute("COMMIT")
        began = perf_counter()
        before: tuple[int, ...] = ()
        for group in [*_groups(rows), ()]:
            connection.execute("BEGIN IMMEDIATE")
            for key in before:
                connection.execute("UPDATE rows SET outcome = 'created', answer = ? WHERE key = ?", (answer, key))
            for key in group:
                connection.execute("UPDATE rows SET outcome = 'sending' WHERE key = ?", (key,))
            connection.execute("COMMIT")
            before = group
        took = perf_counter() - began
        connection.close()
        return rows / took


def _groups(rows: int) -> Iterator[tuple[int, ...]]:
    for first in range(0, rows, _BATCH):
        yield tuple(range(first, min(rows, first + _BATCH)))


@contextmanager
def many_rows(rows: int) -> Iterator[tuple[JournalReader, int]]:
    """Yield a reader and a run of so many rows, a tenth of them refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.sqlite"
        run = _write_run(path, rows)
        connection = connect(path)
        connection.execute(f"UPDATE rows SET outcome = {REFUSED} WHERE key % 10 = 0")
        connection.close()
        reader = JournalReader(path)
        yield reader, run
        reader.close()


def ledger_seconds(rows: int, looked_up: int, times: int) -> tuple[float, float]:
    """Return the seconds to find people among added ones, and among unsubscribed ones.

    Half of the people that are looked up were added before.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.sqlite"
        added = _write_run(path, rows)
        connection = connect(path)
        connection.execute(f"UPDATE rows SET outcome = {CREATED} WHERE key >> 32 = ?", (added,))
        connection.execute("UPDATE runs SET state = 'finished'")
        connection.close()
        draft = _write_run(path, looked_up, first=rows - looked_up // 2)
        left = {f"+{14152000000 + rows - looked_up // 2 + number}": False for number in range(1, looked_up + 1)}
        save_list_members(path, "a", _ADDRESS, _LIST, left, active=False, whole=True)
        with DraftEditor(path, draft) as editing:
            known = milliseconds(editing.already_added, times) / 1000
            began = perf_counter()
            editing.hold_back()
            held = perf_counter() - began
        return known, held


_ADDRESS, _LIST = "http://127.0.0.1:9", "+18005551234"


def _write_run(path: Path, rows: int, first: int = 0) -> int:
    """Write a draft of so many rows, each another person; return its run."""
    cells = ["+14152000000", "Ada", "Lovelace", "Rome", "2025-03-15"]
    body = '{"phone_number":"+14152000000","list_number":"+18005551234","custom_fields":{"first_name":"Ada"}}'
    sample = sample_of([(cells, body)])
    content = pack(cells, body, sample)
    new = NewRun(RunKind.IMPORT, "a", "A", _ADDRESS, _LIST, Options().to_json(), file="people.csv", sample=sample)
    with Draft(path, new) as draft:
        values = (
            RowValues(number, 1, 14152000000 + first + number, _LIST, PENDING, True, 0, None, content, None, None, None)
            for number in range(1, rows + 1)
        )
        for batch in batched_rows(values):
            draft.add(batch)
        draft.finalize(rows)
    return draft.run_id


def batched_rows(values: Iterator[RowValues]) -> Iterator[list[RowValues]]:
    """Yield rows in batches of 5,000."""
    batch: list[RowValues] = []
    for row in values:
        batch.append(row)
        if len(batch) == 5_000:
            yield batch
            batch = []
    yield batch


def milliseconds(work: Callable[[], object], times: int) -> float:
    """Return the median of so many calls."""
    took = []
    for _ in range(times):
        began = perf_counter()
        work()
        took.append((perf_counter() - began) * 1000)
    return statistics.median(took)


def shown(reader: JournalReader, run: int, times: int) -> dict[str, float]:
    """Return the milliseconds until parts of a run's table are there."""
    keys = reader.keys(run)
    middle = len(keys) // 2
    return {
        "open": milliseconds(lambda: reader.page(reader.keys(run)[:_PAGE]), times),
        "jump to the end": milliseconds(lambda: reader.page(keys[-_PAGE:]), times),
        "filter by outcome": milliseconds(lambda: reader.page(reader.keys(run, Outcome.REFUSED)[:_PAGE]), times),
        "a page while scrolling": milliseconds(lambda: reader.page(keys[middle : middle + _PAGE]), times),
    }
