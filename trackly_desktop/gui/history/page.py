"""The history page: every import and every contact added by hand."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.gui import formatting, theme
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.history.columns import COLUMNS
from trackly_desktop.gui.outcome_text import run_name
from trackly_desktop.gui.widgets.confirm_undo import confirm_undo
from trackly_desktop.gui.widgets.controls import button, label, search_box, set_blocking_reason, timer
from trackly_desktop.gui.widgets.layout import Page, column, row
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.gui.widgets.table_model import TableModel
from trackly_desktop.gui.widgets.table_view import ColumnsTable
from trackly_desktop.journal.models import UNFINISHED, Run, RunKind

_REFRESH_MS = 1000
"""While rows are recorded, the table is read again at most this often."""


class HistoryPage(Page):
    """A table of the runs, the newest first, and the actions on the selected one."""

    results_requested = Signal(int)
    run_requested = Signal(int)
    import_requested = Signal()
    person_requested = Signal(str)

    def __init__(self, context: AccountContext) -> None:
        super().__init__("History", wide=True)
        self._context = context
        self.model = TableModel(COLUMNS)
        self.table = ColumnsTable(self.model, "History")
        self.open_button = button("See results", self._open)
        self.resume_button = button("Go on", self._resume, role="primary", icon="play")
        self.undo_button = button("Take back", self._confirm_undo, icon="back")
        self.delete_button = button("Delete", self._confirm_delete, role="flat", icon="trash")
        self.person = search_box("Find a person by phone number", "Find a person by phone number")
        self.person.returnPressed.connect(self._find_person)
        self.notice = Notice()
        self.top.addWidget(self.delete_button)
        self.top.addWidget(self.undo_button)
        self.top.addWidget(self.open_button)
        self.top.addWidget(self.resume_button)
        empty = QWidget()
        nothing = label("Nothing has been sent from here yet", "quiet")
        import_button = button("Import a file", self.import_requested.emit, role="primary", icon="import")
        empty.setLayout(column(0, row(0, nothing, 0), row(0, import_button, 0), 0, spacing=theme.L))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self.setFocusProxy(self.table)
        self._stack.addWidget(empty)
        self.content.addWidget(self.person)
        self.content.addWidget(self.notice)
        self.content.addWidget(self._stack, 1)
        self.table.selectionModel().currentRowChanged.connect(self._update_actions)
        self.table.doubleClicked.connect(self._open)
        self._refresh_timer = timer(self, _REFRESH_MS, once=True)
        self._refresh_timer.timeout.connect(self.refresh)
        context.worker.rows_recorded.connect(self._schedule_refresh)
        context.worker.runs.ended.connect(self._schedule_refresh)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Read the runs from the journal again; the selected run stays selected."""
        selected = self._selected_run()
        runs = self._context.reader.runs()
        self.model.show(runs)
        self._stack.setCurrentIndex(0 if runs else 1)
        if selected is not None:
            line = next((line for line, run in enumerate(runs) if run.id == selected.id), -1)
            self.table.selectRow(line)
        self._update_actions()

    def _selected_run(self) -> Run | None:
        current = self.table.currentIndex()
        return self.model.rows[current.row()] if current.isValid() else None

    def _update_actions(self) -> None:
        run = self._selected_run()
        is_unfinished = run is not None and run.state in UNFINISHED
        nothing_selected = "Choose a line first" if run is None else ""
        can_resume = is_unfinished and run is not None and run.kind is not RunKind.CONTACT
        set_blocking_reason(self.open_button, nothing_selected)
        set_blocking_reason(
            self.resume_button, "" if can_resume else "Only an import that stopped before its end can go on"
        )
        set_blocking_reason(self.undo_button, self._undo_blocking_reason(run))
        set_blocking_reason(self.delete_button, "It is not over yet" if is_unfinished else nothing_selected)

    def _undo_blocking_reason(self, run: Run | None) -> str:
        """Return why a run cannot be taken back; empty where it can."""
        if run is None or run.kind is not RunKind.IMPORT:
            return "Choose an import first"
        if run.state in UNFINISHED:
            return "It is not over yet: let it end, or cancel it"
        if not run.counts.get(Outcome.CREATED):
            return "It added nobody who was not on the list before"
        if run.forgotten_at is not None:
            return "Whom it added is not known any more: the personal data has been removed"
        if run.account != self._context.account.id:
            return f"It was on {run.account_name}: switch to that account first"
        return "" if self._context.knows_lists else "This server cannot take people off a list; do it in Trackly"

    def _confirm_undo(self) -> None:
        run = self._selected_run()
        if run is not None:
            confirm_undo(self.notice, run, lambda: self._undo_run(run))

    def _undo_run(self, run: Run) -> None:
        self.notice.hide()
        self._context.worker.runs.undo(run.id)

    def _confirm_delete(self) -> None:
        run = self._selected_run()
        if run is None:
            return
        self.notice.say(
            "caution",
            f"Delete {run_name(run)} from this computer: {formatting.count(run.rows, 'row')}",
            "Nothing changes in Trackly. This program will not know any more whom it added, so it cannot warn you when they"
            " come again, nor take them back.",
            ("Delete it", lambda: self._delete(run)),
            ("Keep it", self.notice.hide),
        )

    def _delete(self, run: Run) -> None:
        self.notice.hide()
        self._context.worker.runs.delete(run.id)

    def _find_person(self) -> None:
        if text := self.person.text().strip():
            self.person_requested.emit(text)

    def _open(self) -> None:
        run = self._selected_run()
        if run is not None:
            self.results_requested.emit(run.id if run.kind is not RunKind.CONTACT else 0)

    def _resume(self) -> None:
        run = self._selected_run()
        if run is not None:
            self.run_requested.emit(run.id)

    def _schedule_refresh(self) -> None:
        if self.isVisible() and not self._refresh_timer.isActive():
            self._refresh_timer.start()
