"""File dialogs; each starts in the folder that was used last."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QFileDialog, QWidget

from trackly_desktop.gui import settings

SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
"""Suffixes of the files that can be imported: text files and workbooks."""
PRESETS = "Presets (*.json)"


def ask_open(parent: QWidget) -> Path | None:
    """Ask for a table to import; None when cancelled."""
    kinds = f"Tables ({' '.join('*' + suffix for suffix in SUFFIXES)});;All files (*)"
    name, _kind = QFileDialog.getOpenFileName(parent, "Choose a file", settings.last_folder(), kinds)
    return _save_folder(name)


def ask_save(parent: QWidget, name: str, kind: str = "CSV files (*.csv)") -> Path | None:
    """Ask for a path to write to; None when cancelled.

    Args:
        parent: the dialog's parent.
        name: the suggested name; its suffix is added to a name that is typed without one.
        kind: the dialog's filter.
    """
    suggested = str(Path(settings.last_folder()) / name)
    chosen, _kind = QFileDialog.getSaveFileName(parent, "Save as", suggested, kind)
    path = _save_folder(chosen)
    return path.with_suffix(Path(name).suffix) if path is not None and not path.suffix else path


def ask_preset(parent: QWidget) -> Path | None:
    """Ask for a preset file to open; None when cancelled."""
    name, _kind = QFileDialog.getOpenFileName(parent, "Open a preset", settings.last_folder(), PRESETS)
    return _save_folder(name)


def local_path(url: QUrl) -> Path:
    """Return the path of a local file's URL, whose name need not be UTF-8."""
    path = url.toLocalFile()
    if "\ufffd" in path and os.name == "posix":
        return Path(os.fsdecode(unquote_to_bytes(url.path(QUrl.ComponentFormattingOption.FullyEncoded))))
    return Path(path)


def _save_folder(name: str) -> Path | None:
    """Return the chosen path after saving its folder; None when cancelled."""
    if not name:
        return None
    settings.save_last_folder(str(Path(name).parent))
    return Path(name)
