"""Names, paths, version and date of a build, shared by all steps."""

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
"""Environment variables with the signing identity; where empty, nothing is signed."""


def build_date() -> int:
    """Return the date of all files of a build, in Unix seconds.

    It is SOURCE_DATE_EPOCH where set, else the date of the last commit.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        return int(epoch)
    git = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return int(git.stdout or 0)


def machine() -> str:
    """Return the processor as downloads name it: x86_64 or arm64."""
    return {"amd64": "x86_64", "aarch64": "arm64"}.get(platform.machine().lower(), platform.machine().lower())


def debian_machine() -> str:
    """Return the processor as Debian names it: amd64 or arm64."""
    return {"x86_64": "amd64"}.get(machine(), machine())


def system() -> str:
    """Return the system as downloads name it: linux, windows or macos."""
    return {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")


def download_path(suffix: str) -> Path:
    """Return a download's path, named by version, system and processor."""
    return DIST / f"{NAME}-{VERSION}-{system()}-{machine()}{suffix}"


def megabytes(path: Path) -> float:
    """Return the size of a file, or of all files in a folder, in MB (10⁶ bytes)."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file() and not file.is_symlink()) / 1e6


def run(*command: str, **variables: str) -> None:
    """Run a command in the checkout, with `variables` added to its environment.

    Raises:
        subprocess.CalledProcessError: The command failed.
    """
    subprocess.run(command, check=True, cwd=ROOT, env=os.environ | variables)
