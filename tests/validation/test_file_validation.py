"""The whole file checked before anything is sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import LIST, OTHER_LIST
from tests.journeys.jobs import check, rows_of
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.files.table import FileProblem, FormatOptions
from trackly_desktop.journal.import_options import Duplicates, Options
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.mapping.column_mapping import suggest_mapping
from trackly_desktop.validation.file_validation import ValidationRequest, inspect_file, validate_file

Write = Callable[..., Path]
NOWHERE = "http://127.0.0.1:9"


def test_every_row_is_ready_or_has_its_issue(journal_path: Path, write: Write) -> None:
    file = write("Phone,IP", "415-555-0120,203.0.113.1", "12,203.0.113.1", ",", "4155550121,nope", ",203.0.113.9")
    checked = check(journal_path, file, NOWHERE)
    assert checked.rows == 4
    assert checked.counts == {Outcome.PENDING: 1, Outcome.INVALID: 3}
    reader = JournalReader(journal_path)
    assert [(row.number, issue.column, issue.value) for row, issue in reader.issues(checked.run_id, 10)] == [
        (2, "Phone", "12"),
        (3, "IP", "nope"),
        (4, "Phone", ""),
    ]
    reader.close()


def test_a_row_is_kept_as_what_will_be_sent(journal_path: Path, write: Write) -> None:
    file = write("Phone,First Name,Orders,VIP", "(415) 555-0120,Zoë,3,yes")
    checked = check(
        journal_path, file, NOWHERE, fixed={"list_number": LIST, "use_journeys": "yes", "url": "https://a.example"}
    )
    reader = JournalReader(journal_path)
    detail = reader.detail(reader.keys(checked.run_id)[0])
    reader.close()
    assert detail is not None
    assert json.loads(detail.body) == {
        "phone_number": "+14155550120", "list_number": LIST, "use_journeys": True, "url": "https://a.example",
        "custom_fields": {"first_name": "Zoë", "orders": 3, "vip": True},
    }  # fmt: skip


def test_a_fixed_value_fills_blank_cells_only(journal_path: Path, write: Write) -> None:
    file = write("Phone,List Number", "4155550120,", f"4155550121,{OTHER_LIST}")
    checked = check(journal_path, file, NOWHERE)
    assert [row.list_number for row in rows_of(journal_path, checked.run_id)] == [LIST, OTHER_LIST]


@pytest.mark.parametrize(
    ("rule", "sent"), [(Duplicates.LAST, [2, 3]), (Duplicates.FIRST, [1, 2]), (Duplicates.EACH, [1, 2, 3])]
)
def test_the_same_person_twice_is_settled_by_the_rule(
    journal_path: Path, write: Write, rule: Duplicates, sent: list[int]
) -> None:
    file = write("Phone,Name", "+14155550120,old", "4155550121,x", "(415) 555-0120,new")
    checked = check(journal_path, file, NOWHERE, duplicates=rule)
    rows = rows_of(journal_path, checked.run_id)
    assert [row.number for row in rows if row.outcome is Outcome.PENDING] == sent


def test_the_same_person_on_two_lists_is_no_duplicate(journal_path: Path, write: Write) -> None:
    file = write("Phone,List Number", f"4155550120,{LIST}", f"4155550120,{OTHER_LIST}")
    assert check(journal_path, file, NOWHERE).duplicates == 0


def test_a_row_with_a_cell_too_many_is_not_guessed_at(journal_path: Path, write: Write) -> None:
    checked = check(journal_path, write("Phone,Name", "4155550120,Doe, Jane"), NOWHERE)
    assert checked.counts == {Outcome.INVALID: 1}


def test_an_issue_names_the_line_where_the_rows_number_does_not_tell_it(journal_path: Path, write: Write) -> None:
    checked = check(journal_path, write("Phone,Note", '4155550120,"a', 'b"', "12,x"), NOWHERE)
    reader = JournalReader(journal_path)
    [(row, issue)] = reader.issues(checked.run_id, 9)
    reader.close()
    assert row.number == 2
    assert issue.params["line"] == 4


def test_a_file_that_changed_since_it_was_opened_is_not_imported(journal_path: Path, write: Write) -> None:
    file = write("Phone", "4155550120")
    opened = inspect_file(file, FormatOptions(), lambda _rows: None)
    write("Phone", "4155550121")
    request = ValidationRequest(
        str(file), FormatOptions(), opened.how.fingerprint, suggest_mapping(opened.header, opened.profiles), Options(), "a", "A",
        NOWHERE, str(journal_path),
    )  # fmt: skip
    with pytest.raises(FileProblem, match="changed"):
        validate_file(request, lambda _rows: None)
    validate_file(replace(request, fingerprint=""), lambda _rows: None)


def test_an_apostrophe_that_a_spreadsheet_put_there_is_not_part_of_the_number(journal_path: Path, write: Write) -> None:
    checked = check(journal_path, write("Phone", "'+14155550120"), NOWHERE)
    assert rows_of(journal_path, checked.run_id)[0].phone == "+14155550120"


def test_a_column_whose_name_is_nothing_but_a_bracket_says_nobodys_country(journal_path: Path, write: Write) -> None:
    checked = check(journal_path, write("Phone,(x)", "4155550120,Germany"), NOWHERE)
    assert rows_of(journal_path, checked.run_id)[0].phone == "+14155550120"
