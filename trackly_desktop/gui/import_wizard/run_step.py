"""Step 5: the import on its way, and what came of it."""

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
from trackly_desktop.journal.models import IMPORT, State
from trackly_desktop.journal.queries import Successes
from trackly_desktop.messages import end_text, wait_text

if TYPE_CHECKING:
    from trackly_desktop.delivery.progress import RunEnd, RunProgress

_RATE_SECONDS = 8.0
_FIRST = 5
_ADDED = (Outcome.CREATED, Outcome.UPDATED)


class RunStep(StepPage):
    """Pause, go on, cancel; at its end, what came of it."""

    results_requested = Signal(int)
    another_requested = Signal()
    accounts_requested = Signal()

    def __init__(self, context: AccountContext) -> None:
        super().__init__("Run", "See results")
        self._context = context
        self.run = 0
        self.is_running = False
        self._paused = self._tries_first = False
        self._wants_list = ""
        self._seen: deque[tuple[float, int]] = deque()
        self._summary: tuple[Successes, dict[str, int]] = (Successes(), {})
        self.notice = Notice()
        self.file = label("", "section")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.line = label("", "quiet")
        self.tiles = CountTiles()
        self.list = ListBox("The rows that were not added go to this list instead")
        self.list.hide()
        for part in (self.notice, self.list, self.file, self.progress, self.line, self.tiles):
            self.content.addWidget(part)
        self.pause_button = button("Pause", self._pause, icon="pause")
        self.cancel_button = button("Cancel", self._cancel, role="flat")
        self.another_button = button("Import another file", self.another_requested.emit)
        self.undo_button = button("Take back", self._confirm_undo, icon="back", role="flat")
        self.undo_button.hide()
        self.back_button.hide()
        self.add_foot(
            self.cancel_button, self.undo_button, 0, self.another_button, self.pause_button, self.forward_button
        )
        worker = context.worker
        worker.runs.progressed.connect(self._progress)
        worker.runs.summarized.connect(self._summed)
        worker.runs.ended.connect(self._ended)
        worker.runs.failed.connect(self._failed)
        self.forward.connect(lambda: self.results_requested.emit(self.run))

    @property
    def first(self) -> QWidget:
        """Pause is at hand."""
        return self.pause_button

    def begin(self, run: int, *, tries_first: bool = False) -> None:
        """A run that the worker has been asked to deliver."""
        self.run = run
        self.is_running = True
        self._paused, self._tries_first = False, tries_first
        self._wants_list = ""
        self.undo_button.hide()
        self._seen.clear()
        self.notice.hide()
        self.list.hide()
        found = self._context.reader.run(run)
        if found is not None:
            self.file.setText(f"{found.file} to {self._context.list_name(found.list_number) or 'its lists'}")
            self._show_counts(found.counts, found.rows)
        self.line.setText("Starting")
        self._show_buttons()

    def _pause(self) -> None:
        worker = self._context.worker
        if not self.is_running:
            if self._wants_list:
                if not self.list.require():
                    self.list.combo.setFocus()
                    return
                worker.runs.change_list(self.run, self._wants_list, self.list.number)
            else:
                worker.runs.start(self.run)
            self.begin(self.run)
        elif self._paused:
            worker.runs.resume(self.run)
        else:
            worker.runs.pause(self.run)
            self.line.setText("Pausing: what is on its way is answered first")

    def _cancel(self) -> None:
        self._context.worker.runs.cancel(self.run)
        self.cancel_button.setEnabled(False)
        self.line.setText("Cancelling: what is on its way is answered first")

    def _progress(self, news: RunProgress) -> None:
        if news.run_id != self.run or not self.is_running:
            return
        self._paused = news.paused
        self._show_counts(news.counts, news.rows)
        done = news.rows - news.counts.get(Outcome.PENDING, 0)
        now = monotonic()
        self._seen.append((now, done))
        while now - self._seen[0][0] > _RATE_SECONDS:
            self._seen.popleft()
        self._say(news, done)
        self._show_buttons()

    def _say(self, news: RunProgress, done: int) -> None:
        parts = [f"{formatting.number(done)} of {formatting.number(news.rows)}"]
        rate = self._rate()
        if rate and not news.paused and news.wait is None:
            parts += [
                f"{formatting.number(round(rate))} a second",
                f"about {formatting.duration((news.rows - done) / rate)} left",
            ]
        if news.may_enroll:
            parts.append(
                f"{formatting.number(news.enrolled)} of {formatting.number(news.may_enroll)} enrolled in journeys"
            )
        if news.wait is not None:
            self.notice.say("caution", wait_text(news.wait, datetime.now()), "Nothing is lost; it goes on by itself.")
        elif news.paused and news.in_flight == 0:
            if self._tries_first:
                text = f"{self._first_answers()}\nNothing more is sent until you go on."
                self.notice.say("info", "The first rows are done", text)
            else:
                self.notice.say("info", "Paused", "Nothing more is sent until you go on.")
        else:
            self.notice.hide()
        self.line.setText("  ·  ".join(parts))

    def _first_answers(self) -> str:
        """What was answered to the rows that were tried first, a line each."""
        from trackly_desktop.gui.outcome_text import in_short, outcome_words

        reader = self._context.reader
        rows = reader.page(reader.sent_first(self.run, _FIRST))
        return "\n".join(f"{row.phone}: {outcome_words(row).lower()}. {in_short(row)}" for row in rows)

    def _rate(self) -> float:
        if len(self._seen) < 2:
            return 0.0
        (since, before), (now, done) = self._seen[0], self._seen[-1]
        return (done - before) / (now - since) if now - since > 0.5 else 0.0

    def _summed(self, run: int, successes: Successes, warnings: dict[str, int]) -> None:
        if run == self.run:
            self._summary = (successes, warnings)

    def _ended(self, run: int, end: RunEnd) -> None:
        if run != self.run:
            return
        self.is_running = False
        found = self._context.reader.run(run)
        if found is not None:
            self._show_counts(found.counts, found.rows)
            self._say_end(end, found.counts, found.rows)
            self.undo_button.setVisible(bool(found.counts.get(Outcome.CREATED)) and found.kind == IMPORT)
            if end.state is State.STOPPED and end.stopped == "list":
                self._ask_list(self._context.reader.list_of(run))
        self._show_buttons(stopped=end.state is State.STOPPED)
        self.line.setText("")
        QApplication.alert(self.window())

    def _ask_list(self, number: str) -> None:
        """The list that there is not is exchanged for another, and the run goes on."""
        self._wants_list = number
        self.list.offer([one for one in self._context.lists() if one.number != number], self._context.account.region)
        self.list.clear()
        self.list.setVisible(bool(number))

    def _say_end(self, end: RunEnd, counts: dict[Outcome, int], rows: int) -> None:
        from trackly_desktop.messages import STOP_HELP

        added = sum(counts.get(one, 0) for one in _ADDED)
        left = counts.get(Outcome.PENDING, 0) + counts.get(Outcome.SENDING, 0)
        if end.state is State.FINISHED:
            unknown = counts.get(Outcome.UNKNOWN, 0)
            text = (
                f"{formatting.number(rows - added)} were not: the results say why, row by row." if added < rows else ""
            )
            if unknown:
                text += f" Of {formatting.number(unknown)} nobody knows yet; look at these first."
            self.notice.say(
                "good" if added == rows else "caution",
                f"{formatting.count(added, 'contact')} added or updated",
                "\n".join(part for part in (text.strip(), self._kinds_of_success(), self._warnings()) if part),
            )
        elif end.stopped is not None and end.state is State.STOPPED:
            error_help = STOP_HELP[end.stopped]
            said = end_text(end) or error_help.means
            if end.stopped == "list":
                self.notice.say("bad", said, "Choose another list for the rows that were not added, and go on.")
                return
            text = f"{error_help.do}. {formatting.number(left)} not sent yet; nothing is lost."
            self.notice.say("bad", said, text, ("Open accounts", self.accounts_requested.emit))
        else:
            self.notice.say(
                "info",
                "Cancelled",
                f"{formatting.count(added, 'contact')} added or updated before that; {formatting.number(left)} not sent.",
            )

    def _kinds_of_success(self) -> str:
        """Five kinds of success, told apart by the answers."""
        found = self._summary[0]
        issue_counts = (
            (found.new_contacts, "new to the account"),
            (found.new_on_list, "known to it, new on the list"),
            (found.there_already, "on the list already"),
            (found.enrolled, "enrolled in journeys"),
            (found.with_warnings, "with warnings"),
        )
        said = [f"{formatting.number(count)} {kind}" for count, kind in issue_counts if count]
        return f"Of these {', '.join(said)}." if said else ""

    def _warnings(self) -> str:
        """What the answers warned of."""
        found = list(self._summary[1].items())[:3]
        return "\n".join(f"{formatting.count(count, 'answer')}: {said}" for said, count in found)

    def _confirm_undo(self) -> None:
        run = self._context.reader.run(self.run)
        if run is not None:
            confirm_undo(self.notice, run, self._undo_run)

    def _undo_run(self) -> None:
        self.undo_button.hide()
        self.notice.say("info", "Taking back: it is a run of its own, in History")
        self._context.worker.runs.undo(self.run)

    def _failed(self, run: int, said: str) -> None:
        if run == self.run:
            self.is_running = False
            self.notice.say("bad", said)
            self._show_buttons(stopped=True)

    def _show_counts(self, counts: dict[Outcome, int], rows: int) -> None:
        pending = counts.get(Outcome.PENDING, 0) + counts.get(Outcome.SENDING, 0)
        self.progress.setRange(0, max(1, rows))
        self.progress.setValue(rows - pending)
        shown = []
        for outcome in COUNTED:
            number = pending if outcome is Outcome.PENDING else counts.get(outcome, 0)
            if number or outcome in _ADDED:
                shown.append((formatting.OUTCOME_WORDS[outcome], number, *formatting.OUTCOME_ICONS[outcome]))
        self.tiles.show_counts(*shown)

    def _show_buttons(self, *, stopped: bool = False) -> None:
        self.pause_button.setVisible(self.is_running or stopped)
        goes_on = self._paused or stopped
        self.pause_button.setText("Go on" if goes_on else "Pause")
        self.pause_button.setIcon(icons.icon("play" if goes_on else "pause"))
        self.cancel_button.setVisible(self.is_running)
        self.cancel_button.setEnabled(self.is_running)
        self.another_button.setVisible(not self.is_running)
