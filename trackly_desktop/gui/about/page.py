"""The page of the program itself: its version, newer ones, and whose work is in it."""

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
from trackly_desktop.gui.widgets.controls import Page, Picture, button, column, label, row
from trackly_desktop.gui.widgets.field import FieldBox
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.system import app_info, paths

if TYPE_CHECKING:
    from trackly_desktop.system.third_party_licenses import License as Work

_PICTURE = 48
_NAMES_WIDTH, _NAMES_HEIGHT = 240, 260


class AboutPage(Page):
    """What is asked of who asks for help, what newer version is out, and the licences of others' work."""

    def __init__(self, context: AccountContext) -> None:
        super().__init__("About")
        self._context = context
        self._works: list[Work] = []
        self._request_id = 0
        self.copy_button = button("Copy for support", self._copy, icon="copy")
        self.address = QLineEdit()
        self.address.setPlaceholderText("https://…")
        self.ask = button("Look now", self._ask_now)
        self.look = QCheckBox("Look there once a day")
        self.notice = Notice()
        self.works = QListWidget()
        self.text = QPlainTextEdit()
        self._build()
        self.setFocusProxy(self.copy_button)
        self.look.toggled.connect(self._look_toggled)
        self.address.textChanged.connect(self._typed)
        self.address.editingFinished.connect(self._keep_address)
        self.works.currentRowChanged.connect(self._show_text)
        context.worker.queries.version_fetched.connect(self._told)
        context.worker.queries.version_failed.connect(self._failed)
        context.worker.queries.licenses_read.connect(self._fill)

    def _build(self) -> None:
        name = column(
            label(f"Trackly Desktop {__version__}", "section"),
            label(_surroundings(), "quiet", wrap=True),
            spacing=theme.XS,
        )
        log = button("Open the log folder", lambda: _open_folder(paths.log_folder()), icon="file")
        self._address_box = FieldBox(
            "Address that tells the newest version",
            self.address,
            help="A version number is asked for there; nothing is sent about you or your contacts, and nothing is installed",
            beside=self.ask,
        )
        self.works.setAccessibleName("Others’ work in this program")
        self.works.setFixedSize(_NAMES_WIDTH, _NAMES_HEIGHT)
        self.text.setAccessibleName("Licence")
        self.text.setReadOnly(True)
        self.text.setFixedHeight(_NAMES_HEIGHT)
        self.content.addLayout(row(Picture("app", "accent", _PICTURE), name, spacing=theme.L))
        self.content.addLayout(row(self.copy_button, log, 0))
        self.content.addLayout(
            column(
                theme.S, label("Newer versions", "section"), self._address_box, self.look, self.notice, spacing=theme.M,
            )
        )  # fmt: skip
        self.content.addLayout(
            column(
                theme.S, label("Others’ work in this program", "section"), label(_exchangeable(), wrap=True),
                row(self.works, self.text, spacing=theme.M), spacing=theme.M,
            )
        )  # fmt: skip

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's: what is remembered may be another by now."""
        super().showEvent(event)
        self.address.setText(settings.newer_address())
        self.look.blockSignals(True)
        self.look.setChecked(settings.looks_for_newer())
        self.look.blockSignals(False)
        self._typed()
        if not self._works:
            self._context.worker.queries.read_licenses()

    # Newer versions

    def _typed(self) -> None:
        self._address_box.show_problem("")
        self.notice.hide()
        known = bool(self.address.text().strip())
        for one in (self.ask, self.look):
            one.setEnabled(known)
            one.setToolTip("" if known else "Enter the address first")

    def _keep_address(self) -> bool:
        """Whether what is typed can be asked; it is kept then, or when it is empty."""
        typed = self.address.text().strip()
        try:
            checked = check_page_url(typed) if typed else ""
        except UrlProblem as problem:
            self._address_box.show_problem(str(problem))
            return False
        settings.keep_newer_address(checked)
        return bool(checked)

    def _ask_now(self) -> None:
        if self._keep_address():
            self.notice.say("info", "Looking")
            settings.keep_newer_looked_at(time.time())
            self._request_id = self._context.next_request_id()
            self._context.worker.queries.fetch_newest_version(self._request_id, settings.newer_address())

    def _look_toggled(self, looks: bool) -> None:
        if looks and not self._keep_address():
            self.look.setChecked(False)
            return
        settings.keep_looking_for_newer(looks)
        if looks:
            self._ask_now()

    def _told(self, request_id: int, version: str) -> None:
        if request_id != self._request_id:
            return
        if app_info.is_newer(version):
            self.notice.say("info", f"Trackly Desktop {version} is out", f"You have {__version__}. {WHERE_FROM}")
        else:
            self.notice.say("good", "You have the newest version")

    def _failed(self, request_id: int, said: str) -> None:
        if request_id == self._request_id:
            self.notice.say("caution", "The newest version is not known", said)

    # Others' work

    def _fill(self, works: list[Work]) -> None:
        self._works = works
        self.works.clear()
        self.works.addItems([f"{one.name} {one.version}".strip() for one in works])
        self.works.setCurrentRow(0)

    def _show_text(self, number: int) -> None:
        if 0 <= number < len(self._works):
            work = self._works[number]
            self.text.setPlainText(f"{work.name} {work.version}\n{work.licence}\n\n{work.text}")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"Trackly Desktop {__version__}\n{_surroundings()}")


def _surroundings() -> str:
    kind = "packaged" if app_info.is_packaged() else "from a checkout"
    parts = (f"Python {platform.python_version()}", f"Qt {qVersion()}", QSysInfo.prettyProductName(), kind)
    return "  ·  ".join(parts)


def _exchangeable() -> str:
    said = "Qt and PySide6 are used under the LGPL, version 3: shared libraries of their own, which you may exchange for others."
    folder = app_info.libraries_folder()
    return f"{said} They are in {folder}." if folder is not None else said


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
