"""The accounts page: accounts are saved without their key; checks change nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.conftest import Practice
from tests.faults.server import OddServer, answer
from tests.gui.conftest import WAIT, Open
from tests.gui.wizard import press
from trackly_desktop.gui.accounts.page import AccountsPage
from trackly_desktop.gui.main_window import MainWindow
from trackly_desktop.sandbox import KEY
from trackly_desktop.system import paths

WRONG = "trk_" + "x" * 32


@pytest.fixture
def opened(open_window: Open) -> MainWindow:
    """A first start, on the accounts page."""
    window = open_window()
    window.go_to("accounts")
    return window


def type_new(page: AccountsPage, name: str, address: str, key: str) -> None:
    page.begin_new()
    for edit, text in ((page.name, name), (page.address, address), (page.key, key)):
        edit.clear()
        QTest.keyClicks(edit, text)


def test_the_first_start_is_on_the_practice_account_and_says_so(open_window: Open) -> None:
    window = open_window()
    assert window.bar.name.text() == "Practice account"
    assert window.bar.words.text() == "·  nothing here reaches a real person"


def test_without_a_keyring_a_new_accounts_key_is_kept_for_the_session(
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
    assert [choice.name for choice in opened.context.lists()][:1] == ["Spring offers"]
    accounts_file = (paths.config_folder() / "accounts.json").read_text("utf-8")
    assert "Acme Outdoors" in accounts_file
    assert KEY not in accounts_file


@pytest.mark.parametrize(("key", "words"), [(KEY, "The key is right"), (WRONG, "Trackly does not accept this key")])
def test_a_key_is_checked_before_it_is_saved(
    opened: MainWindow, qtbot: QtBot, practice: Practice, key: str, words: str
) -> None:
    page = opened.accounts_page
    type_new(page, "Acme", practice.address, key)
    with qtbot.waitSignal(opened.context.worker.accounts.key_checked, timeout=WAIT):
        press(page.check)
    assert page.notice.headline.text() == words
    assert practice.people() == {}


def test_on_a_server_of_one_endpoint_a_key_is_checked_by_an_empty_contact(
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
    assert page.address_field.problem == words
    assert [account.name for account in opened.context.accounts.all()] == ["Practice account"]


def test_switching_accounts_in_the_bar_empties_the_forms_list(
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
        next(action for action in menu.actions() if action.text() == "Acme").trigger()
    assert opened.bar.name.text() == "Acme"
    assert opened.contact_page.list.number == ""


def test_a_server_that_is_not_trackly_is_recognised(opened: MainWindow, qtbot: QtBot) -> None:
    page = opened.accounts_page
    with OddServer(answer(302, b"", Location="https://example.com/")) as server:
        type_new(page, "Acme", server.address, KEY)
        with qtbot.waitSignal(opened.context.worker.accounts.key_checked, timeout=WAIT):
            press(page.check)
    assert page.notice.headline.text() == "What answers at this address is not Trackly"


def test_every_input_has_its_visible_label_as_its_accessible_name(opened: MainWindow) -> None:
    page = opened.accounts_page
    page.begin_new()
    for field in (page.name_field, page.key_field, page.address_field, page.region_field, page.lists_field):
        assert field.control.accessibleName() == field.label.text()


def test_a_typed_key_is_hidden(opened: MainWindow) -> None:
    page = opened.accounts_page
    page.begin_new()
    QTest.keyClicks(page.key, KEY)
    assert KEY not in page.key.displayText()
    assert page.key.isVisible()
    assert Qt.InputMethodHint.ImhHiddenText & page.key.inputMethodHints()


def test_each_account_has_its_own_retention(opened: MainWindow, practice: Practice) -> None:
    page = opened.accounts_page
    type_new(page, "Acme Outdoors", practice.address, "")
    assert (page.keep_days.text(), page.remembers.isChecked()) == ("90 days", True)
    page.keep_days.setValue(0)
    assert page.keep_days.text() == "For ever"
    page.keep_days.setValue(30)
    press(page.remembers)
    press(page.save)
    account = opened.context.accounts.named("Acme Outdoors")
    assert account is not None
    assert (account.keep_days, account.remembers) == (30, False)
