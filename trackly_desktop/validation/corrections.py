"""Corrections in a review: cells changed, rows left out or accepted.

Each changed row is validated again by the rules of the whole file, and which rows of the same person are sent is settled
again.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from trackly_desktop.contacts.issues import Issue
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.contacts.phone_numbers import first_of_several
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
    LEAVE_OUT = "leave out"
    TAKE_AS_IT_IS = "take as it is"


@dataclass(frozen=True, slots=True)
class Fix:
    """One correction.

    It is for the rows with these keys, or (None) for every row with this kind of issue, or for every row.


    `column` counts from 0. `text` is what is set, put before each cell, or put in place of `find`.
    """

    change: Change
    column: int | None = None
    text: str = ""
    find: str = ""
    keys: tuple[int, ...] | None = None
    kind: IssueKind | None = None


def corrected_cell(fix: Fix, cell: str) -> str:
    """Return a cell as a correction makes it."""
    if fix.change is Change.SET:
        return fix.text
    if fix.change is Change.PUT_BEFORE:
        return fix.text + cell.strip().lstrip("'") if cell.strip() else cell
    if fix.change is Change.REPLACE:
        return cell.replace(fix.find, fix.text) if fix.find else cell
    return first_of_several(cell) if fix.change is Change.FIRST_NUMBER else cell


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
        done, corrected = 0, 0
        for batch in _batches(draft.rows(fix.keys, only_invalid=fix.kind is not None)):
            changed = [
                row for row in (_correct(fix, row, validator, len(run.header)) for row in batch) if row is not None
            ]
            draft.replace(changed, options)
            corrected += len(changed)
            done += len(batch)
            progress(done)
        draft.count_corrections(corrected)
        counts = draft.finalize(run.rows)
        issue_counts: Counter[IssueKind] = Counter()
        for issues in draft.issues():
            issue_counts.update({issue.kind for issue in issues})
        return ValidationResult(
            run_id,
            run.rows,
            counts,
            draft.duplicates(options.duplicates),
            draft.already_added(),
            tuple(issue_counts.most_common()),
            run.source.missing_plus,
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


def _correct(fix: Fix, row: DraftRow, validator: RowValidator, width: int) -> DraftRow | None:
    """Return the corrected row; None where it stays as it was."""
    if fix.kind is not None and not has_kind(row.issues, fix.kind):
        return None
    if fix.change is Change.LEAVE_OUT:
        return row.left_out() if row.outcome is not Outcome.SKIPPED else None
    cells = [*row.cells, *[""] * (width - len(row.cells))]
    if fix.change is Change.TAKE_AS_IT_IS:
        # The operator has seen the row as it was read: cells beyond the header belong to no column.
        return row.revalidated(validator.validate(Row(row.number, row.line, cells[:width])))
    assert fix.column is not None
    text = corrected_cell(fix, cells[fix.column])
    if text == cells[fix.column]:
        return None
    cells[fix.column] = text
    return row.revalidated(validator.validate(Row(row.number, row.line, cells)))
