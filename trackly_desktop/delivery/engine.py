"""Delivery: takes the rows of a run that are due, sends them, records what came of them.

It goes in turns. A turn is one transaction: the answers that have come since the last turn are recorded, and the rows
that may leave now are marked as leaving. Only when it is on the disk do they leave, and is anybody told of the answers.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import functools
import logging
import sqlite3
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from trackly_desktop.api.client import TracklyClient
from trackly_desktop.api.contact_lookup import MembershipStatus, look_up_membership
from trackly_desktop.api.replies import (
    Accepted,
    ConnectionFault,
    NotSent,
    RetryReason,
    SendResult,
    StopReason,
    Unknown,
    UnknownReason,
)
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery import retry_policy
from trackly_desktop.delivery.connectivity import ConnectionMonitor
from trackly_desktop.delivery.journal_retry import RetryingExecutor
from trackly_desktop.delivery.progress import RunEnd, RunProgress, shown_counts
from trackly_desktop.delivery.rate_limiter import RateLimiter
from trackly_desktop.delivery.recipient_locks import RecipientLocks
from trackly_desktop.delivery.retry_policy import Abort, Decision, Lookup, Resolve, Retry, RetryContext
from trackly_desktop.delivery.send_queue import QueuedRow, SendQueue
from trackly_desktop.journal.connection import advice
from trackly_desktop.journal.models import DueRow, RowResult, RunCounts, SendMark, State, now_ms
from trackly_desktop.journal.run_store import Journal, must_be_storable
from trackly_desktop.journal.suppression_list import UNSUBSCRIBED
from trackly_desktop.system import logs
from trackly_desktop.system.run_lock import RunLock

T = TypeVar("T")

_log = logging.getLogger(__name__)

_READ_AHEAD = 256
_BETWEEN_LOOKS = 5.0
"""Seconds between two look-ups that both say "not there": what a slow server was at is there by then."""
_BEYOND_BUDGET = 1.0
AFTER_UNKNOWN = 10.0
"""Seconds for which nobody else is sent for a person whose last request has no known end."""


class _RunCommand(enum.Enum):
    GO = enum.auto()
    PAUSE = enum.auto()
    CANCEL = enum.auto()
    QUIT = enum.auto()


@dataclass(slots=True)
class _Completed:
    """What a row's request, or a question about its person, came to."""

    queued: QueuedRow
    came: SendResult | MembershipStatus


