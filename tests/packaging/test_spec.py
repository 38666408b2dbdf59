"""PyInstaller's spec, executed for each system with stand-ins for PyInstaller."""

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
APP_INFO_FILES = (app_info.UPDATE_ADDRESS, third_party_licenses.FILE_NAME)
HOOKS = "PyInstaller.utils.hooks"
PURE = [("httpx", metadata.distribution("httpx").locate_file("httpx/__init__.py"), "PYMODULE")]
COLLECTED = {
    "linux": ("PySide6/Qt/plugins/platforms/libqxcb.so", "PySide6/Qt/lib/libQt6Qml.so.6"),
    "win32": ("PySide6/plugins/platforms/qwindows.dll", "PySide6/opengl32sw.dll"),
    "darwin": ("PySide6/Qt/plugins/platforms/libqcocoa.dylib", "PySide6/Qt/lib/QtQml.framework/Versions/A/QtQml"),
}


class SpecRun:
    """One execution of the spec and its calls of PyInstaller."""

    def __init__(self, system: str, folder: Path) -> None:
        self.system, self.folder = system, folder
        self.calls: dict[str, list[tuple[tuple[Any, ...], dict[str, Any]]]] = {}
        source = str(build_config.ROOT / "README.md")
        self._analysis = types.SimpleNamespace(
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
        def called(*args: Any, **kwargs: Any) -> Any:
            self.calls.setdefault(name, []).append((args, kwargs))
            return self._analysis if name == "Analysis" else name

        return called


@pytest.fixture(params=COLLECTED)
def spec_run(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QGuiApplication
) -> SpecRun:
    """The spec, executed as on one of the systems."""
    system = str(request.param)
    hooks = types.ModuleType(HOOKS)
    hooks.collect_submodules = lambda name: [name]  # type: ignore[attr-defined]
    hooks.copy_metadata = lambda name: []  # type: ignore[attr-defined]
    hooks.collect_data_files = lambda name, excludes: [("resources/x.json", name)]  # type: ignore[attr-defined]
    for name in ("PyInstaller", "PyInstaller.utils"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    monkeypatch.setitem(sys.modules, HOOKS, hooks)
    monkeypatch.setattr(build_config, "BUILD", tmp_path)
    monkeypatch.setattr("steps.icons.BUILD", tmp_path)
    monkeypatch.setattr("steps.bundle_contents._runtime_components", lambda: iter(()))
    monkeypatch.setenv("UPDATE_ADDRESS", "https://example.com/version.txt")
    spec_run = SpecRun(system, tmp_path)
    code = compile(SPEC.read_text("utf-8"), str(SPEC), "exec")
    path = [*sys.path]
    with monkeypatch.context() as context:
        context.setattr(sys, "platform", system)
        exec(code, spec_run.stand_ins())
    sys.path[:] = path
    return spec_run


def test_it_includes_the_systems_own_plugin_alone(spec_run: SpecRun) -> None:
    [(args, _kwargs)] = spec_run.calls["COLLECT"]
    binaries = [name for name, _source, _kind in args[-2]]
    assert binaries == [COLLECTED[spec_run.system][0]]


def test_the_update_address_and_the_licenses_are_included(spec_run: SpecRun) -> None:
    [(args, _kwargs)] = spec_run.calls["COLLECT"]
    contents = {name: Path(source).read_text("utf-8") for name, source, _kind in args[-1] if name in APP_INFO_FILES}
    assert contents[app_info.UPDATE_ADDRESS] == "https://example.com/version.txt"
    assert '"httpx"' in contents[third_party_licenses.FILE_NAME]
    assert (spec_run.folder / sbom.NAME).exists()


def test_windows_gets_one_program_for_the_desktop_and_one_for_a_terminal(spec_run: SpecRun) -> None:
    programs = {kwargs["name"]: kwargs["console"] for _args, kwargs in spec_run.calls["EXE"]}
    if spec_run.system == "win32":
        assert programs == {"Trackly Desktop": False, "trackly-desktop": True}
        for _args, kwargs in spec_run.calls["EXE"]:
            assert Path(kwargs["icon"]).read_bytes().startswith(b"\0\0\1\0")
            assert "StringStruct('ProductVersion', " in Path(kwargs["version"]).read_text("utf-8")
    else:
        assert programs == {"trackly-desktop": False}


def test_only_macos_gets_an_app(spec_run: SpecRun) -> None:
    if spec_run.system != "darwin":
        assert "BUNDLE" not in spec_run.calls
        return
    [(_args, kwargs)] = spec_run.calls["BUNDLE"]
    assert kwargs["name"] == "Trackly Desktop.app"
    assert kwargs["bundle_identifier"] == build_config.IDENTIFIER
    assert Path(kwargs["icon"]).read_bytes().startswith(b"icns")
    assert Path(spec_run.calls["EXE"][0][1]["entitlements_file"]).is_file()


def test_each_system_has_its_own_keyrings(spec_run: SpecRun) -> None:
    [(_args, kwargs)] = spec_run.calls["Analysis"]
    keyrings = {name for name in kwargs["hiddenimports"] if name.startswith("keyring.backends.")}
    own = {
        "linux": "keyring.backends.SecretService",
        "win32": "keyring.backends.Windows",
        "darwin": "keyring.backends.macOS",
    }
    assert own[spec_run.system] in keyrings
    assert not keyrings & set(own.values()) - {own[spec_run.system]}


def test_the_components_are_those_of_the_collected_files() -> None:
    components = bundle_contents.components([(name, str(path), kind) for name, path, kind in PURE])
    assert {"httpx", "Python", "Qt"} <= {component.license.name for component in components}
