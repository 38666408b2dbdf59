"""The rows of a run that delivery has in hand: those that can leave, those that must wait, and for whom."""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery.recipient_locks import Recipient, RecipientLocks
from trackly_desktop.journal.models import DueRow


@dataclass(slots=True, eq=False)
class QueuedRow:
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
    def recipient(self) -> Recipient:
        """Whom the row is about."""
        return self.row.phone, self.row.list_number

    @property
    def is_retry(self) -> bool:
        """Whether sending it would be a repeat that counts against the retry budget."""
        return self.tries > 0


class SendQueue:
    """The rows in hand, in the order in which they may leave. Each that is handed out has taken its person in `order`."""

    def __init__(self, order: RecipientLocks, clock: Callable[[], float]) -> None:
        self._locks = order
        self._clock = clock
        self._fresh: deque[QueuedRow] = deque()
        self._returned: deque[QueuedRow] = deque()
        self._blocked: dict[Recipient, deque[QueuedRow]] = {}
        self._later: list[tuple[float, int, QueuedRow]] = []
        self._count = itertools.count()

    def __len__(self) -> int:
        behind = sum(len(queue) for queue in self._blocked.values())
        return len(self._fresh) + len(self._returned) + len(self._later) + behind

    @property
    def new_count(self) -> int:
        """How many have never been sent and are not waiting for anything else."""
        return len(self._fresh)

    def add(self, queued_rows: Iterable[QueuedRow]) -> None:
        """New rows, in the file's order."""
        self._fresh.extend(queued_rows)

    def requeue(self, queued: QueuedRow) -> None:
        """A row that was handed out and goes on at once."""
        self._returned.append(queued)

    def requeue_after(self, queued: QueuedRow, delay: float) -> None:
        """A row that was handed out and goes on in `delay` seconds."""
        heapq.heappush(self._later, (self._clock() + delay, next(self._count), queued))

    def restore(self, queued: QueuedRow, delay: float) -> None:
        """A row that a killed program had sent: its person is taken before anything else is read."""
        if self._locks.try_acquire(queued.recipient):
            self.requeue_after(queued, delay)
        else:
            self._blocked.setdefault(queued.recipient, deque()).append(queued)

    def next(self) -> QueuedRow | None:
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
        waits += [seconds for recipient in self._blocked if (seconds := self._locks.wait(recipient)) < 1e9]
        # A person whom another run has taken is looked at again now and then.
        waits += [0.2] if self._blocked and not waits else []
        return max(0.0, min(waits)) if waits else None

    def drop(self, unwanted: Callable[[QueuedRow], bool]) -> None:
        """Forgets rows that the journal has settled; their persons are free."""
        for queued in [one for one in self._in_hand() if unwanted(one)]:
            self._locks.release(queued.recipient)
        self._fresh = deque(one for one in self._fresh if not unwanted(one))
        self._returned = deque(one for one in self._returned if not unwanted(one))
        self._later = [one for one in self._later if not unwanted(one[2])]
        heapq.heapify(self._later)
        kept = {
            recipient: deque(one for one in queue if not unwanted(one)) for recipient, queue in self._blocked.items()
        }
        self._blocked = {recipient: queue for recipient, queue in kept.items() if queue}

    def release_all(self) -> None:
        """Gives everybody free whom a row in hand has taken."""
        for queued in self._in_hand():
            self._locks.release(queued.recipient)

    def _in_hand(self) -> Iterator[QueuedRow]:
        yield from self._returned
        yield from (one[2] for one in self._later)

    def _freed(self) -> QueuedRow | None:
        for recipient, queue in self._blocked.items():
            if self._locks.try_acquire(recipient):
                queued = queue.popleft()
                if not queue:
                    del self._blocked[recipient]
                return queued
        return None

    def _next_fresh(self) -> QueuedRow | None:
        while self._fresh:
            queued = self._fresh.popleft()
            if queued.recipient not in self._blocked and self._locks.try_acquire(queued.recipient):
                return queued
            self._blocked.setdefault(queued.recipient, deque()).append(queued)
        return None
