"""Releases: notes, the tag's check, the workflow, and comparison of builds."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.version import Version

import differences
import release
from trackly_desktop import __version__

ROOT = Path(__file__).resolve().parents[2]
CHANGELOG = """# Changelog

## Unreleased

- Not yet.

## 0.2.0 (2026-12-01)

- Something new.
- Something more.

## 0.1.0

- The first.
"""
METAINFO = '<release version="0.2.0" date="2026-12-01"/>'


def workflow() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/packages.yml").read_text("utf-8"))
    return content


def steps() -> list[dict[str, Any]]:
    return [step for job in workflow()["jobs"].values() for step in job["steps"]]


def test_a_releases_notes_are_its_part_of_the_changelog() -> None:
    assert release.notes("0.2.0", CHANGELOG) == "- Something new.\n- Something more."
    assert release.notes("0.1.0", CHANGELOG) == "- The first."


def test_a_version_without_notes_is_no_release() -> None:
    with pytest.raises(release.ReleaseError, match=r"says nothing under “## 0\.3\.0”"):
        release.notes("0.3.0", CHANGELOG)


@pytest.mark.parametrize(("tag", "words"), [("v0.3.0", "has to be v0.2.0"), ("0.2.0", "has to be v0.2.0")])
def test_a_tag_that_is_not_the_programs_version_is_no_release(tag: str, words: str) -> None:
    with pytest.raises(release.ReleaseError, match=words):
        release.check_tag(tag, "0.2.0", METAINFO)


def test_appstream_has_to_know_the_release_too() -> None:
    release.check_tag("v0.2.0", "0.2.0", METAINFO)
    with pytest.raises(release.ReleaseError, match="metainfo"):
        release.check_tag("v0.2.1", "0.2.1", METAINFO)


def test_the_version_is_written_in_one_file() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert pyproject["project"]["dynamic"] == ["version"]
    assert pyproject["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "trackly_desktop.__version__"}
    assert str(Version(__version__)) == __version__


def test_the_workflow_builds_and_tries_all_three_systems_before_a_release() -> None:
    jobs = workflow()["jobs"]
    assert set(jobs["release"]["needs"]) == {"check", "test", "audit", "linux", "windows", "macos"}
    for name in ("linux", "windows", "macos"):
        commands = " ".join(str(step.get("run", "")) for step in jobs[name]["steps"])
        assert "make package" in commands
        assert "self-test" in commands


def test_the_tests_run_on_each_system_with_each_python_that_is_supported() -> None:
    matrix = workflow()["jobs"]["test"]["strategy"]["matrix"]
    assert {runner.split("-")[0] for runner in matrix["runner"]} == {"ubuntu", "windows", "macos"}
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["classifiers"]
    versions = [entry.rsplit(" ", 1)[1] for entry in classifiers if re.search(r":: 3\.\d+$", entry)]
    assert matrix["python"] == versions


def test_every_action_is_pinned_to_a_commit() -> None:
    used = [step["uses"] for step in steps() if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action) for action in used)


def test_a_secret_reaches_a_step_by_its_environment_alone() -> None:
    assert not [step for step in steps() if "secrets." in str(step.get("run", "")) or "${{" in str(step.get("run", ""))]


def test_only_the_release_may_write() -> None:
    assert workflow()["permissions"] == {"contents": "read"}
    assert [name for name, job in workflow()["jobs"].items() if "permissions" in job] == ["release"]


def test_what_differs_between_two_builds_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same").write_text("same")
    assert differences.main([str(tmp_path / "first"), str(tmp_path / "second")]) == 0
    (tmp_path / "first" / "more").write_text("more")
    (tmp_path / "second" / "link").symlink_to("same")
    (tmp_path / "second" / "same").write_text("not the same")
    assert differences.main([str(tmp_path / "first"), str(tmp_path / "second")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:] == [
        "link: only in the second",
        "more: only in the first",
        lines[3],
        "2 and 2 files, 3 differ",
    ]
    assert lines[3].startswith("same: 644 ")
