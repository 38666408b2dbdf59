"""Linux: a portable archive, and a Debian package with what the desktop needs to know of the program."""

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
    """The archive; and the package, where the system has what makes one."""
    folder, moment = build_config.DIST / NAME, build_config.moment()
    made = [make_archive(folder, moment)]
    if shutil.which("dpkg-deb"):
        return [*made, make_deb(folder, moment)]
    print("There is no .deb: this system has no dpkg-deb")
    return made


def make_archive(folder: Path, moment: int) -> Path:
    """Unpacked anywhere, it runs. xz, since gzip makes a third more of it: more than people are to download."""
    made = build_config.download(".tar.xz")
    with tarfile.open(made, "w:xz", preset=6) as archive:
        for path in sorted(folder.rglob("*")):
            info = archive.gettarinfo(path, f"{NAME}-{VERSION}/{path.relative_to(folder)}")
            info.mtime, info.uid, info.gid, info.uname, info.gname = moment, 0, 0, "root", "root"
            if info.isreg():
                with path.open("rb") as content:
                    archive.addfile(info, content)
            else:
                archive.addfile(info)
    return made


def make_deb(folder: Path, moment: int) -> Path:
    """The folder under /usr/lib; menu entry, icon, AppStream's description and manual where Debian has them."""
    root = build_config.BUILD / "deb"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(folder, root / "usr" / "lib" / NAME, symlinks=True)
    command = root / "usr" / "bin" / NAME
    command.parent.mkdir(parents=True)
    command.symlink_to(f"../lib/{NAME}/{NAME}")
    _put_what_the_desktop_needs(root / "usr" / "share", moment)
    _put_control(root)
    _settle(root, moment)
    made = build_config.DIST / f"{NAME}_{VERSION}_{build_config.debian_machine()}.deb"
    build_config.run(
        "dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(root), str(made), SOURCE_DATE_EPOCH=str(moment)
    )
    return made


def _put_what_the_desktop_needs(share: Path, moment: int) -> None:
    documents = share / "doc" / NAME
    _put(LINUX / f"{NAME}.desktop", share / "applications" / f"{NAME}.desktop")
    _put(LINUX / f"{NAME}.metainfo.xml", share / "metainfo" / f"{build_config.IDENTIFIER}.metainfo.xml")
    theme = share / "icons" / "hicolor"
    _put(icons.SVG, theme / "scalable" / "apps" / f"{NAME}.svg")
    for size in icons.PNG_SIZES:
        icons.make_png(size, theme / f"{size}x{size}" / "apps" / f"{NAME}.png")
    _put(LINUX / "lintian-overrides", share / "lintian" / "overrides" / NAME)
    _put(LINUX / "copyright", documents / "copyright")
    _put_packed((LINUX / f"{NAME}.1").read_bytes(), share / "man" / "man1" / f"{NAME}.1.gz")
    _put_packed((build_config.ROOT / "CHANGELOG.md").read_bytes(), documents / "NEWS.gz")
    said = f"{NAME} ({VERSION}) stable; urgency=medium\n\n  * See NEWS.gz.\n\n -- {MAINTAINER}  {formatdate(moment)}\n"
    _put_packed(said.encode(), documents / "changelog.gz")


def _put_control(root: Path) -> None:
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


def _settle(root: Path, moment: int) -> None:
    """One set of permissions and one moment, whatever those of the building machine are."""
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            runs = os.access(path, os.X_OK) and ".so" not in path.name
            path.chmod(0o755 if path.is_dir() or runs else 0o644)
        os.utime(path, (moment, moment), follow_symlinks=False)


def _put(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _put_packed(content: bytes, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(content, 9, mtime=0))
