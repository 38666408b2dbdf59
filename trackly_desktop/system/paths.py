"""Paths of the program's files, in the platform's folders, owner-only.

XDG's variables count on every system, so that the program can run with other folders: the self-test, a trial.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_NAME = "trackly-desktop"


def data_folder() -> Path:
    """Return the journal's folder (XDG_DATA_HOME on Linux)."""
    return _private(_xdg_folder("DATA") or platformdirs.user_data_path(_NAME, appauthor=False))


def config_folder() -> Path:
    """Return the folder of accounts and presets (XDG_CONFIG_HOME on Linux)."""
    return _private(_xdg_folder("CONFIG") or platformdirs.user_config_path(_NAME, appauthor=False))


def log_folder() -> Path:
    """Return the log's folder (XDG_STATE_HOME on Linux)."""
    state = _xdg_folder("STATE")
    return _private(state / "log" if state else platformdirs.user_log_path(_NAME, appauthor=False))


def journal_path() -> Path:
    """Return the path of the journal: one for each person and machine."""
    return data_folder() / "journal.sqlite"


def pasted_path() -> Path:
    """Return the path of a pasted table, which stays until its import begins."""
    return data_folder() / "Pasted table.tsv"


def readable_name(path: Path) -> str:
    """Return a file's name for display and storage: bytes that are not UTF-8 become �."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def _xdg_folder(kind: str) -> Path | None:
    """Return the folder in XDG_<kind>_HOME; None where that is no absolute path."""
    home = os.environ.get(f"XDG_{kind}_HOME", "")
    return Path(home) / _NAME if Path(home).is_absolute() else None


def _private(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
