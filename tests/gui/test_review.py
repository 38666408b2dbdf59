"""Review step: rows are filtered by problem, and corrected singly or together."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from tests.conftest import Practice
from tests.gui.conftest import WAIT
from tests.gui.find import choose, find, find_button, visible_texts
from tests.gui.wizard import Write, press, to_review, to_the_end
from trackly_desktop.gui.import_wizard.review_step import ReviewStep
from trackly_desktop.gui.main_window import MainWindow
from trackly_desktop.gui.widgets.phone_edit import CountryPicker

STATE, FIRST = 1, 2
"""Columns of the table: the row's state, and the file's first column."""


def show_rows(window: MainWindow, qtbot: QtBot, file: Path, text: str = "") -> ReviewStep:
    """Go to the review of a file and show its rows, filtered where a text is given."""
    review = to_review(window, qtbot, file).review_step
    with qtbot.waitSignal(window.context.worker.queries.rows_found, timeout=WAIT):
        press(find_button(review, "Show the rows"))
    if text:
        filter_rows(window, qtbot, review, text)
    return review


def filter_rows(window: MainWindow, qtbot: QtBot, review: ReviewStep, text: str) -> None:
    """Choose the filter whose label contains this text."""
    combo = find(review, QComboBox, "Which rows are shown")
    label = next(label for index in range(combo.count()) if text in (label := combo.itemText(index)))
    with qtbot.waitSignal(window.context.worker.queries.rows_found, timeout=WAIT):
        choose(combo, label)


def column(review: ReviewStep, index: int) -> list[str]:
    model = review.model
    return [model.data(model.index(row, index)) for row in range(model.rowCount())]


def type_into(review: ReviewStep, index: QModelIndex, text: str) -> None:
    """Go to a cell and type over its text, as in a spreadsheet."""
    review.table.setCurrentIndex(index)
    review.table.setFocus()
    QTest.keyClicks(review.table, text[0])
    editor = QApplication.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, text[1:])
    QTest.keyClick(editor, Qt.Key.Key_Return)


def type_country(picker: CountryPicker, text: str) -> None:
    """Type a country's name, as its list shows it."""
    line = picker.lineEdit()
    assert line is not None
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def buttons_of(parent: QWidget) -> list[str]:
    return [button.text() for button in parent.findChildren(QAbstractButton) if button.isVisible()]


def count(review: ReviewStep, name: str) -> str:
    return review.tiles.number(name).text()


