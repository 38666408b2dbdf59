"""Validate large files in two processes: parsing phone numbers is CPU-bound."""

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
from trackly_desktop.validation.row_validator import ConsentValue, IssueKind, RowValidator, ValidationRules

_BATCH = 1_000
PROCESS_ENDED = (
    "Reading broke off: the system ended the part of the program that reads files, perhaps because memory ran out;"
    " close other programs, and open the file again"
)


PROCESS_NAME = "second validator"


class Batch(NamedTuple):
    """A batch of validated rows as stored, and the counts of the batch."""

    rows: list[RowValues]
    issue_counts: Counter[IssueKind]
    consent_values: Counter[ConsentValue]
    """Rows with each value of a consent column."""
    addresses: Counter[str]
    """Rows with each IP address."""


def validate_rows(rules: ValidationRules, rows: Iterable[Row], sample: bytes, *, is_large: bool) -> Iterator[Batch]:
    """Yield every row validated; batches of the second process when ready.

    Raises:
        FileProblem: the file breaks off, or the second process was ended.
    """
    with _fewer_collections():
        if not is_large:
            yield from _alone(rules, rows, sample)
            return
        with _WorkerProcess(rules, sample) as partner:
            yield from _together(rules, rows, sample, partner)


def _alone(rules: ValidationRules, rows: Iterable[Row], sample: bytes) -> Iterator[Batch]:
    validator = RowValidator(rules)
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        yield _validate_batch(validator, batch, sample)


def _together(rules: ValidationRules, rows: Iterable[Row], sample: bytes, partner: _WorkerProcess) -> Iterator[Batch]:
    validator = RowValidator(rules)
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        if partner.has_result:
            if (result := partner.result()) is not None:
                yield result
            partner.submit(batch)
        else:
            yield _validate_batch(validator, batch, sample)
    if partner.has_batch and (last := partner.result()) is not None:
        yield last


def _validate_batch(validator: RowValidator, rows: Iterable[Row], sample: bytes) -> Batch:
    validator.issue_counts, validator.consent_values, validator.addresses = Counter(), Counter(), Counter()
    return Batch(
        [encode_row(validator.validate(row), sample) for row in rows],
        validator.issue_counts,
        validator.consent_values,
        validator.addresses,
    )


class _WorkerProcess:
    """A second process that validates one batch at a time; nothing waits for it."""

    def __init__(self, rules: ValidationRules, sample: bytes) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_work, args=(theirs, rules, sample), daemon=True, name=PROCESS_NAME)
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
    def has_result(self) -> bool:
        """Whether it is ready for another batch."""
        return self._pipe.poll()

    def submit(self, rows: list[Row]) -> None:
        """Send a batch to the process, which must be ready for it.

        Raises:
            FileProblem: the process was ended.
        """
        try:
            self._pipe.send(rows)
        except OSError as error:
            raise FileProblem(PROCESS_ENDED) from error
        self.has_batch = True

    def result(self) -> Batch | None:
        """Return the validated batch; None where the process has only started.

        Raises:
            FileProblem: the process was ended.
        """
        self.has_batch = False
        try:
            batch: Batch | None = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise FileProblem(PROCESS_ENDED) from error
        return batch


def _work(pipe: Connection, rules: ValidationRules, sample: bytes) -> None:
    logs.open_log()
    validator = RowValidator(rules)
    with contextlib.suppress(EOFError, BrokenPipeError, OSError), _fewer_collections():
        pipe.send(None)
        while True:
            pipe.send(_validate_batch(validator, pipe.recv(), sample))


@contextlib.contextmanager
def _fewer_collections() -> Iterator[None]:
    """Collect garbage rarely.

    A row's objects make no cycles, and collecting costs a quarter of the time.
    """
    before = gc.get_threshold()
    gc.set_threshold(100_000, before[1], before[2])
    try:
        yield
    finally:
        gc.set_threshold(*before)
