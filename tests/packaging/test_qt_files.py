"""Selection of Qt's files, checked against the file lists of real wheels."""

from __future__ import annotations

from pathlib import Path

import pytest

from steps.qt_files import is_included

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
def test_what_a_window_loads_is_included(system: str) -> None:
    assert set(NEEDED[system]) <= {name for name in linked(system) if is_included(name)}


@pytest.mark.parametrize("system", NEEDED)
def test_each_included_file_finds_all_that_it_is_linked_with(system: str) -> None:
    wheel = linked(system)
    included = {Path(name).name for name in wheel if is_included(name)}
    missing = {name: sorted(set(others) - included) for name, others in wheel.items() if is_included(name)}
    assert not {name: others for name, others in missing.items() if others}


@pytest.mark.parametrize("system", NEEDED)
def test_qml_networks_databases_and_designers_stay_out(system: str) -> None:
    included = " ".join(name for name in linked(system) if is_included(name)).lower()
    for word in (
        "qml", "quick", "network", "sql", "designer", "printsupport", "opengl", "virtualkeyboard", "webp", "lottie",
    ):  # fmt: skip
        assert word not in included


@pytest.mark.parametrize(
    ("name", "included"),
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
        ("third-party-licenses.json", True),
        ("keyring-25.7.0.dist-info/METADATA", True),
        ("keyring-25.7.0.dist-info/RECORD", False),
    ],
)
def test_a_file_is_included_or_not_by_its_path(name: str, included: bool) -> None:
    assert is_included(name) is included
