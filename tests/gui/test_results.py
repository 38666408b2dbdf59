"""The results page: outcomes, filters, details, export and decisions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.conftest import Practice
from tests.gui.conftest import WAIT
from tests.gui.find import find_button
from tests.gui.wizard import press, to_review, to_the_end
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.gui import file_dialogs
from trackly_desktop.gui.main_window import MainWindow
from trackly_desktop.gui.results.page import ResultsPage
from trackly_desktop.sandbox import KEY

Write = Callable[..., Path]
LINES = ("4155550120,Ada", "4155550101,Ben", "415555,Cleo", "4155550107,Dev", "4155550120,Ada again")


@pytest.fixture
def results(window: MainWindow, qtbot: QtBot, practice: Practice, write: Write) -> ResultsPage:
    """The results page with an import of five rows, each of another outcome."""
    run = to_the_end(window, qtbot, to_review(window, qtbot, write("Phone,Name", *LINES)))
    window.show_results(run)
    qtbot.waitUntil(lambda: window.results_page.model.rowCount() == 5, timeout=WAIT)
    return window.results_page


def column(page: ResultsPage, index: int) -> list[str]:
    return [page.model.data(page.model.index(line, index)) for line in range(page.model.rowCount())]


def are_shown(page: ResultsPage, row_numbers: list[str]) -> Callable[[], bool]:
    """Return a condition: just these rows of the file are shown."""
    return lambda: column(page, 2) == row_numbers


def test_every_row_has_its_outcome_in_the_files_order(results: ResultsPage) -> None:
    assert column(results, 0) == ["Skipped", "Refused", "Invalid", "Updated", "Created"]
    assert column(results, 2) == ["1", "2", "3", "4", "5"]
    assert column(results, 1)[4] == "+1 415-555-0120"
    assert column(results, 3)[1].startswith("The phone company says that it cannot be texted")


def test_rows_are_filtered_by_outcome_and_searched(results: ResultsPage, qtbot: QtBot) -> None:
    press(find_button(results, "Refused"))
    qtbot.waitUntil(are_shown(results, ["2"]), timeout=WAIT)
    press(find_button(results, "All"))
    QTest.keyClicks(results.search, "ada")
    qtbot.waitUntil(are_shown(results, ["1", "5"]), timeout=WAIT)
    results.search.clear()
    QTest.keyClicks(results.search, "555-0107")
    qtbot.waitUntil(are_shown(results, ["4"]), timeout=WAIT)
    results.search.clear()
    QTest.keyClicks(results.search, "nothing is like this")
    qtbot.waitUntil(results.empty_text.isVisible, timeout=WAIT)


def test_a_rows_detail_shows_request_response_and_advice(results: ResultsPage, qtbot: QtBot) -> None:
    results.table.selectRow(1)
    detail = results.detail
    assert detail.isVisible()
    assert detail.notice.headline.text() == "+14155550101 was not added"
    assert "Leave this person out, or ask for a mobile number." in detail.notice.text.text()
    words = " ".join(label.text() for label in detail.findChildren(QLabel))
    assert '"phone_number": "+14155550101"' in words
    assert '"code": "not_sendable"' in words


def test_a_request_is_copied_as_curl_without_the_key(results: ResultsPage, practice: Practice) -> None:
    results.table.selectRow(1)
    press(find_button(results.detail, "Copy as curl"))
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith(f"curl -X POST {practice.address}/api/v2/contacts")
    assert "$TRACKLY_API_KEY" in copied
    assert KEY not in copied


def test_results_are_exported_as_they_are_shown(
    results: ResultsPage, window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "results.csv"
    monkeypatch.setattr(file_dialogs, "ask_save", lambda _parent, _name: out)  # the system's own dialog
    with qtbot.waitSignal(window.context.worker.queries.exported, timeout=WAIT):
        results.export_button.menu().actions()[0].trigger()
    lines = out.read_text("utf-8").splitlines()
    assert lines[0].startswith("Phone,Name,row,outcome,problem,contact_id")
    assert [line.split(",")[3] for line in lines[1:]] == ["skipped", "refused", "invalid", "updated", "created"]
    assert results.notice.headline.text() == "5 rows saved"


def test_history_lists_each_run_and_opens_it(results: ResultsPage, window: MainWindow, qtbot: QtBot) -> None:
    window.go_to("history")
    history = window.history_page
    assert history.model.data(history.model.index(0, 1)) == "people.csv"
    assert history.model.data(history.model.index(0, 5)).startswith("Done: 1 created, 1 updated, 1 refused")
    history.table.selectRow(0)
    press(find_button(history, "See results"))
    qtbot.waitUntil(results.isVisible)


def test_the_journal_is_not_read_whole_for_a_long_run(
    window: MainWindow, qtbot: QtBot, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [f"415555{number:04}" for number in range(200, 900)]
    run = to_the_end(window, qtbot, to_review(window, qtbot, write("Phone", *numbers)))
    window.show_results(run)
    qtbot.waitUntil(lambda: window.results_page.model.rowCount() == len(numbers), timeout=WAIT)
    page_lengths: list[int] = []
    page = window.context.reader.page
    monkeypatch.setattr(window.context.reader, "page", lambda keys: page_lengths.append(len(keys)) or page(keys))
    window.results_page.model.refresh()
    window.results_page.table.scrollToBottom()
    qtbot.waitUntil(lambda: bool(page_lengths))
    window.results_page.table.grab()
    assert 0 < sum(page_lengths) <= 4 * 64


def test_refused_rows_are_tried_again(results: ResultsPage, window: MainWindow, qtbot: QtBot) -> None:
    assert not results.decide_bar.isVisible()
    press(find_button(results, "Refused"))
    qtbot.waitUntil(are_shown(results, ["2"]), timeout=WAIT)
    assert results.decide_bar.words.text() == "1 person was refused. Tried again, each is sent once more."
    with qtbot.waitSignal(window.context.worker.runs.ended, timeout=WAIT) as ended:
        press(find_button(results.decide_bar, "Try again"))
    detail = window.context.reader.detail(window.context.reader.keys(ended.args[0], Outcome.REFUSED)[0])
    assert detail is not None
    assert len(detail.attempts) == 2


@pytest.fixture
def with_unknown(window: MainWindow, qtbot: QtBot, practice: Practice, write: Write) -> ResultsPage:
    """The unknown row of an import, shown alone; the other row is accepted."""
    run = to_the_end(window, qtbot, to_review(window, qtbot, write("Phone", "4155550103", "4155550120")))
    window.show_results(run)
    page = window.results_page
    qtbot.waitUntil(lambda: page.model.rowCount() == 2, timeout=WAIT)
    press(find_button(page, "Unknown"))
    qtbot.waitUntil(are_shown(page, ["1"]), timeout=WAIT)
    return page


def test_the_operator_decides_about_unknown_rows(with_unknown: ResultsPage, qtbot: QtBot) -> None:
    question = with_unknown.decide_bar.words.text()
    assert question == "Nobody knows whether 1 person was added. Sent again, nobody is texted twice."
    press(find_button(with_unknown.decide_bar, "Take as done"))
    qtbot.waitUntil(lambda: with_unknown.model.rowCount() == 0, timeout=WAIT)
    press(find_button(with_unknown, "All"))
    qtbot.waitUntil(lambda: column(with_unknown, 0) == ["Updated", "Created"], timeout=WAIT)


def test_an_unknown_row_is_decided_in_its_detail(with_unknown: ResultsPage, qtbot: QtBot) -> None:
    with_unknown.table.selectRow(0)
    assert [button.text() for button in with_unknown.detail.decisions] == [
        "Send again",
        "Take as done",
        "Leave as it is",
    ]
    press(find_button(with_unknown.detail, "Leave as it is"))
    qtbot.waitUntil(lambda: with_unknown.model.rowCount() == 0, timeout=WAIT)
    press(find_button(with_unknown, "Skipped"))
    qtbot.waitUntil(are_shown(with_unknown, ["1"]), timeout=WAIT)


def test_the_detail_of_a_row_closes_when_the_row_is_filtered_out(results: ResultsPage, qtbot: QtBot) -> None:
    results.table.selectRow(0)
    assert results.detail.isVisible()
    press(find_button(results, "Refused"))
    qtbot.waitUntil(are_shown(results, ["2"]), timeout=WAIT)
    qtbot.waitUntil(lambda: not results.detail.isVisible(), timeout=WAIT)
