"""`make package`: build the program for this system and check its sizes.

PyInstaller makes the folder (trackly-desktop.spec); a step of this system makes the downloads from it. The build is
reproducible: files are dated by SOURCE_DATE_EPOCH, or by the last commit.
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

MAX_INSTALLED_MB = 150
MAX_DOWNLOAD_MB = 55
DOWNLOADS: dict[str, Callable[[], list[Path]]] = {
    "linux": linux.make_downloads,
    "windows": windows.make_downloads,
    "macos": macos.make_downloads,
}


def main() -> int:
    """Build the downloads; return 0 when all sizes are within their limits, else 1."""
    build_config.DIST.mkdir(exist_ok=True)
    build_config.BUILD.mkdir(exist_ok=True)
    build_config.run(
        sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN",
        "--distpath", str(build_config.DIST), "--workpath", str(build_config.BUILD),
        str(build_config.PACKAGING / f"{build_config.NAME}.spec"),
        SOURCE_DATE_EPOCH=str(build_config.build_date()), PYTHONHASHSEED="0",
    )  # fmt: skip
    downloads = DOWNLOADS[build_config.system()]()
    bill = build_config.download_path(".cdx.json")
    shutil.copyfile(build_config.BUILD / sbom.NAME, bill)
    write_checksums([*downloads, bill], build_config.download_path(".sha256"))
    folder = build_config.DIST / (macos.APP if build_config.system() == "macos" else build_config.NAME)
    return check_sizes(folder, downloads)


def write_checksums(files: list[Path], path: Path) -> None:
    """Write the files' SHA-256 in the format of `sha256sum -c`."""
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(files)]
    path.write_text("".join(lines), "utf-8", newline="\n")


def check_sizes(folder: Path, downloads: list[Path]) -> int:
    """Print the sizes; return 1 when one is over its limit, else 0."""
    installed = build_config.megabytes(folder)
    print(f"installed: {installed:.0f} MB (at most {MAX_INSTALLED_MB})")
    sizes = {file.name: build_config.megabytes(file) for file in downloads}
    for name, size in sizes.items():
        print(f"{name}: {size:.1f} MB (at most {MAX_DOWNLOAD_MB})")
    return 0 if installed <= MAX_INSTALLED_MB and max(sizes.values()) <= MAX_DOWNLOAD_MB else 1


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except subprocess.CalledProcessError as error:
        raise SystemExit(
            f"{Path(error.cmd[0]).name} failed with exit code {error.returncode}; see its output above"
        ) from None
