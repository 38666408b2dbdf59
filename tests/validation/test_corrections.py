"""Corrections in a review validate their rows at once, and no others."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.journeys.jobs import ACCOUNT, check, outcomes, rows_of, run_of
from trackly_desktop.contacts.issues import Note, NoteCode
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal import correction_log, suppression_list
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.journal.import_options import AlreadyAdded, Duplicates
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.journal.run_store import Journal
from trackly_desktop.reports import results_export
from trackly_desktop.validation.corrections import Change, Fix, apply_fix, corrected_cell, undo_correction
from trackly_desktop.validation.file_validation import ValidationResult, hold_back

Write = Callable[..., Path]
NOWHERE = "http://127.0.0.1:9"


class Draft:
    """A checked file, and what it is after each fix."""

    def __init__(self, journal: Path, file: Path, **options: Any) -> None:
        self.journal = journal
        self.checked = check(journal, file, NOWHERE, **options)

    @property
    def content(self) -> tuple[object, ...]:
        """All that the journal has of the draft, and its result."""
        connection = sqlite3.connect(self.journal)
        [(source, counts)] = connection.execute("SELECT source, counts FROM runs WHERE run = ?", (self.checked.run_id,))
        rows = connection.execute("SELECT * FROM rows ORDER BY key").fetchall()
        connection.close()
        result = self.checked
        return (
            rows, json.loads(source), json.loads(counts), result.counts, result.duplicates, result.already_added,
            sorted(result.issue_counts, key=str),
        )  # fmt: skip

    @property
    def cells(self) -> list[str]:
        """The first cell of each row."""
        reader = JournalReader(self.journal)
        cells = [cells[0] for _row, cells in reader.every_row(self.checked.run_id)]
        reader.close()
        return cells

    def undo(self) -> ValidationResult:
        self.checked = undo_correction(self.journal, self.checked.run_id)
        return self.checked

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


def test_the_country_is_added_to_the_numbers_that_it_has_and_to_no_others(make_draft: Make) -> None:
    draft = make_draft("Phone", "07911 123456", "7911123457", "12", "+49 151", "4155550120")
    kinds = dict(draft.checked.issue_counts)
    for kind in kinds:
        draft.fix(Change.ADD_COUNTRY, column=0, text="GB", kind=kind)
    assert draft.sent == [(1, "+447911123456"), (2, "+447911123457"), (5, "+14155550120")]
    assert draft.cells == ["+447911123456", "+447911123457", "12", "+49 151", "4155550120"]


@pytest.mark.parametrize(
    ("cell", "region", "corrected"),
    [
        ("07911 123456", "GB", "+447911123456"), ("(0151) 23456789", "DE", "+4915123456789"),
        ("'9876543210", "IN", "+919876543210"), ("+1 415 555 0120", "GB", ""), ("0049 151 23456789", "GB", ""),
        ("9876543210", "GB", ""), ("447911123456", "US", ""), ("unknown", "GB", ""), ("", "GB", ""),
    ],
)  # fmt: skip
def test_a_number_of_another_country_stays_as_it_is(cell: str, region: str, corrected: str) -> None:
    assert corrected_cell(Fix(Change.ADD_COUNTRY, 0, region), cell) == (corrected or cell)


@pytest.mark.parametrize(
    ("cell", "corrected"),
    [
        ("4155550149 ask for Ann", "4155550149"), ("Ann's number is (415) 555-0148", "(415) 555-0148"),
        ("private: +44 7911 123456, mornings", "+44 7911 123456"), ("415-555-0131 (work, Mondays)", "415-555-0131"),
        ("4155550149 Ann 4155550150 Ben", ""), ("4155550149 call after 5", "4155550149"), ("4155550149 ext 12", "4155550149"),
        ("DO NOT CALL 4155550149", ""), ("old number: 4155550149", "4155550149"), ("wife 4155550149", "4155550149"),
        ("415-55S-0131", ""), ("415-555-013I", ""), ("415 555 013 O", ""), ("415-555-01XX", ""), ("415 555 01 XX", ""),
        ("415 5550 *** private", ""), ("415 unknown", ""), ("call Ann", ""), ("4155550149", ""), ("", ""),
    ],
)  # fmt: skip
def test_only_the_number_is_kept_where_it_is_the_only_one_and_whole(cell: str, corrected: str) -> None:
    assert corrected_cell(Fix(Change.KEEP_NUMBER, 0), cell) == (corrected or cell)


def test_a_remark_is_removed_where_a_number_is_left(make_draft: Make) -> None:
    draft = make_draft("Phone", "415555014 ask for Ann", "Ann's old 4155550149", "4155550120")
    for kind in dict(draft.checked.issue_counts):
        draft.fix(Change.KEEP_NUMBER, column=0, kind=kind)
    assert draft.cells == ["415555014 ask for Ann", "4155550149", "4155550120"]
    assert [phone for _row, phone in draft.sent] == ["+14155550149", "+14155550120"]


def test_a_date_that_cannot_be_read_is_left_out(make_draft: Make) -> None:
    draft = make_draft("Phone,Signup date", "4155550120,yesterday", "4155550121,2024-05-01")
    [(kind, _count)] = draft.checked.issue_counts
    draft.fix(Change.SET, column=1, text="", kind=kind)
    assert [row for row, _phone in draft.sent] == [1, 2]


def test_each_correction_is_undone_from_the_last_to_the_first(make_draft: Make) -> None:
    draft = make_draft("Phone,Name", "41555501,Ada", "4155550120,Ben", "4155550120,Cy", "4155550121,Di")
    contents = [draft.content]
    for change, options in (
        (Change.SET, {"row": 1, "column": 0, "text": "4155550120"}),
        (Change.LEAVE_OUT, {"row": 3}),
        (Change.PUT_BEFORE, {"column": 1, "text": "Dr. "}),
        (Change.TAKE_AS_IT_IS, {"row": 3}),
    ):
        draft.fix(change, **options)
        contents.append(draft.content)
    contents.pop()
    while contents:
        draft.undo()
        assert draft.content == contents.pop()
    assert draft.checked.last_correction is None


def test_who_says_no_in_a_corrected_row_is_held_back_on_every_list_until_it_is_undone(make_draft: Make) -> None:
    lines = (f"4155550120,{consent},{number}" for consent, number in (("yes", "+18005551234"), ("yes", "+18005551235")))
    draft = make_draft("Phone,SMS opt in,List number", *lines, "4155550121,yes,+18005551234", fixed={})
    content = draft.content
    draft.fix(Change.SET, row=1, column=1, text="no")
    assert [row for row, _phone in draft.sent] == [3]
    draft.fix(Change.LEAVE_OUT, row=3)
    draft.undo()
    draft.undo()
    assert draft.content == content


def test_the_last_correction_says_what_it_changed(make_draft: Make) -> None:
    draft = make_draft("Phone,Name", "4155550120,Ada", "4155550121,Ben")
    draft.fix(Change.REPLACE, column=1, find="n", text="m")
    draft.fix(Change.REPLACE, column=1, find="z", text="y")  # changes nothing: nothing is to be undone
    last = draft.checked.last_correction
    assert last is not None
    assert (last.fix, last.rows) == ({"change": "replace", "column": "Name", "text": "m", "find": "n"}, 1)


def test_undoing_with_nothing_to_undo_changes_nothing(make_draft: Make) -> None:
    draft = make_draft("Phone", "4155550120")
    content = draft.content
    draft.undo()
    assert draft.content == content


def test_a_person_who_must_not_be_texted_by_now_is_held_back_after_undoing(make_draft: Make) -> None:
    draft = make_draft("Phone", "4155550120", "4155550121")
    draft.fix(Change.LEAVE_OUT, row=1)
    suppression_list.add(draft.journal, ACCOUNT, ["+14155550120"], "by hand")
    draft.undo()
    assert [row for row, _phone in draft.sent] == [2]
    assert rows_of(draft.journal, draft.checked.run_id)[0].note == Note(NoteCode.ON_SUPPRESSION_LIST)


def test_nothing_of_corrections_is_stored_once_the_draft_is_started_or_discarded(make_draft: Make) -> None:
    for end in (lambda journal, run_id: journal.start(run_id), lambda journal, _run_id: journal.discard_drafts()):
        draft = make_draft("Phone", "4155550120", "4155550121")
        draft.fix(Change.LEAVE_OUT, row=1)
        with Journal(draft.journal) as journal:
            end(journal, draft.checked.run_id)
        connection = sqlite3.connect(draft.journal)
        assert connection.execute("SELECT count(*) FROM uncorrected_rows").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM corrections").fetchone() == (0,)
        connection.close()


def test_an_undo_that_was_interrupted_is_completed_by_the_next(
    make_draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = make_draft("Phone", *(f"415555012{digit}" for digit in range(10)))
    content = draft.content
    draft.fix(Change.SET, column=0, text="12")
    monkeypatch.setattr(correction_log, "_CHUNK", 4)
    chunks = correction_log._chunks

    def interrupted(connection: sqlite3.Connection, step: int) -> Iterator[dict[str, int]]:
        yield next(iter(chunks(connection, step)))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(correction_log, "_chunks", interrupted)
        with pytest.raises(KeyboardInterrupt):
            draft.undo()
    assert len(draft.sent) == 4
    draft.undo()
    assert draft.content == content


CELLS = st.sampled_from(
    ("4155550120", "(415) 555-0120", "4155550121", "07911123456", "12", "4155550122 / 4155550123", "")
)
YES_NO = st.sampled_from(("yes", "no", ""))
LISTS = st.sampled_from(("+18005551234", "+18005551235"))
FIXES = st.one_of(
    st.tuples(st.just(Change.SET), st.integers(1, 5), st.just(0), CELLS),
    st.tuples(st.just(Change.SET), st.integers(1, 5), st.just(1), YES_NO),
    st.tuples(st.just(Change.SET), st.integers(1, 5), st.just(2), LISTS),
    st.tuples(st.sampled_from((Change.LEAVE_OUT, Change.TAKE_AS_IT_IS)), st.integers(1, 5), st.just(0), st.just("")),
    st.tuples(st.just(Change.ADD_COUNTRY), st.none(), st.just(0), st.just("GB")),
    st.tuples(st.sampled_from((Change.FIRST_NUMBER, Change.LEAVE_OUT)), st.none(), st.just(0), st.just("")),
    st.tuples(st.just(Change.PUT_BEFORE), st.none(), st.just(0), st.sampled_from(("+1", "+44"))),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(CELLS, YES_NO, LISTS), min_size=5, max_size=5),
    fixes=st.lists(FIXES, min_size=1, max_size=6),
    rule=st.sampled_from(Duplicates),
    already=st.sampled_from(AlreadyAdded),
)
def test_undoing_all_corrections_gives_the_draft_as_it_was_validated(
    make_draft: Make,
    rows: list[tuple[str, str, str]],
    fixes: list[tuple[Change, int | None, int, str]],
    rule: Duplicates,
    already: AlreadyAdded,
) -> None:
    lines = map(",".join, rows)
    draft = make_draft("Phone,SMS opt in,List number", *lines, fixed={}, duplicates=rule, already_added=already)
    suppression_list.add(draft.journal, ACCOUNT, ["+14155550121"], "by hand")
    draft.checked = hold_back(draft.journal, draft.checked)
    contents = [draft.content]
    for change, row, column, text in fixes:
        draft.fix(change, row=row, column=column, text=text)
        contents.append(draft.content)
    while draft.checked.last_correction is not None:
        draft.undo()
        assert draft.content in contents
    assert draft.content == contents[0]
    with Journal(draft.journal) as journal:
        journal.discard_drafts()


def test_a_row_below_another_header_can_only_be_left_out(make_draft: Make) -> None:
    draft = make_draft("Name,Phone,Emergency phone", "Ann,4155550120,", "Name,Emergency phone,Phone", "Cy,2125550193,")
    draft.fix(Change.TAKE_AS_IT_IS, row=3)
    checked = draft.fix(Change.SET, row=3, column=0, text="Di")
    assert checked.counts == {Outcome.PENDING: 1, Outcome.INVALID: 2}
    assert draft.fix(Change.LEAVE_OUT, row=3).counts[Outcome.SKIPPED] == 1
