"""Wizard step 5: progress of the import, then its result."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QProgressBar, QWidget

from trackly_desktop.contacts.outcome import COUNTED, Outcome
from trackly_desktop.gui import formatting, icons
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.import_wizard.count_tiles import CountTiles
from trackly_desktop.gui.import_wizard.step import StepPage
from trackly_desktop.gui.widgets.confirm_undo import confirm_undo
from trackly_desktop.gui.widgets.controls import button, label
from trackly_desktop.gui.widgets.list_picker import ListBox
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.journal.models import RunKind, State
from trackly_desktop.journal.queries import Successes
from trackly_desktop.messages import STOP_HELP, end_text, wait_text

if TYPE_CHECKING:
    from trackly_desktop.api.replies import StopReason
    from trackly_desktop.delivery.progress import RunEnd, RunProgress

_RATE_SECONDS = 8.0
"""Time over which the rate is averaged."""
_SHOWN_FIRST_ROWS = 5
_SHOWN_WARNINGS = 3
_ADDED = (Outcome.CREATED, Outcome.UPDATED)


class RunStep(StepPage):
    """Progress of one run, which can be paused, resumed and cancelled.

    Signals:
        results_requested: Number of the run whose rows are to be shown.
        another_requested: Another file is to be imported.
        accounts_requested: The accounts are to be shown.
    """

    results_requested = Signal(int)
    another_requested = Signal()
    accounts_requested = Signal()

    def __init__(self, context: AccountContext) -> None:
        super().__init__("Run", "See results")
        self._context = context
        self.run_id = 0
        self.is_running = False
        self._is_paused = self._pauses_after_first = False
        self._unknown_list = ""
        self._samples: deque[tuple[float, int]] = deque()
        self._successes, self._warnings = Successes(), dict[str, int]()
        self.notice = Notice()
        self.file = label("", "section")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.status = label("", "quiet")
        self.tiles = CountTiles()
        self.list = ListBox("The rows that were not added go to this list instead")
        self.list.hide()
        for widget in (self.notice, self.list, self.file, self.progress, self.status, self.tiles):
            self.content.addWidget(widget)
        self.pause_button = button("Pause", self._pause_or_continue, icon="pause")
        self.cancel_button = button("Cancel", self._cancel, role="flat")
        self.another_button = button("Import another file", self.another_requested.emit)
        self.undo_button = button("Take back", self._confirm_undo, icon="back", role="flat")
        self.undo_button.hide()
        self.back_button.hide()
        self.add_foot(
            self.cancel_button, self.undo_button, 0, self.another_button, self.pause_button, self.forward_button
        )
        worker = context.worker
        worker.runs.progressed.connect(self._show_progress)
        worker.runs.summarized.connect(self._store_summary)
        worker.runs.ended.connect(self._on_run_ended)
        worker.runs.failed.connect(self._on_run_failed)
        self.forward.connect(lambda: self.results_requested.emit(self.run_id))

    @property
    def initial_focus(self) -> QWidget:
        """The pause button."""
        return self.pause_button

    def begin(self, run_id: int, *, pauses_after_first: bool = False) -> None:
        """Show a run that the worker has been asked to deliver.

        Args:
            run_id: Number of the run.
            pauses_after_first: Whether the run pauses by itself after its first rows.
        """
        self.run_id = run_id
        self.is_running = True
        self._is_paused, self._pauses_after_first = False, pauses_after_first
        self._unknown_list = ""
        self.undo_button.hide()
        self._samples.clear()
        self.notice.hide()
        self.list.hide()
        run = self._context.reader.run(run_id)
        if run is not None:
            self.file.setText(f"{run.file} to {self._context.list_name(run.list_number) or 'its lists'}")
            self._show_counts(run.counts, run.rows)
        self.status.setText("Starting")
        self._show_buttons()

    def _pause_or_continue(self) -> None:
        worker = self._context.worker
        if not self.is_running:
            self._restart()
        elif self._is_paused:
            worker.runs.resume(self.run_id)
        else:
            worker.runs.pause(self.run_id)
            self.status.setText("Pausing: what is on its way is answered first")

    def _restart(self) -> None:
        """Start a stopped run again, with another list where its own does not exist."""
        if self._unknown_list:
            if not self.list.require():
                self.list.combo.setFocus()
                return
            self._context.worker.runs.change_list(self.run_id, self._unknown_list, self.list.number)
        else:
            self._context.worker.runs.start(self.run_id)
        self.begin(self.run_id)

    def _cancel(self) -> None:
        self._context.worker.runs.cancel(self.run_id)
        self.cancel_button.setEnabled(False)
        self.status.setText("Cancelling: what is on its way is answered first")

    def _show_progress(self, event: RunProgress) -> None:
        if event.run_id != self.run_id or not self.is_running:
            return
        self._is_paused = event.paused
        self._show_counts(event.counts, event.rows)
        done = event.rows - event.counts.get(Outcome.PENDING, 0)
        now = monotonic()
        self._samples.append((now, done))
        while now - self._samples[0][0] > _RATE_SECONDS:
            self._samples.popleft()
        self._show_status(event, done)
        self._show_progress_notice(event)
        self._show_buttons()

    def _show_status(self, event: RunProgress, done: int) -> None:
        parts = [f"{formatting.number(done)} of {formatting.number(event.rows)}"]
        rate = self._rate()
        if rate and not event.paused and event.wait is None:
            parts += [
                f"{formatting.number(round(rate))} a second",
                f"about {formatting.duration((event.rows - done) / rate)} left",
            ]
        if event.may_enroll:
            parts.append(
                f"{formatting.number(event.enrolled)} of {formatting.number(event.may_enroll)} enrolled in journeys"
            )
        self.status.setText("  ·  ".join(parts))

    def _show_progress_notice(self, event: RunProgress) -> None:
        """Say why nothing is sent at present, if so."""
        if event.wait is not None:
            self.notice.say("caution", wait_text(event.wait, datetime.now()), "Nothing is lost; it goes on by itself.")
        elif event.paused and event.in_flight == 0:
            if self._pauses_after_first:
                text = f"{self._first_answers()}\nNothing more is sent until you go on."
                self.notice.say("info", "The first rows are done", text)
            else:
                self.notice.say("info", "Paused", "Nothing more is sent until you go on.")
        else:
            self.notice.hide()

    def _first_answers(self) -> str:
        """Return the answers to the first rows, a line each."""
        from trackly_desktop.gui.outcome_text import in_short, outcome_words

        reader = self._context.reader
        rows = reader.page(reader.sent_first(self.run_id, _SHOWN_FIRST_ROWS))
        return "\n".join(f"{row.phone}: {outcome_words(row).lower()}. {in_short(row)}" for row in rows)

    def _rate(self) -> float:
        """Return rows per second; 0 while too few were measured."""
        if len(self._samples) < 2:
            return 0.0
        (since, before), (now, done) = self._samples[0], self._samples[-1]
        return (done - before) / (now - since) if now - since > 0.5 else 0.0

    def _store_summary(self, run_id: int, successes: Successes, warnings: dict[str, int]) -> None:
        if run_id == self.run_id:
            self._successes, self._warnings = successes, warnings

    def _on_run_ended(self, run_id: int, end: RunEnd) -> None:
        from trackly_desktop.api.replies import StopReason

        if run_id != self.run_id:
            return
        self.is_running = False
        run = self._context.reader.run(run_id)
        if run is not None:
            self._show_counts(run.counts, run.rows)
            self._show_end(end, run.counts, run.rows)
            self.undo_button.setVisible(bool(run.counts.get(Outcome.CREATED)) and run.kind == RunKind.IMPORT)
            if end.state is State.STOPPED and end.stopped is StopReason.LIST:
                self._ask_for_list(self._context.reader.list_of(run_id))
        self._show_buttons(stopped=end.state is State.STOPPED)
        self.status.setText("")
        QApplication.alert(self.window())

    def _ask_for_list(self, number: str) -> None:
        """Offer all lists but this one, which does not exist, to restart the run with."""
        self._unknown_list = number
        choices = [choice for choice in self._context.lists() if choice.number != number]
        self.list.offer(choices, self._context.account.region)
        self.list.clear()
        self.list.setVisible(bool(number))

    def _show_end(self, end: RunEnd, counts: dict[Outcome, int], rows: int) -> None:
        added = sum(counts.get(outcome, 0) for outcome in _ADDED)
        left = counts.get(Outcome.PENDING, 0) + counts.get(Outcome.SENDING, 0)
        if end.state is State.FINISHED:
            self._show_finished(added, rows, counts.get(Outcome.UNKNOWN, 0))
        elif end.stopped is not None and end.state is State.STOPPED:
            self._show_stopped(end.stopped, end_text(end), left)
        else:
            self.notice.say(
                "info",
                "Cancelled",
                f"{formatting.count(added, 'contact')} added or updated before that; {formatting.number(left)} not sent.",
            )

    def _show_finished(self, added: int, rows: int, unknown: int) -> None:
        text = f"{formatting.number(rows - added)} were not: the results say why, row by row." if added < rows else ""
        if unknown:
            text += f" Of {formatting.number(unknown)} nobody knows yet; look at these first."
        self.notice.say(
            "good" if added == rows else "caution",
            f"{formatting.count(added, 'contact')} added or updated",
            "\n".join(part for part in (text.strip(), self._describe_successes(), self._describe_warnings()) if part),
        )

    def _show_stopped(self, reason: StopReason, message: str, left: int) -> None:
        from trackly_desktop.api.replies import StopReason

        error_help = STOP_HELP[reason]
        headline = message or error_help.means
        if reason is StopReason.LIST:
            self.notice.say("bad", headline, "Choose another list for the rows that were not added, and go on.")
            return
        text = f"{error_help.do}. {formatting.number(left)} not sent yet; nothing is lost."
        self.notice.say("bad", headline, text, ("Open accounts", self.accounts_requested.emit))

    def _describe_successes(self) -> str:
        """Return the counts of the kinds of success; empty where there are none."""
        successes = self._successes
        counts = (
            (successes.new_contacts, "new to the account"),
            (successes.new_on_list, "known to it, new on the list"),
            (successes.there_already, "on the list already"),
            (successes.enrolled, "enrolled in journeys"),
            (successes.with_warnings, "with warnings"),
        )
        parts = [f"{formatting.number(count)} {kind}" for count, kind in counts if count]
        return f"Of these {', '.join(parts)}." if parts else ""

    def _describe_warnings(self) -> str:
        """Return the most frequent warnings of the answers, a line each."""
        warnings = list(self._warnings.items())[:_SHOWN_WARNINGS]
        return "\n".join(f"{formatting.count(count, 'answer')}: {warning}" for warning, count in warnings)

    def _confirm_undo(self) -> None:
        run = self._context.reader.run(self.run_id)
        if run is not None:
            confirm_undo(self.notice, run, self._undo_run)

    def _undo_run(self) -> None:
        self.undo_button.hide()
        self.notice.say("info", "Taking back: it is a run of its own, in History")
        self._context.worker.runs.undo(self.run_id)

    def _on_run_failed(self, run_id: int, message: str) -> None:
        if run_id == self.run_id:
            self.is_running = False
            self.notice.say("bad", message)
            self._show_buttons(stopped=True)

    def _show_counts(self, counts: dict[Outcome, int], rows: int) -> None:
        pending = counts.get(Outcome.PENDING, 0) + counts.get(Outcome.SENDING, 0)
        self.progress.setRange(0, max(1, rows))
        self.progress.setValue(rows - pending)
        shown = []
        for outcome in COUNTED:
            count = pending if outcome is Outcome.PENDING else counts.get(outcome, 0)
            if count or outcome in _ADDED:
                shown.append((formatting.OUTCOME_WORDS[outcome], count, *formatting.OUTCOME_ICONS[outcome]))
        self.tiles.show_counts(*shown)

    def _show_buttons(self, *, stopped: bool = False) -> None:
        self.pause_button.setVisible(self.is_running or stopped)
        can_continue = self._is_paused or stopped
        self.pause_button.setText("Go on" if can_continue else "Pause")
        self.pause_button.setIcon(icons.icon("play" if can_continue else "pause"))
        self.cancel_button.setVisible(self.is_running)
        self.cancel_button.setEnabled(self.is_running)
        self.another_button.setVisible(not self.is_running)
