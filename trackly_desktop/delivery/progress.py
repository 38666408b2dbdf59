"""A delivery as it is told to people."""

from __future__ import annotations

from dataclasses import dataclass

from trackly_desktop.api.replies import ConnectionFault, StopReason
from trackly_desktop.contacts.outcome import COUNTED, Outcome
from trackly_desktop.journal.models import State


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
    fault: ConnectionFault | None = None
    detail: str = ""
    """What others say about `fault`."""


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a delivery ended. `stopped` is the obstacle, and `words` what the operator is told of it."""

    state: State
    stopped: StopReason | None = None
    words: str = ""
    fault: ConnectionFault | None = None


def shown_counts(counts: dict[Outcome, int]) -> dict[Outcome, int]:
    """Counts as people are told them: a row on its way is pending still."""
    shown = {outcome: counts.get(outcome, 0) for outcome in COUNTED}
    shown[Outcome.PENDING] += counts.get(Outcome.SENDING, 0)
    return shown
