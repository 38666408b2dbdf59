"""A delivery as it is told to people."""

from __future__ import annotations

from dataclasses import dataclass

from trackly_desktop.api.replies import Obstacle
from trackly_desktop.imports.journal.records import State
from trackly_desktop.imports.outcome import COUNTED, Outcome


@dataclass(frozen=True, slots=True)
class Progress:
    """A run as it stands. `waiting` says in words for what it waits, if it does, and `seconds` for how long at most."""

    run: int
    rows: int
    counts: dict[Outcome, int]
    requests: int
    retries: int
    in_flight: int
    paused: bool
    waiting: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class End:
    """How a delivery ended. `stopped` is the obstacle, and `words` what the operator is told of it."""

    state: State
    stopped: Obstacle | None = None
    words: str = ""


def shown_counts(counts: dict[Outcome, int]) -> dict[Outcome, int]:
    """Counts as people are told them: a row on its way is pending still."""
    shown = {outcome: counts.get(outcome, 0) for outcome in COUNTED}
    shown[Outcome.PENDING] += counts.get(Outcome.SENDING, 0)
    return shown
