"""The self-test: the main job in the real window, on the practice account, told row by row; its end is the exit code."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, SignalInstance
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from trackly_desktop.contacts.outcome import Outcome

if TYPE_CHECKING:
    from trackly_desktop.gui.main_window import MainWindow
    from trackly_desktop.journal.reader import ShownRow

LIST = "+18005551234"
PHONE = "(415) 555-0142"
SECONDS = 60
EXPECTED = {
    1: Outcome.SKIPPED, 2: Outcome.CREATED, 3: Outcome.CREATED, 4: Outcome.CREATED, 5: Outcome.CREATED,
    6: Outcome.CREATED, 7: Outcome.REFUSED, 8: Outcome.UPDATED, 9: Outcome.SKIPPED, 10: Outcome.INVALID,
    11: Outcome.CREATED, 12: Outcome.INVALID,
}  # fmt: skip
"""What must become of the sample's rows: the practice account's table of numbers says why."""


class Wrong(Exception):
    """The self-test did not go right; its words say where."""


def run_self_test(screenshot: Path) -> int:
    """Adds one contact by typing and imports the sample, in folders of their own. 0 when every row came out right."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen" if not _has_display() else "")
    if not os.environ["QT_QPA_PLATFORM"]:
        del os.environ["QT_QPA_PLATFORM"]
    # Windows removes no file that some scanner still looks at; what is left in its temporary folder harms nobody.
    with tempfile.TemporaryDirectory(prefix="trackly-self-test-", ignore_cleanup_errors=True) as folder:
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            os.environ[f"XDG_{name}_HOME"] = str(Path(folder) / name.lower())
        from trackly_desktop.gui.application import make_application, open_window
        from trackly_desktop.system import logs

        logs.start()
        make_application()
        window = open_window()
        try:
            _do(window, screenshot)
        except Wrong as wrong:
            print(f"self-test: {wrong}", file=sys.stderr)
            return 1
        finally:
            _close(window)
            logs.end()
    return 0


def _do(window: MainWindow, screenshot: Path) -> None:
    window.resize(1120, 760)
    if not window.context.has_worker:
        wait_for(window.context.worker_ready, "the worker did not start")
    if not window.context.knows_lists:
        wait_for(window.context.lists_changed, "the practice account did not tell its lists")
    print("Practice account: nothing here reaches a real person")
    print(f"Adding {PHONE} by typing")
    _tell(_add_contact(window), {1: Outcome.CREATED})
    print("Importing the sample file through the wizard")
    rows = _import_sample(window)
    picture = _picture(window)
    _tell(rows, EXPECTED)
    if not picture.save(str(screenshot)):
        raise Wrong(f"the screenshot could not be written to {screenshot}")
    print(f"Screenshot: {screenshot}")
    print("Everything went right")


def _add_contact(window: MainWindow) -> list[ShownRow]:
    page = window.contact_page
    QTest.keyClicks(page.phone.edit, PHONE)
    QTest.keyClicks(page.list.combo, LIST)
    settled = Awaited(window.context.worker.contacts.settled, "the contact was not answered")
    _press(page.add_button)  # no shortcut: where somebody else has the keyboard, the system gives the window none
    _request_id, news = settled.wait()
    return [news.row]


def _import_sample(window: MainWindow) -> list[ShownRow]:
    worker = window.context.worker
    window.go_to("import")
    page = window.import_page
    opened = Awaited(worker.files.opened, "the sample could not be opened")
    page.file_step.read_sample()
    opened.wait()
    _press(page.file_step.forward_button)
    QTest.keyClicks(page.columns_step.list.combo, LIST)
    checked = Awaited(worker.files.validated, "the sample was not checked")
    _press(page.columns_step.forward_button)
    checked.wait()
    _press(page.review_step.forward_button)
    ended = Awaited(worker.runs.ended, "the import did not end")
    _press(page.confirm_step.forward_button)
    run, _end = ended.wait()
    window.show_results(run)
    results = window.results_page
    while results.model.rowCount() != len(EXPECTED):
        wait_for(worker.queries.rows_found, "the results were not found")
    rows = (results.model.entry_at(line) for line in range(results.model.rowCount()))
    return [row for row in rows if row is not None]


def _tell(rows: list[ShownRow], expected: dict[int, Outcome]) -> None:
    from trackly_desktop.gui.outcome_text import in_short

    for row in rows:
        print(f"  row {row.number:>2}  {row.phone or '-':<14} {row.outcome:<8} {in_short(row)}")
    wrong = [row.number for row in rows if row.outcome is not expected.get(row.number)]
    if wrong or len(rows) != len(expected):
        raise Wrong(f"{len(rows)} rows came out, {len(expected)} were expected; otherwise than expected: {wrong}")


def _press(button: QPushButton) -> None:
    if not button.isEnabled():
        raise Wrong(f"“{button.text()}” cannot be pressed: {button.toolTip()}")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


class Awaited(QObject):
    """A signal that is to come, listened for from now on: an answer can be quicker than whoever asked begins to wait.

    An object of Qt's: what was on its way to it when it ends is dropped with it.
    """

    def __init__(self, signal: SignalInstance, otherwise: str) -> None:
        super().__init__()
        self._signal, self._otherwise = signal, otherwise
        self._loop = QEventLoop()
        self._came: list[tuple[Any, ...]] = []
        signal.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def wait(self) -> tuple[Any, ...]:
        """What came with it. Raises Wrong where it does not come."""
        if not self._came:
            QTimer.singleShot(SECONDS * 1000, self._loop, self._loop.quit)
            self._loop.exec()
        self._signal.disconnect(self._take)
        if not self._came:
            raise Wrong(self._otherwise)
        return self._came[0]

    def _take(self, *news: Any) -> None:
        self._came.append(news)
        self._loop.quit()


def wait_for(signal: SignalInstance, otherwise: str) -> tuple[Any, ...]:
    """Until a signal comes that nobody has to ask for; what came with it."""
    return Awaited(signal, otherwise).wait()


def _close(window: MainWindow) -> None:
    if window.context.has_worker:
        worker = window.context.worker
        window.close()
        if not worker.isFinished():
            wait_for(window.closed, "the window did not close")


def _picture(window: MainWindow) -> QPixmap:
    QApplication.processEvents()
    return window.grab()


def _has_display() -> bool:
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
