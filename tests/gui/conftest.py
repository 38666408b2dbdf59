"""The real window, offscreen, with its real worker, on a practice account of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.conftest import Practice
from trackly_desktop.accounts.accounts import Accounts, new_account
from trackly_desktop.gui import application
from trackly_desktop.gui.main_window import MainWindow
from trackly_desktop.sandbox import KEY

Open = Callable[..., MainWindow]
WAIT = 20_000


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> QApplication:
    """The application in its look, once for all tests."""
    return application.make_application()


@pytest.fixture
def open_window(qtbot: QtBot, dressed: QApplication) -> Iterator[Open]:
    """Opens the window; whatever is open at the end is closed, without a question."""
    opened: list[MainWindow] = []

    def make(**more: Any) -> MainWindow:
        window = application.open_window(**more)
        opened.append(window)
        window.resize(1120, 760)
        with qtbot.waitSignal(window.context.lists_changed, timeout=WAIT):
            pass
        return window

    yield make
    for window in opened:
        close(qtbot, window)
        window.deleteLater()
    dressed.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def close(qtbot: QtBot, window: MainWindow) -> None:
    """Closes the window and waits for its worker's end."""
    if window.context.worker.isFinished():
        return
    with qtbot.waitSignal(window.closed, timeout=WAIT):
        window.close_without_asking()


@pytest.fixture
def window(open_window: Open, qtbot: QtBot, practice: Practice) -> MainWindow:
    """A window on an account of one's own, whose server is `practice`; its key is for this session."""
    return open_on(open_window, qtbot, practice.address)


def open_on(open_window: Open, qtbot: QtBot, address: str, key: str = KEY, **more: Any) -> MainWindow:
    """A window on an account at this address."""
    accounts = Accounts()
    account = new_account("Acme", address)
    accounts.keep(account)
    accounts.use(account.id)
    accounts.write()
    window = open_window(**more)
    worker = window.context.worker
    with qtbot.waitSignal(worker.accounts.key_stored, timeout=WAIT):
        worker.accounts.store_key(account, key)
    with qtbot.waitSignal(window.context.lists_changed, timeout=WAIT):
        window.context.key_changed(account)
    return window


def drag(window: MainWindow, *urls: str) -> QMimeData:
    """Drags these over the window, as the system does it."""
    dragged = QMimeData()
    dragged.setUrls([QUrl(url) for url in urls])
    event = QDragEnterEvent(
        window.rect().center(), Qt.DropAction.CopyAction, dragged, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    )
    QApplication.sendEvent(window.windowHandle(), event)
    return dragged


def drop(window: MainWindow, path: Path) -> None:
    """Drops a file on the window."""
    dragged = drag(window, QUrl.fromLocalFile(str(path)).toString())
    event = QDropEvent(
        QPointF(window.rect().center()), Qt.DropAction.CopyAction, dragged, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier(0),
    )  # fmt: skip
    QApplication.sendEvent(window.windowHandle(), event)
