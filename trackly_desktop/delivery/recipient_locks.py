"""Recipient locks: rows of one phone and list are sent one at a time, in order."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

Recipient = tuple[str, str]
"""A phone number and a list."""


class RecipientLocks:
    """Per-recipient locks shared by every run in this process."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._held: dict[Recipient, float] = {}

    def try_acquire(self, recipient: Recipient) -> bool:
        """Lock a recipient. Return False where another row holds the lock."""
        until = self._held.get(recipient)
        if until is not None and until > self._clock():
            return False
        self._held[recipient] = float("inf")
        return True

    def release(self, recipient: Recipient, after: float = 0.0) -> None:
        """Unlock a recipient, `after` seconds from now."""
        if after <= 0:
            self._held.pop(recipient, None)
            return
        self._remove_expired()
        self._held[recipient] = self._clock() + after

    def wait(self, recipient: Recipient) -> float:
        """Return the seconds until a recipient is unlocked; infinite while in flight."""
        return max(0.0, self._held.get(recipient, 0.0) - self._clock())

    def _remove_expired(self) -> None:
        now = self._clock()
        for recipient in [recipient for recipient, until in self._held.items() if until <= now]:
            del self._held[recipient]