def test_a_corrected_cell_is_checked_at_once_and_sent(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    review = show_rows(window, qtbot, write("Phone,Name", "415555,Ada", "4155550121,Ben"))
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        type_into(review, review.model.index(0, FIRST), "4155550120")
    assert (count(review, "Ready to send"), count(review, "To correct")) == ("2", "0")
    assert column(review, STATE) == ["Ready to send"]
    to_the_end(window, qtbot, window.import_page)
    assert practice.people()["+14155550120"]["custom_fields"] == {"name": "Ada"}


def test_a_cell_that_is_still_wrong_shows_its_new_problem(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    review = show_rows(window, qtbot, write("Phone", "415555"))
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        type_into(review, review.model.index(0, FIRST), "41555501212345")
    assert column(review, STATE) == ["This number is too long for the United States: it has 14 digits"]


def test_rows_are_filtered_by_their_problem(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    file = write("Phone,IP address", "12,", "4155550120,nope", "13,", "4155550121,")
    review = show_rows(window, qtbot, file, "too short")
    assert column(review, FIRST) == ["12", "13"]
    filter_rows(window, qtbot, review, "not an IP address")
    assert column(review, FIRST + 1) == ["nope"]
    filter_rows(window, qtbot, review, "All rows")
    assert len(column(review, FIRST)) == 4


def test_a_change_applies_to_all_rows_with_the_same_problem(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    wrong = [f"791112345{digit}" for digit in range(8)]
    review = show_rows(window, qtbot, write("Phone", *wrong, "4155550120"), "8 ×")
    QTest.keyClicks(review.fix_bar.text, "+44")
    assert review.fix_bar.go.text() == "Change 8 rows"
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        press(review.fix_bar.go)
    assert column(review, STATE) == ["Ready to send"] * 8
    to_the_end(window, qtbot, window.import_page)
    assert sorted(practice.people()) == ["+14155550120", *(f"+44{phone}" for phone in wrong)]


def test_find_and_replace_changes_a_column_in_all_rows(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    file = write("Phone,Name", "4155550120,Mr Ada", "4155550121,Mr Ben", "4155550122,Mrs Cy")
    review = show_rows(window, qtbot, file, "All rows")
    choose(find(review, QComboBox, "What is changed"), "Find and replace")
    review.fix_bar.column.setCurrentIndex(1)
    QTest.keyClicks(review.fix_bar.look_for, "Mr ")
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        press(review.fix_bar.go)
    to_the_end(window, qtbot, window.import_page)
    assert sorted(person["custom_fields"]["name"] for person in practice.people().values()) == ["Ada", "Ben", "Mrs Cy"]


def test_of_several_numbers_in_a_cell_the_first_is_offered(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    review = show_rows(window, qtbot, write("Phone", "4155550120 / 4155550121"), "keep one of them")
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        press(review.fix_bar.go)
    assert column(review, FIRST) == ["4155550120"]


def test_the_country_is_added_to_all_numbers_that_it_has_and_undone(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    wrong = [f"791112345{digit}" for digit in range(8)]
    review = show_rows(window, qtbot, write("Phone", *wrong, "4155550120"), "8 ×")
    offer = find_button(review, "Add the country to 8 rows")
    assert (offer.isEnabled(), offer.toolTip()) == (False, "Choose the country first")
    type_country(review.fix_bar.country, "United Kingdom +44")
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        press(offer)
    assert column(review, FIRST) == [f"+44{phone}" for phone in wrong]
    assert count(review, "Ready to send") == "9"
    assert "United Kingdom added to 8 rows" in visible_texts(review)
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        press(find_button(review, "Undo: United Kingdom added to 8 rows"))
    assert column(review, FIRST) == wrong
    assert (count(review, "Ready to send"), count(review, "To correct")) == ("1", "8")
    assert not review.undo.isVisible()


def test_a_country_that_the_numbers_do_not_have_changes_none(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    review = show_rows(window, qtbot, write("Phone", "12", "13"), "2 ×")
    type_country(review.fix_bar.country, "Germany +49")
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        press(find_button(review, "Add the country to 2 rows"))
    assert review.notice.headline.text() == "No row was changed"
    assert column(review, FIRST) == ["12", "13"]
    assert not review.undo.isVisible()


def test_what_fits_a_problem_is_offered_first(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    lines = (
        "4155550120 / 4155550121,",
        "4155550122,yesterday",
        "4155550123,yesterday",
        "Ann's old 4155550149,",
    )
    review = show_rows(window, qtbot, write("Phone,Signup date", *lines), "keep one of them")
    for problem, offer in (
        ("keep one of them", "Take the first in 1 row"),
        ("not a date", "Leave the date out in 2 rows"),
        ("note beside the number", "Remove the remark in 1 row"),
    ):
        if problem not in review.filter.currentText():
            filter_rows(window, qtbot, review, problem)
        with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
            press(find_button(review, offer))
    filter_rows(window, qtbot, review, "All rows")
    assert column(review, FIRST) == ["4155550120", "4155550122", "4155550123", "4155550149"]
    assert column(review, STATE) == ["Ready to send"] * 4
    assert not any("Leave out" in text for text in buttons_of(review.fix_bar))


def test_every_change_is_undone_with_the_keyboard_until_the_file_is_as_it_was(
    window: MainWindow, qtbot: QtBot, write: Write
) -> None:
    review = show_rows(window, qtbot, write("Phone", "415555", "4155550121", "4155550122"), "All rows")
    validated = window.context.worker.files.validated
    with qtbot.waitSignal(validated, timeout=WAIT):
        type_into(review, review.model.index(0, FIRST), "4155550121")
    assert count(review, "Duplicates") == "1"
    review.table.setFocus()
    review.table.selectionModel().select(review.model.index(2, FIRST), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    with qtbot.waitSignal(validated, timeout=WAIT):
        QTest.keyClick(review.table, Qt.Key.Key_Delete)
    assert count(review, "Ready to send") == "1"
    for _change in range(2):
        with qtbot.waitSignal(validated, timeout=WAIT):
            QTest.keyClick(review, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert column(review, FIRST) == ["415555", "4155550121", "4155550122"]
    assert [count(review, name) for name in ("Ready to send", "To correct", "Duplicates")] == ["2", "1", "0"]
    QTest.keyClick(review, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert find_button(review, "Hide the rows").isEnabled()  # nothing more to undo, and nothing is waited for


def test_rows_are_left_out_with_the_delete_key_and_put_back(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    file = write("Phone", *(f"415555012{digit}" for digit in range(4)))
    review = show_rows(window, qtbot, file, "All rows")
    review.table.setFocus()
    for row in (1, 2):
        review.table.selectionModel().select(review.model.index(row, FIRST), QItemSelectionModel.SelectionFlag.Select)
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
        press(find_button(review, "Take as it is"))
    to_the_end(window, qtbot, window.import_page)
    assert sorted(practice.people()) == ["+14155550120", "+14155550121", "+14155550123"]


def test_the_same_person_twice_is_shown_side_by_side(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    file = write("Phone,Name", "4155550120,old", "4155550121,x", "(415) 555-0120,new")
    review = show_rows(window, qtbot, file, "same person twice")
    assert column(review, FIRST + 1) == ["old", "new"]
    assert column(review, STATE)[1] == "Ready to send"


def test_a_row_with_a_broken_quotation_mark_can_be_taken_as_it_is(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    review = show_rows(window, qtbot, write("Phone,Name", '4155550120,"Ada', "4155550121,Ben"))
    assert "never closed" in column(review, STATE)[0]
    review.table.setCurrentIndex(review.model.index(0, FIRST))
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        press(find_button(review, "Take as it is"))
    to_the_end(window, qtbot, window.import_page)
    assert len(practice.people()) == 2


def test_numbers_without_a_plus_are_announced_as_international(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    review = to_review(window, qtbot, write("Phone", "447911123456", "41791234567")).review_step
    assert any("no plus" in text for text in visible_texts(review))
    assert count(review, "Ready to send") == "2"


def test_numbers_of_another_country_are_recognised_and_read_as_such_on_request(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    file = write("Phone", *(f"07911 1234{number}" for number in range(10, 20)))
    review = to_review(window, qtbot, file).review_step
    assert review.notice.headline.text() == "These look like phone numbers of United Kingdom"
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        press(find_button(review.notice, "United Kingdom"))
    assert count(review, "Ready to send") == "10"
    assert not review.notice.isVisible()
