"""What every step of a build needs to know: names, places, the version, the moment that files are dated."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

from trackly_desktop import __version__

VERSION = __version__
ROOT = Path(__file__).resolve().parent.parent.parent
DIST, BUILD = ROOT / "dist", ROOT / "build"
PACKAGING = ROOT / "packaging"
NAME = "trackly-desktop"
TITLE = "Trackly Desktop"
IDENTIFIER = "com.tracklysms.desktop"
PUBLISHER = "Trackly"
HOMEPAGE = "https://tracklysms.com"

SIGNED_ON_WINDOWS = "WINDOWS_SIGN_THUMBPRINT"
SIGNED_ON_MACOS = "MACOS_SIGN_IDENTITY"
"""Variables of the surroundings that say how a build is signed; unsigned where they are empty."""


def moment() -> int:
    """Seconds since 1970 that files are dated: SOURCE_DATE_EPOCH, else the last commit's time."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    said = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return int(said.stdout or 0)


def machine() -> str:
    """The processor as downloads name it: x86_64 or arm64."""
    return {"amd64": "x86_64", "aarch64": "arm64"}.get(platform.machine().lower(), platform.machine().lower())


def debian_machine() -> str:
    """The processor as Debian names it: amd64 or arm64."""
    return {"x86_64": "amd64"}.get(machine(), machine())


def system() -> str:
    """The system as downloads name it: linux, windows or macos."""
    return {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")


def download(suffix: str) -> Path:
    """A download's path, named alike on each system."""
    return DIST / f"{NAME}-{VERSION}-{system()}-{machine()}{suffix}"


def megabytes(path: Path) -> float:
    """What a file, or all that is in a folder, takes."""
    some = path.rglob("*") if path.is_dir() else [path]
    return sum(one.stat().st_size for one in some if one.is_file() and not one.is_symlink()) / 1e6


def run(*words: str, **more: str) -> None:
    """A command that must go right; `more` are variables of its surroundings."""
    subprocess.run(words, check=True, cwd=ROOT, env=os.environ | more)
