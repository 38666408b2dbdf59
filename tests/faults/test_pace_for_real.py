"""The pace over a real socket: never more a second than was asked for, never more at once than a slow server bears."""

from __future__ import annotations

import asyncio
import threading
import time
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.server import ACCEPTED, OddServer, answer
from tests.journeys.jobs import ACCOUNT, QUICK, check, deliver, outcomes
from trackly_desktop.accounts.credentials import CredentialStore
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.delivery.progress import RunProgress
from trackly_desktop.journal.models import State
from trackly_desktop.sandbox import KEY
from trackly_desktop.service.import_service import ImportService

pytestmark = pytest.mark.usefixtures("short_clock")
Write = Callable[..., Path]


def people(count: int) -> list[str]:
    return [f"+1415{2_000_000 + number}" for number in range(count)]


def most_within(arrivals: list[float], seconds: float) -> int:
    """How many arrived at most in any span of so many seconds."""
    return max(bisect_left(arrivals, at + seconds) - place for place, at in enumerate(arrivals))


def test_no_five_seconds_have_more_than_the_cap_allows(journal_path: Path, write: Write) -> None:
    cap, arrivals = 25.0, list[float]()

    def arrive(_request: bytes) -> bytes:
        arrivals.append(time.monotonic())
        return ACCEPTED

    with OddServer(answer(404), arrive) as server:
        run = check(journal_path, write("Phone", *people(140)), server.address, per_second=cap).run
        deliver(journal_path, run)
    arrivals.sort()
    assert len(arrivals) == 140
    # What left in time may arrive bunched on a busy machine: one more at the edge of a span.
    assert most_within(arrivals, 5.0) <= 5 * cap + 1
    assert arrivals[-1] - arrivals[0] >= 139 / cap - 0.1


class Counting:
    """How many requests are at the server at once."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._here = 0
        self.seen: list[int] = []

    def __call__(self, _request: bytes) -> bytes:
        with self._lock:
            self._here += 1
            self.seen.append(self._here)
        time.sleep(self._seconds)
        with self._lock:
            self._here -= 1
        return ACCEPTED


@pytest.mark.parametrize("ceiling", [2, 12])
def test_a_slow_server_never_has_more_than_the_ceiling_at_once(journal_path: Path, write: Write, ceiling: int) -> None:
    at_once = Counting(0.1)
    with OddServer(answer(404), at_once) as server:
        run = check(journal_path, write("Phone", *people(15 * ceiling)), server.address, in_flight=ceiling).run
        deliver(journal_path, run)
    assert max(at_once.seen) == ceiling
    assert at_once.seen[0] <= 4


def test_a_server_too_slow_to_answer_is_asked_ever_less_at_once(journal_path: Path, write: Write) -> None:
    """Each answer comes after we have given up: what piles up at the server is ours, and must not grow."""
    at_once = Counting(QUICK.read * 1.6)
    with OddServer(answer(404), at_once) as server:
        run = check(journal_path, write("Phone", *people(10)), server.address, in_flight=16).run
        told = until(journal_path, run, lambda progress: progress.requests >= 10)
    assert told[-1].in_flight <= 2
    assert max(at_once.seen) <= 8


def test_an_ailing_server_is_not_hammered(journal_path: Path, write: Write) -> None:
    began = time.monotonic()
    with OddServer(answer(404), answer(500, b"")) as server:
        run = check(journal_path, write("Phone", *people(400)), server.address).run
        told = until(journal_path, run, lambda progress: progress.requests >= 485)
    assert outcomes(journal_path, run).get("created") is None
    for one in told:  # one a second beyond the budget, once no row is left that was never sent
        assert one.retries <= max(50, 0.2 * one.requests) + 1 + (time.monotonic() - began)
    assert told[-1].retries > 50


def until(journal: Path, run: int, is_enough: Callable[[RunProgress], bool]) -> list[RunProgress]:
    """Delivers until something is so, and cancels; what was told."""
    told: list[RunProgress] = []

    async def live() -> None:
        keys = CredentialStore()
        keys.set_for_session(ACCOUNT, KEY)
        session = ImportService(journal, keys, timeouts=QUICK)
        held: list[Delivery] = []

        def on_turn() -> None:
            told.append(held[0].progress())
            if is_enough(told[-1]):
                held[0].cancel()

        end = await session.deliver(run, begun=held.append, on_turn=on_turn)
        assert end.state is State.CANCELLED
        await session.close()

    asyncio.run(live())
    return told
