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
from trackly_desktop.journal.drafts import RowValues, as_written
from trackly_desktop.system import logs
from trackly_desktop.validation.row_validator import Checker, Meaning, Rules

_BATCH = 1_000


class Batch(NamedTuple):
    """Some checked rows as they are written, and how often each kind of problem came up among them."""

    rows: list[RowValues]
    kinds: Counter[str]
    meanings: Counter[Meaning]
    """How often each value of a column that says who may be texted came up."""
    addresses: Counter[str]
    """How many rows have each IP address."""


def check_rows(rules: Rules, rows: Iterable[Row], sample: bytes, *, is_large: bool) -> Iterator[Batch]:
    """Checks every row; the batches of the other process come when they are ready. Raises FileProblem."""
    with _fewer_collections():
        if not is_large:
            yield from _alone(rules, rows, sample)
            return
        with _Partner(rules, sample) as partner:
            yield from _together(rules, rows, sample, partner)


def _alone(rules: Rules, rows: Iterable[Row], sample: bytes) -> Iterator[Batch]:
    checker = Checker(rules)
    given = iter(rows)
    while some := list(islice(given, _BATCH)):
        yield _checked(checker, some, sample)


def _together(rules: Rules, rows: Iterable[Row], sample: bytes, partner: _Partner) -> Iterator[Batch]:
    checker = Checker(rules)
    given = iter(rows)
    while some := list(islice(given, _BATCH)):
        if partner.has_done:
            if (done := partner.take()) is not None:
                yield done
            partner.give(some)
        else:
            yield _checked(checker, some, sample)
    if partner.has_batch and (last := partner.take()) is not None:
        yield last


def _checked(checker: Checker, rows: Iterable[Row], sample: bytes) -> Batch:
    checker.kinds, checker.meanings, checker.addresses = Counter(), Counter(), Counter()
    return Batch(
        [as_written(checker.check(row), sample) for row in rows], checker.kinds, checker.meanings, checker.addresses
    )


class _Partner:
    """Another process, with one batch at a time: while it works on one, nothing waits for it."""

    def __init__(self, rules: Rules, sample: bytes) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_work, args=(theirs, rules, sample), daemon=True)
        self._process.start()
        theirs.close()
        self.has_batch = False

    def __enter__(self) -> _Partner:
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.close()
        self._process.terminate()
        self._process.join()

    @property
    def has_done(self) -> bool:
        """Whether it waits for another batch."""
        return self._pipe.poll()

    def give(self, rows: list[Row]) -> None:
        """The next batch. It waits for it, so that sending ends."""
        self._pipe.send(rows)
        self.has_batch = True

    def take(self) -> Batch | None:
        """What it has done; None where it has only started. Raises FileProblem."""
        self.has_batch = False
        try:
            done: Batch | None = self._pipe.recv()
        except EOFError as error:
            raise FileProblem("Checking broke off: the system ended a part of it; check the file again") from error
        return done


def _work(pipe: Connection, rules: Rules, sample: bytes) -> None:
    logs.start()
    checker = Checker(rules)
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
