"""The wizard as a person goes through it, one step at a time."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from tests.conftest import LIST
from tests.gui.conftest import WAIT, drop
from trackly_desktop.gui.import_wizard.page import ImportPage
from trackly_desktop.gui.main_window import MainWindow


def press(button: QAbstractButton) -> None:
    """Clicks a button, which must not be disabled."""
    assert button.isEnabled(), button.toolTip()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def dropped(window: MainWindow, qtbot: QtBot, file: Path) -> ImportPage:
    """Drops a file, and waits until it is read."""
    with qtbot.waitSignal(window.context.worker.files.opened, timeout=WAIT):
        drop(window, file)
    # The first drop makes the page: it may hear the signal after this test does.
    qtbot.waitUntil(window.import_page.file_step.forward_button.isEnabled, timeout=WAIT)
    return window.import_page


def reviewed(window: MainWindow, qtbot: QtBot, page: ImportPage, number: str = LIST) -> ImportPage:
    """Goes from the columns to the review."""
    if number:
        page.columns_step.list.choose(number)
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        press(page.columns_step.forward_button)
    return page


def to_review(window: MainWindow, qtbot: QtBot, file: Path, number: str = LIST) -> ImportPage:
    """Drops a file, and goes to the review with the columns as they were guessed."""
    page = dropped(window, qtbot, file)
    press(page.file_step.forward_button)
    return reviewed(window, qtbot, page, number)


def to_the_end(window: MainWindow, qtbot: QtBot, page: ImportPage) -> int:
    """Confirms, and waits until everything is sent."""
    press(page.review_step.forward_button)
    with qtbot.waitSignal(window.context.worker.runs.ended, timeout=WAIT) as ended:
        press(page.confirm_step.forward_button)
    return int(ended.args[0])
