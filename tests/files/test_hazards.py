"""Every hazard of the corpus, as `check --json` reports it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.files.hazards import ENCODINGS, SHAPES, UNREADABLE, Hazard
from tests.files.values import COLUMNS, VALUES
from trackly_desktop.__main__ import main


def check(path: Path, *options: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Return the report of the command on a file."""
    main(["check", str(path), "--json", *options])
    report: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return report


@pytest.mark.parametrize("hazard", [*ENCODINGS, *SHAPES, *VALUES, *COLUMNS], ids=lambda hazard: hazard.name)
def test_a_hazard_is_read_as_it_was_meant(hazard: Hazard, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "contacts.csv"
    file.write_bytes(hazard.content)
    report = check(file, *hazard.options, capsys=capsys)
    assert report["error"] is None
    assert {key: report[key] for key in hazard.report} == hazard.report
    problems = {problem["row"]: problem["problem"] for problem in report["problems"]}
    assert set(problems) == set(hazard.problems)
    for row, word in hazard.problems.items():
        assert word in problems[row]


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_imported_says_exactly_why(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, word = UNREADABLE[name]
    file = tmp_path / "contacts.csv"
    file.write_bytes(content)
    report = check(file, capsys=capsys)
    assert word in report["error"]
    assert report["rows"] == 0
