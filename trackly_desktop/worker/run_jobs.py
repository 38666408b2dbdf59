"""Jobs that deliver, pause, cancel and undo runs, and resolve their rows."""

from __future__ import annotations

import asyncio
import functools
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.system.run_lock import RunBusy
from trackly_desktop.worker.bridge import Bridge, Jobs, job
from trackly_desktop.worker.deliveries import ActiveDeliveries

if TYPE_CHECKING:
    from trackly_desktop.delivery.engine import Delivery
    from trackly_desktop.journal.resolutions import UnknownResolution
    from trackly_desktop.mapping.column_mapping import ColumnMapping


class RunJobs(Jobs):
    """Delivers runs; each signal begins with the run's id, but for `progressed`."""

    started = Signal(int)
    progressed = Signal(object)
    """A `RunProgress`, at most 20 times a second."""
    summarized = Signal(int, object, object)
    """`Successes` and the counts of the server's warnings, just before `ended`."""
    ended = Signal(int, object)
    """A `RunEnd`."""
    failed = Signal(int, str)
    """The run is being delivered by another window or command."""

    def __init__(self, bridge: Bridge, deliveries: ActiveDeliveries) -> None:
        super().__init__(bridge)
        self._deliveries = deliveries
        self._commands: Counter[int] = Counter()
        """Commands to each run so far.

        A newer one overtakes a resumption that still asks the account.
        """

    @job
    async def start(
        self,
        run_id: int,
        confirmed: str = "",
        *,
        pause_after: int | None = None,
        remember: ColumnMapping | None = None,
        old_signups_before: int | None = None,
    ) -> None:
        """Deliver a draft or a stopped run: `started`, `progressed`, `ended` or `failed`.

        Args:
            run_id: The run.
            confirmed: The operator's confirmation, for the audit record.
            pause_after: Rows after which the run pauses; None for no pause.
            remember: The mapping to remember for files with the same header.
            old_signups_before: Start no journeys for rows that signed up before this day, since 1970; None for all.
        """
        from trackly_desktop.service import run_changes

        await run_changes.prepare_draft(
            self._bridge.journal_path, run_id, old_signups_before=old_signups_before, remember=remember
        )
        await self._deliver(run_id, confirmed, pause_after)

    @job
    async def pause(self, run_id: int) -> None:
        """Send nothing more until `resume`."""
        self._control(run_id, lambda delivery: delivery.control.pause())

    @job
    async def resume(self, run_id: int) -> None:
        """End a pause, once the account was asked who unsubscribed meanwhile."""
        self._commands[run_id] += 1
        command = self._commands[run_id]
        run = await self._service.journal.read(lambda reader: reader.run(run_id))
        if run is not None:
            await self._service.ask_who_unsubscribed(run)
        if self._commands[run_id] == command:
            self._control(run_id, lambda delivery: delivery.control.resume())

    @job
    async def cancel(self, run_id: int) -> None:
        """End a run; rows that were not sent stay pending."""
        self._control(run_id, lambda delivery: delivery.control.cancel())

    @job
    async def resolve_rows(self, keys: Sequence[int], resolution: UnknownResolution | None) -> None:
        """Resolve unknown rows, or retry refused ones (None); deliver their runs."""
        from trackly_desktop.service import run_changes

        resolved = await run_changes.resolve_rows(self._bridge.journal_path, keys, resolution)
        for busy in resolved.busy:
            self._bridge.failed.emit(f"{busy}: wait until it ends")
        for run_id in resolved.to_deliver:
            self._bridge.spawn(functools.partial(self._deliver, run_id))
        self._bridge.rows_recorded.emit()

    @job
    async def undo(self, run_id: int) -> None:
        """Unsubscribe everybody newly added by a run, with another run and its signals."""
        from trackly_desktop.service import run_changes

        try:
            undo = await run_changes.prepare_undo(self._bridge.journal_path, run_id)
        except JournalProblem as problem:
            self._bridge.failed.emit(str(problem))
            return
        await self._deliver(undo.run_id, undo.confirmed)

    @job
    async def change_list(self, run_id: int, old: str, new: str) -> None:
        """Send the rows that were to go to one list to another, and deliver the run."""
        from trackly_desktop.service import run_changes

        try:
            await run_changes.change_list(self._bridge.journal_path, run_id, old, new)
        except RunBusy as busy:
            self.failed.emit(run_id, str(busy))
            return
        await self._deliver(run_id)

    @job
    async def delete(self, run_id: int) -> None:
        """Remove a run and its rows from the journal."""
        from trackly_desktop.journal import retention

        try:
            await asyncio.to_thread(retention.delete_run, self._bridge.journal_path, run_id)
        except (RunBusy, JournalProblem) as problem:
            self._bridge.failed.emit(str(problem))
            return
        self._bridge.rows_recorded.emit()

    async def _deliver(self, run_id: int, confirmed: str = "", pause_after: int | None = None) -> None:
        self.started.emit(run_id)
        try:
            end = await self._deliveries.deliver(run_id, self._report, confirmed=confirmed, pause_after=pause_after)
        except RunBusy as busy:
            self.failed.emit(run_id, str(busy))
            return
        successes, warnings = await self._service.journal.read(
            lambda reader: (reader.successes(run_id), reader.warnings(run_id))
        )
        self.summarized.emit(run_id, successes, warnings)
        self.ended.emit(run_id, end)

    def _report(self, delivery: Delivery) -> None:
        self.progressed.emit(delivery.progress())

    def _control(self, run_id: int, control: Callable[[Delivery], None]) -> None:
        self._commands[run_id] += 1
        for delivery in self._deliveries.of_run(run_id):
            control(delivery)
