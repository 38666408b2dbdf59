"""Where the program keeps things: the platform's own places, each readable by its owner alone.

XDG's variables count on every system, so that another program can be had beside one's own: the self-test, a trial.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_NAME = "trackly-desktop"


def data_folder() -> Path:
    """The journal's folder (XDG_DATA_HOME on Linux)."""
    return _private(_said("DATA") or platformdirs.user_data_path(_NAME, appauthor=False))


def config_folder() -> Path:
    """Accounts and presets (XDG_CONFIG_HOME on Linux); no key is ever here."""
    return _private(_said("CONFIG") or platformdirs.user_config_path(_NAME, appauthor=False))


def log_folder() -> Path:
    """The program's log (XDG_STATE_HOME on Linux): no personal data, no key."""
    state = _said("STATE")
    return _private(state / "log" if state else platformdirs.user_log_path(_NAME, appauthor=False))


def journal_path() -> Path:
    """The one journal of this person on this machine."""
    return data_folder() / "journal.sqlite"


def pasted_path() -> Path:
    """Where a table that was pasted is kept until its import begins."""
    return data_folder() / "Pasted table.tsv"


def readable_name(path: Path) -> str:
    """A file's name as it can be shown and kept: what of it is no UTF-8 becomes �."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def write_private(path: Path, text: str) -> None:
    """Replaces a small file whole, owner-only: a crash leaves the old one or the new one."""
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _said(kind: str) -> Path | None:
    given = os.environ.get(f"XDG_{kind}_HOME", "")
    return Path(given) / _NAME if Path(given).is_absolute() else None


def _private(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
