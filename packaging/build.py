"""`make package`: builds the program for the system it runs on, and prints the sizes of what it made.

PyInstaller makes the folder (trackly-desktop.spec); the rest is this system's own form. Times come from SOURCE_DATE_EPOCH, or
the last commit: the same sources make the same package.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from steps import build_config, linux, macos, sbom, windows

MOST_INSTALLED, MOST_DOWNLOADED = 150, 55
"""MB that the package may take installed, and to download."""
DOWNLOADS: dict[str, Callable[[], list[Path]]] = {
    "linux": linux.make_downloads,
    "windows": windows.make_downloads,
    "macos": macos.make_downloads,
}


def main() -> int:
    """Builds it; 0 when the sizes are within their bounds."""
    build_config.DIST.mkdir(exist_ok=True)
    build_config.BUILD.mkdir(exist_ok=True)
    build_config.run(
        sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN",
        "--distpath", str(build_config.DIST), "--workpath", str(build_config.BUILD),
        str(build_config.PACKAGING / f"{build_config.NAME}.spec"),
        SOURCE_DATE_EPOCH=str(build_config.moment()), PYTHONHASHSEED="0",
    )  # fmt: skip
    downloads = DOWNLOADS[build_config.system()]()
    listed = build_config.download(".cdx.json")
    shutil.copyfile(build_config.BUILD / sbom.NAME, listed)
    write_checksums([*downloads, listed], build_config.download(".sha256"))
    return tell_sizes(
        build_config.DIST / (macos.APP if build_config.system() == "macos" else build_config.NAME), downloads
    )


def write_checksums(files: list[Path], path: Path) -> None:
    """As `sha256sum -c` reads them."""
    lines = [f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.name}\n" for one in sorted(files)]
    path.write_text("".join(lines), "utf-8", newline="\n")


def tell_sizes(folder: Path, downloads: list[Path]) -> int:
    """Prints them; 1 when one is over its bound."""
    installed = build_config.megabytes(folder)
    print(f"installed: {installed:.0f} MB (at most {MOST_INSTALLED})")
    sizes = {one.name: build_config.megabytes(one) for one in downloads}
    for name, size in sizes.items():
        print(f"{name}: {size:.1f} MB (at most {MOST_DOWNLOADED})")
    return 0 if installed <= MOST_INSTALLED and max(sizes.values()) <= MOST_DOWNLOADED else 1


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except subprocess.CalledProcessError as failed:
        raise SystemExit(
            f"{Path(failed.cmd[0]).name} ended with {failed.returncode}; what it said stands above"
        ) from None
