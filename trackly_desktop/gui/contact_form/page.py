"""The page on which one contact is added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLayout, QWidget

from trackly_desktop.contacts.contact import Contact
from trackly_desktop.contacts.fields import FIELDS, Kind
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.contacts.parsers import ParseContext
from trackly_desktop.contacts.validation import Problem, parse_contact
from trackly_desktop.gui import theme
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.contact_form.custom_fields import CustomFields
from trackly_desktop.gui.contact_form.fields import TextBox, YesNoBox
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
    """The form. Nothing that is typed is lost unless the contact was added, or Clear is pressed."""

    accounts_requested = Signal()
    row_requested = Signal(object)

    def __init__(self, context: AccountContext) -> None:
        super().__init__("Add a contact")
        self._context = context
        self._request_id = 0
        self._under_way = False
        self._another = False
        self.notice = Notice()
        self.phone = PhoneBox()
        self.list = ListBox()
        self.membership = MembershipStatusLine(context)
        self.texts = {one.name: TextBox(one) for one in FIELDS if one.kind in _KEPT_FOR_ANOTHER}
        self.choices = {one.name: YesNoBox(one.name) for one in FIELDS if one.kind is Kind.YES_NO}
        self.custom = CustomFields()
        self._build()
        self._wire()
        self._account_changed()

    def showEvent(self, event: object) -> None:
        """Qt's: the cursor is where the typing starts."""
        if self.focusWidget() is None:
            self.phone.edit.setFocus()
        super().showEvent(event)  # type: ignore[arg-type]

    def _build(self) -> None:
        consent = [box for box in self.texts.values() if box.field.kind in _CONSENT]
        source = [box for box in self.texts.values() if box.field.kind is Kind.TEXT]
        journeys = [box for name, box in self.choices.items() if name != _OVERRIDE]
        self._consent = CollapsibleSection("consent", "How they agreed to be texted", _fields(consent))
        self._source = CollapsibleSection("source", "Where they came from", _fields(source))
        self._replaces = label(
            "Every custom field they have and that is not written here is deleted", "caution", wrap=True
        )
        more = column(self.custom, self.choices[_OVERRIDE], self._replaces, spacing=theme.S)
        self._custom = CollapsibleSection("custom", "Custom fields", more)
        for part in (
            self.notice,
            column(self.phone, self.list, self.membership, spacing=theme.M),
            column(*_with_help(journeys), spacing=theme.XS),
            column(self._consent, self._source, self._custom, spacing=theme.XS),
        ):
            if isinstance(part, QLayout):
                self.content.addLayout(part)
            else:
                self.content.addWidget(part)
        self._clear = button("Clear", self.clear, role="flat")
        self._add_another = button("Add and start another", lambda: self.add(another=True))
        self.add_button = button("Add", self.add, role="primary", icon="add")
        self.add_foot(self._clear, 0, self._add_another, self.add_button)
        shortcut(self, "Ctrl+Return", self.add)
        shortcut(self, "Ctrl+Shift+Return", lambda: self.add(another=True))
        self.add_button.setToolTip("Ctrl+Enter")
        self._add_another.setToolTip("Ctrl+Shift+Enter; keeps the list, where they came from and how they agreed")

    def _wire(self) -> None:
        context = self._context
        context.account_changed.connect(self._account_changed)
        context.lists_changed.connect(self._lists_changed)
        context.connection_error_changed.connect(self._show_trouble)
        context.worker_ready.connect(self._worker_came)
        self.phone.changed.connect(self._person_changed)
        self.list.changed.connect(self._person_changed)
        for box in self.texts.values():
            box.changed.connect(self._summarise)
        for choice in self.choices.values():
            choice.toggled.connect(self._summarise)
        self.custom.changed.connect(self._summarise)
        self._summarise()
        if context.has_worker:
            self._worker_came()
        self._update_actions()

    def fill_countries(self) -> None:
        """Once the window is there."""
        self.phone.country.fill()

    def add(self, *, another: bool = False) -> None:
        """Sends what is in the form, if all of it is right."""
        if self._under_way or not self._context.has_worker:
            return
        contact = self._contact()
        if contact is None:
            return
        texts_again = contact.use_journeys and not contact.skip_journey_if_exists
        if not self.membership.require(contact.phone_number, texts_again=texts_again):
            return
        self._another = another
        self._request_id = self._context.next_request_id()
        self._under_way = True
        self._update_actions()
        self._context.remember_list(contact.list_number)
        self.notice.hide()
        request_id = self._request_id
        QTimer.singleShot(150, self, lambda: self._show_under_way(request_id, contact.phone_number))
        typed_again = self.membership.is_typed_again(contact.phone_number)
        self._context.worker.contacts.add(request_id, self._context.account, contact, typed_again=typed_again)

    def clear(self) -> None:
        """An empty form."""
        self._empty(keep=())
        self.list.clear()
        self.notice.hide()

    @property
    def is_under_way(self) -> bool:
        """Whether a contact is being sent."""
        return self._under_way

    # What is typed

    def _contact(self) -> Contact | None:
        right = [box.require() for box in (self.phone, self.list, *self.texts.values())]
        custom = self.custom.values()
        if custom is None or not all(right):
            self._show_first_problem()
            return None
        texts = {name: box.text for name, box in self.texts.items()}
        texts |= {name: choice.text_value for name, choice in self.choices.items()}
        texts |= {"phone_number": self.phone.number, "list_number": self.list.number}
        contact, found = parse_contact(texts, custom, ParseContext(region=self._context.account.region))
        if contact is None:
            self._show_problems(found)
        return contact

    def _show_problems(self, found: list[Problem]) -> None:
        elsewhere = []
        for one in found:
            if one.field in self.texts:
                self.texts[one.field].show_problem(one.words)
            else:
                elsewhere.append(one.words)
        if elsewhere:
            self.notice.say("bad", "This contact cannot be sent as it is", "\n".join(elsewhere))
        self._show_first_problem()

    def _show_first_problem(self) -> None:
        boxes = (self.phone, self.list, *self.texts.values())
        for box, normalize_header in ((box, self._fold_of(box)) for box in boxes):
            if box.problem:
                if normalize_header is not None:
                    normalize_header.unfold()
                box.control.setFocus()
                self.scroll_area.ensureWidgetVisible(box)
                return
        self._custom.unfold()

    def _fold_of(self, box: QWidget) -> CollapsibleSection | None:
        if not isinstance(box, TextBox):
            return None
        return self._consent if box.field.kind in _CONSENT else self._source

    def _empty(self, keep: tuple[Kind, ...]) -> None:
        self.phone.clear()
        self.custom.clear()
        for box in self.texts.values():
            if box.field.kind not in keep:
                box.edit.clear()
        if not keep:
            for choice in self.choices.values():
                choice.setChecked(False)
        self.phone.edit.setFocus()
        self.scroll_area.verticalScrollBar().setValue(0)

    def _summarise(self) -> None:
        """What is in the folded parts, beside their titles; and what goes together."""
        for normalize_header, kinds in ((self._consent, _CONSENT), (self._source, (Kind.TEXT,))):
            filled = [box.field.label.lower() for box in self.texts.values() if box.text and box.field.kind in kinds]
            normalize_header.summarise(", ".join(filled))
        number = self.custom.filled()
        self._custom.summarise(f"{number} filled in" if number else "")
        self._replaces.setVisible(self.choices[_OVERRIDE].isChecked())
        again = self.choices["skip_journey_if_exists"]
        again.setEnabled(self.choices["use_journeys"].isChecked())
        if not again.isEnabled():
            again.setChecked(False)
            again.setToolTip("Only with welcome journeys")
        else:
            again.setToolTip(again.help)

    # What happens

    def _worker_came(self) -> None:
        worker = self._context.worker
        worker.contacts.waiting.connect(self._waits)
        worker.contacts.settled.connect(self._settled)
        worker.contacts.failed.connect(self._failed)
        worker.contacts.blocked.connect(self._held)
        self._update_actions()

    def _account_changed(self) -> None:
        self.phone.set_region(self._context.account.region)
        self.list.clear()
        self._lists_changed()
        if not self._under_way:
            self.notice.hide()

    def _lists_changed(self) -> None:
        self.list.offer(self._context.lists(), self._context.account.region)

    def _person_changed(self) -> None:
        self.membership.ask(self.phone.number, self.list.number)

    def _show_trouble(self) -> None:
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
        for one in (self.add_button, self._add_another, self._clear):
            one.setEnabled(ready)
        self.add_button.setToolTip("Ctrl+Enter" if ready else "A contact is being sent")

    def _show_under_way(self, request_id: int, phone: str) -> None:
        if self._under_way and request_id == self._request_id and not self.notice.isVisible():
            self.notice.say("info", f"Adding {phone}", "", ("Cancel", self._cancel))

    def _waits(self, request_id: int, words: str) -> None:
        if request_id == self._request_id and self._under_way:
            self.notice.say("caution", words, "Nothing is lost; it goes on by itself.", ("Cancel", self._cancel))

    def _cancel(self) -> None:
        self._context.worker.contacts.cancel(self._request_id)

    def _settled(self, request_id: int, news: ContactResult) -> None:
        if request_id != self._request_id:
            return
        self._under_way = False
        self._update_actions()
        if news.end.stopped is not None and news.row.outcome is not Outcome.REFUSED:
            self._show_stopped(news)
            return
        self._show_row(news.row)
        if news.row.outcome in (Outcome.CREATED, Outcome.UPDATED):
            self._empty(keep=_KEPT_FOR_ANOTHER if self._another else ())
            self.membership.clear()

    def _show_stopped(self, news: ContactResult) -> None:
        from trackly_desktop.api.replies import StopReason
        from trackly_desktop.messages import STOP_HELP

        assert news.end.stopped is not None
        if news.row.outcome is Outcome.UNKNOWN:
            self._show_row(news.row)
        elif news.end.stopped is StopReason.INTERRUPTED:
            self.notice.say("info", "Nothing was sent", "What you typed is still here.")
        else:
            error_help = STOP_HELP[news.end.stopped]
            text = f"{error_help.do}. Nobody was added; what you typed is still here."
            self.notice.say("bad", error_help.means, text, ("Open accounts", self.accounts_requested.emit))

    def _show_row(self, row: ShownRow) -> None:
        from trackly_desktop.gui.outcome_text import describe_row

        what = describe_row(row)
        text = "\n".join(part for part in (what.text, what.advice) if part)
        buttons = [("See its details", lambda: self.row_requested.emit(row.key))]
        if row.contact_id:
            ids = f"contact_id {row.contact_id}, list_contact_id {row.list_contact_id}"
            text += f"\nContact {row.contact_id}  ·  list contact {row.list_contact_id}"
            buttons.insert(0, ("Copy ids", lambda: QGuiApplication.clipboard().setText(ids)))
        self.notice.say(what.kind, what.headline, text, *buttons)
        self.scroll_area.verticalScrollBar().setValue(0)

    def _held(self, request_id: int, person: RecipientStatus) -> None:
        """Nothing was sent: it came out, as it was to be, that this person must not be texted."""
        if request_id == self._request_id:
            self._under_way = False
            self._update_actions()
            self.notice.hide()
            self.membership.show_person(person)
            self.membership.require(person.phone)

    def _failed(self, request_id: int, words: str) -> None:
        if request_id == self._request_id:
            self._under_way = False
            self._update_actions()
            self.notice.say("bad", words, "What you typed is still here.")


def _fields(boxes: list[TextBox]) -> QLayout:
    return column(*boxes, spacing=theme.M)


def _with_help(boxes: list[YesNoBox]) -> list[QWidget]:
    parts: list[QWidget] = []
    for box in boxes:
        help = label(box.help, "small", wrap=True)
        help.setIndent(theme.XL)
        parts += [box, help]
    return parts
