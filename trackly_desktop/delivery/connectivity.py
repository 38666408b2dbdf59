"""What the answers say about the road to Trackly: how many may be on it, and whether there is one."""

from __future__ import annotations

from collections.abc import Callable

from trackly_desktop.api.replies import ConnectionFault, NotSent, RetryReason, SendResult, StopReason, Unknown
from trackly_desktop.delivery import retry_policy
from trackly_desktop.delivery.rate_limiter import RateLimiter
from trackly_desktop.delivery.retry_policy import Abort

_PROBE_AFTER = 3
"""Requests in a row that found no network: from then on one row at a time is tried."""


class ConnectionMonitor:
    """Feels every answer, and sets the pace by it."""

    def __init__(self, pace: RateLimiter, patience: float | None, clock: Callable[[], float]) -> None:
        """`patience`: seconds without a network until the run stops; None is for ever."""
        self._limiter, self._patience, self._clock = pace, patience, clock
        self._failures = 0
        self._lost_at: float | None = None
        self.fault: ConnectionFault | None = None
        self.detail = ""
        self._asked_until = 0.0

    @property
    def wait_reason(self) -> str:
        """For what it waits, in the operator's words; empty when it does not."""
        if self.fault is not None:
            return "Waiting for the network"
        return "Trackly asked for a pause" if self._clock() < self._asked_until else ""

    def record_response(self, reply: SendResult, sent_at: float) -> Abort | None:
        """Takes an answer into account; a Stop when there has been no network for too long."""
        if isinstance(reply, NotSent) and reply.reason is RetryReason.NETWORK:
            return self._no_network(reply)
        self._failures, self._lost_at, self.fault, self.detail = 0, None, None, ""
        if isinstance(reply, (NotSent, Unknown)) and reply.retry_after:
            self._asked_until = max(self._asked_until, self._clock() + reply.retry_after)
        if isinstance(reply, NotSent) and reply.reason is RetryReason.BUSY:
            self._limiter.on_rate_limited(sent_at, reply.retry_after)
        elif isinstance(reply, (NotSent, Unknown)):
            self._limiter.on_congestion(sent_at, reply.retry_after)
        else:
            self._limiter.on_success()
        return None

    def _no_network(self, reply: NotSent) -> Abort | None:
        self._failures += 1
        self._lost_at = self._clock() if self._lost_at is None else self._lost_at
        if self._failures >= _PROBE_AFTER:
            self._limiter.probing = True
            self._limiter.pause_for(retry_policy.probe_delay(self._failures - _PROBE_AFTER))
            self.fault, self.detail = reply.fault, reply.words
        if self._patience is not None and self._clock() - self._lost_at > self._patience:
            return Abort(StopReason.NETWORK, reply.words, fault=reply.fault)
        return None
