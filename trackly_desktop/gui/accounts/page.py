"""The accounts page: add, change, check, use and remove accounts."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPlainTextEdit,
    QWidget,
)

from trackly_desktop.accounts.accounts import TRACKLY, Account, KnownList, new_account
from trackly_desktop.accounts.credentials import KeyProblem, clean_key
from trackly_desktop.api.replies import KeyState
from trackly_desktop.gui import formatting, icons, theme
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.widgets.controls import button, label, number_box, set_blocking_reason
from trackly_desktop.gui.widgets.field import QWIDGETSIZE_MAX, FieldBox
from trackly_desktop.gui.widgets.layout import Page, column, row
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.gui.widgets.phone_edit import CountryPicker
from trackly_desktop.messages import key_check_text, parse_problem_text

if TYPE_CHECKING:
    from trackly_desktop.api.capabilities import KeyCheck
    from trackly_desktop.worker import AccountOpened

_COLOURS = (
    ("", "Blue"),
    ("#1A7F37", "Green"),
    ("#8250DF", "Violet"),
    ("#BF3989", "Pink"),
    ("#BC4C00", "Orange"),
    ("#0A7B83", "Teal"),
)


class AccountsPage(Page):
    """The accounts on the left, the form of the selected one on the right."""

    def __init__(self, context: AccountContext) -> None:
        super().__init__("Accounts")
        self._context = context
        self._account = context.account
        self.names = QListWidget()
        self.names.setAccessibleName("Accounts")
        self.names.setFixedWidth(210)
        self.names.setIconSize(QSize(theme.ICON, theme.ICON))
        self.name, self.address = QLineEdit(), QLineEdit()
        self.key = QLineEdit()
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setPlaceholderText("trk_…")
        self.region, self.colour, self.lists = CountryPicker(), QComboBox(), QPlainTextEdit()
        self.keep_days, self.old_days = number_box(0, 3650, " days"), number_box(1, 3650, " days")
        self.keep_days.setSpecialValueText("For ever")
        self.remembers = QCheckBox("Know again whom was added, by a keyed hash of the number")
        self.notice = Notice()
        self._build()
        worker = context.worker
        worker.accounts.opened.connect(self._on_account_opened)
        worker.accounts.key_stored.connect(self._on_key_saved)
        worker.accounts.key_checked.connect(self._on_key_checked)
        worker.accounts.key_failed.connect(self._on_key_failed)
        self._fill_names()

    def _build(self) -> None:
        self.region.fill()
        self.region.setMaximumWidth(QWIDGETSIZE_MAX)
        for value, name in _COLOURS:
            self.colour.addItem(_swatch(value), name, value)
        self.lists.setPlaceholderText("+18005551234 Spring offers")
        self.lists.setFixedHeight(96)
        self.name_field = FieldBox("Name", self.name, required=True, help="As you call this client, like Acme Outdoors")
        self.key_field = FieldBox(
            "Key",
            self.key,
            help="From Trackly’s settings; it goes into this computer’s keyring and is never shown again",
        )
        self.address_field = FieldBox("Server address", self.address, required=True)
        self.region_field = FieldBox(
            "Country", self.region, help="Of phone numbers that are written without a country code"
        )
        self.colour_field = FieldBox("Colour", self.colour, help="Of the bar on top of the window")
        self.lists_field = FieldBox(
            "Sending lists", self.lists, help="A list a line: its phone number, and its name if you like"
        )
        self.keep_days_field = FieldBox(
            "Personal data is kept here", self.keep_days,
            help="Numbers, names and answers in History; what Trackly has is not touched",
        )  # fmt: skip
        self.old_days_field = FieldBox(
            "A signup is old after",
            self.old_days,
            help="People who agreed longer ago start no welcome journeys by themselves",
        )
        self._lists_note = label("", "quiet", wrap=True)
        self._sandbox_note = label(
            "A Trackly of its own inside this program: learn and try with it. Nothing that is sent to it reaches anybody.",
            wrap=True,
        )
        self.check = button("Check the key", self._check, icon="key")
        self.use = button("Use this account", self._use)
        self.save = button("Save", self._save, role="primary")
        self.remove = button("Remove", self._remove, role="flat", icon="trash")
        self._form = QWidget()
        self._form.setLayout(
            column(
                self.name_field, self.key_field, row(self.region_field, self.colour_field, spacing=theme.L),
                self.address_field, self.lists_field,
                row(self.keep_days_field, self.old_days_field, spacing=theme.L), self.remembers, spacing=theme.M,
            )
        )  # fmt: skip
        right = column(self.notice, self._sandbox_note, self._form, self._lists_note, 0, spacing=theme.M)
        new = button("New account", self.begin_new, icon="add")
        left = column(self.names, new, spacing=theme.M)
        self.content.addLayout(row(left, right, spacing=theme.XL))
        self.names.currentItemChanged.connect(self._on_item_changed)
        self.setFocusProxy(self.names)
        self.add_foot(self.remove, 0, self.check, self.use, self.save)

    def begin_new(self) -> None:
        """Show the form of a new account; Save adds it."""
        self.names.setCurrentRow(-1)
        self._show(new_account(""))
        self.name.setFocus()

    # Showing

    def _fill_names(self) -> None:
        self.names.blockSignals(True)
        self.names.clear()
        for account in self._context.accounts.all():
            icon = icons.icon("info") if account.is_sandbox else _swatch(account.colour)
            in_use = "  ·  in use" if account.id == self._context.account.id else ""
            item = QListWidgetItem(icon, account.name + in_use)
            item.setData(Qt.ItemDataRole.UserRole, account.id)
            self.names.addItem(item)
            if account.id == self._account.id:
                self.names.setCurrentItem(item)
        self.names.blockSignals(False)
        self._show(self._account)

    def _on_item_changed(self, item: QListWidgetItem | None) -> None:
        account = self._context.accounts.get(str(item.data(Qt.ItemDataRole.UserRole))) if item is not None else None
        if account is not None:
            self.notice.hide()
            self._show(account)

    def _show(self, account: Account) -> None:
        self._account = account
        is_known = self._context.accounts.get(account.id) is not None
        self.name.setText(account.name)
        self.key.clear()
        self.address.setText(account.base_url)
        self.region.choose(account.region)
        self.colour.setCurrentIndex(max(0, self.colour.findData(account.colour)))
        self.lists.setPlainText("\n".join(f"{known.number} {known.name}".strip() for known in account.lists))
        self.keep_days.setValue(account.keep_days)
        self.old_days.setValue(account.old_days)
        self.remembers.setChecked(account.remembers)
        for field in (self.name_field, self.key_field, self.address_field, self.lists_field):
            field.show_problem("")
        self._form.setVisible(not account.is_sandbox)
        self._sandbox_note.setVisible(account.is_sandbox)
        self.save.setVisible(not account.is_sandbox)
        self.remove.setVisible(is_known and not account.is_sandbox)
        in_use = account.id == self._context.account.id
        set_blocking_reason(self.use, "This account is in use" if in_use else "" if is_known else "Save it first")
        self._show_lists()

    def _show_lists(self) -> None:
        if self._account.id != self._context.account.id or not self._context.knows_lists:
            self._lists_note.setText("")
            return
        lists = [choice.words for choice in self._context.lists()]
        self._lists_note.setText(
            f"Trackly tells {formatting.count(len(lists), 'list')} of this account:\n" + "\n".join(lists)
        )

    # Reading the form

    def _read_form(self) -> Account | None:
        """Return the account as typed; show problems and return None if invalid."""
        from trackly_desktop.api.urls import UrlProblem, check_server_url

        name = self.name.text().strip()
        namesake = self._context.accounts.named(name) if name else None
        is_taken = namesake is not None and namesake.id != self._account.id
        self.name_field.show_problem(
            "An account needs a name" if not name else "There is an account of this name already" if is_taken else ""
        )
        try:
            address = check_server_url(self.address.text().strip() or TRACKLY)
            self.address_field.show_problem("")
        except UrlProblem as problem:
            self.address_field.show_problem(str(problem))
            return None
        lists = self._read_lists()
        if self.name_field.problem or lists is None:
            return None
        return dataclasses.replace(
            self._account, name=name, base_url=address, region=self.region.region, lists=lists,
            colour=str(self.colour.currentData()), keep_days=self.keep_days.value(), old_days=self.old_days.value(),
            remembers=self.remembers.isChecked(),
        )  # fmt: skip

    def _read_lists(self) -> tuple[KnownList, ...] | None:
        """Return the lists as typed; show the problem and return None if one is invalid."""
        from trackly_desktop.contacts.phone_numbers import PhoneProblem, parse_list_number

        lists = []
        for line in self.lists.toPlainText().splitlines():
            number, _, name = line.strip().partition(" ")
            if not number:
                continue
            try:
                lists.append(KnownList(parse_list_number(number, self.region.region), name.strip()))
            except PhoneProblem as problem:
                self.lists_field.show_problem(f"“{line.strip()}”: {parse_problem_text(problem)}")
                return None
        self.lists_field.show_problem("")
        return tuple(lists)

    def _save(self) -> None:
        account = self._read_form()
        if account is None:
            return
        key = self._read_key()
        if key is None:
            return
        self._account = account
        self._context.save_account(account)
        if key:
            self._context.worker.accounts.store_key(account, key)
            self.key.clear()
        self._fill_names()
        if not key:
            self.notice.say("good", f"{account.name} is saved")

    def _read_key(self) -> str | None:
        """Return the key as typed or empty; show the problem and return None if invalid."""
        if not self.key.text().strip():
            return ""
        try:
            key, caution = clean_key(self.key.text())
        except KeyProblem as problem:
            self.key_field.show_problem(str(problem))
            return None
        self.key_field.show_problem("")
        if caution:
            self.key_field.say(caution, kind="caution")
        return key

    def _check(self) -> None:
        account = self._account if self._account.is_sandbox else self._read_form()
        key = self._read_key()
        if account is None or key is None:
            return
        self.notice.say("info", "Checking the key", "Nothing is changed by it.")
        self._context.worker.accounts.check_key(account, key or None)

    def _use(self) -> None:
        self._context.switch_to(self._account.id)
        self._fill_names()

    def _remove(self) -> None:
        box = QMessageBox(self)
        box.setWindowTitle("Remove")
        box.setText(f"Remove {self._account.name}?")
        box.setInformativeText("Its key is taken out of the keyring. What was sent stays in History.")
        remove_button = box.addButton("Remove", QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton("Keep", QMessageBox.ButtonRole.RejectRole))
        box.exec()
        if box.clickedButton() is remove_button:
            self._context.remove_account(self._account)
            self._account = self._context.account
            self._fill_names()

    # The worker's signals

    def _on_account_opened(self, _event: AccountOpened) -> None:
        self._show_lists()

    def _on_key_saved(self, account: Account, in_keyring: bool) -> None:
        self._context.refresh_account(account)
        if account.id != self._account.id:
            return
        if in_keyring:
            self.notice.say("good", f"{account.name} is saved", "Its key is in this computer’s keyring.")
        else:
            self.notice.say(
                "caution",
                "This computer has no keyring",
                "The key is kept until you quit, and is never written to a file. Paste it again next time.",
            )

    def _on_key_checked(self, account: Account, check: KeyCheck) -> None:

        if account.id == self._account.id:
            kind = "good" if check.state.is_right else "bad" if check.state is KeyState.WRONG else "caution"
            lists = (
                f"{formatting.count(len(check.lists), 'list')} to add contacts to." if check.lists is not None else ""
            )
            self.notice.say(kind, key_check_text(check), lists)

    def _on_key_failed(self, account: Account, message: str) -> None:
        if account.id == self._account.id:
            self.notice.say("bad", message)


def _swatch(value: str) -> QIcon:
    """Return a square of an account's colour; empty is the theme's accent."""
    pixmap = QPixmap(theme.ICON, theme.ICON)
    pixmap.fill(QColor(value) if value else theme.colour("accent"))
    return QIcon(pixmap)
