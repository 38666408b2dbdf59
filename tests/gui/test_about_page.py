"""About: this version, newer ones where they are asked for, and others' work."""

from __future__ import annotations

import time

import pytest
from PySide6.QtGui import QFileOpenEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.faults.server import OddServer, answer
from tests.gui.conftest import WAIT, Open
from tests.gui.test_import_wizard import press
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
    qtbot.waitUntil(lambda: page.works.count() > 0, timeout=WAIT)
    return page


def test_it_lists_others_work_with_its_terms(opened: MainWindow, qtbot: QtBot) -> None:
    page = show(opened, qtbot)
    names = [page.works.item(number).text() for number in range(page.works.count())]
    page.works.setCurrentRow(next(number for number, name in enumerate(names) if name.startswith("PySide6")))
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in page.text.toPlainText()


def test_support_gets_the_version_and_nothing_personal(opened: MainWindow, qtbot: QtBot) -> None:
    press(show(opened, qtbot).copy_button)
    assert QGuiApplication.clipboard().text().startswith(f"Trackly Desktop {__version__}\nPython 3.")


def test_nothing_is_asked_before_somebody_says_so(open_window: Open, qtbot: QtBot) -> None:
    with OddServer(NEWER) as server:
        settings.keep_newer_address(server.address)
        window = open_window()
        window._newer.look_if_due()
        show(window, qtbot)
        assert server.heads == []


def test_who_looks_now_is_told_of_a_newer_version_and_may_look_daily_from_then_on(
    opened: MainWindow, qtbot: QtBot
) -> None:
    page = show(opened, qtbot)
    assert not page.look.isEnabled()
    with OddServer(NEWER) as server:
        QTest.keyClicks(page.address, server.address)
        with qtbot.waitSignal(opened.context.worker.queries.version_fetched, timeout=WAIT):
            press(page.ask)
        assert page.notice.headline.text() == "Trackly Desktop 99.0.0 is out"
        assert update_check.WHERE_FROM in page.notice.text.text()
        assert not opened.banner.isVisible()
        assert not settings.looks_for_newer()
        with qtbot.waitSignal(opened.context.worker.queries.version_fetched, timeout=WAIT):
            page.look.click()
        assert settings.looks_for_newer()
        assert settings.newer_address() == server.address


def test_who_has_the_newest_is_told_so(opened: MainWindow, qtbot: QtBot) -> None:
    page = show(opened, qtbot)
    with OddServer(answer(200, __version__.encode())) as server:
        page.address.setText(server.address)
        with qtbot.waitSignal(opened.context.worker.queries.version_fetched, timeout=WAIT):
            press(page.ask)
    assert page.notice.headline.text() == "You have the newest version"
    assert not opened.banner.isVisible()


def test_an_address_without_https_is_not_asked(opened: MainWindow, qtbot: QtBot) -> None:
    page = show(opened, qtbot)
    page.address.setText("http://example.com/version.txt")
    press(page.ask)
    assert page._address_box.problem == "What comes from there could be changed on its way; use https://"
    assert settings.newer_address() == ""
    page.look.click()
    assert not page.look.isChecked()
    assert not settings.looks_for_newer()


def test_once_a_day_the_banner_tells_of_a_newer_version_until_no_more_is_wanted(
    open_window: Open, qtbot: QtBot
) -> None:
    with OddServer(NEWER) as server:
        settings.keep_newer_address(server.address)
        settings.keep_looking_for_newer(True)
        window = open_window()
        qtbot.waitUntil(window.banner.isVisible, timeout=WAIT)
        assert window.banner.headline.text() == "Trackly Desktop 99.0.0 is out"
        window._newer.look_if_due()
        assert len(server.heads) == 1
        press(window.banner._made[1])
        assert not window.banner.isVisible()
        settings.keep_newer_looked_at(time.time() - update_check.DAY - 1)
        with qtbot.waitSignal(window.context.worker.queries.version_fetched, timeout=WAIT):
            window._newer.look_if_due()
        assert not window.banner.isVisible()


def test_a_daily_look_that_fails_says_nothing(open_window: Open, qtbot: QtBot) -> None:
    with OddServer(answer(404)) as server:
        settings.keep_newer_address(server.address)
        window = open_window()
        settings.keep_looking_for_newer(True)
        with qtbot.waitSignal(window.context.worker.queries.version_failed, timeout=WAIT):
            window._newer.look_if_due()
    assert not window.banner.isVisible()


def test_a_build_s_own_address_stands_until_another_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_info, "update_address", lambda: "https://example.com/version.txt")
    settings.keep_newer_address("https://example.com/version.txt")
    assert settings.newer_address() == "https://example.com/version.txt"
    settings.keep_newer_address("https://other.example/v")
    assert settings.newer_address() == "https://other.example/v"


def test_a_file_that_the_system_hands_over_opens_in_the_wizard(opened: MainWindow, qtbot: QtBot, write) -> None:  # type: ignore[no-untyped-def]
    path = write("phone", "+14155550142", name="handed.csv")
    FileOpenEvents(opened)
    with qtbot.waitSignal(opened.context.worker.files.opened, timeout=WAIT):
        QApplication.sendEvent(QApplication.instance(), QFileOpenEvent(str(path)))
    assert opened._stack.currentWidget() is opened.import_page
