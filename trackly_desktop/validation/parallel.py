"""The rows of a file checked in two processes at once, where the file is large enough: reading a number takes long."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from multiprocessing.connection import Connection
from typing import NamedTuple

from trackly_desktop.files.table import FileProblem, Row
from trackly_desktop.journal.drafts import RowValues, encode_row
from trackly_desktop.system import logs
from trackly_desktop.validation.row_validator import ConsentValue, RowValidator, ValidationRules

_BATCH = 1_000


class Batch(NamedTuple):
    """Some checked rows as they are written, and how often each kind of problem came up among them."""

    rows: list[RowValues]
    issue_counts: Counter[str]
    consent_values: Counter[ConsentValue]
    """How often each value of a column that says who may be texted came up."""
    addresses: Counter[str]
    """How many rows have each IP address."""


def validate_rows(rules: ValidationRules, rows: Iterable[Row], sample: bytes, *, is_large: bool) -> Iterator[Batch]:
    """Checks every row; the batches of the other process come when they are ready. Raises FileProblem."""
    with _fewer_collections():
        if not is_large:
            yield from _alone(rules, rows, sample)
            return
        with _WorkerProcess(rules, sample) as partner:
            yield from _together(rules, rows, sample, partner)


def _alone(rules: ValidationRules, rows: Iterable[Row], sample: bytes) -> Iterator[Batch]:
    checker = RowValidator(rules)
    given = iter(rows)
    while some := list(islice(given, _BATCH)):
        yield _checked(checker, some, sample)


def _together(rules: ValidationRules, rows: Iterable[Row], sample: bytes, partner: _WorkerProcess) -> Iterator[Batch]:
    checker = RowValidator(rules)
    given = iter(rows)
    while some := list(islice(given, _BATCH)):
        if partner.has_done:
            if (done := partner.result()) is not None:
                yield done
            partner.submit(some)
        else:
            yield _checked(checker, some, sample)
    if partner.has_batch and (last := partner.result()) is not None:
        yield last


def _checked(checker: RowValidator, rows: Iterable[Row], sample: bytes) -> Batch:
    checker.issue_counts, checker.consent_values, checker.addresses = Counter(), Counter(), Counter()
    return Batch(
        [encode_row(checker.check(row), sample) for row in rows],
        checker.issue_counts,
        checker.consent_values,
        checker.addresses,
    )


class _WorkerProcess:
    """Another process, with one batch at a time: while it works on one, nothing waits for it."""

    def __init__(self, rules: ValidationRules, sample: bytes) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_work, args=(theirs, rules, sample), daemon=True)
        self._process.start()
        theirs.close()
        self.has_batch = False

    def __enter__(self) -> _WorkerProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.close()
        self._process.terminate()
        self._process.join()

    @property
    def has_done(self) -> bool:
        """Whether it waits for another batch."""
        return self._pipe.poll()

    def submit(self, rows: list[Row]) -> None:
        """The next batch. It waits for it, so that sending ends."""
        self._pipe.send(rows)
        self.has_batch = True

    def result(self) -> Batch | None:
        """What it has done; None where it has only started. Raises FileProblem."""
        self.has_batch = False
        try:
            done: Batch | None = self._pipe.recv()
        except EOFError as error:
            raise FileProblem("Checking broke off: the system ended a part of it; check the file again") from error
        return done


def _work(pipe: Connection, rules: ValidationRules, sample: bytes) -> None:
    logs.open_log()
    checker = RowValidator(rules)
    with contextlib.suppress(EOFError, BrokenPipeError, OSError), _fewer_collections():
        pipe.send(None)
        while True:
            pipe.send(_checked(checker, pipe.recv(), sample))


@contextlib.contextmanager
def _fewer_collections() -> Iterator[None]:
    """What is made for a row is gone with it and makes no circles: looking for circles all the time costs a quarter."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, before[1], before[2])
    try:
        yield
    finally:
        gc.set_threshold(*before)
