"""Results and rows to fix, as files that Excel opens safely."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Practice
from tests.journeys.jobs import check, deliver, rows_of
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.mapping.column_mapping import PROBLEM_COLUMN
from trackly_desktop.reports.results_export import RESULT_COLUMNS, safe_cell, write_results, write_rows_to_fix

Write = Callable[..., Path]


def test_results_have_the_files_own_columns_and_what_came_of_each_row(
    practice: Practice, journal_path: Path, write: Write, tmp_path: Path
) -> None:
    file = write("Phone,Name", "4155550120,Zoë", "4155550101,=1+1", "12,Cy")
    checked = check(journal_path, file, practice.address)
    deliver(journal_path, checked.run_id)
    target = tmp_path / "results.csv"
    reader = JournalReader(journal_path)
    assert write_results(reader, checked.run_id, target) == 3
    reader.close()
    with target.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert list(rows[0]) == ["Phone", "Name", *RESULT_COLUMNS]
    assert [row["outcome"] for row in rows] == ["created", "refused", "invalid"]
    assert rows[0]["is_new_list_contact"] == "true"
    assert rows[0]["answered_at"].endswith("Z")
    assert "not_sendable" in rows[1]["problem"]
    assert rows[1]["Name"] == "'=1+1"
    assert "too short" in rows[2]["problem"]


def test_rows_to_fix_once_corrected_import_as_the_first_file_did(
    practice: Practice, journal_path: Path, write: Write, tmp_path: Path
) -> None:
    checked = check(journal_path, write("Phone,Name", "4155550120,Ada", "12,Cy"), practice.address)
    deliver(journal_path, checked.run_id)
    target = tmp_path / "to fix.csv"
    reader = JournalReader(journal_path)
    assert write_rows_to_fix(reader, checked.run_id, target) == 1
    reader.close()
    text = target.read_text("utf-8-sig")
    assert text.startswith(f"Phone,Name,{PROBLEM_COLUMN}")
    target.write_text(text.replace("12,Cy", "4155550122,Cy"), "utf-8")
    again = check(journal_path, target, practice.address)
    assert [row.phone for row in rows_of(journal_path, again.run_id)] == ["+14155550122"]
    deliver(journal_path, again.run_id)
    assert practice.people()["+14155550122"]["custom_fields"] == {"name": "Cy"}


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\tx", "'\tx"),
        ("-2+3+cmd", "'-2+3+cmd"),
        ("+14155550120", "+14155550120"),
        ("-12.5", "-12.5"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(text: str, safe: str) -> None:
    assert safe_cell(text) == safe
