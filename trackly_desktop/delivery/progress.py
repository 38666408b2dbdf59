"""Progress and end of a delivery, as they are shown to people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from trackly_desktop.api.replies import ConnectionFault, StopReason
from trackly_desktop.contacts.outcome import COUNTED, Outcome
from trackly_desktop.delivery.waits import Wait
from trackly_desktop.journal.models import State


@dataclass(frozen=True, slots=True)
class RunProgress:
    """Progress of a run. `wait` is None while nothing is waited for."""

    run_id: int
    rows: int
    counts: dict[Outcome, int]
    requests: int
    retries: int
    in_flight: int
    paused: bool
    wait: Wait | None = None
    enrolled: int = 0
    """People enrolled in journeys so far."""
    may_enroll: int = 0
    """People whose enrolment the operator confirmed."""


class Enrollment(NamedTuple):
    """People enrolled in journeys, and the number that the operator confirmed."""

    enrolled: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class RunEnd:
    """End of a delivery. `stopped` is None for a run that finished.

    `words` are the server's message, or with `fault` its detail.
    """

    state: State
    stopped: StopReason | None = None
    words: str = ""
    fault: ConnectionFault | None = None
    wait: Wait | None = None
    """The wait that outlasted the run's patience."""
    enrollment: Enrollment | None = None
    """Set where more people were enrolled than were confirmed."""


def shown_counts(counts: dict[Outcome, int]) -> dict[Outcome, int]:
    """Return the counts shown to people: a row in flight counts as pending."""
    shown = {outcome: counts.get(outcome, 0) for outcome in COUNTED}
    shown[Outcome.PENDING] += counts.get(Outcome.SENDING, 0)
    return shown
