"""Custom fields as they are typed: a name, a type and a value each; a pasted block of `name: value` lines fills them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

from trackly_desktop.contacts.fields import CUSTOM_TYPES, CustomValue
from trackly_desktop.contacts.parsers import Unreadable, parse_custom_value
from trackly_desktop.gui import settings, theme
from trackly_desktop.gui.widgets.controls import button, label, set_property, tool
from trackly_desktop.gui.widgets.layout import column, row

_TYPE_WORDS = {"string": "Text", "number": "Number", "boolean": "Yes or no"}
_LINE = r"\s*([^:=\t]+?)\s*[:=\t]\s*(.*?)\s*$"


class _NameEdit(QLineEdit):
    """A name; a block of several lines pasted into it goes to the table."""

    block_pasted = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's."""
        text = QGuiApplication.clipboard().text() if event.matches(QKeySequence.StandardKey.Paste) else ""
        if read_lines(text) and ("\n" in text.strip() or not self.text()):
            self.block_pasted.emit(text)
        else:
            super().keyPressEvent(event)


class _Line(QWidget):
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
        for one in CUSTOM_TYPES:
            self.type.addItem(_TYPE_WORDS[one], one)
        self.type.setFixedWidth(116)
        self.value = QLineEdit()
        self.value.setPlaceholderText("Jane")
        self.value.setAccessibleName("Custom field value")
        self._problem = label("", "bad")
        self._problem.hide()
        remove = tool("trash", "Remove this field", lambda: owner.remove(self))
        self.stops = (self.name, self.type, self.value, remove)
        line = row(*self.stops)
        line.setStretch(0, 2)
        line.setStretch(2, 3)
        self.setLayout(column(line, self._problem, spacing=theme.XS))
        self.value.editingFinished.connect(lambda: self.read())
        self.type.activated.connect(lambda: self.read())
        for signal in (self.name.textChanged, self.value.textChanged):
            signal.connect(owner.changed)

    @property
    def is_empty(self) -> bool:
        return not self.name.text().strip() and not self.value.text().strip()

    def read(self) -> CustomValue | None:
        """The value; None, and the problem is shown, where it is wrong."""
        words, value = "", None
        if self.value.text().strip():
            try:
                value = parse_custom_value(self.value.text().strip(), str(self.type.currentData()))
            except Unreadable as problem:
                words = str(problem)
        if not words and value is not None and not self.name.text().strip():
            words = "A custom field needs a name"
        self._problem.setText(words)
        self._problem.setVisible(bool(words))
        set_property(self.value, "wrong", bool(words))
        return None if words else value


class CustomFields(QWidget):
    """The table of custom fields. There is always one empty line to type into."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[_Line] = []
        self._column = column(spacing=theme.S)
        self._add = button("Add a field", self.add_line, role="flat", icon="add")
        buttons = row(
            self._add,
            button("Paste lines", self._paste, role="flat", icon="copy"),
            label("like  name: value", "small"),
            0,
        )
        self.setLayout(column(self._column, buttons))

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's: folded away it needs no line, and costs the first window nothing."""
        super().showEvent(event)
        if not self._lines:
            self.add_line()

    def add_line(self, name: str = "", type_name: str = "string", value: str = "") -> None:
        """Another line."""
        line = _Line(self)
        line.name.setText(name)
        line.type.setCurrentIndex(CUSTOM_TYPES.index(type_name))
        line.value.setText(value)
        before = _stop_before(self._add)
        self._lines.append(line)
        self._column.addWidget(line)
        if self.isVisible():
            line.show()  # at once, not only when the layout next comes round to it
        for one in line.stops:
            QWidget.setTabOrder(before, one)  # Qt itself puts what is made later behind everything else
            before = one
        self.changed.emit()

    def remove(self, line: _Line) -> None:
        """Takes a line away; the last is emptied."""
        self._lines.remove(line)
        self._column.removeWidget(line)
        line.deleteLater()
        if not self._lines:
            self.add_line()
        self.changed.emit()

    def clear(self) -> None:
        """One empty line."""
        for line in [*self._lines]:
            self.remove(line)

    def paste_block(self, text: str) -> None:
        """Fills lines from a block of `name: value` lines; a name that is there already gets the new value."""
        for line in [one for one in self._lines if one.is_empty]:
            self._lines.remove(line)
            self._column.removeWidget(line)
            line.deleteLater()
        for name, value in read_lines(text).items():
            known = next((one for one in self._lines if one.name.text().strip() == name), None)
            if known is not None:
                known.value.setText(value)
            else:
                self.add_line(name, guessed_type(value), value)
        if not self._lines:
            self.add_line()

    def values(self) -> Mapping[str, CustomValue] | None:
        """What is typed; None, and the problems are shown, where something is wrong."""
        read = [(line.name.text().strip(), line.read(), line) for line in self._lines if not line.is_empty]
        if any(value is None and line.value.text().strip() for _name, value, line in read):
            return None
        values = {name: value for name, value, _line in read if value is not None}
        settings.save_custom_field_names(list(values)) if values else None
        return values

    def filled(self) -> int:
        """How many lines have a value."""
        return sum(bool(line.value.text().strip()) for line in self._lines)

    def _paste(self) -> None:
        self.paste_block(QGuiApplication.clipboard().text())


def _stop_before(widget: QWidget) -> QWidget:
    """Where the keyboard is before it comes here."""
    before = widget.previousInFocusChain()
    while before is not None and not before.focusPolicy() & Qt.FocusPolicy.TabFocus:
        before = before.previousInFocusChain()
    return before or widget


def read_lines(text: str) -> dict[str, str]:
    """The names and values of a block of `name: value` lines; lines that are none are left out."""
    found = (re.match(_LINE, line) for line in text.splitlines())
    return {match[1]: match[2] for match in found if match}


def guessed_type(value: str) -> str:
    """The type that a value looks like; text where in doubt."""
    from trackly_desktop.mapping.column_profile import ColumnProfile

    signs = ColumnProfile()
    signs.update(value)
    return signs.type
