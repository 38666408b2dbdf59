"""Which rows may leave, and how long those that may not have to wait."""

from __future__ import annotations

from tests.delivery.clock import Clock
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery.recipient_locks import RecipientLocks
from trackly_desktop.delivery.send_queue import QueuedRow, SendQueue
from trackly_desktop.journal.models import DueRow


def queued(key: int, phone: str) -> QueuedRow:
    row = DueRow(key, phone, "+18005551234", "{}", True, Outcome.PENDING, 0, False, None)
    return QueuedRow(row, Outcome.PENDING, 0, False)


def made() -> tuple[SendQueue, RecipientLocks, Clock]:
    clock = Clock()
    order = RecipientLocks(clock)
    return SendQueue(order, clock), order, clock


def test_rows_that_were_never_sent_wait_for_nothing() -> None:
    queued_rows, _locks, _clock = made()
    queued_rows.add([queued(1, "+14155550120")])
    assert queued_rows.wait() == 0.0


def test_with_nothing_in_hand_there_is_nothing_to_wait_for() -> None:
    queued_rows, _locks, _clock = made()
    assert queued_rows.wait() is None


def test_a_row_that_returns_later_leaves_when_its_time_has_come() -> None:
    queued_rows, _locks, clock = made()
    queued_rows.add([one := queued(1, "+14155550120")])
    assert queued_rows.next() is one
    queued_rows.requeue_after(one, 3.0)
    assert (queued_rows.next(), queued_rows.wait()) == (None, 3.0)
    clock.now += 3.0
    assert queued_rows.next() is one


def test_a_second_row_of_a_person_waits_behind_the_first_and_others_pass() -> None:
    queued_rows, order, _clock = made()
    first, second, other = queued(1, "+14155550120"), queued(2, "+14155550120"), queued(3, "+14155550121")
    queued_rows.add([first, second, other])
    assert [queued_rows.next(), queued_rows.next(), queued_rows.next()] == [first, other, None]
    order.release(first.recipient)
    assert queued_rows.next() is second
