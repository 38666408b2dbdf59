"""Boxes that show how a file was read, each of which can be changed."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from trackly_desktop.files.table import DetectedFormat, FormatOptions, HiddenCells
from trackly_desktop.files.text.text_formats import DELIMITERS, ENCODINGS
from trackly_desktop.gui import theme
from trackly_desktop.gui.widgets.controls import number_box
from trackly_desktop.gui.widgets.field import FieldBox
from trackly_desktop.gui.widgets.layout import row

_MAX_HEADER_ROW = 100_000


def encoding_label(name: str) -> str:
    """Return the label of an encoding; its name where it has none."""
    encoding = ENCODINGS.get(name)
    return name if encoding is None else encoding.label


class FormatOptionBoxes(QWidget):
    """Encoding, delimiter, sheet and header row of a file.

    Emits `sheet_changed` when another sheet is chosen, and `changed` when anything else is.
    """

    changed = Signal()
    sheet_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.encoding = _combo(((name, encoding.label) for name, encoding in ENCODINGS.items()), 210)
        self.delimiter = _combo(DELIMITERS.items(), 140)
        self.sheet = _combo((), 210)
        self.header = number_box(0, _MAX_HEADER_ROW, "")
        self.header.setSpecialValueText("There are none")
        self.header.setMinimumWidth(140)
        self.header.setKeyboardTracking(False)
        self.encoding.activated.connect(self.changed)
        self.delimiter.activated.connect(self.changed)
        self.sheet.activated.connect(self.sheet_changed)
        self.header.valueChanged.connect(self._on_header_changed)
        self._encoding_box = FieldBox("Letters are encoded as", self.encoding)
        self._delimiter_box = FieldBox("Columns are separated by", self.delimiter)
        self._sheet_box = FieldBox("Sheet", self.sheet)
        header_box = FieldBox("Columns’ names are on line", self.header)
        self.setLayout(row(self._sheet_box, self._encoding_box, self._delimiter_box, header_box, 0, spacing=theme.L))
        self._is_updating = False
        self._hidden = HiddenCells.LEAVE_OUT

    def show_format(self, detected: DetectedFormat) -> None:
        """Show how a file was read; nothing is emitted."""
        self._is_updating = True
        is_text = detected.encoding is not None
        for box in (self._encoding_box, self._delimiter_box):
            box.setVisible(is_text)
        self._sheet_box.setVisible(not is_text)
        _select(self.encoding, detected.encoding or "")
        _select(self.delimiter, detected.delimiter or "")
        self.sheet.clear()
        for name in detected.sheets:
            self.sheet.addItem(name, name)
        self.sheet.setCurrentIndex(max(0, self.sheet.findData(detected.sheet)))
        self.header.setValue(detected.header_row or 0)
        self._hidden = detected.hidden
        self._is_updating = False

    @property
    def options(self) -> FormatOptions:
        """All options as chosen."""
        if self._sheet_box.isHidden():
            return FormatOptions(
                encoding=str(self.encoding.currentData()),
                delimiter=str(self.delimiter.currentData()),
                header=self.header.value(),
            )
        return FormatOptions(sheet=str(self.sheet.currentData()), header=self.header.value(), hidden=self._hidden)

    @property
    def sheet_options(self) -> FormatOptions:
        """The chosen sheet alone: its header row is detected, its hidden cells left out."""
        return FormatOptions(sheet=str(self.sheet.currentData()))

    def _on_header_changed(self) -> None:
        if not self._is_updating:
            self.changed.emit()


def _combo(items: Iterable[tuple[str, str]], width: int) -> QComboBox:
    """Return a combo box of values with their labels."""
    combo = QComboBox()
    for value, text in items:
        combo.addItem(text, value)
    combo.setMinimumWidth(width)
    return combo


def _select(combo: QComboBox, value: str) -> None:
    index = combo.findData(value)
    if index < 0:  # a delimiter that the file itself names (sep=)
        combo.addItem(value, value)
        index = combo.count() - 1
    combo.setCurrentIndex(index)
