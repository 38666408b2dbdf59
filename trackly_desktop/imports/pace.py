"""How fast: how many requests are in flight at once, and how many leave in a second."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import monotonic

START = 4
_SECOND = 1.0
_LESS = 0.95
_MUCH_LESS = 0.7
_GROWTH = 0.003
"""How much faster it is tried each second, once a server has said what is too fast."""
_LONGEST_QUIET = 30.0


class Pace:
    """In flight: starts at 4, grows by one for each window without trouble, halves on trouble. Seconds are monotonic.

    A server that refuses what is too fast (429) teaches how many a second it takes: a little less leaves from then on,
    evenly spaced, and a little more is tried second by second.
    """

    def __init__(self, ceiling: int, per_second: float = 0.0, clock: Callable[[], float] = monotonic) -> None:
        """`per_second` 0 is no cap."""
        self._ceiling = max(1, ceiling)
        self._allowed = min(START, self._ceiling)
        self._clean = 0
        self._clock = clock
        self._cap = per_second
        self._learned = 0.0
        self._grown_at = self._slowed_at = 0.0
        self._refusals = 0
        self._good: deque[float] = deque()
        self._next = 0.0
        self._quiet_until = 0.0
        self._halved_at = -1.0
        self.probing = False
        """One request at a time, until something answers."""

    @property
    def allowed(self) -> int:
        """How many may be in flight now."""
        return 1 if self.probing else self._allowed

    @property
    def wait(self) -> float:
        """Seconds until the next request may leave."""
        return max(0.0, max(self._next, self._quiet_until) - self._clock())

    def free(self, in_flight: int) -> int:
        """How many requests may leave now."""
        if self.wait > 0:
            return 0
        room = max(0, self.allowed - in_flight)
        # Evenly spaced, one at a time: no second of any five has more than its share.
        return min(room, 1) if self._gap else room

    def left(self) -> None:
        """A request has left."""
        if self._gap:
            self._next = max(self._clock(), self._next) + self._gap

    def went_well(self) -> None:
        """An answer without trouble."""
        self.probing = False
        self._clean += 1
        now = self._clock()
        self._good.append(now)
        self._forget(now)
        if self._learned:
            self._learned *= 1 + _GROWTH * max(0.0, now - self._grown_at)
            self._grown_at = now
        if now - self._slowed_at > _SECOND:
            self._refusals = 0
        if self._clean >= self._allowed:
            self._clean = 0
            self._allowed = min(self._ceiling, self._allowed + 1)

    def hush(self, seconds: float) -> None:
        """Nothing is to leave for so long."""
        self._quiet_until = max(self._quiet_until, self._clock() + seconds)

    def had_trouble(self, sent_at: float, quiet: float | None = None) -> None:
        """A 429, a server's fault or a time-out of a request sent at `sent_at`. `quiet` seconds nothing is to leave."""
        self._clean = 0
        if quiet:
            self.hush(quiet)
        if sent_at >= self._halved_at:  # one jam is told by every request that was in it: it counts once
            self._allowed = max(1, self._allowed // 2)
            self._halved_at = self._clock()

    def was_too_fast(self, sent_at: float, retry_after: float | None) -> None:
        """A 429 for a request sent at `sent_at`: as trouble, and the rate is what the server took in the last second."""
        if sent_at >= self._slowed_at:
            now = self._clock()
            self._forget(now)
            self._refusals += 1
            if not self._learned:
                self._learned = max(1.0, _LESS * len(self._good))
            else:
                self._learned = max(0.2, self._learned * (_LESS if self._refusals < 2 else _MUCH_LESS))
            self._slowed_at = self._grown_at = now
        quiet = retry_after if retry_after is not None else min(_LONGEST_QUIET, _SECOND * 2.0 ** (self._refusals - 1))
        self.had_trouble(sent_at, quiet)

    @property
    def _gap(self) -> float:
        """Seconds between two requests; 0 where nothing bounds them."""
        rates = [one for one in (self._cap, self._learned) if one]
        return 1.0 / min(rates) if rates else 0.0

    def _forget(self, now: float) -> None:
        while self._good and now - self._good[0] > _SECOND:
            self._good.popleft()
