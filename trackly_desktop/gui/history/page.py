"""The page of everything that was sent from here: each import, each contact added by hand."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHeaderView, QLineEdit, QPushButton, QStackedWidget, QTableView, QWidget

from trackly_desktop.contacts.outcome import COUNTED, Outcome
from trackly_desktop.delivery.progress import shown_counts
from trackly_desktop.gui import formatting, icons, theme
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.outcome_text import run_name
from trackly_desktop.gui.results.rows_table import style_table
from trackly_desktop.gui.widgets.confirm_undo import confirm_undo
from trackly_desktop.gui.widgets.controls import Page, button, column, label, row, timer
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.journal.models import CONTACT, IMPORT, UNFINISHED, Run, State

_NEWS = 1000
_TITLES = (("When", 116), ("What", 168), ("Account", 132), ("List", 116), ("Rows", 60), ("What came of it", 0))


class HistoryPage(Page):
    """The newest first."""

    results_requested = Signal(int)
    run_requested = Signal(int)
    import_requested = Signal()
    person_requested = Signal(str)

    def __init__(self, context: AccountContext) -> None:
        super().__init__("History", wide=True)
        self._context = context
        self.model = _Model()
        self.table = QTableView()
        style_table(self.table)
        self.table.setAccessibleName("History")
        self.table.setModel(self.model)
        self.table.setFont(theme.digits_font(self.table.font()))
        header = self.table.horizontalHeader()
        for number, (_title, width) in enumerate(_TITLES):
            if width:
                header.resizeSection(number, width)
            else:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
        self.open_button = button("See results", self._open)
        self.go_on_button = button("Go on", self._go_on, role="primary", icon="play")
        self.undo_button = button("Take back", self._confirm_undo, icon="back")
        self.delete_button = button("Delete", self._ask_delete, role="flat", icon="trash")
        self.person = QLineEdit()
        self.person.setPlaceholderText("Find a person by phone number")
        self.person.setAccessibleName("Find a person by phone number")
        self.person.setClearButtonEnabled(True)
        self.person.addAction(icons.icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
        self.person.returnPressed.connect(self._find_person)
        self.notice = Notice()
        self.top.addWidget(self.delete_button)
        self.top.addWidget(self.undo_button)
        self.top.addWidget(self.open_button)
        self.top.addWidget(self.go_on_button)
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
        self._news = timer(self, _NEWS, once=True)
        self._news.timeout.connect(self.read)
        context.worker.rows_recorded.connect(self._rows_recorded)
        context.worker.runs.ended.connect(self._rows_recorded)

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's: it may be out of date."""
        super().showEvent(event)
        self.read()

    def read(self) -> None:
        """What the journal has now; the run that was chosen stays so."""
        chosen = self._chosen()
        runs = self._context.reader.runs()
        self.model.show(runs, self._context)
        self._stack.setCurrentIndex(0 if runs else 1)
        if chosen is not None:
            place = next((number for number, run in enumerate(runs) if run.run == chosen.run), -1)
            self.table.selectRow(place)
        self._update_actions()

    def _chosen(self) -> Run | None:
        current = self.table.currentIndex()
        return self.model.runs[current.row()] if current.isValid() else None

    def _update_actions(self) -> None:
        run = self._chosen()
        _update_actions(self.open_button, run is not None, "Choose a line first")
        unfinished = run is not None and run.kind != CONTACT and run.state in UNFINISHED
        _update_actions(self.go_on_button, unfinished, "Only an import that stopped before its end can go on")
        blocking_reason = self._why_not_back(run)
        _update_actions(self.undo_button, not blocking_reason, blocking_reason)

        over = run is not None and run.state not in UNFINISHED
        _update_actions(self.delete_button, over, "Choose a line first" if run is None else "It is not over yet")

    def _why_not_back(self, run: Run | None) -> str:
        """Why an import cannot be taken back; empty where it can."""
        if run is None or run.kind != IMPORT:
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
        run = self._chosen()
        if run is not None:
            confirm_undo(self.notice, run, lambda: self._undo_run(run))

    def _undo_run(self, run: Run) -> None:
        self.notice.hide()
        self._context.worker.runs.undo(run.run)

    def _ask_delete(self) -> None:
        run = self._chosen()
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
        self._context.worker.runs.delete(run.run)

    def _find_person(self) -> None:
        if text := self.person.text().strip():
            self.person_requested.emit(text)

    def _open(self) -> None:
        run = self._chosen()
        if run is not None:
            self.results_requested.emit(run.run if run.kind != CONTACT else 0)

    def _go_on(self) -> None:
        run = self._chosen()
        if run is not None:
            self.run_requested.emit(run.run)

    def _rows_recorded(self) -> None:
        if self.isVisible() and not self._news.isActive():
            self._news.start()


class _Model(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Run] = []
        self._context: AccountContext | None = None

    def show(self, runs: list[Run], context: AccountContext) -> None:
        self.beginResetModel()
        self.runs, self._context = runs, context
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.runs)

    def columnCount(self, _parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return len(_TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return _TITLES[section][0]

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        run, section = self.runs[index.row()], index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(run, section)
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                formatting.exact(run.started_at or run.made_at)
                if section == 0
                else run.confirmed or self._text(run, section)
            )
        if role == Qt.ItemDataRole.DecorationRole and section == len(_TITLES) - 1:
            return icons.icon(*_icon(run))
        return None

    def _text(self, run: Run, section: int) -> str:
        assert self._context is not None
        texts = (
            partial(formatting.relative, run.started_at or run.made_at),
            lambda: run_name(run),
            lambda: run.account_name,
            lambda: run.list_number or "by row",
            lambda: formatting.number(run.rows),
            lambda: _came(run),
        )
        return texts[section]()


def _came(run: Run) -> str:
    counts = shown_counts(run.counts)
    said = [
        f"{formatting.number(counts[one])} {formatting.OUTCOME_WORDS[one].lower()}" for one in COUNTED if counts[one]
    ]
    return f"{_state(run)}: {', '.join(said)}" if said else _state(run)


def _state(run: Run) -> str:
    return {
        State.RUNNING: "Not ended",
        State.STOPPED: "Stopped",
        State.CANCELLED: "Cancelled",
        State.FINISHED: "Done",
        State.DRAFT: "Not begun",
    }[run.state]


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


def _update_actions(one: QPushButton, allowed: bool, blocking_reason: str) -> None:
    one.setEnabled(allowed)
    one.setToolTip("" if allowed else blocking_reason)


def _alignment(section: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if _TITLES[section][0] == "Rows" else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
