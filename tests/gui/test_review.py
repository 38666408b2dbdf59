"""The review: rows are found by their problem, corrected in place or many at once, and what is sent follows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.conftest import Practice
from tests.gui.conftest import WAIT
from tests.gui.wizard import press, to_review, to_the_end
from trackly_desktop.gui.import_wizard.review_step import ReviewStep
from trackly_desktop.gui.main_window import MainWindow
from trackly_desktop.validation.corrections import Change

Write = Callable[..., Path]
STATE, FIRST = 1, 2


def opened_rows(window: MainWindow, qtbot: QtBot, file: Path, which: str = "") -> ReviewStep:
    """The review of a file with its rows shown, of one kind where it is named by a part of its words."""
    review = to_review(window, qtbot, file).review_step
    with qtbot.waitSignal(window.context.worker.queries.rows_found, timeout=WAIT):
        press(review.show_rows)
    if which:
        show(window, qtbot, review, which)
    return review


def show(window: MainWindow, qtbot: QtBot, review: ReviewStep, which: str) -> None:
    place = next(place for place in range(review.filter.count()) if which in review.filter.itemText(place))
    review.filter.setCurrentIndex(place)
    with qtbot.waitSignal(window.context.worker.queries.rows_found, timeout=WAIT):
        review.filter.activated.emit(place)


def column(review: ReviewStep, number: int) -> list[str]:
    model = review.model
    return [model.data(model.index(line, number)) for line in range(model.rowCount())]


def type_into(review: ReviewStep, index: QModelIndex, text: str) -> None:
    """Goes to a cell and types over what is in it, as in a spreadsheet."""
    review.table.setCurrentIndex(index)
    review.table.setFocus()
    QTest.keyClicks(review.table, text[0])
    editor = QApplication.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, text[1:])
    QTest.keyClick(editor, Qt.Key.Key_Return)


def number(review: ReviewStep, name: str) -> str:
    return review.tiles.number(name).text()


def test_a_cell_is_typed_in_place_checked_at_once_and_sent_as_it_is_now(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    review = opened_rows(window, qtbot, write("Phone,Name", "415555,Ada", "4155550121,Ben"))
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        type_into(review, review.model.index(0, FIRST), "4155550120")
    assert (number(review, "Ready to send"), number(review, "To correct")) == ("2", "0")
    assert column(review, STATE) == ["Ready to send"]
    to_the_end(window, qtbot, window.import_page)
    assert practice.people()["+14155550120"]["custom_fields"] == {"name": "Ada"}


def test_a_cell_that_is_still_wrong_says_what_is_wrong_now(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    review = opened_rows(window, qtbot, write("Phone", "415555"))
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        type_into(review, review.model.index(0, FIRST), "41555501212345")
    assert column(review, STATE) == ["This number is too long for a number in US"]


def test_rows_are_found_by_their_problem(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    file = write("Phone,IP address", "12,", "4155550120,nope", "13,", "4155550121,")
    review = opened_rows(window, qtbot, file, "too short")
    assert column(review, FIRST) == ["12", "13"]
    show(window, qtbot, review, "not an IP address")
    assert column(review, FIRST + 1) == ["nope"]
    show(window, qtbot, review, "All rows")
    assert len(column(review, FIRST)) == 4


def test_one_fix_is_made_to_all_alike(window: MainWindow, qtbot: QtBot, practice: Practice, write: Write) -> None:
    wrong = [f"791112345{digit}" for digit in range(8)]
    review = opened_rows(window, qtbot, write("Phone", *wrong, "4155550120"), "8 ×")
    QTest.keyClicks(review.fix_bar.text, "+44")
    assert review.fix_bar.go.text() == "Change 8 rows"
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        press(review.fix_bar.go)
    assert column(review, STATE) == ["Ready to send"] * 8
    to_the_end(window, qtbot, window.import_page)
    assert sorted(practice.people()) == ["+14155550120", *(f"+44{one}" for one in wrong)]


def test_what_is_found_in_a_column_is_replaced_in_all_rows(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    file = write("Phone,Name", "4155550120,Mr Ada", "4155550121,Mr Ben", "4155550122,Mrs Cy")
    review = opened_rows(window, qtbot, file, "All rows")
    review.fix_bar._choose(Change.REPLACE)
    review.fix_bar.column.setCurrentIndex(1)
    QTest.keyClicks(review.fix_bar.look_for, "Mr ")
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        press(review.fix_bar.go)
    to_the_end(window, qtbot, window.import_page)
    assert sorted(one["custom_fields"]["name"] for one in practice.people().values()) == ["Ada", "Ben", "Mrs Cy"]


def test_of_several_numbers_in_a_cell_the_first_is_offered(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    review = opened_rows(window, qtbot, write("Phone", "4155550120 / 4155550121"), "keep one of them")
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        press(review.fix_bar.go)
    assert column(review, FIRST) == ["4155550120"]


def test_rows_are_left_out_with_a_key_and_taken_back(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    file = write("Phone", *(f"415555012{digit}" for digit in range(4)))
    review = opened_rows(window, qtbot, file, "All rows")
    choose = QItemSelectionModel.SelectionFlag.Select
    review.table.setFocus()
    for line in (1, 2):
        review.table.selectionModel().select(review.model.index(line, FIRST), choose)
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        QTest.keyClick(review.table, Qt.Key.Key_Delete)
    assert column(review, STATE) == [
        "Ready to send",
        "Left out in the review",
        "Left out in the review",
        "Ready to send",
    ]
    review.table.selectionModel().select(review.model.index(1, FIRST), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        press(review.take)
    to_the_end(window, qtbot, window.import_page)
    assert sorted(practice.people()) == ["+14155550120", "+14155550121", "+14155550123"]


def test_the_same_person_twice_is_shown_side_by_side(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    file = write("Phone,Name", "4155550120,old", "4155550121,x", "(415) 555-0120,new")
    review = opened_rows(window, qtbot, file, "same person twice")
    assert column(review, FIRST + 1) == ["old", "new"]
    assert column(review, STATE)[1] == "Ready to send"


def test_a_row_that_was_read_in_doubt_is_taken_as_it_is(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    review = opened_rows(window, qtbot, write("Phone,Name", '4155550120,"Ada', "4155550121,Ben"))
    assert "never closed" in column(review, STATE)[0]
    review.table.setCurrentIndex(review.model.index(0, FIRST))
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        press(review.take)
    to_the_end(window, qtbot, window.import_page)
    assert len(practice.people()) == 2


def test_numbers_without_their_plus_are_said_to_be_read_as_international(
    window: MainWindow, qtbot: QtBot, write: Write
) -> None:
    review = to_review(window, qtbot, write("Phone", "447911123456", "41791234567")).review_step
    assert "no plus" in review._to_do.text()
    assert number(review, "Ready to send") == "2"


def test_numbers_of_another_country_are_recognised_and_read_as_such_when_it_is_wanted(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    file = write("Phone", *(f"07911 1234{number}" for number in range(10, 20)))
    review = to_review(window, qtbot, file).review_step
    assert review.notice.headline.text() == "These look like phone numbers of United Kingdom"
    [british] = review.notice.buttons
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        press(british)
    assert number(review, "Ready to send") == "10"
    assert not review.notice.isVisible()
