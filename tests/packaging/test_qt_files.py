"""What of Qt goes into a package, by the real wheels: all that is needed, and that only."""

from __future__ import annotations

from pathlib import Path

import pytest

from steps.qt_files import is_kept

NEEDED = {
    "windows": (
        "PySide6/Qt6Core.dll", "PySide6/Qt6Gui.dll", "PySide6/Qt6Widgets.dll", "PySide6/Qt6Svg.dll", "PySide6/Qt6Test.dll",
        "PySide6/QtWidgets.pyd", "PySide6/plugins/platforms/qwindows.dll", "PySide6/plugins/platforms/qoffscreen.dll",
        "PySide6/plugins/iconengines/qsvgicon.dll", "PySide6/pyside6.abi3.dll", "shiboken6/shiboken6.abi3.dll",
    ),
    "macos": (
        "PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore", "PySide6/Qt/lib/QtDBus.framework/Versions/A/QtDBus",
        "PySide6/Qt/plugins/platforms/libqcocoa.dylib", "PySide6/Qt/plugins/platforms/libqoffscreen.dylib",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.dylib", "PySide6/QtWidgets.abi3.so",
        "PySide6/libpyside6.abi3.6.11.dylib",
    ),
}  # fmt: skip


def linked(system: str) -> dict[str, list[str]]:
    lines = (Path(__file__).parent / f"wheel_on_{system}.txt").read_text("utf-8").splitlines()[1:]
    return {line.split(":")[0]: line.split(":")[1].split() for line in lines}


@pytest.mark.parametrize("system", NEEDED)
def test_what_a_window_loads_is_kept(system: str) -> None:
    assert set(NEEDED[system]) <= {name for name in linked(system) if is_kept(name)}


@pytest.mark.parametrize("system", NEEDED)
def test_whatever_is_kept_finds_all_that_it_is_linked_with(system: str) -> None:
    wheel = linked(system)
    kept = {Path(name).name for name in wheel if is_kept(name)}
    missing = {name: sorted(set(others) - kept) for name, others in wheel.items() if is_kept(name)}
    assert not {name: others for name, others in missing.items() if others}


@pytest.mark.parametrize("system", NEEDED)
def test_qml_networks_databases_and_designers_stay_out(system: str) -> None:
    kept = " ".join(name for name in linked(system) if is_kept(name)).lower()
    for word in (
        "qml",
        "quick",
        "network",
        "sql",
        "designer",
        "printsupport",
        "opengl",
        "virtualkeyboard",
        "webp",
        "lottie",
    ):
        assert word not in kept


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("PySide6/Qt/lib/libQt6Widgets.so.6", True),
        ("libQt6Widgets.so.6", True),
        ("libQt6Network.so.6", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("PySide6\\plugins\\platforms\\qwindows.dll", True),
        ("PySide6/QtNetwork.abi3.so", False),
        ("libssl.so.3", True),
        ("libgtk-3.so.0", False),
        ("notices.json", True),
        ("keyring-25.7.0.dist-info/METADATA", True),
        ("keyring-25.7.0.dist-info/RECORD", False),
    ],
)
def test_a_file_is_kept_or_not_by_its_place(name: str, kept: bool) -> None:
    assert is_kept(name) is kept
