"""What is inside a package and whose it is, by what PyInstaller collected: for the notices and the bill of materials."""

from __future__ import annotations

import functools
import re
import shutil
import sqlite3
import ssl
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import PySide6

from steps import build_config
from trackly_desktop.system import third_party_licenses
from trackly_desktop.system.third_party_licenses import License

Entry = tuple[str, str, str]
"""A line of PyInstaller's tables: place in the package (or module), source, kind."""

_QT_PARTS = """Qt contains, in the libraries that come with this program, work of others under terms of their own, among it:
double-conversion (BSD-3-Clause), PCRE2 (BSD-3-Clause), zlib (Zlib), TinyCBOR (MIT), BLAKE2 (CC0-1.0), SipHash (CC0-1.0),
the Unicode Character Database and CLDR (Unicode-3.0), ICU (Unicode-3.0), FreeType (FTL), HarfBuzz (MIT), libpng (libpng-2.0),
MD4C (MIT), XSVG (HPND), Emoji Segmenter (Apache-2.0), Vulkan Memory Allocator (MIT), Wayland protocols (MIT) and
Xkbcommon (MIT). The list with every text, for this version: https://doc.qt.io/qt-6/licenses-used-in-qt.html

Qt's own sources are at https://download.qt.io/official_releases/qt/, PySide6's beside them.
"""

_COMMON = Path("/usr/share/common-licenses")
_POINTED_AT = re.compile(r"/usr/share/common-licenses/([A-Za-z0-9.+-]*[A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class Component:
    """Something of somebody's in the package; `purl` is its package URL."""

    notice: License
    purl: str


def components(collected: Iterable[Entry]) -> list[Component]:
    """Everything that was collected, by whom it comes from."""
    found: dict[str, Component] = {}
    for source in sorted({Path(entry[1]) for entry in collected if _is_a_file(entry)}):
        owner = _owner(source)
        if owner is not None:
            found.setdefault(owner.purl, owner)
    for one in (*_always(), *_in_python({one.notice.name for one in found.values()})):
        found.setdefault(one.purl, one)
    return sorted(found.values(), key=lambda one: one.notice.name.lower())


def texts_pointed_at(found: Iterable[Component]) -> list[License]:
    """The licences that Debian's packages do not repeat but point at; elsewhere they would point at nothing."""
    names = {name for one in found for name in _POINTED_AT.findall(one.notice.text)}
    files = sorted({(_COMMON / name).resolve() for name in names if (_COMMON / name).is_file()})
    return [License(f"Text of {one.name}", "", one.name, one.read_text("utf-8", "replace")) for one in files]


def _is_a_file(entry: Entry) -> bool:
    return entry[2] != "SYMLINK" and Path(entry[1]).is_absolute()


def _always() -> Iterator[Component]:
    """Python, PyInstaller's own starter, and Qt, which PySide6's wheel brings."""
    python = third_party_licenses.python_notice()
    yield Component(python, f"pkg:generic/python@{python.version}")
    yield _distribution("pyinstaller")
    qt = PySide6.__version__
    terms = "LGPL-3.0-only"
    yield Component(
        License("Qt", qt, terms, _QT_PARTS + "\n" + third_party_licenses.licence_text(terms)), f"pkg:generic/qt@{qt}"
    )


def _in_python(known: set[str]) -> Iterator[Component]:
    """What Python brings along where the system has no package of it."""
    if "openssl" not in known:
        version = ssl.OPENSSL_VERSION.split()[1]
        text = "Under the Apache License 2.0: https://openssl-library.org/source/license/"
        yield Component(License("OpenSSL", version, "Apache-2.0", text), f"pkg:generic/openssl@{version}")
    if "sqlite3" not in known:
        version = sqlite3.sqlite_version
        text = "In the public domain: https://sqlite.org/copyright.html"
        yield Component(License("SQLite", version, "blessing", text), f"pkg:generic/sqlite@{version}")


def _owner(source: Path) -> Component | None:
    """Whose a file is; None for Python's and ours."""
    name = _distributions_files().get(source.resolve())
    if name is not None:
        return _distribution(name)
    if _is_pythons_or_ours(source):
        return None
    return _debian_package(source) or _unknown(source)


def _unknown(source: Path) -> Component:
    print(f"Whose {source} is was not found: its terms have to be added by hand")
    text = f"The build took this library from {source}; who made it has the terms."
    return Component(License(source.name, "", "unknown", text), f"pkg:generic/{source.name}")


@functools.cache
def _distributions_files() -> dict[Path, str]:
    return {
        Path(str(found.locate_file(one))).resolve(): found.metadata["Name"]
        for found in metadata.distributions()
        for one in found.files or ()
    }


@functools.cache
def _distribution(name: str) -> Component:
    notice = third_party_licenses.library_notice(name)
    return Component(notice, f"pkg:pypi/{third_party_licenses.plain_name(notice.name)}@{notice.version}")


def _is_pythons_or_ours(source: Path) -> bool:
    if source.name.startswith("libpython"):
        return True
    base = Path(sys.base_prefix)
    if sys.platform == "linux":  # the prefix can be /usr, where everybody's libraries are
        base = base / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    real = source.resolve()
    return any(real.is_relative_to(one.resolve()) for one in (build_config.ROOT, base, Path(sys.prefix)))


def _debian_package(source: Path) -> Component | None:
    """A library of the system's that Qt or Python is linked with, where the system is Debian's kind."""
    package = _debian_owner(source) if shutil.which("dpkg-query") else ""
    if not package:
        return None
    said = subprocess.run(
        ["dpkg-query", "-W", "-f=${source:Package} ${Version}", package], capture_output=True, text=True, check=True
    ).stdout
    origin, version = said.split(" ", 1)
    terms = Path(f"/usr/share/doc/{package.split(':')[0]}/copyright")
    text = terms.read_text("utf-8", "replace") if terms.is_file() else ""
    notice = License(origin, version, _debian_licences(text), text or f"Debian's package {package}")
    return Component(
        notice, f"pkg:deb/debian/{origin}@{version.replace('+', '%2B')}?arch={build_config.debian_machine()}"
    )


def _debian_owner(source: Path) -> str:
    """The package that owns a file, under whichever of its names: /lib is /usr/lib since Debian 12."""
    real = source.resolve()
    names = [str(source), str(real), str(real).removeprefix("/usr"), f"/usr{real}"]
    for name in dict.fromkeys(names):
        said = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True, check=False)
        if said.returncode == 0:
            return said.stdout.split(": ")[0].split(",")[0].strip()
    return ""


def _debian_licences(text: str) -> str:
    named = dict.fromkeys(re.findall(r"^License:[ \t]*(\S.*)$", text, re.MULTILINE))
    return ", ".join(named)[:80] or "see the text"
