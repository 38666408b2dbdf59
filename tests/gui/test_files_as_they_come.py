"""Unusual files in the wizard: pasted tables, workbooks, unclear encodings."""

from __future__ import annotations

import os
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QInputDialog, QPushButton
from pytestqt.qtbot import QtBot

from tests.conftest import Practice
from tests.files import workbooks
from tests.gui.conftest import WAIT
from tests.gui.find import choose, find, find_button, visible_texts
from tests.gui.wizard import (
    Write,
    check_file,
    go_to_columns,
    open_file,
    press,
    start_run,
    to_review,
    to_the_end,
    use_column,
)
from tests.validation.processes import kill_processes
from trackly_desktop.gui import file_dialogs
from trackly_desktop.gui.file_dialogs import local_path
from trackly_desktop.gui.import_wizard.columns_step import ColumnsStep
from trackly_desktop.gui.import_wizard.file_step import FileStep
from trackly_desktop.gui.main_window import MainWindow
from trackly_desktop.mapping.presets import Presets
from trackly_desktop.system import paths
from trackly_desktop.validation.subprocess_job import PROCESS_NAME

TABLE = 'Phone\tName\n+14155550120\tZoë\n+14155550121\t"two\nlines"\n'


def file_step(window: MainWindow) -> FileStep:
    window.go_to("import")
    return window.import_page.file_step


