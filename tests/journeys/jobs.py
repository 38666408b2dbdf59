"""Whole imports for tests: validate a file, deliver it over a real socket."""

from __future__ import annotations

import asyncio
from collections import Counter
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
from trackly_desktop.journal.queries import JournalReader, ShownRow
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
    *map_options: str,
    history_key: bytes = b"",
    ignored_consent_columns: tuple[str, ...] = (),
    **options: Any,
) -> ValidationResult:
    """Check a file into a draft; `fixed` has the list unless it says otherwise."""
    opened = inspect_file(file, FormatOptions(), lambda _rows: None)
    mapping = replace(
        apply_map_options(suggest_mapping(opened.header, opened.profiles), map_options),
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


def deliver(journal: Path, run_id: int, *, key: str = KEY, **kwargs: Any) -> RunEnd:
    """Deliver a run to its end, or until it has to stop."""

    async def work() -> RunEnd:
        keys = CredentialStore()
        keys.set_for_session(ACCOUNT, key)
        session = ImportService(journal, keys, timeouts=QUICK, **kwargs)
        try:
            return await session.deliver(run_id)
        finally:
            await session.close()

    return asyncio.run(work())


def rows_of(journal: Path, run_id: int) -> list[ShownRow]:
    """Return every row, in the file's order."""
    reader = JournalReader(journal)
    try:
        return [row for row, _cells in reader.every_row(run_id)]
    finally:
        reader.close()


def run_of(journal: Path, run_id: int) -> Run:
    """Return the run as the journal has it."""
    reader = JournalReader(journal)
    try:
        run = reader.run(run_id)
    finally:
        reader.close()
    assert run is not None
    return run


def outcomes(journal: Path, run_id: int) -> dict[str, int]:
    """Return how many rows have each outcome, counted from the rows themselves."""
    return dict(Counter(str(row.outcome) for row in rows_of(journal, run_id)))
