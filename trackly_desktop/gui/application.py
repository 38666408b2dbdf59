"""The GUI application: shows the window at once, then starts the worker."""

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


class _WorkerStarter(QObject):
    """Imports the worker's modules in a thread while the window can be typed in."""

    imported = Signal()

    def __init__(self, window: MainWindow, only_post: bool) -> None:
        super().__init__(window)
        self._window, self._only_post = window, only_post

    def start_import(self) -> None:
        """Import the modules in a thread, then emit `imported`."""
        threading.Thread(target=self._import, daemon=True).start()

    def _import(self) -> None:
        logs.open_log()
        import trackly_desktop.service.contact_service
        import trackly_desktop.worker  # noqa: F401 - cached for the imports that follow

        with contextlib.suppress(RuntimeError):  # the program ended before its worker was imported
            self.imported.emit()

    def start_worker(self) -> None:
        """Start the worker and attach it to the window; GUI thread only."""
        from trackly_desktop.worker import ApiWorker

        if not self._window.isVisible():  # closed before its worker was imported
            return
        worker = ApiWorker(paths.journal_path(), only_post=self._only_post)
        worker.start()
        self._window.attach(worker)


def make_application() -> QApplication:
    """Return the application, created and given its theme at the first call."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    if app.windowIcon().isNull():
        _set_up(app)
    return app


def _set_up(app: QApplication) -> None:
    app.setApplicationName("Trackly Desktop")
    app.setDesktopFileName("trackly-desktop")
    app.setWindowIcon(icons.icon("app", "accent"))
    theme.apply_palette(app)


def open_window(*, only_post: bool = False) -> MainWindow:
    """Show a window; its worker starts once the window is on the screen.

    Args:
        only_post: use no endpoint of the server but POST /api/v2/contacts.

    Raises:
        OSError, ValueError: the accounts cannot be read.
    """
    window = MainWindow(AccountContext(Accounts()))
    theme.apply_stylesheet(make_application())
    starter = _WorkerStarter(window, only_post)
    starter.imported.connect(starter.start_worker)
    window.first_shown.connect(starter.start_import)
    if sys.platform == "darwin":  # elsewhere files are named on the command line
        from trackly_desktop.gui.file_open_events import FileOpenEvents

        FileOpenEvents(window)
    window.show()
    return window


def run_window(files: list[Path]) -> int:
    """Open the window and the first file; return the exit code once it is closed."""
    logs.install_excepthook()
    app = make_application()
    try:
        window = open_window()
    except (OSError, ValueError) as problem:
        logs.open_log()
        logs.log_unexpected(problem)
        path = paths.config_folder() / "accounts.json"
        QMessageBox.critical(
            None, "Trackly Desktop", f"The accounts cannot be read from {path}.\nRepair that file, or move it away."
        )
        return 2
    for path in files[:1]:
        window.open_file(path)
    from trackly_desktop.gui.shutdown_signals import ShutdownSignals

    shutdown_signals = ShutdownSignals(window)
    code = app.exec()
    shutdown_signals.close()
    window.wait_for_worker()
    return code
