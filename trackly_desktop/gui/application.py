"""The program with its window: the first window at once, then the worker."""

from __future__ import annotations

import contextlib
import sys
import threading
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QMessageBox

from trackly_desktop.accounts.accounts import Accounts
from trackly_desktop.gui import icons, theme
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.main_window import MainWindow
from trackly_desktop.system import logs, paths


class _Fetch(QObject):
    """Imports what the worker needs in a thread, while the window is there and can be typed in."""

    ready = Signal()

    def __init__(self, window: MainWindow, only_post: bool) -> None:
        super().__init__(window)
        self._window, self._only_post = window, only_post

    def begin(self) -> None:
        """The window is on the screen."""
        threading.Thread(target=self._import, daemon=True).start()

    def _import(self) -> None:
        logs.start()
        import trackly_desktop.service.contact_service
        import trackly_desktop.worker  # noqa: F401 - imported for whoever imports it next

        with contextlib.suppress(RuntimeError):  # the program was ended before its worker could come
            self.ready.emit()

    def hand_over(self) -> None:
        """In the window's thread again."""
        from trackly_desktop.worker import ApiWorker

        if not self._window.isVisible():  # closed before it got its worker
            return
        worker = ApiWorker(paths.journal_path(), only_post=self._only_post)
        worker.start()
        self._window.attach(worker)


def make_application() -> QApplication:
    """The application in its look; the one that is there already, if there is one."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    if app.windowIcon().isNull():
        _begin(app)
    return app


def _begin(app: QApplication) -> None:
    app.setApplicationName("Trackly Desktop")
    app.setDesktopFileName("trackly-desktop")
    app.setWindowIcon(icons.icon("app", "accent"))
    theme.dress(app)


def open_window(*, only_post: bool = False) -> MainWindow:
    """A window that shows itself and then gets its worker. Raises OSError or ValueError for unreadable accounts."""
    window = MainWindow(AccountContext(Accounts()))
    theme.finish(make_application())
    fetch = _Fetch(window, only_post)
    fetch.ready.connect(fetch.hand_over)
    window.first_shown.connect(fetch.begin)
    if sys.platform == "darwin":  # elsewhere files are named on the command line
        from trackly_desktop.gui.file_open_events import FileOpenEvents

        FileOpenEvents(window)
    window.show()
    return window


def run_window(files: list[Path]) -> int:
    """Opens the window, with a file if one is named, until it is closed. The exit code."""
    logs.guard()
    app = make_application()
    try:
        window = open_window()
    except (OSError, ValueError) as problem:
        logs.start()
        logs.fault(problem)
        place = paths.config_folder() / "accounts.json"
        QMessageBox.critical(
            None, "Trackly Desktop", f"The accounts cannot be read from {place}.\nRepair that file, or move it away."
        )
        return 2
    for path in files[:1]:
        window.open_file(path)
    from trackly_desktop.gui.shutdown_signals import ShutdownSignals

    ending = ShutdownSignals(window)
    code = app.exec()
    ending.close()
    window.let_worker_end()
    return code
