"""Presets of column mappings: choose, save, and share them as files."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QInputDialog, QMenu, QPushButton, QWidget

from trackly_desktop.gui import file_dialogs
from trackly_desktop.gui.widgets.controls import button
from trackly_desktop.gui.widgets.layout import row


class PresetBar(QWidget):
    """The presets, a button that saves one, and a menu of preset files.

    Signals:
        apply_requested: Name of a preset.
        save_requested: Name under which the current mapping is saved.
        share_requested: Name of a preset, and Path of the file to write.
        import_requested: Path of a preset file to read.
    """

    apply_requested = Signal(str)
    save_requested = Signal(str)
    share_requested = Signal(str, object)
    import_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._presets = QComboBox()
        self._presets.setAccessibleName("Presets")
        self._presets.activated.connect(self._apply)
        self.setLayout(row(self._presets, button("Keep as preset", self._save), self._make_share_button()))

    def show_presets(self, names: Sequence[str]) -> None:
        """Offer these presets; none is chosen."""
        self._presets.clear()
        self._presets.addItem("Presets", "")
        for name in names:
            self._presets.addItem(name, name)

    def add_preset(self, name: str) -> None:
        """Choose a preset that was saved or imported."""
        if self._presets.findData(name) < 0:
            self._presets.addItem(name, name)
        self._presets.setCurrentIndex(self._presets.findData(name))

    @property
    def _name(self) -> str:
        """Name of the chosen preset; empty where none is chosen."""
        return str(self._presets.currentData() or "")

    def _apply(self) -> None:
        if self._name:
            self.apply_requested.emit(self._name)

    def _save(self) -> None:
        name, is_accepted = QInputDialog.getText(self, "Keep as preset", "Name, like “Facebook leads”")
        if is_accepted and name.strip():
            self.save_requested.emit(name.strip())

    def _make_share_button(self) -> QPushButton:
        share = QPushButton("Share")
        menu = QMenu(share)
        save = menu.addAction("Save the chosen preset as a file", self._save_file)
        menu.addAction("Open a colleague’s preset file", self._open_file)
        menu.aboutToShow.connect(lambda: save.setEnabled(bool(self._name)))
        share.setMenu(menu)
        return share

    def _save_file(self) -> None:
        name = self._name
        path = file_dialogs.ask_save(self, f"{name}.json", file_dialogs.PRESETS) if name else None
        if path is not None:
            self.share_requested.emit(name, path)

    def _open_file(self) -> None:
        path = file_dialogs.ask_preset(self)
        if path is not None:
            self.import_requested.emit(path)
