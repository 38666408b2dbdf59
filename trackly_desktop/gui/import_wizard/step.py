"""What the wizard's pages have in common: the stepper, and the foot with Back and the one primary button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from trackly_desktop.gui import theme
from trackly_desktop.gui.widgets.controls import button, label, shortcut
from trackly_desktop.gui.widgets.layout import Page, row

STEPS = ("File", "Columns", "Review", "Confirm", "Run")
_DOT = 22


class StepPage(Page):
    """One step. `back` and `forward` are pressed; what they mean is the wizard's business."""

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
    def first(self) -> QWidget:
        """What the keyboard is at when the step is shown."""
        return self.forward_button

    def add_buttons(self, *left: QPushButton) -> None:
        """The foot; `left` are the buttons that belong to the step alone."""
        self.add_foot(*left, 0, self.back_button, self.forward_button)

    def allow(self, blocking_reason: str = "") -> None:
        """Whether one can go on; a disabled button says why in its tooltip."""
        self.forward_button.setEnabled(not blocking_reason)
        self.forward_button.setToolTip(blocking_reason or "Ctrl+Enter")


def _stepper(now: int) -> QWidget:
    line = row(spacing=theme.S)
    for number, name in enumerate(STEPS):
        role = "stepNow" if number == now else "stepDone" if number < now else "stepLater"
        dot = label(str(number + 1), role)
        dot.setFixedSize(_DOT, _DOT)
        dot.setAlignment(Qt.AlignmentFlag.AlignCenter)
        line.addWidget(dot)
        line.addWidget(label(name, "label" if number == now else "quiet"))
        if number + 1 < len(STEPS):
            line.addWidget(label("──", "quiet"))
    line.addStretch(1)
    stepper = QWidget()
    stepper.setLayout(line)
    stepper.setAccessibleName(f"Step {now + 1} of {len(STEPS)}: {STEPS[now]}")
    return stepper
