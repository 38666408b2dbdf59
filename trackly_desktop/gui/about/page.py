"""The about page: version, check for updates, third-party licences."""

from __future__ import annotations

import platform
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSysInfo, QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QListWidget, QPlainTextEdit

from trackly_desktop import __version__
from trackly_desktop.api.urls import UrlProblem, check_page_url
from trackly_desktop.gui import settings, theme
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.update_check import WHERE_FROM
from trackly_desktop.gui.widgets.controls import Picture, button, label, set_blocking_reason
from trackly_desktop.gui.widgets.field import FieldBox
from trackly_desktop.gui.widgets.layout import Page, column, row
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.system import app_info, paths

if TYPE_CHECKING:
    from trackly_desktop.system.third_party_licenses import License

_ICON_SIZE = 48
_LIST_WIDTH, _LIST_HEIGHT = 240, 260


class AboutPage(Page):
    """Shows facts for support, checks for updates and shows third-party licences."""

    def __init__(self, context: AccountContext) -> None:
        super().__init__("About")
        self._context = context
        self._licenses: list[License] = []
        self._request_id = 0
        self.copy_button = button("Copy for support", self._copy, icon="copy")
        self.address = QLineEdit()
        self.address.setPlaceholderText("https://…")
        self.check_button = button("Look now", self._check_now)
        self.daily_check = QCheckBox("Look there once a day")
        self.notice = Notice()
        self.licenses = QListWidget()
        self.license_text = QPlainTextEdit()
        self._build()
        self.setFocusProxy(self.copy_button)
        self.daily_check.toggled.connect(self._on_daily_check_toggled)
        self.address.textChanged.connect(self._on_address_changed)
        self.address.editingFinished.connect(self._save_address)
        self.licenses.currentRowChanged.connect(self._show_license)
        context.worker.queries.version_fetched.connect(self._on_newest_version)
        context.worker.queries.version_failed.connect(self._on_check_failed)
        context.worker.queries.licenses_read.connect(self._show_licenses)

    def _build(self) -> None:
        name = column(
            label(f"Trackly Desktop {__version__}", "section"),
            label(_environment(), "quiet", wrap=True),
            spacing=theme.XS,
        )
        log_button = button("Open the log folder", lambda: _open_folder(paths.log_folder()), icon="file")
        self.address_field = FieldBox(
            "Address that tells the newest version",
            self.address,
            help="A version number is asked for there; nothing is sent about you or your contacts, and nothing is installed",
            beside=self.check_button,
        )
        self.licenses.setAccessibleName("Others’ work in this program")
        self.licenses.setFixedSize(_LIST_WIDTH, _LIST_HEIGHT)
        self.license_text.setAccessibleName("Licence")
        self.license_text.setReadOnly(True)
        self.license_text.setFixedHeight(_LIST_HEIGHT)
        self.content.addLayout(row(Picture("app", "accent", _ICON_SIZE), name, spacing=theme.L))
        self.content.addLayout(row(self.copy_button, log_button, 0))
        self.content.addLayout(
            column(
                theme.S, label("Newer versions", "section"), self.address_field, self.daily_check, self.notice, spacing=theme.M,
            )
        )  # fmt: skip
        self.content.addLayout(
            column(
                theme.S, label("Others’ work in this program", "section"), label(_library_notice(), wrap=True),
                row(self.licenses, self.license_text, spacing=theme.M), spacing=theme.M,
            )
        )  # fmt: skip

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.address.setText(settings.update_address())
        self.daily_check.blockSignals(True)
        self.daily_check.setChecked(settings.checks_for_updates())
        self.daily_check.blockSignals(False)
        self._on_address_changed()
        if not self._licenses:
            self._context.worker.queries.read_licenses()

    # Updates

    def _on_address_changed(self) -> None:
        self.address_field.show_problem("")
        self.notice.hide()
        blocking_reason = "" if self.address.text().strip() else "Enter the address first"
        for control in (self.check_button, self.daily_check):
            set_blocking_reason(control, blocking_reason)

    def _save_address(self) -> bool:
        """Save the address where it is valid or empty; return whether there is one to ask."""
        typed = self.address.text().strip()
        try:
            checked = check_page_url(typed) if typed else ""
        except UrlProblem as problem:
            self.address_field.show_problem(str(problem))
            return False
        settings.save_update_address(checked)
        return bool(checked)

    def _check_now(self) -> None:
        if self._save_address():
            self.notice.say("info", "Looking")
            settings.save_last_update_check(time.time())
            self._request_id = self._context.next_request_id()
            self._context.worker.queries.fetch_newest_version(self._request_id, settings.update_address())

    def _on_daily_check_toggled(self, enabled: bool) -> None:
        if enabled and not self._save_address():
            self.daily_check.setChecked(False)
            return
        settings.save_checks_for_updates(enabled)
        if enabled:
            self._check_now()

    def _on_newest_version(self, request_id: int, version: str) -> None:
        if request_id != self._request_id:
            return
        if app_info.is_newer(version):
            self.notice.say("info", f"Trackly Desktop {version} is out", f"You have {__version__}. {WHERE_FROM}")
        else:
            self.notice.say("good", "You have the newest version")

    def _on_check_failed(self, request_id: int, message: str) -> None:
        if request_id == self._request_id:
            self.notice.say("caution", "The newest version is not known", message)

    # Licences

    def _show_licenses(self, licenses: list[License]) -> None:
        self._licenses = licenses
        self.licenses.clear()
        self.licenses.addItems([f"{entry.name} {entry.version}".strip() for entry in licenses])
        self.licenses.setCurrentRow(0)

    def _show_license(self, index: int) -> None:
        if 0 <= index < len(self._licenses):
            entry = self._licenses[index]
            self.license_text.setPlainText(f"{entry.name} {entry.version}\n{entry.license}\n\n{entry.text}")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"Trackly Desktop {__version__}\n{_environment()}")


def _environment() -> str:
    kind = "packaged" if app_info.is_packaged() else "from a checkout"
    parts = (f"Python {platform.python_version()}", f"Qt {qVersion()}", QSysInfo.prettyProductName(), kind)
    return "  ·  ".join(parts)


def _library_notice() -> str:
    notice = (
        "Qt and PySide6 are used under the LGPL, version 3: shared libraries of their own, which you may exchange"
        " for others."
    )
    folder = app_info.libraries_folder()
    return f"{notice} They are in {folder}." if folder is not None else notice


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
