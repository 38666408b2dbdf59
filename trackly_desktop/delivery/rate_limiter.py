"""How fast: how many requests are in flight at once, and how many leave in a second."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import monotonic

START = 4
_REMEMBERED = 10
"""Seconds for which it is remembered how many contacts the server took in each."""
_LESS = 0.98
_PLATEAU, _PLATEAU_SENDS = 10.0, 100
"""Seconds after a refusal, and sends, until the rate is back at what was taken before; from then on more is tried."""
_QUIET_FIRST, _QUIET_LATER, _QUIET_LONGEST = 1.0, 0.3, 30.0


class RateLimiter:
    """In flight: starts at 4, grows by one for each window without trouble, halves on trouble. Seconds are monotonic.

    A server that refuses what is too fast (429) teaches how many a second it takes: the most that it took in one of the
    last seconds. A little less leaves from then on, evenly spaced; later more is tried, as TCP does it (RFC 9438, CUBIC).
    """

    def __init__(self, ceiling: int, per_second: float = 0.0, clock: Callable[[], float] = monotonic) -> None:
        """`per_second` 0 is no cap."""
        self._ceiling = max(1, ceiling)
        self._allowed = min(START, self._ceiling)
        self._clean = 0
        self._clock = clock
        self._cap = per_second
        self._began = clock()
        self._learned = 0.0
        self._slowed_at = 0.0
        self._refusals = 0
        self._taken: deque[list[int]] = deque(maxlen=_REMEMBERED)
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

    def available(self, in_flight: int) -> int:
        """How many requests may leave now."""
        if self.wait > 0:
            return 0
        room = max(0, self.allowed - in_flight)
        # Evenly spaced, one at a time: no second of any five has more than its share.
        return min(room, 1) if self._gap else room

    def on_sent(self) -> None:
        """A request has left."""
        now = self._clock()
        if not self._taken or self._taken[-1][0] != int(now):
            self._taken.append([int(now), 0])
        self._taken[-1][1] += 1
        if self._gap:
            self._next = max(now, self._next) + self._gap

    def on_success(self) -> None:
        """An answer without trouble."""
        self.probing = False
        self._clean += 1
        if self._clock() - self._slowed_at > _QUIET_FIRST:
            self._refusals = 0
        if self._clean >= self._allowed:
            self._clean = 0
            self._allowed = min(self._ceiling, self._allowed + 1)

    def pause_for(self, seconds: float) -> None:
        """Nothing is to leave for so long."""
        self._quiet_until = max(self._quiet_until, self._clock() + seconds)

    def on_congestion(self, sent_at: float, quiet: float | None = None) -> None:
        """A 429, a server's fault or a time-out of a request sent at `sent_at`. `quiet` seconds nothing is to leave."""
        self._clean = 0
        if quiet:
            self.pause_for(quiet)
        if sent_at >= self._halved_at:  # one jam is told by every request that was in it: it counts once
            self._allowed = max(1, self._allowed // 2)
            self._halved_at = self._clock()

    def on_rate_limited(self, sent_at: float, retry_after: float | None) -> None:
        """A 429 for a request sent at `sent_at`: trouble, and a lesson in how much the server takes."""
        for second in self._taken:
            second[1] -= second[0] == int(sent_at)
        if sent_at >= self._slowed_at:
            now = self._clock()
            self._refusals += 1
            # A second that has only begun says nothing of how many there is room for in a whole one.
            if now - self._began > _QUIET_FIRST:
                most = max((count for second, count in self._taken if now - second <= _REMEMBERED), default=0)
                self._learned = max(1.0, _LESS * most)
            self._slowed_at = now
        quiet = (_QUIET_LATER if self._learned else _QUIET_FIRST) * 2.0 ** min(self._refusals - 1, 10)
        self.on_congestion(sent_at, retry_after if retry_after is not None else min(_QUIET_LONGEST, quiet))

    @property
    def _gap(self) -> float:
        """Seconds between two requests; 0 where nothing bounds them."""
        rates = [one for one in (self._cap, self._tried) if one]
        return 1.0 / min(rates) if rates else 0.0

    @property
    def _tried(self) -> float:
        """How many a second are tried now; 0 where nothing was learned."""
        if not self._learned:
            return 0.0
        plateau = max(_PLATEAU, _PLATEAU_SENDS / self._learned)
        since = (self._clock() - self._slowed_at) / plateau - 1.0
        return self._learned / _LESS * (1.0 + (1.0 - _LESS) * since**3)
