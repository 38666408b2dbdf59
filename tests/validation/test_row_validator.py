"""Whatever one cell holds costs its row at most, never the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.conftest import LIST
from tests.journeys.jobs import check, rows_of
from trackly_desktop.contacts.fields import CUSTOM_TYPES, FIELDS, Kind
from trackly_desktop.contacts.issues import IssueCode, ParseProblem
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.contacts.parsers import ParseContext, parse_custom_value
from trackly_desktop.contacts.validation import parse_body
from trackly_desktop.journal import drafts
from trackly_desktop.journal.import_options import AlreadyAdded, Duplicates
from trackly_desktop.validation.row_validator import RowValidator

Write = Callable[..., Path]
_CELLS = st.one_of(
    st.text(max_size=30),
    st.text("0123456789+-()x'.#*/:= aAeEmMTZ", max_size=24),
    st.sampled_from(["9" * 5000, "1e999", "-" * 40, "\ud800", "0x1F", "١٢٣", "1.2.3.4%eth0", "http://[", "UTC+99"]),
)


@given(st.fixed_dictionaries({field.name: _CELLS for field in FIELDS if field.kind is not Kind.CUSTOM}))
def test_any_texts_are_a_contact_or_issues(texts: dict[str, str]) -> None:
    body, issues = parse_body(texts, {}, ParseContext())
    assert (body is None) == bool(issues)


@given(_CELLS, st.sampled_from(CUSTOM_TYPES))
def test_any_text_is_a_custom_value_or_a_problem(text: str, type_name: str) -> None:
    try:
        parse_custom_value(text, type_name)
    except ParseProblem:
        return


def test_phone_cells_with_a_label_alone_leave_the_other_rows_alone(journal_path: Path, write: Write) -> None:
    run_id = check(journal_path, write("Phone", "Mobile", "x12", "'", "4155550120", "C"), "https://x.example").run_id
    rows = rows_of(journal_path, run_id)
    assert [row.outcome for row in rows].count(Outcome.PENDING) == 1
    assert {row.issues[0].code for row in rows if row.issues} == {IssueCode.PHONE_BLANK}


def test_what_nobody_foresaw_while_a_row_is_read_is_that_rows_problem_and_logged(
    journal_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = RowValidator._values
    logged: list[BaseException] = []

    def faulty_values(self: RowValidator, cells: list[str], context: ParseContext) -> Any:
        if cells[0] == "Bo":
            raise IndexError("nobody foresaw this")
        return values(self, cells, context)

    monkeypatch.setattr(RowValidator, "_values", faulty_values)
    monkeypatch.setattr("trackly_desktop.system.logs.log_unexpected", logged.append)
    run_id = check(journal_path, write("Name,Phone", "Ann,4155550120", "Bo,4155550121"), "https://x.example").run_id
    assert [row.outcome for row in rows_of(journal_path, run_id)] == [Outcome.PENDING, Outcome.INVALID]
    assert [issue.code for issue in rows_of(journal_path, run_id)[1].issues] == [IssueCode.ROW_UNREADABLE]
    assert {str(error) for error in logged} == {"nobody foresaw this"}


def test_a_number_shown_as_a_duration_is_read_as_the_number(journal_path: Path, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Name", "Phone"], ["Ann", 4155550120], ["Bo", 4155550121], ["Cy", -4155550122], ["Di", 4155550123]):
        sheet.append(row)
    for cell in ("B3", "B4"):
        sheet[cell].number_format = "[h]:mm:ss"
    book.save(tmp_path / "people.xlsx")
    rows = rows_of(journal_path, check(journal_path, tmp_path / "people.xlsx", "https://x.example").run_id)
    assert [row.phone for row in rows] == ["+14155550120", "+14155550121", "", "+14155550123"]
    assert rows[2].issues[0].code is IssueCode.PHONE_EXCEL_SUM


@pytest.mark.parametrize("duplicates", list(Duplicates))
@pytest.mark.parametrize("already_added", list(AlreadyAdded))
def test_checking_many_rows_of_one_person_takes_steps_in_proportion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, duplicates: Duplicates, already_added: AlreadyAdded
) -> None:
    steps, open_journal = 0, drafts.connect  # type: ignore[attr-defined]

    def counting_connect(*args: Any, **kwargs: Any) -> Any:
        connection = open_journal(*args, **kwargs)

        def step() -> int:
            nonlocal steps
            steps += 1
            return 0

        connection.set_progress_handler(step, 100)
        return connection

    monkeypatch.setattr(drafts, "connect", counting_connect)

    def steps_of(rows: int) -> int:
        nonlocal steps
        steps = 0
        file = tmp_path / f"{rows}.csv"
        file.write_text("Phone,Opt out\n" + "4155550120,no\n" * rows)
        fixed = {"list_number": LIST}
        check(
            tmp_path / f"{rows}.sqlite",
            file,
            "https://x",
            fixed=fixed,
            duplicates=duplicates,
            already_added=already_added,
        )
        return steps

    assert steps_of(2_000) < 3 * steps_of(1_000)