class Delivery:
    """One run on its way. Lives in one event loop; the journal's calls go to `executor`, one thread."""

    def __init__(
        self,
        journal: Journal,
        path: Path,
        client: TracklyClient,
        run: int,
        executor: Executor,
        *,
        order: RecipientLocks,
        pace: RateLimiter,
        supports_lookup: bool,
        is_undo: bool = False,
        typed_again: str = "",
        patience: float | None = None,
        pause_after: int | None = None,
        on_turn: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`takes_back`: each row's person is taken off the list.

        `typed_again`: who is sent even if the account says that they unsubscribed: the operator typed the number again.

        `patience`: seconds without a network, or without room for the journal, until it stops; None is for ever.

        `pause_after`: requests after which it pauses by itself, for whoever wants to try a few rows first.
        """
        self._pause_after = pause_after
        self._typed_again = typed_again
        self._request = client.delete_contact if is_undo else client.post_contact
        self._journal, self._path, self._client, self._run = journal, path, client, run
        self._locks, self._limiter, self._look_ups, self._patience = order, pace, supports_lookup, patience
        self._on_turn, self._clock = on_turn, clock
        self._monitor = ConnectionMonitor(pace, patience, clock)
        self._executor_with_retry = RetryingExecutor(executor, on_turn)
        self._queue = SendQueue(order, clock)
        self._tasks: set[asyncio.Task[None]] = set()
        self._news: list[_Completed] = []
        self._wake = asyncio.Event()
        self._command = _RunCommand.GO
        self._stop: Abort | None = None
        self._cursor = 0
        self._all_read = False
        self._single_list = True
        self._counts: dict[Outcome, int] = {}
        self._requests = self._retries = self._budgeted = 0
        self._fault: BaseException | None = None
        self._last_unexpected = False
        self._enrolled = self._may_enrol = 0
        self._beyond_budget_at = 0.0
        self._refused_lists: set[str] = set()

    # What is asked of it

    def pause(self) -> None:
        """Nothing more leaves; what is in flight is answered."""
        self._ask(_RunCommand.PAUSE)

    def go_on(self) -> None:
        """Ends a pause."""
        self._ask(_RunCommand.GO)

    def cancel(self) -> None:
        """Nothing more leaves, for good; unsent rows stay pending."""
        self._ask(_RunCommand.CANCEL)

    def quit(self) -> None:
        """As cancel, but the run is offered again."""
        self._ask(_RunCommand.QUIT)

    def abandon(self) -> None:
        """Ends what is in flight without waiting for answers: those rows stay `sending`, and are settled on resuming."""
        for task in self._tasks:
            task.cancel()

    def progress(self) -> RunProgress:
        """The run as it stands now."""
        wait_reason, seconds = self._waits()
        return RunProgress(
            run=self._run,
            rows=sum(self._counts.values()),
            counts=shown_counts(self._counts),
            requests=self._requests,
            retries=self._retries,
            in_flight=len(self._tasks),
            paused=self._command is _RunCommand.PAUSE,
            wait_reason=wait_reason,
            seconds=seconds,
            fault=None if self._executor_with_retry.trouble else self._monitor.fault,
            detail=self._monitor.detail,
            enrolled=self._enrolled,
            may_enrol=self._may_enrol,
        )

    def _waits(self) -> tuple[str, float]:
        """For what it waits, in words, and for how many seconds at most."""
        if self._executor_with_retry.trouble:
            return self._executor_with_retry.trouble, 0.0
        if self._monitor.wait_reason:
            return self._monitor.wait_reason, self._limiter.wait
        seconds = 0.0 if self._tasks or not self._is_sending() or not self._all_read else self._queue.wait() or 0.0
        return ("Waiting before what had no answer is tried again", seconds) if seconds > 1.0 else ("", 0.0)

    # Its life

    async def deliver(self, confirmed: str = "") -> RunEnd:
        """Delivers until nothing is due, or it has to stop. Raises RunBusy, sqlite3.Error before anything was sent."""
        run_lock = RunLock(self._path, self._run)
        try:
            await self._begin(confirmed)
            while not self._is_over():
                await self._commit_cycle()
                if not self._is_over():
                    await self._wait_for_work()
            return await self._finish()
        finally:
            for task in self._tasks:
                task.cancel()
            self._queue.release_all()
            run_lock.release()

    async def _begin(self, confirmed: str) -> None:
        once, journal, run = self._executor_with_retry.once, self._journal, self._run
        await once(lambda: journal.start(run, confirmed))
        self._counts = await once(lambda: journal.counts(run))
        self._requests, self._retries = await once(lambda: journal.requests(run))
        self._enrolled, self._may_enrol = await once(lambda: journal.enrolled(run))
        self._single_list = await once(lambda: journal.lists_of(run)) <= 1
        recorded = [self._recover(row) for row in await once(lambda: journal.in_doubt(run))]
        if recorded:
            await once(lambda: journal.commit_batch(run, recorded, (), self._totals()))

    def _recover(self, row: DueRow) -> RowResult:
        """A row that was sent, or not, when the program ended: settled by the rule, never guessed."""
        tries = row.tries + (row.outcome is Outcome.SENDING)
        queued = QueuedRow(row, row.outcome, tries, row.seen_absent, repeated=True, looked=True)
        known = RetryContext(idempotent=row.idempotent, tries=tries, supports_lookup=self._look_ups)
        decision = retry_policy.next_action(Unknown(reason=UnknownReason.CONNECTION_LOST), known)
        if isinstance(decision, Resolve):
            return self._recorded(queued, decision.outcome, note=decision.note)
        queued.to_look_up = isinstance(decision, Lookup)
        # How long ago it was sent, the wall clock would have to say, and that may have been moved.
        delay = decision.delay if isinstance(decision, (Retry, Lookup)) else 0.0
        self._queue.restore(queued, retry_policy.AFTER_SLOW + delay)
        return self._recorded(queued, Outcome.UNKNOWN, due=True)

    async def _commit_cycle(self) -> None:
        if self._fault is not None:
            raise self._fault
        recorded = [one for news in self._take_completed() if (one := self._evaluate_safely(news)) is not None]
        leaving: list[QueuedRow] = []
        while (queued := await self._next_to_leave(len(leaving))) is not None:
            if queued.to_look_up or self._must_look_first(queued):
                self._dispatch(queued, self._look_up(queued))
            else:
                leaving.append(queued)
                if self._pause_after is not None:
                    self._pause_after -= 1
        if recorded or leaving:
            requests = await self._commit(recorded, leaving)
            for queued, request in zip(leaving, requests, strict=False):
                if isinstance(request, str):
                    self._hold_back(queued)
                else:
                    queued.request = request
                    self._dispatch(queued, self._send(queued))
        await self._refuse_lists()
        self._on_turn()

    def _hold_back(self, queued: QueuedRow) -> None:
        """A person who must not be texted, as the journal found when the row was to leave: it has settled the row."""
        self._count_leaving(queued, -1)
        self._count(queued, Outcome.UNKNOWN if queued.repeated else Outcome.SKIPPED)
        self._locks.release(queued.recipient, 0.0)
        self._wake.set()

    async def _finish(self) -> RunEnd:
        if self._stop is not None:
            end = RunEnd(State.STOPPED, self._stop.stop_reason, self._stop.words, self._stop.fault)
        elif self._command is _RunCommand.QUIT:
            end = RunEnd(State.STOPPED, StopReason.INTERRUPTED)
        elif self._command is _RunCommand.CANCEL:
            end = RunEnd(State.CANCELLED, StopReason.INTERRUPTED)
        else:
            end = RunEnd(State.FINISHED)
        try:
            await self._executor_with_retry.once(lambda: self._end_in_journal(end))
        except sqlite3.Error as error:  # on the disk it still counts as running: it is offered again
            return RunEnd(
                State.STOPPED, StopReason.JOURNAL, f"The journal cannot be written ({error}): {advice(error)}"
            )
        return end

    def _end_in_journal(self, end: RunEnd) -> None:
        """Ends the run, and proves that its counts are those of its rows: if they ever differ, the rows are right."""
        kept = {outcome: count for outcome, count in self._counts.items() if count}
        counted = self._journal.counts(self._run)
        rows = self._journal.rows_of(self._run)
        if kept != counted or sum(counted.values()) != rows:
            _log.error("run %d: counts %s, but its %d rows are %s", self._run, kept, rows, counted)
            self._counts = counted
        self._journal.commit_batch(self._run, (), (), self._totals())
        self._journal.end(self._run, end.state, end.stopped)

    def _is_over(self) -> bool:
        if self._tasks or self._news:
            return False
        if self._stop is not None or self._command in (_RunCommand.CANCEL, _RunCommand.QUIT):
            return True
        return self._all_read and len(self._queue) == 0

    async def _wait_for_work(self) -> None:
        """Until an answer comes, somebody asks for something, or the next row may leave."""
        if self._news:
            return
        seconds = None
        is_read = self._all_read or self._queue.new_count > 0
        if self._is_sending() and (len(self._queue) or not is_read):
            if self._limiter.wait > 0:
                seconds = self._limiter.wait
            elif self._limiter.available(len(self._tasks)):
                seconds = self._queue.wait() if is_read else 0.0
        if self._wake.is_set():  # waiting for it would not let anybody else run
            await asyncio.sleep(0)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(None if seconds is None else max(0.002, seconds)):
                await self._wake.wait()
        self._wake.clear()

    # Leaving

    def _is_sending(self) -> bool:
        return self._command is _RunCommand.GO and self._stop is None

    async def _next_to_leave(self, leaving: int) -> QueuedRow | None:
        if not self._is_sending() or self._limiter.available(len(self._tasks) + leaving) < 1:
            return None
        if self._queue.new_count == 0 and not self._all_read:
            await self._read_on()
        if self._pause_after == 0:
            self._pause_after = None
            self.pause()
            return None
        while (queued := self._queue.next()) is not None:
            if queued.to_look_up or not queued.is_retry or self._may_retry():
                self._limiter.on_sent()
                return queued
            self._queue.requeue_after(queued, _BEYOND_BUDGET)
        return None

    def _may_retry(self) -> bool:
        """Within the budget; beyond it one a second, and only once no row is left that was never sent."""
        if retry_policy.within_budget(self._budgeted, self._requests):
            return True
        if self._queue.new_count or not self._all_read or self._clock() - self._beyond_budget_at < _BEYOND_BUDGET:
            return False
        self._beyond_budget_at = self._clock()
        return True

    async def _read_on(self) -> None:
        rows = await self._written(lambda: self._journal.pending(self._run, self._cursor, _READ_AHEAD))
        if rows is None:
            return
        self._all_read = len(rows) < _READ_AHEAD
        if rows:
            self._cursor = rows[-1].key
            self._queue.add(QueuedRow(row, row.outcome, row.tries, row.seen_absent) for row in rows)

    def _must_look_first(self, queued: QueuedRow) -> bool:
        # Only who was seen not to be on the list before can be believed to have been added by a request without an answer.
        return self._look_ups and not queued.row.idempotent and not queued.looked

    def _dispatch(self, queued: QueuedRow, way: Coroutine[Any, Any, None]) -> None:
        queued.sent_at = self._clock()
        task = asyncio.get_running_loop().create_task(way)
        self._tasks.add(task)
        task.add_done_callback(self._on_task_done)

    def _on_task_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._fault = task.exception()  # ours, not the network's: the run must not go on as if nothing had been
        self._wake.set()

    async def _send(self, queued: QueuedRow) -> None:
        try:
            reply = await self._request(queued.row.body)
        except Exception as error:  # this row's own: whether its request left, nobody knows
            logs.log_unexpected(error)
            reply = Unknown(
                reason=UnknownReason.CONNECTION_LOST,
                fault=ConnectionFault.REQUEST_FAILED,
                words=type(error).__name__,
            )
        self._news.append(_Completed(queued, reply))

    async def _look_up(self, queued: QueuedRow) -> None:
        membership = await look_up_membership(self._client, *queued.recipient)
        if queued.to_look_up and membership is MembershipStatus.ABSENT:
            # A slow server may still be at work: "not there" is believed when it is said twice.
            await asyncio.sleep(_BETWEEN_LOOKS)
            membership = await look_up_membership(self._client, *queued.recipient)
        self._news.append(_Completed(queued, membership))

    # Answers

    def _take_completed(self) -> list[_Completed]:
        news, self._news = self._news, []
        return news

    def _evaluate_safely(self, news: _Completed) -> RowResult | None:
        """What follows from an answer. What nobody foresaw, or cannot be kept, makes this row unknown, and no other."""
        try:
            if not isinstance(news.came, MembershipStatus):
                must_be_storable(news.came)
            return self._evaluate(news)
        except Exception as error:
            logs.log_unexpected(error)
            return self._recorded(news.queued, Outcome.UNKNOWN, note=_UNREADABLE)

    def _evaluate(self, news: _Completed) -> RowResult | None:
        queued = news.queued
        if isinstance(news.came, MembershipStatus):
            if not queued.to_look_up:
                if news.came is MembershipStatus.UNSUBSCRIBED and queued.row.phone != self._typed_again:
                    return self._recorded(queued, Outcome.SKIPPED, note=UNSUBSCRIBED)
                queued.looked, queued.seen_absent = True, news.came is MembershipStatus.ABSENT
                self._queue.requeue(queued)
                return None
            queued.to_look_up = False
            queued.seen_absent = queued.seen_absent or news.came is MembershipStatus.ABSENT
            decision = retry_policy.next_action_after_lookup(
                news.came, seen_absent=queued.seen_absent, tries=queued.tries
            )
            return self._apply(decision, queued, None)
        self._stop = self._stop or self._monitor.record_response(news.came, queued.sent_at)
        known = RetryContext(
            idempotent=queued.row.idempotent,
            tries=queued.tries + _counts_as_try(news.came),
            repeated=queued.repeated,
            supports_lookup=self._look_ups,
            single_list=self._single_list,
            last_was_unexpected=self._last_unexpected,
        )
        self._last_unexpected = isinstance(news.came, Unknown) and news.came.reason is UnknownReason.UNEXPECTED_RESPONSE
        queued.tries = known.tries
        self._guard_journeys(news.came)
        return self._apply(retry_policy.next_action(news.came, known), queued, news.came)

    def _guard_journeys(self, reply: SendResult) -> None:
        """More people enrolled than were confirmed: whatever the reason, it goes no further."""
        if isinstance(reply, Accepted) and reply.journeys_enrolled:
            self._enrolled += 1
            if self._enrolled > self._may_enrol:
                words = f"{self._enrolled:,} enrolled in journeys, {self._may_enrol:,} confirmed"
                self._stop = self._stop or Abort(StopReason.JOURNEYS, words)

    def _apply(self, decision: Decision, queued: QueuedRow, reply: SendResult | None) -> RowResult:
        if isinstance(decision, Resolve):
            if decision.list_too:
                self._refused_lists.add(queued.row.list_number)
            return self._recorded(queued, decision.outcome, reply, note=decision.note)
        if isinstance(decision, Abort):
            self._stop = self._stop or decision
            due = decision.outcome is Outcome.UNKNOWN
            return self._recorded(queued, decision.outcome, reply, due=due, note=decision.note, free=True)
        if isinstance(decision, Lookup):
            queued.to_look_up = queued.repeated = True
            self._queue.requeue_after(queued, decision.delay)
            return self._recorded(queued, Outcome.UNKNOWN, reply, due=True)
        queued.repeated = decision.in_doubt
        self._queue.requeue_after(queued, decision.delay)
        outcome = Outcome.UNKNOWN if decision.in_doubt else Outcome.PENDING
        return self._recorded(queued, outcome, reply, due=decision.in_doubt)

    def _recorded(
        self,
        queued: QueuedRow,
        outcome: Outcome,
        reply: SendResult | None = None,
        *,
        due: bool = False,
        note: str = "",
        free: bool = False,
    ) -> RowResult:
        self._count(queued, outcome)
        is_settled = outcome not in (Outcome.PENDING, Outcome.SENDING) and not due
        if is_settled or free:
            self._locks.release(queued.recipient, AFTER_UNKNOWN if outcome is Outcome.UNKNOWN else 0.0)
        return RowResult(queued.row.key, outcome, due, queued.tries, now_ms(), reply, note)

    # The journal

    async def _commit(self, recorded: list[RowResult], leaving: list[QueuedRow]) -> list[int | str]:
        """The turn's transaction. While it cannot be written nothing leaves, and the answers wait here."""
        for queued in leaving:
            self._count_leaving(queued, 1)
            self._count(queued, Outcome.SENDING)

        def write() -> list[int | str]:
            marks = [SendMark(queued.row.key, queued.seen_absent, queued.repeated) for queued in leaving]
            return self._journal.commit_batch(self._run, recorded, marks, self._totals())

        requests = await self._executor_with_retry.until_done(
            write, lambda seconds: self._is_sending() and self._may_keep_trying(seconds)
        )
        if requests is None and leaving:
            self._withdraw(leaving)
            requests = await self._written(write)
        return requests or []

    async def _written(self, work: Callable[[], T]) -> T | None:
        """What the journal says; None, and the run stops, where it cannot be had."""
        done = await self._executor_with_retry.until_done(work, self._may_keep_trying)
        if self._executor_with_retry.trouble:
            self._stop = self._stop or Abort(StopReason.JOURNAL, self._executor_with_retry.trouble)
        return done

    def _may_keep_trying(self, seconds: float) -> bool:
        return self._command is not _RunCommand.QUIT and (self._patience is None or seconds < self._patience)

    def _withdraw(self, leaving: list[QueuedRow]) -> None:
        """Rows that were about to leave stay as they were."""
        for queued in leaving:
            self._count_leaving(queued, -1)
            self._count(queued, Outcome.UNKNOWN if queued.repeated else Outcome.PENDING)
            self._queue.requeue(queued)
        leaving.clear()

    def _count_leaving(self, queued: QueuedRow, by: int) -> None:
        self._requests += by
        self._retries += by if queued.row.sent_at is not None or queued.request is not None else 0
        self._budgeted += by if queued.is_retry else 0

    async def _refuse_lists(self) -> None:
        while self._refused_lists:
            number = self._refused_lists.pop()
            refused = await self._written(functools.partial(self._journal.refuse_list, self._run, number, _NO_LIST))
            if refused is None:
                return
            self._counts[Outcome.PENDING] = self._counts.get(Outcome.PENDING, 0) - refused
            self._counts[Outcome.REFUSED] = self._counts.get(Outcome.REFUSED, 0) + refused
            self._queue.drop(functools.partial(_is_unsent_of, number))

    def _count(self, queued: QueuedRow, outcome: Outcome) -> None:
        self._counts[queued.outcome] = self._counts.get(queued.outcome, 0) - 1
        self._counts[outcome] = self._counts.get(outcome, 0) + 1
        queued.outcome = outcome

    def _totals(self) -> RunCounts:
        return RunCounts({str(name): count for name, count in self._counts.items() if count}, self._retries)

    def _ask(self, wish: _RunCommand) -> None:
        if self._command not in (_RunCommand.QUIT, wish):
            self._command = wish
            self._wake.set()


_UNREADABLE = "The answer could not be kept: it may have been added"
_NO_LIST = "Trackly refuses this list; not sent"


def _is_unsent_of(list_number: str, queued: QueuedRow) -> bool:
    return queued.row.list_number == list_number and queued.outcome is Outcome.PENDING


def _counts_as_try(reply: SendResult) -> bool:
    return not (isinstance(reply, NotSent) and reply.reason in (RetryReason.BUSY, RetryReason.NETWORK))
