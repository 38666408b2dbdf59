"""Third-party components of a package, by the files that PyInstaller collected.

The list of licenses and the bill of materials are written from them.
"""

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
from packaging.utils import canonicalize_name

from steps import build_config
from trackly_desktop.system import third_party_licenses
from trackly_desktop.system.third_party_licenses import License

Entry = tuple[str, str, str]
"""An entry of PyInstaller's tables: path in the package, source path, type code."""

_QT_PARTS = """Qt contains, in the libraries that come with this program, work of others under terms of their own, among it:
double-conversion (BSD-3-Clause), PCRE2 (BSD-3-Clause), zlib (Zlib), TinyCBOR (MIT), BLAKE2 (CC0-1.0), SipHash (CC0-1.0),
the Unicode Character Database and CLDR (Unicode-3.0), ICU (Unicode-3.0), FreeType (FTL), HarfBuzz (MIT), libpng (libpng-2.0),
MD4C (MIT), XSVG (HPND), Emoji Segmenter (Apache-2.0), Vulkan Memory Allocator (MIT), Wayland protocols (MIT) and
Xkbcommon (MIT). The list with every text, for this version: https://doc.qt.io/qt-6/licenses-used-in-qt.html

Qt's own sources are at https://download.qt.io/official_releases/qt/, PySide6's beside them.
"""

_COMMON_LICENSES = Path("/usr/share/common-licenses")
_REFERENCE = re.compile(r"/usr/share/common-licenses/([A-Za-z0-9.+-]*[A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class Component:
    """A third-party component of the package; `purl` is its package URL."""

    license: License
    purl: str


def components(collected: Iterable[Entry]) -> list[Component]:
    """Return the components that the collected files belong to, sorted by name."""
    by_purl: dict[str, Component] = {}
    for source in sorted({Path(entry[1]) for entry in collected if _is_file(entry)}):
        component = _component_of(source)
        if component is not None:
            by_purl.setdefault(component.purl, component)
    names = {component.license.name for component in by_purl.values()}
    for component in (*_runtime_components(), *_components_in_python(names)):
        by_purl.setdefault(component.purl, component)
    return sorted(by_purl.values(), key=lambda component: component.license.name.lower())


def referenced_texts(components: Iterable[Component]) -> list[License]:
    """Return the license texts that Debian's packages only refer to.

    Other systems do not have these files.
    """
    names = {name for component in components for name in _REFERENCE.findall(component.license.text)}
    files = sorted({(_COMMON_LICENSES / name).resolve() for name in names if (_COMMON_LICENSES / name).is_file()})
    return [License(f"Text of {file.name}", "", file.name, file.read_text("utf-8", "replace")) for file in files]


def _is_file(entry: Entry) -> bool:
    return entry[2] != "SYMLINK" and Path(entry[1]).is_absolute()


def _runtime_components() -> Iterator[Component]:
    """Yield Python, PyInstaller's bootloader, and Qt, which is in PySide6's wheel."""
    python = third_party_licenses.python_license()
    yield Component(python, f"pkg:generic/python@{python.version}")
    yield _distribution("pyinstaller")
    qt = PySide6.__version__
    expression = "LGPL-3.0-only"
    yield Component(
        License("Qt", qt, expression, _QT_PARTS + "\n" + third_party_licenses.license_text(expression)),
        f"pkg:generic/qt@{qt}",
    )


def _components_in_python(known: set[str]) -> Iterator[Component]:
    """Yield the libraries inside Python that are not among the `known` names."""
    if "openssl" not in known:
        version = ssl.OPENSSL_VERSION.split()[1]
        text = "Under the Apache License 2.0: https://openssl-library.org/source/license/"
        yield Component(License("OpenSSL", version, "Apache-2.0", text), f"pkg:generic/openssl@{version}")
    if "sqlite3" not in known:
        version = sqlite3.sqlite_version
        text = "In the public domain: https://sqlite.org/copyright.html"
        yield Component(License("SQLite", version, "blessing", text), f"pkg:generic/sqlite@{version}")


def _component_of(source: Path) -> Component | None:
    """Return the component of a file; None for Python's files and our own."""
    name = _distribution_files().get(source.resolve())
    if name is not None:
        return _distribution(name)
    if _is_python_or_own(source):
        return None
    return _debian_package(source) or _unknown_component(source)


def _unknown_component(source: Path) -> Component:
    print(f"Whose {source} is was not found: its terms have to be added by hand")
    text = f"The build took this library from {source}; who made it has the terms."
    return Component(License(source.name, "", "unknown", text), f"pkg:generic/{source.name}")


@functools.cache
def _distribution_files() -> dict[Path, str]:
    return {
        Path(str(distribution.locate_file(path))).resolve(): distribution.metadata["Name"]
        for distribution in metadata.distributions()
        for path in distribution.files or ()
    }


@functools.cache
def _distribution(name: str) -> Component:
    license_ = third_party_licenses.distribution_license(name)
    return Component(license_, f"pkg:pypi/{canonicalize_name(license_.name)}@{license_.version}")


def _is_python_or_own(source: Path) -> bool:
    if source.name.startswith("libpython"):
        return True
    base = Path(sys.base_prefix)
    if sys.platform == "linux":  # the prefix can be /usr, where all libraries are
        base = base / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    real = source.resolve()
    return any(real.is_relative_to(folder.resolve()) for folder in (build_config.ROOT, base, Path(sys.prefix)))


def _debian_package(source: Path) -> Component | None:
    """Return the Debian package of a system library; None on other systems."""
    package = _debian_owner(source) if shutil.which("dpkg-query") else ""
    if not package:
        return None
    query = ["dpkg-query", "-W", "-f=${source:Package} ${Version}", package]
    source_package, version = subprocess.run(query, capture_output=True, text=True, check=True).stdout.split(" ", 1)
    file = Path(f"/usr/share/doc/{package.split(':')[0]}/copyright")
    text = file.read_text("utf-8", "replace") if file.is_file() else ""
    license_ = License(source_package, version, _debian_license_names(text), text or f"Debian's package {package}")
    architecture = build_config.debian_machine()
    return Component(license_, f"pkg:deb/debian/{source_package}@{version.replace('+', '%2B')}?arch={architecture}")


def _debian_owner(source: Path) -> str:
    """Return the package that owns a file; /lib is /usr/lib since Debian 12."""
    real = source.resolve()
    names = [str(source), str(real), str(real).removeprefix("/usr"), f"/usr{real}"]
    for name in dict.fromkeys(names):
        query = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True, check=False)
        if query.returncode == 0:
            return query.stdout.split(": ")[0].split(",")[0].strip()
    return ""


def _debian_license_names(text: str) -> str:
    names = dict.fromkeys(re.findall(r"^License:[ \t]*(\S.*)$", text, re.MULTILINE))
    return ", ".join(names)[:80] or "see the text"
