"""A form's field: its label above, the control, and under it what is wrong or worth knowing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from trackly_desktop.gui import theme
from trackly_desktop.gui.widgets.controls import Picture, label, set_property
from trackly_desktop.gui.widgets.layout import column, row

_ANY_WIDTH = 16_777_215
"""Qt's QWIDGETSIZE_MAX."""


class FieldBox(QWidget):
    """`control` is what is typed in. Its accessible name is the visible label."""

    def __init__(
        self, text: str, control: QWidget, *, required: bool = False, help: str = "", beside: QWidget | None = None
    ) -> None:
        super().__init__()
        self.control = control
        self.label = label(text, "label")
        self.label.setBuddy(control)
        control.setAccessibleName(text)
        if help:
            control.setAccessibleDescription(help)
        self._help = help
        self._note = label("", "small", wrap=True)
        self._picture = Picture("warning", "bad")
        line = row(self._picture, self._note, spacing=theme.XS)
        line.setAlignment(self._picture, Qt.AlignmentFlag.AlignTop)
        head = row(self.label, label("required", "small") if required else label("", "small"), 0, spacing=theme.S)
        # One that is narrow stands at the left, under its label.
        is_narrow = control.maximumWidth() < _ANY_WIDTH
        parts = [control] if beside is None else [control, beside]
        middle = row(*parts, 0) if is_narrow else row(*parts)
        self.setLayout(column(head, middle, line, spacing=theme.XS))
        self.problem = ""
        self.say("")

    @property
    def note(self) -> QLabel:
        """The line under the control."""
        return self._note

    def say(self, words: str, *, kind: str = "") -> None:
        """Something worth knowing, in place of the help; `kind` is an outcome colour that comes with its icon."""
        if self.problem:
            return
        shown = words or self._help
        self._show(shown, kind)

    def show_problem(self, words: str) -> None:
        """What is wrong; empty when nothing is."""
        self.problem = words
        set_property(self.control, "wrong", bool(words))
        self._show(words or self._help, "bad" if words else "")

    def require(self) -> bool:
        """Whether what is in it can be sent; shows what is wrong otherwise."""
        return not self.problem

    def _show(self, words: str, kind: str) -> None:
        icons = {"bad": "warning", "caution": "warning", "good": "check", "unknown": "unknown"}
        self._note.setText(words)
        self._note.setVisible(bool(words))
        self._picture.setVisible(bool(words) and kind in icons)
        if kind in icons:
            self._picture.show_icon(icons[kind], kind)
        set_property(self._note, "role", "bad" if kind == "bad" else "small")
