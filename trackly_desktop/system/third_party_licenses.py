"""Whose work is in this program, and on which terms: as the build collected it, or as it is installed in a checkout."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from trackly_desktop.system import app_info

_ROOT = Path(__file__).resolve().parents[2]
FILE = "notices.json"
LICENCES = _ROOT / "resources" / "licences"
"""Texts of licences that a library names without bringing them."""

_NAMED = re.compile(r"[A-Za-z0-9._-]+")
_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice|authors|copyright)", re.IGNORECASE)
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class License:
    """Somebody's work that this program contains, and the terms on which it does."""

    name: str
    version: str
    licence: str
    text: str


def notices() -> list[License]:
    """Everybody whose work is in this copy. Reads many files in a checkout: not for the window's thread."""
    folder = app_info.libraries_folder()
    if folder is not None:
        return _read(folder / FILE)
    found = [_notice(one) for one in _with_their_needs(_program_needs())]
    return [python_notice(), *sorted(found, key=lambda one: one.name.lower())]


def write_notices(found: Iterable[License], folder: Path) -> Path:
    """Writes them, for the build."""
    path = folder / FILE
    path.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n", "utf-8")
    return path


def library_notice(name: str) -> License:
    """The notice of an installed distribution."""
    return _notice(metadata.distribution(name))


def python_notice() -> License:
    """Python's own."""
    places = [
        Path(sys.base_prefix) / "LICENSE.txt",
        Path(sys.base_prefix) / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "LICENSE.txt",
        Path(f"/usr/share/doc/python{sys.version_info[0]}.{sys.version_info[1]}/copyright"),
    ]
    text = next((one.read_text("utf-8", "replace") for one in places if one.is_file()), sys.copyright)
    return License("Python", ".".join(map(str, sys.version_info[:3])), "PSF-2.0", text)


def licence_text(licence: str) -> str:
    """The texts of a licence's parts that stand in resources/licences; empty where none does."""
    named = dict.fromkeys(re.findall(r"L?GPL-3\.0", licence))
    if "LGPL-3.0" in named:
        named["GPL-3.0"] = None  # which it adds to
    return "\n\n".join((LICENCES / f"{one}.txt").read_text("utf-8") for one in named)


def _read(path: Path) -> list[License]:
    try:
        return [License(**one) for one in json.loads(path.read_text("utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def _program_needs() -> list[str]:
    """The distributions that the program itself asks for."""
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [_name(one) for one in project["dependencies"]]


def _with_their_needs(names: Iterable[str]) -> Iterator[metadata.Distribution]:
    """These distributions and all that they need. What another system would need is not installed here."""
    waiting, seen = [*names], set[str]()
    while waiting:
        name = plain_name(waiting.pop())
        if name in seen:
            continue
        seen.add(name)
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        yield found
        waiting += [_name(one) for one in found.requires or () if "extra ==" not in one]


def _notice(found: metadata.Distribution) -> License:
    said = found.metadata
    named = [*said.get_all("License-Expression", []), *said.get_all("License", [])]
    licence = named[0] if named else _classified(said.get_all("Classifier", []))
    first = licence.strip().splitlines()[0] if licence.strip() else "see the text"
    brought = {Path(str(found.locate_file(one))) for one in found.files or () if _is_licence(one.parts)}
    texts = [licence_text(licence), *(one.read_text("utf-8", "replace").strip() for one in sorted(brought))]
    text = "\n\n".join(one for one in texts if one)
    return License(said["Name"], found.version, first[:_LONGEST_NAME], text or licence)


def _is_licence(parts: tuple[str, ...]) -> bool:
    return parts[0].endswith(".dist-info") and bool(_LICENCE_FILE.match(parts[-1]))


def _classified(classifiers: list[str]) -> str:
    return ", ".join(one.rsplit(" :: ", 1)[-1] for one in classifiers if one.startswith("License ::"))


def _name(requirement: str) -> str:
    found = _NAMED.match(requirement)
    assert found is not None
    return found[0]


def plain_name(name: str) -> str:
    """PEP 503: one spelling for each distribution."""
    return re.sub(r"[-_.]+", "-", name).lower()
