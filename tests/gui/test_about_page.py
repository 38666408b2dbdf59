"""The about page: version, check for updates, third-party licences."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFileOpenEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.faults.server import OddServer, answer
from tests.gui.conftest import WAIT, Open
from tests.gui.find import find_button
from tests.gui.wizard import press
from trackly_desktop import __version__
from trackly_desktop.gui import settings, update_check
from trackly_desktop.gui.about.page import AboutPage
from trackly_desktop.gui.file_open_events import FileOpenEvents
from trackly_desktop.gui.main_window import MainWindow
from trackly_desktop.system import app_info

NEWER = answer(200, b"99.0.0\n")


@pytest.fixture
def opened(open_window: Open) -> MainWindow:
    return open_window()


def show(window: MainWindow, qtbot: QtBot) -> AboutPage:
    window.go_to("about")
    page = window.about_page
    qtbot.waitUntil(lambda: page.licenses.count() > 0, timeout=WAIT)
    return page


def test_third_party_licences_are_listed_with_their_text(opened: MainWindow, qtbot: QtBot) -> None:
    page = show(opened, qtbot)
    [pyside, *_] = page.licenses.findItems("PySide6", Qt.MatchFlag.MatchStartsWith)
    page.licenses.setCurrentItem(pyside)
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in page.license_text.toPlainText()


def test_support_gets_the_version_and_nothing_personal(opened: MainWindow, qtbot: QtBot) -> None:
    press(find_button(show(opened, qtbot), "Copy for support"))
    assert QGuiApplication.clipboard().text().startswith(f"Trackly Desktop {__version__}\nPython 3.")


def test_no_update_check_is_made_before_it_is_switched_on(open_window: Open, qtbot: QtBot) -> None:
    with OddServer(NEWER) as server:
        settings.save_update_address(server.address)
        window = open_window()
        window.update_check.check_if_due()
        show(window, qtbot)
        assert server.heads == []


def test_a_newer_version_is_shown_and_the_daily_check_can_be_switched_on(opened: MainWindow, qtbot: QtBot) -> None:
    page = show(opened, qtbot)
    daily_check = find_button(page, "Look there once a day")
    assert not daily_check.isEnabled()
    with OddServer(NEWER) as server:
        QTest.keyClicks(page.address, server.address)
        with qtbot.waitSignal(opened.context.worker.queries.version_fetched, timeout=WAIT):
            press(find_button(page, "Look now"))
        assert page.notice.headline.text() == "Trackly Desktop 99.0.0 is out"
        assert update_check.WHERE_FROM in page.notice.text.text()
        assert not opened.banner.isVisible()
        assert not settings.checks_for_updates()
        with qtbot.waitSignal(opened.context.worker.queries.version_fetched, timeout=WAIT):
            daily_check.click()
        assert settings.checks_for_updates()
        assert settings.update_address() == server.address


def test_the_newest_version_is_recognised(opened: MainWindow, qtbot: QtBot) -> None:
    page = show(opened, qtbot)
    with OddServer(answer(200, __version__.encode())) as server:
        page.address.setText(server.address)
        with qtbot.waitSignal(opened.context.worker.queries.version_fetched, timeout=WAIT):
            press(find_button(page, "Look now"))
    assert page.notice.headline.text() == "You have the newest version"
    assert not opened.banner.isVisible()


def test_an_address_without_https_is_not_asked(opened: MainWindow, qtbot: QtBot) -> None:
    page = show(opened, qtbot)
    page.address.setText("http://example.com/version.txt")
    press(find_button(page, "Look now"))
    assert page.address_field.problem == "What comes from there could be changed on its way; use https://"
    assert settings.update_address() == ""
    daily_check = find_button(page, "Look there once a day")
    daily_check.click()
    assert not daily_check.isChecked()
    assert not settings.checks_for_updates()


def test_the_daily_check_shows_a_newer_version_until_it_is_dismissed(open_window: Open, qtbot: QtBot) -> None:
    with OddServer(NEWER) as server:
        settings.save_update_address(server.address)
        settings.save_checks_for_updates(True)
        window = open_window()
        qtbot.waitUntil(window.banner.isVisible, timeout=WAIT)
        assert window.banner.headline.text() == "Trackly Desktop 99.0.0 is out"
        window.update_check.check_if_due()
        assert len(server.heads) == 1
        press(find_button(window.banner, "Say no more of this version"))
        assert not window.banner.isVisible()
        settings.save_last_update_check(time.time() - update_check.DAY - 1)
        with qtbot.waitSignal(window.context.worker.queries.version_fetched, timeout=WAIT):
            window.update_check.check_if_due()
        assert not window.banner.isVisible()


def test_a_daily_check_that_fails_shows_nothing(open_window: Open, qtbot: QtBot) -> None:
    with OddServer(answer(404)) as server:
        settings.save_update_address(server.address)
        window = open_window()
        settings.save_checks_for_updates(True)
        with qtbot.waitSignal(window.context.worker.queries.version_failed, timeout=WAIT):
            window.update_check.check_if_due()
    assert not window.banner.isVisible()


def test_the_builds_own_address_is_used_until_another_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_info, "update_address", lambda: "https://example.com/version.txt")
    settings.save_update_address("https://example.com/version.txt")
    assert settings.update_address() == "https://example.com/version.txt"
    settings.save_update_address("https://other.example/v")
    assert settings.update_address() == "https://other.example/v"


def test_a_file_open_event_opens_the_file_in_the_wizard(
    opened: MainWindow, qtbot: QtBot, write: Callable[..., Path]
) -> None:
    path = write("phone", "+14155550142", name="handed.csv")
    FileOpenEvents(opened)
    application = QApplication.instance()
    assert application is not None
    with qtbot.waitSignal(opened.context.worker.files.opened, timeout=WAIT):
        QApplication.sendEvent(application, QFileOpenEvent(str(path)))
    assert opened.current_page is opened.import_page
