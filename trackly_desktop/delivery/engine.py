"""Delivery: sends the rows of a run that are due, and records their results.

It works in commit cycles. A cycle is one transaction: the results that have come since the last cycle are recorded,
and the rows that may leave now are marked as `sending`. Rows leave, and results are shown, only once it is on disk.
"""

from __future__ import annotations

import asyncio
import functools
import sqlite3
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from time import monotonic
from typing import TypeVar

from trackly_desktop.api.client import TracklyClient
from trackly_desktop.api.contact_lookup import MembershipStatus, look_up_membership
from trackly_desktop.api.replies import ConnectionFault, StopReason, Unknown, UnknownReason
from trackly_desktop.contacts.issues import NoteCode
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery.connectivity import ConnectionMonitor
from trackly_desktop.delivery.counters import RunCounters
from trackly_desktop.delivery.evaluation import Evaluator
from trackly_desktop.delivery.in_flight import Completed, InFlight
from trackly_desktop.delivery.journal_retry import RetryingExecutor
from trackly_desktop.delivery.progress import RunEnd, RunProgress, shown_counts
from trackly_desktop.delivery.rate_limiter import RateLimiter
from trackly_desktop.delivery.recipient_locks import RecipientLocks
from trackly_desktop.delivery.retry_policy import Abort, RetryPolicy
from trackly_desktop.delivery.run_control import RunControl
from trackly_desktop.delivery.send_queue import QueuedRow, SendQueue
from trackly_desktop.delivery.waits import Wait, WaitReason
from trackly_desktop.journal.connection import advice
from trackly_desktop.journal.models import RowResult, SendMark, State
from trackly_desktop.journal.run_store import Journal
from trackly_desktop.system import logs
from trackly_desktop.system.run_lock import RunLock

T = TypeVar("T")

_READ_AHEAD = 256
"""Rows read from the journal at once."""
_WORTH_SHOWING = 1.0
"""Seconds: a shorter wait for a retry is not shown."""


