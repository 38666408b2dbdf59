"""Queries of the journal, by subject; `JournalReader` has them all.

base            the connection
runs            runs, and imports of a file
rows            rows of a run: keys, pages, details, cells
statistics      counts, successes, field statistics, digests
suppression     suppression list, list queries, previous adds
"""

from trackly_desktop.journal.queries.base import RowScope
from trackly_desktop.journal.queries.reader import JournalReader
from trackly_desktop.journal.queries.rows import Attempt, RowDetail, ShownRow
from trackly_desktop.journal.queries.statistics import FieldStats, Successes
from trackly_desktop.journal.queries.suppression import PreviousAdd

__all__ = [
    "Attempt",
    "FieldStats",
    "JournalReader",
    "PreviousAdd",
    "RowDetail",
    "RowScope",
    "ShownRow",
    "Successes",
]
