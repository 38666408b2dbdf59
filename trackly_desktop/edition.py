"""This copy of the program: whether it is packaged, whose work is in it, and where newer versions are told of.

A packaged program has all of it in one file that its build wrote (packaging/steps/edition.py); a checkout looks around.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from trackly_desktop import __version__

FILE = "edition.json"
_ROOT = Path(__file__).resolve().parent.parent
LICENCES = _ROOT / "resources" / "licences"
"""Texts of licences that a library names without bringing them."""

_NAMED = re.compile(r"[A-Za-z0-9._-]+")
_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice|authors|copyright)", re.IGNORECASE)
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody's work that this program contains, and the terms on which it does."""

    name: str
    version: str
    licence: str
    text: str


def is_packaged() -> bool:
    """Whether this is a packaged program, and no checkout."""
    return bool(getattr(sys, "frozen", False))


def libraries_folder() -> Path | None:
    """Where a packaged program has its shared libraries, Qt's among them; they can be exchanged for others (LGPL)."""
    return Path(str(getattr(sys, "_MEIPASS"))) if is_packaged() else None  # noqa: B009 - PyInstaller's, unknown to types


def update_address() -> str:
    """The address that tells the newest version, where the build was given one; else empty."""
    return str(_built().get("update_address", ""))


def is_newer(told: str, than: str = __version__) -> bool:
    """Whether a version is newer than another, this one unless said: 0.10 is newer than 0.9, and 1.0.0 is 1.0."""
    return _parts(told) > _parts(than)


def notices() -> list[Notice]:
    """Everybody whose work is in this copy. Reads many files in a checkout: not for the window's thread."""
    if is_packaged():
        return [Notice(**one) for one in _built().get("notices", [])]
    found = [_notice(one) for one in _with_their_needs(_program_needs())]
    return [python_notice(), *sorted(found, key=lambda one: one.name.lower())]


def write_edition(folder: Path, found: Iterable[Notice], address: str) -> Path:
    """What the build leaves for the packaged program. Sorted: the same build writes the same file."""
    path = folder / FILE
    listed = sorted((asdict(one) for one in found), key=lambda one: (one["name"].lower(), one["version"]))
    path.write_text(json.dumps({"update_address": address, "notices": listed}, indent=1) + "\n", "utf-8")
    return path


def _program_needs() -> list[str]:
    """The distributions that the program itself asks for."""
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [_name(one) for one in project["dependencies"]]


def library_notice(name: str) -> Notice:
    """The notice of an installed distribution."""
    return _notice(metadata.distribution(name))


def _with_their_needs(names: Iterable[str]) -> Iterator[metadata.Distribution]:
    """These distributions and all that they need. What another system would need is not installed here."""
    waiting, seen = [*names], set[str]()
    while waiting:
        name = _plain(waiting.pop())
        if name in seen:
            continue
        seen.add(name)
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        yield found
        waiting += [_name(one) for one in found.requires or () if "extra ==" not in one]


def python_notice() -> Notice:
    """Python's own."""
    places = [
        Path(sys.base_prefix) / "LICENSE.txt",
        Path(sys.base_prefix) / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "LICENSE.txt",
        Path(f"/usr/share/doc/python{sys.version_info[0]}.{sys.version_info[1]}/copyright"),
    ]
    text = next((one.read_text("utf-8", "replace") for one in places if one.is_file()), sys.copyright)
    return Notice("Python", ".".join(map(str, sys.version_info[:3])), "PSF-2.0", text)


def licence_text(licence: str) -> str:
    """The texts of a licence's parts that stand in resources/licences; empty where none does."""
    named = dict.fromkeys(re.findall(r"L?GPL-3\.0", licence))
    if "LGPL-3.0" in named:
        named["GPL-3.0"] = None  # which it adds to
    return "\n\n".join((LICENCES / f"{one}.txt").read_text("utf-8") for one in named)


def _parts(version: str) -> list[int]:
    parts = [int(one) for one in version.split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return parts


def _notice(found: metadata.Distribution) -> Notice:
    said = found.metadata
    named = [*said.get_all("License-Expression", []), *said.get_all("License", [])]
    licence = named[0] if named else _classified(said.get_all("Classifier", []))
    first = licence.strip().splitlines()[0] if licence.strip() else "see the text"
    texts = [found.locate_file(one) for one in found.files or () if _is_licence(one.parts)]
    paths = sorted({Path(str(one)) for one in texts})
    text = "\n\n".join(one.read_text("utf-8", "replace").strip() for one in paths if one.is_file())
    return Notice(said["Name"], found.version, first[:_LONGEST_NAME], text or licence_text(licence) or licence)


def _is_licence(parts: tuple[str, ...]) -> bool:
    return parts[0].endswith(".dist-info") and bool(_LICENCE_FILE.match(parts[-1]))


def _classified(classifiers: list[str]) -> str:
    return ", ".join(one.rsplit(" :: ", 1)[-1] for one in classifiers if one.startswith("License ::"))


def _name(requirement: str) -> str:
    found = _NAMED.match(requirement)
    assert found is not None
    return found[0]


def _plain(name: str) -> str:
    """PEP 503: one spelling for each distribution."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _built() -> dict[str, Any]:
    folder = libraries_folder()
    if folder is None:
        return {}
    try:
        said = json.loads((folder / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
