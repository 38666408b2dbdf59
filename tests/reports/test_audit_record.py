"""The audit record: its content, and changes of it or of the file."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import LIST, Practice
from tests.journeys.jobs import check, deliver
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.journal.resolutions import retry_refused
from trackly_desktop.journal.run_store import Journal
from trackly_desktop.reports.audit_record import RecordProblem, verify, write_record

Write = Callable[..., Path]
SENTENCE = "3 contacts will be added to Spring offers."


@pytest.fixture
def imported(practice: Practice, journal_path: Path, write: Write, tmp_path: Path) -> tuple[Path, Path]:
    """A file that was imported, and its record."""
    file = write("Phone,Name,Opt out", "4155550120,Ada,no", "4155550101,No,no", "4155550121,Out,yes", "415,Short,no")
    run_id = check(journal_path, file, practice.address).run_id
    with Journal(journal_path) as journal:
        journal.start(run_id, SENTENCE)
    deliver(journal_path, run_id)
    record = tmp_path / "record.json"
    reader = JournalReader(journal_path)
    write_record(reader, run_id, record)
    reader.close()
    return file, record


def test_it_has_the_file_the_confirmation_and_the_counts(imported: tuple[Path, Path], practice: Practice) -> None:
    file, record = imported
    stored = json.loads(record.read_text("utf-8"))
    assert stored["file"] == {
        "name": "people.csv", "sha256": hashlib.sha256(file.read_bytes()).hexdigest(), "bytes": file.stat().st_size,
        "rows": 4,
    }  # fmt: skip
    assert stored["confirmed"]["sentence"] == SENTENCE
    assert stored["confirmed"]["at"].endswith("Z")
    assert stored["account"] == "Acme"
    assert stored["server"] == practice.address
    assert stored["lists"] == {LIST: 2}
    assert stored["columns"] == {"Phone": "phone_number", "Name": "custom:name", "Opt out": "custom:opt_out"}
    assert {name: count for name, count in stored["counts"].items() if count} == {
        "created": 1, "refused": 1, "invalid": 1, "skipped": 1,
    }  # fmt: skip
    assert stored["read_as"]["hidden"] is None
    assert stored["left_out"] == {"Its own column says no: Opt out = yes": 1}
    assert stored["successes"]["new_contacts"] == 1
    assert stat.S_IMODE(record.stat().st_mode) == 0o600


def test_it_has_what_the_workbook_hid_and_what_became_of_it(
    practice: Practice, journal_path: Path, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["Phone", "Opted out", "City"], ["4155550120", "no", "Rome"], ["4155550121", "no", "Bonn"]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    for letter in "BC":
        sheet.column_dimensions[letter].hidden = True
    book.save(tmp_path / "people.xlsx")
    run_id = check(journal_path, tmp_path / "people.xlsx", practice.address).run_id
    with Journal(journal_path) as journal:
        journal.start(run_id, SENTENCE)
    deliver(journal_path, run_id)
    reader = JournalReader(journal_path)
    stored = write_record(reader, run_id, tmp_path / "record.json")
    reader.close()
    assert stored["read_as"]["hidden"] == {
        "rows": 1, "lines": [3], "columns": 2, "names": ["Opted out", "City"], "names_read": ["Opted out"], "header": False,
        "read": False, "known": True,
    }  # fmt: skip


def test_no_phone_number_is_in_it(imported: tuple[Path, Path]) -> None:
    assert "4155550120" not in imported[1].read_text("utf-8")


def test_a_true_record_and_its_file_are_found_true(imported: tuple[Path, Path], journal_path: Path) -> None:
    file, record = imported
    reader = JournalReader(journal_path)
    verdict = verify(record, file, reader)
    reader.close()
    assert verdict.is_true
    assert verdict.words == (
        "The record is as it was made",
        "people.csv is the file that was imported",
        "This computer's journal says the same",
    )


def test_a_record_that_was_changed_is_found_out(imported: tuple[Path, Path]) -> None:
    file, record = imported
    record.write_text(record.read_text("utf-8").replace('"created": 1', '"created": 2'), "utf-8")
    verdict = verify(record, file)
    assert not verdict.is_true
    assert verdict.words[0] == "THE RECORD WAS CHANGED after it was made"


def test_another_file_is_found_out(imported: tuple[Path, Path]) -> None:
    file, record = imported
    file.write_text(file.read_text().replace("Ada", "Eva"))
    verdict = verify(record, file)
    assert not verdict.is_true
    assert "IS ANOTHER FILE" in verdict.words[1]


def test_a_journal_that_went_on_since_is_reported(imported: tuple[Path, Path], journal_path: Path) -> None:
    file, record = imported
    retry_refused(journal_path, 1)
    reader = JournalReader(journal_path)
    verdict = verify(record, file, reader)
    reader.close()
    assert verdict.words[2] == "This computer's journal has gone on since"


@pytest.mark.parametrize("content", ["%PDF-1.4", "[]", "{}", '{"format": "other", "file": {}}'])
def test_a_file_that_is_no_record_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(RecordProblem, match="no proof record"):
        verify(path, path)
