"""A notice in the page: what happened, what it means, and perhaps a button."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from trackly_desktop.gui import theme
from trackly_desktop.gui.widgets.controls import Picture, button, column, label, row, set_property

_ICONS = {
    "good": ("check", "good"),
    "caution": ("warning", "caution"),
    "bad": ("bad", "bad"),
    "info": ("info", "accent"),
    "unknown": ("unknown", "unknown"),
}


class Notice(QFrame):
    """Hidden until it has something to say."""

    hidden_or_shown = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice")
        self._picture = Picture("info", "accent", 20)
        self.headline = label("", "label", wrap=True)
        self.text = label("", wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(theme.S)
        words = column(self.headline, self.text, self._buttons, spacing=theme.XS)
        line = row(self._picture, words, spacing=theme.M)
        line.setAlignment(self._picture, Qt.AlignmentFlag.AlignTop)
        line.setContentsMargins(theme.L, theme.M, theme.L, theme.M)
        self.setLayout(line)
        self._made: list[QPushButton] = []
        self.hide()

    def say(self, kind: str, headline: str, text: str = "", *buttons: tuple[str, Callable[[], object]]) -> None:
        """Shows it. `kind`: good, caution, bad, info, unknown."""
        set_property(self, "kind", kind)
        self._picture.show_icon(*_ICONS[kind])
        self.headline.setText(headline)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        while self._buttons.count():
            self._buttons.takeAt(0)
        for one in self._made:
            one.hide()
            one.deleteLater()
        self._made = [button(words, work) for words, work in buttons]
        for one in self._made:
            self._buttons.addWidget(one)
        if self._made:
            self._buttons.addStretch(1)
        self.setAccessibleName(f"{headline}. {text}")
        self.show()

    def setVisible(self, visible: bool) -> None:
        """Qt's; whoever gives it room is told."""
        super().setVisible(visible)
        self.hidden_or_shown.emit(visible)
