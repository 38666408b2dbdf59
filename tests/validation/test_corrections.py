"""Corrections in a review validate their rows at once, and no others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.jobs import check, outcomes, rows_of, run_of
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.journal.import_options import Duplicates
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.journal.run_store import Journal
from trackly_desktop.reports import results_export
from trackly_desktop.validation.corrections import Change, Fix, apply_fix, corrected_cell
from trackly_desktop.validation.file_validation import ValidationResult

Write = Callable[..., Path]
NOWHERE = "http://127.0.0.1:9"


class Draft:
    """A checked file, and what it is after each fix."""

    def __init__(self, journal: Path, file: Path, **options: Any) -> None:
        self.journal = journal
        self.checked = check(journal, file, NOWHERE, **options)

    def fix(self, change: Change, *, row: int | None = None, **more: Any) -> ValidationResult:
        keys = None if row is None else (rows_of(self.journal, self.checked.run_id)[row - 1].key,)
        self.checked = apply_fix(self.journal, self.checked.run_id, Fix(change, keys=keys, **more), lambda _rows: None)
        assert outcomes(self.journal, self.checked.run_id) == {
            str(outcome): count for outcome, count in self.checked.counts.items() if count
        }
        return self.checked

    @property
    def sent(self) -> list[tuple[int, str]]:
        """The rows that would be sent: number and phone."""
        rows = rows_of(self.journal, self.checked.run_id)
        return [(row.number, row.phone) for row in rows if row.outcome is Outcome.PENDING]


@pytest.fixture
def make_draft(journal_path: Path, write: Write) -> Callable[..., Draft]:
    """Checks a file with these lines."""
    return lambda *lines, **options: Draft(journal_path, write(*lines), **options)


Make = Callable[..., Draft]


def test_a_corrected_cell_is_checked_at_once(make_draft: Make) -> None:
    draft = make_draft("Phone,Name", "415555,Ada", "4155550121,Ben")
    checked = draft.fix(Change.SET, row=1, column=0, text="415-555-0120")
    assert checked.counts == {Outcome.PENDING: 2}
    assert checked.issue_counts == ()
    assert draft.sent == [(1, "+14155550120"), (2, "+14155550121")]


def test_a_cell_made_wrong_is_an_issue_at_once(make_draft: Make) -> None:
    draft = make_draft("Phone,Name", "4155550120,Ada")
    assert draft.fix(Change.SET, row=1, column=0, text="12").counts == {Outcome.INVALID: 1}
    assert draft.sent == []


def test_one_fix_reaches_all_rows_with_the_same_kind_of_issue_and_no_other(make_draft: Make) -> None:
    draft = make_draft("Phone", "7911123456", "7911123457", "12", "4155550120")
    kind = next(kind for kind, count in draft.checked.issue_counts if count == 2)
    checked = draft.fix(Change.PUT_BEFORE, column=0, text="+44", kind=kind)
    assert draft.sent == [(1, "+447911123456"), (2, "+447911123457"), (4, "+14155550120")]
    assert checked.counts[Outcome.INVALID] == 1


def test_find_and_replace_in_a_column_leaves_the_others_alone(make_draft: Make) -> None:
    draft = make_draft("Phone,Note", "415_555_0120,a_b", "415-555-0121,c")
    draft.fix(Change.REPLACE, column=0, find="_", text="-")
    reader = JournalReader(draft.journal)
    assert [cells for _row, cells in reader.every_row(draft.checked.run_id)] == [
        ["415-555-0120", "a_b"],
        ["415-555-0121", "c"],
    ]
    reader.close()
    assert len(draft.sent) == 2


def test_of_several_numbers_the_first_is_kept(make_draft: Make) -> None:
    draft = make_draft("Phone", "4155550120 / 4155550121", "4155550122; 4155550123")
    [(kind, count)] = draft.checked.issue_counts
    assert count == 2
    draft.fix(Change.FIRST_NUMBER, column=0, kind=kind)
    assert [phone for _row, phone in draft.sent] == ["+14155550120", "+14155550122"]


def test_a_row_that_is_left_out_can_be_taken_back(make_draft: Make) -> None:
    draft = make_draft("Phone", "4155550120", "4155550121")
    assert draft.fix(Change.LEAVE_OUT, row=1).counts == {Outcome.SKIPPED: 1, Outcome.PENDING: 1}
    assert draft.fix(Change.TAKE_AS_IT_IS, row=1).counts == {Outcome.PENDING: 2}


def test_a_row_that_may_have_been_split_wrongly_can_be_taken_as_it_is(make_draft: Make) -> None:
    draft = make_draft("Phone,Name", '4155550120,"Ada', "4155550121,Doe, Jane")
    assert draft.checked.counts == {Outcome.INVALID: 2}
    draft.fix(Change.TAKE_AS_IT_IS, row=1)
    draft.fix(Change.TAKE_AS_IT_IS, row=2)
    assert len(draft.sent) == 2


@pytest.mark.parametrize(
    ("rule", "sent"), [(Duplicates.LAST, [2, 3]), (Duplicates.FIRST, [1, 2]), (Duplicates.EACH, [1, 2, 3])]
)
def test_a_correction_that_makes_a_duplicate_is_settled_by_the_rule(
    make_draft: Make, rule: Duplicates, sent: list[int]
) -> None:
    draft = make_draft("Phone", "4155550120", "4155550121", "41555501", duplicates=rule)
    checked = draft.fix(Change.SET, row=3, column=0, text="4155550120")
    assert [row for row, _phone in draft.sent] == sent
    assert checked.duplicates == 1


def test_a_correction_that_ends_a_duplicate_sends_the_other_again(make_draft: Make) -> None:
    draft = make_draft("Phone", "4155550120", "4155550120")
    assert [row for row, _phone in draft.sent] == [2]
    draft.fix(Change.SET, row=2, column=0, text="4155550121")
    assert [row for row, _phone in draft.sent] == [1, 2]
    draft.fix(Change.SET, row=2, column=0, text="4155550120")
    draft.fix(Change.LEAVE_OUT, row=2)
    assert [row for row, _phone in draft.sent] == [1]


def test_the_file_stays_as_it_is_and_the_run_knows_how_many_rows_were_corrected(make_draft: Make, write: Write) -> None:
    draft = make_draft("Phone", "41555501", "4155550121")
    draft.fix(Change.SET, row=1, column=0, text="4155550120")
    assert run_of(draft.journal, draft.checked.run_id).source.corrected_rows == 1


def test_what_is_sent_is_the_corrected_row(make_draft: Make) -> None:
    draft = make_draft("Phone,Name", "41555501,Ada")
    draft.fix(Change.SET, row=1, column=0, text="4155550120")
    draft.fix(Change.SET, row=1, column=1, text="Zoë")
    reader = JournalReader(draft.journal)
    detail = reader.detail(reader.keys(draft.checked.run_id)[0])
    reader.close()
    assert detail is not None
    assert json.loads(detail.body)["custom_fields"] == {"name": "Zoë"}


def test_rows_to_fix_import_again_once_they_are_corrected(make_draft: Make, tmp_path: Path, journal_path: Path) -> None:
    draft = make_draft("Phone;Näme", "41555501;Ada", "4155550121;Ben", '12;"Cy; ""Jr"""')
    reader = JournalReader(draft.journal)
    file = tmp_path / "fix.csv"
    assert results_export.write_rows_to_fix(reader, draft.checked.run_id, file) == 2
    reader.close()
    file.write_text(
        file.read_text("utf-8-sig").replace("41555501,", "4155550120,").replace("12,", "4155550122,"), "utf-8"
    )
    again = check(journal_path, file, NOWHERE)
    assert again.counts == {Outcome.PENDING: 2}


def test_a_run_that_has_begun_is_not_changed_any_more(make_draft: Make) -> None:
    draft = make_draft("Phone", "4155550120")
    with Journal(draft.journal) as journal:
        journal.start(draft.checked.run_id)
    with pytest.raises(JournalProblem, match="check the file again"):
        apply_fix(draft.journal, draft.checked.run_id, Fix(Change.LEAVE_OUT), lambda _rows: None)


def test_duplicates_are_found_side_by_side(make_draft: Make) -> None:
    draft = make_draft("Phone", "4155550121", "4155550120", "4155550122", "4155550120", "4155550121")
    reader = JournalReader(draft.journal)
    assert [row.number for row in reader.page(reader.duplicate_keys(draft.checked.run_id))] == [2, 4, 1, 5]
    reader.close()


def test_putting_before_leaves_an_empty_cell_empty() -> None:
    fix = Fix(Change.PUT_BEFORE, 0, "+1")
    assert [corrected_cell(fix, cell) for cell in ("", " 415", "'415")] == ["", "+1415", "+1415"]
