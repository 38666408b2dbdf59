"""The question before an import is undone."""

from __future__ import annotations

from collections.abc import Callable

from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.gui import formatting
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.journal.models import Run


def confirm_undo(notice: Notice, run: Run, undo_run: Callable[[], object]) -> None:
    """Ask in a notice whether to undo a run; `undo_run` is called on consent."""
    people = formatting.count(run.counts.get(Outcome.CREATED, 0), "person", "people")
    notice.say(
        "caution",
        f"Take back {run.file}: {people} newly added are unsubscribed from the list",
        "Those who were on the list before are left alone. A text that was sent stays sent, and custom fields stay as they"
        " are now.",
        (f"Take {people} off the list", undo_run),
        ("Keep them", notice.hide),
    )
