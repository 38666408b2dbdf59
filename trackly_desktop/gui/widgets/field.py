"""A field of a form: label, control, and a note or problem below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from trackly_desktop.gui import theme
from trackly_desktop.gui.widgets.controls import Picture, label, set_property
from trackly_desktop.gui.widgets.layout import column, row

QWIDGETSIZE_MAX = 16_777_215
"""The maximum width of a widget for which none was set, as in Qt's C++ API."""


class FieldBox(QWidget):
    """A labelled control; the label is the control's accessible name.

    Args:
        text: the label.
        control: the widget for input.
        required: whether the label says "required".
        help: shown below the control while there is no note and no problem.
        beside: a widget to the right of the control.
    """

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
        # A narrow control is left-aligned below its label.
        is_narrow = control.maximumWidth() < QWIDGETSIZE_MAX
        widgets = [control] if beside is None else [control, beside]
        middle = row(*widgets, 0) if is_narrow else row(*widgets)
        self.setLayout(column(head, middle, line, spacing=theme.XS))
        self.problem = ""
        self.say("")

    @property
    def note(self) -> QLabel:
        """The label below the control."""
        return self._note

    def say(self, words: str, *, kind: str = "") -> None:
        """Show a note in place of the help, unless a problem is shown.

        Args:
            words: the note; empty shows the help.
            kind: good, caution, bad or unknown for an icon; empty for none.
        """
        if self.problem:
            return
        self._show(words or self._help, kind)

    def show_problem(self, words: str) -> None:
        """Show what is wrong with the input; an empty text removes it."""
        self.problem = words
        set_property(self.control, "wrong", bool(words))
        self._show(words or self._help, "bad" if words else "")

    def require(self) -> bool:
        """Return whether the input can be sent; show the problem where it cannot."""
        return not self.problem

    def _show(self, words: str, kind: str) -> None:
        icons = {"bad": "warning", "caution": "warning", "good": "check", "unknown": "unknown"}
        self._note.setText(words)
        self._note.setVisible(bool(words))
        self._picture.setVisible(bool(words) and kind in icons)
        if kind in icons:
            self._picture.show_icon(icons[kind], kind)
        set_property(self._note, "role", "bad" if kind == "bad" else "small")
