"""Columns of the history table."""

from __future__ import annotations

from collections.abc import Callable

from trackly_desktop.contacts.outcome import COUNTED, Outcome
from trackly_desktop.delivery.progress import shown_counts
from trackly_desktop.gui import formatting
from trackly_desktop.gui.outcome_text import run_name
from trackly_desktop.gui.widgets.table_model import TableColumn
from trackly_desktop.journal.models import UNFINISHED, Run, State

_STATE_WORDS = {
    State.RUNNING: "Not ended",
    State.STOPPED: "Stopped",
    State.CANCELLED: "Cancelled",
    State.FINISHED: "Done",
    State.DRAFT: "Not begun",
}


def _started(run: Run) -> int | None:
    return run.started_at or run.made_at


def _outcome_summary(run: Run) -> str:
    """Return a run's state and counts, like "Done: 2 created, 1 refused"."""
    counts = shown_counts(run.counts)
    parts = [
        f"{formatting.number(counts[outcome])} {formatting.OUTCOME_WORDS[outcome].lower()}"
        for outcome in COUNTED
        if counts[outcome]
    ]
    state = _STATE_WORDS[run.state]
    return f"{state}: {', '.join(parts)}" if parts else state


def _icon(run: Run) -> tuple[str, str]:
    if run.state in UNFINISHED:
        return "pause", "caution"
    if run.state is State.CANCELLED:
        return "close", "quiet"
    if run.counts.get(Outcome.UNKNOWN):
        return "unknown", "unknown"
    if run.counts.get(Outcome.REFUSED):
        return "warning", "caution"
    return "check", "good"


def _confirmed_or(text: Callable[[Run], str]) -> Callable[[Run], str]:
    """Return a column's tooltip: the run's confirmed sentence, else the cell's text."""
    return lambda run: run.confirmed or text(run)


def _account(run: Run) -> str:
    return run.account_name


def _list(run: Run) -> str:
    return run.list_number or "by row"


def _rows(run: Run) -> str:
    return formatting.number(run.rows)


COLUMNS: tuple[TableColumn[Run], ...] = (
    TableColumn(
        "When",
        lambda run: formatting.relative(_started(run)),
        116,
        hint=lambda run: formatting.exact(_started(run)),
    ),
    TableColumn("What", run_name, 168, hint=_confirmed_or(run_name)),
    TableColumn("Account", _account, 132, hint=_confirmed_or(_account)),
    TableColumn("List", _list, 116, hint=_confirmed_or(_list)),
    TableColumn("Rows", _rows, 60, hint=_confirmed_or(_rows), right=True),
    TableColumn("What came of it", _outcome_summary, hint=_confirmed_or(_outcome_summary), icon=_icon),
)
