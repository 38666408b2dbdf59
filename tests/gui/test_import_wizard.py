"""A file on its way through the wizard, from the drop to the server's own state."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.conftest import LIST, OTHER_LIST, Practice
from tests.gui.conftest import WAIT, Open, drag, drop, open_on
from tests.gui.wizard import dropped, press, to_review, to_the_end
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.files.table import FormatOptions
from trackly_desktop.gui import file_dialogs
from trackly_desktop.gui.main_window import MainWindow

Write = Callable[..., Path]


def people(count: int, first: int = 0) -> list[str]:
    return [f"(415) 555-02{number:02},N{number},203.0.113.{number}" for number in range(first, first + count)]


def test_a_dropped_file_is_imported_to_the_last_row_as_the_file_has_it(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    file = write(
        "Mobile;First Name;IP Address;Visits",
        *(f"{one.replace(',', ';')};{place}" for place, one in enumerate(people(60))),
    )
    page = to_review(window, qtbot, file)
    assert page.review_step.tiles.number("Ready to send").text() == "60"
    run = to_the_end(window, qtbot, page)
    stored = practice.people()
    with file.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    for row in rows:
        person = stored.pop("+1" + "".join(sign for sign in row["Mobile"] if sign.isdigit()))
        assert person["custom_fields"] == {"first_name": row["First Name"], "visits": int(row["Visits"])}
        assert person["ip_address"] == row["IP Address"]
        assert person["practice"] == {"requests": 1, "journeys_enrolled": 0}
    assert stored == {}
    assert page.run_step.notice.headline.text() == "60 contacts added or updated"
    with qtbot.waitSignal(window.context.worker.queries.rows_found, timeout=WAIT):
        press(page.run_step.forward_button)
    model = window.results_page.model
    assert [model.data(model.index(line, 0)) for line in range(model.rowCount())] == ["Created"] * 60
    kept = window.context.reader.run(run)
    assert kept is not None
    assert kept.confirmed == f"60 contacts will be added to Spring offers ({LIST}) on “Acme”."


def test_a_file_of_the_wrong_kind_says_so_before_the_drop(window: MainWindow) -> None:
    drag(window, "file:///tmp/people.numbers")
    assert window._overlay.isVisible()
    assert window._overlay.words.text() == "Save it as CSV or Excel first, and drop that"


def test_while_a_table_is_dragged_the_window_shows_where_it_goes(window: MainWindow, write: Write) -> None:
    drag(window, write("Phone").as_uri())
    assert window._overlay.words.text() == "Drop to import"


def test_a_file_that_cannot_be_read_says_why_and_another_can_be_dropped(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, write: Write
) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    with qtbot.waitSignal(window.context.worker.files.failed, timeout=WAIT):
        drop(window, empty)
    step = window.import_page.file_step
    qtbot.waitUntil(step.notice.isVisible, timeout=WAIT)  # the first drop makes the page: it may hear later
    assert (step.notice.headline.text(), step.notice.text.text()) == (
        "empty.csv cannot be imported",
        "The file is empty.",
    )
    dropped(window, qtbot, write("Phone", "4155550120"))
    assert step.forward_button.isEnabled()


def test_how_a_file_is_read_can_be_changed_and_the_preview_follows(
    window: MainWindow, qtbot: QtBot, write: Write
) -> None:
    step = dropped(window, qtbot, write("Phone,Name", "4155550120,Zoë", encoding="windows-1252")).file_step
    assert step.how.encoding.currentData() == "windows-1252"
    assert step.preview.model().index(0, 1).data() == "Zoë"
    step.how.delimiter.setCurrentIndex(step.how.delimiter.findData(";"))
    with qtbot.waitSignal(window.context.worker.files.opened, timeout=WAIT):
        step.how.delimiter.activated.emit(step.how.delimiter.currentIndex())
    assert step.preview.model().index(0, 0).data() == "4155550120,Zoë"


def test_the_review_counts_the_whole_file_and_gives_each_reason_with_its_row(
    window: MainWindow, qtbot: QtBot, write: Write
) -> None:
    file = write("Phone,Name", *(f"{phone},N" for phone in phones(30)), "415555,Short", "4155550200,Again", ",Nobody")
    review = to_review(window, qtbot, file).review_step
    counts = {name: review.tiles.number(name).text() for name in ("Ready to send", "To correct", "Duplicates")}
    assert counts == {"Ready to send": "30", "To correct": "2", "Duplicates": "1"}
    with qtbot.waitSignal(window.context.worker.queries.rows_found, timeout=WAIT):
        press(review.show_rows)
    shown = [[review.model.data(review.model.index(line, column)) for column in range(4)] for line in range(2)]
    assert shown == [
        ["31", "This number is too short for a number in US", "415555", "Short"],
        ["33", "There is no phone number", "", "Nobody"],
    ]


def phones(count: int) -> list[str]:
    return [f"41555502{number:02}" for number in range(count)]


def test_rows_to_fix_are_saved_corrected_and_dropped_back_in(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = to_review(window, qtbot, write("Phone,Name", "4155550120,Ada", "415555,Ben"))
    to_fix = tmp_path / "to fix.csv"
    monkeypatch.setattr(file_dialogs, "ask_save", lambda _parent, _name: to_fix)  # the system's own dialog
    with qtbot.waitSignal(window.context.worker.queries.exported, timeout=WAIT):
        press(page.review_step.save)
    to_the_end(window, qtbot, page)
    to_fix.write_text(to_fix.read_text("utf-8").replace("415555,", "4155550121,"), "utf-8")
    to_the_end(window, qtbot, to_review(window, qtbot, to_fix))
    assert {phone: one["custom_fields"] for phone, one in practice.people().items()} == {
        "+14155550120": {"name": "Ada"},
        "+14155550121": {"name": "Ben"},
    }


def test_dates_that_could_be_two_are_asked_for_and_never_guessed(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = dropped(window, qtbot, write("Phone,Signup Date", "4155550120,03/04/2025"))
    press(page.file_step.forward_button)
    page.columns_step.list.choose(LIST)
    press(page.columns_step.forward_button)
    assert page.currentWidget() is page.columns_step
    dates = page.columns_step.dates
    assert dates.isVisible()
    dates.setCurrentIndex(2)
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        press(page.columns_step.forward_button)
    to_the_end(window, qtbot, page)
    assert practice.people()["+14155550120"]["signup_date"].startswith("2025-04-0")


def test_the_confirm_page_says_what_happens_in_numbers(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    page = dropped(window, qtbot, write("Phone", *phones(12)))
    press(page.file_step.forward_button)
    page.columns_step.list.choose(OTHER_LIST)
    page.columns_step.choices["use_journeys"].setChecked(True)
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        press(page.columns_step.forward_button)
    press(page.review_step.forward_button)
    confirm = page.confirm_step
    assert confirm.sentence.text() == f"12 contacts will be added to VIP customers ({OTHER_LIST}) on “Acme”."
    assert confirm.forward_button.text() == "Import 12 contacts"
    from trackly_desktop.gui.import_wizard.confirm_summary import facts

    assert page._review is not None
    said = [words for _icon, _role, words in facts(page._review, 12)]
    assert said[0].startswith("Up to 12 people may be texted at once")
    assert "Evidence of consent: signup date for none, IP address for none, page for none" in said


def slowed(window: MainWindow, per_second: float) -> None:
    """The account's own cap, so that a run lasts long enough to be paused."""
    import dataclasses

    accounts = window.context.accounts
    accounts.upsert(dataclasses.replace(window.context.account, per_second=per_second))


