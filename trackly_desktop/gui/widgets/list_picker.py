"""The field for a sending list: chosen by name, or typed as a phone number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox

from trackly_desktop.contacts import phone_numbers
from trackly_desktop.gui.widgets.field import FieldBox


class ListChoice(NamedTuple):
    """A sending list to choose.

    Attributes:
        number: in E.164.
        name: empty where unknown.
        brand: empty where unknown.
        status: active, paused or suspended; empty for a list that was typed.
    """

    number: str
    name: str = ""
    brand: str = ""
    status: str = ""

    @property
    def words(self) -> str:
        """Words like "Spring offers · Acme Outdoors · +18005551234 (paused)"."""
        line = "  ·  ".join(part for part in (self.name, self.brand, self.number) if part)
        return f"{line} ({self.status})" if self.status not in ("", "active") else line


class ListBox(FieldBox):
    """The field; `changed` emits the list's number in E.164, empty for none."""

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
        line.textChanged.connect(self._parse)
        line.editingFinished.connect(self._check)

    def offer(self, choices: Sequence[ListChoice], region: str) -> None:
        """Replace the lists to choose from; the chosen list stays chosen.

        Args:
            choices: the lists.
            region: of numbers that are typed without a country code; ISO 3166.
        """
        chosen, text = self.number, self.combo.currentText()
        self._choices, self._region = list(choices), region
        with QSignalBlocker(self.combo):
            self.combo.clear()
            for choice in choices:
                self.combo.addItem(choice.words, choice.number)
            self.combo.setCurrentIndex(-1)
            self.combo.setEditText(text if not chosen else "")
        if chosen:
            self.choose(chosen)
        self._parse()

    def choose(self, number: str) -> None:
        """Choose a list by its number."""
        index = self.combo.findData(number)
        if index >= 0:
            self.combo.setCurrentIndex(index)
        else:
            self.combo.setEditText(number)
        self._line.setCursorPosition(0)

    def choice(self) -> ListChoice:
        """Return the chosen list; its number is empty where none is."""
        return next((choice for choice in self._choices if choice.number == self.number), ListChoice(self.number))

    def require(self) -> bool:
        """Return whether a list is chosen; show the problem where none is."""
        if self.number:
            return True
        self._check()
        if not self.problem:
            self.show_problem("Choose a sending list")
        return False

    def clear(self) -> None:
        """Empty the field."""
        self.combo.setCurrentIndex(-1)
        self.combo.setEditText("")
        self.show_problem("")

    def _parse(self) -> None:
        text = self.combo.currentText().strip()
        index = self.combo.findText(text, Qt.MatchFlag.MatchExactly) if text else -1
        number = str(self.combo.itemData(index)) if index >= 0 else ""
        if not number and text:
            try:
                number = phone_numbers.parse_list_number(text, self._region)
            except phone_numbers.PhoneProblem:
                number = ""
        if number or not text:
            self.show_problem("")
        changed = number != self.number
        self.number = number
        choice = self.choice()
        if choice.status == "paused":
            self.say(
                "This list is paused: people are added, and nothing is sent from it until it is resumed", kind="caution"
            )
        elif choice.status == "suspended":
            self.say("Trackly has suspended this list", kind="caution")
        elif number and index < 0:
            self.say(f"Read as {number}; it is kept for this account", kind="good")
        else:
            self.say("")
        if changed:
            self.changed.emit(number)

    def _check(self) -> None:
        if self.combo.currentText().strip() and not self.number:
            self.show_problem("A sending list is named by its phone number, like +18005551234")
