"""Line of the form that shows a person's membership before anything is sent."""

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
    """Membership of a person, and a box to retype the number where required.

    Hidden while no membership is known.
    """

    def __init__(self, context: AccountContext) -> None:
        super().__init__()
        self._context = context
        self._request_id = 0
        self._person: RecipientStatus | None = None
        self._picture = Picture("info", "accent")
        self.message = label("", wrap=True)
        message_row = row(self._picture, self.message, spacing=theme.XS)
        message_row.setAlignment(self._picture, Qt.AlignmentFlag.AlignTop)
        self.retyped = QLineEdit()
        self.retyped.setMaximumWidth(260)
        self._retype_box = FieldBox("Type the number once more to add them all the same", self.retyped, required=True)
        self.setLayout(column(message_row, self._retype_box, spacing=theme.S))
        self._retype_box.hide()
        self.hide()
        context.worker_ready.connect(self._connect_worker)
        if context.has_worker:
            self._connect_worker()

    def look_up(self, phone: str, list_number: str) -> None:
        """Ask the worker about this person, once both numbers are known."""
        self.clear()
        if phone and list_number and self._context.has_worker:
            self._request_id = self._context.next_request_id()
            self._context.worker.contacts.look_up(self._request_id, self._context.account, phone, list_number)

    def clear(self) -> None:
        """Forget the person; a pending answer is ignored."""
        self._request_id = 0
        self._person = None
        self.retyped.clear()
        self._retype_box.hide()
        self.hide()

    def is_retyped(self, phone: str) -> bool:
        """Return whether the number had to be retyped, and was."""
        if self._retype_box.isHidden():
            return False
        try:
            return parse_phone(self.retyped.text(), self._context.account.region).e164 == phone
        except PhoneProblem:
            return False

    def require(self, phone: str, *, restarts_journeys: bool = False) -> bool:
        """Return whether the person may be added, or show what is missing.

        Args:
            phone: E.164.
            restarts_journeys: Whether journeys start also for a person who had them before.
        """
        if self._person is not None and self._person.is_suppressed:
            return False
        if restarts_journeys and self._retype_box.isHidden():
            self._retype_box.show()
            self.show()
        if self._retype_box.isHidden() or self.is_retyped(phone):
            self._retype_box.show_problem("")
            return True
        reason = "They may be texted what they had before" if restarts_journeys else "They unsubscribed"
        self._retype_box.show_problem("It is not the same number" if self.retyped.text().strip() else reason)
        self.retyped.setFocus()
        return False

    def _connect_worker(self) -> None:
        self._context.worker.contacts.looked_up.connect(self._on_person_found)

    def _on_person_found(self, request_id: int, person: RecipientStatus) -> None:
        if request_id == self._request_id:
            self.show_person(person)

    def show_person(self, person: RecipientStatus) -> None:
        """Show what is known of the person whose number is in the form."""
        from trackly_desktop.api.contact_lookup import MembershipStatus

        self._person = person
        self._retype_box.setVisible(person.membership is MembershipStatus.UNSUBSCRIBED and not person.is_suppressed)
        icon, role, message = _describe(person)
        self._picture.show_icon(icon, role)
        self.message.setText(message)
        set_property(self.message, "role", role if role in ("caution", "bad") else "quiet")
        self.setVisible(bool(message))


def _describe(person: RecipientStatus) -> tuple[str, str, str]:
    """Return icon, colour role and message, empty where nothing is known."""
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
