"""The window: starting, quitting, and offering what was left unfinished."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStackedWidget
from pytestqt.qtbot import QtBot

from tests.conftest import LIST, Practice
from tests.gui.conftest import WAIT, Open, close, open_on
from tests.gui.find import find_button
from tests.gui.wizard import limit_rate, phones, press, to_review
from tests.journeys.program import files_with
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.gui.main_window import MainWindow
from trackly_desktop.gui.shutdown_signals import ShutdownSignals
from trackly_desktop.gui.widgets.layout import Page
from trackly_desktop.journal.models import State
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.sandbox import KEY
from trackly_desktop.system import paths

Write = Callable[..., Path]


def begin_slow_import(window: MainWindow, qtbot: QtBot, practice: Practice, write: Write) -> int:
    limit_rate(window, 40)
    page = to_review(window, qtbot, write("Phone", *phones(80)))
    press(page.review_step.forward_button)
    press(page.confirm_step.forward_button)
    qtbot.waitUntil(lambda: len(practice.people()) >= 5, timeout=WAIT)
    return page.run_step.run_id


def test_quitting_during_a_run_loses_no_answer_and_the_next_start_resumes_it(
    window: MainWindow, open_window: Open, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    run_id = begin_slow_import(window, qtbot, practice, write)
    worker = window.context.worker
    close(qtbot, window)
    assert worker.isFinished()
    created = len(practice.people())
    reopened = open_window()
    run = reopened.context.reader.run(run_id)
    assert run is not None
    assert run.state is State.STOPPED
    assert reopened.context.reader.counts(run_id) == {Outcome.CREATED: created, Outcome.PENDING: 80 - created}
    assert reopened.banner.headline.text() == "The import of people.csv stopped before its end"
    with qtbot.waitSignal(reopened.context.worker.accounts.key_stored, timeout=WAIT):
        account = reopened.context.accounts.get(run.account)
        assert account is not None
        reopened.context.worker.accounts.store_key(account, KEY)
    with qtbot.waitSignal(reopened.context.worker.runs.ended, timeout=WAIT):
        press(find_button(reopened.banner, "Go on"))
    assert len(practice.people()) == 80
    assert {person["practice"]["requests"] for person in practice.people().values()} == {1}


def test_closing_during_a_run_asks_first_and_the_run_continues_on_stay(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_slow_import(window, qtbot, practice, write)
    questions: list[bool] = []
    monkeypatch.setattr(MainWindow, "confirm_quit", lambda _self: bool(questions.append(True)))  # a dialog would block
    window.close()
    assert questions == [True]
    assert window.isVisible()
    qtbot.waitUntil(lambda: len(practice.people()) == 80, timeout=WAIT)


def test_a_logout_asks_nothing_and_records_every_answer_before_the_session_ends(
    window: MainWindow, qtbot: QtBot, practice: Practice, write: Write
) -> None:
    run_id = begin_slow_import(window, qtbot, practice, write)
    shutdown_signals = ShutdownSignals(window)
    shutdown_signals.on_session_end()  # the system may end the process as soon as this returns
    created = len(practice.people())
    reader = JournalReader(paths.journal_path())
    assert reader.counts(run_id) == {Outcome.CREATED: created, Outcome.PENDING: 80 - created}
    reader.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    shutdown_signals.close()


def test_each_page_has_a_shortcut(window: MainWindow, qtbot: QtBot) -> None:
    for number, title in enumerate(
        ("Add a contact", "Import contacts", "Results", "History", "Do not text", "Accounts"), 1
    ):
        QTest.keyClick(window, Qt.Key(Qt.Key.Key_0.value + number), Qt.KeyboardModifier.ControlModifier)
        page = window.current_page
        shown = page.currentWidget() if isinstance(page, QStackedWidget) else page
        assert isinstance(shown, Page)
        assert shown.title.text() == title


PROGRAM = """
import sys
from trackly_desktop.__main__ import main
from trackly_desktop.gui import application

open_window = application.open_window

def open_and_report(**options):
    window = open_window(**options)
    window.first_shown.connect(lambda: print("shown", flush=True))
    window.context.worker_ready.connect(lambda: print("worker ready", flush=True))
    return window

application.open_window = open_and_report
sys.exit(main())
"""
"""Runs the window, and reports on stdout how far it is."""


@pytest.mark.parametrize("stage", ["shown", "worker ready"])
@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_the_program_ends_cleanly_on_a_signal(signal_number: signal.Signals, stage: str) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    assert any(line.strip() == stage for line in program.stdout)
    program.send_signal(signal_number)
    _out, errors = program.communicate(timeout=20)
    assert "QThread" not in errors
    assert "Traceback" not in errors
    assert program.returncode in (0, 130, -signal_number)


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
    assert not (tmp_path / "home").exists()  # it has written nothing into the operator's folders


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
    assert files_with(KEY, tmp_path) == []
