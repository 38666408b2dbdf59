"""The bar at the top of the window: the account in use."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QFrame, QMenu, QPushButton

from trackly_desktop.accounts.accounts import Account
from trackly_desktop.gui import icons, theme
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.widgets.controls import Picture, label, restyle, set_property
from trackly_desktop.gui.widgets.layout import row

PRACTICE_WORDS = "nothing here reaches a real person"


class AccountBar(QFrame):
    """Amber for the practice account; for others, a dot in the account's colour."""

    accounts_requested = Signal()

    def __init__(self, context: AccountContext) -> None:
        super().__init__()
        self._context = context
        self.setObjectName("accountBar")
        self._dot = QFrame()
        self._dot.setFixedSize(theme.M, theme.M)
        self._picture = Picture("info", "on_amber")
        self.name = label("", "label")
        self.words = label()
        self.switch_button = QPushButton("Switch")
        self.switch_button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow follows the word
        self.switch_button.setAccessibleName("Switch account")
        self._menu = QMenu(self.switch_button)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._menu.triggered.connect(self._on_account_chosen)
        self.switch_button.setMenu(self._menu)
        line = row(self._picture, self._dot, self.name, self.words, 0, self.switch_button)
        line.setContentsMargins(theme.L, theme.XS, theme.S, theme.XS)
        self.setLayout(line)
        context.account_changed.connect(self._show)
        context.connection_error_changed.connect(self._show)
        context.worker_ready.connect(self._show)
        self._show()

    def _show(self) -> None:
        account = self._context.account
        set_property(self, "practice", account.is_sandbox)
        for widget in (self.name, self.words, self.switch_button):
            restyle(widget)
        self.switch_button.setIcon(icons.icon("down", "on_amber" if account.is_sandbox else "text"))
        self._picture.setVisible(account.is_sandbox)
        self._dot.setVisible(not account.is_sandbox)
        if not account.is_sandbox:
            self._dot.setStyleSheet(f"background: {_colour(account).name()}; border-radius: 6px;")
        self.name.setText(account.name)
        self.words.setText(self._status(account))
        self.switch_button.setEnabled(self._context.has_worker)

    def _status(self, account: Account) -> str:
        """Return the words beside the account's name."""
        if account.is_sandbox:
            return f"·  {PRACTICE_WORDS}"
        if not self._context.has_key:
            return "·  no key on this computer"
        if self._context.connection_error:
            return f"·  {self._context.connection_error}"
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

    def _on_account_chosen(self, action: QAction) -> None:
        if action.data():
            self._context.switch_to(str(action.data()))


def _colour(account: Account) -> QColor:
    return QColor(account.colour) if account.colour else theme.colour("accent")
