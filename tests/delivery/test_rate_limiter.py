"""How fast a server is driven that refuses what is too fast, with a clock that stands still between two requests."""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass, field

import pytest

from tests.delivery.clock import Clock
from trackly_desktop.delivery.rate_limiter import RateLimiter


@dataclass
class Limited:
    """A server that takes `rate` in any second, and answers after `delay` seconds."""

    rate: float
    delay: float
    retry_after: float | None
    taken: deque[float] = field(default_factory=deque)

    def takes(self, now: float) -> bool:
        while self.taken and now - self.taken[0] >= 1.0:
            self.taken.popleft()
        if len(self.taken) >= self.rate:
            return False
        self.taken.append(now)
        return True


def driven(
    server: Limited, seconds: float, ceiling: int = 16, slower_at: float | None = None
) -> tuple[float, float, float]:
    """Contacts a second that were taken, then in its second half alone, and the share of that half's sends that were refused."""
    clock = Clock()
    pace = RateLimiter(ceiling, clock=clock)
    answers: list[tuple[float, int, float, bool]] = []
    sent = taken = late = late_sent = 0
    start = clock()
    while clock() - start < seconds:
        if slower_at is not None and clock() - start > slower_at:
            server.rate, slower_at = server.rate / 2, None
        while pace.available(len(answers)) > 0:
            pace.on_sent()
            sent += 1
            late_sent += clock() - start > seconds / 2
            heapq.heappush(answers, (clock() + server.delay, sent, clock(), server.takes(clock())))
        now = min([answers[0][0]] if answers else [], default=clock() + 0.01)
        clock.now = max(clock() + 1e-4, min(now, clock() + pace.wait if 0 < pace.wait < 1 else now))
        while answers and answers[0][0] <= clock():
            _at, _number, left_at, good = heapq.heappop(answers)
            if good:
                pace.on_success()
                taken += 1
                late += clock() - start > seconds / 2
            else:
                pace.on_rate_limited(left_at, server.retry_after)
    return taken / seconds, late / (seconds / 2), max(0, late_sent - late) / late_sent


@pytest.mark.parametrize("rate", [5, 20, 100, 400])
@pytest.mark.parametrize("delay", [0.001, 0.03])
@pytest.mark.parametrize("retry_after", [None, 1.0])
def test_a_server_that_takes_so_many_a_second_is_driven_near_that_and_seldom_refuses(
    rate: float, delay: float, retry_after: float | None
) -> None:
    _all, late, refused = driven(Limited(rate, delay, retry_after), 120.0)
    reachable = min(rate, 16 / delay)
    assert late >= 0.85 * reachable
    assert refused < 0.02


def test_a_server_that_takes_half_as_many_from_now_on_is_followed() -> None:
    _all, late, refused = driven(Limited(100, 0.03, None), 240.0, slower_at=60.0)
    assert late >= 0.85 * 50
    assert refused < 0.02


def test_a_server_that_never_refuses_is_bounded_by_nothing() -> None:
    everything, _late, refused = driven(Limited(1e9, 0.01, None), 5.0)
    assert refused == 0
    assert everything > 1_000


def test_one_refusal_at_the_very_start_does_not_slow_a_run_for_long() -> None:
    clock = Clock()
    pace = RateLimiter(16, clock=clock)
    pace.on_rate_limited(clock(), None)
    clock.now += 1.01
    assert pace.wait == 0
    assert pace.available(0) >= 2
    for _ in range(300):
        pace.on_sent()
        pace.on_success()
    assert pace.wait == 0
    assert pace.allowed == 16
