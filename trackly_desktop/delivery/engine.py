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

from trackly_desktop.api.capabilities import Standing, look_up
from trackly_desktop.api.client import TracklyClient
from trackly_desktop.api.replies import Accepted, Doubt, NotSent, Obstacle, Reply, Unknown, Wait
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery import retry_policy
from trackly_desktop.delivery.connectivity import Road
from trackly_desktop.delivery.journal_retry import Persist
from trackly_desktop.delivery.progress import End, Progress, shown_counts
from trackly_desktop.delivery.rate_limiter import Pace
from trackly_desktop.delivery.recipient_locks import Order
from trackly_desktop.delivery.retry_policy import Again, Decision, LookUp, Settle, Situation, Stop
from trackly_desktop.delivery.send_queue import Trip, Trips
from trackly_desktop.journal.connection import advice
from trackly_desktop.journal.models import DueRow, Mark, Recorded, State, Totals, now_ms
from trackly_desktop.journal.run_store import Journal, must_be_storable
from trackly_desktop.journal.suppression_list import UNSUBSCRIBED
from trackly_desktop.system import logs
from trackly_desktop.system.run_lock import RunLease

T = TypeVar("T")

_log = logging.getLogger(__name__)

_READ_AHEAD = 256
_BETWEEN_LOOKS = 5.0
"""Seconds between two look-ups that both say "not there": what a slow server was at is there by then."""
_BEYOND_BUDGET = 1.0
AFTER_UNKNOWN = 10.0
"""Seconds for which nobody else is sent for a person whose last request has no known end."""


class _Wish(enum.Enum):
    GO = enum.auto()
    PAUSE = enum.auto()
    CANCEL = enum.auto()
    QUIT = enum.auto()


