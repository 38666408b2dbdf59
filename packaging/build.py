"""`make package`: builds the program for the system it runs on; prints the sizes of what it made.

PyInstaller makes the folder (trackly-desktop.spec); the rest is this system's own form: a .deb and a .tar.gz on Linux.
Times come from SOURCE_DATE_EPOCH, or the last commit: the same sources make the same package.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
from email.utils import formatdate
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST, BUILD = ROOT / "dist", ROOT / "build"
NAME = "trackly-desktop"
MAINTAINER = "Trackly <support@tracklysms.com>"
MOST_INSTALLED, MOST_DOWNLOADED = 150, 55
"""MB that the package may take installed, and to download."""

DEPENDS = (
    "libc6, libdbus-1-3, libegl1, libfontconfig1, libfreetype6, libgl1, libxcb-cursor0, libxcb-icccm4, libxcb-image0,"
    " libxcb-keysyms1, libxcb-randr0, libxcb-render-util0, libxcb-shape0, libxcb-xinerama0, libxcb-xkb1, libxkbcommon-x11-0"
)


def main() -> int:
    """Builds it; 0 when the sizes are within their bounds."""
    moment = _moment()
    _run_pyinstaller(moment)
    folder = DIST / NAME
    if not sys.platform.startswith("linux"):
        print(f"{folder}: {_megabytes(folder):.0f} MB")
        return 0
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    archive = _tar(folder, version, moment)
    package = _deb(folder, version, moment)
    installed = _megabytes(folder)
    print(f"installed: {installed:.0f} MB (at most {MOST_INSTALLED})")
    sizes = {one.name: one.stat().st_size / 1e6 for one in (archive, package)}
    for name, size in sizes.items():
        print(f"{name}: {size:.1f} MB (at most {MOST_DOWNLOADED})")
    return 0 if installed <= MOST_INSTALLED and max(sizes.values()) <= MOST_DOWNLOADED else 1


def _moment() -> int:
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    said = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return int(said.stdout or 0)


def _run_pyinstaller(moment: int) -> None:
    surroundings = os.environ | {"SOURCE_DATE_EPOCH": str(moment), "PYTHONHASHSEED": "0"}
    subprocess.run(
        [
            sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN",
            "--distpath", str(DIST), "--workpath", str(BUILD), str(ROOT / "packaging" / f"{NAME}.spec"),
        ],
        env=surroundings,
        cwd=ROOT,
        check=True,
    )  # fmt: skip


def _tar(folder: Path, version: str, moment: int) -> Path:
    """A portable archive: unpacked anywhere, it runs."""
    made = DIST / f"{NAME}-{version}-linux-x86_64.tar.xz"
    with tarfile.open(made, "w:xz", preset=6) as archive:
        for path in sorted(folder.rglob("*")):
            info = archive.gettarinfo(path, f"{NAME}-{version}/{path.relative_to(folder)}")
            info.mtime, info.uid, info.gid, info.uname, info.gname = moment, 0, 0, "root", "root"
            if info.isreg():
                with path.open("rb") as content:
                    archive.addfile(info, content)
            else:
                archive.addfile(info)
    return made


def _deb(folder: Path, version: str, moment: int) -> Path:
    """A Debian package: the folder under /usr/lib, and what the desktop needs to know of it."""
    root = BUILD / "deb"
    shutil.rmtree(root, ignore_errors=True)
    library = root / "usr" / "lib" / NAME
    shutil.copytree(folder, library, symlinks=True)
    command = root / "usr" / "bin" / NAME
    command.parent.mkdir(parents=True)
    command.symlink_to(f"../lib/{NAME}/{NAME}")
    linux = ROOT / "packaging" / "linux"
    _put(linux / f"{NAME}.desktop", root / "usr" / "share" / "applications" / f"{NAME}.desktop")
    _put(linux / f"{NAME}.metainfo.xml", root / "usr" / "share" / "metainfo" / "com.tracklysms.desktop.metainfo.xml")
    _put(ROOT / "resources" / "icons" / "app.svg", root / f"usr/share/icons/hicolor/scalable/apps/{NAME}.svg")
    _put_packed((linux / f"{NAME}.1").read_bytes(), root / "usr" / "share" / "man" / "man1" / f"{NAME}.1.gz")
    documents = root / "usr" / "share" / "doc" / NAME
    _put_packed((ROOT / "CHANGELOG.md").read_bytes(), documents / "NEWS.gz")
    _put_packed(_debian_changelog(version, moment), documents / "changelog.gz")
    _put(linux / "lintian-overrides", root / "usr" / "share" / "lintian" / "overrides" / NAME)
    _put(linux / "copyright", documents / "copyright")
    control = root / "DEBIAN" / "control"
    control.parent.mkdir()
    control.write_text(
        f"Package: {NAME}\nVersion: {version}\nSection: utils\nPriority: optional\nArchitecture: amd64\n"
        f"Installed-Size: {round(_megabytes(root) * 1000)}\nDepends: {DEPENDS}\nRecommends: gnome-keyring | kwalletmanager\n"
        f"Maintainer: {MAINTAINER}\nHomepage: https://tracklysms.com\n"
        "Description: add contacts to TracklySMS one at a time or from files\n"
        " Type a contact, or drop a file of them on the window. Every row is checked\n"
        " before anything is sent, ends in one outcome that is true, and is never sent\n"
        " twice by mistake. Whoever unsubscribed or must not be texted is held back.\n"
    )
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            runs = os.access(path, os.X_OK) and ".so" not in path.name
            path.chmod(0o755 if path.is_dir() or runs else 0o644)
            os.utime(path, (moment, moment))
    made = DIST / f"{NAME}_{version}_amd64.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(root), str(made)],
        env=os.environ | {"SOURCE_DATE_EPOCH": str(moment)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return made


def _put(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _put_packed(content: bytes, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(content, 9, mtime=0))


def _debian_changelog(version: str, moment: int) -> bytes:
    at = formatdate(moment)
    return f"{NAME} ({version}) stable; urgency=medium\n\n  * See NEWS.gz.\n\n -- {MAINTAINER}  {at}\n".encode()


def _megabytes(folder: Path) -> float:
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file() and not one.is_symlink()) / 1e6


if __name__ == "__main__":
    raise SystemExit(main())
