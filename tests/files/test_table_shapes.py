"""Where a table is: first rows, lists of numbers, second tables, surplus cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.files import workbooks
from tests.journeys.jobs import check, rows_of
from trackly_desktop.contacts.issues import IssueCode
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.files.open_table import open_table
from trackly_desktop.files.other_documents import web_address_problem
from trackly_desktop.files.table import FileProblem, Table
from trackly_desktop.validation.corrections import Change, Fix, apply_fix

Write = Callable[..., Path]


def cells(table: Table) -> list[list[str]]:
    return [row.cells for row in table.rows()]


def codes(table: Table) -> list[IssueCode | None]:
    return [row.issue.code if row.issue else None for row in table.rows()]


def opened_workbook(tmp_path: Path, rows: list[list[workbooks.Cell]]) -> Table:
    file = tmp_path / "people.xlsx"
    file.write_bytes(workbooks.xlsx({"People": rows}))
    return open_table(file)


# The first row


@pytest.mark.parametrize(
    "first", ["(415) 555-0131,Ann", "Ann,+1 415-555-0131", "415.555.0131,", "-4155550131,Ann", "=1-4155550131,Ann"]
)
def test_a_first_row_with_a_number_in_any_notation_is_a_person(write: Write, first: str) -> None:
    table = open_table(write(first, "4155550132,Ben", "4155550133,Cy"))
    assert table.how.header_row is None
    assert len(cells(table)) == 3


@pytest.mark.parametrize("first", ["=1-4155550131", "-4155550131", "'4155550131", "4155550131"])
def test_the_first_of_a_single_column_of_numbers_is_a_person(write: Write, first: str) -> None:
    assert len(cells(open_table(write(first, "4155550132", "4155550133")))) == 3


@pytest.mark.parametrize("header", ["Phone,Name,Q1 2024-2025", "Phone,Name,2025-01-01", "Phone,Name,Plan 10"])
def test_a_header_with_a_year_or_a_date_is_a_header(write: Write, header: str) -> None:
    table = open_table(write(header, "4155550131,Ann,1", "4155550132,Ben,2"))
    assert (table.how.header_row, table.header) == (1, header.split(","))


def test_a_person_with_a_number_alone_above_rows_without_names_of_columns_is_no_title(write: Write) -> None:
    table = open_table(write("4155550131,,", "Ben,Bonn,4155550132", "Cy,Nice,4155550133"))
    assert (table.how.header_row, len(cells(table))) == (None, 3)


# Lists of numbers


@pytest.mark.parametrize(
    "lines",
    [
        ["4155550131, 4155550132, 4155550133"],
        ["4155550131;4155550132;4155550133"],
        ["(415) 555-0131\t(415) 555-0132\t(415) 555-0133"],
        ["4155550131, 4155550132", "4155550133"],
        ["4155550131", "4155550132, 4155550133"],
        ["4155550131,4155550132,4155550133,"],
        ["Phone,4155550131,4155550132,4155550133"],
    ],
)
def test_lines_of_nothing_but_numbers_are_a_list_of_people(write: Write, lines: list[str]) -> None:
    table = open_table(write(*lines))
    assert table.header == ["Column 1"]
    digits = ["".join(filter(str.isdigit, row[0])) for row in cells(table)]
    assert digits == ["4155550131", "4155550132", "4155550133"]
    assert all(row.issue is None for row in table.rows())
    assert [row.number for row in table.rows()] == [1, 2, 3]


def test_a_row_of_numbers_in_a_workbook_is_a_list_of_people(tmp_path: Path) -> None:
    table = opened_workbook(tmp_path, [[4155550131, "4155550132", None, 4155550133.0]])
    assert cells(table) == [["4155550131"], ["4155550132"], ["4155550133"]]


def test_an_even_table_with_two_columns_of_numbers_stays_a_table(write: Write, tmp_path: Path) -> None:
    rows: list[list[workbooks.Cell]] = [["4155550131", "4155550132"], ["4155550133", "4155550134"]]
    assert cells(open_table(write(*(",".join(map(str, row)) for row in rows)))) == rows
    assert cells(opened_workbook(tmp_path, rows)) == rows


def test_a_number_and_a_name_or_a_header_and_two_numbers_are_no_list(write: Write) -> None:
    assert cells(open_table(write("4155550131,Ann"))) == [["4155550131", "Ann"]]
    assert cells(open_table(write("Mobile,Home", "4155550131,4155550132"))) == [["4155550131", "4155550132"]]
    assert cells(open_table(write("Phone", '"4155550131, 4155550132"'))) == [["4155550131, 4155550132"]]


def test_a_list_that_a_name_ends_loses_nothing(write: Write) -> None:
    lines = [f"415555{number:04},415556{number:04},415557{number:04}" for number in range(300)]
    table = open_table(write("4155550999,4155550998", *lines, "Ann,4155550997"))
    assert len(cells(table)) == 2 + 900 + 2


# A second table


OTHER = [IssueCode.ROW_BELOW_OTHER_HEADER]


def test_rows_below_another_header_are_issues_and_so_is_the_header(write: Write) -> None:
    table = open_table(
        write(
            "Name,Phone,Emergency phone", "Ann,4155550131,2125550191", "", "Name,Emergency phone,Phone",
            "Cy,2125550193,4155550133", "Di,2125550194,4155550134",
        )
    )  # fmt: skip
    assert codes(table) == [None, *OTHER * 3]


@pytest.mark.parametrize("header", ["Mobile,Full name,City", "Company,Phone,Email", "Phone,Name", "name,CITY,phone"])
def test_another_header_may_have_other_names(write: Write, header: str) -> None:
    table = open_table(write("Name,Phone,City", "Ann,4155550131,Rome", header, "4155550132,Ben,Bonn"))
    assert codes(table) == [None, *OTHER * 2]


@pytest.mark.parametrize(
    ("header", "other"),
    [
        ("Name,Phone,Parent", "Student,Parent,Phone"),
        ("First,Last,Phone,Guardian contact", "Pupil,Class,Guardian contact,Mobile"),
        ("Name,Phone", "Emergency contact,Emergency phone"),
        ("Name,Phone", "Student,Parent phone"),
        ("Name,Phone,Emergency phone", "Student,Parent 1 (2024),Student cell"),
        ("Name,Phone,Opted out", "Name,Phone,Opted in"),
        ("Name,Phone,Opted out", "Name,Opted out,Phone"),
        ("Name,Phone,City", "Name,Phone,Fax"),
        ("Nombre,Móvil", "Alumno,Teléfono de emergencia"),
    ],
)
def test_a_name_of_phones_or_of_somebody_else_at_the_phones_begins_another_table(
    write: Write, header: str, other: str
) -> None:
    person = ",".join("4155550131" if "o" in name else "Ann" for name in header.split(","))
    assert codes(open_table(write(header, person, other, person))) == [None, *OTHER * 2]


@pytest.mark.parametrize(
    "row",
    [
        "Ben,same as parent", "Ben,no mobile", "Ben,see manager", "Ben,has no phone", "Ben,her mother has it", "Ben,Bonn",
        "Ben,", "Phone Smith,unknown",
    ],
)  # fmt: skip
def test_a_remark_at_the_phones_begins_no_table(write: Write, row: str) -> None:
    assert codes(open_table(write("Name,Phone", "Ann,4155550131", row, "Cy,4155550133"))) == [None] * 3


HEADING = [IssueCode.ROW_BELOW_OPT_OUT_HEADING]


@pytest.mark.parametrize(
    "heading",
    [
        "--- Unsubscribed ---,",
        "Do not text:",
        "Opted out",
        "DNC,,",
        "Abgemeldete",
        "Bajas:",
        "Stop list",
        "Bounced (12),",
    ],
)
def test_nobody_below_a_heading_that_says_no_is_sent(write: Write, journal_path: Path, heading: str) -> None:
    file = write("Name,Phone", "Ann,4155550131", heading, "Ben,4155550132", "Name,Phone", "Cy,4155550133")
    assert codes(open_table(file)) == [None, *HEADING * 4]
    checked = check(journal_path, file, "http://127.0.0.1:9")
    rows = rows_of(journal_path, checked.run_id)
    skipped, repeated_header = Outcome.SKIPPED, Outcome.INVALID
    assert [row.outcome for row in rows] == [Outcome.PENDING, skipped, skipped, repeated_header, skipped]


def test_a_person_above_a_heading_that_says_no_and_below_it_is_held_back(write: Write, journal_path: Path) -> None:
    file = write("Name,Phone", "Ann,4155550131", "Ben,4155550132", "Unsubscribed", "Ann,415-555-0131")
    rows = rows_of(journal_path, check(journal_path, file, "http://127.0.0.1:9").run_id)
    assert [row.outcome for row in rows] == [Outcome.SKIPPED, Outcome.PENDING, Outcome.SKIPPED, Outcome.SKIPPED]


def test_no_correction_sends_a_person_below_a_heading_that_says_no(write: Write, journal_path: Path) -> None:
    file = write("Name,Phone", "Ann,4155550131", "Unsubscribed", "Cy,4155550133")
    run_id = check(journal_path, file, "http://127.0.0.1:9").run_id
    keys = tuple(row.key for row in rows_of(journal_path, run_id))
    apply_fix(journal_path, run_id, Fix(Change.SET, 1, "4155550139", keys=keys[1:]), lambda _rows: None)
    outcomes = [row.outcome for row in rows_of(journal_path, run_id)]
    assert outcomes == [Outcome.PENDING, Outcome.SKIPPED, Outcome.SKIPPED]


def test_a_heading_that_says_yes_ends_what_one_that_says_no_began(write: Write) -> None:
    table = open_table(
        write("Name,Phone", "Unsubscribed", "Ann,4155550131", "Subscribed:", "Ben,4155550132", "Bonn", "Cy,4155550133")
    )
    assert codes(table) == [*HEADING * 2, None, None, None, None]


@pytest.mark.parametrize("row", ["Ben,unsubscribed", "Ben", "Rome,", "Total", ",4155550132"])
def test_a_word_beside_a_name_or_an_unknown_one_is_no_heading(write: Write, row: str) -> None:
    assert codes(open_table(write("Name,Phone", "Ann,4155550131", row, "Cy,4155550133"))) == [None] * 3


@pytest.mark.parametrize("heading", ["Emergency contacts", "Parents", "--- Parent phones ---", "Notfallkontakte:"])
def test_nobody_below_a_heading_of_other_people_is_read(write: Write, heading: str) -> None:
    table = open_table(write("Name,Phone", "Ann,4155550131", heading, "Cy,4155550133"))
    assert codes(table) == [None, *OTHER * 2]


# Remarks about the file


REMARK = IssueCode.ROW_IS_REMARK


@pytest.mark.parametrize(
    "remark",
    [
        "Questions? Call (800) 555-0100", "Support: 800-555-0100", "Call us at 800-555-0100", "Total: 4155550199",
        "¿Preguntas? Llame al 800-555-0100", "Fragen? 0800 5550100",
    ],
)  # fmt: skip
def test_a_number_in_words_to_the_reader_is_no_person(write: Write, remark: str) -> None:
    assert codes(open_table(write("Phone", "4155550131", "4155550132", remark))) == [None, None, REMARK]
    assert codes(open_table(write(remark, "4155550131", "4155550132"))) == [REMARK, None, None]
    table = open_table(write(remark, "Phone", "4155550131", "4155550132"))
    assert (table.header, len(cells(table))) == (["Phone"], 2)
    assert codes(open_table(write("Name,Phone", "Ann,4155550131", f"Questions?,{remark}"))) == [None, REMARK]


@pytest.mark.parametrize(
    "person",
    [
        "Cell: 415-555-0131",
        "Ann (415) 555-0131",
        "415-555-0131 (Ann)",
        "Tel. 4155550131",
        "wa.me/14155550131",
        "4155550131",
    ],
)
def test_a_number_with_a_label_or_a_name_is_a_person(write: Write, person: str) -> None:
    assert codes(open_table(write("Phone", "4155550130", person))) == [None, None]
    assert codes(open_table(write(person, "4155550130", "4155550132"))) == [None] * 3


# The first person


@pytest.mark.parametrize(
    "first",
    ["Ann,,Rome", "Ann,unknown,Rome", "Ann,415-555-XXXX,Rome", "Ann,DO NOT TEXT,Bonn", "Ann,#N/A,Bonn", "Ann,n/a,Bonn"],
)
def test_a_first_person_without_a_number_is_no_header(write: Write, first: str) -> None:
    table = open_table(write(first, "Ben,415-555-0132,Bonn", "Cy,415-555-0133,Bern"))
    assert (table.how.header_row, len(cells(table))) == (None, 3)


@pytest.mark.parametrize(
    "header",
    ["Name,,City", "Kontakt,Nummer 1,Ort", "Who,Digits,Where", "Name,DO NOT TEXT,City", "Wer,,Abgemeldet"],
)
def test_a_row_of_names_above_people_stays_the_header(write: Write, header: str) -> None:
    table = open_table(write(header, "Ben,415-555-0132,Bonn", "Cy,415-555-0133,Bern"))
    assert (table.how.header_row, len(cells(table))) == (1, 2)


def test_the_same_header_again_ends_nothing_and_begins_the_table_again(write: Write) -> None:
    table = open_table(
        write(
            "Name,Phone", "Ann,4155550131", "NAME, phone", "Ben,4155550132", "Phone,Name", "4155550133,Cy", "Name,Phone",
            "Di,4155550134",
        )
    )  # fmt: skip
    assert codes(table) == [None, None, None, *OTHER * 2, None, None]


@pytest.mark.parametrize(
    "row",
    ["Ann,Phone,Rome", "Ann,,", "Phone,,", "Mobile,,Rome", "Total,,", "Email,Website,Source", "Ben,no phone,Bonn"],
)
def test_a_person_without_a_number_is_no_header(write: Write, row: str) -> None:
    table = open_table(write("Name,Phone,City", "Ann,4155550131,Rome", row, "Cy,4155550133,Nice"))
    assert codes(table) == [None, None, None]


def test_a_second_table_in_a_workbook_is_not_read_under_the_wrong_columns(tmp_path: Path, journal_path: Path) -> None:
    rows: list[list[workbooks.Cell]] = [
        ["Name", "Phone", "Emergency phone"], ["Ann", "4155550131", "2125550191"], [None],
        ["Name", "Emergency phone", "Phone"], ["Cy", "2125550193", "4155550133"],
    ]  # fmt: skip
    file = tmp_path / "people.xlsx"
    file.write_bytes(workbooks.xlsx({"People": rows}))
    checked = check(journal_path, file, "http://127.0.0.1:9")
    validated = rows_of(journal_path, checked.run_id)
    assert [row.phone for row in validated] == ["+14155550131", "", ""]
    assert [issue.code for row in validated[1:] for issue in row.issues] == OTHER * 2


# Surplus cells


def test_a_surplus_that_all_rows_have_is_columns_without_names(write: Write) -> None:
    table = open_table(write("Name,Phone", "Ann,4155550131,Rome,x", "Ben,4155550132,Bonn,y"))
    assert table.header == ["Name", "Phone", "Column 3", "Column 4"]
    assert table.how.unnamed_columns == 2


def test_a_surplus_that_nearly_all_rows_have_is_columns_and_a_single_one_is_not(write: Write) -> None:
    rows = [f"P,415555{number:04},x" for number in range(20)]
    assert len(open_table(write("Name,Phone", *rows, "Q,4155551000")).header) == 3
    assert len(open_table(write("Name,Phone", "Doe, Ann,4155550131", "Ben,4155550132", "Cy,4155550133")).header) == 2
    assert len(open_table(write("Name,Phone", "Ann,4155550131,", "Ben,4155550132,")).header) == 2


# Documents that are no tables


def zipped(*names: str | tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        for name in names:
            parts.writestr(*((name, b"<xml/>") if isinstance(name, str) else name))
    return file.getvalue()


PHOTO = b"xl/ word/ ppt/" + bytes(2_000_000)
"""A part that is longer than what is looked at, and has what names of parts have."""


ODT = b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.textPK"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.numbers", zipped("Index/Document.iwa", "Index/Tables/DataList.iwa", "preview.jpg"), "Numbers.*Export To"),
        ("a.pages", zipped("Index/Document.iwa"), "Pages.*CSV"),
        ("a.key", zipped("Index/Document.iwa"), "Keynote.*CSV"),
        ("a.docx", zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml"), "Word.*CSV"),
        ("a.xlsx", zipped("[Content_Types].xml", "word/document.xml", "word/embeddings/xl/a"), "Word.*CSV"),
        ("a.pptx", zipped("[Content_Types].xml", "ppt/presentation.xml"), "presentation.*CSV"),
        ("a.odt", ODT, "OpenDocument text.*CSV"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"), "Word.*CSV"),
        ("a.zip", zipped("members.csv"), "zip file"),
        ("big.numbers", zipped(("Data/photo.jpg", PHOTO), "Index/Document.iwa"), "Numbers.*Export To"),
        ("big.pages", zipped(("Data/photo.jpg", PHOTO), "Index/Document.iwa"), "Pages.*CSV"),
        ("big.docx", zipped("[Content_Types].xml", ("docProps/thumb.jpeg", PHOTO), "word/document.xml"), "Word.*CSV"),
        ("cut.docx", zipped("[Content_Types].xml", "word/document.xml")[:150], "Word.*CSV"),
        ("a.gsheet", b'{"doc_id": "1", "url": "https://docs.google.com/spreadsheets/d/1"}', "link.*Comma-separated"),
        ("a.webloc", b'<?xml version="1.0"?><plist><dict><key>URL</key></dict></plist>', "link.*download"),
        ("a.url", b"[InternetShortcut]\r\nURL=https://docs.google.com/x\r\n", "link.*download"),
        ("a.csv", b"[InternetShortcut]\r\nURL=https://docs.google.com/x\r\n", "link.*download"),
        ("a.mht", b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<table>", "MHTML.*CSV"),
        ("a.xls", b"From: <Saved by Excel>\r\nMIME-Version: 1.0\r\n\r\n<table>", "MHTML.*CSV"),
    ],
)
def test_a_document_is_named_with_the_way_to_a_csv_file(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileProblem, match=words):
        open_table(tmp_path / name)


def test_a_numbers_file_that_is_a_folder_is_named_too(tmp_path: Path) -> None:
    (tmp_path / "people.numbers").mkdir()
    with pytest.raises(FileProblem, match="Numbers"):
        open_table(tmp_path / "people.numbers")


def test_a_workbook_with_pictures_before_its_sheets_is_read(tmp_path: Path) -> None:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbooks.xlsx({"People": [["Phone"], ["4155550131"]]}))) as old,
        zipfile.ZipFile(file, "w") as new,
    ):
        new.writestr("[Content_Types].xml", old.read("[Content_Types].xml"))
        new.writestr("docProps/thumbnail.jpeg", PHOTO)
        for part in old.namelist()[1:]:
            if part != "[Content_Types].xml":
                new.writestr(part, old.read(part))
    (tmp_path / "people.xlsx").write_bytes(file.getvalue())
    assert cells(open_table(tmp_path / "people.xlsx")) == [["4155550131"]]


@pytest.mark.parametrize("name", ["people.gsheet", "people.url", "people.webloc"])
def test_a_table_with_the_suffix_of_a_link_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Phone\n4155550131\n")
    assert cells(open_table(tmp_path / name)) == [["4155550131"]]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://docs.google.com/spreadsheets/d/abc/edit#gid=0", "Comma-separated"),
        ("docs.google.com/spreadsheets/d/abc/edit", "Comma-separated"),
        ("  <https://docs.google.com/spreadsheets/d/abc/edit>\n", "Comma-separated"),
        ("https://docs.google.com/spreadsheets/d/a b/edit", "Comma-separated"),
        ("ftp://example.com/people.csv", "download the table"),
        ("www.example.com/people.csv", "download the table"),
        ("acme.sharepoint.com/:x:/people.xlsx", "download the table"),
        ("file:///home/ann/people.csv", "a file on a computer"),
        ("https:/example.com/people.csv", "download the table"),
    ],
)
def test_an_address_is_answered_with_how_to_get_the_file(address: str, words: str) -> None:
    assert words in web_address_problem(address)


@pytest.mark.parametrize(
    "text", ["Phone\n4155550131", "folder/docs.google.com.csv", "https://example.com\t4155550131", "people.csv"]
)
def test_a_table_or_a_path_is_no_address(text: str) -> None:
    assert web_address_problem(text) == ""
