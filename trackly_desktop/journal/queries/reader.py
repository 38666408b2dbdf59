"""JournalReader: every query of the journal on one read-only connection."""

from __future__ import annotations

from trackly_desktop.journal.queries.rows import RowQueries
from trackly_desktop.journal.queries.statistics import StatisticsQueries
from trackly_desktop.journal.queries.suppression import SuppressionQueries


class JournalReader(RowQueries, StatisticsQueries, SuppressionQueries):
    """The journal as the window and the reports read it. One thread at a time."""
