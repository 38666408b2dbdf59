"""Which rows may leave, and how long those that may not have to wait."""

from __future__ import annotations

from tests.delivery.clock import Clock
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery.recipient_locks import Order
from trackly_desktop.delivery.send_queue import Trip, Trips
from trackly_desktop.journal.models import DueRow


def trip(key: int, phone: str) -> Trip:
    row = DueRow(key, phone, "+18005551234", "{}", True, Outcome.PENDING, 0, False, None)
    return Trip(row, Outcome.PENDING, 0, False)


def made() -> tuple[Trips, Order, Clock]:
    clock = Clock()
    order = Order(clock)
    return Trips(order, clock), order, clock


def test_rows_that_were_never_sent_wait_for_nothing() -> None:
    trips, _order, _clock = made()
    trips.add([trip(1, "+14155550120")])
    assert trips.wait() == 0.0


def test_with_nothing_in_hand_there_is_nothing_to_wait_for() -> None:
    trips, _order, _clock = made()
    assert trips.wait() is None


def test_a_row_that_returns_later_leaves_when_its_time_has_come() -> None:
    trips, _order, clock = made()
    trips.add([one := trip(1, "+14155550120")])
    assert trips.next() is one
    trips.return_later(one, 3.0)
    assert (trips.next(), trips.wait()) == (None, 3.0)
    clock.now += 3.0
    assert trips.next() is one


def test_a_second_row_of_a_person_waits_behind_the_first_and_others_pass() -> None:
    trips, order, _clock = made()
    first, second, other = trip(1, "+14155550120"), trip(2, "+14155550120"), trip(3, "+14155550121")
    trips.add([first, second, other])
    assert [trips.next(), trips.next(), trips.next()] == [first, other, None]
    order.release(first.person)
    assert trips.next() is second
