"""Workbooks with hidden, far, broken and oddly formatted cells."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import io
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt
from openpyxl.worksheet.worksheet import Worksheet

from tests.files import workbooks
from tests.files.workbooks import Cell
from tests.journeys.jobs import check, rows_of
from trackly_desktop.contacts.excel_errors import is_excel_error
from trackly_desktop.contacts.issues import IssueCode
from trackly_desktop.files.open_table import open_table
from trackly_desktop.files.table import FileProblem, FormatOptions, HiddenCells, Table
from trackly_desktop.messages import hidden_text, reading_texts

READ_HIDDEN = FormatOptions(hidden=HiddenCells.READ)
PEOPLE: list[list[Cell]] = [
    ["Name", "Phone", "City"],
    ["Ann", "4155550131", "Rome"],
    ["Ben", "4155550132", "Bonn"],
    ["Cy", "4155550133", "Nice"],
]


def edited(rows: list[list[Cell]], edit: Callable[[Worksheet], object]) -> bytes:
    """Return a workbook of these rows after the edit of its sheet."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    edit(sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook with another content of one part."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            packing = zipfile.ZIP_STORED if part == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(part, change(old.read(part)) if part == name else old.read(part), packing)
    return file.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def opened(tmp_path: Path, content: bytes, options: FormatOptions = FormatOptions()) -> Table:
    file = tmp_path / "people.xlsx"
    file.write_bytes(content)
    return open_table(file, options)


def cells(table: Table) -> list[list[str]]:
    return [row.cells for row in table.rows()]


def names(table: Table) -> list[str]:
    return [row.cells[0] for row in table.rows()]


# Hidden cells


def hide_row_and_column(sheet: Worksheet) -> None:
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True


def test_hidden_rows_and_columns_are_left_out_and_counted(tmp_path: Path) -> None:
    table = opened(tmp_path, edited(PEOPLE, hide_row_and_column))
    assert table.header == ["Name", "Phone"]
    assert cells(table) == [["Ann", "4155550131"], ["Cy", "4155550133"]]
    assert (table.how.hidden_rows, table.how.hidden_columns) == (1, 1)
    assert [row.line for row in table.rows()] == [2, 4]


def test_hidden_rows_and_columns_are_read_where_that_is_wanted(tmp_path: Path) -> None:
    table = opened(tmp_path, edited(PEOPLE, hide_row_and_column), READ_HIDDEN)
    assert cells(table) == PEOPLE[1:]
    assert (table.how.hidden_rows, table.how.hidden_columns, table.how.hidden) == (1, 1, HiddenCells.READ)


def test_rows_hidden_by_a_filter_are_hidden(tmp_path: Path) -> None:
    def filter_by_city(sheet: Worksheet) -> None:
        sheet.auto_filter.ref = "A1:C4"
        sheet.auto_filter.add_filter_column(2, ["Rome"])
        for line in (3, 4):  # as Excel writes a filter that was applied
            sheet.row_dimensions[line].hidden = True

    assert names(opened(tmp_path, edited(PEOPLE, filter_by_city))) == ["Ann"]


def test_a_row_of_no_height_and_a_column_of_no_width_are_hidden(tmp_path: Path) -> None:
    def shrink(xml: bytes) -> bytes:
        xml = xml.replace(b"<sheetData>", b'<cols><col min="1" max="1" width="0" customWidth="1"/></cols><sheetData>')
        return xml.replace(b'<row r="2">', b'<row r="2" ht="0" customHeight="1">')

    content = with_part(workbooks.xlsx({"P": PEOPLE}), SHEET, shrink)
    assert cells(opened(tmp_path, content)) == [["4155550132", "Bonn"], ["4155550133", "Nice"]]


def test_low_rows_and_blank_hidden_ones_are_nothing_to_ask_about(tmp_path: Path) -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.row_dimensions[2].height = 0.75
        sheet.row_dimensions[20].hidden = True
        sheet.column_dimensions["H"].hidden = True

    how = opened(tmp_path, edited(PEOPLE, edit)).how
    assert (how.hidden_rows, how.hidden_columns) == (0, 0)


