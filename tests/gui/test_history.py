"""The history page: undo, delete and search."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.conftest import Practice
from tests.gui.conftest import WAIT
from tests.gui.find import find_button
from tests.gui.wizard import press, to_review, to_the_end
from trackly_desktop.gui.main_window import MainWindow

Write = Callable[..., Path]


def test_an_import_is_undone_after_its_consequences_are_confirmed(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    to_the_end(window, qtbot, to_review(window, qtbot, write("Phone", "4155550220", "4155550221")))
    window.go_to("history")
    page = window.history_page
    page.table.selectRow(0)
    press(find_button(page, "Take back"))
    assert page.notice.headline.text() == "Take back people.csv: 2 people newly added are unsubscribed from the list"
    assert all(person["active"] for person in practice.people().values())
    with qtbot.waitSignal(window.context.worker.runs.ended, timeout=WAIT):
        press(find_button(page.notice, "Take 2 people off the list"))
    assert not any(person["active"] for person in practice.people().values())
    qtbot.waitUntil(lambda: page.model.rowCount() == 2, timeout=WAIT)
    assert page.model.data(page.model.index(0, 1)) == "Taking back people.csv"


def test_an_import_that_cannot_be_undone_says_why(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    to_the_end(window, qtbot, to_review(window, qtbot, write("Phone", "4155550101")))
    window.go_to("history")
    page = window.history_page
    page.table.selectRow(0)
    undo_button = find_button(page, "Take back")
    assert not undo_button.isEnabled()
    assert undo_button.toolTip() == "It added nobody who was not on the list before"


def test_a_person_is_found_in_all_runs(window: MainWindow, qtbot: QtBot, write: Write) -> None:
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


def test_a_run_is_deleted_after_its_consequences_are_confirmed(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    to_the_end(window, qtbot, to_review(window, qtbot, write("Phone", "4155550220")))
    window.go_to("history")
    page = window.history_page
    page.table.selectRow(0)
    press(find_button(page, "Delete"))
    assert page.notice.headline.text() == "Delete people.csv from this computer: 1 row"
    assert page.model.rowCount() == 1
    press(find_button(page.notice, "Delete it"))
    qtbot.waitUntil(lambda: page.model.rowCount() == 0, timeout=WAIT)
