"""Table of a file's columns: name, samples and use of each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from trackly_desktop.contacts.fields import CUSTOM_TYPES, FIELDS, Kind
from trackly_desktop.gui import theme
from trackly_desktop.gui.contact_form.fields import TYPE_LABELS
from trackly_desktop.gui.widgets.controls import label
from trackly_desktop.gui.widgets.layout import clear_layout
from trackly_desktop.mapping.column_mapping import ALSO_PHONE, CUSTOM, IGNORE, PHONE, ColumnMapping
from trackly_desktop.mapping.column_profile import ColumnProfile
from trackly_desktop.mapping.custom_names import custom_name

_TITLES = ("Column", "In it", "Is used as", "Name", "Type")
_USE_WIDTH, _NAME_WIDTH, _TYPE_WIDTH = 212, 150, 110


class ColumnLines(QWidget):
    """One line for each column of the file.

    Signals:
        changed: The mapping is another one.
        reassigned: A column was given a field that another one had: index of the column, index of the other one,
            ColumnMapping before.
    """

    changed = Signal()
    reassigned = Signal(int, int, object)

    def __init__(self) -> None:
        super().__init__()
        self.mapping = ColumnMapping(())
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.M)
        self._grid.setVerticalSpacing(theme.S)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 3)
        self._lines: list[_ColumnLine] = []

    def show_file(self, header: Sequence[str], profiles: Sequence[ColumnProfile], mapping: ColumnMapping) -> None:
        """Show the columns of a file in place of the previous ones."""
        clear_layout(self._grid)
        for grid_column, title in enumerate(_TITLES):
            self._grid.addWidget(label(title, "small"), 0, grid_column)
        self._lines = [_ColumnLine(self, index, name, profiles[index]) for index, name in enumerate(header)]
        for grid_row, line in enumerate(self._lines, 1):
            for grid_column, widget in enumerate((line.name, line.samples, line.use, line.custom_name, line.type)):
                self._grid.addWidget(widget, grid_row, grid_column)
        self.show_mapping(mapping)

    def show_mapping(self, mapping: ColumnMapping) -> None:
        """Use the columns as this mapping says."""
        self.mapping = mapping
        for line, use in zip(self._lines, mapping.columns, strict=True):
            line.show_use(use.field, use.type)
        self.changed.emit()

    def set_use(self, index: int, field: str, type_name: str) -> None:
        """Use a column as a field, as the operator chose."""
        before = self.mapping
        is_unique = field not in (IGNORE, ALSO_PHONE)
        others = [other for other in before.columns_of(field) if other != index and is_unique]
        self.show_mapping(before.with_use(index, field, type_name))
        if others:
            self.reassigned.emit(index, others[0], before)


class _ColumnLine:
    """The widgets of one column."""

    def __init__(self, owner: ColumnLines, index: int, name: str, profile: ColumnProfile) -> None:
        self._owner, self._index, self._column, self._profile = owner, index, name, profile
        self.name = _ElidedLabel(name, "label")
        self.samples = _ElidedLabel("  ·  ".join(profile.samples) or "empty", "quiet")
        self.use = QComboBox()
        self.use.setAccessibleName(f"{name} is used as")
        self.use.setFixedWidth(_USE_WIDTH)
        self.use.addItem("Ignore", IGNORE)
        self.use.addItem("Custom field", CUSTOM)
        self.use.insertSeparator(2)
        for field in FIELDS:
            if field.kind is not Kind.CUSTOM:
                self.use.addItem(field.label, field.name)
            if field.name == PHONE:
                self.use.addItem("Phone, if the first has none", ALSO_PHONE)
        self.custom_name = QLineEdit()
        self.custom_name.setAccessibleName(f"{name}: the custom field’s name")
        self.custom_name.setFixedWidth(_NAME_WIDTH)
        self.type = QComboBox()
        self.type.setAccessibleName(f"{name}: the custom field’s type")
        self.type.setFixedWidth(_TYPE_WIDTH)
        for type_name in CUSTOM_TYPES:
            self.type.addItem(TYPE_LABELS[type_name], type_name)
        _retain_size_when_hidden(self.custom_name)
        _retain_size_when_hidden(self.type)
        self.use.activated.connect(self._apply_choice)
        self.custom_name.editingFinished.connect(self._apply_choice)
        self.type.activated.connect(self._apply_choice)

    def show_use(self, field: str, type_name: str) -> None:
        is_custom = field.startswith(CUSTOM)
        self.use.setCurrentIndex(self.use.findData(CUSTOM if is_custom else field))
        self.custom_name.setVisible(is_custom)
        self.type.setVisible(is_custom)
        if is_custom:
            self.custom_name.setText(field[len(CUSTOM) :])
            self.type.setCurrentIndex(CUSTOM_TYPES.index(type_name))

    def _apply_choice(self) -> None:
        field, type_name = str(self.use.currentData()), str(self.type.currentData())
        if field == CUSTOM:
            if self.custom_name.isHidden():  # it was no custom field before
                type_name = self._profile.type
                self.custom_name.setText("")
            field = CUSTOM + (self.custom_name.text().strip() or custom_name(self._column))
        else:
            type_name = "string"
        current = self._owner.mapping.columns[self._index]
        if (current.field, current.type) != (field, type_name):
            self._owner.set_use(self._index, field, type_name)


class _ElidedLabel(QLabel):
    """One line of text, elided to the label's width; its tooltip is the whole text."""

    def __init__(self, text: str, role: str) -> None:
        super().__init__()
        self._text = " ".join(text.split())
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setMinimumWidth(80)
        self.setToolTip(text)

    def resizeEvent(self, _event: object) -> None:
        self.setText(self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width()))


def _retain_size_when_hidden(widget: QWidget) -> None:
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)
