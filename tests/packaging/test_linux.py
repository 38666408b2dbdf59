"""Linux: desktop integration, manual page, and reproducible packages."""

from __future__ import annotations

import configparser
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from steps import build_config, linux

MIME_TYPES = (
    "text/csv", "text/tab-separated-values", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel", "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.ms-excel.sheet.macroenabled.12", "application/vnd.ms-excel.sheet.binary.macroenabled.12",
)  # fmt: skip


def test_the_menu_entry_opens_tables_and_names_the_icon_that_is_installed() -> None:
    entry = configparser.RawConfigParser()
    entry.optionxform = str  # type: ignore[method-assign, assignment]
    entry.read(linux.LINUX / "trackly-desktop.desktop", "utf-8")
    fields = dict(entry["Desktop Entry"])
    assert fields["Exec"] == "trackly-desktop %F"
    assert fields["Icon"] == "trackly-desktop"
    assert "text/csv" in fields["MimeType"].split(";")
    assert fields["MimeType"].endswith(";")


def test_the_appstream_metainfo_names_the_menu_entry_and_this_version() -> None:
    metainfo = ET.parse(linux.LINUX / "trackly-desktop.metainfo.xml").getroot()
    assert metainfo.findtext("launchable") == "trackly-desktop.desktop"
    assert next(release.get("version") for release in metainfo.iter("release")) == build_config.VERSION


def test_the_manual_names_every_command() -> None:
    from trackly_desktop.__main__ import COMMANDS

    manual = (linux.LINUX / "trackly-desktop.1").read_text("utf-8").replace("\\-", "-")
    for command in COMMANDS:
        assert f"\n.B {command}\n" in manual


def test_the_menu_entry_offers_every_file_type_that_opens() -> None:
    entry = (linux.LINUX / "trackly-desktop.desktop").read_text("utf-8")
    [listed] = [line.removeprefix("MimeType=") for line in entry.splitlines() if line.startswith("MimeType=")]
    assert set(listed.strip(";").split(";")) == set(MIME_TYPES)


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="a Debian package is made on Debian's kind of system")
def test_two_packages_of_the_same_folder_are_the_same_to_the_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QGuiApplication
) -> None:
    folder = tmp_path / "trackly-desktop"
    folder.mkdir()
    (folder / "trackly-desktop").write_text("#!/bin/sh\n")
    (folder / "trackly-desktop").chmod(0o755)
    (folder / "lib.so").symlink_to("trackly-desktop")
    builds = []
    for name in ("first", "second"):
        monkeypatch.setattr(build_config, "DIST", tmp_path / name)
        monkeypatch.setattr(build_config, "BUILD", tmp_path / name / "build")
        (tmp_path / name).mkdir()
        package, archive = linux.make_deb(folder, 1_700_000_000), linux.make_archive(folder, 1_700_000_000)
        builds.append((package.read_bytes(), archive.read_bytes()))
    assert builds[0] == builds[1]
