"""Import wizard, from the drop of a file to the contacts on the server."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from tests.conftest import LIST, OTHER_LIST, Practice
from tests.gui.conftest import WAIT, Open, drag, drop, open_on
from tests.gui.find import choose, click_check_box, find, find_button, visible_texts
from tests.gui.wizard import (
    Write,
    check_file,
    go_to_columns,
    limit_rate,
    open_file,
    phones,
    press,
    to_confirm,
    to_review,
    to_the_end,
    use_column,
)
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.gui import file_dialogs
from trackly_desktop.gui.main_window import MainWindow


def test_every_row_of_a_dropped_file_is_imported_as_the_file_has_it(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    file = write(
        "Mobile;First Name;IP Address;Visits",
        *(f"(415) 555-02{number:02};N{number};203.0.113.{number};{number}" for number in range(60)),
    )
    page = to_review(window, qtbot, file)
    assert page.review_step.tiles.number("Ready to send").text() == "60"
    run_id = to_the_end(window, qtbot, page)
    stored = practice.people()
    with file.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    for row in rows:
        person = stored.pop("+1" + "".join(character for character in row["Mobile"] if character.isdigit()))
        assert person["custom_fields"] == {"first_name": row["First Name"], "visits": int(row["Visits"])}
        assert person["ip_address"] == row["IP Address"]
        assert person["practice"] == {"requests": 1, "journeys_enrolled": 0}
    assert stored == {}
    assert page.run_step.notice.headline.text() == "60 contacts added or updated"
    with qtbot.waitSignal(window.context.worker.queries.rows_found, timeout=WAIT):
        press(page.run_step.forward_button)
    model = window.results_page.model
    assert [model.data(model.index(line, 0)) for line in range(model.rowCount())] == ["Created"] * 60
    run = window.context.reader.run(run_id)
    assert run is not None
    assert run.confirmed == f"60 contacts will be added to Spring offers ({LIST}) on “Acme”."


def test_a_dragged_file_of_the_wrong_kind_is_refused_before_the_drop(window: MainWindow) -> None:
    drag(window, "file:///tmp/people.numbers")
    find(window, QLabel, "Save it as CSV or Excel first, and drop that")


def test_a_dragged_table_shows_where_it_can_be_dropped(window: MainWindow, write: Write) -> None:
    drag(window, write("Phone").as_uri())
    find(window, QLabel, "Drop to import")


def test_an_unreadable_file_is_explained_and_another_can_be_dropped(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, write: Write
) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    with qtbot.waitSignal(window.context.worker.files.failed, timeout=WAIT):
        drop(window, empty)
    step = window.import_page.file_step
    qtbot.waitUntil(step.notice.isVisible, timeout=WAIT)  # the first drop creates the page: its slot may run later
    assert (step.notice.headline.text(), step.notice.text.text()) == (
        "empty.csv cannot be imported",
        "The file is empty.",
    )
    open_file(window, qtbot, write("Phone", "4155550120"))
    assert step.forward_button.isEnabled()


def test_changing_the_delimiter_updates_the_preview(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    step = open_file(window, qtbot, write("Phone,Name", "4155550120,Zoë", encoding="windows-1252")).file_step
    assert step.format_options.encoding.currentText() == "Windows, Western (1252)"
    assert step.preview.model().index(0, 1).data() == "Zoë"
    with qtbot.waitSignal(window.context.worker.files.opened, timeout=WAIT):
        choose(step.format_options.delimiter, "Semicolon  ;")
    assert step.preview.model().index(0, 0).data() == "4155550120,Zoë"


def test_the_review_counts_all_rows_and_shows_each_problem_with_its_row(
    window: MainWindow, qtbot: QtBot, write: Write
) -> None:
    file = write("Phone,Name", *(f"{phone},N" for phone in phones(30)), "415555,Short", "4155550200,Again", ",Nobody")
    review = to_review(window, qtbot, file).review_step
    counts = {name: review.tiles.number(name).text() for name in ("Ready to send", "To correct", "Duplicates")}
    assert counts == {"Ready to send": "30", "To correct": "2", "Duplicates": "1"}
    with qtbot.waitSignal(window.context.worker.queries.rows_found, timeout=WAIT):
        press(find_button(review, "Show the rows"))
    with qtbot.waitSignal(window.context.worker.queries.rows_found, timeout=WAIT):
        choose(review.filter, "To correct (2)")
    shown = [[review.model.data(review.model.index(line, column)) for column in range(4)] for line in range(2)]
    assert shown == [
        ["31", "This number is too short for the United States: it has 6 digits", "415555", "Short"],
        ["33", "There is no phone number", "", "Nobody"],
    ]


def test_saved_rows_to_fix_can_be_corrected_and_imported(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = to_review(window, qtbot, write("Phone,Name", "4155550120,Ada", "415555,Ben"))
    to_fix = tmp_path / "to fix.csv"
    monkeypatch.setattr(file_dialogs, "ask_save", lambda _parent, _name: to_fix)  # the system's own dialog
    with qtbot.waitSignal(window.context.worker.queries.exported, timeout=WAIT):
        press(find_button(page.review_step, "Save rows to fix"))
    to_the_end(window, qtbot, page)
    to_fix.write_text(to_fix.read_text("utf-8").replace("415555,", "4155550121,"), "utf-8")
    to_the_end(window, qtbot, to_review(window, qtbot, to_fix))
    assert {phone: person["custom_fields"] for phone, person in practice.people().items()} == {
        "+14155550120": {"name": "Ada"},
        "+14155550121": {"name": "Ben"},
    }


def test_ambiguous_dates_are_asked_about_and_never_guessed(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = go_to_columns(window, qtbot, write("Phone,Signup Date", "4155550120,03/04/2025"))
    page.columns_step.list.choose(LIST)
    press(page.columns_step.forward_button)
    assert page.currentWidget() is page.columns_step
    choose(find(page.columns_step, QComboBox, "Dates like 03/04/2025"), "Day first: 03/04 is 3 April")
    check_file(window, qtbot, page)
    to_the_end(window, qtbot, page)
    assert practice.people()["+14155550120"]["signup_date"].startswith("2025-04-0")


def test_the_confirm_step_shows_counts_list_and_evidence(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    page = go_to_columns(window, qtbot, write("Phone", *phones(12)))
    click_check_box(page.columns_step, "Start welcome journeys")
    check_file(window, qtbot, page, OTHER_LIST)
    press(page.review_step.forward_button)
    confirm = page.confirm_step
    assert confirm.sentence.text() == f"12 contacts will be added to VIP customers ({OTHER_LIST}) on “Acme”."
    assert confirm.forward_button.text() == "Import 12 contacts"
    texts = visible_texts(confirm)
    assert any(text.startswith("Up to 12 people may be texted at once") for text in texts)
    assert "Evidence of consent: signup date for none, IP address for none, page for none" in texts


def test_a_run_can_be_paused_continued_and_cancelled(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    limit_rate(window, 50)
    page = to_confirm(window, qtbot, write("Phone", *phones(90)))
    step = page.run_step
    press(page.confirm_step.forward_button)
    qtbot.waitUntil(lambda: len(practice.people()) >= 5, timeout=WAIT)
    press(find_button(step, "Pause"))
    qtbot.waitUntil(lambda: step.notice.isVisible() and step.notice.headline.text() == "Paused", timeout=WAIT)
    at_pause = len(practice.people())
    press(find_button(step, "Go on"))
    qtbot.waitUntil(lambda: len(practice.people()) > at_pause, timeout=WAIT)
    with qtbot.waitSignal(window.context.worker.runs.ended, timeout=WAIT) as ended:
        press(find_button(step, "Cancel"))
    run = window.context.reader.run(ended.args[0])
    assert run is not None
    added = len(practice.people())
    assert run.counts == {Outcome.CREATED: added, Outcome.PENDING: 90 - added}
    assert step.notice.headline.text() == "Cancelled"


def test_the_run_pauses_after_the_first_five_rows_where_that_is_chosen(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = to_confirm(window, qtbot, write("Phone", *phones(20)))
    click_check_box(page.confirm_step, "Try the first rows first, and wait:")
    press(page.confirm_step.forward_button)
    step = page.run_step
    qtbot.waitUntil(
        lambda: step.notice.isVisible() and step.notice.headline.text() == "The first rows are done", timeout=WAIT
    )
    assert len(practice.people()) == 5
    with qtbot.waitSignal(window.context.worker.runs.ended, timeout=WAIT):
        press(find_button(step, "Go on"))
    assert len(practice.people()) == 20


def test_a_typed_list_is_remembered_where_the_server_lists_none(
    open_window: Open, qtbot: QtBot, only_post: str, write: Write
) -> None:
    window = open_on(open_window, qtbot, only_post)
    page = go_to_columns(window, qtbot, write("Phone", "4155550120"))
    QTest.keyClicks(page.columns_step.list.combo, "1 800 555 1234")
    run_id = to_the_end(window, qtbot, check_file(window, qtbot, page, ""))
    assert [choice.number for choice in window.context.lists()] == [LIST]
    counts = window.context.reader.counts(run_id)
    assert counts.get(Outcome.CREATED, 0) + counts.get(Outcome.UPDATED, 0) == 1


def test_the_mapping_of_a_file_is_reused_for_a_similar_file(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    page = go_to_columns(window, qtbot, write("Phone,Ref", "4155550120,x1"))
    use_column(page.columns_step, "Ref", "Ad campaign or account")
    to_the_end(window, qtbot, check_file(window, qtbot, page))
    page = open_file(window, qtbot, write("Phone,Ref", "4155550121,x2", name="next.csv"))
    assert page.columns_step.mapping.column_of("ad_network_id") == 1


def test_a_second_file_is_refused_while_an_import_runs(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    limit_rate(window, 20)
    page = to_confirm(window, qtbot, write("Phone", *phones(40)))
    press(page.confirm_step.forward_button)
    drop(window, write("Phone", "4155550199", name="other.csv"))
    assert page.currentWidget() is page.run_step
    assert page.run_step.notice.headline.text() == "other.csv is not opened"


def test_a_run_stopped_by_an_unknown_list_continues_with_another_list(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = to_review(
        window, qtbot, write("Phone,List Number", "4155550120,+18005550000", "4155550121,+18005550000"), ""
    )
    to_the_end(window, qtbot, page)
    step = page.run_step
    assert step.list.isVisible()
    step.list.choose(OTHER_LIST)
    with qtbot.waitSignal(window.context.worker.runs.ended, timeout=WAIT):
        press(find_button(step, "Go on"))
    assert sorted(practice.people(OTHER_LIST)) == ["+14155550120", "+14155550121"]


def test_fixed_values_are_kept_for_the_same_file_and_cleared_for_another(
    window: MainWindow, qtbot: QtBot, write: Write
) -> None:
    page = go_to_columns(window, qtbot, write("Phone", "4155550120"))
    step = page.columns_step
    for label in ("Start welcome journeys", "Replace all custom fields"):
        click_check_box(step, label)
    click_check_box(step, "Start them again for people who are already on the list")
    press(find(step, QToolButton, "Fill in where the file says nothing"))
    for label, text in (("Page", "https://example.com/a"), ("Signup date", "2026-01-02")):
        QTest.keyClicks(find(step, QLineEdit, label), text)
    press(step.back_button)
    with qtbot.waitSignal(window.context.worker.files.opened, timeout=WAIT):  # the same file, read in another way
        choose(page.file_step.format_options.delimiter, "Semicolon  ;")
    assert step.fixed()["url"] == "https://example.com/a"
    assert all(choice.isChecked() for choice in step.choices.values())
    open_file(window, qtbot, write("Phone", "4155550121", name="other.csv"))
    assert not any(choice.isChecked() for choice in step.choices.values())
    assert set(step.fixed()) <= {"list_number"}
