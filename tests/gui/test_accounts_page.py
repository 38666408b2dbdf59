"""Accounts: kept in a file without the key, checked without changing anything."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.conftest import Practice
from tests.faults.server import OddServer, answer
from tests.gui.conftest import WAIT, Open
from tests.gui.test_import_wizard import press
from trackly_desktop.gui.accounts.page import AccountsPage
from trackly_desktop.gui.main_window import MainWindow
from trackly_desktop.sandbox import KEY
from trackly_desktop.system import paths

WRONG = "trk_" + "x" * 32


@pytest.fixture
def opened(open_window: Open) -> MainWindow:
    """A fresh program, on the page of its accounts."""
    window = open_window()
    window.go_to("accounts")
    return window


def type_new(page: AccountsPage, name: str, address: str, key: str) -> None:
    page.begin_new()
    for edit, text in ((page.name, name), (page.address, address), (page.key, key)):
        edit.clear()
        QTest.keyClicks(edit, text)


def test_a_fresh_program_is_on_the_practice_account_and_says_so(open_window: Open) -> None:
    window = open_window()
    assert window.bar.name.text() == "Practice account"
    assert window.bar.words.text() == "·  nothing here reaches a real person"


def test_a_new_account_is_kept_with_its_key_for_this_session_where_there_is_no_keyring(
    opened: MainWindow, qtbot: QtBot, practice: Practice
) -> None:
    page = opened.accounts_page
    type_new(page, "Acme Outdoors", practice.address, f"  {KEY} ")
    with qtbot.waitSignal(opened.context.worker.accounts.key_stored, timeout=WAIT):
        press(page.save)
    assert page.notice.headline.text() == "This computer has no keyring"
    assert page.key.text() == ""
    with qtbot.waitSignal(opened.context.worker.accounts.opened, timeout=WAIT):
        press(page.use)
    assert opened.bar.name.text() == "Acme Outdoors"
    assert [one.name for one in opened.context.lists()][:1] == ["Spring offers"]
    kept = (paths.config_folder() / "accounts.json").read_text("utf-8")
    assert "Acme Outdoors" in kept
    assert KEY not in kept


@pytest.mark.parametrize(("key", "words"), [(KEY, "The key is right"), (WRONG, "Trackly does not accept this key")])
def test_a_key_is_checked_before_it_is_kept(
    opened: MainWindow, qtbot: QtBot, practice: Practice, key: str, words: str
) -> None:
    page = opened.accounts_page
    type_new(page, "Acme", practice.address, key)
    with qtbot.waitSignal(opened.context.worker.accounts.key_checked, timeout=WAIT):
        press(page.check)
    assert page.notice.headline.text() == words
    assert practice.people() == {}


def test_on_a_server_of_one_endpoint_a_key_is_checked_by_a_contact_with_nothing_in_it(
    opened: MainWindow, qtbot: QtBot, only_post: str
) -> None:
    page = opened.accounts_page
    type_new(page, "Acme", only_post, KEY)
    with qtbot.waitSignal(opened.context.worker.accounts.key_checked, timeout=WAIT):
        press(page.check)
    assert page.notice.headline.text().startswith("The key is right; this server does not tell its lists")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://app.tracklysms.com", "The key would cross the network in clear text; use https://app.tracklysms.com"),
        ("ftp://x", "This is not a server address; Trackly's is https://app.tracklysms.com"),
    ],
)
def test_an_address_that_must_not_get_the_key_is_refused(opened: MainWindow, address: str, words: str) -> None:
    page = opened.accounts_page
    type_new(page, "Acme", address, KEY)
    press(page.save)
    assert page._address_box.problem == words
    assert [one.name for one in opened.context.accounts.all()] == ["Practice account"]


def test_another_account_is_chosen_in_the_bar_and_the_form_forgets_the_others_list(
    opened: MainWindow, qtbot: QtBot, practice: Practice
) -> None:
    page = opened.accounts_page
    type_new(page, "Acme", practice.address, KEY)
    with qtbot.waitSignal(opened.context.worker.accounts.key_stored, timeout=WAIT):
        press(page.save)
    opened.go_to("add")
    opened.contact_page.list.choose("+18005551234")
    menu = opened.bar.switch_button.menu()
    menu.aboutToShow.emit()
    with qtbot.waitSignal(opened.context.worker.accounts.opened, timeout=WAIT):
        next(one for one in menu.actions() if one.text() == "Acme").trigger()
    assert opened.bar.name.text() == "Acme"
    assert opened.contact_page.list.number == ""


def test_what_answers_and_is_not_trackly_is_told(opened: MainWindow, qtbot: QtBot) -> None:
    page = opened.accounts_page
    with OddServer(answer(302, b"", Location="https://example.com/")) as server:
        type_new(page, "Acme", server.address, KEY)
        with qtbot.waitSignal(opened.context.worker.accounts.key_checked, timeout=WAIT):
            press(page.check)
    assert page.notice.headline.text() == "What answers at this address is not Trackly"


def test_every_input_has_its_visible_label_as_its_accessible_name(opened: MainWindow) -> None:
    page = opened.accounts_page
    page.begin_new()
    for box in (page._name_box, page._key_box, page._address_box, page._region_box, page._lists_box):
        control: QWidget = box.control
        assert control.accessibleName() == box.label.text()


def test_the_key_is_not_shown_while_it_is_typed(opened: MainWindow) -> None:
    page = opened.accounts_page
    page.begin_new()
    QTest.keyClicks(page.key, KEY)
    assert KEY not in page.key.displayText()
    assert page.key.isVisible()
    assert Qt.InputMethodHint.ImhHiddenText & page.key.inputMethodHints()


def test_for_how_long_personal_data_is_kept_is_the_accounts(opened: MainWindow, practice: Practice) -> None:
    page = opened.accounts_page
    type_new(page, "Acme Outdoors", practice.address, "")
    assert (page.keep_days.text(), page.remembers.isChecked()) == ("90 days", True)
    page.keep_days.setValue(0)
    assert page.keep_days.text() == "For ever"
    page.keep_days.setValue(30)
    press(page.remembers)
    press(page.save)
    kept = opened.context.accounts.named("Acme Outdoors")
    assert kept is not None
    assert (kept.keep_days, kept.remembers) == (30, False)
