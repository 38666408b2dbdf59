"""The results page: the outcome of each row."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QMenu, QPushButton, QSplitter, QStackedWidget, QWidget

from trackly_desktop.contacts.outcome import COUNTED, Outcome
from trackly_desktop.gui import file_dialogs, formatting, icons, theme
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.outcome_text import run_name
from trackly_desktop.gui.results.decide_bar import DecideBar
from trackly_desktop.gui.results.detail import DetailPanel
from trackly_desktop.gui.results.rows_model import ANSWER, OUTCOME, PHONE, ROW, WHEN, RowsModel
from trackly_desktop.gui.results.rows_table import RowsTable
from trackly_desktop.gui.widgets.controls import button, label, search_box, set_blocking_reason, shortcut, timer
from trackly_desktop.gui.widgets.layout import Page, column, row
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.journal.models import Run, RunKind
from trackly_desktop.journal.queries import RowScope

if TYPE_CHECKING:
    from trackly_desktop.journal.resolutions import UnknownResolution
    from trackly_desktop.worker import RowsFound

_TYPING_MS = 200
"""Without a key press for so long, the rows are searched."""
_REFRESH_MS = 1000
"""While rows are recorded, the table is read again at most this often."""


class ResultsPage(Page):
    """A filtered table of rows: the worker finds the keys, the model reads the pages."""

    import_requested = Signal()

    def __init__(self, context: AccountContext) -> None:
        super().__init__("Results", wide=True)
        self._context = context
        self._request_id = 0
        self._is_searching = self._is_outdated = False
        self._key_to_select: int | None = None
        self._outcome: Outcome | None = None
        self.runs = QComboBox()
        self.runs.setAccessibleName("Import")
        self.runs.setMinimumWidth(300)
        self.search = search_box("Search phone, cells and answers", "Search")
        self.model = RowsModel(context, (OUTCOME, PHONE, ROW, ANSWER, WHEN))
        self.table = RowsTable(self.model, self.model.columns, "Rows")
        self.detail = DetailPanel()
        self.decide_bar = DecideBar()
        self.notice = Notice()
        self.export_button = QPushButton("Export")
        self._chips: dict[Outcome | None, QPushButton] = {}
        self._build()
        self._wire()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fill_runs()
        self.find_rows()

    def show_run(self, run_id: int) -> None:
        """Show the rows of a run."""
        self._show_scope(RowScope(run_id))

    def show_contacts(self, key: int | None = None) -> None:
        """Show the contacts that were added by hand; select the row with this journal key."""
        self._key_to_select = key
        self._show_scope(RowScope.CONTACTS)

    def show_person(self, text: str) -> None:
        """Show all rows of all runs that match a phone number."""
        self._show_scope(RowScope.EVERYTHING)
        self.search.setText(text)

    @property
    def scope(self) -> RowScope:
        """The rows shown before the filter: a run's, single contacts, or all sent."""
        scope = self.runs.currentData()
        return scope if isinstance(scope, RowScope) else RowScope.CONTACTS

    def find_rows(self) -> None:
        """Ask the worker for the keys of the rows to show; one search at a time."""
        if self._is_searching:
            self._is_outdated = True
            return
        self._is_searching, self._is_outdated = True, False
        self._request_id = self._context.next_request_id()
        self._context.worker.queries.find_rows(self._request_id, self.scope, self._outcome, self.search.text())

    # Building

    def _build(self) -> None:
        menu = QMenu(self.export_button)
        menu.addAction("All results as CSV").triggered.connect(lambda: self._export_rows(to_fix=False))
        menu.addAction("Rows to fix as CSV").triggered.connect(lambda: self._export_rows(to_fix=True))
        menu.addAction("Proof record as PDF and JSON").triggered.connect(self._export_record)
        self.export_button.setMenu(menu)
        self.export_button.setIcon(icons.icon("export"))
        self.top.addWidget(self.export_button)
        filters = row(spacing=theme.S)
        group = QButtonGroup(self)
        for outcome in (None, *COUNTED):
            chip = QPushButton()
            chip.setProperty("role", "chip")
            chip.setCheckable(True)
            if outcome is not None:
                chip.setIcon(icons.icon(*formatting.OUTCOME_ICONS[outcome]))
            chip.clicked.connect(partial(self._filter, outcome))
            group.addButton(chip)
            filters.addWidget(chip)
            self._chips[outcome] = chip
        self._chips[None].setChecked(True)
        filters.addStretch(1)
        self.empty_text = label("", "quiet")
        self.empty_text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty_button = button("Import a file", self.import_requested.emit, role="primary", icon="import")
        empty = QWidget()
        empty.setLayout(column(0, self.empty_text, row(0, self._empty_button, 0), 0, spacing=theme.L))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self.setFocusProxy(self.table)
        self._stack.addWidget(empty)
        split = QSplitter()
        split.addWidget(self._stack)
        split.addWidget(self.detail)
        split.setStretchFactor(0, 1)
        split.setSizes([700, 340])
        split.setHandleWidth(1)
        split.setCollapsible(0, False)
        self.detail.hide()
        self.content.addLayout(row(self.runs, self.search, spacing=theme.M))
        self.content.addLayout(filters)
        self.content.addWidget(self.notice)
        self.content.addWidget(self.decide_bar)
        self.content.addWidget(split, 1)

    def _wire(self) -> None:
        self._search_timer = timer(self, _TYPING_MS, once=True)
        self._search_timer.timeout.connect(self.find_rows)
        self._refresh_timer = timer(self, _REFRESH_MS, once=True)
        self._refresh_timer.timeout.connect(self._refresh)
        self.search.textChanged.connect(self._search_timer.start)
        self.runs.activated.connect(self._reset_filters)
        self.table.selectionModel().currentRowChanged.connect(self._on_current_row_changed)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.detail.closed.connect(self._close_detail)
        self.detail.decided.connect(lambda key, choice: self._context.worker.runs.resolve_rows((key,), choice))
        self.decide_bar.decided.connect(self._decide)
        worker = self._context.worker
        worker.queries.rows_found.connect(self._on_rows_found)
        worker.rows_recorded.connect(self._schedule_refresh)
        worker.queries.exported.connect(self._on_exported)
        worker.queries.record_written.connect(self._on_record_written)
        worker.suppression.changed.connect(self._on_suppression_changed)
        shortcut(self, "Ctrl+F", self.search.setFocus)
        shortcut(self, "Escape", self._close_detail)

    # Showing rows

    def _fill_runs(self) -> None:
        scope = self.scope
        self.runs.clear()
        for run in self._context.reader.runs():
            if run.kind is not RunKind.CONTACT:
                when = formatting.relative(run.started_at or run.made_at)
                self.runs.addItem(
                    f"{run_name(run)}  ·  {formatting.count(run.rows, 'row')}  ·  {when}", RowScope(run.id)
                )
        self.runs.addItem("Contacts added by hand", RowScope.CONTACTS)
        self.runs.addItem("Everything that was sent from here", RowScope.EVERYTHING)
        self._select_scope(scope)

    def _select_scope(self, scope: RowScope) -> None:
        scopes = [self.runs.itemData(index) for index in range(self.runs.count())]
        self.runs.setCurrentIndex(scopes.index(scope) if scope in scopes else 0)

    def _show_scope(self, scope: RowScope) -> None:
        """Show the rows of a scope, without a filter."""
        self._fill_runs()
        self._select_scope(scope)
        self._reset_filters()

    def _reset_filters(self) -> None:
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self._close_detail()
        self.notice.hide()
        self._chips[None].setChecked(True)
        self._filter(None)

    def _filter(self, outcome: Outcome | None) -> None:
        self._outcome = outcome
        self.find_rows()

    def _on_rows_found(self, request_id: int, event: RowsFound) -> None:
        if request_id != self._request_id:
            return
        self._is_searching = False
        self.model.show(event.keys)
        self._show_counts(event.counts)
        self.decide_bar.show_rows(self._outcome, len(event.keys), min(event.could_text_twice, len(event.keys)))
        set_blocking_reason(self.export_button, "" if self.scope.run_id is not None else "Choose an import to export")
        self._stack.setCurrentIndex(0 if event.keys else 1)
        if not event.keys:
            has_sent_nothing = not sum(event.counts.values())
            self.empty_text.setText(
                "Nothing has been sent from here yet" if has_sent_nothing else "No row is like that"
            )
            self._empty_button.setVisible(has_sent_nothing)
        self._select_pending_key()
        if not self.table.currentIndex().isValid():
            self.detail.hide()
        if self._is_outdated:
            self.find_rows()

    def _select_pending_key(self) -> None:
        line = -1 if self._key_to_select is None else self.model.line_of(self._key_to_select)
        self._key_to_select = None
        if line >= 0:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.table.selectionModel().setCurrentIndex(self.model.index(line, 0), flags)
            self.table.scrollTo(self.model.index(line, 0))

    def _show_counts(self, counts: dict[Outcome, int]) -> None:
        for outcome, chip in self._chips.items():
            rows = sum(counts.values()) if outcome is None else counts.get(outcome, 0)
            name = "All" if outcome is None else formatting.OUTCOME_WORDS[outcome]
            chip.setText(f"{name}  {formatting.number(rows)}")
            chip.setVisible(outcome is None or rows > 0 or chip.isChecked())

    def _schedule_refresh(self) -> None:
        if self.isVisible() and not self._refresh_timer.isActive():
            self._refresh_timer.start()

    def _refresh(self) -> None:
        if self.isVisible():
            self.model.refresh()
            self.find_rows()
            self._show_detail(self.table.currentIndex())

    def _decide(self, choice: UnknownResolution | None) -> None:
        self._context.worker.runs.resolve_rows(self.model.keys(), choice)

    # The selected row

    def _on_current_row_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        self._show_detail(current)

    def _show_detail(self, current: QModelIndex) -> None:
        if not current.isValid():
            self.detail.hide()
            return
        detail = self._context.reader.detail(self.model.key_at(current.row()))
        if detail is not None:
            self.detail.show_row(detail)
            self.detail.show()

    def _close_detail(self) -> None:
        self.table.clearSelection()
        self.table.selectionModel().clearCurrentIndex()
        self.detail.hide()

    def _show_menu(self, position: QPoint) -> None:
        index = self.table.indexAt(position)
        menu = self.row_menu(index.row()) if index.isValid() else None
        if menu is not None:
            menu.popup(self.table.viewport().mapToGlobal(position))

    def row_menu(self, line: int) -> QMenu | None:
        """Return the context menu of a table line; None where the row has no phone number."""
        detail = self._context.reader.detail(self.model.key_at(line))
        if detail is None or not detail.row.phone:
            return None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        phone, account, source = detail.row.phone, detail.run.account, f"row of {detail.run.file or 'Add'}"
        menu.addAction(
            icons.icon("block"),
            "Never text this person",
            lambda: self._context.worker.suppression.add(account, (phone,), source),
        )
        menu.addAction(icons.icon("history"), "All that was sent to them", lambda: self.show_person(phone))
        return menu

    def _on_suppression_changed(self, message: str) -> None:
        if self.isVisible():
            self.notice.say("good", f"Do not text: {message}", "", ("Close", self.notice.hide))

    # Export

    def _shown_run(self) -> Run | None:
        run_id = self.scope.run_id
        return None if run_id is None else self._context.reader.run(run_id)

    def _export_rows(self, *, to_fix: bool) -> None:
        run = self._shown_run()
        if run is None:
            return
        stem = run.file.rsplit(".", 1)[0]
        path = file_dialogs.ask_save(self, f"{stem} {'to fix' if to_fix else 'results'}.csv")
        if path is not None:
            self._context.worker.queries.export(run.id, path, to_fix=to_fix)

    def _export_record(self) -> None:
        run = self._shown_run()
        if run is None:
            return
        path = file_dialogs.ask_save(self, f"{run.file.rsplit('.', 1)[0]} record.json", "Proof records (*.json)")
        if path is not None:
            self._context.worker.queries.write_record(run.id, path)

    def _on_record_written(self, path: str, record: dict[str, Any]) -> None:
        from trackly_desktop.gui.audit_record_pdf import write_pdf

        pdf = Path(path).with_suffix(".pdf")
        if not write_pdf(record, pdf):
            self.notice.say("bad", f"{pdf.name} cannot be written")
        elif self.isVisible():
            text = f"{pdf}\n{path}"
            self.notice.say(
                "good", "The proof record was saved, for people and for “verify”", text, ("Close", self.notice.hide)
            )

    def _on_exported(self, path: str, rows: int) -> None:
        if self.isVisible():
            self.notice.say("good", f"{formatting.count(rows, 'row')} saved", path, ("Close", self.notice.hide))
