"""Bar for one correction of many rows: those that fit the problem, and any other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QPushButton

from trackly_desktop.contacts.issues import IssueCode
from trackly_desktop.gui import formatting, theme
from trackly_desktop.gui.widgets.controls import button, label, set_blocking_reason
from trackly_desktop.gui.widgets.layout import clear_layout, column, row
from trackly_desktop.gui.widgets.phone_edit import CountryPicker, country_name
from trackly_desktop.validation.corrections import Change, Fix
from trackly_desktop.validation.row_validator import IssueKind

if TYPE_CHECKING:
    from trackly_desktop.journal.correction_log import Correction

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

_OF_ANOTHER_COUNTRY = (
    IssueCode.PHONE_UNKNOWN_COUNTRY, IssueCode.PHONE_TOO_SHORT, IssueCode.PHONE_TOO_LONG, IssueCode.PHONE_WRONG_LENGTH,
    IssueCode.PHONE_NOT_ASSIGNED,
)  # fmt: skip
_ROWS_AS_READ = (IssueCode.ROW_QUOTE_NOT_CLOSED, IssueCode.ROW_TOO_MANY_CELLS)
_LEFT_OUT = {"date_": "date", "timezone_": "date", "ip_": "IP address", "url_": "web address", "number_": "value"}
"""Values without which a contact is whole, by how the codes of their issues begin."""


def fitting_changes(kind: IssueKind) -> list[tuple[Change, str]]:
    """Return the corrections that fit a kind of issue, and what each is called.

    `{rows}` in a name is the number of rows.
    """
    code, column_name = kind
    changes = []
    if column_name is not None:
        if code in _OF_ANOTHER_COUNTRY:
            changes.append((Change.ADD_COUNTRY, "Add the country to {rows}"))
        if code in (IssueCode.PHONE_REMARK, IssueCode.PHONE_OF_SOMEBODY_ELSE):
            changes.append((Change.KEEP_NUMBER, "Remove the remark in {rows}"))
        if code is IssueCode.PHONE_SEVERAL:
            changes.append((Change.FIRST_NUMBER, "Take the first in {rows}"))
        value = next((value for beginning, value in _LEFT_OUT.items() if code.startswith(beginning)), "")
        if value:
            changes.append((Change.SET, f"Leave the {value} out in {{rows}}"))
    if code in _ROWS_AS_READ:
        changes.append((Change.TAKE_AS_IT_IS, "Take {rows} as read"))
    return [*changes, (Change.LEAVE_OUT, "Leave out {rows}")]


def correction_text(correction: Correction) -> str:
    """Return what a correction did, for the operator that may undo it."""
    fix, rows = correction.fix, formatting.count(correction.rows, "row")
    column_name, text = fix["column"], fix["text"]
    match Change(fix["change"]):
        case Change.SET:
            return f"{column_name} set to “{text}” in {rows}" if text else f"{column_name} left out in {rows}"
        case Change.PUT_BEFORE:
            return f"“{text}” put before {column_name} in {rows}"
        case Change.REPLACE:
            return f"“{fix['find']}” replaced in {column_name} in {rows}"
        case Change.FIRST_NUMBER:
            return f"First number kept in {rows}"
        case Change.ADD_COUNTRY:
            return f"{country_name(text)} added to {rows}"
        case Change.KEEP_NUMBER:
            return f"Remark removed in {rows}"
        case Change.LEAVE_OUT:
            return f"{rows} left out"
        case Change.TAKE_AS_IT_IS:
            return f"{rows} taken as read"


class FixBar(QFrame):
    """Bar above the review's table. `wanted`: a Fix for the rows that are shown."""

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
        self.country = CountryPicker()
        self.country.choose("")
        self.country.setToolTip("The country of these numbers")
        line_edit = self.country.lineEdit()
        assert line_edit is not None
        line_edit.setPlaceholderText("Choose the country")
        self._fitting = row()
        self._or = label("Or change them another way:", "quiet")
        inside = column(self._fitting, self._or, line)
        inside.setContentsMargins(theme.M, theme.S, theme.M, theme.S)
        self.setLayout(inside)
        self._kind: IssueKind | None = None
        self._rows = 0
        self.country.currentIndexChanged.connect(self._allow_country)
        self._add_country: QPushButton | None = None
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
        self._offer_fitting()
        self._show()

    def _offer_fitting(self) -> None:
        """Show the corrections that fit the kind of issue, before any other."""
        self._fitting.removeWidget(self.country)
        clear_layout(self._fitting)
        self._add_country = None
        changes = fitting_changes(self._kind) if self._kind is not None else []
        has_country = any(change is Change.ADD_COUNTRY for change, _name in changes)
        if has_country:
            self.country.fill()
            self._fitting.addWidget(self.country)
        self.country.setVisible(has_country)
        for change, name in changes:
            offer = button(name.format(rows=formatting.count(self._rows, "row")), partial(self._fit, change))
            if change is Change.ADD_COUNTRY:
                self._add_country = offer
            self._fitting.addWidget(offer)
        self._fitting.addStretch(1)
        self._or.setVisible(bool(changes))
        self._allow_country()

    def _allow_country(self) -> None:
        if self._add_country is not None:
            set_blocking_reason(
                self._add_country, "" if self.country.currentIndex() >= 0 else "Choose the country first"
            )

    def _fit(self, change: Change) -> None:
        is_in_column = change in (*_IN_A_COLUMN, Change.ADD_COUNTRY, Change.KEEP_NUMBER)
        column_index = int(self.column.currentData()) if is_in_column else None
        text = self.country.region if change is Change.ADD_COUNTRY else ""
        self.wanted.emit(Fix(change, column_index, text, kind=self._kind))

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
