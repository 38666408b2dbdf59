"""Linux: a portable archive, and a Debian package with desktop integration."""

from __future__ import annotations

import gzip
import os
import shutil
import tarfile
from email.utils import formatdate
from pathlib import Path

from steps import build_config, icons
from steps.build_config import NAME, VERSION

LINUX = build_config.PACKAGING / "linux"
MAINTAINER = "Trackly <support@tracklysms.com>"
DEPENDS = (
    "libc6, libdbus-1-3, libegl1, libfontconfig1, libfreetype6, libgl1, libxcb-cursor0, libxcb-icccm4, libxcb-image0,"
    " libxcb-keysyms1, libxcb-randr0, libxcb-render-util0, libxcb-shape0, libxcb-xinerama0, libxcb-xkb1, libxkbcommon-x11-0"
)


def make_downloads() -> list[Path]:
    """Make the archive, and the Debian package where the system has dpkg-deb."""
    folder, date = build_config.DIST / NAME, build_config.build_date()
    archive = make_archive(folder, date)
    if shutil.which("dpkg-deb"):
        return [archive, make_deb(folder, date)]
    print("There is no .deb: this system has no dpkg-deb")
    return [archive]


def make_archive(folder: Path, date: int) -> Path:
    """Make an archive that runs wherever it is unpacked.

    Its files are dated `date`, in Unix seconds. gzip makes it a third larger than xz, which is over the limit for downloads.
    """
    target = build_config.download_path(".tar.xz")
    with tarfile.open(target, "w:xz", preset=6) as archive:
        for path in sorted(folder.rglob("*")):
            info = archive.gettarinfo(path, f"{NAME}-{VERSION}/{path.relative_to(folder)}")
            info.mtime, info.uid, info.gid, info.uname, info.gname = date, 0, 0, "root", "root"
            if info.isreg():
                with path.open("rb") as content:
                    archive.addfile(info, content)
            else:
                archive.addfile(info)
    return target


def make_deb(folder: Path, date: int) -> Path:
    """Make a Debian package.

    The folder is under /usr/lib; desktop integration and manual are under /usr/share.
    """
    root = build_config.BUILD / "deb"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(folder, root / "usr" / "lib" / NAME, symlinks=True)
    command = root / "usr" / "bin" / NAME
    command.parent.mkdir(parents=True)
    command.symlink_to(f"../lib/{NAME}/{NAME}")
    _install_desktop_files(root / "usr" / "share", date)
    _write_control(root)
    _normalize_metadata(root, date)
    target = build_config.DIST / f"{NAME}_{VERSION}_{build_config.debian_machine()}.deb"
    build_config.run(
        "dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(root), str(target), SOURCE_DATE_EPOCH=str(date)
    )
    return target


def _install_desktop_files(share: Path, date: int) -> None:
    documents = share / "doc" / NAME
    _install(LINUX / f"{NAME}.desktop", share / "applications" / f"{NAME}.desktop")
    _install(LINUX / f"{NAME}.metainfo.xml", share / "metainfo" / f"{build_config.IDENTIFIER}.metainfo.xml")
    theme = share / "icons" / "hicolor"
    _install(icons.SVG, theme / "scalable" / "apps" / f"{NAME}.svg")
    for size in icons.PNG_SIZES:
        icons.make_png(size, theme / f"{size}x{size}" / "apps" / f"{NAME}.png")
    _install(LINUX / "lintian-overrides", share / "lintian" / "overrides" / NAME)
    _install(LINUX / "copyright", documents / "copyright")
    _install_gzipped((LINUX / f"{NAME}.1").read_bytes(), share / "man" / "man1" / f"{NAME}.1.gz")
    _install_gzipped((build_config.ROOT / "CHANGELOG.md").read_bytes(), documents / "NEWS.gz")
    changelog = (
        f"{NAME} ({VERSION}) stable; urgency=medium\n\n  * See NEWS.gz.\n\n -- {MAINTAINER}  {formatdate(date)}\n"
    )
    _install_gzipped(changelog.encode(), documents / "changelog.gz")


def _write_control(root: Path) -> None:
    control = root / "DEBIAN" / "control"
    control.parent.mkdir()
    control.write_text(
        f"Package: {NAME}\nVersion: {VERSION}\nSection: utils\nPriority: optional\n"
        f"Architecture: {build_config.debian_machine()}\n"
        f"Installed-Size: {round(build_config.megabytes(root) * 1000)}\nDepends: {DEPENDS}\n"
        f"Recommends: gnome-keyring | kwalletmanager\nMaintainer: {MAINTAINER}\nHomepage: {build_config.HOMEPAGE}\n"
        "Description: add contacts to TracklySMS one at a time or from files\n"
        " Type a contact, or drop a file of them on the window. Every row is checked\n"
        " before anything is sent, ends in one outcome that is true, and is never sent\n"
        " twice by mistake. Whoever unsubscribed or must not be texted is held back.\n",
        "utf-8",
    )


def _normalize_metadata(root: Path, date: int) -> None:
    """Set permissions and dates that do not depend on the building machine."""
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            executable = os.access(path, os.X_OK) and ".so" not in path.name
            path.chmod(0o755 if path.is_dir() or executable else 0o644)
        os.utime(path, (date, date), follow_symlinks=False)


def _install(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _install_gzipped(content: bytes, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(content, 9, mtime=0))
