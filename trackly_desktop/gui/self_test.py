"""The self-test: a contact and the sample file, in the real window on the sandbox."""

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
    from trackly_desktop.journal.queries import ShownRow

LIST = "+18005551234"
PHONE = "(415) 555-0142"
TIMEOUT_MS = 60_000
EXPECTED = {
    1: Outcome.SKIPPED, 2: Outcome.CREATED, 3: Outcome.CREATED, 4: Outcome.CREATED, 5: Outcome.CREATED,
    6: Outcome.CREATED, 7: Outcome.REFUSED, 8: Outcome.UPDATED, 9: Outcome.SKIPPED, 10: Outcome.INVALID,
    11: Outcome.CREATED, 12: Outcome.INVALID,
}  # fmt: skip
"""The sample's outcomes by row number; sandbox/numbers.py decides them."""


class SelfTestFailed(Exception):
    """A step of the self-test failed; the message is for the operator."""


def run_self_test(screenshot: Path) -> int:
    """Run in temporary folders; return 0 if all outcomes are as expected.

    Args:
        screenshot: where the picture of the results page is written.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen" if not _has_display() else "")
    if not os.environ["QT_QPA_PLATFORM"]:
        del os.environ["QT_QPA_PLATFORM"]
    # Windows cannot remove a file that a virus scanner has open; a file left in the temporary folder is harmless.
    with tempfile.TemporaryDirectory(prefix="trackly-self-test-", ignore_cleanup_errors=True) as folder:
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            os.environ[f"XDG_{name}_HOME"] = str(Path(folder) / name.lower())
        from trackly_desktop.gui.application import make_application, open_window
        from trackly_desktop.system import logs

        logs.open_log()
        make_application()
        window = open_window()
        try:
            _run(window, screenshot)
        except SelfTestFailed as problem:
            print(f"self-test: {problem}", file=sys.stderr)
            return 1
        finally:
            _close(window)
            logs.close_log()
    return 0


def _run(window: MainWindow, screenshot: Path) -> None:
    window.resize(1120, 760)
    if not window.context.has_worker:
        wait_for(window.context.worker_ready, "the worker did not start")
    if not window.context.knows_lists:
        wait_for(window.context.lists_changed, "the practice account did not tell its lists")
    print("Practice account: nothing here reaches a real person")
    print(f"Adding {PHONE} by typing")
    _check_outcomes(_add_contact(window), {1: Outcome.CREATED})
    print("Importing the sample file through the wizard")
    rows = _import_sample(window)
    picture = _grab(window)
    _check_outcomes(rows, EXPECTED)
    if not picture.save(str(screenshot)):
        raise SelfTestFailed(f"the screenshot could not be written to {screenshot}")
    print(f"Screenshot: {screenshot}")
    print("Everything went right")


def _add_contact(window: MainWindow) -> list[ShownRow]:
    page = window.contact_page
    QTest.keyClicks(page.phone.edit, PHONE)
    QTest.keyClicks(page.list.combo, LIST)
    settled = SignalAwaiter(window.context.worker.contacts.settled, "the contact was not answered")
    _press(page.add_button)  # not by its shortcut: another program may have the keyboard focus
    _request_id, event = settled.wait()
    return [event.row]


def _import_sample(window: MainWindow) -> list[ShownRow]:
    worker = window.context.worker
    window.go_to("import")
    page = window.import_page
    opened = SignalAwaiter(worker.files.opened, "the sample could not be opened")
    page.file_step.read_sample()
    opened.wait()
    _press(page.file_step.forward_button)
    QTest.keyClicks(page.columns_step.list.combo, LIST)
    checked = SignalAwaiter(worker.files.validated, "the sample was not checked")
    _press(page.columns_step.forward_button)
    checked.wait()
    _press(page.review_step.forward_button)
    ended = SignalAwaiter(worker.runs.ended, "the import did not end")
    _press(page.confirm_step.forward_button)
    run_id, _end = ended.wait()
    window.show_results(run_id)
    results = window.results_page
    while results.model.rowCount() != len(EXPECTED):
        wait_for(worker.queries.rows_found, "the results were not found")
    rows = (results.model.entry_at(line) for line in range(results.model.rowCount()))
    return [row for row in rows if row is not None]


def _check_outcomes(rows: list[ShownRow], expected: dict[int, Outcome]) -> None:
    from trackly_desktop.gui.outcome_text import in_short

    for row in rows:
        print(f"  row {row.number:>2}  {row.phone or '-':<14} {row.outcome:<8} {in_short(row)}")
    unexpected = [row.number for row in rows if row.outcome is not expected.get(row.number)]
    if unexpected or len(rows) != len(expected):
        raise SelfTestFailed(
            f"{len(rows)} rows came out, {len(expected)} were expected; otherwise than expected: {unexpected}"
        )


def _press(button: QPushButton) -> None:
    if not button.isEnabled():
        raise SelfTestFailed(f"“{button.text()}” cannot be pressed: {button.toolTip()}")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


class SignalAwaiter(QObject):
    """Waits for a signal that may be emitted at any time after the construction.

    A QObject, so that Qt drops emissions still queued for it when it is deleted.

    Args:
        signal: what to wait for.
        failure: the message of SelfTestFailed after TIMEOUT_MS.
    """

    def __init__(self, signal: SignalInstance, failure: str) -> None:
        super().__init__()
        self._signal, self._failure = signal, failure
        self._loop = QEventLoop()
        self._emissions: list[tuple[Any, ...]] = []
        signal.connect(self._on_emitted, Qt.ConnectionType.QueuedConnection)

    def wait(self) -> tuple[Any, ...]:
        """Return the arguments of the first emission.

        Raises:
            SelfTestFailed: there was none within TIMEOUT_MS.
        """
        if not self._emissions:
            QTimer.singleShot(TIMEOUT_MS, self._loop, self._loop.quit)
            self._loop.exec()
        self._signal.disconnect(self._on_emitted)
        if not self._emissions:
            raise SelfTestFailed(self._failure)
        return self._emissions[0]

    def _on_emitted(self, *arguments: Any) -> None:
        self._emissions.append(arguments)
        self._loop.quit()


def wait_for(signal: SignalInstance, failure: str) -> tuple[Any, ...]:
    """Wait for a signal and return its arguments.

    Raises:
        SelfTestFailed: with the message `failure`, after TIMEOUT_MS.
    """
    return SignalAwaiter(signal, failure).wait()


def _close(window: MainWindow) -> None:
    if window.context.has_worker:
        worker = window.context.worker
        window.close()
        if not worker.isFinished():
            wait_for(window.closed, "the window did not close")


def _grab(window: MainWindow) -> QPixmap:
    QApplication.processEvents()
    return window.grab()


def _has_display() -> bool:
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
