"""Choosing a sending list: by name where the account's server tells its lists, else typed and kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox

from trackly_desktop.contacts import phone_numbers
from trackly_desktop.gui.widgets.field import FieldBox


class ListChoice(NamedTuple):
    """A list that can be chosen. `status` is empty for one that was typed."""

    number: str
    name: str = ""
    brand: str = ""
    status: str = ""

    @property
    def words(self) -> str:
        """Spring offers · Acme Outdoors · +18005551234 (paused)"""
        known = "  ·  ".join(part for part in (self.name, self.brand, self.number) if part)
        return f"{known} ({self.status})" if self.status not in ("", "active") else known


class ListBox(FieldBox):
    """The field. `changed` tells the list's number, or an empty text while there is none."""

    changed = Signal(str)

    def __init__(self, help: str = "") -> None:
        self.combo = QComboBox()
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        super().__init__("Sending list", self.combo, required=True, help=help)
        line = self.combo.lineEdit()
        assert line is not None
        line.setPlaceholderText("Choose a list, or type its phone number")
        self._line = line
        self._choices: list[ListChoice] = []
        self._region = "US"
        self.number = ""
        line.textChanged.connect(self._read)
        line.editingFinished.connect(self._leave)

    def offer(self, choices: Sequence[ListChoice], region: str) -> None:
        """The lists to choose from; what was chosen stays."""
        chosen, text = self.number, self.combo.currentText()
        self._choices, self._region = list(choices), region
        with QSignalBlocker(self.combo):
            self.combo.clear()
            for one in choices:
                self.combo.addItem(one.words, one.number)
            self.combo.setCurrentIndex(-1)
            self.combo.setEditText(text if not chosen else "")
        if chosen:
            self.choose(chosen)
        self._read()

    def choose(self, number: str) -> None:
        """Shows a list by its number."""
        place = self.combo.findData(number)
        if place >= 0:
            self.combo.setCurrentIndex(place)
        else:
            self.combo.setEditText(number)
        self._line.setCursorPosition(0)

    def choice(self) -> ListChoice:
        """What is chosen."""
        return next((one for one in self._choices if one.number == self.number), ListChoice(self.number))

    def require(self) -> bool:
        """Whether a list is chosen; shows what is wrong otherwise."""
        if self.number:
            return True
        self._leave()
        if not self.problem:
            self.show_problem("Choose a sending list")
        return False

    def clear(self) -> None:
        """Nothing is chosen."""
        self.combo.setCurrentIndex(-1)
        self.combo.setEditText("")
        self.show_problem("")

    def _read(self) -> None:
        text = self.combo.currentText().strip()
        place = self.combo.findText(text, Qt.MatchFlag.MatchExactly) if text else -1
        number = str(self.combo.itemData(place)) if place >= 0 else ""
        if not number and text:
            try:
                number = phone_numbers.parse_list_number(text, self._region)
            except phone_numbers.PhoneProblem:
                number = ""
        if number or not text:
            self.show_problem("")
        changed = number != self.number
        self.number = number
        chosen = self.choice()
        if chosen.status == "paused":
            self.say(
                "This list is paused: people are added, and nothing is sent from it until it is resumed", kind="caution"
            )
        elif chosen.status == "suspended":
            self.say("Trackly has suspended this list", kind="caution")
        elif number and place < 0:
            self.say(f"Read as {number}; it is kept for this account", kind="good")
        else:
            self.say("")
        if changed:
            self.changed.emit(number)

    def _leave(self) -> None:
        if self.combo.currentText().strip() and not self.number:
            self.show_problem("A sending list is named by its phone number, like +18005551234")
