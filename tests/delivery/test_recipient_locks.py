"""Recipient locks: one request at a time for a phone and list."""

from __future__ import annotations

from tests.delivery.clock import Clock
from trackly_desktop.delivery.recipient_locks import RecipientLocks


def test_a_recipient_is_locked_once() -> None:
    locks = RecipientLocks(Clock())
    recipient = ("+14155550101", "+18005551234")
    assert locks.try_acquire(recipient)
    assert not locks.try_acquire(recipient)
    assert locks.try_acquire((recipient[0], "+18005551235"))
    locks.release(recipient)
    assert locks.try_acquire(recipient)


def test_after_a_request_of_unknown_end_the_recipient_stays_locked_for_a_while() -> None:
    clock = Clock()
    locks = RecipientLocks(clock)
    recipient = ("+14155550101", "+18005551234")
    locks.try_acquire(recipient)
    locks.release(recipient, after=10.0)
    assert not locks.try_acquire(recipient)
    assert locks.wait(recipient) == 10.0
    clock.now += 10.0
    assert locks.try_acquire(recipient)
