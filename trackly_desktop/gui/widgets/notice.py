"""Notices in a page: an icon, a headline, a text and buttons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from trackly_desktop.gui import theme
from trackly_desktop.gui.widgets.controls import Picture, button, label, set_property
from trackly_desktop.gui.widgets.layout import clear_layout, column, row

_ICONS = {
    "good": ("check", "good"),
    "caution": ("warning", "caution"),
    "bad": ("bad", "bad"),
    "info": ("info", "accent"),
    "unknown": ("unknown", "unknown"),
}


class Notice(QFrame):
    """A notice, hidden until `say`; `visibility_changed` emits the new visibility."""

    visibility_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice")
        self._picture = Picture("info", "accent", 20)
        self.headline = label("", "label", wrap=True)
        self.text = label("", wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.buttons: list[QPushButton] = []
        self._button_row = QHBoxLayout()
        self._button_row.setSpacing(theme.S)
        words = column(self.headline, self.text, self._button_row, spacing=theme.XS)
        line = row(self._picture, words, spacing=theme.M)
        line.setAlignment(self._picture, Qt.AlignmentFlag.AlignTop)
        line.setContentsMargins(theme.L, theme.M, theme.L, theme.M)
        self.setLayout(line)
        self.hide()

    def say(self, kind: str, headline: str, text: str = "", *actions: tuple[str, Callable[[], object]]) -> None:
        """Show a message in place of the one before.

        Args:
            kind: good, caution, bad, info or unknown: selects icon and colours.
            headline: what happened.
            text: what it means and what to do, or empty.
            *actions: the text and the callback of each button.
        """
        set_property(self, "kind", kind)
        self._picture.show_icon(*_ICONS[kind])
        self.headline.setText(headline)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        clear_layout(self._button_row)
        self.buttons = [button(words, on_click) for words, on_click in actions]
        for action_button in self.buttons:
            self._button_row.addWidget(action_button)
        if self.buttons:
            self._button_row.addStretch(1)
        self.setAccessibleName(f"{headline}. {text}")
        self.show()

    def setVisible(self, visible: bool) -> None:
        super().setVisible(visible)
        self.visibility_changed.emit(visible)
