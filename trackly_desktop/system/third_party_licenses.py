"""Third-party software in this program and its licenses.

A packaged program reads the list that its build wrote; a wheel or a checkout reads the installed distributions.
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

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from trackly_desktop.system import app_info

FILE_NAME = "third-party-licenses.json"
"""The list that a packaged program has beside its libraries."""

_PYPROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
_TEXTS = Path(__file__).resolve().parent / "license_texts"
"""Texts of licenses that a library names without containing them."""
_LICENSE_FILE = re.compile(r"(licen[cs]e|copying|notice|authors|copyright)", re.IGNORECASE)
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class License:
    """A third-party component of this program, with its license's name and text."""

    name: str
    version: str
    license: str
    text: str


def read_licenses() -> list[License]:
    """Return the license of each third-party component.

    Outside a packaged program this reads many files: not for the window's thread.
    """
    folder = app_info.libraries_folder()
    if folder is not None:
        return _read(folder / FILE_NAME)
    licenses = [_license_of(distribution) for distribution in _dependencies(_own_requirements())]
    return [python_license(), *sorted(licenses, key=lambda entry: entry.name.lower())]


def write_licenses(licenses: Iterable[License], folder: Path) -> Path:
    """Write the list that a packaged program reads; return its path."""
    path = folder / FILE_NAME
    path.write_text(json.dumps([asdict(entry) for entry in licenses], indent=1) + "\n", "utf-8")
    return path


def distribution_license(name: str) -> License:
    """Return the license of an installed distribution.

    Raises:
        metadata.PackageNotFoundError: There is no distribution of this name.
    """
    return _license_of(metadata.distribution(name))


def python_license() -> License:
    """Return Python's own license."""
    python = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    candidates = [
        Path(sys.base_prefix) / "LICENSE.txt",
        Path(sys.base_prefix) / "lib" / python / "LICENSE.txt",
        Path(f"/usr/share/doc/{python}/copyright"),
    ]
    text = next((path.read_text("utf-8", "replace") for path in candidates if path.is_file()), sys.copyright)
    return License("Python", ".".join(map(str, sys.version_info[:3])), "PSF-2.0", text)


def license_text(expression: str) -> str:
    """Return the GNU license texts that a license expression names, or an empty text."""
    names = dict.fromkeys(re.findall(r"L?GPL-3\.0", expression))
    if "LGPL-3.0" in names:
        names["GPL-3.0"] = None  # the LGPL is a set of additions to it
    return "\n\n".join((_TEXTS / f"{name}.txt").read_text("utf-8") for name in names)


def _read(path: Path) -> list[License]:
    try:
        return [License(**entry) for entry in json.loads(path.read_text("utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def _own_requirements() -> list[str]:
    """Return our requirements, as installed or else from the checkout."""
    try:
        return metadata.requires("trackly-desktop") or []
    except metadata.PackageNotFoundError:
        dependencies: list[str] = tomllib.loads(_PYPROJECT.read_text("utf-8"))["project"]["dependencies"]
        return dependencies


def _dependencies(requirements: Iterable[str]) -> Iterator[metadata.Distribution]:
    """Yield the installed distributions of requirements, transitively."""
    pending = [*_required_names(requirements)]
    seen = set[str]()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        yield distribution
        pending += _required_names(distribution.requires or ())


def _required_names(requirements: Iterable[str]) -> Iterator[str]:
    """Yield the names of requirements that hold for this system, without extras."""
    for requirement in map(Requirement, requirements):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield canonicalize_name(requirement.name)


def _license_of(distribution: metadata.Distribution) -> License:
    fields = distribution.metadata
    names = [*fields.get_all("License-Expression", []), *fields.get_all("License", [])]
    license_ = names[0] if names else _license_in_classifiers(fields.get_all("Classifier", []))
    summary = license_.strip().splitlines()[0] if license_.strip() else "see the text"
    files = {Path(str(distribution.locate_file(path))) for path in distribution.files or () if _is_license(path.parts)}
    texts = [license_text(license_), *(path.read_text("utf-8", "replace").strip() for path in sorted(files))]
    text = "\n\n".join(filter(None, texts))
    return License(fields["Name"], distribution.version, summary[:_LONGEST_NAME], text or license_)


def _is_license(parts: tuple[str, ...]) -> bool:
    return parts[0].endswith(".dist-info") and bool(_LICENSE_FILE.match(parts[-1]))


def _license_in_classifiers(classifiers: list[str]) -> str:
    return ", ".join(entry.rsplit(" :: ", 1)[-1] for entry in classifiers if entry.startswith("License ::"))
