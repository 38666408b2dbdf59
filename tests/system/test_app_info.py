"""What this copy of the program knows of itself."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from trackly_desktop.system import app_info, third_party_licenses
from trackly_desktop.system.third_party_licenses import License


@pytest.mark.parametrize(
    ("told", "than", "newer"),
    [
        ("0.2.0", "0.1.0", True), ("0.10", "0.9", True), ("1.0.0", "1.0", False), ("0.1.0", "0.1.0", False),
        ("0.0.9", "0.1.0", False), ("1", "0.9.9", True),
    ],
)  # fmt: skip
def test_versions_are_compared_as_numbers(told: str, than: str, newer: bool) -> None:
    assert app_info.is_newer(told, than) is newer


def test_a_checkout_has_the_terms_of_everything_that_the_program_needs() -> None:
    found = {one.name.lower().replace("_", "-"): one for one in third_party_licenses.notices()}
    assert {"python", "pyside6-essentials", "shiboken6", "httpx", "anyio", "phonenumbers", "keyring"} <= set(found)
    assert all(len(one.text) > 200 and one.licence for one in found.values()), [
        one.name for one in found.values() if len(one.text) <= 200
    ]
    assert not {"pytest", "ruff", "pyinstaller"} & set(found)


def test_qts_terms_stand_in_full() -> None:
    [qt] = [one for one in third_party_licenses.notices() if one.name.lower().startswith("pyside6")]
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in qt.text
    assert "GNU GENERAL PUBLIC LICENSE" in qt.text


def test_a_packaged_program_has_what_its_build_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = License("Zlib", "1.3", "Zlib", "its terms")
    third_party_licenses.write_notices([work], tmp_path)
    (tmp_path / app_info.UPDATE_ADDRESS).write_text("https://example.com/version.txt")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert third_party_licenses.notices() == [work]
    assert app_info.update_address() == "https://example.com/version.txt"
    assert app_info.libraries_folder() == tmp_path


def test_a_packaged_program_without_these_files_still_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert third_party_licenses.notices() == []
    assert app_info.update_address() == ""
