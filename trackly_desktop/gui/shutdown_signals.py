"""Shutdown by the system: SIGINT, SIGTERM, the end of the session."""

from __future__ import annotations

import contextlib
import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication

from trackly_desktop.gui.main_window import MainWindow

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class ShutdownSignals(QObject):
    """Closes the window without a question when the system ends the program.

    Python runs signal handlers only between its own instructions, and none runs while Qt waits for events; Python's wake-up
    socket ends that wait.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for signal_number in _SIGNALS:
            signal.signal(signal_number, lambda *_: None)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_signal)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            # At a logout Qt would close the window, which asks a question; the session ends before anybody answers it.
            app.commitDataRequest.connect(self.on_session_end)

    def close(self) -> None:
        """Restore the default signal handlers."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(-1)
        for signal_number in _SIGNALS:
            signal.signal(signal_number, signal.SIG_DFL)
        self._reader.close()
        self._writer.close()

    def on_session_end(self, _service: object = None) -> None:
        """Close the window at a logout; responses are recorded before this returns."""
        self._window.close_without_asking()
        self._window.wait_for_worker()

    def _on_signal(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._reader.recv(4096)
        self._window.close_without_asking()
