"""`release.py TAG`: print a version's part of CHANGELOG.md as release notes.

A tag is "v" and the version. The program's own version has to be the same, and CHANGELOG.md and AppStream's metainfo
need an entry for it; otherwise the exit code is 2. It runs without any installed library.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from trackly_desktop import __version__

ROOT = Path(__file__).resolve().parent.parent
_HEADING = re.compile(r"^## +\[?v?([0-9][0-9A-Za-z.]*)\b.*$", re.MULTILINE)


class ReleaseError(Exception):
    """The tag cannot be released; the message says why."""


def main(argv: list[str]) -> int:
    """Print the notes; return the exit code."""
    if len(argv) != 1:
        print("release.py TAG", file=sys.stderr)
        return 2
    try:
        check_tag(argv[0], __version__, (ROOT / "packaging/linux/trackly-desktop.metainfo.xml").read_text("utf-8"))
        print(notes(__version__, (ROOT / "CHANGELOG.md").read_text("utf-8")))
    except ReleaseError as problem:
        print(f"release.py: {problem}", file=sys.stderr)
        return 2
    return 0


def check_tag(tag: str, version: str, metainfo: str) -> None:
    """Check that the tag and the sources agree on the version.

    Raises:
        ReleaseError: They differ, or AppStream's metainfo has no such release.
    """
    if tag != f"v{version}":
        raise ReleaseError(f"the tag is {tag}, and the program says {version}: the tag has to be v{version}")
    if f'<release version="{version}"' not in metainfo:
        raise ReleaseError(f"trackly-desktop.metainfo.xml has no release {version}")


def notes(version: str, changelog: str) -> str:
    """Return a version's part of the changelog.

    Raises:
        ReleaseError: There is no such part, or it is empty.
    """
    headings = [*_HEADING.finditer(changelog)]
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        if heading[1] == version:
            text = changelog[heading.end() : following.start() if following else None].strip()
            if text:
                return text
    raise ReleaseError(f"CHANGELOG.md says nothing under “## {version}”: name what stands under Unreleased so")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
