"""PyInstaller's recipe, carried out for each system with PyInstaller itself played by stand-ins."""

from __future__ import annotations

import sys
import types
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication

from steps import build_config, bundle_contents, sbom
from trackly_desktop.system import app_info, third_party_licenses

SPEC = build_config.PACKAGING / "trackly-desktop.spec"
KNOWN = (app_info.UPDATE_ADDRESS, third_party_licenses.FILE)
HOOKS = "PyInstaller.utils.hooks"
PURE = [("httpx", metadata.distribution("httpx").locate_file("httpx/__init__.py"), "PYMODULE")]
COLLECTED = {
    "linux": ("PySide6/Qt/plugins/platforms/libqxcb.so", "PySide6/Qt/lib/libQt6Qml.so.6"),
    "win32": ("PySide6/plugins/platforms/qwindows.dll", "PySide6/opengl32sw.dll"),
    "darwin": ("PySide6/Qt/plugins/platforms/libqcocoa.dylib", "PySide6/Qt/lib/QtQml.framework/Versions/A/QtQml"),
}


class Recipe:
    """What the recipe asked PyInstaller for."""

    def __init__(self, system: str, folder: Path) -> None:
        self.system, self.folder = system, folder
        self.asked: dict[str, list[tuple[tuple[Any, ...], dict[str, Any]]]] = {}
        source = str(build_config.ROOT / "README.md")
        self._found = types.SimpleNamespace(
            pure=[(name, str(path), kind) for name, path, kind in PURE],
            binaries=[(name, source, "BINARY") for name in COLLECTED[system]],
            datas=[("keyring-1.dist-info/METADATA", source, "DATA")],
            scripts=[],
        )

    def stand_ins(self) -> dict[str, Any]:
        return {"SPECPATH": str(build_config.PACKAGING)} | {
            name: self._stand_in(name) for name in ("Analysis", "PYZ", "EXE", "COLLECT", "BUNDLE")
        }

    def _stand_in(self, name: str) -> Any:
        def called(*given: Any, **more: Any) -> Any:
            self.asked.setdefault(name, []).append((given, more))
            return self._found if name == "Analysis" else name

        return called


@pytest.fixture(params=COLLECTED)
def recipe(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QGuiApplication
) -> Recipe:
    """The recipe as it goes on one of the systems."""
    system = str(request.param)
    hooks = types.ModuleType(HOOKS)
    hooks.collect_submodules = lambda name: [name]  # type: ignore[attr-defined]
    hooks.copy_metadata = lambda name: []  # type: ignore[attr-defined]
    for name in ("PyInstaller", "PyInstaller.utils"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    monkeypatch.setitem(sys.modules, HOOKS, hooks)
    monkeypatch.setattr(build_config, "BUILD", tmp_path)
    monkeypatch.setattr("steps.icons.BUILD", tmp_path)
    monkeypatch.setattr("steps.bundle_contents._always", lambda: iter(()))
    monkeypatch.setenv("UPDATE_ADDRESS", "https://example.com/version.txt")
    made = Recipe(system, tmp_path)
    text = compile(SPEC.read_text("utf-8"), str(SPEC), "exec")
    before = [*sys.path]
    with monkeypatch.context() as there:
        there.setattr(sys, "platform", system)
        exec(text, made.stand_ins())
    sys.path[:] = before
    return made


def test_it_keeps_the_systems_own_plugin_and_leaves_the_rest(recipe: Recipe) -> None:
    [(given, _more)] = recipe.asked["COLLECT"]
    binaries = [name for name, _source, _kind in given[-2]]
    assert binaries == [COLLECTED[recipe.system][0]]


def test_what_the_program_knows_of_itself_goes_with_it(recipe: Recipe) -> None:
    [(given, _more)] = recipe.asked["COLLECT"]
    brought = {name: Path(source).read_text("utf-8") for name, source, _kind in given[-1] if name in KNOWN}
    assert brought[app_info.UPDATE_ADDRESS] == "https://example.com/version.txt"
    assert '"httpx"' in brought[third_party_licenses.FILE]
    assert (recipe.folder / sbom.NAME).exists()


def test_windows_gets_one_program_for_the_desktop_and_one_for_a_terminal(recipe: Recipe) -> None:
    programs = {more["name"]: more["console"] for _given, more in recipe.asked["EXE"]}
    if recipe.system == "win32":
        assert programs == {"Trackly Desktop": False, "trackly-desktop": True}
        for _given, more in recipe.asked["EXE"]:
            assert Path(more["icon"]).read_bytes().startswith(b"\0\0\1\0")
            assert "StringStruct('ProductVersion', " in Path(more["version"]).read_text("utf-8")
    else:
        assert programs == {"trackly-desktop": False}


def test_only_macos_gets_an_app(recipe: Recipe) -> None:
    if recipe.system != "darwin":
        assert "BUNDLE" not in recipe.asked
        return
    [(_given, more)] = recipe.asked["BUNDLE"]
    assert more["name"] == "Trackly Desktop.app"
    assert more["bundle_identifier"] == build_config.IDENTIFIER
    assert Path(more["icon"]).read_bytes().startswith(b"icns")
    assert Path(recipe.asked["EXE"][0][1]["entitlements_file"]).is_file()


def test_each_system_has_its_own_keyrings(recipe: Recipe) -> None:
    [(_given, more)] = recipe.asked["Analysis"]
    keyrings = {one for one in more["hiddenimports"] if one.startswith("keyring.backends.")}
    own = {
        "linux": "keyring.backends.SecretService",
        "win32": "keyring.backends.Windows",
        "darwin": "keyring.backends.macOS",
    }
    assert own[recipe.system] in keyrings
    assert not keyrings & set(own.values()) - {own[recipe.system]}


def test_inside_is_what_the_tables_name() -> None:
    found = bundle_contents.components([(name, str(path), kind) for name, path, kind in PURE])
    assert {"httpx", "Python", "Qt"} <= {one.notice.name for one in found}
