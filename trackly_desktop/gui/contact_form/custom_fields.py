"""Editor of custom fields: a name, a type and a value on each line."""

from __future__ import annotations

import re
from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

from trackly_desktop.contacts.fields import CUSTOM_TYPES, CustomValue
from trackly_desktop.contacts.issues import Issue, IssueCode, ParseProblem
from trackly_desktop.contacts.parsers import parse_custom_value
from trackly_desktop.gui import settings, theme
from trackly_desktop.gui.contact_form.fields import TYPE_LABELS
from trackly_desktop.gui.widgets.controls import button, label, set_property, tool
from trackly_desktop.gui.widgets.layout import column, row

_NAME_AND_VALUE = re.compile(r"\s*([^:=\t]+?)\s*[:=\t]\s*(.*?)\s*$")


class _NameEdit(QLineEdit):
    """Name of a custom field; emits `block_pasted` where several lines are pasted."""

    block_pasted = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = QGuiApplication.clipboard().text() if event.matches(QKeySequence.StandardKey.Paste) else ""
        if parse_block(text) and ("\n" in text.strip() or not self.text()):
            self.block_pasted.emit(text)
        else:
            super().keyPressEvent(event)


class _FieldLine(QWidget):
    """One custom field."""

    def __init__(self, owner: CustomFields) -> None:
        super().__init__()
        self.name = _NameEdit()
        self.name.setPlaceholderText("first_name")
        self.name.setAccessibleName("Custom field name")
        self.name.setCompleter(QCompleter(settings.custom_field_names(), self))
        self.name.block_pasted.connect(owner.paste_block)
        self.type = QComboBox()
        self.type.setAccessibleName("Custom field type")
        for type_name in CUSTOM_TYPES:
            self.type.addItem(TYPE_LABELS[type_name], type_name)
        self.type.setFixedWidth(116)
        self.value = QLineEdit()
        self.value.setPlaceholderText("Jane")
        self.value.setAccessibleName("Custom field value")
        self._problem = label("", "bad")
        self._problem.hide()
        remove = tool("trash", "Remove this field", lambda: owner.remove(self))
        self.tab_stops = (self.name, self.type, self.value, remove)
        controls = row(*self.tab_stops)
        controls.setStretch(0, 2)
        controls.setStretch(2, 3)
        self.setLayout(column(controls, self._problem, spacing=theme.XS))
        self.value.editingFinished.connect(lambda: self.parse())
        self.type.activated.connect(lambda: self.parse())
        for signal in (self.name.textChanged, self.value.textChanged):
            signal.connect(owner.changed)

    @property
    def is_empty(self) -> bool:
        return not self.name.text().strip() and not self.value.text().strip()

    def parse(self) -> CustomValue | None:
        """Return the value; None where there is none or it is wrong, which is shown."""
        problem, value = "", None
        if self.value.text().strip():
            try:
                value = parse_custom_value(self.value.text().strip(), str(self.type.currentData()))
            except ParseProblem as error:
                from trackly_desktop.messages import parse_problem_text

                problem = parse_problem_text(error, self.value.text())
        if not problem and value is not None and not self.name.text().strip():
            from trackly_desktop.messages import issue_text

            problem = issue_text(Issue(IssueCode.CUSTOM_NAME_MISSING))
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        set_property(self.value, "wrong", bool(problem))
        return None if problem else value


class CustomFields(QWidget):
    """The lines of custom fields, at least one; a pasted block fills them."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[_FieldLine] = []
        self._column = column(spacing=theme.S)
        self._add_button = button("Add a field", self.add_line, role="flat", icon="add")
        buttons = row(
            self._add_button,
            button("Paste lines", self._paste, role="flat", icon="copy"),
            label("like  name: value", "small"),
            0,
        )
        self.setLayout(column(self._column, buttons))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._lines:  # made when first shown: the first window is there sooner
            self.add_line()

    def add_line(self, name: str = "", type_name: str = "string", value: str = "") -> None:
        """Add a line at the end."""
        line = _FieldLine(self)
        line.name.setText(name)
        line.type.setCurrentIndex(CUSTOM_TYPES.index(type_name))
        line.value.setText(value)
        previous = _previous_tab_stop(self._add_button)
        self._lines.append(line)
        self._column.addWidget(line)
        if self.isVisible():
            line.show()  # at once, not only when the layout is next activated
        for stop in line.tab_stops:
            QWidget.setTabOrder(previous, stop)  # Qt puts a later widget behind all others
            previous = stop
        self.changed.emit()

    def remove(self, line: _FieldLine) -> None:
        """Remove a line; the last one is replaced by an empty one."""
        self._delete(line)
        if not self._lines:
            self.add_line()
        self.changed.emit()

    def clear(self) -> None:
        """Leave one empty line."""
        for line in [*self._lines]:
            self.remove(line)

    def paste_block(self, text: str) -> None:
        """Fill lines from a block of `name: value` lines; a known name gets a new value."""
        for line in [line for line in self._lines if line.is_empty]:
            self._delete(line)
        for name, value in parse_block(text).items():
            same_name = next((line for line in self._lines if line.name.text().strip() == name), None)
            if same_name is not None:
                same_name.value.setText(value)
            else:
                self.add_line(name, guess_type(value), value)
        if not self._lines:
            self.add_line()

    def values(self) -> Mapping[str, CustomValue] | None:
        """Return name -> value; None where a value is wrong, which is shown."""
        parsed = [(line.name.text().strip(), line.parse(), line) for line in self._lines if not line.is_empty]
        if any(value is None and line.value.text().strip() for _name, value, line in parsed):
            return None
        values = {name: value for name, value, _line in parsed if value is not None}
        if values:
            settings.save_custom_field_names(list(values))
        return values

    def filled(self) -> int:
        """Return how many lines have a value."""
        return sum(bool(line.value.text().strip()) for line in self._lines)

    def _delete(self, line: _FieldLine) -> None:
        self._lines.remove(line)
        self._column.removeWidget(line)
        line.deleteLater()

    def _paste(self) -> None:
        self.paste_block(QGuiApplication.clipboard().text())


def _previous_tab_stop(widget: QWidget) -> QWidget:
    """Return the widget before this one in the tab order."""
    previous = widget.previousInFocusChain()
    while previous is not None and not previous.focusPolicy() & Qt.FocusPolicy.TabFocus:
        previous = previous.previousInFocusChain()
    return previous or widget


def parse_block(text: str) -> dict[str, str]:
    """Return name -> value of the `name: value` lines in a block."""
    matches = (_NAME_AND_VALUE.match(line) for line in text.splitlines())
    return {match[1]: match[2] for match in matches if match}


def guess_type(value: str) -> str:
    """Return the custom field type that a value looks like; `string` where unsure."""
    from trackly_desktop.mapping.column_profile import ColumnProfile

    profile = ColumnProfile()
    profile.update(value)
    return profile.type
