"""The results table: read from the journal a page at a time, true to the row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.conftest import Practice
from tests.gui.conftest import WAIT
from tests.gui.wizard import press, to_review, to_the_end
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.gui import file_dialogs
from trackly_desktop.gui.main_window import MainWindow
from trackly_desktop.gui.results.page import ResultsPage
from trackly_desktop.journal.resolutions import UnknownResolution
from trackly_desktop.sandbox import KEY

Write = Callable[..., Path]
LINES = ("4155550120,Ada", "4155550101,Ben", "415555,Cleo", "4155550107,Dev", "4155550120,Ada again")


@pytest.fixture
def results(window: MainWindow, qtbot: QtBot, practice: Practice, write: Write) -> ResultsPage:
    """An import with every kind of end, shown."""
    run = to_the_end(window, qtbot, to_review(window, qtbot, write("Phone,Name", *LINES)))
    window.show_results(run)
    qtbot.waitUntil(lambda: window.results_page.model.rowCount() == 5, timeout=WAIT)
    return window.results_page


def column(page: ResultsPage, number: int) -> list[str]:
    return [page.model.data(page.model.index(line, number)) for line in range(page.model.rowCount())]


def found(page: ResultsPage, rows: list[str]) -> Callable[[], bool]:
    """Whether these rows, by their number in the file, are shown."""
    return lambda: column(page, 2) == rows


def test_every_row_has_its_outcome_in_the_files_order(results: ResultsPage) -> None:
    assert column(results, 0) == ["Skipped", "Refused", "Invalid", "Updated", "Created"]
    assert column(results, 2) == ["1", "2", "3", "4", "5"]
    assert column(results, 1)[4] == "+1 415-555-0120"
    assert column(results, 3)[1].startswith("The phone company says that it cannot be texted")


def test_rows_are_filtered_by_outcome_and_searched(results: ResultsPage, qtbot: QtBot) -> None:
    QTest.mouseClick(results._chips[Outcome.REFUSED], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(found(results, ["2"]), timeout=WAIT)
    QTest.mouseClick(results._chips[None], Qt.MouseButton.LeftButton)
    QTest.keyClicks(results.search, "ada")
    qtbot.waitUntil(found(results, ["1", "5"]), timeout=WAIT)
    results.search.clear()
    QTest.keyClicks(results.search, "555-0107")
    qtbot.waitUntil(found(results, ["4"]), timeout=WAIT)
    results.search.clear()
    QTest.keyClicks(results.search, "nothing is like this")
    qtbot.waitUntil(lambda: results._empty_words.isVisible(), timeout=WAIT)


def test_a_rows_detail_says_what_was_sent_what_came_and_what_to_do(results: ResultsPage, qtbot: QtBot) -> None:
    results.table.selectRow(1)
    detail = results.detail
    assert detail.isVisible()
    assert detail.notice.headline.text() == "+14155550101 was not added"
    assert "Leave this person out, or ask for a mobile number." in detail.notice.text.text()
    words = " ".join(one.text() for one in detail.findChildren(type(detail.notice.text)))
    assert '"phone_number": "+14155550101"' in words
    assert '"code": "not_sendable"' in words


def test_a_request_is_copied_as_curl_without_the_key(results: ResultsPage, practice: Practice) -> None:
    results.table.selectRow(1)
    QTest.mouseClick(results.detail.copy_curl, Qt.MouseButton.LeftButton)
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
        results._export.menu().actions()[0].trigger()
    lines = out.read_text("utf-8").splitlines()
    assert lines[0].startswith("Phone,Name,row,outcome,problem,contact_id")
    assert [line.split(",")[3] for line in lines[1:]] == ["skipped", "refused", "invalid", "updated", "created"]
    assert results.notice.headline.text() == "5 rows saved"


def test_history_has_each_run_and_opens_it(results: ResultsPage, window: MainWindow, qtbot: QtBot) -> None:
    window.go_to("history")
    history = window.history_page
    assert history.model.data(history.model.index(0, 1)) == "people.csv"
    assert history.model.data(history.model.index(0, 5)).startswith("Done: 1 created, 1 updated, 1 refused")
    history.table.selectRow(0)
    press(history.open_button)
    qtbot.waitUntil(results.isVisible)


def test_the_journal_is_not_read_whole_for_a_long_run(
    window: MainWindow, qtbot: QtBot, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [f"415555{number:04}" for number in range(200, 900)]
    run = to_the_end(window, qtbot, to_review(window, qtbot, write("Phone", *numbers)))
    window.show_results(run)
    qtbot.waitUntil(lambda: window.results_page.model.rowCount() == len(numbers), timeout=WAIT)
    read: list[int] = []
    page = window.context.reader.page
    monkeypatch.setattr(window.context.reader, "page", lambda keys: read.append(len(keys)) or page(keys))
    window.results_page.model.refresh()
    window.results_page.table.scrollToBottom()
    qtbot.waitUntil(lambda: bool(read))
    window.results_page.table.grab()
    assert 0 < sum(read) <= 4 * 64


def test_the_refused_are_tried_again_from_the_line_that_shows_them(
    results: ResultsPage, window: MainWindow, qtbot: QtBot
) -> None:
    assert not results.decide_bar.isVisible()
    QTest.mouseClick(results._chips[Outcome.REFUSED], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(found(results, ["2"]), timeout=WAIT)
    assert results.decide_bar.words.text() == "1 person was refused. Tried again, each is sent once more."
    with qtbot.waitSignal(window.context.worker.runs.ended, timeout=WAIT) as ended:
        press(results.decide_bar.again)
    detail = window.context.reader.detail(window.context.reader.keys(ended.args[0], Outcome.REFUSED)[0])
    assert detail is not None
    assert len(detail.attempts) == 2


@pytest.fixture
def doubtful(window: MainWindow, qtbot: QtBot, practice: Practice, write: Write) -> ResultsPage:
    """An import of a row whose request never gets a true answer, and of one that is accepted."""
    run = to_the_end(window, qtbot, to_review(window, qtbot, write("Phone", "4155550103", "4155550120")))
    window.show_results(run)
    page = window.results_page
    qtbot.waitUntil(lambda: page.model.rowCount() == 2, timeout=WAIT)
    QTest.mouseClick(page._chips[Outcome.UNKNOWN], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(found(page, ["1"]), timeout=WAIT)
    return page


def test_what_becomes_of_the_unknown_is_the_operators_to_say(doubtful: ResultsPage, qtbot: QtBot) -> None:
    said = doubtful.decide_bar.words.text()
    assert said == "Nobody knows whether 1 person was added. Sent again, nobody is texted twice."
    press(doubtful.decide_bar.buttons[UnknownResolution.TAKE_AS_DONE])
    qtbot.waitUntil(lambda: doubtful.model.rowCount() == 0, timeout=WAIT)
    QTest.mouseClick(doubtful._chips[None], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: column(doubtful, 0) == ["Updated", "Created"], timeout=WAIT)


def test_one_unknown_row_is_decided_beside_its_answers(doubtful: ResultsPage, qtbot: QtBot) -> None:
    doubtful.table.selectRow(0)
    texts = [one.text() for one in doubtful.detail.decisions]
    assert texts == ["Send again", "Take as done", "Leave as it is"]
    press(doubtful.detail.decisions[2])
    qtbot.waitUntil(lambda: doubtful.model.rowCount() == 0, timeout=WAIT)
    QTest.mouseClick(doubtful._chips[Outcome.SKIPPED], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(found(doubtful, ["1"]), timeout=WAIT)


def test_a_row_that_is_not_shown_any_more_is_not_in_detail(results: ResultsPage, qtbot: QtBot) -> None:
    results.table.selectRow(0)
    assert results.detail.isVisible()
    QTest.mouseClick(results._chips[Outcome.REFUSED], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(found(results, ["2"]), timeout=WAIT)
    qtbot.waitUntil(lambda: not results.detail.isVisible(), timeout=WAIT)