@dataclass(slots=True)
class _News:
    """What a row's request, or a question about its person, came to."""

    trip: Trip
    came: Reply | Standing


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
        order: Order,
        pace: Pace,
        look_ups: bool,
        takes_back: bool = False,
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
        self._request = client.delete_contact if takes_back else client.post_contact
        self._journal, self._path, self._client, self._run = journal, path, client, run
        self._order, self._pace, self._look_ups, self._patience = order, pace, look_ups, patience
        self._on_turn, self._clock = on_turn, clock
        self._road = Road(pace, patience, clock)
        self._persist = Persist(executor, on_turn)
        self._trips = Trips(order, clock)
        self._tasks: set[asyncio.Task[None]] = set()
        self._news: list[_News] = []
        self._wake = asyncio.Event()
        self._wish = _Wish.GO
        self._stop: Stop | None = None
        self._cursor = 0
        self._all_read = False
        self._single_list = True
        self._counts: dict[Outcome, int] = {}
        self._requests = self._retries = self._budgeted = 0
        self._fault: BaseException | None = None
        self._stranger = False
        self._enrolled = self._may_enrol = 0
        self._beyond_budget_at = 0.0
        self._refused_lists: set[str] = set()

    # What is asked of it

    def pause(self) -> None:
        """Nothing more leaves; what is in flight is answered."""
        self._ask(_Wish.PAUSE)

    def go_on(self) -> None:
        """Ends a pause."""
        self._ask(_Wish.GO)

    def cancel(self) -> None:
        """Nothing more leaves, for good; unsent rows stay pending."""
        self._ask(_Wish.CANCEL)

    def quit(self) -> None:
        """As cancel, but the run is offered again."""
        self._ask(_Wish.QUIT)

    def abandon(self) -> None:
        """Ends what is in flight without waiting for answers: those rows stay `sending`, and are settled on resuming."""
        for task in self._tasks:
            task.cancel()

    def progress(self) -> Progress:
        """The run as it stands now."""
        waiting, seconds = self._waits()
        return Progress(
            run=self._run,
            rows=sum(self._counts.values()),
            counts=shown_counts(self._counts),
            requests=self._requests,
            retries=self._retries,
            in_flight=len(self._tasks),
            paused=self._wish is _Wish.PAUSE,
            waiting=waiting,
            seconds=seconds,
            enrolled=self._enrolled,
            may_enrol=self._may_enrol,
        )

    def _waits(self) -> tuple[str, float]:
        """For what it waits, in words, and for how many seconds at most."""
        if self._persist.trouble:
            return self._persist.trouble, 0.0
        if self._road.waiting:
            return self._road.waiting, self._pace.wait
        seconds = 0.0 if self._tasks or not self._sends() or not self._all_read else self._trips.wait() or 0.0
        return ("Waiting before what had no answer is tried again", seconds) if seconds > 1.0 else ("", 0.0)

    # Its life

    async def deliver(self, confirmed: str = "") -> End:
        """Delivers until nothing is due, or it has to stop. Raises RunBusy, sqlite3.Error before anything was sent."""
        lease = RunLease(self._path, self._run)
        try:
            await self._begin(confirmed)
            while not self._is_over():
                await self._turn()
                if not self._is_over():
                    await self._rest()
            return await self._finish()
        finally:
            for task in self._tasks:
                task.cancel()
            self._trips.release_all()
            lease.release()

    async def _begin(self, confirmed: str) -> None:
        once, journal, run = self._persist.once, self._journal, self._run
        await once(lambda: journal.start(run, confirmed))
        self._counts = await once(lambda: journal.counts(run))
        self._requests, self._retries = await once(lambda: journal.requests(run))
        self._enrolled, self._may_enrol = await once(lambda: journal.enrolled(run))
        self._single_list = await once(lambda: journal.lists_of(run)) <= 1
        recorded = [self._take_up(row) for row in await once(lambda: journal.in_doubt(run))]
        if recorded:
            await once(lambda: journal.turn(run, recorded, (), self._totals()))

    def _take_up(self, row: DueRow) -> Recorded:
        """A row that was sent, or not, when the program ended: settled by the rule, never guessed."""
        tries = row.tries + (row.outcome is Outcome.SENDING)
        trip = Trip(row, row.outcome, tries, row.seen_absent, repeated=True, looked=True)
        known = Situation(repeat_safe=row.repeat_safe, tries=tries, look_ups=self._look_ups)
        decision = retry_policy.decide(Unknown(doubt=Doubt.CUT), known)
        if isinstance(decision, Settle):
            return self._recorded(trip, decision.outcome, note=decision.note)
        trip.to_look_up = isinstance(decision, LookUp)
        # How long ago it was sent, the wall clock would have to say, and that may have been moved.
        delay = decision.delay if isinstance(decision, (Again, LookUp)) else 0.0
        self._trips.hold_from_start(trip, retry_policy.AFTER_SLOW + delay)
        return self._recorded(trip, Outcome.UNKNOWN, due=True)

    async def _turn(self) -> None:
        if self._fault is not None:
            raise self._fault
        recorded = [one for news in self._take_news() if (one := self._judge_safely(news)) is not None]
        leaving: list[Trip] = []
        while (trip := await self._next_to_leave(len(leaving))) is not None:
            if trip.to_look_up or self._must_look_first(trip):
                self._set_out(trip, self._look(trip))
            else:
                leaving.append(trip)
                if self._pause_after is not None:
                    self._pause_after -= 1
        if recorded or leaving:
            requests = await self._commit(recorded, leaving)
            for trip, request in zip(leaving, requests, strict=False):
                if isinstance(request, str):
                    self._hold_back(trip)
                else:
                    trip.request = request
                    self._set_out(trip, self._send(trip))
        await self._refuse_lists()
        self._on_turn()

    def _hold_back(self, trip: Trip) -> None:
        """A person who must not be texted, as the journal found when the row was to leave: it has settled the row."""
        self._count_leaving(trip, -1)
        self._count(trip, Outcome.UNKNOWN if trip.repeated else Outcome.SKIPPED)
        self._order.release(trip.person, 0.0)
        self._wake.set()

    async def _finish(self) -> End:
        if self._stop is not None:
            end = End(State.STOPPED, self._stop.obstacle, self._stop.words)
        elif self._wish is _Wish.QUIT:
            end = End(State.STOPPED, Obstacle.INTERRUPTED)
        elif self._wish is _Wish.CANCEL:
            end = End(State.CANCELLED, Obstacle.INTERRUPTED)
        else:
            end = End(State.FINISHED)
        try:
            await self._persist.once(lambda: self._end_in_journal(end))
        except sqlite3.Error as error:  # on the disk it still counts as running: it is offered again
            return End(State.STOPPED, Obstacle.JOURNAL, f"The journal cannot be written ({error}): {advice(error)}")
        return end

    def _end_in_journal(self, end: End) -> None:
        """Ends the run, and proves that its counts are those of its rows: if they ever differ, the rows are right."""
        kept = {outcome: count for outcome, count in self._counts.items() if count}
        counted = self._journal.counts(self._run)
        rows = self._journal.rows_of(self._run)
        if kept != counted or sum(counted.values()) != rows:
            _log.error("run %d: counts %s, but its %d rows are %s", self._run, kept, rows, counted)
            self._counts = counted
        self._journal.turn(self._run, (), (), self._totals())
        self._journal.end(self._run, end.state, end.stopped)

    def _is_over(self) -> bool:
        if self._tasks or self._news:
            return False
        if self._stop is not None or self._wish in (_Wish.CANCEL, _Wish.QUIT):
            return True
        return self._all_read and len(self._trips) == 0

    async def _rest(self) -> None:
        """Until an answer comes, somebody asks for something, or the next row may leave."""
        if self._news:
            return
        seconds = None
        is_read = self._all_read or self._trips.fresh > 0
        if self._sends() and (len(self._trips) or not is_read):
            if self._pace.wait > 0:
                seconds = self._pace.wait
            elif self._pace.free(len(self._tasks)):
                seconds = self._trips.wait() if is_read else 0.0
        if self._wake.is_set():  # waiting for it would not let anybody else run
            await asyncio.sleep(0)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(None if seconds is None else max(0.002, seconds)):
                await self._wake.wait()
        self._wake.clear()

    # Leaving

    def _sends(self) -> bool:
        return self._wish is _Wish.GO and self._stop is None

    async def _next_to_leave(self, leaving: int) -> Trip | None:
        if not self._sends() or self._pace.free(len(self._tasks) + leaving) < 1:
            return None
        if self._trips.fresh == 0 and not self._all_read:
            await self._read_on()
        if self._pause_after == 0:
            self._pause_after = None
            self.pause()
            return None
        while (trip := self._trips.next()) is not None:
            if trip.to_look_up or not trip.is_retry or self._may_retry():
                self._pace.left()
                return trip
            self._trips.return_later(trip, _BEYOND_BUDGET)
        return None

    def _may_retry(self) -> bool:
        """Within the budget; beyond it one a second, and only once no row is left that was never sent."""
        if retry_policy.within_budget(self._budgeted, self._requests):
            return True
        if self._trips.fresh or not self._all_read or self._clock() - self._beyond_budget_at < _BEYOND_BUDGET:
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
            self._trips.add(Trip(row, row.outcome, row.tries, row.seen_absent) for row in rows)

    def _must_look_first(self, trip: Trip) -> bool:
        # Only who was seen not to be on the list before can be believed to have been added by a request without an answer.
        return self._look_ups and not trip.row.repeat_safe and not trip.looked

    def _set_out(self, trip: Trip, way: Coroutine[Any, Any, None]) -> None:
        trip.sent_at = self._clock()
        task = asyncio.get_running_loop().create_task(way)
        self._tasks.add(task)
        task.add_done_callback(self._came_back)

    def _came_back(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._fault = task.exception()  # ours, not the network's: the run must not go on as if nothing had been
        self._wake.set()

    async def _send(self, trip: Trip) -> None:
        try:
            reply = await self._request(trip.row.body)
        except Exception as error:  # this row's own: whether its request left, nobody knows
            logs.fault(error)
            reply = Unknown(doubt=Doubt.CUT, words=f"The request failed ({type(error).__name__})")
        self._news.append(_News(trip, reply))

    async def _look(self, trip: Trip) -> None:
        standing = await look_up(self._client, *trip.person)
        if trip.to_look_up and standing is Standing.ABSENT:
            # A slow server may still be at work: "not there" is believed when it is said twice.
            await asyncio.sleep(_BETWEEN_LOOKS)
            standing = await look_up(self._client, *trip.person)
        self._news.append(_News(trip, standing))

    # Answers

    def _take_news(self) -> list[_News]:
        news, self._news = self._news, []
        return news

    def _judge_safely(self, news: _News) -> Recorded | None:
        """What follows from an answer. What nobody foresaw, or cannot be kept, makes this row unknown, and no other."""
        try:
            if not isinstance(news.came, Standing):
                must_be_storable(news.came)
            return self._judge(news)
        except Exception as error:
            logs.fault(error)
            return self._recorded(news.trip, Outcome.UNKNOWN, note=_UNREADABLE)

    def _judge(self, news: _News) -> Recorded | None:
        trip = news.trip
        if isinstance(news.came, Standing):
            if not trip.to_look_up:
                if news.came is Standing.UNSUBSCRIBED and trip.row.phone != self._typed_again:
                    return self._recorded(trip, Outcome.SKIPPED, note=UNSUBSCRIBED)
                trip.looked, trip.seen_absent = True, news.came is Standing.ABSENT
                self._trips.return_at_once(trip)
                return None
            trip.to_look_up = False
            trip.seen_absent = trip.seen_absent or news.came is Standing.ABSENT
            decision = retry_policy.after_look_up(news.came, seen_absent=trip.seen_absent, tries=trip.tries)
            return self._carry_out(decision, trip, None)
        self._stop = self._stop or self._road.feel(news.came, trip.sent_at)
        known = Situation(
            repeat_safe=trip.row.repeat_safe,
            tries=trip.tries + _counts_as_try(news.came),
            repeated=trip.repeated,
            look_ups=self._look_ups,
            single_list=self._single_list,
            last_was_stranger=self._stranger,
        )
        self._stranger = isinstance(news.came, Unknown) and news.came.doubt is Doubt.STRANGER
        trip.tries = known.tries
        self._guard_journeys(news.came)
        return self._carry_out(retry_policy.decide(news.came, known), trip, news.came)

    def _guard_journeys(self, reply: Reply) -> None:
        """More people enrolled than were confirmed: whatever the reason, it goes no further."""
        if isinstance(reply, Accepted) and reply.journeys_enrolled:
            self._enrolled += 1
            if self._enrolled > self._may_enrol:
                words = f"{self._enrolled:,} enrolled in journeys, {self._may_enrol:,} confirmed"
                self._stop = self._stop or Stop(Obstacle.JOURNEYS, words)

    def _carry_out(self, decision: Decision, trip: Trip, reply: Reply | None) -> Recorded:
        if isinstance(decision, Settle):
            if decision.list_too:
                self._refused_lists.add(trip.row.list_number)
            return self._recorded(trip, decision.outcome, reply, note=decision.note)
        if isinstance(decision, Stop):
            self._stop = self._stop or decision
            due = decision.outcome is Outcome.UNKNOWN
            return self._recorded(trip, decision.outcome, reply, due=due, note=decision.note, free=True)
        if isinstance(decision, LookUp):
            trip.to_look_up = trip.repeated = True
            self._trips.return_later(trip, decision.delay)
            return self._recorded(trip, Outcome.UNKNOWN, reply, due=True)
        trip.repeated = decision.in_doubt
        self._trips.return_later(trip, decision.delay)
        outcome = Outcome.UNKNOWN if decision.in_doubt else Outcome.PENDING
        return self._recorded(trip, outcome, reply, due=decision.in_doubt)

    def _recorded(
        self,
        trip: Trip,
        outcome: Outcome,
        reply: Reply | None = None,
        *,
        due: bool = False,
        note: str = "",
        free: bool = False,
    ) -> Recorded:
        self._count(trip, outcome)
        is_settled = outcome not in (Outcome.PENDING, Outcome.SENDING) and not due
        if is_settled or free:
            self._order.release(trip.person, AFTER_UNKNOWN if outcome is Outcome.UNKNOWN else 0.0)
        return Recorded(trip.row.key, outcome, due, trip.tries, now_ms(), reply, note)

    # The journal

    async def _commit(self, recorded: list[Recorded], leaving: list[Trip]) -> list[int | str]:
        """The turn's transaction. While it cannot be written nothing leaves, and the answers wait here."""
        for trip in leaving:
            self._count_leaving(trip, 1)
            self._count(trip, Outcome.SENDING)

        def write() -> list[int | str]:
            marks = [Mark(trip.row.key, trip.seen_absent, trip.repeated) for trip in leaving]
            return self._journal.turn(self._run, recorded, marks, self._totals())

        requests = await self._persist.until_done(write, lambda seconds: self._sends() and self._may_go_on(seconds))
        if requests is None and leaving:
            self._call_back(leaving)
            requests = await self._written(write)
        return requests or []

    async def _written(self, work: Callable[[], T]) -> T | None:
        """What the journal says; None, and the run stops, where it cannot be had."""
        done = await self._persist.until_done(work, self._may_go_on)
        if self._persist.trouble:
            self._stop = self._stop or Stop(Obstacle.JOURNAL, self._persist.trouble)
        return done

    def _may_go_on(self, seconds: float) -> bool:
        return self._wish is not _Wish.QUIT and (self._patience is None or seconds < self._patience)

    def _call_back(self, leaving: list[Trip]) -> None:
        """Rows that were about to leave stay as they were."""
        for trip in leaving:
            self._count_leaving(trip, -1)
            self._count(trip, Outcome.UNKNOWN if trip.repeated else Outcome.PENDING)
            self._trips.return_at_once(trip)
        leaving.clear()

    def _count_leaving(self, trip: Trip, by: int) -> None:
        self._requests += by
        self._retries += by if trip.row.sent_at is not None or trip.request is not None else 0
        self._budgeted += by if trip.is_retry else 0

    async def _refuse_lists(self) -> None:
        while self._refused_lists:
            number = self._refused_lists.pop()
            refused = await self._written(functools.partial(self._journal.refuse_list, self._run, number, _NO_LIST))
            if refused is None:
                return
            self._counts[Outcome.PENDING] = self._counts.get(Outcome.PENDING, 0) - refused
            self._counts[Outcome.REFUSED] = self._counts.get(Outcome.REFUSED, 0) + refused
            self._trips.drop(functools.partial(_is_unsent_of, number))

    def _count(self, trip: Trip, outcome: Outcome) -> None:
        self._counts[trip.outcome] = self._counts.get(trip.outcome, 0) - 1
        self._counts[outcome] = self._counts.get(outcome, 0) + 1
        trip.outcome = outcome

    def _totals(self) -> Totals:
        return Totals({str(name): count for name, count in self._counts.items() if count}, self._retries)

    def _ask(self, wish: _Wish) -> None:
        if self._wish not in (_Wish.QUIT, wish):
            self._wish = wish
            self._wake.set()


_UNREADABLE = "The answer could not be kept: it may have been added"
_NO_LIST = "Trackly refuses this list; not sent"


def _is_unsent_of(list_number: str, trip: Trip) -> bool:
    return trip.row.list_number == list_number and trip.outcome is Outcome.PENDING


def _counts_as_try(reply: Reply) -> bool:
    return not (isinstance(reply, NotSent) and reply.wait in (Wait.BUSY, Wait.NETWORK))
