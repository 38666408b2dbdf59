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

from steps import bill, facts, linux, macos, windows

MOST_INSTALLED, MOST_DOWNLOADED = 150, 55
"""MB that the package may take installed, and to download."""
DOWNLOADS: dict[str, Callable[[], list[Path]]] = {
    "linux": linux.make_downloads,
    "windows": windows.make_downloads,
    "macos": macos.make_downloads,
}


def main() -> int:
    """Builds it; 0 when the sizes are within their bounds."""
    facts.DIST.mkdir(exist_ok=True)
    facts.BUILD.mkdir(exist_ok=True)
    facts.run(
        sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN",
        "--distpath", str(facts.DIST), "--workpath", str(facts.BUILD), str(facts.PACKAGING / f"{facts.NAME}.spec"),
        SOURCE_DATE_EPOCH=str(facts.moment()), PYTHONHASHSEED="0",
    )  # fmt: skip
    downloads = DOWNLOADS[facts.system()]()
    listed = facts.download(".cdx.json")
    shutil.copyfile(facts.BUILD / bill.NAME, listed)
    write_checksums([*downloads, listed], facts.download(".sha256"))
    return tell_sizes(facts.DIST / (macos.APP if facts.system() == "macos" else facts.NAME), downloads)


def write_checksums(files: list[Path], path: Path) -> None:
    """As `sha256sum -c` reads them."""
    lines = [f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.name}\n" for one in sorted(files)]
    path.write_text("".join(lines), "utf-8", newline="\n")


def tell_sizes(folder: Path, downloads: list[Path]) -> int:
    """Prints them; 1 when one is over its bound."""
    installed = facts.megabytes(folder)
    print(f"installed: {installed:.0f} MB (at most {MOST_INSTALLED})")
    sizes = {one.name: facts.megabytes(one) for one in downloads}
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
