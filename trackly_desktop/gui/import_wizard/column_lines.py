"""The columns of a file, a line each: its name, samples of what is in it, and what it is used for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from trackly_desktop.contacts.fields import CUSTOM_TYPES, FIELDS, Kind
from trackly_desktop.gui import theme
from trackly_desktop.gui.widgets.controls import label
from trackly_desktop.gui.widgets.layout import clear_layout
from trackly_desktop.mapping.column_mapping import ALSO_PHONE, CUSTOM, IGNORE, PHONE, ColumnMapping
from trackly_desktop.mapping.column_profile import ColumnProfile
from trackly_desktop.mapping.custom_names import custom_name

_TYPES = {"string": "Text", "number": "Number", "boolean": "Yes or no"}
_USE, _NAME, _TYPE = 212, 150, 110


class ColumnLines(QWidget):
    """`changed` when a column is used otherwise; `taken` when another column had that use: (new, old, mapping before)."""

    changed = Signal()
    taken = Signal(int, int, object)

    def __init__(self) -> None:
        super().__init__()
        self.mapping = ColumnMapping(())
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.M)
        self._grid.setVerticalSpacing(theme.S)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 3)
        self._lines: list[_Line] = []

    def show_file(self, header: Sequence[str], profiles: Sequence[ColumnProfile], mapping: ColumnMapping) -> None:
        """Another file's columns."""
        clear_layout(self._grid)
        for place, title in enumerate(("Column", "In it", "Is used as", "Name", "Type")):
            self._grid.addWidget(label(title, "small"), 0, place)
        self._lines = [_Line(self, number, name, profiles[number]) for number, name in enumerate(header)]
        for number, line in enumerate(self._lines, 1):
            for place, widget in enumerate((line.name, line.samples, line.use, line.custom, line.type)):
                self._grid.addWidget(widget, number, place)
        self.show_mapping(mapping)

    def show_mapping(self, mapping: ColumnMapping) -> None:
        """Another use of the columns."""
        self.mapping = mapping
        for line, use in zip(self._lines, mapping.columns, strict=True):
            line.show(use.field, use.type)
        self.changed.emit()

    def line(self, column: str) -> _Line:
        """A column's line by its name."""
        return next(line for line in self._lines if line.name.toolTip() == column)

    def use_changed(self, number: int, field: str, type_name: str) -> None:
        """The operator chose."""
        before = self.mapping
        others = [one for one in before.columns_of(field) if one != number and field not in (IGNORE, ALSO_PHONE)]
        self.show_mapping(before.with_use(number, field, type_name))
        if others:
            self.taken.emit(number, others[0], before)


class _Line:
    def __init__(self, owner: ColumnLines, number: int, name: str, profiles: ColumnProfile) -> None:
        self._owner, self._number, self._column, self._signs = owner, number, name, profiles
        self.name = _elided(name, "label")
        self.samples = _elided("  ·  ".join(profiles.samples) or "empty", "quiet")
        self.use = QComboBox()
        self.use.setAccessibleName(f"{name} is used as")
        self.use.setFixedWidth(_USE)
        self.use.addItem("Ignore", IGNORE)
        self.use.addItem("Custom field", CUSTOM)
        self.use.insertSeparator(2)
        for one in FIELDS:
            if one.kind is not Kind.CUSTOM:
                self.use.addItem(one.label, one.name)
            if one.name == PHONE:
                self.use.addItem("Phone, if the first has none", ALSO_PHONE)
        self.custom = QLineEdit()
        self.custom.setAccessibleName(f"{name}: the custom field’s name")
        self.custom.setFixedWidth(_NAME)
        self.type = QComboBox()
        self.type.setAccessibleName(f"{name}: the custom field’s type")
        self.type.setFixedWidth(_TYPE)
        for type_name in CUSTOM_TYPES:
            self.type.addItem(_TYPES[type_name], type_name)
        _keep_room(self.custom)
        _keep_room(self.type)
        self.use.activated.connect(self._chosen)
        self.custom.editingFinished.connect(self._chosen)
        self.type.activated.connect(self._chosen)

    def show(self, field: str, type_name: str) -> None:
        is_custom = field.startswith(CUSTOM)
        self.use.setCurrentIndex(self.use.findData(CUSTOM if is_custom else field))
        self.custom.setVisible(is_custom)
        self.type.setVisible(is_custom)
        if is_custom:
            self.custom.setText(field[len(CUSTOM) :])
            self.type.setCurrentIndex(CUSTOM_TYPES.index(type_name))

    def _chosen(self) -> None:
        field, type_name = str(self.use.currentData()), str(self.type.currentData())
        if field == CUSTOM:
            if self.custom.isHidden():
                type_name = self._signs.type
                self.custom.setText("")
            field = CUSTOM + (self.custom.text().strip() or custom_name(self._column))
        else:
            type_name = "string"
        now = self._owner.mapping.columns[self._number]
        if (now.field, now.type) != (field, type_name):
            self._owner.use_changed(self._number, field, type_name)


def _elided(text: str, role: str) -> QLabel:
    made = _Elided(text, role)
    made.setToolTip(text)
    return made


class _Elided(QLabel):
    """One line, cut with dots where there is no room for all of it."""

    def __init__(self, text: str, role: str) -> None:
        super().__init__()
        self._whole = " ".join(text.split())
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setMinimumWidth(80)

    def resizeEvent(self, _event: object) -> None:
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width()))


def _keep_room(widget: QWidget) -> None:
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)
