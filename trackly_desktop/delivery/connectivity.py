"""Connection monitor: adjusts the rate limiter, and detects a missing network."""

from __future__ import annotations

from collections.abc import Callable

from trackly_desktop.api.replies import ConnectionFault, NotSent, RetryReason, SendResult, StopReason, Unknown
from trackly_desktop.delivery.rate_limiter import RateLimiter
from trackly_desktop.delivery.retry_policy import Abort, RetryPolicy
from trackly_desktop.delivery.waits import Wait, WaitReason


class ConnectionMonitor:
    """Track consecutive network failures and Retry-After; adjust the rate limiter."""

    def __init__(
        self, limiter: RateLimiter, policy: RetryPolicy, patience: float | None, clock: Callable[[], float]
    ) -> None:
        """Create a monitor.

        Args:
            limiter: The limiter that is adjusted.
            policy: Delays between probes for the network.
            patience: Seconds without a network until the run stops; None is for ever.
            clock: Monotonic seconds.
        """
        self._limiter, self._policy, self._patience, self._clock = limiter, policy, patience, clock
        self._failures = 0
        self._lost_at: float | None = None
        self._fault: ConnectionFault | None = None
        self._detail = ""
        self._pause_until = 0.0

    @property
    def wait(self) -> Wait | None:
        """The wait for the network or for the server; None when there is none."""
        if self._fault is not None:
            return Wait(WaitReason.NETWORK, self._limiter.wait, {"fault": self._fault, "detail": self._detail})
        if self._clock() < self._pause_until:
            return Wait(WaitReason.SERVER_PAUSE, self._limiter.wait)
        return None

    def record_response(self, reply: SendResult, sent_at: float) -> Abort | None:
        """Take a reply into account.

        Args:
            reply: The reply to a request.
            sent_at: Monotonic time at which the request left.

        Returns:
            An Abort when the network has been gone for longer than `patience`.
        """
        if isinstance(reply, NotSent) and reply.reason is RetryReason.NETWORK:
            return self._record_no_network(reply)
        self._failures, self._lost_at, self._fault = 0, None, None
        if isinstance(reply, (NotSent, Unknown)) and reply.retry_after:
            self._pause_until = max(self._pause_until, self._clock() + reply.retry_after)
        if isinstance(reply, NotSent) and reply.reason is RetryReason.BUSY:
            self._limiter.on_rate_limited(sent_at, reply.retry_after)
        elif isinstance(reply, (NotSent, Unknown)):
            self._limiter.on_congestion(sent_at, reply.retry_after)
        else:
            self._limiter.on_success()
        return None

    def _record_no_network(self, reply: NotSent) -> Abort | None:
        self._failures += 1
        self._lost_at = self._clock() if self._lost_at is None else self._lost_at
        if self._failures >= self._policy.probe_after:
            self._limiter.probing = True
            self._limiter.pause_for(self._policy.probe_delay(self._failures - self._policy.probe_after))
            self._fault, self._detail = reply.fault, reply.words
        if self._patience is not None and self._clock() - self._lost_at > self._patience:
            return Abort(StopReason.NETWORK, reply.words, fault=reply.fault)
        return None