def test_a_run_is_paused_goes_on_and_is_cancelled(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    slowed(window, 50)
    page = to_review(window, qtbot, write("Phone", *phones(90)))
    press(page.review_step.forward_button)
    step = page.run_step
    press(page.confirm_step.forward_button)
    qtbot.waitUntil(lambda: len(practice.people()) >= 5, timeout=WAIT)
    press(step.pause_button)
    qtbot.waitUntil(lambda: step.notice.isVisible() and step.notice.headline.text() == "Paused", timeout=WAIT)
    at_pause = len(practice.people())
    assert step.pause_button.text() == "Go on"
    press(step.pause_button)
    qtbot.waitUntil(lambda: len(practice.people()) > at_pause, timeout=WAIT)
    with qtbot.waitSignal(window.context.worker.runs.ended, timeout=WAIT) as ended:
        press(step.cancel_button)
    run = window.context.reader.run(ended.args[0])
    assert run is not None
    added = len(practice.people())
    assert run.counts == {Outcome.CREATED: added, Outcome.PENDING: 90 - added}
    assert step.notice.headline.text() == "Cancelled"


def test_the_first_five_rows_are_tried_first(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = to_review(window, qtbot, write("Phone", *phones(20)))
    press(page.review_step.forward_button)
    page.confirm_step.try_first.setChecked(True)
    press(page.confirm_step.forward_button)
    step = page.run_step
    qtbot.waitUntil(
        lambda: step.notice.isVisible() and step.notice.headline.text() == "The first rows are done", timeout=WAIT
    )
    assert len(practice.people()) == 5
    with qtbot.waitSignal(window.context.worker.runs.ended, timeout=WAIT):
        press(step.pause_button)
    assert len(practice.people()) == 20


def test_on_a_server_of_one_endpoint_a_typed_list_is_kept_for_the_next_file(
    open_window: Open, qtbot: QtBot, only_post: str, write: Write
) -> None:
    window = open_on(open_window, qtbot, only_post)
    page = dropped(window, qtbot, write("Phone", "4155550120"))
    press(page.file_step.forward_button)
    QTest.keyClicks(page.columns_step.list.combo, "1 800 555 1234")
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        press(page.columns_step.forward_button)
    run = to_the_end(window, qtbot, page)
    assert [one.number for one in window.context.lists()] == [LIST]
    assert sum(window.context.reader.counts(run).get(one, 0) for one in (Outcome.CREATED, Outcome.UPDATED)) == 1


def test_the_columns_of_a_file_like_one_before_are_used_as_then(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    page = dropped(window, qtbot, write("Phone,Ref", "4155550120,x1"))
    press(page.file_step.forward_button)
    use = page.columns_step.lines.line("Ref").use
    use.setCurrentIndex(use.findData("ad_network_id"))
    use.activated.emit(use.currentIndex())
    page.columns_step.list.choose(LIST)
    with qtbot.waitSignal(window.context.worker.files.validated, timeout=WAIT):
        press(page.columns_step.forward_button)
    to_the_end(window, qtbot, page)
    page = dropped(window, qtbot, write("Phone,Ref", "4155550121,x2", name="next.csv"))
    assert page.columns_step.mapping.column_of("ad_network_id") == 1


def test_a_second_file_waits_while_an_import_runs(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    slowed(window, 20)
    page = to_review(window, qtbot, write("Phone", *phones(40)))
    press(page.review_step.forward_button)
    press(page.confirm_step.forward_button)
    drop(window, write("Phone", "4155550199", name="other.csv"))
    assert page.currentWidget() is page.run_step
    assert page.run_step.notice.headline.text() == "other.csv is not opened"


def test_a_list_that_there_is_not_is_exchanged_for_another_and_the_run_goes_on(
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
        press(step.pause_button)
    assert sorted(practice.people(OTHER_LIST)) == ["+14155550120", "+14155550121"]


def test_what_was_chosen_for_one_file_holds_for_no_other(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    page = dropped(window, qtbot, write("Phone", "4155550120"))
    step = page.columns_step
    for choice in step.choices.values():
        choice.setChecked(True)
    step.fills["url"].edit.setText("https://example.com/a")
    step.fills["signup_date"].edit.setText("2026-01-02")
    page.file_step.read(
        Path(page.file_step._path or ""), FormatOptions(delimiter=";")
    )  # the same file, read in another way
    qtbot.waitUntil(page.file_step.forward_button.isEnabled, timeout=WAIT)
    assert step.fixed()["url"] == "https://example.com/a"
    dropped(window, qtbot, write("Phone", "4155550121", name="other.csv"))
    assert not any(choice.isChecked() for choice in step.choices.values())
    assert set(step.fixed()) <= {"list_number"}
