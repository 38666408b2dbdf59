"""Changes that an operator makes to a checked file before anything is sent: cells corrected, rows left out or taken back.

Each changed row is checked again by the same rules as the whole file was, and what depends on it (who comes twice, who was
added before) is settled anew.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.contacts.phone_numbers import first_of_several
from trackly_desktop.files.table import Row
from trackly_desktop.journal.drafts import DraftEditor, DraftRow
from trackly_desktop.journal.import_options import Options
from trackly_desktop.journal.models import Run
from trackly_desktop.mapping.column_mapping import ColumnMapping
from trackly_desktop.validation.file_validation import ProgressCallback, ValidationResult
from trackly_desktop.validation.row_validator import RowValidator, ValidationRules, kind_of

_BATCH = 500


class Change(enum.StrEnum):
    """What is done to a cell, or to a row."""

    SET = "set"
    PUT_BEFORE = "put before"
    REPLACE = "replace"
    FIRST_NUMBER = "first number"
    LEAVE_OUT = "leave out"
    TAKE_AS_IT_IS = "take as it is"


@dataclass(frozen=True, slots=True)
class Fix:
    """One change, to the rows with these keys; with None, to every row that has this kind of problem, or to every row.

    `column` counts from 0. `text` is what is set, put before, or put in place of `find`.
    """

    change: Change
    column: int | None = None
    text: str = ""
    find: str = ""
    keys: tuple[int, ...] | None = None
    kind: str = ""


def changed(fix: Fix, cell: str) -> str:
    """The cell as this fix makes it."""
    if fix.change is Change.SET:
        return fix.text
    if fix.change is Change.PUT_BEFORE:
        return fix.text + cell.strip().lstrip("'") if cell.strip() else cell
    if fix.change is Change.REPLACE:
        return cell.replace(fix.find, fix.text) if fix.find else cell
    return first_of_several(cell) if fix.change is Change.FIRST_NUMBER else cell


def apply_fix(
    journal: Path, run: int, fix: Fix, progress: ProgressCallback, history_key: bytes = b""
) -> ValidationResult:
    """Carries out a fix on a draft. Raises JournalProblem."""
    with DraftEditor(journal, run, history_key) as draft:
        found = draft.found
        options = Options.from_json(found.options)
        checker = checker_of(found)
        done, touched = 0, 0
        for batch in _batches(draft.rows(fix.keys, only_wrong=bool(fix.kind))):
            made = [new for row in batch if (new := _fixed(fix, row, checker, len(found.header))) is not None]
            draft.replace(made, options)
            touched += len(made)
            done += len(batch)
            progress(done)
        draft.note_corrections(touched)
        counts = draft.finalize(found.rows)
        issue_counts: Counter[str] = Counter()
        for problems in draft.problems():
            issue_counts.update({kind_of(words) for _column, _value, words in problems})
        return ValidationResult(
            run,
            found.rows,
            counts,
            draft.duplicates(options.duplicates),
            draft.already_added(),
            tuple(issue_counts.most_common()),
            bool(found.how.get("plus")),
        )


def checker_of(run: Run) -> RowValidator:
    """The rules by which this run's rows were checked."""
    return RowValidator(
        ValidationRules(
            run.header,
            run.how.get("header_row") or 0,
            ColumnMapping.from_json(run.mapping),
            Options.from_json(run.options),
            plus=bool(run.how.get("plus")),
        )
    )


def has_kind(problems: Sequence[Sequence[str | None]], kind: str) -> bool:
    """Whether one of a row's problems is of this kind."""
    return any(kind_of(str(words)) == kind for _column, _value, words in problems)


def _batches(rows: Iterator[DraftRow]) -> Iterator[list[DraftRow]]:
    batch: list[DraftRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch


def _fixed(fix: Fix, row: DraftRow, checker: RowValidator, width: int) -> DraftRow | None:
    """The row as it is after the fix; None where it stays as it was."""
    if fix.kind and not has_kind(row.problems, fix.kind):
        return None
    if fix.change is Change.LEAVE_OUT:
        return row.left_out() if row.outcome is not Outcome.SKIPPED else None
    cells = [*row.cells, *[""] * (width - len(row.cells))]
    if fix.change is Change.TAKE_AS_IT_IS:
        # The operator has seen it as it was read: cells beyond the header belong to no column.
        return row.checked(checker.check(Row(row.number, row.line, cells[:width])))
    assert fix.column is not None
    text = changed(fix, cells[fix.column])
    if text == cells[fix.column]:
        return None
    cells[fix.column] = text
    return row.checked(checker.check(Row(row.number, row.line, cells)))
