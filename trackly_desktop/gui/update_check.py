"""The daily check for updates; off by default, and nothing is installed."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject

from trackly_desktop import __version__
from trackly_desktop.gui import settings
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.widgets.controls import timer
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.system import app_info

DAY = 24 * 3600.0
_INTERVAL_MS = 3600 * 1000
WHERE_FROM = "Get it where you got this one; nothing is installed by itself."


class UpdateCheck(QObject):
    """Shows a newer version in the banner.

    At the start and every hour it looks whether the last check was a day ago.
    """

    def __init__(self, context: AccountContext, banner: Notice) -> None:
        super().__init__(banner)
        self._context, self._banner = context, banner
        self._request_id = 0
        context.worker.queries.version_fetched.connect(self._on_newest_version)
        self._timer = timer(self, _INTERVAL_MS)
        self._timer.timeout.connect(self.check_if_due)
        self._timer.start()
        self.check_if_due()

    def check_if_due(self) -> None:
        """Ask for the newest version if that is switched on and a day has passed."""
        if not settings.checks_for_updates():
            return
        address, now = settings.update_address(), time.time()
        if address and not 0 <= now - settings.last_update_check() < DAY:
            settings.save_last_update_check(now)
            self._request_id = self._context.next_request_id()
            self._context.worker.queries.fetch_newest_version(self._request_id, address)

    def _on_newest_version(self, request_id: int, version: str) -> None:
        if request_id != self._request_id or not app_info.is_newer(version) or version == settings.dismissed_version():
            return
        if self._banner.isVisible():
            return  # what it shows matters more, and tomorrow is the next check
        self._banner.say(
            "info",
            f"Trackly Desktop {version} is out",
            f"You have {__version__}. {WHERE_FROM}",
            ("Close", self._banner.hide),
            ("Say no more of this version", lambda: self._dismiss(version)),
        )

    def _dismiss(self, version: str) -> None:
        settings.save_dismissed_version(version)
        self._banner.hide()
