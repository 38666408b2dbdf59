"""Order: two rows for the same phone and list are never on their way together, and go in the order in which they came."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

Recipient = tuple[str, str]
"""A phone number and a list."""


class RecipientLocks:
    """Who is being sent now, over all runs of a program."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._held: dict[Recipient, float] = {}

    def try_acquire(self, recipient: Recipient) -> bool:
        """Whether the person was free; they are taken now."""
        until = self._held.get(recipient)
        if until is not None and until > self._clock():
            return False
        self._held[recipient] = float("inf")
        return True

    def release(self, recipient: Recipient, after: float = 0.0) -> None:
        """The person is free again, `after` seconds from now."""
        if after <= 0:
            self._held.pop(recipient, None)
            return
        self._forget_old()
        self._held[recipient] = self._clock() + after

    def wait(self, recipient: Recipient) -> float:
        """Seconds until the person is free; infinite while a request of theirs is on its way."""
        return max(0.0, self._held.get(recipient, 0.0) - self._clock())

    def _forget_old(self) -> None:
        now = self._clock()
        for recipient in [recipient for recipient, until in self._held.items() if until <= now]:
            del self._held[recipient]
