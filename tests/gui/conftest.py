"""Fixtures: the real window, offscreen, with its worker and a sandbox account."""

from __future__ import annotations

import gc
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


@pytest.fixture(autouse=True)
def no_collection() -> Iterator[None]:
    """Collect no garbage while a window is there, nor what is left of it later.

    Qt's objects of a closed window are destroyed in any order by Python's collector, in the middle of the next window's
    event loop: Qt crashes of it now and then. The program has one window, which lives as long as its process.
    """
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def themed_app(qapp: QApplication) -> QApplication:
    """The application with its theme, once for all tests."""
    return application.make_application()


@pytest.fixture
def open_window(qtbot: QtBot, themed_app: QApplication) -> Iterator[Open]:
    """A function that opens a window; all are closed at the end, without a question."""
    opened: list[MainWindow] = []

    def open_one(**options: Any) -> MainWindow:
        window = application.open_window(**options)
        opened.append(window)
        window.resize(1120, 760)
        with qtbot.waitSignal(window.context.lists_changed, timeout=WAIT):
            pass
        return window

    yield open_one
    for window in opened:
        close(qtbot, window)
        window.deleteLater()
    themed_app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def close(qtbot: QtBot, window: MainWindow) -> None:
    """Close the window and wait until its worker has ended."""
    if window.context.worker.isFinished():
        return
    with qtbot.waitSignal(window.closed, timeout=WAIT):
        window.close_without_asking()


@pytest.fixture
def window(open_window: Open, qtbot: QtBot, practice: Practice) -> MainWindow:
    """A window on an account whose server is `practice`."""
    return open_on(open_window, qtbot, practice.address)


def open_on(open_window: Open, qtbot: QtBot, address: str, key: str = KEY, **options: Any) -> MainWindow:
    """Open a window on an account at this address; its key is set for the session."""
    accounts = Accounts()
    account = new_account("Acme", address)
    accounts.upsert(account)
    accounts.select(account.id)
    accounts.save()
    window = open_window(**options)
    worker = window.context.worker
    with qtbot.waitSignal(worker.accounts.key_stored, timeout=WAIT):
        worker.accounts.store_key(account, key)
    with qtbot.waitSignal(window.context.lists_changed, timeout=WAIT):
        window.context.refresh_account(account)
    return window


def drag(window: MainWindow, *urls: str) -> QMimeData:
    """Drag URLs over the window, as the window system does; return the dragged data."""
    mime_data = QMimeData()
    mime_data.setUrls([QUrl(url) for url in urls])
    event = QDragEnterEvent(
        window.rect().center(), Qt.DropAction.CopyAction, mime_data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    )
    QApplication.sendEvent(window.windowHandle(), event)
    return mime_data


def drop(window: MainWindow, path: Path) -> None:
    """Drop a file on the window."""
    mime_data = drag(window, QUrl.fromLocalFile(str(path)).toString())
    event = QDropEvent(
        QPointF(window.rect().center()), Qt.DropAction.CopyAction, mime_data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier(0),
    )  # fmt: skip
    QApplication.sendEvent(window.windowHandle(), event)
