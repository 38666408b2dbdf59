"""Steps of the import wizard as an operator takes them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox
from pytestqt.qtbot import QtBot

from tests.conftest import LIST
from tests.gui.conftest import WAIT, drop
from tests.gui.find import choose, find
from trackly_desktop.gui.import_wizard.columns_step import ColumnsStep
from trackly_desktop.gui.import_wizard.page import ImportPage
from trackly_desktop.gui.main_window import MainWindow

Write = Callable[..., Path]
"""The `write` fixture: writes a file of these lines."""


def press(button: QAbstractButton) -> None:
    """Click a button, which must be enabled."""
    assert button.isEnabled(), button.toolTip()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def open_file(window: MainWindow, qtbot: QtBot, file: Path) -> ImportPage:
    """Drop a file, and wait until it is read."""
    with qtbot.waitSignal(window.context.worker.files.opened, timeout=WAIT):
        drop(window, file)
    # The first drop creates the page, whose slot may run after this test's.
    qtbot.waitUntil(window.import_page.file_step.forward_button.isEnabled, timeout=WAIT)
    return window.import_page


def go_to_columns(window: MainWindow, qtbot: QtBot, file: Path) -> ImportPage:
    """Drop a file, and go to the columns step."""
    page = open_file(window, qtbot, file)
    press(page.file_step.forward_button)
    return page


def use_column(step: ColumnsStep, name: str, field: str) -> None:
    """Choose the field of a column by the labels of both."""
    choose(find(step, QComboBox, f"{name} is used as"), field)


def check_file(window: MainWindow, qtbot: QtBot, page: ImportPage, number: str = LIST) -> ImportPage:
    """Choose a list, unless it is empty, and go from the columns step to the review."""
    if number:
        page.columns_step.list.choose(number)
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        press(page.columns_step.forward_button)
    return page


def to_review(window: MainWindow, qtbot: QtBot, file: Path, number: str = LIST) -> ImportPage:
    """Drop a file, and go to the review with the columns as suggested."""
    return check_file(window, qtbot, go_to_columns(window, qtbot, file), number)


def to_confirm(window: MainWindow, qtbot: QtBot, file: Path, number: str = LIST) -> ImportPage:
    """Drop a file, and go to the confirm step with the columns as suggested."""
    page = to_review(window, qtbot, file, number)
    press(page.review_step.forward_button)
    return page


def start_run(window: MainWindow, qtbot: QtBot, page: ImportPage) -> int:
    """Press Import on the confirm step, and wait for the end; return the run's number."""
    with qtbot.waitSignal(window.context.worker.runs.ended, timeout=WAIT) as ended:
        press(page.confirm_step.forward_button)
    return int(ended.args[0])


def to_the_end(window: MainWindow, qtbot: QtBot, page: ImportPage) -> int:
    """Go from the review to the end of the import; return the run's number."""
    press(page.review_step.forward_button)
    return start_run(window, qtbot, page)


def phones(count: int) -> list[str]:
    """Return different phone numbers."""
    return [f"41555502{number:02}" for number in range(count)]


def limit_rate(window: MainWindow, per_second: float) -> None:
    """Limit the account's rate, so that a run lasts long enough to be paused."""
    window.context.accounts.upsert(dataclasses.replace(window.context.account, per_second=per_second))
