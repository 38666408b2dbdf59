"""What is put into the journal and taken out of it. Times are milliseconds since 1970, UTC."""

from __future__ import annotations

import enum
import json
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from trackly_desktop.api.replies import SendResult
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal import row_codec, schema


def now_ms() -> int:
    """The wall clock, for people; delays are measured by the monotonic one."""
    return time.time_ns() // 1_000_000


class State(enum.StrEnum):
    """Where a run is. A draft has been checked and not begun; a run that was killed is still `running`."""

    DRAFT = "draft"
    RUNNING = "running"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    FINISHED = "finished"


IMPORT, CONTACT, UNDO = "import", "contact", "take back"
"""What a run is: a file, one contact by hand, or the taking back of another run."""

UNFINISHED = (State.RUNNING, State.STOPPED)


@dataclass(frozen=True, slots=True)
class NewRun:
    """What is known of a run when it is made."""

    kind: str
    account: str
    account_name: str
    base_url: str
    list_number: str
    options: dict[str, Any]
    file: str = ""
    fingerprint: str = ""
    size: int = 0
    header: tuple[str, ...] = ()
    how: dict[str, Any] = field(default_factory=dict)
    mapping: dict[str, Any] = field(default_factory=dict)
    who: str = ""
    sample: bytes = b""
    """What its rows are deflated against (packing.py)."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it stands. `base_url` and `account` say where its contacts go."""

    run: int
    kind: str
    state: State
    account: str
    account_name: str
    base_url: str
    list_number: str
    file: str
    fingerprint: str
    size: int
    header: tuple[str, ...]
    how: dict[str, Any]
    mapping: dict[str, Any]
    options: dict[str, Any]
    confirmed: str
    who: str
    made_at: int
    started_at: int | None
    ended_at: int | None
    stopped: str | None
    rows: int
    counts: dict[Outcome, int]
    requests: int
    retries: int
    sample: bytes = b""
    forgotten_at: int | None = None
    """When the personal data of its rows was removed."""


def read_runs(connection: sqlite3.Connection, where: str, given: tuple[Any, ...]) -> list[Run]:
    """The runs that this clause finds."""
    found = connection.execute(
        "SELECT run, kind, state, account, account_name, base_url, list, file, fingerprint, size, header, how, mapping,"
        " options, confirmed, who, made_at, started_at, ended_at, stopped, rows, counts, requests, retries,"
        f" sample, forgotten_at FROM runs {where}",
        given,
    )
    return [_run(row) for row in found]


def _run(row: tuple[Any, ...]) -> Run:
    (run, kind, state, account, account_name, base_url, number, file, fingerprint, size, header, how, mapping, options,
     confirmed, who, made_at, started_at, ended_at, stopped, rows, counts, requests, retries, sample,
     forgotten_at) = row  # fmt: skip
    return Run(
        run, kind, State(state), account, account_name, base_url, number, file, fingerprint, size, tuple(json.loads(header)),
        json.loads(how), json.loads(mapping), json.loads(options), confirmed, who, made_at, started_at, ended_at, stopped,
        rows, {Outcome(name): count for name, count in json.loads(counts).items()}, requests, retries,
        sample, forgotten_at,
    )  # fmt: skip


class ValidatedRow(NamedTuple):
    """A row as it was checked: ready to be sent (`body`), or with its problems (column, value, words)."""

    number: int
    line: int
    cells: list[str]
    phone: str = ""
    list_number: str = ""
    body: str | None = None
    idempotent: bool = True
    has: int = 0
    """What the body has, as bits (packing.py)."""
    signed: int | None = None
    """The day of its signup date, since 1970."""
    problems: Sequence[tuple[str | None, str, str]] = ()
    held: str = ""
    """Why it is held back, though nothing is wrong with it."""


@dataclass(frozen=True, slots=True)
class DueRow:
    """A row that is to be sent. `sent_at` is when it last was, if it was."""

    key: int
    phone: str
    list_number: str
    body: str
    idempotent: bool
    outcome: Outcome
    tries: int
    seen_absent: bool
    sent_at: int | None


@dataclass(frozen=True, slots=True)
class SendMark:
    """A row that is about to leave. `in_doubt`: a request before may have been applied."""

    key: int
    seen_absent: bool
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class RowResult:
    """What came of a row: by an answer to the request that carried it, or (None) without one."""

    key: int
    outcome: Outcome
    due: bool
    tries: int
    at: int
    reply: SendResult | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RunCounts:
    """A run's counts as they are kept with each turn."""

    counts: dict[str, int]
    retries: int


def count_outcomes(connection: sqlite3.Connection, run: int) -> dict[Outcome, int]:
    """How many of a run's rows have each outcome."""
    found = connection.execute(
        "SELECT outcome, count(*) FROM rows WHERE key BETWEEN ? AND ? GROUP BY outcome",
        (schema.first_key(run), schema.last_key(run)),
    )
    return {row_codec.OUTCOME_OF[outcome]: count for outcome, count in found}
