"""Page of the form that adds one contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLayout, QWidget

from trackly_desktop.contacts.contact import Contact
from trackly_desktop.contacts.fields import FIELDS, Kind
from trackly_desktop.contacts.issues import Issue
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.contacts.parsers import ParseContext
from trackly_desktop.contacts.validation import parse_contact
from trackly_desktop.gui import theme
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.contact_form.custom_fields import CustomFields
from trackly_desktop.gui.contact_form.fields import TextBox, YesNoBox, make_yes_no_boxes
from trackly_desktop.gui.contact_form.membership_status import MembershipStatusLine
from trackly_desktop.gui.widgets.collapsible_section import CollapsibleSection
from trackly_desktop.gui.widgets.controls import button, label, shortcut
from trackly_desktop.gui.widgets.layout import Page, column
from trackly_desktop.gui.widgets.list_picker import ListBox
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.gui.widgets.phone_edit import PhoneBox

if TYPE_CHECKING:
    from trackly_desktop.journal.queries import ShownRow
    from trackly_desktop.service.contact_service import ContactResult
    from trackly_desktop.service.membership import RecipientStatus

_OVERRIDE = "override_custom_fields"
_CONSENT = (Kind.DATE_TIME, Kind.IP, Kind.URL)
_KEPT_FOR_ANOTHER = (*_CONSENT, Kind.TEXT)


class ContactPage(Page):
    """The form; what is typed stays until the contact is added or Clear is pressed."""

    accounts_requested = Signal()
    row_requested = Signal(object)

    def __init__(self, context: AccountContext) -> None:
        super().__init__("Add a contact")
        self._context = context
        self._request_id = 0
        self._under_way = False
        self._starts_another = False
        self.notice = Notice()
        self.phone = PhoneBox()
        self.list = ListBox()
        self.membership = MembershipStatusLine(context)
        self.texts = {field.name: TextBox(field) for field in FIELDS if field.kind in _KEPT_FOR_ANOTHER}
        self.choices = make_yes_no_boxes()
        self.custom_fields = CustomFields()
        self._build()
        self._connect_signals()
        self._on_account_changed()

    def showEvent(self, event: object) -> None:
        if self.focusWidget() is None:
            self.phone.edit.setFocus()
        super().showEvent(event)  # type: ignore[arg-type]

    def _build(self) -> None:
        consent = [box for box in self.texts.values() if box.field.kind in _CONSENT]
        source = [box for box in self.texts.values() if box.field.kind is Kind.TEXT]
        journeys = [box for name, box in self.choices.items() if name != _OVERRIDE]
        self._consent_section = CollapsibleSection("consent", "How they agreed to be texted", _fields(consent))
        self._source_section = CollapsibleSection("source", "Where they came from", _fields(source))
        self._override_warning = label(
            "Every custom field they have and that is not written here is deleted", "caution", wrap=True
        )
        custom_content = column(self.custom_fields, self.choices[_OVERRIDE], self._override_warning, spacing=theme.S)
        self._custom_section = CollapsibleSection("custom", "Custom fields", custom_content)
        for part in (
            self.notice,
            column(self.phone, self.list, self.membership, spacing=theme.M),
            column(*_with_help(journeys), spacing=theme.XS),
            column(self._consent_section, self._source_section, self._custom_section, spacing=theme.XS),
        ):
            if isinstance(part, QLayout):
                self.content.addLayout(part)
            else:
                self.content.addWidget(part)
        self._clear_button = button("Clear", self.clear, role="flat")
        self._add_another_button = button("Add and start another", lambda: self.add(another=True))
        self.add_button = button("Add", self.add, role="primary", icon="add")
        self.add_foot(self._clear_button, 0, self._add_another_button, self.add_button)
        shortcut(self, "Ctrl+Return", self.add)
        shortcut(self, "Ctrl+Shift+Return", lambda: self.add(another=True))
        self.add_button.setToolTip("Ctrl+Enter")
        self._add_another_button.setToolTip(
            "Ctrl+Shift+Enter; keeps the list, where they came from and how they agreed"
        )

    def _connect_signals(self) -> None:
        context = self._context
        context.account_changed.connect(self._on_account_changed)
        context.lists_changed.connect(self._offer_lists)
        context.connection_error_changed.connect(self._show_connection_error)
        context.worker_ready.connect(self._connect_worker)
        self.phone.changed.connect(self._look_up_person)
        self.list.changed.connect(self._look_up_person)
        for box in self.texts.values():
            box.changed.connect(self._update_summaries)
        for choice in self.choices.values():
            choice.toggled.connect(self._update_summaries)
        self.custom_fields.changed.connect(self._update_summaries)
        self._update_summaries()
        if context.has_worker:
            self._connect_worker()
        self._update_actions()

    def fill_countries(self) -> None:
        """Fill the countries; called once the window is shown."""
        self.phone.country.fill()

    def add(self, *, another: bool = False) -> None:
        """Send the contact of the form, if all of it is valid."""
        if self._under_way or not self._context.has_worker:
            return
        contact = self._parse_contact()
        if contact is None:
            return
        restarts_journeys = contact.use_journeys and not contact.skip_journey_if_exists
        if not self.membership.require(contact.phone_number, restarts_journeys=restarts_journeys):
            return
        self._starts_another = another
        self._request_id = self._context.next_request_id()
        self._under_way = True
        self._update_actions()
        self._context.remember_list(contact.list_number)
        self.notice.hide()
        request_id = self._request_id
        QTimer.singleShot(150, self, lambda: self._show_under_way(request_id, contact.phone_number))
        typed_again = self.membership.is_retyped(contact.phone_number)
        self._context.worker.contacts.add(request_id, self._context.account, contact, typed_again=typed_again)

    def clear(self) -> None:
        """Empty the form."""
        self._empty(keep=())
        self.list.clear()
        self.notice.hide()

    @property
    def is_under_way(self) -> bool:
        """Whether a contact is being sent."""
        return self._under_way

    # Input

    def _parse_contact(self) -> Contact | None:
        valid = [box.require() for box in (self.phone, self.list, *self.texts.values())]
        custom_values = self.custom_fields.values()
        if custom_values is None or not all(valid):
            self._show_first_problem()
            return None
        texts = {name: box.text for name, box in self.texts.items()}
        texts |= {name: choice.text_value for name, choice in self.choices.items()}
        texts |= {"phone_number": self.phone.number, "list_number": self.list.number}
        contact, issues = parse_contact(texts, custom_values, ParseContext(region=self._context.account.region))
        if contact is None:
            self._show_issues(issues)
        return contact

    def _show_issues(self, issues: list[Issue]) -> None:
        from trackly_desktop.messages import issue_text

        other_problems = []
        for issue in issues:
            if issue.field in self.texts:
                self.texts[issue.field].show_problem(issue_text(issue))
            else:
                other_problems.append(issue_text(issue))
        if other_problems:
            self.notice.say("bad", "This contact cannot be sent as it is", "\n".join(other_problems))
        self._show_first_problem()

    def _show_first_problem(self) -> None:
        for box in (self.phone, self.list, *self.texts.values()):
            if box.problem:
                section = self._section_of(box)
                if section is not None:
                    section.unfold()
                box.control.setFocus()
                self.scroll_area.ensureWidgetVisible(box)
                return
        self._custom_section.unfold()

    def _section_of(self, box: QWidget) -> CollapsibleSection | None:
        if not isinstance(box, TextBox):
            return None
        return self._consent_section if box.field.kind in _CONSENT else self._source_section

    def _empty(self, keep: tuple[Kind, ...]) -> None:
        self.phone.clear()
        self.custom_fields.clear()
        for box in self.texts.values():
            if box.field.kind not in keep:
                box.edit.clear()
        if not keep:
            for choice in self.choices.values():
                choice.setChecked(False)
        self.phone.edit.setFocus()
        self.scroll_area.verticalScrollBar().setValue(0)

    def _update_summaries(self) -> None:
        """Show beside each section's title which of its fields are filled in."""
        for section, kinds in ((self._consent_section, _CONSENT), (self._source_section, (Kind.TEXT,))):
            filled = [box.field.label.lower() for box in self.texts.values() if box.text and box.field.kind in kinds]
            section.summarise(", ".join(filled))
        count = self.custom_fields.filled()
        self._custom_section.summarise(f"{count} filled in" if count else "")
        self._override_warning.setVisible(self.choices[_OVERRIDE].isChecked())

    # Worker and account

    def _connect_worker(self) -> None:
        worker = self._context.worker
        worker.contacts.waiting.connect(self._show_wait)
        worker.contacts.settled.connect(self._on_contact_settled)
        worker.contacts.failed.connect(self._on_contact_failed)
        worker.contacts.blocked.connect(self._on_contact_held)
        self._update_actions()

    def _on_account_changed(self) -> None:
        self.phone.set_region(self._context.account.region)
        self.list.clear()
        self._offer_lists()
        if not self._under_way:
            self.notice.hide()

    def _offer_lists(self) -> None:
        self.list.offer(self._context.lists(), self._context.account.region)

    def _look_up_person(self) -> None:
        self.membership.look_up(self.phone.number, self.list.number)

    def _show_connection_error(self) -> None:
        if not self._context.has_key:
            self.notice.say(
                "caution",
                "This account has no key on this computer",
                "Paste it under Accounts; until then nothing can be sent.",
                ("Open accounts", self.accounts_requested.emit),
            )
        elif self._context.connection_error:
            self.notice.say("caution", f"{self._context.connection_error}", "What you type here is kept.")

    def _update_actions(self) -> None:
        ready = self._context.has_worker and not self._under_way
        for widget in (self.add_button, self._add_another_button, self._clear_button):
            widget.setEnabled(ready)
        self.add_button.setToolTip("Ctrl+Enter" if ready else "A contact is being sent")

    def _show_under_way(self, request_id: int, phone: str) -> None:
        if self._under_way and request_id == self._request_id and not self.notice.isVisible():
            self.notice.say("info", f"Adding {phone}", "", ("Cancel", self._cancel))

    def _show_wait(self, request_id: int, message: str) -> None:
        if request_id == self._request_id and self._under_way:
            self.notice.say("caution", message, "Nothing is lost; it goes on by itself.", ("Cancel", self._cancel))

    def _cancel(self) -> None:
        self._context.worker.contacts.cancel(self._request_id)

    def _on_contact_settled(self, request_id: int, event: ContactResult) -> None:
        if request_id != self._request_id:
            return
        self._under_way = False
        self._update_actions()
        if event.end.stopped is not None and event.row.outcome is not Outcome.REFUSED:
            self._show_stopped(event)
            return
        self._show_row(event.row)
        if event.row.outcome in (Outcome.CREATED, Outcome.UPDATED):
            self._empty(keep=_KEPT_FOR_ANOTHER if self._starts_another else ())
            self.membership.clear()

    def _show_stopped(self, event: ContactResult) -> None:
        from trackly_desktop.api.replies import StopReason
        from trackly_desktop.messages import STOP_HELP

        assert event.end.stopped is not None
        if event.row.outcome is Outcome.UNKNOWN:
            self._show_row(event.row)
        elif event.end.stopped is StopReason.INTERRUPTED:
            self.notice.say("info", "Nothing was sent", "What you typed is still here.")
        else:
            error_help = STOP_HELP[event.end.stopped]
            text = f"{error_help.do}. Nobody was added; what you typed is still here."
            self.notice.say("bad", error_help.means, text, ("Open accounts", self.accounts_requested.emit))

    def _show_row(self, row: ShownRow) -> None:
        from trackly_desktop.gui.outcome_text import describe_row

        description = describe_row(row)
        text = "\n".join(part for part in (description.text, description.advice) if part)
        buttons = [("See its details", lambda: self.row_requested.emit(row.key))]
        if row.contact_id:
            ids = f"contact_id {row.contact_id}, list_contact_id {row.list_contact_id}"
            text += f"\nContact {row.contact_id}  ·  list contact {row.list_contact_id}"
            buttons.insert(0, ("Copy ids", lambda: QGuiApplication.clipboard().setText(ids)))
        self.notice.say(description.kind, description.headline, text, *buttons)
        self.scroll_area.verticalScrollBar().setValue(0)

    def _on_contact_held(self, request_id: int, person: RecipientStatus) -> None:
        """Show why the service sent nothing: the person must not be texted."""
        if request_id == self._request_id:
            self._under_way = False
            self._update_actions()
            self.notice.hide()
            self.membership.show_person(person)
            self.membership.require(person.phone)

    def _on_contact_failed(self, request_id: int, message: str) -> None:
        if request_id == self._request_id:
            self._under_way = False
            self._update_actions()
            self.notice.say("bad", message, "What you typed is still here.")


def _fields(boxes: list[TextBox]) -> QLayout:
    return column(*boxes, spacing=theme.M)


def _with_help(boxes: list[YesNoBox]) -> list[QWidget]:
    widgets: list[QWidget] = []
    for box in boxes:
        help = label(box.help, "small", wrap=True)
        help.setIndent(theme.XL)
        widgets += [box, help]
    return widgets
