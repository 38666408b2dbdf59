"""The rows of a run that delivery has in hand: those that can leave, those that must wait, and for whom."""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery.recipient_locks import Order, Person
from trackly_desktop.journal.models import DueRow


@dataclass(slots=True, eq=False)
class Trip:
    """A row in hand. `sent_at` is monotonic."""

    row: DueRow
    outcome: Outcome
    tries: int
    seen_absent: bool
    repeated: bool = False
    """A request before the next one may have been applied."""
    looked: bool = False
    """Asked, before the first request, whether the person is on the list."""
    to_look_up: bool = False
    """The next step is to ask the account, not to send."""
    request: int | None = None
    sent_at: float = 0.0

    @property
    def person(self) -> Person:
        """Whom the row is about."""
        return self.row.phone, self.row.list_number

    @property
    def is_retry(self) -> bool:
        """Whether sending it would be a repeat that counts against the retry budget."""
        return self.tries > 0


class Trips:
    """The rows in hand, in the order in which they may leave. Each that is handed out has taken its person in `order`."""

    def __init__(self, order: Order, clock: Callable[[], float]) -> None:
        self._order = order
        self._clock = clock
        self._fresh: deque[Trip] = deque()
        self._returned: deque[Trip] = deque()
        self._behind: dict[Person, deque[Trip]] = {}
        self._later: list[tuple[float, int, Trip]] = []
        self._count = itertools.count()

    def __len__(self) -> int:
        behind = sum(len(queue) for queue in self._behind.values())
        return len(self._fresh) + len(self._returned) + len(self._later) + behind

    @property
    def fresh(self) -> int:
        """How many have never been sent and are not waiting for anything else."""
        return len(self._fresh)

    def add(self, trips: Iterable[Trip]) -> None:
        """New rows, in the file's order."""
        self._fresh.extend(trips)

    def return_at_once(self, trip: Trip) -> None:
        """A row that was handed out and goes on at once."""
        self._returned.append(trip)

    def return_later(self, trip: Trip, delay: float) -> None:
        """A row that was handed out and goes on in `delay` seconds."""
        heapq.heappush(self._later, (self._clock() + delay, next(self._count), trip))

    def hold_from_start(self, trip: Trip, delay: float) -> None:
        """A row that a killed program had sent: its person is taken before anything else is read."""
        if self._order.take(trip.person):
            self.return_later(trip, delay)
        else:
            self._behind.setdefault(trip.person, deque()).append(trip)

    def next(self) -> Trip | None:
        """A row that may leave now."""
        if self._later and self._later[0][0] <= self._clock():
            return heapq.heappop(self._later)[2]
        if self._returned:
            return self._returned.popleft()
        return self._freed() or self._next_fresh()

    def wait(self) -> float | None:
        """Seconds until a row may leave; None when only answers can change that."""
        if self._returned or self._fresh:
            return 0.0
        waits = [self._later[0][0] - self._clock()] if self._later else []
        waits += [seconds for person in self._behind if (seconds := self._order.wait(person)) < 1e9]
        # A person whom another run has taken is looked at again now and then.
        waits += [0.2] if self._behind and not waits else []
        return max(0.0, min(waits)) if waits else None

    def drop(self, unwanted: Callable[[Trip], bool]) -> None:
        """Forgets rows that the journal has settled; their persons are free."""
        for trip in [one for one in self._in_hand() if unwanted(one)]:
            self._order.release(trip.person)
        self._fresh = deque(one for one in self._fresh if not unwanted(one))
        self._returned = deque(one for one in self._returned if not unwanted(one))
        self._later = [one for one in self._later if not unwanted(one[2])]
        heapq.heapify(self._later)
        kept = {person: deque(one for one in queue if not unwanted(one)) for person, queue in self._behind.items()}
        self._behind = {person: queue for person, queue in kept.items() if queue}

    def release_all(self) -> None:
        """Gives everybody free whom a row in hand has taken."""
        for trip in self._in_hand():
            self._order.release(trip.person)

    def _in_hand(self) -> Iterator[Trip]:
        yield from self._returned
        yield from (one[2] for one in self._later)

    def _freed(self) -> Trip | None:
        for person, queue in self._behind.items():
            if self._order.take(person):
                trip = queue.popleft()
                if not queue:
                    del self._behind[person]
                return trip
        return None

    def _next_fresh(self) -> Trip | None:
        while self._fresh:
            trip = self._fresh.popleft()
            if trip.person not in self._behind and self._order.take(trip.person):
                return trip
            self._behind.setdefault(trip.person, deque()).append(trip)
        return None
