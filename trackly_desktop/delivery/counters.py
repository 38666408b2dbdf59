"""Counters of a run: rows by outcome, requests, retries, people enrolled."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery.send_queue import QueuedRow
from trackly_desktop.journal.models import RunCounts
from trackly_desktop.journal.run_store import Journal

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class RunCounters:
    """Counters of a run, read from the journal once and then kept in memory."""

    outcomes: dict[Outcome, int] = field(default_factory=dict)
    requests: int = 0
    retries: int = 0
    budgeted: int = 0
    """Retries that count against the retry budget."""
    enrolled: int = 0
    may_enroll: int = 0

    def load(self, journal: Journal, run_id: int) -> None:
        """Read the counters. Runs in the journal's thread. Raises sqlite3.Error."""
        self.outcomes = journal.counts(run_id)
        self.requests, self.retries = journal.requests(run_id)
        self.enrolled, self.may_enroll = journal.enrolled(run_id)

    @property
    def rows(self) -> int:
        """Number of rows of the run."""
        return sum(self.outcomes.values())

    @property
    def more_enrolled_than_confirmed(self) -> bool:
        """Whether more people were enrolled in journeys than the operator confirmed."""
        return self.enrolled > self.may_enroll

    def move(self, queued: QueuedRow, outcome: Outcome) -> None:
        """Give a row another outcome."""
        self._add(queued.outcome, -1)
        self._add(outcome, 1)
        queued.outcome = outcome

    def refuse_pending(self, rows: int) -> None:
        """Count so many pending rows as refused."""
        self._add(Outcome.PENDING, -rows)
        self._add(Outcome.REFUSED, rows)

    def count_request(self, queued: QueuedRow, by: int = 1) -> None:
        """Count a request for a row; `by` -1 takes it back."""
        self.requests += by
        self.retries += by if queued.was_sent else 0
        self.budgeted += by if queued.is_retry else 0

    def totals(self) -> RunCounts:
        """Return the counts as the journal stores them."""
        return RunCounts({str(outcome): count for outcome, count in self._non_zero().items()}, self.retries)

    def verify(self, journal: Journal, run_id: int) -> None:
        """Compare the counts with the rows, and correct them. Raises sqlite3.Error."""
        counted, rows = journal.counts(run_id), journal.rows_of(run_id)
        if self._non_zero() != counted or sum(counted.values()) != rows:
            _log.error("run %d: counts %s, but its %d rows are %s", run_id, self._non_zero(), rows, counted)
            self.outcomes = counted

    def _add(self, outcome: Outcome, count: int) -> None:
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + count

    def _non_zero(self) -> dict[Outcome, int]:
        return {outcome: count for outcome, count in self.outcomes.items() if count}
