"""Questions of the columns step: the phone, columns that say no, odd answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from tests.conftest import Practice
from tests.gui.conftest import WAIT
from tests.gui.find import choose, find, find_button, visible_texts
from tests.gui.wizard import check_file, go_to_columns, press, to_the_end
from trackly_desktop.gui.import_wizard.columns_step import ColumnsStep
from trackly_desktop.gui.main_window import MainWindow
from trackly_desktop.journal.import_options import Duplicates

Write = Callable[..., Path]
_STATUS = "“Status” says “Unsubscribed” in 1 row. Leave these people out?"
ADA, BEN = "+14155550131", "+14155550132"


def status_file(write: Write) -> Path:
    return write("Phone,Status", f"{ADA},Unsubscribed", f"{BEN},Active")


def is_asked_about(step: ColumnsStep) -> bool:
    return "Choose what these values mean: nothing is sent before" in visible_texts(step)


def test_nothing_is_checked_before_a_column_that_says_no_is_decided_on(
    window: MainWindow, qtbot: QtBot, write: Write
) -> None:
    page = go_to_columns(window, qtbot, status_file(write))
    page.columns_step.list.choose("+18005551234")
    assert not is_asked_about(page.columns_step)
    press(page.columns_step.forward_button)
    assert page.currentWidget() is page.columns_step
    assert is_asked_about(page.columns_step)


def test_people_whom_a_column_of_any_name_says_no_of_are_held_back(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = go_to_columns(window, qtbot, status_file(write))
    choose(find(page.columns_step, QComboBox, _STATUS), "Leave them out")
    to_the_end(window, qtbot, check_file(window, qtbot, page))
    assert list(practice.people()) == [BEN]


def test_a_column_that_means_something_else_holds_nobody_back(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = go_to_columns(window, qtbot, status_file(write))
    choose(find(page.columns_step, QComboBox, _STATUS), "Import them: it means something else")
    to_the_end(window, qtbot, check_file(window, qtbot, page))
    assert sorted(practice.people()) == [ADA, BEN]


def test_an_answer_that_nobody_knows_holds_its_rows_back_until_it_is_decided(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    file = write("Phone,SMS Opt In", f"{ADA},Email only", f"{BEN},yes")
    page = check_file(window, qtbot, go_to_columns(window, qtbot, file))
    assert page.review_step.tiles.is_filled
    press(page.review_step.back_button)
    choose(find(page.columns_step, QComboBox, "SMS Opt In: Email only"), "They may be texted")
    to_the_end(window, qtbot, check_file(window, qtbot, page))
    assert sorted(practice.people()) == [ADA, BEN]


def test_left_as_it_is_such_an_answer_holds_them_back(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    file = write("Phone,SMS Opt In", f"{ADA},Email only", f"{BEN},yes")
    to_the_end(window, qtbot, check_file(window, qtbot, go_to_columns(window, qtbot, file)))
    assert list(practice.people()) == [BEN]


def test_the_phone_is_asked_for_where_no_column_surely_is_it(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = go_to_columns(window, qtbot, write("Swimmer cell,Emergency phone", f"{ADA},(212) 555-0191"))
    assert "Which column has the people’s own phone numbers?" in visible_texts(page.columns_step)
    QTest.mouseClick(find_button(page.columns_step, "Swimmer cell"), Qt.MouseButton.LeftButton)
    to_the_end(window, qtbot, check_file(window, qtbot, page))
    assert list(practice.people()) == [ADA]


def test_an_area_code_is_put_before_the_number_unless_it_is_whole(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = go_to_columns(window, qtbot, write("Area Code,Phone", "415,555-0131"))
    assert find(page.columns_step, QComboBox, "Column with the area code").currentText() == "Area Code"
    to_the_end(window, qtbot, check_file(window, qtbot, page))
    assert list(practice.people()) == [ADA]


def test_a_rule_of_the_review_holds_for_its_file_alone(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = check_file(window, qtbot, go_to_columns(window, qtbot, write("Phone", ADA, ADA)))
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        choose(
            find(page.review_step, QComboBox, "The same person more than once in the file"), "Send the first of them"
        )
    qtbot.waitUntil(page.review_step.forward_button.isEnabled, timeout=WAIT)
    to_the_end(window, qtbot, page)
    press(find_button(page.run_step, "Import another file"))
    page = check_file(window, qtbot, go_to_columns(window, qtbot, write("Phone,Name", f"{BEN},Ben", f"{BEN},Benno")))
    assert page.review_step.rules()[0] is Duplicates.LAST


def test_what_was_decided_for_the_last_file_like_this_one_is_said(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = go_to_columns(window, qtbot, status_file(write))
    choose(find(page.columns_step, QComboBox, _STATUS), "Leave them out")
    to_the_end(window, qtbot, check_file(window, qtbot, page))
    press(find_button(page.run_step, "Import another file"))
    page = go_to_columns(window, qtbot, status_file(write))
    assert "“Status” holds people back." in visible_texts(page.columns_step)
    check_file(window, qtbot, page)
    assert page.review_step.tiles.is_filled
