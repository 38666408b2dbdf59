"""Bar for one correction of many rows: the change, the column, the number of rows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit

from trackly_desktop.contacts.issues import IssueCode
from trackly_desktop.gui import formatting, theme
from trackly_desktop.gui.widgets.controls import button, label
from trackly_desktop.gui.widgets.layout import column, row
from trackly_desktop.validation.corrections import Change, Fix
from trackly_desktop.validation.row_validator import IssueKind

_CHANGES = {
    Change.PUT_BEFORE: "Put before each",
    Change.REPLACE: "Find and replace",
    Change.SET: "Set all to",
    Change.FIRST_NUMBER: "Keep the first number",
    Change.TAKE_AS_IT_IS: "Take the rows as they are",
    Change.LEAVE_OUT: "Leave the rows out",
}
_IN_A_COLUMN = (Change.PUT_BEFORE, Change.REPLACE, Change.SET, Change.FIRST_NUMBER)
_WITH_TEXT = (Change.PUT_BEFORE, Change.REPLACE, Change.SET)


class FixBar(QFrame):
    """Bar below the review's table. `wanted`: a Fix for the rows that are shown."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("cardSoft")
        self.change, self.column = QComboBox(), QComboBox()
        for value, text in _CHANGES.items():
            self.change.addItem(text, value)
        self.change.setAccessibleName("What is changed")
        self.column.setAccessibleName("In the column")
        self.column.setMinimumWidth(150)
        self.look_for, self.text = QLineEdit(), QLineEdit()
        self.look_for.setPlaceholderText("find")
        self.look_for.setAccessibleName("Find")
        self.text.setAccessibleName("Text")
        self._in = label("in", "quiet")
        self._with = label("with", "quiet")
        self.go = button("", self._go)
        line = row(self.change, self._in, self.column, self.look_for, self._with, self.text, 0, self.go)
        inside = column(line)
        inside.setContentsMargins(theme.M, theme.S, theme.M, theme.S)
        self.setLayout(inside)
        self._kind: IssueKind | None = None
        self._rows = 0
        self.change.activated.connect(self._show)
        self.look_for.textChanged.connect(self._show)
        self.text.textChanged.connect(self._show)
        self.text.returnPressed.connect(self.go.click)
        self.look_for.returnPressed.connect(self.go.click)

    def show_columns(self, header: Sequence[str]) -> None:
        """Show another file's columns."""
        self.column.clear()
        for index, name in enumerate(header):
            self.column.addItem(name, index)
        self._show()

    def show_kind(self, kind: IssueKind | None, rows: int, column: int | None) -> None:
        """Show how many rows a correction would change.

        Those with this kind of issue, or (None) all.
        """
        self._kind, self._rows = kind, rows
        if column is not None:
            self.column.setCurrentIndex(column)
        if kind is not None and kind[0] is IssueCode.PHONE_SEVERAL:
            self._choose(Change.FIRST_NUMBER)
        elif not self._is(*_WITH_TEXT):
            self._choose(Change.PUT_BEFORE)
        self._show()

    def _choose(self, change: Change) -> None:
        self.change.setCurrentIndex(self.change.findData(change))

    def _is(self, *changes: Change) -> bool:
        return Change(self.change.currentData()) in changes

    def _show(self) -> None:
        for part in (self._in, self.column):
            part.setVisible(self._is(*_IN_A_COLUMN))
        self.look_for.setVisible(self._is(Change.REPLACE))
        self._with.setVisible(self._is(Change.REPLACE))
        self.text.setVisible(self._is(*_WITH_TEXT))
        self.text.setPlaceholderText(
            "+1" if self._is(Change.PUT_BEFORE) else "nothing" if self._is(Change.REPLACE) else ""
        )
        verbs = {Change.LEAVE_OUT: "Leave out", Change.TAKE_AS_IT_IS: "Take", Change.REPLACE: "Replace in"}
        verb = verbs.get(Change(self.change.currentData()), "Change")
        self.go.setText(f"{verb} {formatting.count(self._rows, 'row')}")
        reason = self._blocking_reason()
        self.go.setEnabled(not reason)
        self.go.setToolTip(reason)

    def _blocking_reason(self) -> str:
        if not self._rows:
            return "No rows are shown"
        if self._is(Change.PUT_BEFORE) and not self.text.text():
            return "Type what to put before each value"
        return "Type what to look for" if self._is(Change.REPLACE) and not self.look_for.text() else ""

    def _go(self) -> None:
        change = Change(self.change.currentData())
        column = int(self.column.currentData()) if change in _IN_A_COLUMN else None
        self.wanted.emit(Fix(change, column, self.text.text(), self.look_for.text(), kind=self._kind))