class Delivery:
    """Delivery of one run. Lives in one event loop.

    `control` takes the operator's commands, in that loop.
    """

    def __init__(
        self,
        journal: Journal,
        journal_path: Path,
        client: TracklyClient,
        run_id: int,
        executor: Executor,
        *,
        locks: RecipientLocks,
        limiter: RateLimiter,
        supports_lookup: bool,
        policy: RetryPolicy = RetryPolicy(),
        is_undo: bool = False,
        allow_unsubscribed: str = "",
        patience: float | None = None,
        pause_after: int | None = None,
        on_turn: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Create a delivery.

        Args:
            journal: The journal that holds the run.
            journal_path: Its file, beside which the run's lock is.
            client: The account's server.
            run_id: The run.
            executor: The one thread in which the journal is called.
            locks: Recipient locks of all deliveries of this process.
            limiter: The run's rate limiter.
            supports_lookup: Whether the account can be asked about a person.
            policy: Limits and delays of retries.
            is_undo: Whether each row's person is taken off the list, instead of added.
            allow_unsubscribed: A phone number that is sent even if the account has it as unsubscribed: the operator
                confirmed that.
            patience: Seconds without a network, or without a journal that can be written, until the run stops; None
                is for ever.
            pause_after: Number of requests after which the run pauses by itself, to try a few rows first.
            on_turn: Called after each commit cycle, and after each failed write of the journal.
            clock: Monotonic seconds.
        """
        self._journal, self._journal_path, self._client, self._run_id = journal, journal_path, client, run_id
        self._request = client.delete_contact if is_undo else client.post_contact
        self._locks, self._limiter, self._policy = locks, limiter, policy
        self._supports_lookup, self._patience, self._pause_after = supports_lookup, patience, pause_after
        self._on_turn, self._clock = on_turn, clock
        self._in_flight = InFlight()
        self.control = RunControl(self._in_flight)
        self._monitor = ConnectionMonitor(limiter, policy, patience, clock)
        self._journal_calls = RetryingExecutor(executor, policy.journal_retry, on_turn)
        self._queue = SendQueue(locks, clock)
        self._counters = RunCounters()
        self._evaluator = Evaluator(
            policy, self._queue, locks, self._counters, self._monitor, self.control,
            supports_lookup=supports_lookup, allow_unsubscribed=allow_unsubscribed,
        )  # fmt: skip
        self._last_key_read = 0
        self._all_read = False
        self._beyond_budget_at = 0.0

    def progress(self) -> RunProgress:
        """Return the progress of the run."""
        return RunProgress(
            run_id=self._run_id,
            rows=self._counters.rows,
            counts=shown_counts(self._counters.outcomes),
            requests=self._counters.requests,
            retries=self._counters.retries,
            in_flight=len(self._in_flight),
            paused=self.control.is_paused,
            wait=self._journal_calls.wait or self._monitor.wait or self._wait_for_retry(),
            enrolled=self._counters.enrolled,
            may_enroll=self._counters.may_enroll,
        )

    def _wait_for_retry(self) -> Wait | None:
        if self._in_flight or not self.control.is_sending or not self._all_read:
            return None
        seconds = self._queue.wait() or 0.0
        return Wait(WaitReason.RETRY, seconds) if seconds > _WORTH_SHOWING else None

    async def deliver(self, confirmed: str = "") -> RunEnd:
        """Deliver until no row is due, or the run has to stop.

        Args:
            confirmed: The text that the operator confirmed, for the audit record.

        Raises:
            RunBusy: Another delivery has the run.
            sqlite3.Error: The journal cannot be used; nothing was sent.
        """
        run_lock = RunLock(self._journal_path, self._run_id)
        try:
            await self._begin(confirmed)
            while not self._is_over():
                await self._commit_cycle()
                if not self._is_over():
                    await self._wait_for_work()
            return await self._finish()
        finally:
            self._in_flight.cancel()
            self._queue.release_all()
            run_lock.release()

    async def _begin(self, confirmed: str) -> None:
        once, journal, run_id = self._journal_calls.once, self._journal, self._run_id
        await once(lambda: journal.start(run_id, confirmed))
        await once(lambda: self._counters.load(journal, run_id))
        self._evaluator.single_list = await once(lambda: journal.lists_of(run_id)) <= 1
        recovered = [self._evaluator.recover(row) for row in await once(lambda: journal.unresolved(run_id))]
        if recovered:
            await once(lambda: journal.commit_batch(run_id, recovered, (), self._counters.totals()))

    async def _commit_cycle(self) -> None:
        results = [
            result
            for completed in self._in_flight.take_completed()
            if (result := self._evaluator.evaluate(completed)) is not None
        ]
        lookups = self._evaluator.take_lookups()
        leaving = await self._take_due_rows()
        if results or leaving or lookups:
            requests = await self._commit(results, leaving, lookups)
            for queued, request in zip(leaving, requests, strict=False):
                if isinstance(request, NoteCode):
                    self._withhold(queued)
                else:
                    queued.request = request
                    queued.sent_at = self._clock()
                    self._in_flight.start(self._send(queued))
        await self._refuse_lists()
        self._on_turn()

    async def _finish(self) -> RunEnd:
        end = self.control.end()
        try:
            await self._journal_calls.once(lambda: self._end_in_journal(end))
        except sqlite3.Error as error:  # on disk the run is still running: it is offered again
            wait = Wait(WaitReason.JOURNAL, params={"problem": str(error), "advice": advice(error)})
            return RunEnd(State.STOPPED, StopReason.JOURNAL, wait=wait)
        return end

    def _end_in_journal(self, end: RunEnd) -> None:
        self._counters.verify(self._journal, self._run_id)
        self._journal.commit_batch(self._run_id, (), (), self._counters.totals())
        self._journal.end(self._run_id, end.state, end.stopped)

    def _is_over(self) -> bool:
        if not self._in_flight.is_idle:
            return False
        return self.control.is_ending or (self._all_read and len(self._queue) == 0)

    async def _wait_for_work(self) -> None:
        """Wait for a reply, a command, or the time at which the next row may leave."""
        seconds = None
        has_next = self._all_read or self._queue.new_count > 0
        if self.control.is_sending and (len(self._queue) or not has_next):
            if self._limiter.wait > 0:
                seconds = self._limiter.wait
            elif self._limiter.available(len(self._in_flight)):
                seconds = self._queue.wait() if has_next else 0.0
        await self._in_flight.wait(seconds)

    # Rows that leave

    async def _take_due_rows(self) -> list[QueuedRow]:
        """Start the look-ups that are due. Return the rows to be sent in this cycle."""
        leaving: list[QueuedRow] = []
        while (queued := await self._next_row(len(leaving))) is not None:
            if queued.needs_lookup or self._needs_first_lookup(queued):
                self._in_flight.start(self._look_up(queued))
            else:
                leaving.append(queued)
                if self._pause_after is not None:
                    self._pause_after -= 1
        return leaving

    async def _next_row(self, leaving: int) -> QueuedRow | None:
        if not self.control.is_sending or self._limiter.available(len(self._in_flight) + leaving) < 1:
            return None
        if self._queue.new_count == 0 and not self._all_read:
            await self._read_ahead()
        if self._pause_after == 0:
            self._pause_after = None
            self.control.pause()
            return None
        while (queued := self._queue.next()) is not None:
            if queued.needs_lookup or not queued.is_retry or self._may_retry():
                self._limiter.on_sent()
                return queued
            self._queue.requeue_after(queued, self._policy.beyond_budget)
        return None

    def _may_retry(self) -> bool:
        """Return whether a retry may leave now.

        Beyond the budget, one a second may leave once every row was sent.
        """
        if self._policy.is_within_budget(self._counters.budgeted, self._counters.requests):
            return True
        is_too_soon = self._clock() - self._beyond_budget_at < self._policy.beyond_budget
        if self._queue.new_count or not self._all_read or is_too_soon:
            return False
        self._beyond_budget_at = self._clock()
        return True

    async def _read_ahead(self) -> None:
        rows = await self._in_journal(lambda: self._journal.pending(self._run_id, self._last_key_read, _READ_AHEAD))
        if rows is None:
            return
        self._all_read = len(rows) < _READ_AHEAD
        if rows:
            self._last_key_read = rows[-1].key
            self._queue.add(QueuedRow(row, row.outcome, row.tries, row.confirmed_absent) for row in rows)

    def _needs_first_lookup(self, queued: QueuedRow) -> bool:
        # A person counts as added by a request without an answer only where they were seen not to be on the list before.
        return self._supports_lookup and not queued.row.idempotent and not queued.looked_up

    def _withhold(self, queued: QueuedRow) -> None:
        """Release a row whose person must not be texted.

        The journal found that in the transaction that was to mark the row, and has resolved it.
        """
        self._counters.count_request(queued, -1)
        self._counters.move(queued, Outcome.UNKNOWN if queued.may_be_applied else Outcome.SKIPPED)
        self._locks.release(queued.recipient)
        self._in_flight.wake()

    async def _send(self, queued: QueuedRow) -> Completed:
        try:
            return Completed(queued, await self._request(queued.row.body))
        except Exception as error:  # a fault with this row alone; its request may have left
            logs.log_unexpected(error)
            reason, fault = UnknownReason.CONNECTION_LOST, ConnectionFault.REQUEST_FAILED
            return Completed(queued, Unknown(reason=reason, fault=fault, words=type(error).__name__))

    async def _look_up(self, queued: QueuedRow) -> Completed:
        membership = await look_up_membership(self._client, *queued.recipient)
        if queued.needs_lookup and membership is MembershipStatus.ABSENT:
            # A slow server may still be at work: "absent" is believed when it comes twice.
            await asyncio.sleep(self._policy.between_lookups)
            membership = await look_up_membership(self._client, *queued.recipient)
        return Completed(queued, membership)

    # The journal

    async def _commit(
        self, results: list[RowResult], leaving: list[QueuedRow], lookups: dict[int, bool]
    ) -> list[int | NoteCode]:
        """Write the cycle's transaction.

        While it cannot be written nothing leaves, and the results wait.

        Returns:
            For each row of `leaving`, which may be emptied, its request's number, or why it must not leave.
        """
        for queued in leaving:
            self._counters.count_request(queued)
            self._counters.move(queued, Outcome.SENDING)

        def write() -> list[int | NoteCode]:
            marks = [SendMark(queued.row.key, queued.confirmed_absent, queued.may_be_applied) for queued in leaving]
            if lookups:
                self._journal.store_lookups(self._run_id, lookups)
            return self._journal.commit_batch(self._run_id, results, marks, self._counters.totals())

        requests = await self._journal_calls.until_done(
            write, lambda seconds: self.control.is_sending and self._may_keep_trying(seconds)
        )
        if requests is None and leaving:
            self._withdraw(leaving)
            requests = await self._in_journal(write)
        return requests or []

    async def _in_journal(self, work: Callable[[], T]) -> T | None:
        """Return the result of a journal call; None when it aborted the run."""
        result = await self._journal_calls.until_done(work, self._may_keep_trying)
        if self._journal_calls.wait is not None:
            self.control.abort(Abort(StopReason.JOURNAL, wait=self._journal_calls.wait))
        return result

    def _may_keep_trying(self, seconds: float) -> bool:
        return not self.control.is_quitting and (self._patience is None or seconds < self._patience)

    def _withdraw(self, leaving: list[QueuedRow]) -> None:
        """Return rows that were about to leave to the queue, as they were."""
        for queued in leaving:
            self._counters.count_request(queued, -1)
            self._counters.move(queued, Outcome.UNKNOWN if queued.maybe_applied else Outcome.PENDING)
            self._queue.requeue(queued)
        leaving.clear()

    async def _refuse_lists(self) -> None:
        while self._evaluator.refused_lists:
            list_number = self._evaluator.refused_lists.pop()
            refuse = functools.partial(self._journal.refuse_list, self._run_id, list_number)
            refused = await self._in_journal(refuse)
            if refused is None:
                return
            self._counters.refuse_pending(refused)
            self._queue.drop(functools.partial(_is_unsent_of, list_number))


def _is_unsent_of(list_number: str, queued: QueuedRow) -> bool:
    return queued.row.list_number == list_number and queued.outcome is Outcome.PENDING
