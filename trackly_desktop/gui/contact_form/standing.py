"""The line that tells, before anything is sent, how a person stands to a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from trackly_desktop.gui import theme, words
from trackly_desktop.gui.desk import Desk
from trackly_desktop.gui.widgets.parts import Picture, label, row, set_property

if TYPE_CHECKING:
    from trackly_desktop.worker import PersonFound


class StandingLine(QWidget):
    """Hidden while there is nothing to tell."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._ticket = 0
        self._picture = Picture("info", "accent")
        self.words = label("", wrap=True)
        line = row(self._picture, self.words, spacing=theme.XS)
        line.setAlignment(self._picture, Qt.AlignmentFlag.AlignTop)
        self.setLayout(line)
        self.hide()
        desk.worker_came.connect(self._worker_came)
        if desk.has_worker:
            self._worker_came()

    def ask(self, phone: str, list_number: str) -> None:
        """Asks about this person, once both are known."""
        self.clear()
        if phone and list_number and self._desk.has_worker:
            self._ticket = self._desk.ticket()
            self._desk.worker.find_person(self._ticket, self._desk.account, phone, list_number)

    def clear(self) -> None:
        """An answer still to come is about somebody else."""
        self._ticket = 0
        self.hide()

    def _worker_came(self) -> None:
        self._desk.worker.person_found.connect(self._found)

    def _found(self, ticket: int, person: PersonFound) -> None:
        if ticket != self._ticket:
            return
        icon, role, said = _told(person)
        self._picture.show_icon(icon, role)
        self.words.setText(said)
        set_property(self.words, "role", "caution" if role == "caution" else "quiet")
        self.setVisible(bool(said))


def _told(person: PersonFound) -> tuple[str, str, str]:
    from trackly_desktop.api.abilities import Standing

    if person.standing is Standing.UNSUBSCRIBED:
        return "warning", "caution", "They unsubscribed from this list: add them only if they have agreed again since"
    if person.standing is Standing.ACTIVE:
        return "updated", "accent", "They are on this list already: adding them updates what is known of them"
    if person.earlier is not None:
        by = f"with {person.earlier.file}" if person.earlier.file else "by hand"
        return "info", "accent", f"Added to this list from here before, {by}, {words.relative(person.earlier.at)}"
    if person.standing is Standing.ABSENT:
        return "check", "good", "Not on this list yet"
    return "info", "accent", ""
