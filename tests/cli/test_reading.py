"""What `check` and `import` print of how a file was read, or why it was not."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import LIST
from tests.files import workbooks
from tests.files.workbooks import Cell
from tests.validation.processes import kill_processes
from trackly_desktop.__main__ import main
from trackly_desktop.cli import check as check_command
from trackly_desktop.cli import reading
from trackly_desktop.files.table import FileProblem, FormatOptions
from trackly_desktop.mapping import column_profile
from trackly_desktop.validation.subprocess_job import PROCESS_NAME

Write = Callable[..., Path]
PEOPLE: list[list[Cell]] = [["Name", "Phone"], ["Ann", "4155550131"], ["Ben", "4155550132"]]


def report(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any], str]:
    """Run a command with --json; return its exit code, its object and its stderr."""
    code = main([*words, "--json"])
    printed = capsys.readouterr()
    result: dict[str, Any] = json.loads(printed.out.splitlines()[-1])
    return code, result, printed.err


def import_words(file: str) -> tuple[str, ...]:
    return ("import", file, "--list", LIST, "--account", "practice")


def hidden_row(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in PEOPLE:
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    book.save(tmp_path / "people.xlsx")
    return tmp_path / "people.xlsx"


HIDDEN = {
    "rows": 1, "lines": [3], "columns": 0, "names": [], "names_read": [], "header": False, "read": False, "known": True,
}  # fmt: skip


def test_check_names_hidden_rows_and_the_option_reads_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = hidden_row(tmp_path)
    code, result, words = report(capsys, "check", str(file))
    assert (code, result["rows"], result["hidden"]) == (0, 1, HIDDEN)
    assert "1 row (line 3) is hidden in the workbook, and is left out." in words
    _code, result, words = report(capsys, "check", str(file), "--hidden", "read")
    assert (result["rows"], result["hidden"]) == (2, HIDDEN | {"read": True})
    assert "1 row (line 3) is hidden in the workbook, and is read too." in words


def test_check_names_the_other_sheets_with_their_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "people.xlsx"
    cover: list[list[Cell]] = [["Questions?", "(800) 555-0100"]]
    file.write_bytes(workbooks.xlsx({"Cover": cover, "People": PEOPLE, "Notes": [["by Bob"]]}))
    _code, result, words = report(capsys, "check", str(file))
    assert result["sheet"] == "People"
    assert result["sheets"] == [
        {"name": "Cover", "phone_numbers": 1, "hidden": False}, {"name": "People", "phone_numbers": 2, "hidden": False},
        {"name": "Notes", "phone_numbers": 0, "hidden": False},
    ]  # fmt: skip
    assert "“People” is read (2 phone numbers), not “Cover” (1 phone number), “Notes” (no phone numbers)." in words


def hidden_sheet(tmp_path: Path) -> Path:
    file = tmp_path / "people.xlsx"
    everybody: list[list[Cell]] = [*PEOPLE, ["Cy", "4155550133"]]
    file.write_bytes(workbooks.xlsx({"All": everybody, "New": PEOPLE}, hidden=["All"]))
    return file


def test_a_hidden_sheet_with_more_numbers_is_asked_about(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(hidden_sheet(tmp_path))
    code, result, words = report(capsys, "check", file)
    [question] = result["questions"]
    assert (code, question["code"], question["value"]) == (1, "hidden_sheet", "All")
    assert "not “All” (hidden, 3 phone numbers)" in words
    assert report(capsys, "check", file, "--sheet", "New")[0] == 0
    code, result, _words = report(capsys, *import_words(file))
    assert code == 2
    assert question["question"] in result["error"]


def test_a_hidden_sheet_with_fewer_numbers_is_only_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "people.xlsx"
    file.write_bytes(workbooks.xlsx({"Old": PEOPLE[:2], "New": PEOPLE}, hidden=["Old"]))
    code, result, words = report(capsys, "check", str(file))
    assert (code, result["questions"]) == (0, [])
    assert "hidden" in words


def test_a_file_without_rows_and_one_with_an_open_question_are_not_all_right(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(capsys, "check", str(write("Phone,Name")))[0] == 1
    two_phones = write("Phone,Status", "4155550131,unsubscribed", "4155550132,active")
    code, result, _words = report(capsys, "check", str(two_phones))
    assert (code, [question["code"] for question in result["questions"]]) == (1, ["consent_column"])


def test_the_end_of_the_process_that_reads_a_workbook_is_a_problem_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "people.xlsx"
    rows: list[list[Cell]] = [["Phone"]]
    rows += [[f"415555{number:04}"] for number in range(20_000)]
    file.write_bytes(workbooks.xlsx({"People": rows}))

    def kill(_rows: int) -> None:
        kill_processes(PROCESS_NAME)

    with pytest.raises(FileProblem, match="the system ended"):
        reading.inspect_file(file, FormatOptions(), kill)
    assert reading.inspect_file(file, FormatOptions(), lambda _rows: None).rows == 20_000


def test_a_csv_file_with_nothing_to_say_says_nothing(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    _code, result, words = report(capsys, "check", str(write("Phone", "4155550131")))
    assert (result["sheets"], result["named_like_opt_outs"], words) == ([], None, "")


def test_hundreds_of_columns_are_named_once(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    header = ",".join(["Phone", *(f"Field {number}" for number in range(300))])
    _code, _result, words = report(capsys, "check", str(write(header, "4155550131", "4155550132")))
    assert words.count("There are 301 columns") == 1


def test_a_sheet_named_for_people_who_left_is_imported_only_when_allowed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "people.xlsx"
    file.write_bytes(workbooks.xlsx({"Unsubscribed": PEOPLE, "Notes": [["by Bob"]]}))
    _code, result, words = report(capsys, "check", str(file))
    assert result["named_like_opt_outs"] == "Unsubscribed"
    assert "“Unsubscribed” is named like a list of people who left" in words
    code, result, _words = report(capsys, *import_words(str(file)))
    assert code == 2
    assert "--allow-suppression-filename" in result["error"]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://docs.google.com/spreadsheets/d/abc/edit#gid=0", "Comma-separated values"),
        ("http://example.com/people.csv", "download"),
        ("www.example.com/people.csv", "download"),
    ],
)
def test_a_web_address_is_answered_with_how_to_download_it(
    address: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (("check", address), import_words(address)):
        code, result, _words = report(capsys, *command)
        assert code == 2
        assert words in result["error"]
        assert "moved" not in result["error"]


@pytest.mark.skipif(os.name != "posix", reason="names of files are Unicode there")
@pytest.mark.parametrize("as_json", [True, False])
def test_a_name_that_is_not_utf8_is_read_and_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, as_json: bool
) -> None:
    file = os.fsencode(tmp_path) + b"/caf\xe9.csv"
    Path(os.fsdecode(file)).write_text("Phone\n4155550131\n12\n")
    for stream in ("stdout", "stderr"):
        monkeypatch.setattr(f"sys.{stream}", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    words = ["--json"] if as_json else []
    assert main(["check", os.fsdecode(file), *words]) == 1
    assert main(["check", os.fsdecode(file) + "x", *words]) == 2
    assert main([*import_words(os.fsdecode(file) + "x"), *words]) == 2


def test_an_unforeseen_exception_while_reading_is_an_error_in_the_object(
    write: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise LookupError("+14155550131")

    monkeypatch.setattr(column_profile.ColumnProfile, "update", fail)
    file = str(write("Phone", "4155550131"))
    for command in (("check", file), import_words(file)):
        code, result, words = report(capsys, *command)
        assert code == 2
        assert "did not foresee" in result["error"]
        assert "4155550131" not in words + str(result["error"])


def test_a_wrong_option_is_an_error_in_the_object_too(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    code, result, _words = report(capsys, "check", str(write("Phone", "4155550131")), "--region", "XX")
    assert code == 2
    assert "--region" in result["error"]
    assert result["rows"] == 0


def test_the_object_of_a_file_that_cannot_be_read_has_the_keys_of_any_other(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    _code, read, _words = report(capsys, "check", str(write("Phone", "4155550131")))
    assert set(check_command.unreadable(Path("a.csv"), "why")) == set(read)
