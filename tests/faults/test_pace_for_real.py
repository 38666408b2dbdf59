"""The rate limiter over a real socket: requests a second, and requests in flight."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.server import ACCEPTED, OddServer, answer
from tests.journeys.jobs import QUICK, check, deliver, outcomes, progress_of, run_of
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.delivery.progress import RunProgress
from trackly_desktop.journal.models import State

Write = Callable[..., Path]


def people(count: int) -> list[str]:
    return [f"+1415{2_000_000 + number}" for number in range(count)]


def most_within(arrivals: list[float], seconds: float) -> int:
    """Return the most arrivals in any span of so many seconds."""
    return max(bisect_left(arrivals, arrival + seconds) - index for index, arrival in enumerate(arrivals))


def test_no_five_seconds_have_more_than_the_cap_allows(journal_path: Path, write: Write) -> None:
    cap, arrivals = 25.0, list[float]()

    def arrive(_request: bytes) -> bytes:
        arrivals.append(time.monotonic())
        return ACCEPTED

    with OddServer(answer(404), arrive) as server:
        run_id = check(journal_path, write("Phone", *people(140)), server.address, per_second=cap).run_id
        deliver(journal_path, run_id)
    arrivals.sort()
    assert len(arrivals) == 140
    # Requests that left in time may arrive bunched on a busy machine: one more at the edge of a span.
    assert most_within(arrivals, 5.0) <= 5 * cap + 1
    assert arrivals[-1] - arrivals[0] >= 139 / cap - 0.1


class CountingServer(OddServer):
    """A server that answers late, and counts the requests that it has at once."""

    def __init__(self, seconds: float) -> None:
        super().__init__(answer(404), self._count)
        self._seconds = seconds
        self._lock = threading.Lock()
        self._present = 0
        self.counts: list[int] = []

    def _count(self, _request: bytes) -> bytes:
        with self._lock:
            self._present += 1
            self.counts.append(self._present)
        self.wait(self._seconds)
        with self._lock:
            self._present -= 1
        return ACCEPTED


@pytest.mark.parametrize("ceiling", [2, 12])
def test_a_slow_server_never_has_more_than_the_ceiling_at_once(journal_path: Path, write: Write, ceiling: int) -> None:
    with CountingServer(0.1) as server:
        run_id = check(journal_path, write("Phone", *people(15 * ceiling)), server.address, in_flight=ceiling).run_id
        deliver(journal_path, run_id)
    assert max(server.counts) == ceiling
    assert server.counts[0] <= 4


def test_a_server_too_slow_to_answer_is_asked_ever_less_at_once(journal_path: Path, write: Write) -> None:
    """Each answer comes after its time-out: requests must not pile up."""
    with CountingServer(QUICK.read * 1.6) as server:
        run_id = check(journal_path, write("Phone", *people(10)), server.address, in_flight=16).run_id
        history = deliver_until(journal_path, run_id, lambda progress: progress.requests >= 10)
    assert history[-1].in_flight <= 2
    assert max(server.counts) <= 8


def test_an_ailing_server_is_not_hammered(journal_path: Path, write: Write) -> None:
    began = time.monotonic()
    with OddServer(answer(404), answer(500, b"")) as server:
        run_id = check(journal_path, write("Phone", *people(400)), server.address).run_id
        history = deliver_until(journal_path, run_id, lambda progress: progress.requests >= 485)
    assert outcomes(journal_path, run_id).get("created") is None
    for progress in history:  # one a second beyond the budget, once every row was sent
        assert progress.retries <= max(50, 0.2 * progress.requests) + 1 + (time.monotonic() - began)
    assert history[-1].retries > 50


def deliver_until(journal: Path, run_id: int, is_enough: Callable[[RunProgress], bool]) -> list[RunProgress]:
    """Deliver until the progress is enough, and cancel. Return each progress."""

    def cancel(delivery: Delivery) -> None:
        if is_enough(delivery.progress()):
            delivery.control.cancel()

    history = progress_of(journal, run_id, cancel)
    assert run_of(journal, run_id).state is State.CANCELLED
    return history
