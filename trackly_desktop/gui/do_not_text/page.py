"""The page of the do-not-text list: numbers that are never sent from here, whatever else is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHeaderView, QLineEdit, QStackedWidget, QTableView, QWidget

from trackly_desktop.contacts import phone_numbers
from trackly_desktop.gui import file_dialogs, formatting, icons, theme
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.results.rows_table import style_table
from trackly_desktop.gui.widgets.controls import Page, button, column, label, row, timer
from trackly_desktop.gui.widgets.field import FieldBox
from trackly_desktop.gui.widgets.notice import Notice

if TYPE_CHECKING:
    from trackly_desktop.journal.suppression_list import SuppressedNumber

_SHOWN = 1_000
_TYPING = 200
_TITLES = (("Phone", 180), ("Since", 150), ("Where it comes from", 0))


class DoNotTextPage(Page):
    """The list of the account in use."""

    def __init__(self, context: AccountContext) -> None:
        super().__init__("Do not text", wide=True)
        self._context = context
        self.notice = Notice()
        self.number = QLineEdit()
        self.number.setPlaceholderText("(415) 555-0120")
        self.number.setMaximumWidth(260)
        self._number_box = FieldBox(
            "Phone number", self.number, beside=button("Put on the list", self._add, role="primary", icon="block")
        )
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search the list by number")
        self.search.setAccessibleName("Search the list by number")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icons.icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
        self.model = _Model()
        self.table = QTableView()
        self._count = label("", "quiet")
        self.remove_button = button("Take off the list", self._ask_remove, icon="trash", role="flat")
        self.file_button = button("Add from a file", self._add_file, icon="import")
        self.export_button = button("Export", self._export, icon="export")
        self._build()
        self._typing = timer(self, _TYPING, once=True)
        self._typing.timeout.connect(self.read)
        self.search.textChanged.connect(self._typing.start)
        self.number.returnPressed.connect(self._add)
        self.table.selectionModel().selectionChanged.connect(self._update_actions)
        context.account_changed.connect(self.read)
        context.worker.suppression.changed.connect(self._changed)
        context.worker.failed.connect(self._failed)
        context.worker.suppression.exported.connect(self._exported)

    def _build(self) -> None:
        style_table(self.table)
        self.table.setAccessibleName("Do not text")
        self.table.setModel(self.model)
        self.table.setFont(theme.digits_font(self.table.font()))
        self.table.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
        header = self.table.horizontalHeader()
        for number, (_title, width) in enumerate(_TITLES):
            if width:
                header.resizeSection(number, width)
            else:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
        for one in (self.remove_button, self.file_button, self.export_button):
            self.top.addWidget(one)
        self._empty = label("Nobody is on this list yet", "quiet")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        empty = QWidget()
        empty.setLayout(column(0, self._empty, 0))
        self._stack.addWidget(empty)
        self._about = label("", wrap=True)
        self.content.addWidget(self._about)
        self.content.addWidget(self.notice)
        self.content.addWidget(self._number_box)
        self.content.addLayout(row(self.search, self._count, spacing=theme.M))
        self.content.addWidget(self._stack, 1)
        self.setFocusProxy(self.number)

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's: it may be out of date."""
        super().showEvent(event)
        self.read()

    def read(self) -> None:
        """What the journal has now."""
        account, reader = self._context.account, self._context.reader
        self._about.setText(
            f"Whoever is on this list is never sent from here to “{account.name}”: not by the form, an import or a command."
        )
        self.model.show(reader.suppressed_numbers(account.id, self.search.text(), _SHOWN))
        everybody, shown = reader.suppressed_count(account.id), self.model.rowCount()
        more = f"; the newest {formatting.number(shown)} are shown" if everybody > shown == _SHOWN else ""
        self._count.setText(formatting.count(everybody, "number") + more)
        self._empty.setText("No number on the list is like that" if everybody else "Nobody is on this list yet")
        self._stack.setCurrentIndex(0 if shown else 1)
        self.export_button.setEnabled(everybody > 0)
        self.export_button.setToolTip("" if everybody else "The list is empty")
        self._update_actions()

    def _update_actions(self, *_: object) -> None:
        some = self.table.selectionModel().hasSelection()
        self.remove_button.setEnabled(some)
        self.remove_button.setToolTip("" if some else "Choose a number first")

    def _chosen(self) -> list[str]:
        return [self.model.people[index.row()].phone for index in self.table.selectionModel().selectedRows()]

    def _add(self) -> None:
        try:
            number = phone_numbers.parse_phone(self.number.text(), self._context.account.region).e164
        except phone_numbers.PhoneProblem as problem:
            self._number_box.show_problem(str(problem))
            self.number.setFocus()
            return
        self._number_box.show_problem("")
        self.number.clear()
        self._context.worker.suppression.add(self._context.account.id, (number,), "by hand")

    def _add_file(self) -> None:
        path = file_dialogs.ask_open(self)
        if path is not None:
            self.add_file(path)

    def add_file(self, path: object) -> None:
        """Every phone number of a file, whatever columns it has."""
        self.notice.say("info", "Reading the file")
        self._context.worker.suppression.add_file(self._context.account, path)  # type: ignore[arg-type]

    def _ask_remove(self) -> None:
        chosen = self._chosen()
        some = chosen[0] if len(chosen) == 1 else formatting.count(len(chosen), "number")
        self.notice.say(
            "caution",
            f"Take {some} off the list?",
            "They can be sent again from then on. Do it only if they have agreed to be texted again.",
            ("Take off the list", lambda: self._context.worker.suppression.remove(self._context.account.id, chosen)),
            ("Keep on the list", self.notice.hide),
        )

    def _export(self) -> None:
        path = file_dialogs.ask_save(self, "do not text.csv")
        if path is not None:
            self._context.worker.suppression.export(self._context.account.id, path)

    def _changed(self, said: str) -> None:
        if self.isVisible():
            self.notice.say("good", said)
            self.read()

    def _failed(self, said: str) -> None:
        if self.isVisible():
            self.notice.say("bad", said)

    def _exported(self, path: str, rows: int) -> None:
        if self.isVisible():
            self.notice.say("good", f"{formatting.count(rows, 'number')} saved", path, ("Close", self.notice.hide))


class _Model(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.people: list[SuppressedNumber] = []

    def show(self, people: list[SuppressedNumber]) -> None:
        self.beginResetModel()
        self.people = people
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.people)

    def columnCount(self, _parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return len(_TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return _TITLES[section][0]

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        person = self.people[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (formatting.international(person.phone), formatting.relative(person.added_at), person.source)[
                index.column()
            ]
        if role == Qt.ItemDataRole.ToolTipRole:
            return (person.phone, formatting.exact(person.added_at), person.source)[index.column()]
        return None
