"""Corrections in a review: cells changed, rows left out or accepted.

Each changed row is validated again by the rules of the whole file, and which rows of the same person are sent is settled
again.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from trackly_desktop.contacts.issues import Issue, IssueCode, NoteCode
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.contacts.phone_notation import number_beside_remark
from trackly_desktop.contacts.phone_numbers import PhoneProblem, first_of_several, parse_phone, visible_text
from trackly_desktop.contacts.phone_regions import dial_code
from trackly_desktop.files.table import Row
from trackly_desktop.journal.draft_editor import DraftEditor, DraftRow
from trackly_desktop.journal.import_options import Options
from trackly_desktop.journal.models import Run
from trackly_desktop.mapping.column_mapping import ColumnMapping
from trackly_desktop.validation.file_validation import ProgressCallback, ValidationResult
from trackly_desktop.validation.row_validator import IssueKind, RowValidator, ValidationRules

_BATCH = 500


class Change(enum.StrEnum):
    """What a correction does to a cell, or to a row."""

    SET = "set"
    PUT_BEFORE = "put before"
    REPLACE = "replace"
    FIRST_NUMBER = "first number"
    ADD_COUNTRY = "add country"
    KEEP_NUMBER = "keep number"
    LEAVE_OUT = "leave out"
    TAKE_AS_IT_IS = "take as it is"


_ONLY_IF_RIGHT = (Change.ADD_COUNTRY, Change.KEEP_NUMBER)
"""A cell stays as it is where these do not make a phone number of it."""


@dataclass(frozen=True, slots=True)
class Fix:
    """One correction.

    It is for the rows with these keys, or (None) for every row with this kind of issue, or for every row.


    `column` counts from 0. `text` is what is set, put before each cell, put in place of `find`, or the country to add.
    """

    change: Change
    column: int | None = None
    text: str = ""
    find: str = ""
    keys: tuple[int, ...] | None = None
    kind: IssueKind | None = None

    def to_json(self, header: Sequence[str]) -> dict[str, str]:
        """As stored in the journal, for what an operator is shown: without the rows."""
        column = "" if self.column is None else header[self.column]
        return {"change": self.change, "column": column, "text": self.text, "find": self.find}


def corrected_cell(fix: Fix, cell: str) -> str:
    """Return a cell as a correction makes it."""
    if fix.change is Change.SET:
        return fix.text
    if fix.change is Change.PUT_BEFORE:
        return fix.text + cell.strip().lstrip("'") if cell.strip() else cell
    if fix.change is Change.REPLACE:
        return cell.replace(fix.find, fix.text) if fix.find else cell
    if fix.change is Change.ADD_COUNTRY:
        return _with_country(cell, fix.text)
    if fix.change is Change.KEEP_NUMBER:
        return _without_remark(cell)
    return first_of_several(cell) if fix.change is Change.FIRST_NUMBER else cell


def _with_country(cell: str, region: str) -> str:
    """Return a number of this country with its dial code; any other cell as it is."""
    if visible_text(cell).lstrip("'(").startswith(("+", "00")):
        return cell
    try:
        phone = parse_phone(cell, region)
    except PhoneProblem:
        return cell
    return phone.e164 if phone.number.country_code == dial_code(region) else cell


def _without_remark(cell: str) -> str:
    """Return the only number of a cell with words beside it; any other cell as it is."""
    return number_beside_remark(visible_text(cell)) or cell


def apply_fix(
    journal: Path, run_id: int, fix: Fix, progress: ProgressCallback, history_key: bytes = b""
) -> ValidationResult:
    """Apply a correction to a draft; return the draft's result as it is then.

    Raises:
        JournalProblem: the journal cannot be used, or the draft is gone.
    """
    with DraftEditor(journal, run_id, history_key) as draft:
        run = draft.run
        options = Options.from_json(run.options)
        validator = validator_of(run)
        draft.corrections.begin(fix.to_json(run.header))
        done = 0
        for batch in _batches(draft.rows(fix.keys, only_invalid=fix.kind is not None)):
            changed = [row for row in (_correct(fix, row, validator, run.header) for row in batch) if row is not None]
            draft.replace(changed, options)
            done += len(batch)
            progress(done)
        return _result(draft)


def undo_correction(journal: Path, run_id: int, history_key: bytes = b"") -> ValidationResult:
    """Undo the last correction of a draft; return the draft's result as it is then.

    Raises:
        JournalProblem: the journal cannot be used, or the draft is gone.
    """
    with DraftEditor(journal, run_id, history_key) as draft:
        draft.undo_last_correction()
        return _result(draft)


def _result(draft: DraftEditor) -> ValidationResult:
    run = draft.run
    counts = draft.finalize(run.rows)
    issue_counts: Counter[IssueKind] = Counter()
    for issues in draft.issues():
        issue_counts.update({issue.kind for issue in issues})
    return ValidationResult(
        run.id,
        run.rows,
        counts,
        draft.duplicates(Options.from_json(run.options).duplicates),
        draft.already_added(),
        tuple(issue_counts.most_common()),
        run.source.missing_plus,
        last_correction=draft.corrections.last(),
    )


def validator_of(run: Run) -> RowValidator:
    """Return a validator with the rules by which a run's rows were validated."""
    return RowValidator(
        ValidationRules(
            run.header,
            run.source.header_row or 0,
            ColumnMapping.from_json(run.mapping),
            Options.from_json(run.options),
            missing_plus=run.source.missing_plus,
        )
    )


def has_kind(issues: Iterable[Issue], kind: IssueKind) -> bool:
    """Whether one of a row's issues is of this kind."""
    return any(issue.kind == kind for issue in issues)


def _batches(rows: Iterator[DraftRow]) -> Iterator[list[DraftRow]]:
    batch: list[DraftRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch


def _correct(fix: Fix, row: DraftRow, validator: RowValidator, header: Sequence[str]) -> DraftRow | None:
    """Return the corrected row; None where it stays as it was."""
    if fix.kind is not None and not has_kind(row.issues, fix.kind):
        return None
    if fix.change is Change.LEAVE_OUT:
        return row.left_out() if row.outcome is not Outcome.SKIPPED else None
    if any(issue.code is IssueCode.ROW_BELOW_OTHER_HEADER for issue in row.issues):
        return None  # its cells are not those of the columns, whatever is put into one of them
    if row.note is not None and row.note.code is NoteCode.HEADING_SAYS_NO:
        return None  # the heading is not among its cells
    width = len(header)
    cells = [*row.cells, *[""] * (width - len(row.cells))]
    if fix.change is Change.TAKE_AS_IT_IS:
        # The operator has seen the row as it was read: cells beyond the header belong to no column.
        return row.revalidated(validator.validate(Row(row.number, row.line, cells[:width])))
    assert fix.column is not None
    text = corrected_cell(fix, cells[fix.column])
    if text == cells[fix.column]:
        return None
    cells[fix.column] = text
    corrected = row.revalidated(validator.validate(Row(row.number, row.line, cells)))
    if fix.change in _ONLY_IF_RIGHT and any(issue.column == header[fix.column] for issue in corrected.issues):
        return None
    return corrected
