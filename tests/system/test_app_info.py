"""Version, update address, and licenses of third-party software."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

import pytest

from trackly_desktop.system import app_info, third_party_licenses
from trackly_desktop.system.third_party_licenses import License


@pytest.mark.parametrize(
    ("version", "current", "newer"),
    [
        ("0.2.0", "0.1.0", True), ("0.10", "0.9", True), ("1.0.0", "1.0", False), ("0.1.0", "0.1.0", False),
        ("0.0.9", "0.1.0", False), ("1", "0.9.9", True),
        ("1.0", "1.0rc1", True), ("1.0rc1", "1.0", False), ("1.0rc2", "1.0rc1", True), ("1.0.post1", "1.0", True),
    ],
)  # fmt: skip
def test_versions_are_compared_as_numbers(version: str, current: str, newer: bool) -> None:
    assert app_info.is_newer(version, current) is newer


def test_a_checkout_has_the_terms_of_everything_that_the_program_needs() -> None:
    licenses = {entry.name.lower().replace("_", "-"): entry for entry in third_party_licenses.read_licenses()}
    assert {"python", "pyside6-essentials", "shiboken6", "httpx", "anyio", "phonenumbers", "keyring"} <= set(licenses)
    assert all(len(entry.text) > 200 and entry.license for entry in licenses.values()), [
        entry.name for entry in licenses.values() if len(entry.text) <= 200
    ]
    assert not {"pytest", "ruff", "pyinstaller"} & set(licenses)


def test_an_installed_program_reads_its_requirements_from_its_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    requirements = ["httpx>=0.28", 'keyring; sys_platform == "no such system"', 'pytest; extra == "dev"']
    requires = metadata.requires
    monkeypatch.setattr(
        metadata, "requires", lambda name: requirements if name == "trackly-desktop" else requires(name)
    )
    names = {entry.name for entry in third_party_licenses.read_licenses()}
    assert {"Python", "httpx", "anyio"} <= names
    assert not {"keyring", "pytest"} & names


def test_qts_terms_stand_in_full() -> None:
    [qt] = [entry for entry in third_party_licenses.read_licenses() if entry.name.lower().startswith("pyside6")]
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in qt.text
    assert "GNU GENERAL PUBLIC LICENSE" in qt.text


def test_a_packaged_program_has_what_its_build_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zlib = License("Zlib", "1.3", "Zlib", "its terms")
    third_party_licenses.write_licenses([zlib], tmp_path)
    (tmp_path / app_info.UPDATE_ADDRESS).write_text("https://example.com/version.txt")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert third_party_licenses.read_licenses() == [zlib]
    assert app_info.update_address() == "https://example.com/version.txt"
    assert app_info.libraries_folder() == tmp_path


def test_a_packaged_program_without_these_files_still_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert third_party_licenses.read_licenses() == []
    assert app_info.update_address() == ""
