"""The overlay that accepts or refuses files and tables dragged over the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFrame, QMainWindow

from trackly_desktop.files.other_documents import web_address_problem
from trackly_desktop.gui import file_dialogs, theme
from trackly_desktop.gui.widgets.controls import Picture, label, set_property
from trackly_desktop.gui.widgets.layout import column, row


class DropOverlay(QFrame):
    """Covers the window during a drag, and says whether the file can be imported.

    It filters the events of the whole window, since a line edit would take a dropped file as text.

    Args:
        window: the window to cover.
        on_file: called with a dropped file.
        on_text: called with a table that was dropped as text, or a web address.
    """

    def __init__(self, window: QMainWindow, on_file: Callable[[Path], None], on_text: Callable[[str], None]) -> None:
        super().__init__(window)
        self._window, self._on_file, self._on_text = window, on_file, on_text
        self.setObjectName("dropOverlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def _build(self) -> None:
        self._picture = Picture("import", "accent", 48)
        self.words = label("", "title")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setLayout(column(0, row(0, self._picture, 0), self.words, 0, spacing=theme.L))

    def watch(self) -> None:
        """Start to filter the window's events; call it once the window is shown."""
        handle = self._window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop):
            assert isinstance(event, QDropEvent)
            if event.mimeData().hasUrls() and not web_address(event.mimeData()):
                self._on_file_drag(kind, event)
                return True
            if is_table(event.mimeData()) or web_address(event.mimeData()):
                self._on_text_drag(kind, event)
                return True
        elif kind is QEvent.Type.DragLeave and self.isVisible():
            self.hide()
        return False

    def _on_file_drag(self, kind: QEvent.Type, event: QDropEvent) -> None:
        path, refusal = read_drop(event.mimeData())
        if kind is QEvent.Type.Drop:
            self.hide()
            if path is not None:
                event.acceptProposedAction()
                self._on_file(path)
                return
        elif not self.isVisible():
            self._show(refusal)
        if path is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def _on_text_drag(self, kind: QEvent.Type, event: QDropEvent) -> None:
        event.acceptProposedAction()
        if kind is QEvent.Type.Drop:
            self.hide()
            self._on_text(web_address(event.mimeData()) or event.mimeData().text())
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
    """Return whether dragged text is a table: several lines or tab-separated cells."""
    return dragged.hasText() and any(separator in dragged.text().strip() for separator in "\n\r\t")


def web_address(dragged: QMimeData) -> str:
    """Return the web address that is dragged as a link or as text; empty for none."""
    urls = dragged.urls()
    if urls and urls[0].isLocalFile():
        return ""
    text = urls[0].toString() if len(urls) == 1 else dragged.text() if dragged.hasText() and not urls else ""
    return text if web_address_problem(text) else ""


def read_drop(dragged: QMimeData) -> tuple[Path | None, str]:
    """Return the dragged file, or None and why it cannot be imported."""
    urls = dragged.urls()
    if len(urls) != 1:
        return None, "One file at a time"
    path = file_dialogs.local_path(urls[0])
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
