"""This copy of the program: whether it is packaged, where newer versions are told of, and which is newer.

What a packaged program knows of itself its build wrote beside its libraries (packaging/trackly-desktop.spec).
"""

from __future__ import annotations

import sys
from pathlib import Path

from trackly_desktop import __version__

UPDATE_ADDRESS = "update-address.txt"


def is_packaged() -> bool:
    """Whether this is a packaged program, and no checkout."""
    return bool(getattr(sys, "frozen", False))


def libraries_folder() -> Path | None:
    """Where a packaged program has its shared libraries, Qt's among them; they can be exchanged for others (LGPL)."""
    return Path(str(getattr(sys, "_MEIPASS"))) if is_packaged() else None  # noqa: B009 - PyInstaller's, unknown to types


def update_address() -> str:
    """The address that tells the newest version, where the build was given one; else empty."""
    folder = libraries_folder()
    if folder is None:
        return ""
    try:
        return (folder / UPDATE_ADDRESS).read_text("utf-8").strip()
    except OSError:
        return ""


def is_newer(told: str, than: str = __version__) -> bool:
    """Whether a version is newer than another, this one unless said: 0.10 is newer than 0.9, and 1.0.0 is 1.0."""
    return _parts(told) > _parts(than)


def _parts(version: str) -> list[int]:
    parts = [int(one) for one in version.split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return parts