def test_hidden_cells_count_from_a_table_that_begins_further_right(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [[None], *([None, None, *row] for row in PEOPLE)]

    def edit(sheet: Worksheet) -> None:
        sheet.column_dimensions["E"].hidden = True
        sheet.row_dimensions[3].hidden = True

    table = opened(tmp_path, edited(rows, edit))
    assert (table.header, names(table)) == (["Name", "Phone"], ["Ben", "Cy"])


def test_a_sheet_whose_rows_are_all_hidden_says_so(tmp_path: Path) -> None:
    def edit(sheet: Worksheet) -> None:
        for line in range(1, 5):
            sheet.row_dimensions[line].hidden = True

    with pytest.raises(FileProblem, match="hidden"):
        opened(tmp_path, edited(PEOPLE, edit))
    assert len(cells(opened(tmp_path, edited(PEOPLE, edit), READ_HIDDEN))) == 3


HELD_BACK: list[list[Cell]] = [
    ["Name", "Phone", "City", "Opted out", "Status", "Country", "Land line code"],
    ["Ann", "4155550131", "Rome", "yes", "active", "Italy", "x"],
    ["Ben", "4155550132", "Bonn", "no", "unsubscribed", "Germany", "y"],
]


def hide(*letters: str) -> Callable[[Worksheet], None]:
    def edit(sheet: Worksheet) -> None:
        for letter in letters:
            sheet.column_dimensions[letter].hidden = True

    return edit


@pytest.mark.parametrize(("letter", "name"), [("D", "Opted out"), ("E", "Status"), ("F", "Country")])
def test_a_hidden_column_that_says_who_may_be_texted_or_the_country_is_always_read(
    tmp_path: Path, letter: str, name: str
) -> None:
    table = opened(tmp_path, edited(HELD_BACK, hide(letter)))
    assert cells(table) == HELD_BACK[1:]
    assert (table.how.hidden_names, table.how.hidden_names_read) == ((name,), (name,))
    words = f"1 column (“{name}”) is hidden in the workbook, and is still read: “{name}” for who may be texted"
    assert hidden_text(table.how).startswith(words)


def test_a_hidden_column_without_a_name_is_read_for_what_its_values_say(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [PEOPLE[0], [*PEOPLE[1], "do not text"], *PEOPLE[2:]]
    table = opened(tmp_path, edited(rows, hide("C", "D")))
    assert table.header == ["Name", "Phone", "Column 3"]
    assert (table.how.hidden_names, table.how.hidden_names_read) == (("City", "column D"), ("column D",))
    assert "are left out. Still read: “column D” for" in hidden_text(table.how)


def test_a_hidden_column_of_anything_else_is_left_out_by_name(tmp_path: Path) -> None:
    table = opened(tmp_path, edited(HELD_BACK, hide("C", "G")))
    assert table.header == ["Name", "Phone", "Opted out", "Status", "Country"]
    words = "2 columns (“City”, “Land line code”) are hidden in the workbook, and are left out"
    assert hidden_text(table.how) == words
    assert hidden_text(opened(tmp_path, edited(HELD_BACK, hide("C", "G")), READ_HIDDEN).how).endswith("are read too")


def test_hidden_lines_are_named_and_long_lists_of_them_cut(tmp_path: Path) -> None:
    def edit(sheet: Worksheet) -> None:
        for line in range(3, 13):
            sheet.row_dimensions[line].hidden = True

    rows = [PEOPLE[0], *[PEOPLE[1]] * 20]
    text = hidden_text(opened(tmp_path, edited(rows, edit)).how)
    assert text.startswith("10 rows (lines 3, 4, 5, 6, 7, …) are hidden")


def test_a_hidden_row_of_column_names_is_the_header(tmp_path: Path) -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.row_dimensions[1].hidden = True

    table = opened(tmp_path, edited(HELD_BACK, edit))
    assert (table.header, cells(table)) == (HELD_BACK[0], HELD_BACK[1:])
    assert (table.how.header_row, table.how.hidden_rows) == (1, 1)
    assert hidden_text(table.how).endswith("and is still read: line 1 for the columns’ names")
    again = opened(tmp_path, edited(HELD_BACK, edit), FormatOptions(header=1))
    assert again.header == HELD_BACK[0]


def test_a_hidden_row_of_a_programs_names_above_the_header_is_left_out(tmp_path: Path) -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.row_dimensions[1].hidden = True

    rows: list[list[Cell]] = [["first_name", "phone_number", "city"], *PEOPLE]
    table = opened(tmp_path, edited(rows, edit))
    assert (table.header, cells(table)) == (PEOPLE[0], PEOPLE[1:])


def old_workbook(edit: Callable[[xlwt.Worksheet], object], rows: list[list[Cell]] = PEOPLE) -> bytes:
    """Return an .xls workbook of these rows after the edit of its sheet."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("People")
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(line, column, cell)
    edit(sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("people", [2, 300], ids=["short streams", "long ones"])
def test_hidden_cells_of_an_old_workbook_are_left_out_too(tmp_path: Path, people: int) -> None:
    def edit(sheet: xlwt.Worksheet) -> None:
        sheet.row(2).hidden = True
        sheet.col(2).hidden = True

    rows = [PEOPLE[0], PEOPLE[1], PEOPLE[2], *[PEOPLE[3]] * people]
    table = opened(tmp_path, old_workbook(edit, rows))
    assert cells(table) == [["Ann", "4155550131"], *[["Cy", "4155550133"]] * people]
    assert (table.how.kind, table.how.hidden_lines, table.how.hidden_names) == ("xls", (3,), ("City",))


def test_an_old_workbook_without_hidden_cells_is_read_whole(tmp_path: Path) -> None:
    table = opened(tmp_path, old_workbook(lambda _sheet: None))
    assert cells(table) == PEOPLE[1:]
    assert hidden_text(table.how) == ""


def test_an_old_workbook_whose_records_cannot_be_found_says_that_hidden_cells_are_not_known(tmp_path: Path) -> None:
    how = dataclasses.replace(opened(tmp_path, old_workbook(lambda _sheet: None)).how, can_tell_hidden=False)
    assert any("save it as .xlsx" in text for text in reading_texts(how, 3))


def test_hidden_cells_of_an_opendocument_sheet_are_left_out_too(tmp_path: Path) -> None:
    def hide(xml: bytes) -> bytes:
        before, row, after = xml.partition(b'<table:table-row><table:table-cell office:value-type="string"><text:p>Ben')
        columns = (
            b'<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
        )
        before = before.replace(b"<table:table-row>", columns + b"<table:table-row>", 1)
        return before + row.replace(b"<table:table-row>", b'<table:table-row table:visibility="filter">') + after

    table = opened(tmp_path, with_part(workbooks.ods({"People": PEOPLE}), "content.xml", hide))
    assert cells(table) == [["Ann", "4155550131"], ["Cy", "4155550133"]]
    assert (table.how.hidden_rows, table.how.hidden_columns) == (1, 1)


# Several sheets


def test_the_sheet_with_the_most_phone_numbers_in_a_column_is_proposed(tmp_path: Path) -> None:
    people: list[list[Cell]] = [["Name", "Phone"]]
    people += [[f"P{number}", f"41555501{number}"] for number in range(10, 60)]
    cover: list[list[Cell]] = [["Spring campaign"], ["Questions?", "(800) 555-0100"]]
    book: dict[str, list[list[Cell]]] = {"Cover": cover, "Empty": [[None]], "Subscribers": people}
    table = opened(tmp_path, workbooks.xlsx(book))
    assert table.how.sheet == "Subscribers"
    assert table.how.sheet_phones == (("Cover", 1), ("Empty", 0), ("Subscribers", 50))


def test_numbers_spread_over_a_row_are_not_a_column_of_them(tmp_path: Path) -> None:
    contacts: list[list[Cell]] = [["Stores", *(f"(800) 555-01{number}" for number in range(10, 20))]]
    book = {"Stores": contacts, "People": PEOPLE}
    assert opened(tmp_path, workbooks.xlsx(book)).how.sheet == "People"


LEFT: list[list[Cell]] = [PEOPLE[0], *PEOPLE[1:], ["Di", "4155550134", "Bern"]]


def test_a_sheet_named_for_people_who_left_ranks_after_others(tmp_path: Path) -> None:
    assert opened(tmp_path, workbooks.xlsx({"Unsubscribed": LEFT, "People": PEOPLE})).how.sheet == "People"
    assert (
        opened(tmp_path, workbooks.xlsx({"Unsubscribed": LEFT, "Notes": [["made by Bob"]]})).how.sheet == "Unsubscribed"
    )


def test_phones_of_somebody_else_do_not_choose_the_sheet(tmp_path: Path) -> None:
    parents: list[list[Cell]] = [["Name", "Parent phone", "City"], *LEFT[1:]]
    table = opened(tmp_path, workbooks.xlsx({"Parents": parents, "Students": PEOPLE}))
    assert (table.how.sheet, table.how.sheet_phones) == ("Students", (("Parents", 0), ("Students", 3)))


def test_a_hidden_sheet_is_named_as_hidden_and_never_proposed(tmp_path: Path) -> None:
    how = opened(tmp_path, workbooks.xlsx({"All": LEFT, "People": PEOPLE}, hidden=["All"])).how
    assert (how.sheet, how.hidden_sheets) == ("People", ("All",))
    assert "not “All” (hidden, 4 phone numbers)" in reading_texts(how, 3)[0]


def test_a_damaged_sheet_is_named(tmp_path: Path) -> None:
    content = with_part(workbooks.xlsx({"Old": PEOPLE, "New": PEOPLE}), SHEET, lambda xml: xml[: len(xml) // 2] + b"<<")
    how = opened(tmp_path, content).how
    assert (how.sheet, how.unread_sheets) == ("New", ("Old",))
    assert "1 sheet (“Old”) could not be read, and may be damaged" in reading_texts(how, 3)


# Cells beside the table


def test_a_remark_beside_the_table_is_a_column_without_a_name(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [PEOPLE[0], [*PEOPLE[1], None, "call later"], *PEOPLE[2:]]
    table = opened(tmp_path, workbooks.xlsx({"People": rows}))
    assert table.header == ["Name", "Phone", "City", "Column 4"]
    assert cells(table)[0] == ["Ann", "4155550131", "Rome", "call later"]
    assert table.how.unnamed_columns == 1
    assert all(row.issue is None for row in table.rows())


def test_a_title_beside_the_header_and_blank_text_are_no_columns(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["Spring", None, None, None, "made by Bob"], PEOPLE[0], [*PEOPLE[1], "  "], *PEOPLE[2:]]
    table = opened(tmp_path, workbooks.xlsx({"People": rows}))
    assert (table.header, table.how.unnamed_columns) == (["Name", "Phone", "City"], 0)


# Numbers, errors and formulas


@pytest.mark.parametrize("number_format", ["[h]:mm:ss", "[mm]:ss", "h:mm", "yyyy-mm-dd", "0.00E+00"])
@pytest.mark.parametrize("number", [4155550131, 447911123456, 5550131])
def test_a_number_that_no_date_or_duration_is_stays_a_number(tmp_path: Path, number: int, number_format: str) -> None:
    day = datetime.datetime(2025, 3, 15, 14, 30)

    def edit(sheet: Worksheet) -> None:
        for line in (2, 4):
            sheet.cell(line, 2, number).number_format = number_format
            sheet.cell(line, 3, day)

    table = opened(tmp_path, edited(PEOPLE, edit))
    assert [row[1] for row in cells(table)] == [str(number), "4155550132", str(number)]
    assert [row[2] for row in cells(table)] == ["2025-03-15 14:30:00", "Bonn", "2025-03-15 14:30:00"]
    assert all(row.issue is None for row in table.rows())


def test_durations_and_times_stay_what_they_are(tmp_path: Path) -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.cell(2, 3, 1.5).number_format = "[h]:mm:ss"
        sheet.cell(3, 3, 0.5).number_format = "h:mm"
        sheet.cell(4, 2, 4155550133).number_format = "[h]:mm:ss"

    table = opened(tmp_path, edited(PEOPLE, edit))
    assert [row[2] for row in cells(table)] == ["1 day, 12:00:00", "12:00:00", "Nice"]
    assert cells(table)[2][1] == "4155550133"


@pytest.mark.parametrize("number_format", ["[h]:mm:ss", "[hh]:mm", "[mm]:ss;@"])
def test_a_number_in_the_format_of_a_duration_in_an_old_workbook_is_read(tmp_path: Path, number_format: str) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("People")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for line, number in enumerate((4155550131, 4155550132)):
        sheet.write(line + 1, 0, number, xlwt.easyxf(num_format_str=number_format))
        sheet.write(line + 1, 1, datetime.date(2025, 3, 15), day)
    sheet.write(0, 0, "Phone")
    sheet.write(0, 1, "Signup date")
    file = io.BytesIO()
    book.save(file)
    assert cells(opened(tmp_path, file.getvalue())) == [["4155550131", "2025-03-15"], ["4155550132", "2025-03-15"]]


def test_a_phone_number_in_opendocuments_format_of_a_duration_is_read(tmp_path: Path) -> None:
    def edit(xml: bytes) -> bytes:
        time_cell = (
            b'office:value-type="time" office:time-value="PT99733203144H00M00S"><text:p>99733203144:00:00</text:p>'
        )
        return xml.replace(b'office:value-type="string"><text:p>4155550131</text:p>', time_cell)

    table = opened(tmp_path, with_part(workbooks.ods({"People": PEOPLE}), "content.xml", edit))
    assert cells(table)[0] == ["Ann", "4155550131", "Rome"]


@pytest.mark.parametrize(
    "error", ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"]
)
def test_an_error_is_the_text_of_its_cell_and_costs_no_other_row(tmp_path: Path, error: str) -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.cell(2, 2, error).data_type = "e"

    table = opened(tmp_path, edited(PEOPLE, edit))
    assert cells(table) == [["Ann", error, "Rome"], *PEOPLE[2:]]
    assert is_excel_error(error)


@pytest.mark.parametrize("text", ["#1", "N/A", "#N/A later", "REF!", "Err:x"])
def test_other_text_is_no_error(text: str) -> None:
    assert not is_excel_error(text)


def test_an_error_in_an_opendocument_sheet_is_its_text(tmp_path: Path) -> None:
    def edit(xml: bytes) -> bytes:
        error = (
            b'table:formula="of:=NA()" office:value-type="string" office:string-value="" calcext:value-type="error">'
            b"<text:p>#N/A</text:p>"
        )
        names = b'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
        xml = xml.replace(b"<office:document-content ", b"<office:document-content " + names)
        return xml.replace(b'office:value-type="string"><text:p>4155550131</text:p>', error)

    table = opened(tmp_path, with_part(workbooks.ods({"People": PEOPLE}), "content.xml", edit))
    assert cells(table)[0] == ["Ann", "#N/A", "Rome"]


def test_a_formula_without_its_result_is_marked_in_its_cell(tmp_path: Path) -> None:
    def edit(sheet: Worksheet) -> None:
        sheet["B3"] = "=B2+1"
        sheet["B9"] = "=B2+2"

    rows = list(opened(tmp_path, edited(PEOPLE, edit)).rows())
    assert [row.cells[1] for row in rows] == ["4155550131", "#FORMULA!", "4155550133", "#FORMULA!"]
    assert [row.line for row in rows] == [2, 3, 4, 9]


def issues_of(tmp_path: Path, journal_path: Path, content: bytes) -> list[list[tuple[IssueCode, str | None]]]:
    """Return the issues of each row of a workbook, as an import finds them."""
    file = tmp_path / "people.xlsx"
    file.write_bytes(content)
    checked = check(journal_path, file, "http://127.0.0.1:9")
    return [[issue.kind for issue in row.issues] for row in rows_of(journal_path, checked.run_id)]


@pytest.mark.parametrize(("cell", "column"), [("B2", "Phone"), ("C2", "City")])
def test_a_formula_without_its_result_is_an_issue_of_a_column_that_is_used(
    tmp_path: Path, journal_path: Path, cell: str, column: str
) -> None:
    content = edited(PEOPLE, lambda sheet: sheet.__setitem__(cell, "=A1"))
    assert issues_of(tmp_path, journal_path, content) == [[(IssueCode.ROW_FORMULA_WITHOUT_RESULT, column)], [], []]


def test_a_formula_without_its_result_beside_the_table_is_nothing(tmp_path: Path, journal_path: Path) -> None:
    content = edited(PEOPLE, lambda sheet: sheet.__setitem__("F2", "=A1"))
    assert issues_of(tmp_path, journal_path, content) == [[], [], []]


def test_a_formula_without_its_result_in_the_header_is_a_column_without_a_name(tmp_path: Path) -> None:
    table = opened(tmp_path, edited(PEOPLE, lambda sheet: sheet.__setitem__("C1", "=A2")))
    assert (table.header, cells(table)) == (["Name", "Phone", "Column 3"], PEOPLE[1:])


def test_a_formula_with_a_result_or_with_no_text_as_its_result_is_none(tmp_path: Path) -> None:
    def calculate(xml: bytes) -> bytes:
        xml = xml.replace(
            b'<c r="B3" t="inlineStr"><is><t>4155550132</t></is></c>', b'<c r="B3"><f>B2+1</f><v>4155550132</v></c>'
        )
        return xml.replace(
            b'<c r="C4" t="inlineStr"><is><t>Nice</t></is></c>', b'<c r="C4" t="str"><f>""</f><v></v></c>'
        )

    rows = list(opened(tmp_path, with_part(edited(PEOPLE, lambda _sheet: None), SHEET, calculate)).rows())
    assert [row.cells for row in rows] == [*PEOPLE[1:3], ["Cy", "4155550133", ""]]
    assert all(row.issue is None for row in rows)


# Cells far out, and zip files that lie

_OPEN = """
import resource, sys
from pathlib import Path
from trackly_desktop.files.open_table import open_table
from trackly_desktop.files.table import FileProblem
open_table(Path(sys.argv[1]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    print(len(list(open_table(Path(sys.argv[2])).rows())))
except FileProblem as problem:
    print(problem)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def open_in_subprocess(tmp_path: Path, content: bytes) -> tuple[str, int]:
    """Return the number of rows or the problem of a workbook, and how many MB it took."""
    small, large = tmp_path / "small.xlsx", tmp_path / "large.xlsx"
    small.write_bytes(workbooks.xlsx({"People": PEOPLE}))
    large.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", _OPEN, str(small), str(large)], capture_output=True, text=True, check=True, timeout=100
    )
    result, more = done.stdout.splitlines()
    return result, int(more)


def far_xlsx(cell: str) -> bytes:
    def edit(sheet: Worksheet) -> None:
        sheet[cell] = "x"

    return edited(PEOPLE, edit)


def far_ods() -> bytes:
    far = (
        b'<table:table-row table:number-rows-repeated="1048571"><table:table-cell table:number-columns-repeated="16384"/>'
        b'</table:table-row><table:table-row><table:table-cell table:number-columns-repeated="16383"/>'
        b'<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row></table:table>'
    )
    return with_part(workbooks.ods({"P": PEOPLE}), "content.xml", lambda xml: xml.replace(b"</table:table>", far))


def repeated_ods() -> bytes:
    far = (
        b'<table:table-row table:number-rows-repeated="1048571"><table:table-cell table:number-columns-repeated="16384" '
        b'office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row></table:table>'
    )
    return with_part(workbooks.ods({"P": PEOPLE}), "content.xml", lambda xml: xml.replace(b"</table:table>", far))


@pytest.mark.parametrize(
    ("content", "cell"),
    [
        (far_xlsx("XFD1048576"), "XFD1048576"),
        (far_xlsx("Z1048576"), "Z1048576"),
        (
            with_part(far_xlsx("XFD1048576"), SHEET, lambda xml: xml.replace(b'XFD1048576" /', b'C4" /', 1)),
            "XFD1048576",
        ),
        (far_ods(), "XFD1048576"),
        (repeated_ods(), ""),
    ],
    ids=["xlsx", "far below alone", "a dimension that lies", "ods", "one repeated cell"],
)
def test_a_cell_far_out_is_refused_in_words_at_once(tmp_path: Path, content: bytes, cell: str) -> None:
    before = time.monotonic()
    result, more = open_in_subprocess(tmp_path, content)
    assert "reaches as far as cell " + cell in result
    assert more < 100
    assert time.monotonic() - before < 5.0


_FAR = b'<c r="XFD1048576"><v>1</v></c>'


@pytest.mark.parametrize(
    "row",
    [
        b"<row>%s</row>" % _FAR,
        b'<row r = "1048576"><c r = "XFD1048576"><v>1</v></c></row>',
        b"<row r='1048576'><c r='xfd1048576' t=\"n\"><v>1</v></c></row>",
        b'<x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
        b'<row r="1048576"><c a=">" r="XFD1048576"><v>1</v></c></row>',
        b'<row r="1048575"/><row><c r="XFC1048576"><v>1</v></c><c><v>1</v></c></row>',
    ],
    ids=["no row's number", "blanks", "lower case", "prefix", "a sign in a value", "counted places"],
)
def test_a_cell_far_out_is_refused_however_it_is_written(tmp_path: Path, row: bytes) -> None:
    names = b' xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns='

    def edit(xml: bytes) -> bytes:
        return xml.replace(b" xmlns=", names, 1).replace(b"</sheetData>", row + b"</sheetData>")

    with pytest.raises(FileProblem, match="reaches as far as cell XFD1048576"):
        opened(tmp_path, with_part(workbooks.xlsx({"P": PEOPLE}), SHEET, edit))


def test_a_cell_far_out_in_an_old_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="“People” reaches as far as cell IV65536"):
        opened(tmp_path, old_workbook(lambda sheet: sheet.write(65_535, 255, "x")))


def test_cells_that_do_not_say_where_they_are_are_counted(tmp_path: Path) -> None:
    references = re.compile(rb' r="[A-Z]*[0-9]+"')
    content = with_part(workbooks.xlsx({"P": PEOPLE}), SHEET, lambda xml: references.sub(b"", xml))
    assert cells(opened(tmp_path, content)) == PEOPLE[1:]


@pytest.mark.parametrize(
    "row",
    [
        b"<c " * 400_000,
        b'<c "' * 200_000,
        b"<c a='\"" * 100_000,
        b'<row r="9"><c r="A9" t="e"><v>#N/A</v></c><c r="B9" s="1">' + b" " * 300_000 + b"<is><t>x</t></is></c></row>",
        b'<row r="9"><c r="A9"><f ' * 100_000,
    ],
    ids=["tags without an end", "quotation marks", "both of them", "blanks in a cell", "formulas without an end"],
)
def test_no_sheet_takes_long_to_scan(tmp_path: Path, row: bytes) -> None:
    def edit(xml: bytes) -> bytes:
        return xml.replace(b"</sheetData>", row + b"</sheetData>")

    before = time.monotonic()
    with contextlib.suppress(FileProblem):
        opened(tmp_path, with_part(workbooks.xlsx({"P": PEOPLE}), SHEET, edit))
    assert time.monotonic() - before < 5.0


def test_an_opendocument_tag_without_an_end_is_damage(tmp_path: Path) -> None:
    def edit(xml: bytes) -> bytes:
        return xml.replace(b"</table:table>", b"<table:table-cell " * 60_000 + b"</table:table>")

    with pytest.raises(FileProblem, match="damaged"):
        opened(tmp_path, with_part(workbooks.ods({"P": PEOPLE}), "content.xml", edit))


def test_a_cell_with_millions_of_values_is_refused(tmp_path: Path) -> None:
    def edit(xml: bytes) -> bytes:
        return xml.replace(
            b"</sheetData>", b'<row r="9">' + b'<c r="A9"><v>1</v></c>' * 2_100_000 + b"</row></sheetData>"
        )

    with pytest.raises(FileProblem, match="several values in one cell"):
        opened(tmp_path, with_part(workbooks.xlsx({"P": PEOPLE}), SHEET, edit))


def test_styles_that_would_take_all_memory_are_refused(tmp_path: Path) -> None:
    content = with_part(workbooks.xlsx({"P": PEOPLE}), "xl/styles.xml", lambda xml: xml + b"<xf/>" * 11_000_000)
    with pytest.raises(FileProblem, match="too large"):
        opened(tmp_path, content)


def test_formats_far_out_are_cut(tmp_path: Path) -> None:
    def edit(sheet: Worksheet) -> None:
        sheet["XFD1048576"].number_format = "0.00"
        sheet.row_dimensions[1_000_000].height = 30

    assert cells(opened(tmp_path, edited(PEOPLE, edit))) == PEOPLE[1:]


def test_blank_rows_that_opendocument_repeats_to_the_end_are_nothing(tmp_path: Path) -> None:
    blank = (
        b'<table:table-row table:number-rows-repeated="1048572"><table:table-cell table:number-columns-repeated="16384"/>'
        b"</table:table-row></table:table>"
    )
    content = with_part(workbooks.ods({"P": PEOPLE}), "content.xml", lambda xml: xml.replace(b"</table:table>", blank))
    assert cells(opened(tmp_path, content)) == PEOPLE[1:]


def test_a_cell_a_little_beside_the_table_refuses_nothing(tmp_path: Path) -> None:
    assert len(cells(opened(tmp_path, far_xlsx("AZ900")))) == 4


def test_a_part_larger_than_its_header_declares_is_refused(tmp_path: Path) -> None:
    content = with_part(
        workbooks.xlsx({"P": PEOPLE}),
        SHEET,
        lambda xml: xml.replace(b"</sheetData>", b" " * 50_000_000 + b"</sheetData>"),
    )
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        size = file.getinfo(SHEET).file_size
    lie = content.replace(size.to_bytes(4, "little"), (5_000).to_bytes(4, "little"))
    result, more = open_in_subprocess(tmp_path, lie)
    assert "damaged" in result
    assert more < 100


def test_shared_strings_without_end_are_refused(tmp_path: Path) -> None:
    file = io.BytesIO(workbooks.xlsx({"P": PEOPLE}))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as parts, parts.open("xl/sharedStrings.xml", "w") as strings:
        strings.write(b"<sst>")
        for _ in range(40):
            strings.write(b"<si><t/></si>" * 650_000)
        strings.write(b"</sst>")
    result, more = open_in_subprocess(tmp_path, file.getvalue())
    assert "too large" in result
    assert more < 100


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_cell_that_never_ends_is_refused(tmp_path: Path, kind: str) -> None:
    part = SHEET if kind == "xlsx" else "content.xml"
    content = getattr(workbooks, kind)({"P": PEOPLE})
    long = with_part(content, part, lambda xml: xml.replace(b"Ben", b"x" * 60_000_000))
    result, more = open_in_subprocess(tmp_path, long)
    assert "too large" in result
    assert more < 100


def test_a_workbook_of_many_sheets_opens(tmp_path: Path) -> None:
    book: dict[str, list[list[Cell]]] = {f"Sheet {number}": PEOPLE[:2] for number in range(300)}
    how = opened(tmp_path, workbooks.xlsx(book | {"All": PEOPLE})).how
    assert (how.sheet, len(how.sheet_phones)) == ("All", 301)


@pytest.mark.parametrize("prefix", [b"", b"x:"])
def test_a_large_sheet_opens(tmp_path: Path, prefix: bytes) -> None:
    rows = b"".join(
        b'<%brow r="%d"><%bc r="A%d"><%bv>%d</%bv></%bc><%bc r="B%d"><%bv>1</%bv></%bc></%brow>'
        % (
            prefix,
            line,
            prefix,
            line,
            prefix,
            4_150_000_000 + line,
            prefix,
            prefix,
            prefix,
            line,
            prefix,
            prefix,
            prefix,
            prefix,
        )
        for line in range(5, 60_005)
    )

    def fill(xml: bytes) -> bytes:
        return xml.replace(b"</sheetData>", rows + b"</sheetData>") if not prefix else (
            b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
            + rows + b"</x:sheetData></x:worksheet>"
        )  # fmt: skip

    table = opened(tmp_path, with_part(workbooks.xlsx({"P": PEOPLE}), SHEET, fill))
    assert sum(1 for _row in table.rows()) == (60_000 if prefix else 60_003)
