"""Files that are not plain: pasted, from a workbook, in doubt, with columns that want the same place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from tests.conftest import LIST, Practice
from tests.files import workbooks
from tests.gui.conftest import WAIT
from tests.gui.wizard import dropped, press, reviewed, to_the_end
from trackly_desktop.gui import file_dialogs
from trackly_desktop.gui.import_wizard.file_step import FileStep
from trackly_desktop.gui.main_window import MainWindow
from trackly_desktop.mapping.presets import Presets
from trackly_desktop.system import paths

Write = Callable[..., Path]
TABLE = 'Phone\tName\n+14155550120\tZoë\n+14155550121\t"two\nlines"\n'


def choose(combo: QComboBox, value: object) -> None:
    """Chooses as a person does: by what is shown."""
    place = combo.findData(value)
    assert place >= 0, value
    combo.setCurrentIndex(place)
    combo.activated.emit(place)


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
    assert step.how.delimiter.currentData() == "\t"
    kept = paths.pasted_path()
    assert kept.stat().st_mode & 0o777 == 0o600
    press(step.forward_button)
    to_the_end(window, qtbot, reviewed(window, qtbot, window.import_page))
    assert {phone: one["custom_fields"] for phone, one in practice.people().items()} == {
        "+14155550120": {"name": "Zoë"},
        "+14155550121": {"name": "two\nlines"},
    }
    qtbot.waitUntil(lambda: not kept.exists(), timeout=WAIT)


def test_with_nothing_to_paste_it_says_how_a_table_is_copied(window: MainWindow) -> None:
    step = file_step(window)
    QApplication.clipboard().clear()
    step.paste()
    assert step.notice.headline.text() == "There is no table to paste"


def drop_text(window: MainWindow, text: str) -> bool:
    """Drags text over the window and drops it; whether the window took it."""
    dragged = QMimeData()
    dragged.setText(text)
    button, keys, action = Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0), Qt.DropAction.CopyAction
    QApplication.sendEvent(
        window.windowHandle(), QDragEnterEvent(window.rect().center(), action, dragged, button, keys)
    )
    shown = window._overlay.isVisible()
    QApplication.sendEvent(
        window.windowHandle(), QDropEvent(QPointF(window.rect().center()), action, dragged, button, keys)
    )
    return shown


def test_a_table_dropped_as_text_is_read(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.context.worker.files.opened, timeout=WAIT):
        assert drop_text(window, TABLE)


def test_a_word_that_is_dragged_is_no_table(window: MainWindow) -> None:
    assert not drop_text(window, "hello")


def test_a_workbook_is_read_and_its_sheet_can_be_chosen(
    window: MainWindow, qtbot: QtBot, practice: Practice, tmp_path: Path
) -> None:
    file = tmp_path / "people.xlsx"
    rows: list[list[workbooks.Cell]] = [["Phone", "Name"], [14155550120.0, "Ada"]]
    file.write_bytes(workbooks.xlsx({"Notes": [["Made by Bob"]], "Old": [["Phone"], ["4155550199"]], "New": rows}))
    page = dropped(window, qtbot, file)
    step = page.file_step
    assert step.how.sheet.currentData() == "Old"
    assert not step.how.encoding.isVisible()
    with qtbot.waitSignal(window.context.worker.files.opened, timeout=WAIT):
        choose(step.how.sheet, "New")
    press(step.forward_button)
    to_the_end(window, qtbot, reviewed(window, qtbot, page))
    assert list(practice.people()) == ["+14155550120"]


def test_letters_that_can_be_read_in_two_ways_are_asked_about(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    file = write("Phone,Name", "+14155550120,Žaneta Šimko", encoding="windows-1250")
    step = dropped(window, qtbot, file).file_step
    assert step.question.isVisible()
    readings = [one.text() for one in step.question.buttons]
    assert [text.split("  ")[0] for text in readings] == ["Žaneta", "éaneta"]
    with qtbot.waitSignal(window.context.worker.files.opened, timeout=WAIT):
        press(step.question.buttons[1])
    assert step.preview.model().index(0, 1).data() == "éaneta äimko"
    assert not step.question.isVisible()


def test_the_line_of_the_columns_names_can_be_chosen(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    step = dropped(window, qtbot, write("+14155550120,Ada", "+14155550121,Ben")).file_step
    assert step.how.header.text() == "There are none"
    with qtbot.waitSignal(window.context.worker.files.opened, timeout=WAIT):
        step.how.header.setValue(1)
    assert step.preview.model().headerData(1, Qt.Orientation.Horizontal) == "Ada"


def test_rows_that_were_read_in_doubt_are_told_at_once(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    step = dropped(window, qtbot, write("Phone,Name", "4155550120,Ada", '4155550121,"Ben')).file_step
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
    dropped(window, qtbot, write("Phone", "4155550120"))
    assert step.preview.model().rowCount() == 1


def test_the_system_that_a_file_comes_from_is_named(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    step = dropped(
        window, qtbot, write("Klaviyo ID,Phone Number,SMS Marketing Consent", "1,+14155550120,SUBSCRIBED")
    ).file_step
    assert step._facts.text().endswith("looks like an export from Klaviyo")


def test_two_columns_are_never_one_field_without_a_word(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = dropped(window, qtbot, write("Phone,Area,Number,Day,Time", "415,x,5550120,2025-03-15,14:30"))
    press(page.file_step.forward_button)
    step = page.columns_step
    for name, field in (("Phone", "phone_number"), ("Day", "signup_date")):
        choose(step.lines.line(name).use, field)
    choose(step.lines.line("Number").use, "phone_number")
    assert step.notice.headline.text() == "Phone number is “Number” now, and “Phone” is ignored"
    press(step.notice.buttons[1])  # Join both
    choose(step.lines.line("Time").use, "signup_date")
    press(step.notice.buttons[0])
    to_the_end(window, qtbot, reviewed(window, qtbot, page))
    [person] = practice.people().values()
    assert person["phone_number"] == "+14155550120"
    assert person["signup_date"].startswith("2025-03-15T")


def test_a_column_that_took_anothers_place_can_give_it_back(window: MainWindow, qtbot: QtBot, write: Write) -> None:
    page = dropped(window, qtbot, write("Phone,Other", "4155550120,4155550121"))
    press(page.file_step.forward_button)
    step = page.columns_step
    before = step.mapping
    choose(step.lines.line("Other").use, "phone_number")
    press(step.notice.buttons[2])  # Undo
    assert step.mapping == before


def test_another_phone_stands_in_where_the_first_has_none(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = dropped(window, qtbot, write("Mobile,Home Phone", "4155550120,4155550121", ",4155550122"))
    press(page.file_step.forward_button)
    choose(page.columns_step.lines.line("Home Phone").use, "phone_number:also")
    to_the_end(window, qtbot, reviewed(window, qtbot, page))
    assert sorted(practice.people()) == ["+14155550120", "+14155550122"]


def test_each_persons_own_country_is_taken_from_a_column(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = dropped(window, qtbot, write("Phone,Where", "07911 123456,England", "415 555 0120,"))
    press(page.file_step.forward_button)
    choose(page.columns_step.country, "where")
    to_the_end(window, qtbot, reviewed(window, qtbot, page))
    assert sorted(practice.people()) == ["+14155550120", "+447911123456"]


def test_times_are_those_of_the_zone_that_was_chosen(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = dropped(window, qtbot, write("Phone,Signup Date", "4155550120,2025-03-15 14:30"))
    press(page.file_step.forward_button)
    choose(page.columns_step.zone, "Asia/Tokyo")
    to_the_end(window, qtbot, reviewed(window, qtbot, page))
    assert practice.people()["+14155550120"]["signup_date"].startswith("2025-03-15T05:30:00")


def test_a_sample_file_has_the_accounts_own_columns_and_imports_as_it_is(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = dropped(window, qtbot, write("Phone,shoeSize", "4155550120,42"))
    press(page.file_step.forward_button)
    to_the_end(window, qtbot, reviewed(window, qtbot, page))
    page._another()
    sample = tmp_path / "sample.csv"
    monkeypatch.setattr(file_dialogs, "ask_save", lambda *_: sample)  # the system's own dialog
    with qtbot.waitSignal(window.context.worker.files.exported, timeout=WAIT):
        page.file_step._save_sample()
    assert (
        sample.read_text().splitlines()[0]
        == "phone_number,signup_date,ip_address,url,ad_network_source,ad_network_id,shoe_size"
    )
    page = dropped(window, qtbot, sample)
    press(page.file_step.forward_button)
    assert page.columns_step.mapping.column_of("custom:shoe_size") == 6
    to_the_end(window, qtbot, reviewed(window, qtbot, page))
    assert len(practice.people()) == 2


def test_a_preset_goes_to_a_colleague_as_a_file(
    window: MainWindow, qtbot: QtBot, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = dropped(window, qtbot, write("Phone,Ref", "4155550120,x1"))
    press(page.file_step.forward_button)
    step = page.columns_step
    choose(step.lines.line("Ref").use, "ad_network_id")
    page._keep_preset("Leads")
    qtbot.waitUntil(lambda: Presets().names() == ["Leads"], timeout=WAIT)
    shared = tmp_path / "leads.json"
    monkeypatch.setattr(file_dialogs, "ask_save", lambda *_: shared)
    monkeypatch.setattr(file_dialogs, "ask_preset", lambda *_: shared)
    with qtbot.waitSignal(window.context.worker.files.exported, timeout=WAIT):
        step._save_preset_file()
    paths.config_folder().joinpath("presets.json").unlink()
    step._reset()
    with qtbot.waitSignal(window.context.worker.files.preset_applied, timeout=WAIT):
        step._open_preset_file()
    assert step.mapping.column_of("ad_network_id") == 1


def test_a_file_that_is_no_preset_says_so(
    window: MainWindow, qtbot: QtBot, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = dropped(window, qtbot, write("Phone,Ref", "4155550120,x1"))
    press(page.file_step.forward_button)
    monkeypatch.setattr(file_dialogs, "ask_preset", lambda *_: write("{}", name="other.json"))
    with qtbot.waitSignal(window.context.worker.failed, timeout=WAIT) as failed:
        page.columns_step._open_preset_file()
    assert failed.args == ["other.json is not a preset of this program"]


def test_a_file_that_changes_after_the_review_is_noticed_and_what_was_reviewed_is_imported(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    page = dropped(window, qtbot, write("Phone", "4155550120"))
    press(page.file_step.forward_button)
    reviewed(window, qtbot, page, LIST)
    write("Phone", "4155550121")
    press(page.review_step.forward_button)
    qtbot.waitUntil(page.confirm_step.notice.isVisible, timeout=WAIT)
    with qtbot.waitSignal(window.context.worker.runs.ended, timeout=WAIT):
        press(page.confirm_step.forward_button)
    assert list(practice.people()) == ["+14155550120"]
