"""Deliveries under way in the worker, and reports of their progress."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trackly_desktop.worker.bridge import BATCH_SECONDS, Bridge

if TYPE_CHECKING:
    from trackly_desktop.delivery.engine import Delivery
    from trackly_desktop.delivery.progress import RunEnd

Report = Callable[["Delivery"], None]
"""Reports a delivery's progress to the window."""


@dataclass(frozen=True, slots=True, eq=False)
class _Active:
    run_id: int
    delivery: Delivery
    report: Report


class ActiveDeliveries:
    """Every delivery of the worker.

    Methods are called in the worker's loop, `is_empty` in any thread.
    """

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._active: list[_Active] = []
        self._idle = asyncio.Event()
        self._idle.set()
        self._is_report_due = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is being delivered."""
        return not self._active

    def run_ids(self) -> set[int]:
        """Return the ids of the runs under way."""
        return {active.run_id for active in self._active}

    def of_run(self, run_id: int) -> list[Delivery]:
        """Return a run's deliveries: a second one only until it finds the run busy."""
        return [active.delivery for active in self._active if active.run_id == run_id]

    async def deliver(
        self, run_id: int, report: Report, *, confirmed: str = "", pause_after: int | None = None
    ) -> RunEnd:
        """Deliver a run; `report` is called at most 20 times a second, and at its end.

        Args:
            run_id: The run.
            report: Called with the delivery, in the loop.
            confirmed: The operator's confirmation, for the audit record.
            pause_after: Rows after which the run pauses; None for no pause.

        Raises:
            RunBusy: Another window or command delivers the run.
        """
        mine: list[_Active] = []

        def begun(delivery: Delivery) -> None:
            mine.append(_Active(run_id, delivery, report))
            self._active += mine
            self._idle.clear()
            if self._bridge.is_stopping:
                delivery.control.quit()

        try:
            return await self._bridge.service.deliver(
                run_id, confirmed=confirmed, pause_after=pause_after, begun=begun, on_turn=self._report_soon
            )
        finally:
            self._report_now()
            for active in mine:
                self._active.remove(active)
            if self.is_empty:
                self._idle.set()

    def quit(self) -> None:
        """Take no more rows; let requests in flight be answered."""
        for active in [*self._active]:
            active.delivery.control.quit()

    def abandon(self) -> None:
        """Wait for no more answers; rows without one are settled by the next delivery."""
        for active in [*self._active]:
            active.delivery.control.abandon()

    async def wait(self, seconds: float) -> None:
        """Wait until nothing is being delivered, for so many seconds at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._idle.wait()

    def _report_soon(self) -> None:
        if not self._is_report_due:
            self._is_report_due = True
            asyncio.get_running_loop().call_later(BATCH_SECONDS, self._report_now)

    def _report_now(self) -> None:
        self._is_report_due = False
        for active in self._active:
            active.report(active.delivery)
        self._bridge.rows_recorded.emit()
