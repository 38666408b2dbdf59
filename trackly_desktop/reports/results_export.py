"""Results, and the rows to fix, as CSV files that are safe to open in Excel."""

from __future__ import annotations

import codecs
import csv
import os
import re
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from trackly_desktop.contacts import dates
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal.models import State
from trackly_desktop.journal.reader import JournalReader, ShownRow
from trackly_desktop.mapping.column_mapping import PROBLEM_COLUMN

RESULT_COLUMNS = (
    "row", "outcome", "problem", "contact_id", "list_contact_id", "is_new_contact", "is_new_list_contact",
    "journeys_enrolled", "warnings", "answered_at",
)  # fmt: skip
TO_FIX = (Outcome.INVALID, Outcome.REFUSED, Outcome.UNKNOWN, Outcome.PENDING, Outcome.SENDING)


def write_results(reader: JournalReader, run: int, path: Path) -> int:
    """Every row of a run, with what came of it; how many. Raises OSError."""
    return _write(reader, run, path, tuple(Outcome), RESULT_COLUMNS, _result)


def write_rows_to_fix(reader: JournalReader, run: int, path: Path) -> int:
    """The rows that were not accepted, in the file's own columns plus the problem: corrected, the file imports again."""
    found = reader.run(run)
    # What a review finds ready is imported by it: in the file of corrections it would be sent a second time.
    outcomes = (Outcome.INVALID,) if found is not None and found.state is State.DRAFT else TO_FIX
    return _write(reader, run, path, outcomes, (PROBLEM_COLUMN,), lambda row: [problem_of(row)])


def write_suppression_list(reader: JournalReader, account: str, path: Path) -> int:
    """An account's do-not-text list; how many numbers. Raises OSError."""
    fresh = path.with_name(path.name + ".part")
    written = 0
    with CsvFile(fresh) as file:
        file.write(["phone_number", "since", "from"])
        for one in reader.suppressed_numbers(account, limit=-1):
            since = dates.format_utc(datetime.fromtimestamp(one.added_at / 1000, UTC))
            file.write([one.phone, since, one.source])
            written += 1
    fresh.replace(path)
    return written


def problem_of(row: ShownRow) -> str:
    """Why a row was not accepted, in one line; empty where it was."""
    if row.outcome is Outcome.INVALID:
        return "; ".join(f"{column}: {words}" if column else words for column, _value, words in row.problems)
    if row.outcome in (Outcome.CREATED, Outcome.UPDATED):
        return ""
    return "; ".join(
        part for part in (row.code, row.answer if row.outcome is not Outcome.PENDING else "", row.note) if part
    )


def _result(row: ShownRow) -> list[str]:
    return [
        str(row.number),
        str(Outcome.PENDING if row.outcome is Outcome.SENDING else row.outcome),
        problem_of(row),
        row.contact_id,
        row.list_contact_id,
        _said(row.is_new_contact),
        _said(row.is_new_list_contact),
        "" if row.journeys is None else str(row.journeys),
        "; ".join((*row.warnings, *([row.note] if row.note and not problem_of(row) else []))),
        dates.format_utc(datetime.fromtimestamp(row.answered_at / 1000, UTC)) if row.answered_at else "",
    ]


def _write(
    reader: JournalReader,
    run: int,
    path: Path,
    outcomes: Sequence[Outcome],
    columns: Sequence[str],
    cells_of: Callable[[ShownRow], list[str]],
) -> int:
    found = reader.run(run)
    own = list(found.header) if found is not None and found.header else ["phone_number", "list_number"]
    fresh = path.with_name(path.name + ".part")
    written = 0
    with CsvFile(fresh) as file:
        file.write([*(_own_name(name, columns) for name in own), *columns])
        for row, cells in reader.every_row(run, outcomes):
            values = cells or [row.phone, row.list_number]
            values = (values + [""] * len(own))[: len(own)]
            file.write([*values, *cells_of(row)])
            written += 1
    fresh.replace(path)
    return written


def _own_name(name: str, columns: Sequence[str]) -> str:
    """One of the file's own names; where a result's column has it too, it says that it is the file's."""
    return f"{name} (file)" if name in columns else name


class CsvFile:
    """An owner-only CSV file; with a BOM only where Excel needs one to read it: beyond ASCII."""

    def __init__(self, path: Path) -> None:
        self._path = path
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._ascii = True

    def __enter__(self) -> CsvFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._file.close()
        if kind is None and not self._ascii:
            marked = self._path.with_name(self._path.name + "+bom")
            descriptor = os.open(marked, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
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


def _said(value: bool | None) -> str:
    return "" if value is None else "true" if value else "false"


_FORMULA = tuple("=+-@\t\r")
_PLAIN = re.compile(r"[+\-]?[\d\s().,\-]*\d$")


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet runs as a formula (OWASP, CSV injection): an apostrophe before what would be one."""
    if text.startswith(_FORMULA) and not _PLAIN.match(text):
        return "'" + text
    return text
