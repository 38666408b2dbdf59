"""Imports as tests need them: a file checked into a journal, and delivered over a real socket."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.conftest import LIST
from trackly_desktop.accounts.credentials import CredentialStore
from trackly_desktop.api.connection_lanes import Timeouts
from trackly_desktop.delivery.progress import RunEnd
from trackly_desktop.files.table import FormatOptions
from trackly_desktop.journal.import_options import Options
from trackly_desktop.journal.models import Run
from trackly_desktop.journal.reader import JournalReader, ShownRow
from trackly_desktop.mapping.column_mapping import apply_map_options, suggest_mapping
from trackly_desktop.sandbox import KEY
from trackly_desktop.service.import_service import ImportService
from trackly_desktop.validation.file_validation import ValidationRequest, ValidationResult, inspect_file, validate_file

ACCOUNT = "acme"
QUICK = Timeouts(connect=2.0, read=0.5, write=2.0, whole=3.0)


def check(
    journal: Path,
    file: Path,
    address: str,
    *said: str,
    history_key: bytes = b"",
    ignored_consent_columns: tuple[str, ...] = (),
    **options: Any,
) -> ValidationResult:
    """Checks a file into a draft; `fixed` has the list unless it says otherwise."""
    opened = inspect_file(file, FormatOptions(), lambda _rows: None)
    mapping = replace(
        apply_map_options(suggest_mapping(opened.header, opened.profiles), said),
        ignored_consent_columns=ignored_consent_columns,
    )
    options.setdefault("fixed", {"list_number": LIST})
    request = ValidationRequest(
        path=str(file),
        choice=FormatOptions(),
        fingerprint=opened.how.fingerprint,
        mapping=mapping,
        options=Options(**options),
        account=ACCOUNT,
        account_name="Acme",
        base_url=address,
        journal=str(journal),
        history_key=history_key,
    )
    return validate_file(request, lambda _rows: None)


def deliver(journal: Path, run: int, *, key: str = KEY, **more: Any) -> RunEnd:
    """Delivers a run to its end, or until it has to stop."""

    async def work() -> RunEnd:
        keys = CredentialStore()
        keys.set_for_session(ACCOUNT, key)
        session = ImportService(journal, keys, timeouts=QUICK, **more)
        try:
            return await session.deliver(run)
        finally:
            await session.close()

    return asyncio.run(work())


def rows_of(journal: Path, run: int) -> list[ShownRow]:
    """Every row, in the file's order."""
    reader = JournalReader(journal)
    try:
        return [row for row, _cells in reader.every_row(run)]
    finally:
        reader.close()


def run_of(journal: Path, run: int) -> Run:
    """The run as the journal has it."""
    reader = JournalReader(journal)
    try:
        found = reader.run(run)
    finally:
        reader.close()
    assert found is not None
    return found


def outcomes(journal: Path, run: int) -> dict[str, int]:
    """How many rows have each outcome, counted from the rows themselves."""
    found: dict[str, int] = {}
    for row in rows_of(journal, run):
        found[str(row.outcome)] = found.get(str(row.outcome), 0) + 1
    return found
