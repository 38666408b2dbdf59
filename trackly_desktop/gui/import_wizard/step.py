"""Base class of the wizard's steps: stepper on top, buttons below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from trackly_desktop.gui import theme
from trackly_desktop.gui.widgets.controls import button, label, shortcut
from trackly_desktop.gui.widgets.layout import Page, row

STEPS = ("File", "Columns", "Review", "Confirm", "Run")
_DOT = 22
"""Diameter of a step's number, in pixels."""


class StepPage(Page):
    """One step; emits `back` or `forward` when that button is pressed."""

    back = Signal()
    forward = Signal()

    def __init__(self, step: str, forward: str) -> None:
        super().__init__("Import contacts")
        self.content.addWidget(_stepper(STEPS.index(step)))
        self.back_button = button("Back", self.back.emit)
        self.forward_button = button(forward, self.forward.emit, role="primary")
        self.forward_button.setToolTip("Ctrl+Enter")
        shortcut(self, "Ctrl+Return", self.forward_button.click)

    @property
    def initial_focus(self) -> QWidget:
        """The widget that gets the keyboard focus when the step is shown."""
        return self.forward_button

    def add_buttons(self, *left: QPushButton) -> None:
        """Add the line of buttons; `left` are the step's own."""
        self.add_foot(*left, 0, self.back_button, self.forward_button)

    def allow(self, blocking_reason: str = "") -> None:
        """Enable the primary button, or disable it with the reason as its tooltip."""
        self.forward_button.setEnabled(not blocking_reason)
        self.forward_button.setToolTip(blocking_reason or "Ctrl+Enter")


def _stepper(current: int) -> QWidget:
    """Return the line of steps with this one (from 0) marked."""
    line = row(spacing=theme.S)
    for index, name in enumerate(STEPS):
        role = "stepNow" if index == current else "stepDone" if index < current else "stepLater"
        dot = label(str(index + 1), role)
        dot.setFixedSize(_DOT, _DOT)
        dot.setAlignment(Qt.AlignmentFlag.AlignCenter)
        line.addWidget(dot)
        line.addWidget(label(name, "label" if index == current else "quiet"))
        if index + 1 < len(STEPS):
            line.addWidget(label("──", "quiet"))
    line.addStretch(1)
    stepper = QWidget()
    stepper.setLayout(line)
    stepper.setAccessibleName(f"Step {current + 1} of {len(STEPS)}: {STEPS[current]}")
    return stepper
