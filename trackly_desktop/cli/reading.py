"""Print how a file was read, as far as an operator must know it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from trackly_desktop.cli.questions import question_line, unanswered
from trackly_desktop.cli.terminal import tell
from trackly_desktop.files.csv_reader import first_bytes
from trackly_desktop.files.table import DetectedFormat, FormatOptions
from trackly_desktop.files.workbook_reader import is_workbook
from trackly_desktop.mapping.consent_columns import suppression_filename_keyword
from trackly_desktop.messages import fuller_sheet_text, reading_texts
from trackly_desktop.validation import file_validation
from trackly_desktop.validation.file_validation import (
    InspectedFile,
    ProgressCallback,
    ValidationRequest,
    ValidationResult,
)
from trackly_desktop.validation.subprocess_job import FileJobProcess

Result = TypeVar("Result")


def inspect_file(path: Path, choice: FormatOptions, progress: ProgressCallback) -> InspectedFile:
    """Inspect a file; a workbook in a process of its own, which it may abort.

    Raises:
        FileProblem: the file cannot be read, or its process ended.
    """
    if not is_workbook(first_bytes(path)):
        return file_validation.inspect_file(path, choice, progress)
    return _in_process(lambda jobs: jobs.inspect_file(path, choice, progress))


def validate_file(request: ValidationRequest, progress: ProgressCallback) -> ValidationResult:
    """Validate a file into a draft; a workbook in a process of its own.

    Raises:
        FileProblem, JournalProblem: the file or the journal cannot be used; then there is no draft.
    """
    if not is_workbook(first_bytes(Path(request.path))):
        return file_validation.validate_file(request, progress)
    return _in_process(lambda jobs: jobs.validate_file(request, progress))


def _in_process(job: Callable[[FileJobProcess], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        return await job(jobs)

    jobs = FileJobProcess()
    try:
        return asyncio.run(run())
    finally:
        jobs.close()


def require_clear_sheet(path: Path, choice: FormatOptions, detected: DetectedFormat) -> None:
    """Check that no hidden sheet has more phone numbers than the one that is read.

    Raises:
        UsageError: one has, and no sheet was chosen; nothing was sent.
    """
    if choice.sheet is None and detected.fuller_hidden_sheet:
        raise unanswered(path, [question_line(fuller_sheet_text(detected), sheet_options(detected))])


def sheet_options(detected: DetectedFormat) -> list[str]:
    """Return the options that answer which of two sheets is read."""
    return [f'--sheet "{name}"' for name in (detected.sheet, detected.fuller_hidden_sheet)]


def tell_reading(path: Path, detected: DetectedFormat, columns: int) -> None:
    """Print what was chosen or left out while a file was read."""
    for text in reading_texts(detected, columns):
        tell(f"{path}: {text}.")
    if name := name_like_opt_outs(path, detected):
        tell(f"{path}: “{name}” is named like a list of people who left; they may not be texted.")


def name_like_opt_outs(path: Path, detected: DetectedFormat) -> str:
    """Return the file's or sheet's name if it is of people who left; else empty."""
    names = (path.name, detected.sheet or "")
    return next((name for name in names if suppression_filename_keyword(name)), "")
