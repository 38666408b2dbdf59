"""The line that tells, before anything is sent, how a person stands to a list; and whether they may be added at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from trackly_desktop.contacts.phone_numbers import PhoneProblem, parse_phone
from trackly_desktop.gui import formatting, theme
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.widgets.controls import Picture, label, set_property
from trackly_desktop.gui.widgets.field import FieldBox
from trackly_desktop.gui.widgets.layout import column, row

if TYPE_CHECKING:
    from trackly_desktop.service.membership import RecipientStatus


class MembershipStatusLine(QWidget):
    """Hidden while there is nothing to tell."""

    def __init__(self, context: AccountContext) -> None:
        super().__init__()
        self._context = context
        self._request_id = 0
        self._picture = Picture("info", "accent")
        self.words = label("", wrap=True)
        line = row(self._picture, self.words, spacing=theme.XS)
        line.setAlignment(self._picture, Qt.AlignmentFlag.AlignTop)
        self.again = QLineEdit()
        self.again.setMaximumWidth(260)
        self._again_box = FieldBox("Type the number once more to add them all the same", self.again, required=True)
        self.setLayout(column(line, self._again_box, spacing=theme.S))
        self._person: RecipientStatus | None = None
        self._again_box.hide()
        self.hide()
        context.worker_ready.connect(self._worker_came)
        if context.has_worker:
            self._worker_came()

    def ask(self, phone: str, list_number: str) -> None:
        """Asks about this person, once both are known."""
        self.clear()
        if phone and list_number and self._context.has_worker:
            self._request_id = self._context.next_request_id()
            self._context.worker.contacts.look_up(self._request_id, self._context.account, phone, list_number)

    def clear(self) -> None:
        """An answer still to come is about somebody else."""
        self._request_id = 0
        self._person = None
        self.again.clear()
        self._again_box.hide()
        self.hide()

    def is_typed_again(self, phone: str) -> bool:
        """Whether the number had to be typed a second time, and was."""
        if self._again_box.isHidden():
            return False
        try:
            return parse_phone(self.again.text(), self._context.account.region).e164 == phone
        except PhoneProblem:
            return False

    def require(self, phone: str, *, texts_again: bool = False) -> bool:
        """Whether the person may be added, as far as it is known; shows what is missing.

        `texts_again`: journeys are started also if they went through them before.
        """
        if self._person is not None and self._person.is_suppressed:
            return False
        if texts_again and self._again_box.isHidden():
            self._again_box.show()
            self.show()
        if self._again_box.isHidden() or self.is_typed_again(phone):
            self._again_box.show_problem("")
            return True
        why = "They may be texted what they had before" if texts_again else "They unsubscribed"
        self._again_box.show_problem("It is not the same number" if self.again.text().strip() else why)
        self.again.setFocus()
        return False

    def _worker_came(self) -> None:
        self._context.worker.contacts.looked_up.connect(self._found)

    def _found(self, request_id: int, person: RecipientStatus) -> None:
        if request_id == self._request_id:
            self.show_person(person)

    def show_person(self, person: RecipientStatus) -> None:
        """What is known of the person whose number is in the form."""
        from trackly_desktop.api.contact_lookup import MembershipStatus

        self._person = person
        self._again_box.setVisible(person.membership is MembershipStatus.UNSUBSCRIBED and not person.is_suppressed)
        icon, role, said = _told(person)
        self._picture.show_icon(icon, role)
        self.words.setText(said)
        set_property(self.words, "role", role if role in ("caution", "bad") else "quiet")
        self.setVisible(bool(said))


def _told(person: RecipientStatus) -> tuple[str, str, str]:
    from trackly_desktop.api.contact_lookup import MembershipStatus

    if person.is_suppressed:
        return "block", "bad", "This number is on the do-not-text list: it is never sent from here"
    if person.membership is MembershipStatus.UNSUBSCRIBED:
        return "warning", "caution", "They unsubscribed from this list: add them only if they have agreed again since"
    if person.membership is MembershipStatus.ACTIVE:
        return "updated", "accent", "They are on this list already: adding them updates what is known of them"
    if person.previous_add is not None:
        by = f"with {person.previous_add.file}" if person.previous_add.file else "by hand"
        return (
            "info",
            "accent",
            f"Added to this list from here before, {by}, {formatting.relative(person.previous_add.at)}",
        )
    if person.membership is MembershipStatus.ABSENT:
        return "check", "good", "Not on this list yet"
    return "info", "accent", ""
