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
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.contacts.parsers import ParseContext, Unreadable, parse_custom_value
from trackly_desktop.contacts.validation import parse_body
from trackly_desktop.journal import drafts
from trackly_desktop.journal.import_options import AlreadyAdded, Duplicates
from trackly_desktop.validation.row_validator import UNREAD, RowValidator

Write = Callable[..., Path]
_CELLS = st.one_of(
    st.text(max_size=30),
    st.text("0123456789+-()x'.#*/:= aAeEmMTZ", max_size=24),
    st.sampled_from(["9" * 5000, "1e999", "-" * 40, "\ud800", "0x1F", "١٢٣", "1.2.3.4%eth0", "http://[", "UTC+99"]),
)


@given(st.fixed_dictionaries({one.name: _CELLS for one in FIELDS if one.kind is not Kind.CUSTOM}))
def test_any_texts_are_a_contact_or_problems(texts: dict[str, str]) -> None:
    body, problems = parse_body(texts, {}, ParseContext())
    assert (body is None) == bool(problems)


@given(_CELLS, st.sampled_from(CUSTOM_TYPES))
def test_any_text_is_a_custom_value_or_a_problem(text: str, type_name: str) -> None:
    try:
        parse_custom_value(text, type_name)
    except Unreadable:
        return


def test_phone_cells_with_a_label_alone_leave_the_other_rows_alone(journal_path: Path, write: Write) -> None:
    run = check(journal_path, write("Phone", "Mobile", "x12", "'", "4155550120", "C"), "https://x.example").run
    rows = rows_of(journal_path, run)
    assert [row.outcome for row in rows].count(Outcome.PENDING) == 1
    assert {row.problems[0][2] for row in rows if row.problems} == {"No phone number here"}


def test_what_nobody_foresaw_while_a_row_is_read_is_that_rows_problem_and_logged(
    journal_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    values, faults = RowValidator._values, []

    def odd(self: RowValidator, cells: list[str], reading: ParseContext) -> Any:
        if cells[0] == "Bo":
            raise IndexError("nobody foresaw this")
        return values(self, cells, reading)

    monkeypatch.setattr(RowValidator, "_values", odd)
    monkeypatch.setattr("trackly_desktop.system.logs.log_unexpected", faults.append)
    run = check(journal_path, write("Name,Phone", "Ann,4155550120", "Bo,4155550121"), "https://x.example").run
    assert [row.outcome for row in rows_of(journal_path, run)] == [Outcome.PENDING, Outcome.INVALID]
    assert [problem[2] for problem in rows_of(journal_path, run)[1].problems] == [UNREAD]
    assert {str(one) for one in faults} == {"nobody foresaw this"}


def test_a_number_shown_as_a_time_is_a_problem_of_its_row(journal_path: Path, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Name", "Phone"], ["Ann", 4155550120], ["Bo", 4155550121], ["Cy", -4155550122], ["Di", 4155550123]):
        sheet.append(row)
    sheet["B3"].number_format = "[h]:mm:ss"
    book.save(tmp_path / "people.xlsx")
    rows = rows_of(journal_path, check(journal_path, tmp_path / "people.xlsx", "https://x.example").run)
    assert [row.phone for row in rows] == ["+14155550120", "", "", "+14155550123"]
    assert "shown as a time" in rows[1].problems[0][2]
    assert "sum" in rows[2].problems[0][2]


@pytest.mark.parametrize("duplicates", list(Duplicates))
@pytest.mark.parametrize("already_added", list(AlreadyAdded))
def test_checking_many_rows_of_one_person_takes_steps_in_proportion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, duplicates: Duplicates, already_added: AlreadyAdded
) -> None:
    steps, open_journal = 0, drafts.connect

    def counted(*given: Any, **more: Any) -> Any:
        connection = open_journal(*given, **more)

        def step() -> int:
            nonlocal steps
            steps += 1
            return 0

        connection.set_progress_handler(step, 100)
        return connection

    monkeypatch.setattr(drafts, "connect", counted)

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
