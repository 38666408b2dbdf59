"""This copy of the program: whether it is packaged, where newer versions are told of, and which is newer.

A packaged program has what it knows of itself in one file, which its build wrote (packaging/trackly-desktop.spec).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from trackly_desktop import __version__

FILE = "edition.json"


def is_packaged() -> bool:
    """Whether this is a packaged program, and no checkout."""
    return bool(getattr(sys, "frozen", False))


def libraries_folder() -> Path | None:
    """Where a packaged program has its shared libraries, Qt's among them; they can be exchanged for others (LGPL)."""
    return Path(str(getattr(sys, "_MEIPASS"))) if is_packaged() else None  # noqa: B009 - PyInstaller's, unknown to types


def update_address() -> str:
    """The address that tells the newest version, where the build was given one; else empty."""
    return str(built().get("update_address", ""))


def is_newer(told: str, than: str = __version__) -> bool:
    """Whether a version is newer than another, this one unless said: 0.10 is newer than 0.9, and 1.0.0 is 1.0."""
    return _parts(told) > _parts(than)


def built() -> dict[str, Any]:
    """What the build wrote: `update_address` and `notices`. Empty in a checkout."""
    folder = libraries_folder()
    if folder is None:
        return {}
    try:
        said = json.loads((folder / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def write_built(folder: Path, notices: list[dict[str, str]], address: str) -> Path:
    """Writes it, for the build."""
    path = folder / FILE
    path.write_text(json.dumps({"update_address": address, "notices": notices}, indent=1) + "\n", "utf-8")
    return path


def _parts(version: str) -> list[int]:
    parts = [int(one) for one in version.split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return parts
