"""Imports for tests: a file validated into a journal, and delivered."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.conftest import LIST
from tests.delivery.policies import FAST
from trackly_desktop.accounts.credentials import CredentialStore
from trackly_desktop.api.connection_lanes import Timeouts
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.delivery.progress import RunEnd, RunProgress
from trackly_desktop.delivery.retry_policy import RetryPolicy
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
    """Validate a file into a draft, for `LIST` unless `fixed` has another list."""
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


Watch = Callable[[Delivery], None]
"""Called after each commit cycle of a delivery."""


async def deliver_in_loop(
    journal: Path,
    run_id: int,
    watch: Watch = lambda _delivery: None,
    *,
    key: str = KEY,
    policy: RetryPolicy = FAST,
    timeouts: Timeouts = QUICK,
    patience: float | None = None,
    pause_after: int | None = None,
) -> RunEnd:
    """Deliver a run to its end, or until it has to stop."""
    keys = CredentialStore()
    keys.set_for_session(ACCOUNT, key)
    service = ImportService(journal, keys, timeouts=timeouts, policy=policy, patience=patience)
    deliveries: list[Delivery] = []
    try:
        return await service.deliver(
            run_id, pause_after=pause_after, begun=deliveries.append, on_turn=lambda: watch(deliveries[0])
        )
    finally:
        await service.close()


def deliver(journal: Path, run_id: int, watch: Watch = lambda _delivery: None, **options: Any) -> RunEnd:
    """Deliver a run in a loop of its own; the options are those of `deliver_in_loop`."""
    return asyncio.run(deliver_in_loop(journal, run_id, watch, **options))


def progress_of(journal: Path, run_id: int, watch: Watch = lambda _delivery: None, **options: Any) -> list[RunProgress]:
    """Deliver a run; return its progress after each commit cycle."""
    history: list[RunProgress] = []

    def record(delivery: Delivery) -> None:
        history.append(delivery.progress())
        watch(delivery)

    deliver(journal, run_id, record, **options)
    return history


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
    """Return the number of rows with each outcome, counted from the rows themselves."""
    return dict(Counter(str(row.outcome) for row in rows_of(journal, run_id)))
