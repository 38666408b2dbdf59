"""Records of the journal. Times are milliseconds since 1970, UTC."""

from __future__ import annotations

import enum
import json
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from trackly_desktop.api.replies import SendResult, StopReason
from trackly_desktop.contacts.issues import Issue, Note
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal import row_codec, schema
from trackly_desktop.journal.import_options import RunSource


def now_ms() -> int:
    """Return the wall clock, for people; delays are measured by the monotonic clock."""
    return time.time_ns() // 1_000_000


class State(enum.StrEnum):
    """State of a run.

    A draft is validated and not started; a run that was killed is still `running`.
    """

    DRAFT = "draft"
    RUNNING = "running"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    FINISHED = "finished"


class RunKind(enum.StrEnum):
    """Kind of a run: a file, one contact by hand, or the undoing of another run."""

    IMPORT = "import"
    CONTACT = "contact"
    UNDO = "undo"


UNFINISHED = (State.RUNNING, State.STOPPED)


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run that is to be stored."""

    kind: RunKind
    account: str
    account_name: str
    base_url: str
    list_number: str
    options: dict[str, Any]
    file: str = ""
    fingerprint: str = ""
    size: int = 0
    header: tuple[str, ...] = ()
    source: RunSource = field(default_factory=RunSource)
    mapping: dict[str, Any] = field(default_factory=dict)
    who: str = ""
    sample: bytes = b""
    """Dictionary of its rows' deflated content (row_codec.py)."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run as stored. `account` and `base_url` say where its contacts go."""

    id: int
    kind: RunKind
    state: State
    account: str
    account_name: str
    base_url: str
    list_number: str
    file: str
    fingerprint: str
    size: int
    header: tuple[str, ...]
    source: RunSource
    mapping: dict[str, Any]
    options: dict[str, Any]
    confirmed: str
    who: str
    made_at: int
    started_at: int | None
    ended_at: int | None
    stopped: StopReason | None
    rows: int
    counts: dict[Outcome, int]
    requests: int
    retries: int
    sample: bytes = b""
    forgotten_at: int | None = None
    """When the personal data of its rows was removed."""


def read_runs(connection: sqlite3.Connection, where: str, values: tuple[Any, ...]) -> list[Run]:
    """Return the runs that an SQL clause selects."""
    rows = connection.execute(
        "SELECT run, kind, state, account, account_name, base_url, list, file, fingerprint, size, header, source, mapping,"
        " options, confirmed, who, made_at, started_at, ended_at, stopped, rows, counts, requests, retries,"
        f" sample, forgotten_at FROM runs {where}",
        values,
    )
    return [_run(row) for row in rows]


def _run(row: tuple[Any, ...]) -> Run:
    (run_id, kind, state, account, account_name, base_url, number, file, fingerprint, size, header, source, mapping, options,
     confirmed, who, made_at, started_at, ended_at, stopped, rows, counts, requests, retries, sample,
     forgotten_at) = row  # fmt: skip
    return Run(
        run_id, RunKind(kind), State(state), account, account_name, base_url, number, file, fingerprint, size,
        tuple(json.loads(header)), RunSource.from_json(json.loads(source)), json.loads(mapping), json.loads(options),
        confirmed, who, made_at, started_at, ended_at, None if stopped is None else StopReason(stopped), rows,
        {Outcome(name): count for name, count in json.loads(counts).items()}, requests, retries, sample, forgotten_at,
    )  # fmt: skip


class ValidatedRow(NamedTuple):
    """A validated row: one to send (`body`), or with issues, or skipped (`note`)."""

    number: int
    line: int
    cells: list[str]
    phone: str = ""
    list_number: str = ""
    body: str | None = None
    idempotent: bool = True
    field_bits: int = 0
    """Fields of its body, as bits (row_codec.py)."""
    signup_day: int | None = None
    """Day of its signup date, since 1970."""
    issues: Sequence[Issue] = ()
    note: Note | None = None


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
    confirmed_absent: bool
    sent_at: int | None
    may_be_applied: bool = False
    """An earlier request may have been applied: it has no answer.

    No later request was refused either.
    """


@dataclass(frozen=True, slots=True)
class SendMark:
    """A row that is about to be sent.

    `may_be_applied`: the server may have applied an earlier request.
    """

    key: int
    confirmed_absent: bool
    may_be_applied: bool = False


@dataclass(frozen=True, slots=True)
class RowResult:
    """The result of a row: of the answer to its request, or (None) without one."""

    key: int
    outcome: Outcome
    retry_pending: bool
    tries: int
    at: int
    reply: SendResult | None = None
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class RunCounts:
    """Counts of a run, stored with each commit."""

    counts: dict[str, int]
    retries: int


def count_outcomes(connection: sqlite3.Connection, run_id: int) -> dict[Outcome, int]:
    """Return how many rows of a run have each outcome."""
    rows = connection.execute(
        "SELECT outcome, count(*) FROM rows WHERE key BETWEEN ? AND ? GROUP BY outcome",
        (schema.first_key(run_id), schema.last_key(run_id)),
    )
    return {row_codec.OUTCOME_OF[outcome]: count for outcome, count in rows}
