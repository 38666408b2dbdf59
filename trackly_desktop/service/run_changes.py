"""Changes to runs that are not under way: undo, another list, decisions on rows.

Nothing is sent here; the caller delivers the runs that have rows to send.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trackly_desktop.journal import resolutions, schema
from trackly_desktop.journal.resolutions import UnknownResolution
from trackly_desktop.journal.undo import create_undo_run
from trackly_desktop.mapping.column_mapping import ColumnMapping
from trackly_desktop.mapping.presets import Presets
from trackly_desktop.system.run_lock import RunBusy
from trackly_desktop.validation.file_validation import current_user, disable_journeys_for_old_signups


@dataclass(frozen=True, slots=True)
class UndoRun:
    """A run that undoes another: its id, and the confirmation for its audit record."""

    run_id: int
    confirmed: str


@dataclass(slots=True)
class ResolvedRuns:
    """Runs whose rows were resolved."""

    to_deliver: list[int] = field(default_factory=list)
    """Ids of the runs that have rows to send now."""
    busy: list[RunBusy] = field(default_factory=list)
    """One for each run that is being delivered; its rows are as they were."""


async def prepare_draft(
    journal: Path, run_id: int, *, old_signups_before: int | None = None, remember: ColumnMapping | None = None
) -> None:
    """Carry out the operator's last choices for a draft before it is delivered.

    Args:
        journal: The journal's file.
        run_id: The draft.
        old_signups_before: Disable journeys for rows that signed up before this day, since 1970; None for no row.
        remember: Remember this mapping for files with the same header; None remembers nothing.

    Raises:
        JournalProblem: The draft cannot be changed.
    """
    if old_signups_before is not None:
        await asyncio.to_thread(disable_journeys_for_old_signups, journal, run_id, old_signups_before)
    if remember is not None:
        await asyncio.to_thread(Presets().remember, remember)


async def prepare_undo(journal: Path, run_id: int) -> UndoRun:
    """Create the run that unsubscribes everybody newly added by another run.

    Raises:
        JournalProblem: The run is not over, or there is nothing to undo.
    """
    undo_run_id = await asyncio.to_thread(create_undo_run, journal, run_id, current_user())
    return UndoRun(undo_run_id, f"Everybody whom run {run_id} newly added is taken off the list")


async def change_list(journal: Path, run_id: int, old: str, new: str) -> None:
    """Move a run's rows that were not added from one list to another.

    Raises:
        RunBusy: The run is being delivered.
        JournalProblem: The journal cannot be opened.
    """
    await asyncio.to_thread(resolutions.change_list, journal, run_id, old, new)


async def resolve_rows(journal: Path, keys: Sequence[int], resolution: UnknownResolution | None) -> ResolvedRuns:
    """Resolve unknown rows, or retry refused ones where `resolution` is None.

    Raises:
        JournalProblem: The journal cannot be opened.
    """
    by_run: dict[int, list[int]] = {}
    for key in keys:
        by_run.setdefault(schema.run_of(key), []).append(key)
    resolved = ResolvedRuns()
    for run_id, keys_of_run in by_run.items():
        try:
            if resolution is None:
                await asyncio.to_thread(resolutions.retry_refused, journal, run_id, keys_of_run)
            else:
                await asyncio.to_thread(resolutions.resolve_unknown, journal, run_id, resolution, keys_of_run)
        except RunBusy as busy:
            resolved.busy.append(busy)
            continue
        if resolution in (None, UnknownResolution.SEND_AGAIN):
            resolved.to_deliver.append(run_id)
    return resolved
