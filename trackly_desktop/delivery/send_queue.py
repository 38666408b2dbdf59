"""Send queue of one run: ready rows, delayed retries, rows blocked by another."""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery.recipient_locks import Recipient, RecipientLocks
from trackly_desktop.journal.models import DueRow

_LOCK_POLL = 0.2
"""Seconds between two looks at a recipient that another run has locked."""


@dataclass(slots=True, eq=False)
class QueuedRow:
    """A row in memory, from reading it to its outcome. `sent_at` is monotonic."""

    row: DueRow
    outcome: Outcome
    tries: int
    confirmed_absent: bool
    maybe_applied: bool = False
    """A request before the next one may have been applied."""
    looked_up: bool = False
    """The account was asked about the person before the first request."""
    needs_lookup: bool = False
    """The next step is a look-up, not a request."""
    request: int | None = None
    sent_at: float = 0.0

    @property
    def recipient(self) -> Recipient:
        """Phone number and list of the row."""
        return self.row.phone, self.row.list_number

    @property
    def may_be_applied(self) -> bool:
        """Whether any request for the row may have been applied.

        Also one of an earlier delivery.
        """
        return self.maybe_applied or self.row.may_be_applied

    @property
    def is_retry(self) -> bool:
        """Whether sending the row counts against the retry budget."""
        return self.tries > 0

    @property
    def was_sent(self) -> bool:
        """Whether a request for the row has left before, also in an earlier process."""
        return self.row.sent_at is not None or self.request is not None


class SendQueue:
    """Rows in memory, in the order in which they may be sent.

    A row that is handed out holds its recipient's lock; later rows of the same recipient are blocked by it.
    """

    def __init__(self, locks: RecipientLocks, clock: Callable[[], float]) -> None:
        self._locks = locks
        self._clock = clock
        self._new: deque[QueuedRow] = deque()
        self._returned: deque[QueuedRow] = deque()
        self._blocked: dict[Recipient, deque[QueuedRow]] = {}
        self._delayed: list[tuple[float, int, QueuedRow]] = []
        self._sequence = itertools.count()

    def __len__(self) -> int:
        blocked = sum(len(rows) for rows in self._blocked.values())
        return len(self._new) + len(self._returned) + len(self._delayed) + blocked

    @property
    def new_count(self) -> int:
        """Number of rows that were never handed out and are not blocked."""
        return len(self._new)

    def add(self, queued_rows: Iterable[QueuedRow]) -> None:
        """Add new rows, in the file's order."""
        self._new.extend(queued_rows)

    def requeue(self, queued: QueuedRow) -> None:
        """Return a row that was handed out; it may leave at once."""
        self._returned.append(queued)

    def requeue_after(self, queued: QueuedRow, delay: float) -> None:
        """Return a row that was handed out; it may leave in `delay` seconds."""
        heapq.heappush(self._delayed, (self._clock() + delay, next(self._sequence), queued))

    def restore(self, queued: QueuedRow, delay: float) -> None:
        """Add a row that an earlier process had sent, before new rows are read."""
        if self._locks.try_acquire(queued.recipient):
            self.requeue_after(queued, delay)
        else:
            self._block(queued)

    def next(self) -> QueuedRow | None:
        """Hand out a row that may leave now; None when there is none."""
        if self._delayed and self._delayed[0][0] <= self._clock():
            return heapq.heappop(self._delayed)[2]
        if self._returned:
            return self._returned.popleft()
        return self._next_unblocked() or self._next_new()

    def wait(self) -> float | None:
        """Return the seconds until a row may leave; None when that takes a reply."""
        if self._returned or self._new:
            return 0.0
        waits = [self._delayed[0][0] - self._clock()] if self._delayed else []
        waits += [seconds for recipient in self._blocked if (seconds := self._locks.wait(recipient)) < 1e9]
        waits += [_LOCK_POLL] if self._blocked and not waits else []
        return max(0.0, min(waits)) if waits else None

    def drop(self, is_unwanted: Callable[[QueuedRow], bool]) -> None:
        """Remove rows that the journal has settled, and unlock their recipients."""
        for queued in [queued for queued in self._lock_holders() if is_unwanted(queued)]:
            self._locks.release(queued.recipient)
        self._new = _without(self._new, is_unwanted)
        self._returned = _without(self._returned, is_unwanted)
        self._delayed = [entry for entry in self._delayed if not is_unwanted(entry[2])]
        heapq.heapify(self._delayed)
        remaining = {recipient: _without(rows, is_unwanted) for recipient, rows in self._blocked.items()}
        self._blocked = {recipient: rows for recipient, rows in remaining.items() if rows}

    def release_all(self) -> None:
        """Unlock every recipient that a row in this queue has locked."""
        for queued in self._lock_holders():
            self._locks.release(queued.recipient)

    def _lock_holders(self) -> Iterator[QueuedRow]:
        yield from self._returned
        yield from (entry[2] for entry in self._delayed)

    def _block(self, queued: QueuedRow) -> None:
        self._blocked.setdefault(queued.recipient, deque()).append(queued)

    def _next_unblocked(self) -> QueuedRow | None:
        for recipient, rows in self._blocked.items():
            if self._locks.try_acquire(recipient):
                queued = rows.popleft()
                if not rows:
                    del self._blocked[recipient]
                return queued
        return None

    def _next_new(self) -> QueuedRow | None:
        while self._new:
            queued = self._new.popleft()
            if queued.recipient not in self._blocked and self._locks.try_acquire(queued.recipient):
                return queued
            self._block(queued)
        return None


def _without(rows: deque[QueuedRow], is_unwanted: Callable[[QueuedRow], bool]) -> deque[QueuedRow]:
    return deque(queued for queued in rows if not is_unwanted(queued))
