"""Workbooks: the right sheet, whole numbers, dates as dates."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.files import workbooks
from tests.journeys.jobs import check, rows_of
from trackly_desktop.contacts.issues import IssueCode
from trackly_desktop.files.open_table import open_table
from trackly_desktop.files.table import FileProblem, FormatOptions, Table

PEOPLE: list[list[workbooks.Cell]] = [
    ["Phone", "Name", "Signup Date", "VIP", "Spent"],
    [14155550120.0, "Zoë", datetime.datetime(2025, 3, 15, 14, 30), True, 12.5],
    ["+14155550121", "王小明", datetime.date(2025, 3, 16), False, 7],
]
READ = [
    ["14155550120", "Zoë", "2025-03-15 14:30:00", "true", "12.5"],
    ["+14155550121", "王小明", "2025-03-16", "false", "7"],
]


def opened(tmp_path: Path, content: bytes, options: FormatOptions = FormatOptions()) -> Table:
    file = tmp_path / "people.xlsx"
    file.write_bytes(content)
    return open_table(file, options)


def cells(table: Table) -> list[list[str]]:
    return [row.cells for row in table.rows()]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_numbers_dates_and_yes_or_no_are_read_as_they_are_meant(tmp_path: Path, kind: str) -> None:
    make: Callable[..., bytes] = getattr(workbooks, kind)
    table = opened(tmp_path, make({"People": PEOPLE}))
    assert (table.how.kind, table.how.sheet, table.how.header_row) == (kind, "People", 1)
    assert (table.how.encoding, table.how.delimiter) == (None, None)
    assert cells(table) == READ


def test_a_binary_workbook_is_read_too(tmp_path: Path) -> None:
    table = opened(tmp_path, workbooks.xlsb({"People": [["Phone", "Name", "VIP"], [14155550120.0, "Zoë", True]]}))
    assert (table.how.kind, cells(table)) == ("xlsb", [["14155550120", "Zoë", "true"]])


def test_the_sheet_with_phone_numbers_is_taken_and_another_can_be_chosen(tmp_path: Path) -> None:
    book = workbooks.xlsx({"Read me": [["How this was made"]], "People": PEOPLE, "More": [["Phone"], ["4155550129"]]})
    assert opened(tmp_path, book).how.sheet == "People"
    assert opened(tmp_path, book).how.sheets == ("Read me", "People", "More")
    assert cells(opened(tmp_path, book, FormatOptions(sheet="more"))) == [["4155550129"]]
    with pytest.raises(FileProblem, match="There is no sheet “None”; there are “Read me”"):
        opened(tmp_path, book, FormatOptions(sheet="None"))


def test_a_hidden_sheet_is_not_taken_by_itself(tmp_path: Path) -> None:
    book = workbooks.xlsx({"Old": PEOPLE, "New": [["Phone"], ["4155550129"]]}, hidden=["Old"])
    assert opened(tmp_path, book).how.sheet == "New"


def test_rows_keep_the_lines_that_they_have_in_the_sheet(tmp_path: Path) -> None:
    rows: list[list[workbooks.Cell]] = [[None], ["Spring campaign"], [None], *PEOPLE[:2], [None], PEOPLE[2]]
    table = opened(tmp_path, workbooks.xlsx({"People": rows}))
    assert table.how.header_row == 4
    assert [(row.number, row.line) for row in table.rows()] == [(1, 5), (2, 7)]


def test_the_line_of_the_header_can_be_chosen(tmp_path: Path) -> None:
    book = workbooks.xlsx({"People": [["4155550120", "Ada"], ["4155550121", "Ben"]]})
    assert len(cells(opened(tmp_path, book))) == 2
    assert cells(opened(tmp_path, book, FormatOptions(header=1))) == [["4155550121", "Ben"]]
    assert len(cells(opened(tmp_path, workbooks.xlsx({"People": PEOPLE}), FormatOptions(header=0)))) == 3


def test_a_number_whose_last_digits_excel_dropped_is_invalid(journal_path: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.xlsx"
    file.write_bytes(workbooks.xlsx({"P": [["Phone"], ["1.41556E+10"], [14155550121.0], [4.4791112e11]]}))
    checked = check(journal_path, file, "http://127.0.0.1:9")
    rows = rows_of(journal_path, checked.run_id)
    assert rows[0].issues[0].code is IssueCode.PHONE_EXCEL_SHORTENED
    assert rows[1].phone == "+14155550121"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (workbooks.xlsx({"P": [[None]]}), "is empty"),
        (workbooks.xlsx({"P": PEOPLE})[:3000], "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
    ids=["empty", "cut off", "locked"],
)
def test_a_workbook_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(FileProblem, match=words):
        opened(tmp_path, content)
