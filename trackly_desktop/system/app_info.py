"""Facts about this copy of the program, and the comparison of versions.

A packaged program reads files that its build wrote beside its libraries (packaging/trackly-desktop.spec).
"""

from __future__ import annotations

import sys
from pathlib import Path

from trackly_desktop import __version__

UPDATE_ADDRESS = "update-address.txt"
"""The file that holds the update address."""


def is_packaged() -> bool:
    """Return whether PyInstaller built this program.

    It is False in a checkout and where pip installed it.
    """
    return bool(getattr(sys, "frozen", False))


def libraries_folder() -> Path | None:
    """Return the folder of a packaged program's shared libraries; None elsewhere.

    Qt is among them and can be exchanged (LGPL).
    """
    return Path(str(getattr(sys, "_MEIPASS"))) if is_packaged() else None  # noqa: B009 - PyInstaller's, unknown to types


def update_address() -> str:
    """Return the address of the newest version's number; empty where none is set."""
    folder = libraries_folder()
    if folder is None:
        return ""
    try:
        return (folder / UPDATE_ADDRESS).read_text("utf-8").strip()
    except OSError:
        return ""


def is_newer(version: str, current: str = __version__) -> bool:
    """Return whether `version` is newer than `current` by the order of PEP 440.

    Raises:
        packaging.version.InvalidVersion: One of them is no version of PEP 440.
    """
    from packaging.version import Version  # not needed for the first window

    return Version(version) > Version(current)
