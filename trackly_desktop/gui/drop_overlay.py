"""What shows over the whole window while a file is dragged over it; a file that is no table says so before the drop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFrame, QMainWindow

from trackly_desktop.gui import file_dialogs, theme
from trackly_desktop.gui.widgets.controls import Picture, label, set_property
from trackly_desktop.gui.widgets.layout import column, row


class DropOverlay(QFrame):
    """Takes every drag of files and tables over the window, also where a line edit would take it for text."""

    def __init__(self, window: QMainWindow, opened: Callable[[Path], None], pasted: Callable[[str], None]) -> None:
        super().__init__(window)
        self._window, self._opened, self._pasted = window, opened, pasted
        self.setObjectName("dropOverlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def _build(self) -> None:
        self._picture = Picture("import", "accent", 48)
        self.words = label("", "title")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setLayout(column(0, row(0, self._picture, 0), self.words, 0, spacing=theme.L))

    def watch(self) -> None:
        """Once the window is on the screen."""
        handle = self._window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Qt's."""
        kind = event.type()
        if kind in (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop):
            assert isinstance(event, QDropEvent)
            if event.mimeData().hasUrls():
                self._take(kind, event)
                return True
            if is_table(event.mimeData()):
                self._take_text(kind, event)
                return True
        elif kind is QEvent.Type.DragLeave and self.isVisible():
            self.hide()
        return False

    def _take(self, kind: QEvent.Type, event: QDropEvent) -> None:
        path, refusal = read_drop(event.mimeData())
        if kind is QEvent.Type.Drop:
            self.hide()
            if path is not None:
                event.acceptProposedAction()
                self._opened(path)
                return
        elif not self.isVisible():
            self._show(refusal)
        if path is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def _take_text(self, kind: QEvent.Type, event: QDropEvent) -> None:
        """A table from a spreadsheet; a word that is dragged from one line edit to another is none."""
        event.acceptProposedAction()
        if kind is QEvent.Type.Drop:
            self.hide()
            self._pasted(event.mimeData().text())
        elif not self.isVisible():
            self._show("")

    def _show(self, refusal: str) -> None:
        if self.layout() is None:
            self._build()
        self.words.setText(refusal or "Drop to import")
        self._picture.show_icon("bad" if refusal else "import", "bad" if refusal else "accent")
        set_property(self, "refused", bool(refusal))
        self.setGeometry(self._window.rect().adjusted(theme.M, theme.M, -theme.M, -theme.M))
        self.raise_()
        self.show()


def is_table(dragged: QMimeData) -> bool:
    """Whether text is a table: it has lines, or cells beside each other."""
    return dragged.hasText() and any(sign in dragged.text().strip() for sign in "\n\r\t")


def read_drop(dragged: QMimeData) -> tuple[Path | None, str]:
    """The file that is dragged, or why it cannot be imported."""
    urls = dragged.urls()
    if len(urls) != 1:
        return None, "One file at a time"
    path = Path(urls[0].toLocalFile())
    if not urls[0].isLocalFile():
        return None, "Save the file on this computer first"
    suffix = path.suffix.lower()
    if suffix == ".numbers":
        return None, "Save it as CSV or Excel first, and drop that"
    if suffix == ".zip":
        return None, "Unpack it, and drop the CSV file in it"
    if suffix not in file_dialogs.SUFFIXES or path.is_dir():
        return None, "Only CSV and Excel files can be imported"
    return path, ""
