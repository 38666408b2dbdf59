"""How a file was read: each choice can be made otherwise, and the preview follows."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from trackly_desktop.files.table import DetectedFormat, FormatOptions
from trackly_desktop.files.text.text_formats import DELIMITERS, ENCODINGS
from trackly_desktop.gui import theme
from trackly_desktop.gui.widgets.controls import number_box
from trackly_desktop.gui.widgets.field import FieldBox
from trackly_desktop.gui.widgets.layout import row

_ENCODINGS = {name: encoding.label for name, encoding in ENCODINGS.items()}
_LAST_LINE = 100_000


class FormatOptionBoxes(QWidget):
    """`changed` when the operator has chosen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.encoding, self.delimiter, self.sheet = _combo(_ENCODINGS, 210), _combo(DELIMITERS, 140), _combo({}, 210)
        self.header = number_box(0, _LAST_LINE, "")
        self.header.setSpecialValueText("There are none")
        self.header.setMinimumWidth(140)
        self.header.setKeyboardTracking(False)
        for combo in (self.encoding, self.delimiter, self.sheet):
            combo.activated.connect(self.changed)
        self.header.valueChanged.connect(self._header_changed)
        self._encoding_box = FieldBox("Letters are encoded as", self.encoding)
        self._delimiter_box = FieldBox("Columns are separated by", self.delimiter)
        self._sheet_box = FieldBox("Sheet", self.sheet)
        header_box = FieldBox("Columns’ names are on line", self.header)
        self.setLayout(row(self._sheet_box, self._encoding_box, self._delimiter_box, header_box, 0, spacing=theme.L))
        self._shows = False

    def show_how(self, how: DetectedFormat) -> None:
        """As the file was read."""
        self._shows = True
        is_text = how.encoding is not None
        for box in (self._encoding_box, self._delimiter_box):
            box.setVisible(is_text)
        self._sheet_box.setVisible(not is_text)
        _choose(self.encoding, how.encoding or "")
        _choose(self.delimiter, how.delimiter or "")
        self.sheet.clear()
        for name in how.sheets:
            self.sheet.addItem(name, name)
        self.sheet.setCurrentIndex(max(0, self.sheet.findData(how.sheet)))
        self.header.setValue(how.header_row or 0)
        self._shows = False

    @property
    def choice(self) -> FormatOptions:
        """As it is chosen."""
        if self._sheet_box.isHidden():
            return FormatOptions(
                encoding=str(self.encoding.currentData()),
                delimiter=str(self.delimiter.currentData()),
                header=self.header.value(),
            )
        return FormatOptions(sheet=str(self.sheet.currentData()), header=self.header.value())

    @property
    def choice_of_sheet(self) -> FormatOptions:
        """Another sheet has its header elsewhere: it is found anew."""
        return FormatOptions(sheet=str(self.sheet.currentData()))

    def _header_changed(self) -> None:
        if not self._shows:
            self.changed.emit()


def _combo(texts: Mapping[str, str], width: int) -> QComboBox:
    combo = QComboBox()
    for value, text in texts.items():
        combo.addItem(text, value)
    combo.setMinimumWidth(width)
    return combo


def _choose(combo: QComboBox, value: str) -> None:
    place = combo.findData(value)
    if place < 0:  # a separator that a file named itself
        combo.addItem(value, value)
        place = combo.count() - 1
    combo.setCurrentIndex(place)
