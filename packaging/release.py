"""`release.py TAG`: what CHANGELOG.md says of that version, for the release's page. Exit code 2 where a tag is no release.

A tag is v and the version; the program says the same version, CHANGELOG.md has a heading for it, and so has AppStream's file.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from trackly_desktop import __version__

ROOT = Path(__file__).resolve().parent.parent
_HEADING = re.compile(r"^## +v?([0-9][0-9.]*)\b.*$", re.MULTILINE)


class NoRelease(Exception):
    """The tag cannot be released; its words say why."""


def main(argv: list[str]) -> int:
    """Prints the notes."""
    if len(argv) != 1:
        print("release.py TAG", file=sys.stderr)
        return 2
    try:
        check_tag(argv[0], __version__, (ROOT / "packaging/linux/trackly-desktop.metainfo.xml").read_text("utf-8"))
        print(notes(__version__, (ROOT / "CHANGELOG.md").read_text("utf-8")))
    except NoRelease as problem:
        print(f"release.py: {problem}", file=sys.stderr)
        return 2
    return 0


def check_tag(tag: str, version: str, metainfo: str) -> None:
    """Raises NoRelease where the tag and the sources do not say the same."""
    if tag != f"v{version}":
        raise NoRelease(f"the tag is {tag}, and the program says {version}: the tag has to be v{version}")
    if f'<release version="{version}"' not in metainfo:
        raise NoRelease(f"trackly-desktop.metainfo.xml has no release {version}")


def notes(version: str, changelog: str) -> str:
    """A version's part of the changelog. Raises NoRelease where there is none, or an empty one."""
    headings = [*_HEADING.finditer(changelog)]
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        if heading[1] == version:
            said = changelog[heading.end() : following.start() if following else None].strip()
            if said:
                return said
    raise NoRelease(f"CHANGELOG.md says nothing under “## {version}”: name what stands under Unreleased so")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
