"""How the window begins, ends, and offers what was left undone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.conftest import LIST, Practice
from tests.gui.conftest import WAIT, Open, close, open_on
from tests.gui.test_import_wizard import phones, press, slowed, to_review
from tests.journeys.program import places_with
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.gui.main_window import MainWindow
from trackly_desktop.gui.shutdown_signals import ShutdownSignals
from trackly_desktop.journal.models import State
from trackly_desktop.journal.reader import JournalReader
from trackly_desktop.sandbox import KEY
from trackly_desktop.system import paths

Write = Callable[..., Path]


def begin_slow_import(window: MainWindow, qtbot: QtBot, practice: Practice, write: Write) -> int:
    slowed(window, 40)
    page = to_review(window, qtbot, write("Phone", *phones(80)))
    press(page.review_step.forward_button)
    press(page.confirm_step.forward_button)
    qtbot.waitUntil(lambda: len(practice.people()) >= 5, timeout=WAIT)
    return page.run_step.run


def test_quitting_in_the_middle_of_a_run_loses_no_answer_and_the_next_start_goes_on(
    window: MainWindow, open_window: Open, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    run = begin_slow_import(window, qtbot, practice, write)
    worker = window.context.worker
    close(qtbot, window)
    assert worker.isFinished()
    there = len(practice.people())
    again = open_window()
    found = again.context.reader.run(run)
    assert found is not None
    assert found.state is State.STOPPED
    assert again.context.reader.counts(run) == {Outcome.CREATED: there, Outcome.PENDING: 80 - there}
    assert again.banner.headline.text() == "The import of people.csv stopped before its end"
    with qtbot.waitSignal(again.context.worker.accounts.key_stored, timeout=WAIT):
        account = again.context.accounts.get(found.account)
        assert account is not None
        again.context.worker.accounts.store_key(account, KEY)
    go_on = next(one for one in again.banner.findChildren(QPushButton) if one.text() == "Go on")
    with qtbot.waitSignal(again.context.worker.runs.ended, timeout=WAIT):
        QTest.mouseClick(go_on, Qt.MouseButton.LeftButton)
    assert len(practice.people()) == 80
    assert {one["practice"]["requests"] for one in practice.people().values()} == {1}


def test_closing_the_window_in_the_middle_of_a_run_is_asked_about_and_staying_stays(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_slow_import(window, qtbot, practice, write)
    asked: list[bool] = []
    monkeypatch.setattr(MainWindow, "_ask_to_quit", lambda _self: bool(asked.append(True)))  # a dialog waits for ever
    window.close()
    assert asked == [True]
    assert window.isVisible()
    qtbot.waitUntil(lambda: len(practice.people()) == 80, timeout=WAIT)


def test_a_logout_asks_nothing_and_every_answer_is_recorded_before_the_session_ends(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    run = begin_slow_import(window, qtbot, practice, write)
    ending = ShutdownSignals(window)
    ending.session_ends()  # as Qt calls it: the system may end the process as soon as it returns
    there = len(practice.people())
    reader = JournalReader(paths.journal_path())
    assert reader.counts(run) == {Outcome.CREATED: there, Outcome.PENDING: 80 - there}
    reader.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    ending.close()


def test_pages_are_reached_by_keys(window: MainWindow, qtbot: QtBot) -> None:
    for number, title in enumerate(
        ("Add a contact", "Import contacts", "Results", "History", "Do not text", "Accounts"), 1
    ):
        QTest.keyClick(window, Qt.Key(Qt.Key.Key_0.value + number), Qt.KeyboardModifier.ControlModifier)
        page = window._stack.currentWidget()
        shown = page.currentWidget() if hasattr(page, "currentWidget") else page
        assert shown.title.text() == title


def start_program(*more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "trackly_desktop", *more],
        stderr=subprocess.PIPE, text=True, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_program_ends_cleanly_whenever_the_system_tells_it_to(number: signal.Signals) -> None:
    for seconds in (0.6, 1.5):  # while it starts, and once its worker is there
        program = start_program()
        time.sleep(seconds)  # how far it is at this moment does not matter: it must end cleanly at any
        program.send_signal(number)
        _out, said = program.communicate(timeout=20)
        assert "QThread" not in said
        assert "Traceback" not in said
        assert program.returncode in (0, 130, -number)


def test_the_self_test_does_the_main_job_and_saves_a_picture(tmp_path: Path) -> None:
    picture = tmp_path / "shot.png"
    done = subprocess.run(
        [sys.executable, "-m", "trackly_desktop", "self-test", "--screenshot", str(picture)],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "  row  7  +14155550101   refused " in done.stdout
    assert done.stdout.splitlines()[-1] == "Everything went right"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert not (tmp_path / "home").exists()  # nothing of it is in the person's own places


def test_a_key_used_in_the_window_is_in_no_file(
    open_window: Open, qtbot: QtBot, practice: Practice, tmp_path: Path
) -> None:
    window = open_on(open_window, qtbot, practice.address)
    page = window.contact_page
    page.phone.edit.setText("4155550142")
    page.list.choose(LIST)
    with qtbot.waitSignal(window.context.worker.contacts.settled):
        page.add()
    close(qtbot, window)
    assert places_with(KEY, tmp_path) == []
