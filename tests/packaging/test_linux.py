"""What the desktop needs to know of the program, as the package brings it."""

from __future__ import annotations

import configparser
import shutil
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from steps import build_config, linux

ROOT = Path(__file__).resolve().parents[2]
LINUX = ROOT / "packaging" / "linux"
KINDS = (
    "text/csv", "text/tab-separated-values", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel", "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.ms-excel.sheet.macroenabled.12", "application/vnd.ms-excel.sheet.binary.macroenabled.12",
)  # fmt: skip


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


def test_the_menu_entry_offers_every_kind_of_table_that_opens() -> None:
    said = (LINUX / "trackly-desktop.desktop").read_text("utf-8")
    [listed] = [line.removeprefix("MimeType=") for line in said.splitlines() if line.startswith("MimeType=")]
    assert set(listed.strip(";").split(";")) == set(KINDS)


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="a Debian package is made on Debian's kind of system")
def test_two_packages_of_the_same_folder_are_the_same_to_the_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QGuiApplication
) -> None:
    folder = tmp_path / "trackly-desktop"
    folder.mkdir()
    (folder / "trackly-desktop").write_text("#!/bin/sh\n")
    (folder / "trackly-desktop").chmod(0o755)
    (folder / "lib.so").symlink_to("trackly-desktop")
    made = []
    for at in ("first", "second"):
        monkeypatch.setattr(build_config, "DIST", tmp_path / at)
        monkeypatch.setattr(build_config, "BUILD", tmp_path / at / "build")
        (tmp_path / at).mkdir()
        package, archive = linux.make_deb(folder, 1_700_000_000), linux.make_archive(folder, 1_700_000_000)
        made.append((package.read_bytes(), archive.read_bytes()))
    assert made[0] == made[1]
