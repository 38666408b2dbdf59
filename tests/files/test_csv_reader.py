"""CSV files: their format is detected, and they are read to the last cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from trackly_desktop.contacts.issues import IssueCode
from trackly_desktop.files.open_table import open_table
from trackly_desktop.files.table import FileProblem, FormatOptions

Write = Callable[..., Path]


def cells(path: Path, options: FormatOptions = FormatOptions()) -> list[list[str]]:
    return [row.cells for row in open_table(path, options).rows()]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(write: Write, delimiter: str) -> None:
    table = open_table(write(delimiter.join(("Phone", "Name")), delimiter.join(("+14155550101", "Ada, B."))))
    if delimiter != ",":
        assert [row.cells for row in table.rows()] == [["+14155550101", "Ada, B."]]
    assert (table.how.delimiter, table.header) == (delimiter, ["Phone", "Name"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_the_encoding_is_found(write: Write, encoding: str) -> None:
    path = write("Phone,Name", "+14155550101,Zoë", encoding=encoding)
    assert cells(path) == [["+14155550101", "Zoë"]]
    assert open_table(path).how.encoding == encoding.removesuffix("-sig")


def test_a_file_without_a_header_is_known_by_its_first_row(write: Write) -> None:
    table = open_table(write("+14155550101,Ada", "+14155550102,Ben"))
    assert (table.how.header_row, table.header) == (None, ["Column 1", "Column 2"])
    assert [row.number for row in table.rows()] == [1, 2]


def test_what_was_found_can_be_chosen_otherwise(write: Write) -> None:
    path = write("Phone;Name", "+14155550101;Ada")
    table = open_table(path, FormatOptions(delimiter=",", header=0))
    assert table.header == ["Column 1"]
    assert len(list(table.rows())) == 2


def test_a_quoted_cell_keeps_its_lines_and_rows_keep_their_line_numbers(write: Write) -> None:
    rows = list(open_table(write("Phone,Note", '+14155550101,"two', 'lines"', "", "+14155550102,x")).rows())
    assert [(row.number, row.line) for row in rows] == [(1, 2), (2, 5)]
    assert rows[0].cells[1] == "two\nlines"


def test_columns_without_a_name_or_with_the_same_get_their_own(write: Write) -> None:
    assert open_table(write("Phone,,Phone", "1,2,3")).header == ["Phone", "Column 2", "Phone (2)"]


def test_excels_own_first_line_names_the_separator(write: Write) -> None:
    table = open_table(write("sep=;", "Phone;Name", "+14155550101;Ada"))
    assert (table.header, table.how.header_row) == (["Phone", "Name"], 2)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"PK\x03\x04rest", "zip file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "workbook cannot be read"),
        (b"%PDF-1.4", "PDF"),
        (bytes(range(256)) * 4, "not a text file"),
    ],
)
def test_what_is_no_table_says_what_it_is(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    with pytest.raises(FileProblem, match=words):
        open_table(path)


def test_a_file_that_is_not_there_or_a_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="not there any more"):
        open_table(tmp_path / "none.csv")
    with pytest.raises(FileProblem, match="folder"):
        open_table(tmp_path)


def test_bytes_that_the_chosen_encoding_has_not_are_named_with_their_row(write: Write) -> None:
    path = write("Phone,Name", "+14155550101,Zoë", "+14155550102,Bob", encoding="windows-1252")
    first, second = open_table(path, FormatOptions(encoding="utf-8")).rows()
    assert first.issue is not None
    assert (first.issue.code, first.issue.params["byte"]) == (IssueCode.ROW_UNDECODABLE, 0xEB)
    assert first.cells == ["+14155550101", "Zo\\xEB"]
    assert second.issue is None
