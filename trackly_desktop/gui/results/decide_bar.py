"""The bar to resolve the shown rows that are unknown or refused."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.gui import formatting, theme
from trackly_desktop.gui.widgets.controls import Picture, button, label
from trackly_desktop.gui.widgets.layout import column, row
from trackly_desktop.journal.resolutions import UnknownResolution

CHOICES = {
    UnknownResolution.SEND_AGAIN: "Send again",
    UnknownResolution.TAKE_AS_DONE: "Take as done",
    UnknownResolution.LEAVE: "Leave as it is",
}
HINTS = {
    UnknownResolution.SEND_AGAIN: "Each is sent once more; whoever was added already is added again",
    UnknownResolution.TAKE_AS_DONE: "Nothing is sent; each counts as updated",
    UnknownResolution.LEAVE: "Nothing is sent; each counts as skipped",
}
TRY_AGAIN = "Try again"


class DecideBar(QFrame):
    """Buttons; `decided` emits an `UnknownResolution`, or None to retry refused rows."""

    decided = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("cardSoft")
        self._picture = Picture("unknown", "unknown")
        self.words = label("", wrap=True)
        self.buttons = {resolution: button(text, self._emitter(resolution)) for resolution, text in CHOICES.items()}
        for resolution, hint in HINTS.items():
            self.buttons[resolution].setToolTip(hint)
        self.retry_button = button(TRY_AGAIN, self._emitter(None))
        line = row(self._picture, self.words, *self.buttons.values(), self.retry_button, spacing=theme.S)
        inside = column(line)
        inside.setContentsMargins(theme.M, theme.S, theme.M, theme.S)
        self.setLayout(inside)
        self.hide()

    def show_rows(self, outcome: Outcome | None, rows: int, could_text_twice: int) -> None:
        """Show what can be decided; hide the bar where nothing can.

        Args:
            outcome: of the shown rows; None for all outcomes.
            rows: how many rows are shown.
            could_text_twice: how many of them a second request could text again.
        """
        is_unknown, is_refused = outcome is Outcome.UNKNOWN, outcome is Outcome.REFUSED
        self.setVisible(rows > 0 and (is_unknown or is_refused))
        for resolution_button in self.buttons.values():
            resolution_button.setVisible(is_unknown)
        self.retry_button.setVisible(is_refused)
        self._picture.show_icon("unknown" if is_unknown else "bad", "unknown" if is_unknown else "bad")
        people, were = formatting.count(rows, "person", "people"), "was" if rows == 1 else "were"
        if is_refused:
            self.words.setText(f"{people} {were} refused. Tried again, each is sent once more.")
        elif could_text_twice:
            twice = formatting.number(could_text_twice)
            self.words.setText(
                f"Nobody knows whether {people} {were} added. Sent again, {twice} of them could be texted a second time."
            )
        else:
            self.words.setText(f"Nobody knows whether {people} {were} added. Sent again, nobody is texted twice.")

    def _emitter(self, resolution: UnknownResolution | None) -> Callable[[], None]:
        return lambda: self.decided.emit(resolution)
