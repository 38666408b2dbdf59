"""The page that shows what became of each row."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QLineEdit, QMenu, QPushButton, QSplitter, QStackedWidget, QWidget

from trackly_desktop.contacts.outcome import COUNTED, Outcome
from trackly_desktop.gui import file_dialogs, formatting, icons, theme
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.outcome_text import run_name
from trackly_desktop.gui.results.decide_bar import DecideBar
from trackly_desktop.gui.results.detail import DetailPanel
from trackly_desktop.gui.results.rows_model import ANSWER, OUTCOME, PHONE, ROW, WHEN, RowsModel
from trackly_desktop.gui.results.rows_table import RowsTable
from trackly_desktop.gui.widgets.controls import Page, button, column, label, row, shortcut, timer
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.journal.models import CONTACT
from trackly_desktop.journal.reader import CONTACTS, EVERYTHING

if TYPE_CHECKING:
    from trackly_desktop.journal.resolutions import UnknownResolution
    from trackly_desktop.worker import RowsFound

_TYPING = 200
_NEWS = 1000


class ResultsPage(Page):
    """Which rows are shown is asked of the worker; the rows themselves are read a page at a time."""

    import_requested = Signal()

    def __init__(self, context: AccountContext) -> None:
        super().__init__("Results", wide=True)
        self._context = context
        self._request_id = 0
        self._asking = self._stale = False
        self._wanted_key = -1
        self._outcome: Outcome | None = None
        self.runs = QComboBox()
        self.runs.setAccessibleName("Import")
        self.runs.setMinimumWidth(300)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search phone, cells and answers")
        self.search.setAccessibleName("Search")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icons.icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
        self.model = RowsModel(context, (OUTCOME, PHONE, ROW, ANSWER, WHEN))
        self.table = RowsTable(self.model, self.model.columns, "Rows")
        self.detail = DetailPanel()
        self.decide_bar = DecideBar()
        self.notice = Notice()
        self._export = QPushButton("Export")
        self._chips: dict[Outcome | None, QPushButton] = {}
        self._build()
        self._wire()

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's: it may be out of date."""
        super().showEvent(event)
        self._fill_runs()
        self.find_rows()

    def show_run(self, run: int) -> None:
        """An import's rows."""
        self._choose(run)

    def show_contacts(self, key: int = -1) -> None:
        """All contacts that were added by hand, and one of them in detail."""
        self._wanted_key = key
        self._choose(CONTACTS)

    def show_person(self, text: str) -> None:
        """All that was ever sent from here for a phone number."""
        self._choose(EVERYTHING)
        self.search.setText(text)

    @property
    def run(self) -> int:
        """The run that is shown, or CONTACTS, or EVERYTHING."""
        chosen = self.runs.currentData()
        return CONTACTS if chosen is None else int(chosen)

    def find_rows(self) -> None:
        """Asks for the rows that are to be shown."""
        if self._asking:
            self._stale = True
            return
        self._asking, self._stale = True, False
        self._request_id = self._context.next_request_id()
        self._context.worker.queries.find_rows(self._request_id, self.run, self._outcome, self.search.text())

    # Its parts

    def _build(self) -> None:
        menu = QMenu(self._export)
        menu.addAction("All results as CSV").triggered.connect(lambda: self._save(to_fix=False))
        menu.addAction("Rows to fix as CSV").triggered.connect(lambda: self._save(to_fix=True))
        menu.addAction("Proof record as PDF and JSON").triggered.connect(self._save_record)
        self._export.setMenu(menu)
        self._export.setIcon(icons.icon("export"))
        self.top.addWidget(self._export)
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
        self._empty_words = label("", "quiet")
        self._empty_words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty_button = button("Import a file", self.import_requested.emit, role="primary", icon="import")
        empty = QWidget()
        empty.setLayout(column(0, self._empty_words, row(0, self._empty_button, 0), 0, spacing=theme.L))
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
        self._typing = timer(self, _TYPING, once=True)
        self._typing.timeout.connect(self.find_rows)
        self._news = timer(self, _NEWS, once=True)
        self._news.timeout.connect(self._take_completed)
        self.search.textChanged.connect(self._typing.start)
        self.runs.activated.connect(self._other_run)
        self.table.selectionModel().currentRowChanged.connect(self._row_chosen)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        worker_said = self._context.worker.suppression.changed
        worker_said.connect(self._protected)
        self.detail.closed.connect(self._close_detail)
        self.detail.decided.connect(lambda key, choice: self._context.worker.runs.resolve_rows((key,), choice))
        self.decide_bar.decided.connect(self._decide)
        worker = self._context.worker
        worker.queries.rows_found.connect(self._found)
        worker.rows_recorded.connect(self._rows_recorded)
        worker.queries.exported.connect(self._exported)
        worker.queries.record_written.connect(self._record_written)
        shortcut(self, "Ctrl+F", self.search.setFocus)
        shortcut(self, "Escape", self._close_detail)

    # What is shown

    def _fill_runs(self) -> None:
        chosen = self.run
        self.runs.clear()
        for run in self._context.reader.runs():
            if run.kind != CONTACT:
                when = formatting.relative(run.started_at or run.made_at)
                self.runs.addItem(f"{run_name(run)}  ·  {formatting.count(run.rows, 'row')}  ·  {when}", run.run)
        self.runs.addItem("Contacts added by hand", CONTACTS)
        self.runs.addItem("Everything that was sent from here", EVERYTHING)
        place = self.runs.findData(chosen)
        self.runs.setCurrentIndex(max(0, place))

    def _choose(self, run: int) -> None:
        self._fill_runs()
        place = self.runs.findData(run)
        if place >= 0:
            self.runs.setCurrentIndex(place)
        self._other_run()

    def _other_run(self) -> None:
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

    def _found(self, request_id: int, found: RowsFound) -> None:
        if request_id != self._request_id:
            return
        self._asking = False
        self.model.show(found.keys)
        self._show_counts(found.counts)
        self.decide_bar.show_rows(self._outcome, len(found.keys), min(found.could_text_twice, len(found.keys)))
        self._export.setEnabled(self.run > 0)
        self._export.setToolTip("" if self._export.isEnabled() else "Choose an import to export")
        self._stack.setCurrentIndex(0 if found.keys else 1)
        if not found.keys:
            nothing = not sum(found.counts.values())
            self._empty_words.setText("Nothing has been sent from here yet" if nothing else "No row is like that")
            self._empty_button.setVisible(nothing)
        self._choose_wanted()
        if not self.table.currentIndex().isValid():
            self.detail.hide()
        if self._stale:
            self.find_rows()

    def _choose_wanted(self) -> None:
        line = self.model.place_of(self._wanted_key) if self._wanted_key >= 0 else -1
        self._wanted_key = -1
        if line >= 0:
            how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.table.selectionModel().setCurrentIndex(self.model.index(line, 0), how)
            self.table.scrollTo(self.model.index(line, 0))

    def _show_counts(self, counts: dict[Outcome, int]) -> None:
        for outcome, chip in self._chips.items():
            number = sum(counts.values()) if outcome is None else counts.get(outcome, 0)
            name = "All" if outcome is None else formatting.OUTCOME_WORDS[outcome]
            chip.setText(f"{name}  {formatting.number(number)}")
            chip.setVisible(outcome is None or number > 0 or chip.isChecked())

    def _rows_recorded(self) -> None:
        if self.isVisible() and not self._news.isActive():
            self._news.start()

    def _take_completed(self) -> None:
        if self.isVisible():
            self.model.refresh()
            self.find_rows()
            self._show_detail(self.table.currentIndex())

    def _decide(self, choice: UnknownResolution | None) -> None:
        self._context.worker.runs.resolve_rows(self.model.keys(), choice)

    # One row

    def _row_chosen(self, current: QModelIndex, _before: QModelIndex) -> None:
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

    def _show_menu(self, where: QPoint) -> None:
        """What can be done with the person of a row."""
        index = self.table.indexAt(where)
        menu = self.row_menu(index.row()) if index.isValid() else None
        if menu is not None:
            menu.popup(self.table.viewport().mapToGlobal(where))

    def row_menu(self, line: int) -> QMenu | None:
        """The menu of a row; None where there is nothing to choose."""
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

    def _protected(self, said: str) -> None:
        if self.isVisible():
            self.notice.say("good", f"Do not text: {said}", "", ("Close", self.notice.hide))

    # Export

    def _save(self, *, to_fix: bool) -> None:
        run = self._context.reader.run(self.run)
        if run is None:
            return
        stem = run.file.rsplit(".", 1)[0]
        path = file_dialogs.ask_save(self, f"{stem} {'to fix' if to_fix else 'results'}.csv")
        if path is not None:
            self._context.worker.queries.export(run.run, path, to_fix=to_fix)

    def _save_record(self) -> None:
        run = self._context.reader.run(self.run)
        if run is None:
            return
        path = file_dialogs.ask_save(self, f"{run.file.rsplit('.', 1)[0]} record.json", "Proof records (*.json)")
        if path is not None:
            self._context.worker.queries.write_record(run.run, path)

    def _record_written(self, path: str, record: dict[str, Any]) -> None:
        from trackly_desktop.gui.audit_record_pdf import write_pdf

        paper = Path(path).with_suffix(".pdf")
        if not write_pdf(record, paper):
            self.notice.say("bad", f"{paper.name} cannot be written")
        elif self.isVisible():
            text = f"{paper}\n{path}"
            self.notice.say(
                "good", "The proof record was saved, for people and for “verify”", text, ("Close", self.notice.hide)
            )

    def _exported(self, path: str, rows: int) -> None:
        if self.isVisible():
            self.notice.say("good", f"{formatting.count(rows, 'row')} saved", path, ("Close", self.notice.hide))
