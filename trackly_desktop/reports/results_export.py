"""CSV exports that Excel opens safely: results, rows to fix, suppression list."""

from __future__ import annotations

import codecs
import csv
import os
import re
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from trackly_desktop.api.replies import connection_fault
from trackly_desktop.contacts import dates
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal.models import State
from trackly_desktop.journal.queries import JournalReader, ShownRow
from trackly_desktop.mapping.column_mapping import PROBLEM_COLUMN
from trackly_desktop.messages import answer_text, issues_text, note_text
from trackly_desktop.system.private_files import open_private

RESULT_COLUMNS = (
    "row", "outcome", "problem", "contact_id", "list_contact_id", "is_new_contact", "is_new_list_contact",
    "journeys_enrolled", "warnings", "answered_at",
)  # fmt: skip
TO_FIX = (Outcome.INVALID, Outcome.REFUSED, Outcome.UNKNOWN, Outcome.PENDING, Outcome.SENDING)


def write_results(reader: JournalReader, run_id: int, path: Path) -> int:
    """Write every row of a run with its result; return how many.

    Raises:
        OSError: the file cannot be written.
    """
    return _write(reader, run_id, path, tuple(Outcome), RESULT_COLUMNS, _result)


def write_rows_to_fix(reader: JournalReader, run_id: int, path: Path) -> int:
    """Write the rows that were not accepted with their problems; return how many.

    They have the file's own columns.

    Once corrected, the file imports again.

    Raises:
        OSError: the file cannot be written.
    """
    run = reader.run(run_id)
    # Valid rows of a draft are imported by it: with the corrections they would be sent a second time.
    outcomes = (Outcome.INVALID,) if run is not None and run.state is State.DRAFT else TO_FIX
    return _write(reader, run_id, path, outcomes, (PROBLEM_COLUMN,), lambda row: [problem_of(row)])


def write_suppression_list(reader: JournalReader, account: str, path: Path) -> int:
    """Write an account's suppression list; return how many numbers.

    Raises:
        OSError: the file cannot be written.
    """
    fresh = path.with_name(path.name + ".part")
    written = 0
    with CsvFile(fresh) as file:
        file.write(["phone_number", "since", "from"])
        for number in reader.suppressed_numbers(account, limit=-1):
            since = dates.format_utc(datetime.fromtimestamp(number.added_at / 1000, UTC))
            file.write([number.phone, since, number.source])
            written += 1
    fresh.replace(path)
    return written


def problem_of(row: ShownRow) -> str:
    """Return why a row was not accepted, in one line; empty where it was."""
    if row.outcome is Outcome.INVALID:
        return issues_text(row.issues)
    if row.outcome in (Outcome.CREATED, Outcome.UPDATED):
        return ""
    code = "" if connection_fault(row.code) else row.code
    answer = "" if row.outcome is Outcome.PENDING else answer_text(row.code, row.answer)
    return "; ".join(part for part in (code, answer, note_text(row.note)) if part)


def _result(row: ShownRow) -> list[str]:
    return [
        str(row.number),
        str(Outcome.PENDING if row.outcome is Outcome.SENDING else row.outcome),
        problem_of(row),
        row.contact_id,
        row.list_contact_id,
        _yes_no(row.is_new_contact),
        _yes_no(row.is_new_list_contact),
        "" if row.journeys is None else str(row.journeys),
        "; ".join((*row.warnings, *([note_text(row.note)] if row.note and not problem_of(row) else []))),
        dates.format_utc(datetime.fromtimestamp(row.answered_at / 1000, UTC)) if row.answered_at else "",
    ]


def _write(
    reader: JournalReader,
    run_id: int,
    path: Path,
    outcomes: Sequence[Outcome],
    columns: Sequence[str],
    cells_of: Callable[[ShownRow], list[str]],
) -> int:
    run = reader.run(run_id)
    own = list(run.header) if run is not None and run.header else ["phone_number", "list_number"]
    fresh = path.with_name(path.name + ".part")
    written = 0
    with CsvFile(fresh) as file:
        file.write([*(_own_name(name, columns) for name in own), *columns])
        for row, cells in reader.every_row(run_id, outcomes):
            values = cells or [row.phone, row.list_number]
            values = (values + [""] * len(own))[: len(own)]
            file.write([*values, *cells_of(row)])
            written += 1
    fresh.replace(path)
    return written


def _own_name(name: str, columns: Sequence[str]) -> str:
    """Return a file's column name; marked where a result column has it too."""
    return f"{name} (file)" if name in columns else name


class CsvFile:
    """An owner-only CSV file, with the BOM that Excel needs beyond ASCII."""

    def __init__(self, path: Path) -> None:
        self._path = path
        descriptor = open_private(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        self._file = os.fdopen(descriptor, "w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._ascii = True

    def __enter__(self) -> CsvFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._file.close()
        if kind is None and not self._ascii:
            marked = self._path.with_name(self._path.name + "+bom")
            descriptor = open_private(marked, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            with os.fdopen(descriptor, "wb") as target, self._path.open("rb") as source:
                target.write(codecs.BOM_UTF8)
                shutil.copyfileobj(source, target)
            marked.replace(self._path)
        if kind is not None:
            self._path.unlink(missing_ok=True)

    def write(self, cells: list[str]) -> None:
        safe = [safe_cell(cell) for cell in cells]
        self._ascii = self._ascii and all(cell.isascii() for cell in safe)
        self._writer.writerow(safe)


def _yes_no(value: bool | None) -> str:
    return "" if value is None else "true" if value else "false"


_FORMULA = tuple("=+-@\t\r")
_PLAIN = re.compile(r"[+\-]?[\d\s().,\-]*\d$")


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet runs as a formula (OWASP, CSV injection)."""
    if text.startswith(_FORMULA) and not _PLAIN.match(text):
        return "'" + text
    return text
