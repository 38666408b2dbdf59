"""The wheel: built from the source distribution, used away from the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from steps.build_config import ROOT
from trackly_desktop import __version__

SOURCES = (
    "pyproject.toml",
    "setup.py",
    "MANIFEST.in",
    "README.md",
    "CHANGELOG.md",
    "packaging",
    "resources",
    "trackly_desktop",
)
NOT_SOURCES = shutil.ignore_patterns("__pycache__", "resources_rc.py")
PIP = ("-m", "pip", "--disable-pip-version-check", "--quiet")
"""Nothing is downloaded: this environment has all requirements."""


def run(*command: str | Path, folder: Path, environment: dict[str, str] | None = None) -> str:
    """Run a command that must succeed; return its output."""
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel that is built from the source distribution of a copy of the checkout."""
    folder = tmp_path_factory.mktemp("build")
    checkout = folder / "checkout"
    checkout.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, checkout / name, ignore=NOT_SOURCES)
        else:
            shutil.copyfile(ROOT / name, checkout / name)
    build_sdist = f"import setuptools.build_meta; setuptools.build_meta.build_sdist({str(folder)!r})"
    run(sys.executable, "-c", build_sdist, folder=checkout)
    [sdist] = folder.glob("*.tar.gz")
    run(sys.executable, *PIP, "wheel", "--no-deps", "--no-build-isolation", sdist, folder=folder)
    [wheel] = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of an environment in which the wheel is installed."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / "python"
    purelib = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=folder).strip()
    (Path(purelib) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    run(sys.executable, *PIP, "--python", python, "install", "--no-deps", "--no-index", wheel, folder=folder)
    return scripts


def test_a_wheel_has_the_program_its_resources_and_license_texts_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert f"trackly_desktop-{__version__}.dist-info/METADATA" in names
    assert {
        "trackly_desktop/py.typed",
        "trackly_desktop/gui/resources_rc.py",
        "trackly_desktop/system/license_texts/LGPL-3.0.txt",
    } <= names
    assert {name.split("/")[0] for name in names} == {"trackly_desktop", f"trackly_desktop-{__version__}.dist-info"}
    assert not [name for name in names if name.endswith(".md")]


def test_every_data_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    package = ROOT / "trackly_desktop"
    files = {
        path.relative_to(ROOT).as_posix()
        for path in package.rglob("*")
        if path.is_file() and path.suffix not in (".pyc", ".md")
    }
    with zipfile.ZipFile(wheel) as archive:
        assert files <= set(archive.namelist())


def test_an_installed_program_does_the_main_job_in_an_empty_folder(scripts: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {"QT_QPA_PLATFORM": "offscreen"}
    output = run(scripts / "trackly-desktop", "self-test", folder=tmp_path, environment=environment)
    assert "self-test" in output
    assert (tmp_path / "self-test.png").stat().st_size > 0


def test_an_installed_program_lists_the_licenses_of_its_dependencies(scripts: Path, tmp_path: Path) -> None:
    program = "from trackly_desktop.system import third_party_licenses as t; print([e.name for e in t.read_licenses() if e.text])"
    output = run(scripts / "python", "-I", "-c", program, folder=tmp_path)
    assert "'PySide6_Essentials'" in output
    assert "'httpx'" in output
    assert "'pytest'" not in output
