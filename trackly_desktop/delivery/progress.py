"""A delivery as it is told to people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from trackly_desktop.api.replies import StopReason
from trackly_desktop.contacts.outcome import COUNTED, Outcome
from trackly_desktop.journal.models import State

_LONGEST = 10 * 365 * 86_400.0
"""Seconds: a server may ask for any pause, a calendar does not have any date."""


@dataclass(frozen=True, slots=True)
class RunProgress:
    """A run as it stands. `waiting` says in words for what it waits, if it does, and `seconds` for how long at most."""

    run: int
    rows: int
    counts: dict[Outcome, int]
    requests: int
    retries: int
    in_flight: int
    paused: bool
    wait_reason: str = ""
    seconds: float = 0.0
    enrolled: int = 0
    """People enrolled in journeys so far, of those that were confirmed (`may_enrol`)."""
    may_enrol: int = 0

    def waits(self, now: datetime) -> str:
        """For what it waits, and until when by this clock; empty where it does not wait."""
        if not self.wait_reason or self.seconds < 1.0:
            return self.wait_reason
        until = now + timedelta(seconds=min(self.seconds, _LONGEST))
        day = "" if until.date() == now.date() else f"{until:%Y-%m-%d} "
        return f"{self.wait_reason}; the next try is at {day}{until:%H:%M:%S}"


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a delivery ended. `stopped` is the obstacle, and `words` what the operator is told of it."""

    state: State
    stopped: StopReason | None = None
    words: str = ""


def shown_counts(counts: dict[Outcome, int]) -> dict[Outcome, int]:
    """Counts as people are told them: a row on its way is pending still."""
    shown = {outcome: counts.get(outcome, 0) for outcome in COUNTED}
    shown[Outcome.PENDING] += counts.get(Outcome.SENDING, 0)
    return shown
