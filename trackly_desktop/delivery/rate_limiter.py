"""Rate limiter: requests in flight at once, and requests a second.

Both follow AIMD (additive increase, multiplicative decrease). The API documents no limit, so that the rate is learned
from 429 alone: 0.95 of what the server took in its best recent second, then 0.3 % more of that each second. A server
that takes 5 to 400 a second is driven at 0.92 to 0.97 of that, with 1.1 % refused at most; the cubic growth of RFC 9438
reached 0.90 to 0.98.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import monotonic

INITIAL_IN_FLIGHT = 4
_REMEMBERED = 10
"""Seconds for which the number of accepted requests is remembered."""
_DECREASE = 0.95
_INCREASE = 0.003
"""Share of the learned rate by which the rate grows each second after a refusal."""
_FIRST_QUIET, _LATER_QUIET, _LONGEST_QUIET = 1.0, 0.3, 30.0
"""Seconds of silence after a 429 without Retry-After.

Before a rate is learned, after it is, and at most when refusals go on.
"""


class RateLimiter:
    """Limits of one run. Seconds are monotonic.

    In flight: starts at 4, grows by one for each window without congestion, halves on congestion.
    """

    def __init__(self, ceiling: int, per_second: float = 0.0, clock: Callable[[], float] = monotonic) -> None:
        """Create a limiter.

        Args:
            ceiling: Most requests in flight.
            per_second: Most requests a second; 0 is no cap.
            clock: Monotonic seconds.
        """
        self._ceiling = max(1, ceiling)
        self._allowed = min(INITIAL_IN_FLIGHT, self._ceiling)
        self._successes = 0
        self._clock = clock
        self._cap = per_second
        self._began = clock()
        self._learned_rate = 0.0
        self._refused_at = 0.0
        self._refusals = 0
        self._accepted: deque[list[int]] = deque(maxlen=_REMEMBERED)
        self._next_at = 0.0
        self._quiet_until = 0.0
        self._halved_at = -1.0
        self.probing = False
        """One request at a time, until the server answers."""

    @property
    def allowed(self) -> int:
        """Number of requests that may be in flight now."""
        return 1 if self.probing else self._allowed

    @property
    def wait(self) -> float:
        """Seconds until the next request may leave."""
        return max(0.0, max(self._next_at, self._quiet_until) - self._clock())

    def available(self, in_flight: int) -> int:
        """Return how many requests may leave now."""
        if self.wait > 0:
            return 0
        room = max(0, self.allowed - in_flight)
        # Evenly spaced, one at a time: no second of any five has more than its share.
        return min(room, 1) if self._gap else room

    def on_sent(self) -> None:
        """Record a request that has left."""
        now = self._clock()
        if not self._accepted or self._accepted[-1][0] != int(now):
            self._accepted.append([int(now), 0])
        self._accepted[-1][1] += 1
        if self._gap:
            self._next_at = max(now, self._next_at) + self._gap

    def on_success(self) -> None:
        """Record a reply without congestion."""
        self.probing = False
        self._successes += 1
        if self._clock() - self._refused_at > _FIRST_QUIET:
            self._refusals = 0
        if self._successes >= self._allowed:
            self._successes = 0
            self._allowed = min(self._ceiling, self._allowed + 1)

    def pause_for(self, seconds: float) -> None:
        """Let nothing leave for so many seconds."""
        self._quiet_until = max(self._quiet_until, self._clock() + seconds)

    def on_congestion(self, sent_at: float, quiet: float | None = None) -> None:
        """Record a 429, a server's fault or a time-out.

        Args:
            sent_at: When the request left.
            quiet: Seconds for which nothing may leave.
        """
        self._successes = 0
        if quiet:
            self.pause_for(quiet)
        if sent_at >= self._halved_at:  # every request of one congestion reports it: it counts once
            self._allowed = max(1, self._allowed // 2)
            self._halved_at = self._clock()

    def on_rate_limited(self, sent_at: float, retry_after: float | None) -> None:
        """Record a 429: congestion, and a measure of what the server takes in a second.

        Args:
            sent_at: When the request left.
            retry_after: Seconds that the server asked for; None where it did not.
        """
        for second in self._accepted:
            second[1] -= second[0] == int(sent_at)
        if sent_at >= self._refused_at:
            now = self._clock()
            self._refusals += 1
            # The first second is not a whole one yet: its count is below what the server takes.
            if now - self._began > _FIRST_QUIET:
                most = max((count for second, count in self._accepted if now - second <= _REMEMBERED), default=0)
                self._learned_rate = max(1.0, _DECREASE * most)
            self._refused_at = now
        quiet = (_LATER_QUIET if self._learned_rate else _FIRST_QUIET) * 2.0 ** min(self._refusals - 1, 10)
        self.on_congestion(sent_at, retry_after if retry_after is not None else min(_LONGEST_QUIET, quiet))

    @property
    def _gap(self) -> float:
        """Seconds between two requests; 0 where nothing limits them."""
        rates = [rate for rate in (self._cap, self._rate) if rate]
        return 1.0 / min(rates) if rates else 0.0

    @property
    def _rate(self) -> float:
        """Requests a second that are tried now; 0 where no rate was learned."""
        return self._learned_rate * (1.0 + _INCREASE * (self._clock() - self._refused_at))
