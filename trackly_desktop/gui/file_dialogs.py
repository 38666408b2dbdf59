"""Choosing a file to open or to write; the last folder is remembered."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from trackly_desktop.gui import settings

SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
"""Tables: text files, and workbooks."""
PRESETS = "Presets (*.json)"


def ask_open(parent: QWidget) -> Path | None:
    """A table to import."""
    kinds = f"Tables ({' '.join('*' + suffix for suffix in SUFFIXES)});;All files (*)"
    name, _kind = QFileDialog.getOpenFileName(parent, "Choose a file", settings.last_folder(), kinds)
    return _remembered(name)


def ask_save(parent: QWidget, name: str, kind: str = "CSV files (*.csv)") -> Path | None:
    """Where a file is to be written; it gets the suffix of `name` where none is typed."""
    suggested = str(Path(settings.last_folder()) / name)
    given, _kind = QFileDialog.getSaveFileName(parent, "Save as", suggested, kind)
    path = _remembered(given)
    return path.with_suffix(Path(name).suffix) if path is not None and not path.suffix else path


def ask_preset(parent: QWidget) -> Path | None:
    """A preset that a colleague has shared."""
    name, _kind = QFileDialog.getOpenFileName(parent, "Open a preset", settings.last_folder(), PRESETS)
    return _remembered(name)


def _remembered(name: str) -> Path | None:
    if not name:
        return None
    settings.save_last_folder(str(Path(name).parent))
    return Path(name)
