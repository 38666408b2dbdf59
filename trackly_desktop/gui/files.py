"""Choosing a file to open or to write; the last folder is remembered."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from trackly_desktop.gui import settings


def ask_open(parent: QWidget) -> Path | None:
    """A table to import."""
    kinds = "Tables (*.csv *.tsv *.txt);;All files (*)"
    name, _kind = QFileDialog.getOpenFileName(parent, "Choose a file", settings.last_folder(), kinds)
    return _remembered(name)


def ask_save(parent: QWidget, name: str) -> Path | None:
    """Where a CSV file is to be written."""
    suggested = str(Path(settings.last_folder()) / name)
    name, _kind = QFileDialog.getSaveFileName(parent, "Save as", suggested, "CSV files (*.csv)")
    path = _remembered(name)
    return path.with_suffix(".csv") if path is not None and not path.suffix else path


def _remembered(name: str) -> Path | None:
    if not name:
        return None
    settings.keep_folder(str(Path(name).parent))
    return Path(name)
