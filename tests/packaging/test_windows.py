"""Windows: the installer's script, and the commands that compile and sign it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication

from steps import build_config, icons, windows
from trackly_desktop.gui import file_dialogs

SCRIPT = windows.SCRIPT.read_text("utf-8")


def section(name: str) -> list[str]:
    part = SCRIPT.split(f"[{name}]", 1)[1]
    lines = re.split(r"^\[", part, maxsplit=1, flags=re.MULTILINE)[0].splitlines()
    return [line for line in lines if line.strip() and not line.startswith(";")]


def settings() -> dict[str, str]:
    return dict(line.split("=", 1) for line in section("Setup") if not line.startswith("#"))


def defined() -> dict[str, str]:
    return dict(re.findall(r'^#define (\w+) "([^"]*)"$', SCRIPT, re.MULTILINE))


def test_it_installs_for_one_person_without_an_administrator() -> None:
    assert settings()["PrivilegesRequired"] == "lowest"
    assert settings()["DefaultDirName"].startswith("{autopf}\\")
    assert "PrivilegesRequiredOverridesAllowed" not in settings()
    assert all(line.startswith("Root: HKA;") for line in section("Registry") if not line.startswith("#"))


@pytest.mark.parametrize(
    ("version", "file_version"), [("0.1.0", (0, 1, 0, 0)), ("1.0rc1", (1, 0, 0, 0)), ("1.2.3.4.5", (1, 2, 3, 4))]
)
def test_the_version_resource_is_as_pyinstaller_reads_it(
    version: str, file_version: tuple[int, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_config, "BUILD", tmp_path)
    strings: dict[str, str] = {}
    frames = ("VSVersionInfo", "StringFileInfo", "StringTable", "VarFileInfo", "VarStruct")
    names: dict[str, Any] = {name: lambda *_, **__: None for name in frames}
    numbers: list[dict[str, tuple[int, ...]]] = []
    names |= {"StringStruct": strings.__setitem__, "FixedFileInfo": lambda **fields: numbers.append(fields)}
    monkeypatch.setattr(build_config, "VERSION", version)
    eval(Path(windows.version_resource()).read_text("utf-8"), names)
    assert strings["FileVersion"] == strings["ProductVersion"] == version
    assert numbers[0]["filevers"] == file_version


def test_windows_knows_an_older_version_again() -> None:
    assert settings()["AppId"] == "{{3E0B9B7C-6B6F-4E53-9C39-5C1A7D1F0D52}"


def test_every_program_it_names_is_one_that_the_build_makes() -> None:
    programs = {f"{windows.WINDOW}.exe", f"{build_config.NAME}.exe"}
    assert {defined()["Window"], defined()["Terminal"]} == programs
    names = set(re.findall(r"\{app\}\\\{#(\w+)\}", SCRIPT))
    assert names == {"Window", "Terminal"}


def test_every_file_it_names_is_there_when_it_is_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QGuiApplication
) -> None:
    monkeypatch.setattr(icons, "BUILD", tmp_path)
    monkeypatch.setattr(build_config, "BUILD", tmp_path)
    [command] = windows.commands(Path("dist/trackly-desktop"), Path("dist/setup.exe"), {})
    variables = dict(word[2:].split("=", 1) for word in command if word.startswith("/D"))
    assert settings()["SetupIconFile"] == "{#Icon}"
    assert Path(variables["Icon"]) == icons.make_ico()
    assert section("Files") == [
        'Source: "{#Folder}\\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs'
    ]
    assert variables["Folder"] == str(Path("dist") / build_config.NAME)
    assert variables["Version"] == build_config.VERSION
    assert command[-1] == str(windows.SCRIPT)
    assert windows.SCRIPT.is_file()
    assert set(re.findall(r'MessagesFile: "([^"]*)"', SCRIPT)) == {"compiler:Default.isl"}


def test_nothing_that_it_uses_is_undefined() -> None:
    used = set(re.findall(r"\{#(\w+)", SCRIPT))
    assert used <= {*defined(), "Version", "Folder", "Icon", "Suffixes"}


def test_open_with_offers_the_program_for_every_table_and_is_taken_back() -> None:
    [listed] = re.findall(r"^#dim Suffixes\[(\d+)\] \{(.*)\}$", SCRIPT, re.MULTILINE)
    suffixes = re.findall(r'"(\w+)"', listed[1])
    assert int(listed[0]) == len(suffixes)
    assert {f".{suffix}" for suffix in suffixes} == set(file_dialogs.SUFFIXES)
    for line in section("Registry"):
        if "OpenWithProgids" in line:
            assert "uninsdeletevalue" in line
    assert settings()["ChangesAssociations"] == "yes"


def test_what_the_person_has_is_not_removed() -> None:
    assert "[UninstallDelete]" not in SCRIPT
    assert section("InstallDelete") == ['Type: filesandordirs; Name: "{app}\\_internal"']


def test_without_a_certificate_nothing_is_signed() -> None:
    [command] = windows.commands(Path("dist/trackly-desktop"), Path("dist/setup.exe"), {})
    assert "/DSigned" not in command


def test_with_a_certificate_the_programs_the_installer_and_the_uninstaller_are_signed() -> None:
    first, second = windows.commands(Path("dist/x"), Path("dist/setup.exe"), {build_config.SIGNED_ON_WINDOWS: "AB12"})
    assert first[1:4] == ["sign", "/sha1", "AB12"]
    assert [Path(program).name for program in first[-2:]] == ["Trackly Desktop.exe", "trackly-desktop.exe"]
    assert "/DSigned" in second
    [tool] = [word for word in second if word.startswith("/Ssign=")]
    assert tool.endswith(" $f")
    assert "SignTool=sign\nSignedUninstaller=yes" in SCRIPT
