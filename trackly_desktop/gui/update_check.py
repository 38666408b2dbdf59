"""Newer versions: looked for once a day where the operator asked for it; told in the banner, and never installed."""

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
_BETWEEN = 3600 * 1000
WHERE_FROM = "Get it where you got this one; nothing is installed by itself."


class UpdateCheck(QObject):
    """Looks when the window has its worker, and every hour whether a day has gone by."""

    def __init__(self, context: AccountContext, banner: Notice) -> None:
        super().__init__(banner)
        self._context, self._banner = context, banner
        self._request_id = 0
        context.worker.queries.version_fetched.connect(self._told)
        self._timer = timer(self, _BETWEEN)
        self._timer.timeout.connect(self.look_if_due)
        self._timer.start()
        self.look_if_due()

    def look_if_due(self) -> None:
        """Asks, where that is wanted and was not done within a day. When it fails nobody waits for it: it is asked again."""
        if not settings.looks_for_newer():
            return
        address, now = settings.newer_address(), time.time()
        if address and not 0 <= now - settings.newer_looked_at() < DAY:
            settings.keep_newer_looked_at(now)
            self._request_id = self._context.next_request_id()
            self._context.worker.queries.fetch_newest_version(self._request_id, address)

    def _told(self, request_id: int, version: str) -> None:
        if request_id != self._request_id or not app_info.is_newer(version) or version == settings.newer_not_wanted():
            return
        if self._banner.isVisible():
            return  # what it says already matters more; it is asked again tomorrow
        self._banner.say(
            "info",
            f"Trackly Desktop {version} is out",
            f"You have {__version__}. {WHERE_FROM}",
            ("Close", self._banner.hide),
            ("Say no more of this version", lambda: self._dismiss(version)),
        )

    def _dismiss(self, version: str) -> None:
        settings.keep_newer_not_wanted(version)
        self._banner.hide()
