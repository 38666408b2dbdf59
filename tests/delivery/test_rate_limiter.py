"""Rate limiter: requests in flight, and requests a second, by a clock set by hand."""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass, field

import pytest

from tests.delivery.clock import Clock
from trackly_desktop.delivery.rate_limiter import RateLimiter


@dataclass
class LimitedServer:
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


@dataclass(frozen=True)
class Driven:
    """Contacts taken a second, and the share refused; `late` is the second half."""

    rate: float
    late_rate: float
    late_refused: float


def drive(server: LimitedServer, seconds: float, ceiling: int = 16, slower_at: float | None = None) -> Driven:
    """Send as fast as a limiter allows; the server halves its rate at `slower_at`."""
    clock = Clock()
    limiter = RateLimiter(ceiling, clock=clock)
    replies: list[tuple[float, int, float, bool]] = []
    sent = taken = late_taken = late_sent = 0
    start, half = clock(), clock() + seconds / 2
    while clock() - start < seconds:
        if slower_at is not None and clock() - start > slower_at:
            server.rate, slower_at = server.rate / 2, None
        while limiter.available(len(replies)) > 0:
            limiter.on_sent()
            sent += 1
            late_sent += clock() > half
            heapq.heappush(replies, (clock() + server.delay, sent, clock(), server.takes(clock())))
        next_reply = replies[0][0] if replies else clock() + 0.01
        next_send = clock() + limiter.wait if 0 < limiter.wait < 1 else next_reply
        clock.now = max(clock() + 1e-4, min(next_reply, next_send))
        while replies and replies[0][0] <= clock():
            _replied_at, _number, sent_at, is_taken = heapq.heappop(replies)
            if is_taken:
                limiter.on_success()
                taken += 1
                late_taken += clock() > half
            else:
                limiter.on_rate_limited(sent_at, server.retry_after)
    return Driven(taken / seconds, late_taken / (seconds / 2), max(0, late_sent - late_taken) / late_sent)


@pytest.mark.parametrize("rate", [5, 20, 100, 400])
@pytest.mark.parametrize("delay", [0.001, 0.03])
@pytest.mark.parametrize("retry_after", [None, 1.0])
def test_a_server_with_a_limit_is_driven_near_it_and_seldom_refuses(
    rate: float, delay: float, retry_after: float | None
) -> None:
    driven = drive(LimitedServer(rate, delay, retry_after), 120.0)
    reachable = min(rate, 16 / delay)
    assert driven.late_rate >= 0.85 * reachable
    assert driven.late_refused < 0.02


def test_a_limit_that_halves_is_followed() -> None:
    driven = drive(LimitedServer(100, 0.03, None), 240.0, slower_at=60.0)
    assert driven.late_rate >= 0.85 * 50
    assert driven.late_refused < 0.02


def test_a_server_that_never_refuses_is_not_limited() -> None:
    driven = drive(LimitedServer(1e9, 0.01, None), 5.0)
    assert driven.late_refused == 0
    assert driven.rate > 1_000


def test_one_refusal_at_the_very_start_does_not_slow_a_run_for_long() -> None:
    clock = Clock()
    limiter = RateLimiter(16, clock=clock)
    limiter.on_rate_limited(clock(), None)
    clock.now += 1.01
    assert limiter.wait == 0
    assert limiter.available(0) >= 2
    for _ in range(300):
        limiter.on_sent()
        limiter.on_success()
    assert limiter.wait == 0
    assert limiter.allowed == 16


def test_requests_in_flight_start_at_four_and_grow_by_one_a_window_to_the_ceiling() -> None:
    limiter = RateLimiter(6, clock=Clock())
    assert limiter.available(0) == 4
    for _ in range(4):
        limiter.on_success()
    assert limiter.allowed == 5
    for _ in range(100):
        limiter.on_success()
    assert limiter.allowed == 6


def test_one_congestion_halves_the_requests_in_flight_once() -> None:
    clock = Clock()
    limiter = RateLimiter(16, clock=clock)
    for _ in range(200):
        limiter.on_success()
    for _ in range(5):
        limiter.on_congestion(sent_at=clock.now - 1)
    assert limiter.allowed == 8
    clock.now += 10
    limiter.on_congestion(sent_at=clock.now)
    assert limiter.allowed == 4


def test_nothing_leaves_before_retry_after() -> None:
    clock = Clock()
    limiter = RateLimiter(16, clock=clock)
    limiter.on_congestion(sent_at=clock.now, quiet=3.0)
    assert (limiter.available(0), limiter.wait) == (0, 3.0)
    clock.now += 3.0
    assert limiter.available(0) > 0


def test_a_cap_spaces_requests_evenly() -> None:
    clock = Clock()
    limiter = RateLimiter(16, per_second=10, clock=clock)
    sent = 0
    for _ in range(1000):
        if limiter.available(0):
            limiter.on_sent()
            sent += 1
        clock.now += 0.005
    assert 45 <= sent <= 51


def test_probing_allows_one_request_at_a_time() -> None:
    limiter = RateLimiter(16, clock=Clock())
    limiter.probing = True
    assert limiter.available(0) == 1
    assert limiter.available(1) == 0
    limiter.on_success()
    assert limiter.available(0) >= 4
