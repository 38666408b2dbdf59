"""The window: the time to its first picture, and its delay under load."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic, perf_counter, sleep
from typing import Any

_ENDS = """
from PySide6.QtCore import QEvent, QObject, QTimer
class First(QObject):
    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, end)
        return False
def end():
    import os, sys, time
    sys.stdout.write(str(time.monotonic()))
    sys.stdout.flush()
    os._exit(0)
"""
OURS = (
    """
from trackly_desktop.system import logs
from trackly_desktop.gui.application import make_application, open_window
logs.install_excepthook()
app = make_application()
window = open_window()
"""
    + _ENDS
    + """
first = First()
window.centralWidget().installEventFilter(first)
app.exec()
"""
)
BARE = (
    """
from PySide6.QtWidgets import (
    QApplication, QFormLayout, QLineEdit, QMainWindow, QPushButton, QTableWidget, QVBoxLayout, QWidget,
)
app = QApplication([])
window = QMainWindow()
middle, form = QWidget(), QFormLayout()
for name in ("Phone number", "Sending list", "Signup date", "IP address", "Page", "Ad source", "Ad campaign"):
    form.addRow(name, QLineEdit())
form.addRow(QPushButton("Add"))
column = QVBoxLayout(middle)
column.addLayout(form)
column.addWidget(QTableWidget(20, 5))
window.setCentralWidget(middle)
window.resize(1120, 760)
window.show()
"""
    + _ENDS
    + """
first = First()
window.centralWidget().installEventFilter(first)
app.exec()
"""
)


def start_seconds(program: str, bytecode: str) -> float:
    """Return the seconds from the interpreter's start to the window's first picture.

    An installed program has its modules compiled, and so does this one, from its second start on: `bytecode` is a
    folder for compiled modules.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = _environment(folder, bytecode)
        command = [sys.executable, "-c", program]
        began = monotonic()
        completed = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        return float(completed.stdout) - began


def first_picture_seconds(command: list[str], bytecode: str) -> float:
    """Return the seconds from a program's start to its first picture.

    The program opens its log right after that picture, so that a packaged program can be measured too.
    """
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "state" / "trackly-desktop" / "log" / "trackly-desktop.log"
        began = monotonic()
        program = subprocess.Popen(
            command, env=_environment(folder, bytecode), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            while not log.exists():
                if program.poll() is not None or monotonic() - began > _LONGEST_START:
                    raise RuntimeError(f"{command[0]} showed no window")
                sleep(0.0005)
            return monotonic() - began
        finally:
            program.terminate()
            program.wait()


def _environment(folder: str, bytecode: str) -> dict[str, str]:
    """Return an environment with the program's folders in `folder`."""
    folders = {f"XDG_{name}_HOME": f"{folder}/{name.lower()}" for name in ("DATA", "CONFIG", "STATE", "CACHE")}
    environment = os.environ | folders | {"PYTHONPYCACHEPREFIX": bytecode}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


class Lateness:
    """Lateness of a 60 Hz timer, in milliseconds."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.late: list[float] = []
        self._due = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Start the timer."""
        self._due = perf_counter() + _TICK / 1000
        self._timer.start()

    def stop(self) -> tuple[float, float]:
        """Stop the timer; return the 99th percentile and the maximum."""
        self._timer.stop()
        late = sorted(self.late)
        return late[int(len(late) * 0.99)], late[-1]

    def _tick(self) -> None:
        now = perf_counter()
        self.late.append(max(0.0, (now - self._due) * 1000))
        self._due = now + _TICK / 1000


_TICK = 16
_LONGEST_START = 30.0


def measure_delay(address: str, checked: int, imported: int) -> dict[str, tuple[float, float]]:
    """Return p99 and maximum in ms while the window validates, and while it imports."""
    from PySide6.QtWidgets import QApplication

    with tempfile.TemporaryDirectory() as folder:
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            os.environ[f"XDG_{name}_HOME"] = f"{folder}/{name.lower()}"
        os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
        window = _open(address)
        try:
            return {
                "pre-flight": _while_checking(window, Path(folder), checked),
                "import": _while_importing(window, Path(folder), imported),
            }
        finally:
            window.close_without_asking()
            if not window.context.worker.isFinished():
                _wait(window.closed)
            QApplication.processEvents()


def _open(address: str) -> Any:
    from PySide6.QtCore import QTimer

    from tests.benchmarks.senders import KEY
    from trackly_desktop.accounts.accounts import Accounts, new_account
    from trackly_desktop.gui.application import make_application, open_window

    make_application()
    accounts = Accounts()
    account = new_account("Bench", address)
    accounts.upsert(account)
    accounts.select(account.id)
    accounts.save()
    window = open_window()
    _wait(window.context.lists_changed)
    # Called once the wait has begun: the answer could come before it.
    QTimer.singleShot(0, lambda: window.context.worker.accounts.store_key(account, KEY))
    _wait(window.context.worker.accounts.key_stored)
    return window


def _wait(signal: Any) -> None:
    from trackly_desktop.gui.self_test import wait_for

    wait_for(signal, "the window did not get on")


def _settle(seconds: float) -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def _to_columns(window: Any, file: Path) -> None:
    from tests.benchmarks.senders import LIST

    window.open_file(file)
    _wait(window.context.worker.files.opened)
    page = window.import_page
    page.file_step.forward_button.click()
    page.columns_step.list.choose(LIST)


def _while_checking(window: Any, folder: Path, rows: int) -> tuple[float, float]:
    from tests.benchmarks.senders import write_file

    file = folder / "long.csv"
    write_file(file, rows)
    _settle(1.5)  # the wizard is made while the window is idle: nobody drops a file within a second of the start
    late = Lateness()
    late.start()
    _to_columns(window, file)
    window.import_page.columns_step.forward_button.click()
    _wait(window.context.worker.files.validated)
    return late.stop()


def _while_importing(window: Any, folder: Path, rows: int) -> tuple[float, float]:
    from tests.benchmarks.senders import write_file

    file = folder / "short.csv"
    write_file(file, rows)
    _to_columns(window, file)
    page = window.import_page
    page.columns_step.forward_button.click()
    _wait(window.context.worker.files.validated)
    page.review_step.forward_button.click()
    late = Lateness()
    late.start()
    page.confirm_step.forward_button.click()
    _wait(window.context.worker.runs.ended)
    return late.stop()
