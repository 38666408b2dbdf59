"""The history: an import is taken back from there, and that is a run like any other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.conftest import Practice
from tests.gui.conftest import WAIT
from tests.gui.wizard import press, to_review, to_the_end
from trackly_desktop.gui.main_window import MainWindow

Write = Callable[..., Path]


def test_an_import_is_taken_back_once_it_is_said_what_that_does(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    to_the_end(window, qtbot, to_review(window, qtbot, write("Phone", "4155550220", "4155550221")))
    window.go_to("history")
    page = window.history_page
    page.table.selectRow(0)
    press(page.undo_button)
    assert page.notice.headline.text() == "Take back people.csv: 2 people newly added are unsubscribed from the list"
    assert all(person["active"] for person in practice.people().values())
    with qtbot.waitSignal(window.context.worker.runs.ended, timeout=WAIT):
        press(page.notice._made[0])
    assert not any(person["active"] for person in practice.people().values())
    qtbot.waitUntil(lambda: page.model.rowCount() == 2, timeout=WAIT)
    assert page.model.data(page.model.index(0, 1)) == "Taking back people.csv"


def test_what_cannot_be_taken_back_says_why(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    to_the_end(window, qtbot, to_review(window, qtbot, write("Phone", "4155550101")))
    window.go_to("history")
    page = window.history_page
    page.table.selectRow(0)
    assert not page.undo_button.isEnabled()
    assert page.undo_button.toolTip() == "It added nobody who was not on the list before"


def test_a_person_is_found_in_everything_that_was_sent(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    to_the_end(window, qtbot, to_review(window, qtbot, write("Phone", "4155550220", "4155550221")))
    to_the_end(window, qtbot, to_review(window, qtbot, write("Phone", "4155550220", name="second.csv")))
    window.go_to("history")
    page = window.history_page
    page.person.setFocus()
    qtbot.keyClicks(page.person, "(415) 555-0220")
    qtbot.keyClick(page.person, Qt.Key.Key_Return)
    results = window.results_page
    qtbot.waitUntil(lambda: results.isVisible() and results.model.rowCount() == 2, timeout=WAIT)
    assert {results.model.entry_at(line).phone for line in range(2)} == {"+14155550220"}  # type: ignore[union-attr]


def test_a_run_is_deleted_once_it_is_said_what_that_means(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    to_the_end(window, qtbot, to_review(window, qtbot, write("Phone", "4155550220")))
    window.go_to("history")
    page = window.history_page
    page.table.selectRow(0)
    press(page.delete_button)
    assert page.notice.headline.text() == "Delete people.csv from this computer: 1 row"
    assert page.model.rowCount() == 1
    press(page.notice._made[0])
    qtbot.waitUntil(lambda: page.model.rowCount() == 0, timeout=WAIT)
