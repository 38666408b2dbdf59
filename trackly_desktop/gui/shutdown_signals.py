"""How the system ends the program."""

from __future__ import annotations

import contextlib
import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication

from trackly_desktop.gui.main_window import MainWindow


class ShutdownSignals(QObject):
    """Ctrl+C in the terminal, or the system going down: the window closes as if it had been told to.

    Python hears a signal only between two steps of its own; a socket wakes Qt's loop for it.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._ours, self._theirs = socket.socketpair()
        for one in (self._ours, self._theirs):
            one.setblocking(False)
        signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._take)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            # On a logout Qt would close the window and ask; the session ends while nobody answers.
            app.commitDataRequest.connect(self.session_ends)

    def close(self) -> None:
        """Signals do again what they usually do."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        self._ours.close()
        self._theirs.close()

    def session_ends(self, _service: object = None) -> None:
        """The system goes down or the person logs out: what is in flight is answered and recorded before this returns."""
        self._window.close_without_asking()
        self._window.let_worker_end()

    def _take(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._ours.recv(4096)
        self._window.close_without_asking()
