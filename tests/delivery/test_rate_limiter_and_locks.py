"""How fast, and for whom one after the other."""

from __future__ import annotations

from tests.delivery.clock import Clock
from trackly_desktop.delivery.rate_limiter import RateLimiter
from trackly_desktop.delivery.recipient_locks import RecipientLocks


def test_it_starts_at_four_and_grows_by_one_a_window_to_the_ceiling() -> None:
    pace = RateLimiter(6, clock=Clock())
    assert pace.available(0) == 4
    for _ in range(4):
        pace.on_success()
    assert pace.allowed == 5
    for _ in range(100):
        pace.on_success()
    assert pace.allowed == 6


def test_one_jam_halves_it_once() -> None:
    clock = Clock()
    pace = RateLimiter(16, clock=clock)
    for _ in range(200):
        pace.on_success()
    for _ in range(5):
        pace.on_congestion(sent_at=clock.now - 1)
    assert pace.allowed == 8
    clock.now += 10
    pace.on_congestion(sent_at=clock.now)
    assert pace.allowed == 4


def test_retry_after_is_kept_by_everybody() -> None:
    clock = Clock()
    pace = RateLimiter(16, clock=clock)
    pace.on_congestion(sent_at=clock.now, quiet=3.0)
    assert (pace.available(0), pace.wait) == (0, 3.0)
    clock.now += 3.0
    assert pace.available(0) > 0


def test_a_cap_a_second_spaces_them_evenly() -> None:
    clock = Clock()
    pace = RateLimiter(16, per_second=10, clock=clock)
    left = 0
    for _ in range(1000):
        if pace.available(0):
            pace.on_sent()
            left += 1
        clock.now += 0.005
    assert 45 <= left <= 51


def test_without_a_network_one_at_a_time_is_tried() -> None:
    pace = RateLimiter(16, clock=Clock())
    pace.probing = True
    assert pace.available(0) == 1
    assert pace.available(1) == 0
    pace.on_success()
    assert pace.available(0) >= 4


def test_a_person_is_never_on_the_way_twice() -> None:
    clock = Clock()
    order = RecipientLocks(clock)
    recipient = ("+14155550101", "+18005551234")
    assert order.try_acquire(recipient)
    assert not order.try_acquire(recipient)
    assert order.try_acquire((recipient[0], "+18005551235"))
    order.release(recipient)
    assert order.try_acquire(recipient)


def test_after_an_unknown_end_nobody_is_sent_for_that_person_for_a_while() -> None:
    clock = Clock()
    order = RecipientLocks(clock)
    recipient = ("+14155550101", "+18005551234")
    order.try_acquire(recipient)
    order.release(recipient, after=10.0)
    assert not order.try_acquire(recipient)
    assert order.wait(recipient) == 10.0
    clock.now += 10.0
    assert order.try_acquire(recipient)
