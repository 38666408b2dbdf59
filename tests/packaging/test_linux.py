"""What the desktop needs to know of the program, as the package brings it."""

from __future__ import annotations

import configparser
import importlib.util
import sys
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINUX = ROOT / "packaging" / "linux"


def test_the_menu_entry_opens_tables_and_names_the_icon_that_is_installed() -> None:
    entry = configparser.RawConfigParser()
    entry.optionxform = str  # type: ignore[method-assign, assignment]
    entry.read(LINUX / "trackly-desktop.desktop", "utf-8")
    said = dict(entry["Desktop Entry"])
    assert said["Exec"] == "trackly-desktop %F"
    assert said["Icon"] == "trackly-desktop"
    assert "text/csv" in said["MimeType"].split(";")
    assert said["MimeType"].endswith(";")


def test_the_shops_description_names_the_menu_entry_and_this_version() -> None:
    told = ET.parse(LINUX / "trackly-desktop.metainfo.xml").getroot()
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert told.findtext("launchable") == "trackly-desktop.desktop"
    assert next(release.get("version") for release in told.iter("release")) == version


def test_the_manual_names_every_command() -> None:
    from trackly_desktop.__main__ import COMMANDS

    manual = (LINUX / "trackly-desktop.1").read_text("utf-8").replace("\\-", "-")
    for command in COMMANDS:
        assert f"\n.B {command}\n" in manual


@pytest.fixture
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build", ROOT / "packaging" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a Debian package is made on Linux")
def test_two_packages_of_the_same_folder_are_the_same_to_the_byte(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "trackly-desktop"
    folder.mkdir()
    (folder / "trackly-desktop").write_text("#!/bin/sh\n")
    (folder / "trackly-desktop").chmod(0o755)
    made = []
    for at in ("first", "second"):
        monkeypatch.setattr(build, "DIST", tmp_path / at)
        monkeypatch.setattr(build, "BUILD", tmp_path / at / "build")
        (tmp_path / at).mkdir()
        package = build._deb(folder, "1.2.3", 1_700_000_000)
        archive = build._tar(folder, "1.2.3", 1_700_000_000)
        made.append((package.read_bytes(), archive.read_bytes()))
    assert made[0] == made[1]


def test_the_recipe_is_python_that_each_system_can_read() -> None:
    recipe = (ROOT / "packaging" / "trackly-desktop.spec").read_text("utf-8")
    compile(recipe, "trackly-desktop.spec", "exec")
    for system in ("linux", "win32", "darwin"):
        assert f'"{system}"' in recipe
