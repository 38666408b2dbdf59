"""The bar on top of the window: which account is in use, unmistakably."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QFrame, QMenu, QPushButton

from trackly_desktop.accounts.accounts import Account
from trackly_desktop.gui import icons, theme
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.widgets.controls import Picture, label, set_property
from trackly_desktop.gui.widgets.layout import row

PRACTICE_WORDS = "nothing here reaches a real person"


class AccountBar(QFrame):
    """Amber for the practice account; otherwise a stripe in the account's own colour."""

    accounts_requested = Signal()

    def __init__(self, context: AccountContext) -> None:
        super().__init__()
        self._context = context
        self.setObjectName("accountBar")
        self._stripe = QFrame()
        self._stripe.setFixedSize(theme.M, theme.M)
        self._picture = Picture("info", "on_amber")
        self.name = label("", "label")
        self.words = label()
        self._switch = QPushButton("Switch")
        self._switch.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # its arrow stands behind its word
        self._switch.setAccessibleName("Switch account")
        self._menu = QMenu(self._switch)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._menu.triggered.connect(self._chosen)
        self._switch.setMenu(self._menu)
        line = row(self._picture, self._stripe, self.name, self.words, 0, self._switch)
        line.setContentsMargins(theme.L, theme.XS, theme.S, theme.XS)
        self.setLayout(line)
        context.account_changed.connect(self._show)
        context.connection_error_changed.connect(self._show)
        context.worker_ready.connect(self._show)
        self._show()

    @property
    def switch_button(self) -> QPushButton:
        """Opens the menu of accounts."""
        return self._switch

    def _show(self) -> None:
        account = self._context.account
        set_property(self, "practice", account.is_sandbox)
        for part in (self.name, self.words, self._switch):
            part.style().unpolish(part)
            part.style().polish(part)
        self._switch.setIcon(icons.icon("down", "on_amber" if account.is_sandbox else "text"))
        self._picture.setVisible(account.is_sandbox)
        self._stripe.setVisible(not account.is_sandbox)
        if not account.is_sandbox:
            self._stripe.setStyleSheet(f"background: {_colour(account).name()}; border-radius: 6px;")
        self.name.setText(account.name)
        self.words.setText(self._said(account))
        self._switch.setEnabled(self._context.has_worker)

    def _said(self, account: Account) -> str:
        if account.is_sandbox:
            return f"·  {PRACTICE_WORDS}"
        if not self._context.has_key:
            return "·  no key on this computer"
        if self._context.trouble:
            return f"·  {self._context.trouble}"
        return f"·  {account.base_url.removeprefix('https://')}"

    def _fill_menu(self) -> None:
        self._menu.clear()
        for account in self._context.accounts.all():
            action = self._menu.addAction(account.name)
            action.setCheckable(True)
            action.setChecked(account.id == self._context.account.id)
            action.setData(account.id)
        self._menu.addSeparator()
        self._menu.addAction("Manage accounts").triggered.connect(self.accounts_requested)

    def _chosen(self, action: QAction) -> None:
        if action.data():
            self._context.use(str(action.data()))


def _colour(account: Account) -> QColor:
    return QColor(account.colour) if account.colour else theme.colour("accent")