def test_a_table_copied_from_a_spreadsheet_is_pasted_and_imported(
    window: MainWindow, qtbot: QtBot, practice: Practice
) -> None:
    step = file_step(window)
    QApplication.clipboard().setText(TABLE)
    with qtbot.waitSignal(window.context.worker.files.opened, timeout=WAIT):
        QTest.keyClick(step, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert step.format_options.delimiter.currentText() == "Tab"
    copy = paths.pasted_path()
    assert copy.stat().st_mode & 0o777 == 0o600
    press(step.forward_button)
    to_the_end(window, qtbot, check_file(window, qtbot, window.import_page))
    assert {phone: person["custom_fields"] for phone, person in practice.people().items()} == {
        "+14155550120": {"name": "Zoë"},
        "+14155550121": {"name": "two\nlines"},
    }
    qtbot.waitUntil(lambda: not copy.exists(), timeout=WAIT)


def test_pasting_nothing_explains_how_a_table_is_copied(window: MainWindow) -> None:
    step = file_step(window)
    QApplication.clipboard().clear()
    step.paste()
    assert step.notice.headline.text() == "There is no table to paste"


SHEET_ADDRESS = "https://docs.google.com/spreadsheets/d/abc/edit#gid=0"


def test_a_pasted_web_address_is_answered_with_how_to_download_it(window: MainWindow) -> None:
    step = file_step(window)
    QApplication.clipboard().setText(SHEET_ADDRESS)
    step.paste()
    assert step.notice.headline.text() == "A web address cannot be imported"
    assert "Comma-separated values" in step.notice.text.text()
    assert step.target.isVisible()


def test_a_dropped_web_address_is_answered_with_how_to_download_it(window: MainWindow) -> None:
    assert drop_text(window, SHEET_ADDRESS)
    assert window.import_page.file_step.notice.headline.text() == "A web address cannot be imported"


@pytest.mark.skipif(os.name != "posix", reason="names of files are Unicode there")
def test_a_dropped_file_whose_name_is_not_utf8_is_read(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.csv"))
    file.write_text("Phone\n4155550120\n")
    address = QUrl.fromEncoded(b"file://" + os.fsencode(tmp_path) + b"/caf%E9.csv")
    with qtbot.waitSignal(window.context.worker.files.opened, timeout=WAIT):
        window.open_file(local_path(address))
    step = window.import_page.file_step
    qtbot.waitUntil(step.forward_button.isEnabled, timeout=WAIT)
    assert "caf�.csv" in visible_texts(step)


def test_hidden_rows_are_left_out_until_they_are_wanted(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["Phone", "Name"], ["4155550120", "Ada"], ["4155550121", "Ben"]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    book.save(tmp_path / "people.xlsx")
    step = open_file(window, qtbot, tmp_path / "people.xlsx").file_step
    assert step.hidden_question.headline.text() == "1 row (line 3) is hidden in the workbook, and is left out"
    assert step.preview.model().rowCount() == 1
    with qtbot.waitSignal(window.context.worker.files.opened, timeout=WAIT):
        press(find_button(step.hidden_question, "Read them too"))
    assert step.preview.model().rowCount() == 2
    assert [button.text() for button in step.hidden_question.buttons] == ["Leave them out"]
    with qtbot.waitSignal(window.context.worker.files.opened, timeout=WAIT):
        press(find_button(step.hidden_question, "Leave them out"))
    press(find_button(step.hidden_question, "Leave them out"))
    assert not step.hidden_question.isVisible()


def test_a_hidden_column_that_says_no_is_read_and_named(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["Phone", "Opted out", "City"], ["4155550120", "yes", "Rome"]):
        sheet.append(row)
    for letter in "BC":
        sheet.column_dimensions[letter].hidden = True
    book.save(tmp_path / "people.xlsx")
    step = open_file(window, qtbot, tmp_path / "people.xlsx").file_step
    assert "“Opted out”, “City”" in step.hidden_question.headline.text()
    assert "Still read: “Opted out”" in step.hidden_question.headline.text()
    assert step.preview.model().columnCount() == 2


def workbook_with_hidden_sheet(tmp_path: Path) -> Path:
    file = tmp_path / "people.xlsx"
    rows: list[list[str | float]] = [["Phone"], ["4155550120"], ["4155550121"]]
    file.write_bytes(workbooks.xlsx({"All": rows, "New": rows[:2]}, hidden=["All"]))
    return file


def test_a_hidden_sheet_with_more_numbers_can_be_read_instead(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    step = open_file(window, qtbot, workbook_with_hidden_sheet(tmp_path)).file_step
    assert step.sheet_question.headline.text().startswith(
        "The hidden sheet “All” has more phone numbers (2) than “New”"
    )
    assert QApplication.focusWidget() is step.sheet_question.buttons[0]
    with qtbot.waitSignal(window.context.worker.files.opened, timeout=WAIT):
        press(find_button(step.sheet_question, "Read “All”"))
    assert step.preview.model().rowCount() == 2
    assert not step.sheet_question.isVisible()


def test_a_hidden_sheet_can_be_left_aside(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    step = open_file(window, qtbot, workbook_with_hidden_sheet(tmp_path)).file_step
    press(find_button(step.sheet_question, "Stay with “New”"))
    assert not step.sheet_question.isVisible()
    assert QApplication.focusWidget() is step.forward_button


def test_a_proposed_sheet_of_people_who_left_is_asked_about_with_the_others(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "people.xlsx"
    file.write_bytes(workbooks.xlsx({"Opt-outs": [["Phone"], ["4155550120"]], "Cover": [["Spring"], ["by Bob"]]}))
    step = open_file(window, qtbot, file).file_step
    assert step.sheet_question.headline.text() == "The sheet “Opt-outs” is named like a list of people who left"
    assert [choice.text() for choice in step.sheet_question.buttons] == ["Read “Cover”", "Stay with “Opt-outs”"]
    assert QApplication.focusWidget() is not step.forward_button


def test_a_failed_file_leaves_no_preview_of_the_one_before(
    window: MainWindow, qtbot: QtBot, write: Write, tmp_path: Path
) -> None:
    step = open_file(window, qtbot, write("Phone", "4155550120")).file_step
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n" + bytes(100))
    step.read(tmp_path / "picture.csv")
    assert QApplication.focusWidget() is step.stop_button
    qtbot.waitUntil(step.notice.isVisible, timeout=WAIT)
    assert step.target.isVisible()
    assert not step.preview.isVisible()
    assert not step.forward_button.isEnabled()
    focused = QApplication.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "Choose a file"


def test_the_other_sheets_are_named_with_their_numbers(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "people.xlsx"
    rows: list[list[str | float]] = [["Phone"], [14155550120.0], [14155550121.0]]
    file.write_bytes(workbooks.xlsx({"Cover": [["Call (800) 555-0100"]], "People": rows}))
    step = open_file(window, qtbot, file).file_step
    assert step.remarks.text().startswith("Sheet “People” is read (2 phone numbers), not “Cover” (")


def test_a_sheet_named_for_people_who_left_is_asked_about_before_the_import(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "people.xlsx"
    file.write_bytes(workbooks.xlsx({"Opt-outs": [["Phone"], ["4155550120"]]}))
    page = open_file(window, qtbot, file)
    assert "“Opt-outs” is named like a list of people who left" in page.file_step.remarks.text()
    press(page.file_step.forward_button)
    press(check_file(window, qtbot, page).review_step.forward_button)
    step = page.confirm_step
    assert step.filename_accepted.text().startswith("“Opt-outs” is named like")
    assert not step.forward_button.isEnabled()
    step.filename_accepted.setChecked(True)
    assert step.forward_button.isEnabled()


def test_a_process_that_the_system_ends_while_it_reads_is_named(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    large = tmp_path / "large.csv"
    large.write_text("Phone,Name\n" + "".join(f"+1415{number:07},N\n" for number in range(400_000)))
    step = file_step(window)
    with qtbot.waitSignal(window.context.worker.files.progressed, timeout=WAIT):
        step.read(large)
    kill_processes(PROCESS_NAME)
    qtbot.waitUntil(step.notice.isVisible, timeout=WAIT)
    assert step.notice.headline.text() == "large.csv cannot be imported"
    assert "the system ended" in step.notice.text.text()
    assert step.target.isVisible()


def test_an_unforeseen_exception_after_reading_ends_the_wait(
    window: MainWindow, qtbot: QtBot, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise LookupError

    monkeypatch.setattr(Presets, "for_header", fail)
    step = file_step(window)
    step.read(write("Phone", "4155550120"))
    qtbot.waitUntil(step.notice.isVisible, timeout=WAIT)
    assert "did not foresee" in step.notice.text.text()


def drop_text(window: MainWindow, text: str) -> bool:
    """Drag text over the window and drop it; return whether an import was offered."""
    dragged = QMimeData()
    dragged.setText(text)
    button, keys, action = Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0), Qt.DropAction.CopyAction
    QApplication.sendEvent(
        window.windowHandle(), QDragEnterEvent(window.rect().center(), action, dragged, button, keys)
    )
    is_offered = "Drop to import" in visible_texts(window)
    QApplication.sendEvent(
        window.windowHandle(), QDropEvent(QPointF(window.rect().center()), action, dragged, button, keys)
    )
    return is_offered


def test_a_table_dropped_as_text_is_read(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.context.worker.files.opened, timeout=WAIT):
        assert drop_text(window, TABLE)


def test_a_dragged_word_is_no_table(window: MainWindow) -> None:
    assert not drop_text(window, "hello")


def test_a_workbook_is_read_and_its_sheet_can_be_chosen(
    window: MainWindow, qtbot: QtBot, practice: Practice, tmp_path: Path
) -> None:
    file = tmp_path / "people.xlsx"
    rows: list[list[str | float]] = [["Phone", "Name"], [14155550120.0, "Ada"]]
    file.write_bytes(workbooks.xlsx({"Notes": [["Made by Bob"]], "Old": [["Phone"], ["4155550199"]], "New": rows}))
    page = open_file(window, qtbot, file)
    step = page.file_step
    sheet = find(step, QComboBox, "Sheet")
    assert sheet.currentText() == "Old"
    assert "Letters are encoded as" not in visible_texts(step)
    with qtbot.waitSignal(window.context.worker.files.opened, timeout=WAIT):
        choose(sheet, "New")
    press(step.forward_button)
    to_the_end(window, qtbot, check_file(window, qtbot, page))
    assert list(practice.people()) == ["+14155550120"]


def test_an_unclear_encoding_is_asked_about_with_both_readings(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    file = write("Phone,Name", "+14155550120,Žaneta Šimko", encoding="windows-1250")
    step = open_file(window, qtbot, file).file_step
    assert step.question.isVisible()
    readings = [button.text() for button in step.question.buttons]
    assert [text.split("  ")[0] for text in readings] == ["Žaneta", "éaneta"]
    with qtbot.waitSignal(window.context.worker.files.opened, timeout=WAIT):
        press(step.question.buttons[1])
    assert step.preview.model().index(0, 1).data() == "éaneta äimko"
    assert not step.question.isVisible()


def test_the_header_row_can_be_chosen(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    step = open_file(window, qtbot, write("+14155550120,Ada", "+14155550121,Ben")).file_step
    assert step.format_options.header.text() == "There are none"
    with qtbot.waitSignal(window.context.worker.files.opened, timeout=WAIT):
        step.format_options.header.setValue(1)
    assert step.preview.model().headerData(1, Qt.Orientation.Horizontal) == "Ada"


def test_rows_that_may_be_read_wrongly_are_announced_at_once(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    step = open_file(window, qtbot, write("Phone,Name", "4155550120,Ada", '4155550121,"Ben')).file_step
    assert step.question.headline.text() == "1 row could not be read as meant, and will be shown in the review"
    assert step.question.text.text().startswith("Row 2, line 3: A quotation mark")


def test_reading_a_large_file_can_be_stopped(window: MainWindow, qtbot: QtBot, tmp_path: Path, write: Write) -> None:
    large = tmp_path / "large.csv"
    large.write_text("Phone,Name\n" + "".join(f"+1415{number:07},N\n" for number in range(400_000)))
    step = file_step(window)
    with qtbot.waitSignal(window.context.worker.files.progressed, timeout=WAIT):
        step.read(large)
    press(step.stop_button)
    assert step.target.isVisible()
    open_file(window, qtbot, write("Phone", "4155550120"))
    assert step.preview.model().rowCount() == 1


def test_the_system_that_exported_a_file_is_named(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    step = open_file(
        window, qtbot, write("Klaviyo ID,Phone Number,SMS Marketing Consent", "1,+14155550120,SUBSCRIBED")
    ).file_step
    assert any(text.endswith("looks like an export from Klaviyo") for text in visible_texts(step))


def test_giving_a_field_to_a_second_column_offers_to_join_both(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = go_to_columns(window, qtbot, write("Phone,Area,Number,Day,Time", "415,x,5550120,2025-03-15,14:30"))
    step = page.columns_step
    for name, field in (("Phone", "Phone number"), ("Day", "Signup date")):
        use_column(step, name, field)
    use_column(step, "Number", "Phone number")
    assert step.notice.headline.text() == "Phone number is “Number” now, and “Phone” is ignored"
    press(find_button(step.notice, "Join both"))
    use_column(step, "Time", "Signup date")
    press(find_button(step.notice, "Join both"))
    to_the_end(window, qtbot, check_file(window, qtbot, page))
    [person] = practice.people().values()
    assert person["phone_number"] == "+14155550120"
    assert person["signup_date"].startswith("2025-03-15T")


def test_giving_a_field_to_a_second_column_can_be_undone(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    page = go_to_columns(window, qtbot, write("Phone,Other", "4155550120,4155550121"))
    step = page.columns_step
    before = step.mapping
    use_column(step, "Other", "Phone number")
    press(find_button(step.notice, "Undo"))
    assert step.mapping == before


def test_a_second_phone_column_is_used_where_the_first_has_none(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = go_to_columns(window, qtbot, write("Mobile,Home Phone", "4155550120,4155550121", ",4155550122"))
    use_column(page.columns_step, "Home Phone", "Phone, if the first has none")
    to_the_end(window, qtbot, check_file(window, qtbot, page))
    assert sorted(practice.people()) == ["+14155550120", "+14155550122"]


def test_the_country_of_each_phone_number_can_come_from_a_column(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = go_to_columns(window, qtbot, write("Phone,Where", "07911 123456,England", "415 555 0120,"))
    choose(find(page.columns_step, QComboBox, "Column that says the country"), "Where")
    to_the_end(window, qtbot, check_file(window, qtbot, page))
    assert sorted(practice.people()) == ["+14155550120", "+447911123456"]


def test_times_without_a_zone_are_read_in_the_chosen_zone(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = go_to_columns(window, qtbot, write("Phone,Signup Date", "4155550120,2025-03-15 14:30"))
    choose(find(page.columns_step, QComboBox, "Times without a zone are those of"), "Asia/Tokyo")
    to_the_end(window, qtbot, check_file(window, qtbot, page))
    assert practice.people()["+14155550120"]["signup_date"].startswith("2025-03-15T05:30:00")


def test_a_sample_file_has_the_accounts_own_columns_and_imports_as_it_is(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = go_to_columns(window, qtbot, write("Phone,shoeSize", "4155550120,42"))
    to_the_end(window, qtbot, check_file(window, qtbot, page))
    press(find_button(page.run_step, "Import another file"))
    sample = tmp_path / "sample.csv"
    monkeypatch.setattr(file_dialogs, "ask_save", lambda *_: sample)  # the system's own dialog
    with qtbot.waitSignal(window.context.worker.files.exported, timeout=WAIT):
        press(find_button(page.file_step, "Save a sample file"))
    assert (
        sample.read_text().splitlines()[0]
        == "phone_number,signup_date,ip_address,url,ad_network_source,ad_network_id,shoe_size"
    )
    page = go_to_columns(window, qtbot, sample)
    assert page.columns_step.mapping.column_of("custom:shoe_size") == 6
    to_the_end(window, qtbot, check_file(window, qtbot, page))
    assert len(practice.people()) == 2


def share(step: ColumnsStep, text: str) -> None:
    """Choose an item of the Share menu by its text."""
    menu = find(step, QPushButton, "Share").menu()
    menu.aboutToShow.emit()
    action = next(action for action in menu.actions() if action.text() == text)
    assert action.isEnabled()
    action.trigger()


def test_a_preset_is_shared_as_a_file(
    window: MainWindow, qtbot: QtBot, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = go_to_columns(window, qtbot, write("Phone,Ref", "4155550120,x1"))
    step = page.columns_step
    use_column(step, "Ref", "Ad campaign or account")
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("Leads", True))
    press(find_button(step, "Keep as preset"))
    qtbot.waitUntil(lambda: Presets().names() == ["Leads"], timeout=WAIT)
    shared = tmp_path / "leads.json"
    monkeypatch.setattr(file_dialogs, "ask_save", lambda *_: shared)
    monkeypatch.setattr(file_dialogs, "ask_preset", lambda *_: shared)
    with qtbot.waitSignal(window.context.worker.files.exported, timeout=WAIT):
        share(step, "Save the chosen preset as a file")
    paths.config_folder().joinpath("presets.json").unlink()
    press(find_button(step, "Reset all"))
    with qtbot.waitSignal(window.context.worker.files.preset_applied, timeout=WAIT):
        share(step, "Open a colleague’s preset file")
    assert step.mapping.column_of("ad_network_id") == 1


def test_a_file_that_is_no_preset_is_refused(
    window: MainWindow, qtbot: QtBot, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = go_to_columns(window, qtbot, write("Phone,Ref", "4155550120,x1"))
    monkeypatch.setattr(file_dialogs, "ask_preset", lambda *_: write("{}", name="other.json"))
    with qtbot.waitSignal(window.context.worker.failed, timeout=WAIT) as failed:
        share(page.columns_step, "Open a colleague’s preset file")
    assert failed.args == ["other.json is not a preset of this program"]


def test_a_file_that_changes_after_the_review_causes_a_warning_and_the_reviewed_rows_are_imported(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = to_review(window, qtbot, write("Phone", "4155550120"))
    write("Phone", "4155550121")
    press(page.review_step.forward_button)
    qtbot.waitUntil(page.confirm_step.notice.isVisible, timeout=WAIT)
    start_run(window, qtbot, page)
    assert list(practice.people()) == ["+14155550120"]
