"""The page on which one contact is added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLayout, QWidget

from trackly_desktop.contacts.contact import FIELDS, Contact, Kind, Problem, Reading, read_contact
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.gui import theme
from trackly_desktop.gui.account_context import Desk
from trackly_desktop.gui.contact_form.custom_fields import CustomFields
from trackly_desktop.gui.contact_form.fields import TextBox, YesNoBox
from trackly_desktop.gui.contact_form.membership_status import StandingLine
from trackly_desktop.gui.widgets.collapsible_section import Fold
from trackly_desktop.gui.widgets.controls import Page, button, column, label, shortcut
from trackly_desktop.gui.widgets.list_picker import ListBox
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.gui.widgets.phone_edit import PhoneBox

if TYPE_CHECKING:
    from trackly_desktop.journal.reader import ShownRow
    from trackly_desktop.worker import ContactSettled, PersonFound

_OVERRIDE = "override_custom_fields"
_CONSENT = (Kind.MOMENT, Kind.IP, Kind.URL)
_KEPT_FOR_ANOTHER = (*_CONSENT, Kind.TEXT)


class ContactPage(Page):
    """The form. Nothing that is typed is lost unless the contact was added, or Clear is pressed."""

    wants_accounts = Signal()
    wants_row = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__("Add a contact")
        self._desk = desk
        self._ticket = 0
        self._under_way = False
        self._another = False
        self.notice = Notice()
        self.phone = PhoneBox()
        self.list = ListBox()
        self.standing = StandingLine(desk)
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
        self._consent = Fold("consent", "How they agreed to be texted", _fields(consent))
        self._source = Fold("source", "Where they came from", _fields(source))
        self._replaces = label(
            "Every custom field they have and that is not written here is deleted", "caution", wrap=True
        )
        more = column(self.custom, self.choices[_OVERRIDE], self._replaces, spacing=theme.S)
        self._custom = Fold("custom", "Custom fields", more)
        for part in (
            self.notice,
            column(self.phone, self.list, self.standing, spacing=theme.M),
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
        desk = self._desk
        desk.account_changed.connect(self._account_changed)
        desk.lists_changed.connect(self._lists_changed)
        desk.trouble_changed.connect(self._show_trouble)
        desk.worker_came.connect(self._worker_came)
        self.phone.changed.connect(self._person_changed)
        self.list.changed.connect(self._person_changed)
        for box in self.texts.values():
            box.changed.connect(self._summarise)
        for choice in self.choices.values():
            choice.toggled.connect(self._summarise)
        self.custom.changed.connect(self._summarise)
        self._summarise()
        if desk.has_worker:
            self._worker_came()
        self._allow()

    def fill_countries(self) -> None:
        """Once the window is there."""
        self.phone.country.fill()

    def add(self, *, another: bool = False) -> None:
        """Sends what is in the form, if all of it is right."""
        if self._under_way or not self._desk.has_worker:
            return
        contact = self._contact()
        if contact is None:
            return
        texts_again = contact.use_journeys and not contact.skip_journey_if_exists
        if not self.standing.require(contact.phone_number, texts_again=texts_again):
            return
        self._another = another
        self._ticket = self._desk.ticket()
        self._under_way = True
        self._allow()
        self._desk.keep_list(contact.list_number)
        self.notice.hide()
        ticket = self._ticket
        QTimer.singleShot(150, self, lambda: self._show_under_way(ticket, contact.phone_number))
        typed_again = self.standing.is_typed_again(contact.phone_number)
        self._desk.worker.add_contact(ticket, self._desk.account, contact, typed_again=typed_again)

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
        contact, found = read_contact(texts, custom, Reading(region=self._desk.account.region))
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
        for box, fold in ((box, self._fold_of(box)) for box in boxes):
            if box.problem:
                if fold is not None:
                    fold.unfold()
                box.control.setFocus()
                self.scroll_area.ensureWidgetVisible(box)
                return
        self._custom.unfold()

    def _fold_of(self, box: QWidget) -> Fold | None:
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
        for fold, kinds in ((self._consent, _CONSENT), (self._source, (Kind.TEXT,))):
            filled = [box.field.label.lower() for box in self.texts.values() if box.text and box.field.kind in kinds]
            fold.summarise(", ".join(filled))
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
        worker = self._desk.worker
        worker.contact_waits.connect(self._waits)
        worker.contact_settled.connect(self._settled)
        worker.contact_failed.connect(self._failed)
        worker.contact_held.connect(self._held)
        self._allow()

    def _account_changed(self) -> None:
        self.phone.set_region(self._desk.account.region)
        self.list.clear()
        self._lists_changed()
        if not self._under_way:
            self.notice.hide()

    def _lists_changed(self) -> None:
        self.list.offer(self._desk.lists(), self._desk.account.region)

    def _person_changed(self) -> None:
        self.standing.ask(self.phone.number, self.list.number)

    def _show_trouble(self) -> None:
        if not self._desk.has_key:
            self.notice.say(
                "caution",
                "This account has no key on this computer",
                "Paste it under Accounts; until then nothing can be sent.",
                ("Open accounts", self.wants_accounts.emit),
            )
        elif self._desk.trouble:
            self.notice.say("caution", f"{self._desk.trouble}", "What you type here is kept.")

    def _allow(self) -> None:
        ready = self._desk.has_worker and not self._under_way
        for one in (self.add_button, self._add_another, self._clear):
            one.setEnabled(ready)
        self.add_button.setToolTip("Ctrl+Enter" if ready else "A contact is being sent")

    def _show_under_way(self, ticket: int, phone: str) -> None:
        if self._under_way and ticket == self._ticket and not self.notice.isVisible():
            self.notice.say("info", f"Adding {phone}", "", ("Cancel", self._cancel))

    def _waits(self, ticket: int, words: str) -> None:
        if ticket == self._ticket and self._under_way:
            self.notice.say("caution", words, "Nothing is lost; it goes on by itself.", ("Cancel", self._cancel))

    def _cancel(self) -> None:
        self._desk.worker.cancel_contact(self._ticket)

    def _settled(self, ticket: int, news: ContactSettled) -> None:
        if ticket != self._ticket:
            return
        self._under_way = False
        self._allow()
        if news.end.stopped is not None and news.row.outcome is not Outcome.REFUSED:
            self._show_stopped(news)
            return
        self._show_row(news.row)
        if news.row.outcome in (Outcome.CREATED, Outcome.UPDATED):
            self._empty(keep=_KEPT_FOR_ANOTHER if self._another else ())
            self.standing.clear()

    def _show_stopped(self, news: ContactSettled) -> None:
        from trackly_desktop.api.replies import OBSTACLES, Obstacle

        assert news.end.stopped is not None
        if news.row.outcome is Outcome.UNKNOWN:
            self._show_row(news.row)
        elif news.end.stopped is Obstacle.INTERRUPTED:
            self.notice.say("info", "Nothing was sent", "What you typed is still here.")
        else:
            meaning = OBSTACLES[news.end.stopped]
            text = f"{meaning.do}. Nobody was added; what you typed is still here."
            self.notice.say("bad", meaning.means, text, ("Open accounts", self.wants_accounts.emit))

    def _show_row(self, row: ShownRow) -> None:
        from trackly_desktop.gui.outcome_text import told

        what = told(row)
        text = "\n".join(part for part in (what.text, what.advice) if part)
        buttons = [("See its details", lambda: self.wants_row.emit(row.key))]
        if row.contact_id:
            ids = f"contact_id {row.contact_id}, list_contact_id {row.list_contact_id}"
            text += f"\nContact {row.contact_id}  ·  list contact {row.list_contact_id}"
            buttons.insert(0, ("Copy ids", lambda: QGuiApplication.clipboard().setText(ids)))
        self.notice.say(what.kind, what.headline, text, *buttons)
        self.scroll_area.verticalScrollBar().setValue(0)

    def _held(self, ticket: int, person: PersonFound) -> None:
        """Nothing was sent: it came out, as it was to be, that this person must not be texted."""
        if ticket == self._ticket:
            self._under_way = False
            self._allow()
            self.notice.hide()
            self.standing.show_person(person)
            self.standing.require(person.phone)

    def _failed(self, ticket: int, words: str) -> None:
        if ticket == self._ticket:
            self._under_way = False
            self._allow()
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
