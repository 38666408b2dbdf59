"""The do-not-text page: the suppression list of the account in use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QTableView, QWidget

from trackly_desktop.contacts import phone_numbers
from trackly_desktop.gui import file_dialogs, formatting, theme
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.widgets.controls import button, label, search_box, set_blocking_reason, timer
from trackly_desktop.gui.widgets.field import FieldBox
from trackly_desktop.gui.widgets.layout import Page, column, row
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.gui.widgets.table_model import TableColumn, TableModel
from trackly_desktop.gui.widgets.table_view import ColumnsTable
from trackly_desktop.messages import parse_problem_text

if TYPE_CHECKING:
    from trackly_desktop.journal.suppression_list import SuppressedNumber

_MAXIMUM_ROWS = 1_000
_TYPING_MS = 200
"""Without a key press for so long, the list is searched."""

_COLUMNS: tuple[TableColumn[SuppressedNumber], ...] = (
    TableColumn("Phone", lambda entry: formatting.international(entry.phone), 180, hint=lambda entry: entry.phone),
    TableColumn(
        "Since",
        lambda entry: formatting.relative(entry.added_at),
        150,
        hint=lambda entry: formatting.exact(entry.added_at),
    ),
    TableColumn("Where it comes from", lambda entry: entry.source),
)


class DoNotTextPage(Page):
    """Shows the suppression list; adds, removes, imports and exports phone numbers."""

    def __init__(self, context: AccountContext) -> None:
        super().__init__("Do not text", wide=True)
        self._context = context
        self.notice = Notice()
        self.number = QLineEdit()
        self.number.setPlaceholderText("(415) 555-0120")
        self.number.setMaximumWidth(260)
        self.number_field = FieldBox(
            "Phone number", self.number, beside=button("Put on the list", self._add, role="primary", icon="block")
        )
        self.search = search_box("Search the list by number", "Search the list by number")
        self.model = TableModel(_COLUMNS)
        self.table = ColumnsTable(self.model, "Do not text")
        self.table.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
        self._count = label("", "quiet")
        self.remove_button = button("Take off the list", self._confirm_remove, icon="trash", role="flat")
        self.file_button = button("Add from a file", self._add_file, icon="import")
        self.export_button = button("Export", self._export, icon="export")
        self._build()
        self._search_timer = timer(self, _TYPING_MS, once=True)
        self._search_timer.timeout.connect(self.refresh)
        self.search.textChanged.connect(self._search_timer.start)
        self.number.returnPressed.connect(self._add)
        self.table.selectionModel().selectionChanged.connect(self._update_actions)
        context.account_changed.connect(self.refresh)
        context.worker.suppression.changed.connect(self._on_suppression_changed)
        context.worker.failed.connect(self._on_failed)
        context.worker.suppression.exported.connect(self._on_exported)

    def _build(self) -> None:
        for action_button in (self.remove_button, self.file_button, self.export_button):
            self.top.addWidget(action_button)
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
        self.content.addWidget(self.number_field)
        self.content.addLayout(row(self.search, self._count, spacing=theme.M))
        self.content.addWidget(self._stack, 1)
        self.setFocusProxy(self.number)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Read the list from the journal again."""
        account, reader = self._context.account, self._context.reader
        self._about.setText(
            f"Whoever is on this list is never sent from here to “{account.name}”: not by the form, an import or a command."
        )
        self.model.show(reader.suppressed_numbers(account.id, self.search.text(), _MAXIMUM_ROWS))
        total, shown = reader.suppressed_count(account.id), self.model.rowCount()
        more = f"; the newest {formatting.number(shown)} are shown" if total > shown == _MAXIMUM_ROWS else ""
        self._count.setText(formatting.count(total, "number") + more)
        self._empty.setText("No number on the list is like that" if total else "Nobody is on this list yet")
        self._stack.setCurrentIndex(0 if shown else 1)
        set_blocking_reason(self.export_button, "" if total else "The list is empty")
        self._update_actions()

    def _update_actions(self, *_: object) -> None:
        has_selection = self.table.selectionModel().hasSelection()
        set_blocking_reason(self.remove_button, "" if has_selection else "Choose a number first")

    def _selected_phones(self) -> list[str]:
        return [self.model.rows[index.row()].phone for index in self.table.selectionModel().selectedRows()]

    def _add(self) -> None:
        try:
            number = phone_numbers.parse_phone(self.number.text(), self._context.account.region).e164
        except phone_numbers.PhoneProblem as problem:
            self.number_field.show_problem(parse_problem_text(problem))
            self.number.setFocus()
            return
        self.number_field.show_problem("")
        self.number.clear()
        self._context.worker.suppression.add(self._context.account.id, (number,), "by hand")

    def _add_file(self) -> None:
        path = file_dialogs.ask_open(self)
        if path is not None:
            self.add_file(path)

    def add_file(self, path: Path) -> None:
        """Put every phone number of a file on the list, whatever columns the file has."""
        self.notice.say("info", "Reading the file")
        self._context.worker.suppression.add_file(self._context.account, path)

    def _confirm_remove(self) -> None:
        phones = self._selected_phones()
        subject = phones[0] if len(phones) == 1 else formatting.count(len(phones), "number")
        self.notice.say(
            "caution",
            f"Take {subject} off the list?",
            "They can be sent again from then on. Do it only if they have agreed to be texted again.",
            ("Take off the list", lambda: self._context.worker.suppression.remove(self._context.account.id, phones)),
            ("Keep on the list", self.notice.hide),
        )

    def _export(self) -> None:
        path = file_dialogs.ask_save(self, "do not text.csv")
        if path is not None:
            self._context.worker.suppression.export(self._context.account.id, path)

    def _on_suppression_changed(self, message: str) -> None:
        if self.isVisible():
            self.notice.say("good", message)
            self.refresh()

    def _on_failed(self, message: str) -> None:
        if self.isVisible():
            self.notice.say("bad", message)

    def _on_exported(self, path: str, rows: int) -> None:
        if self.isVisible():
            self.notice.say("good", f"{formatting.count(rows, 'number')} saved", path, ("Close", self.notice.hide))
