"""Paths of the program's files."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest

from trackly_desktop.system import paths

FOLDERS = {"DATA": paths.data_folder, "CONFIG": paths.config_folder, "STATE": paths.log_folder}


@pytest.mark.parametrize("kind", FOLDERS)
@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
def test_xdg_variables_count_on_every_system(
    kind: str, system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / "other"))
    assert FOLDERS[kind]().is_relative_to(tmp_path / "other" / "trackly-desktop")


@pytest.mark.parametrize(
    ("folder", "default"),
    [(paths.data_folder, platformdirs.user_data_path), (paths.config_folder, platformdirs.user_config_path)],
)
def test_an_xdg_variable_that_is_no_absolute_path_does_not_count(
    folder: Callable[[], Path], default: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for kind in FOLDERS:
        monkeypatch.setenv(f"XDG_{kind}_HOME", "here")
    assert folder() == default("trackly-desktop", appauthor=False)
    assert folder().is_relative_to(tmp_path)


def test_each_folder_is_its_owners_alone() -> None:
    assert {folder().stat().st_mode & 0o777 for folder in FOLDERS.values()} == {0o700}
