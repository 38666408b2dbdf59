"""Send queue: rows that may leave, and how long the others wait."""

from __future__ import annotations

from tests.delivery.clock import Clock
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery.recipient_locks import RecipientLocks
from trackly_desktop.delivery.send_queue import QueuedRow, SendQueue
from trackly_desktop.journal.models import DueRow


def queued(key: int, phone: str) -> QueuedRow:
    row = DueRow(key, phone, "+18005551234", "{}", True, Outcome.PENDING, 0, False, None)
    return QueuedRow(row, Outcome.PENDING, 0, False)


def new_queue() -> tuple[SendQueue, RecipientLocks, Clock]:
    clock = Clock()
    locks = RecipientLocks(clock)
    return SendQueue(locks, clock), locks, clock


def test_new_rows_may_leave_at_once() -> None:
    queue, _locks, _clock = new_queue()
    queue.add([queued(1, "+14155550120")])
    assert queue.wait() == 0.0


def test_an_empty_queue_waits_for_nothing() -> None:
    queue, _locks, _clock = new_queue()
    assert queue.wait() is None


def test_a_delayed_row_leaves_after_its_delay() -> None:
    queue, _locks, clock = new_queue()
    row = queued(1, "+14155550120")
    queue.add([row])
    assert queue.next() is row
    queue.requeue_after(row, 3.0)
    assert (queue.next(), queue.wait()) == (None, 3.0)
    clock.now += 3.0
    assert queue.next() is row


def test_a_second_row_of_a_recipient_waits_for_the_first_and_others_pass() -> None:
    queue, locks, _clock = new_queue()
    first, second, other = queued(1, "+14155550120"), queued(2, "+14155550120"), queued(3, "+14155550121")
    queue.add([first, second, other])
    assert [queue.next(), queue.next(), queue.next()] == [first, other, None]
    locks.release(first.recipient)
    assert queue.next() is second
