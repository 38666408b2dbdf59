"""Delivery by the default policy, with a fake client and in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import LIST, OTHER_LIST
from tests.delivery import virtual_time
from tests.delivery.fake_client import CREATED, LATENCY, FakeClient
from tests.journeys.jobs import ACCOUNT, check, outcomes, rows_of, run_of
from trackly_desktop.api.contact_lookup import MembershipStatus
from trackly_desktop.api.replies import (
    Accepted,
    ConnectionFault,
    NotSent,
    Refused,
    RetryReason,
    SendResult,
    Stopped,
    StopReason,
    Unknown,
    UnknownReason,
)
from trackly_desktop.contacts.issues import Note, NoteCode
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.delivery.progress import Enrollment, RunEnd, RunProgress
from trackly_desktop.delivery.rate_limiter import RateLimiter
from trackly_desktop.delivery.recipient_locks import RecipientLocks
from trackly_desktop.delivery.retry_policy import RetryPolicy
from trackly_desktop.delivery.waits import WaitReason
from trackly_desktop.journal.import_options import Duplicates, Options
from trackly_desktop.journal.models import RunCounts, SendMark, State
from trackly_desktop.journal.resolutions import UnknownResolution, resolve_unknown, retry_refused
from trackly_desktop.journal.run_store import Journal
from trackly_desktop.journal.suppression_list import save_list_members

POLICY = RetryPolicy()
ADDRESS = "http://fake.invalid"
ADA, GRACE = "+14155550220", "+14155550221"
NOT_IDEMPOTENT = {"list_number": LIST, "use_journeys": "yes", "skip_journey_if_exists": "no"}
IDEMPOTENT = {"list_number": LIST}

BUSY = NotSent(reason=RetryReason.BUSY)
NO_NETWORK = NotSent(reason=RetryReason.NETWORK, fault=ConnectionFault.CONNECTION_REFUSED)
TRY_AGAIN = NotSent(reason=RetryReason.TRY_AGAIN)
CONNECTION_LOST, TIMEOUT, SERVER, UNEXPECTED = (Unknown(reason=reason) for reason in UnknownReason)
ABSENT, ACTIVE, UNSUBSCRIBED, NO_ANSWER = MembershipStatus

MAY_TEXT_TWICE = Note(NoteCode.MAY_HAVE_BEEN_ADDED)
NONE_ENROLLED = Note(NoteCode.REPEATED_NONE_ENROLLED)

Write = Callable[..., Path]
Watch = Callable[[Delivery], None]


class Setup(NamedTuple):
    """A journal, and a function that drafts a run of these phones in it."""

    journal: Path
    draft: Callable[..., int]


@pytest.fixture
def setup(journal_path: Path, write: Write) -> Setup:
    def draft(*phones: str, fixed: dict[str, str] = IDEMPOTENT, header: str = "Phone", retyped_phone: str = "") -> int:
        file = write(header, *(phones or (ADA,)))
        options = Options(fixed=fixed, duplicates=Duplicates.EACH, retyped_phone=retyped_phone)
        return check(journal_path, file, ADDRESS, **options.to_json()).run_id

    return Setup(journal_path, draft)


def deliver(
    client: FakeClient,
    setup: Setup,
    run_id: int,
    watch: Watch = lambda _delivery: None,
    *,
    supports_lookup: bool = False,
    patience: float | None = None,
    per_second: float = 0.0,
    in_flight: int = 16,
    allow_unsubscribed: str = "",
) -> RunEnd:
    async def work() -> RunEnd:
        clock = asyncio.get_running_loop().time
        with Journal(setup.journal) as journal:
            delivery = Delivery(
                journal,
                setup.journal,
                client,
                run_id,
                virtual_time.InlineExecutor(),
                locks=RecipientLocks(clock),
                limiter=RateLimiter(in_flight, per_second, clock),
                supports_lookup=supports_lookup,
                patience=patience,
                allow_unsubscribed=allow_unsubscribed,
                on_turn=lambda: watch(delivery),
                clock=clock,
            )
            return await delivery.deliver()

    return virtual_time.run(work())


def gaps(client: FakeClient) -> list[float]:
    """Return the seconds between an answer and the next request."""
    return [later - earlier - LATENCY for earlier, later in pairwise(client.requested_at)]


class Line(NamedTuple):
    """A line of the retry table: replies to one row, and its result."""

    name: str
    replies: Sequence[SendResult | Exception]
    outcome: str
    requests: int
    note: Note | None = None
    stopped: StopReason | None = None
    shortest: float = 0.0
    """Least seconds between an answer and the next request; `longest` are the most."""
    longest: float = 40.0


SAME_FOR_EVERY_ROW = [
    Line("created", [CREATED], "created", 1),
    Line("updated", [Accepted(is_new_contact=True)], "updated", 1),
    Line("updated, with the server's words", [Accepted(words="on it already")], "updated", 1,
         Note(NoteCode.SERVER_MESSAGE, ("on it already",))),
    Line("refused", [Refused(code="not_sendable")], "refused", 1),
    Line("its only list refused", [Refused(about_list=True)], "refused", 1, stopped=StopReason.LIST),
    Line("key refused", [Stopped(stop_reason=StopReason.KEY)], "pending", 1, stopped=StopReason.KEY),
    Line("account refused", [Stopped(stop_reason=StopReason.ACCOUNT)], "pending", 1, stopped=StopReason.ACCOUNT),
    Line("429, with Retry-After", [NotSent(reason=RetryReason.BUSY, retry_after=70.0)], "created", 2,
         shortest=70, longest=71),
    Line("429, without", [BUSY], "created", 2, shortest=1, longest=2),
    Line("429 more often than a row has tries", [BUSY] * 9, "created", 10),
    Line("no network more often than a row has tries", [NO_NETWORK] * 9, "created", 10),
    Line("503 that was not applied", [TRY_AGAIN] * 4, "created", 5),
    Line("503 that asks for time", [NotSent(reason=RetryReason.TRY_AGAIN, retry_after=50.0)], "created", 2,
         shortest=50, longest=51),
    Line("503 at every try", [TRY_AGAIN] * 5, "refused", 5, Note(NoteCode.SERVER_TOO_BUSY, (5,))),
]  # fmt: skip
IDEMPOTENT_ROWS = [
    Line("connection lost", [CONNECTION_LOST], "created", 2, NONE_ENROLLED, longest=0.6),
    Line("time-out", [TIMEOUT], "created", 2, NONE_ENROLLED, shortest=10, longest=10.6),
    Line("server error", [SERVER], "created", 2, NONE_ENROLLED, longest=0.6),
    Line("server error that asks for time", [Unknown(reason=UnknownReason.SERVER, retry_after=20.0)], "created", 2,
         NONE_ENROLLED, shortest=20, longest=20.6),
    Line("unexpected response", [UNEXPECTED], "created", 2, NONE_ENROLLED, longest=0.6),
    Line("two unexpected responses", [UNEXPECTED] * 2, "unknown", 2, stopped=StopReason.ADDRESS),
    Line("unexpected responses, not in a row", [UNEXPECTED, SERVER, UNEXPECTED], "created", 4, NONE_ENROLLED),
    Line("a fault of the client", [RuntimeError("a fault")], "created", 2, NONE_ENROLLED, longest=0.6),
    Line("unknown at every try", [SERVER] * 5, "unknown", 5, Note(NoteCode.NO_TRUE_ANSWER, (5,))),
    Line("503 at the last try, after unknown", [SERVER, *[TRY_AGAIN] * 4], "unknown", 5, Note(NoteCode.NO_TRUE_ANSWER, (5,))),
    Line("updated after unknown", [SERVER, Accepted()], "updated", 2, NONE_ENROLLED),
    Line("refused after unknown", [SERVER, Refused()], "refused", 2),
    Line("key refused after unknown", [SERVER, Stopped(stop_reason=StopReason.KEY)], "unknown", 2, stopped=StopReason.KEY),
]  # fmt: skip
NOT_IDEMPOTENT_ROWS = [
    *(
        Line(str(reply.reason), [reply], "unknown", 1, MAY_TEXT_TWICE)
        for reply in (CONNECTION_LOST, TIMEOUT, SERVER, UNEXPECTED)
    ),
    Line("a fault of the client", [RuntimeError("a fault")], "unknown", 1, MAY_TEXT_TWICE),
]


@pytest.mark.parametrize(
    ("fixed", "line"),
    [
        *(pytest.param(IDEMPOTENT, line, id=line.name) for line in SAME_FOR_EVERY_ROW),
        *(pytest.param(NOT_IDEMPOTENT, line, id=f"{line.name}, could text twice") for line in SAME_FOR_EVERY_ROW),
        *(pytest.param(IDEMPOTENT, line, id=f"{line.name}, idempotent") for line in IDEMPOTENT_ROWS),
        *(pytest.param(NOT_IDEMPOTENT, line, id=f"{line.name}, unknown") for line in NOT_IDEMPOTENT_ROWS),
    ],
)
def test_a_row_ends_as_the_retry_table_says(setup: Setup, fixed: dict[str, str], line: Line) -> None:
    client = FakeClient(line.replies)
    run_id = setup.draft(ADA, fixed=fixed)
    end = deliver(client, setup, run_id)
    [row] = rows_of(setup.journal, run_id)
    assert (str(row.outcome), row.note, end.stopped) == (line.outcome, line.note, line.stopped)
    assert len(client.requested_at) == run_of(setup.journal, run_id).requests == line.requests
    assert all(line.shortest <= gap <= line.longest for gap in gaps(client))


class LookupLine(NamedTuple):
    """A line of the retry table for rows that are not idempotent, with look-ups."""

    name: str
    memberships: Sequence[MembershipStatus]
    replies: Sequence[SendResult]
    outcome: str
    requests: int
    note: Note | None = None


LOOKUPS = [
    LookupLine("absent, created", [ABSENT], [CREATED], "created", 1),
    LookupLine("on the list, updated", [ACTIVE], [Accepted()], "updated", 1),
    LookupLine("no answer to the look-up", [NO_ANSWER], [CREATED], "created", 1),
    LookupLine("unsubscribed", [UNSUBSCRIBED], [], "skipped", 0, Note(NoteCode.UNSUBSCRIBED)),
    LookupLine("unknown, then found", [ABSENT, ACTIVE], [SERVER], "created", 1, Note(NoteCode.FOUND_ON_LIST)),
    LookupLine("unknown, then unsubscribed", [ABSENT, UNSUBSCRIBED], [SERVER], "created", 1, Note(NoteCode.FOUND_ON_LIST)),
    LookupLine("unknown, found late", [ABSENT, ABSENT, ACTIVE], [SERVER], "created", 1, Note(NoteCode.FOUND_ON_LIST)),
    LookupLine("unknown, absent twice", [ABSENT, ABSENT, ABSENT], [SERVER, CREATED], "created", 2),
    LookupLine("unknown, on the list before", [ACTIVE, ACTIVE], [SERVER], "unknown", 1, MAY_TEXT_TWICE),
    LookupLine("unknown, left since", [ACTIVE, UNSUBSCRIBED], [SERVER], "unknown", 1, Note(NoteCode.UNSUBSCRIBED)),
    LookupLine("unknown, left at some time", [NO_ANSWER, UNSUBSCRIBED], [SERVER], "unknown", 1, Note(NoteCode.UNSUBSCRIBED)),
    LookupLine("unknown, no answer to the look-up", [ABSENT, NO_ANSWER], [SERVER], "unknown", 1, MAY_TEXT_TWICE),
    LookupLine("unknown at every try", [ABSENT] * 9, [SERVER] * 5, "unknown", 5, Note(NoteCode.NO_TRUE_ANSWER, (5,))),
]  # fmt: skip


@pytest.mark.parametrize("line", LOOKUPS, ids=lambda line: line.name)
def test_a_row_that_could_text_twice_ends_as_look_ups_prove(setup: Setup, line: LookupLine) -> None:
    client = FakeClient(line.replies, line.memberships)
    run_id = setup.draft(ADA, fixed=NOT_IDEMPOTENT)
    assert deliver(client, setup, run_id, supports_lookup=True).state is State.FINISHED
    [row] = rows_of(setup.journal, run_id)
    assert (str(row.outcome), row.note, len(client.requested_at)) == (line.outcome, line.note, line.requests)
    assert len(client.looked_up_at) == len(line.memberships)


def row_after(
    setup: Setup,
    run_id: int,
    memberships: Sequence[MembershipStatus],
    *replies: SendResult,
    allow_unsubscribed: str = "",
) -> Ended:
    """Deliver a run of one row; return how the row ended."""
    client = FakeClient(replies, memberships)
    deliver(client, setup, run_id, supports_lookup=True, allow_unsubscribed=allow_unsubscribed)
    [row] = rows_of(setup.journal, run_id)
    return Ended(str(row.outcome), row.note, len(client.requested_at))


class Ended(NamedTuple):
    """How a row ended, and the requests that were made for it."""

    outcome: str
    note: Note | None
    requests: int


LEFT = Note(NoteCode.UNSUBSCRIBED)


@pytest.mark.parametrize("replies", [[], [SERVER]], ids=["nothing sent", "a request without an answer"])
def test_whoever_a_look_up_found_unsubscribed_is_held_back_from_later_runs(
    setup: Setup, replies: list[SendResult]
) -> None:
    memberships = [ACTIVE, UNSUBSCRIBED] if replies else [UNSUBSCRIBED]
    row_after(setup, setup.draft(ADA, fixed=NOT_IDEMPOTENT), memberships, *replies)
    [row] = rows_of(setup.journal, setup.draft(ADA))
    assert (str(row.outcome), row.note) == ("skipped", LEFT)


def test_who_came_back_is_sent_though_the_journal_has_them_as_unsubscribed(setup: Setup) -> None:
    run_id = setup.draft(ADA, fixed=NOT_IDEMPOTENT)
    save_list_members(setup.journal, ACCOUNT, ADDRESS, LIST, {ADA: False}, active=False, whole=True)
    assert row_after(setup, run_id, [ACTIVE], Accepted()) == Ended("updated", None, 1)


@pytest.mark.parametrize(
    ("reply", "ended"),
    [(Accepted(), ("updated", None, 1)), (SERVER, ("unknown", LEFT, 1))],
    ids=["answered", "without an answer"],
)
def test_a_number_that_was_typed_twice_is_sent_until_a_request_may_have_been_applied(
    setup: Setup, reply: SendResult, ended: tuple[str, Note | None, int]
) -> None:
    run_id = setup.draft(ADA, fixed=NOT_IDEMPOTENT, retyped_phone=ADA)
    assert row_after(setup, run_id, [UNSUBSCRIBED] * 2, reply, allow_unsubscribed=ADA) == ended


def test_a_row_that_is_sent_again_stays_unknown_when_its_person_left(setup: Setup) -> None:
    run_id = setup.draft(ADA, fixed=NOT_IDEMPOTENT)
    assert row_after(setup, run_id, [ACTIVE, ACTIVE], SERVER) == Ended("unknown", MAY_TEXT_TWICE, 1)
    resolve_unknown(setup.journal, run_id, UnknownResolution.SEND_AGAIN)
    assert row_after(setup, run_id, [UNSUBSCRIBED]) == Ended("unknown", LEFT, 0)


def test_a_row_that_was_refused_and_is_retried_is_skipped_when_its_person_left(setup: Setup) -> None:
    run_id = setup.draft(ADA, fixed=NOT_IDEMPOTENT)
    assert row_after(setup, run_id, [ACTIVE], Refused()).outcome == "refused"
    retry_refused(setup.journal, run_id)
    assert row_after(setup, run_id, [UNSUBSCRIBED]) == Ended("skipped", LEFT, 0)


@pytest.mark.parametrize(
    ("reply", "seconds"), [(SERVER, POLICY.before_lookup), (TIMEOUT, POLICY.after_timeout)], ids=["error", "time-out"]
)
def test_look_ups_give_a_slow_server_time(setup: Setup, reply: Unknown, seconds: float) -> None:
    client = FakeClient([reply], [ABSENT, ABSENT, ABSENT])
    deliver(client, setup, setup.draft(ADA, fixed=NOT_IDEMPOTENT), supports_lookup=True)
    first_request, second_request = client.requested_at
    _before, first, second = client.looked_up_at
    assert first - first_request - LATENCY == pytest.approx(seconds, abs=0.01)
    assert second - first - LATENCY == pytest.approx(POLICY.between_lookups, abs=0.01)
    assert second + LATENCY <= second_request


def test_a_refused_list_refuses_its_rows_and_no_others(setup: Setup) -> None:
    rows = [f"+1415555{200 + index:04},{(LIST, OTHER_LIST)[index % 2]}" for index in range(40)]
    run_id = setup.draft(*rows, fixed={}, header="Phone,List Number")
    client = FakeClient([Refused(about_list=True)])
    assert deliver(client, setup, run_id, in_flight=1).state is State.FINISHED
    assert outcomes(setup.journal, run_id) == {"refused": 20, "created": 20}
    assert len(client.requested_at) == 21


def test_after_an_unknown_end_no_other_row_of_the_person_leaves_for_a_while(setup: Setup) -> None:
    run_id = setup.draft(ADA, ADA, fixed=NOT_IDEMPOTENT)
    client = FakeClient([SERVER])
    deliver(client, setup, run_id)
    assert outcomes(setup.journal, run_id) == {"unknown": 1, "created": 1}
    assert gaps(client) == pytest.approx([POLICY.after_unknown], abs=0.01)


def test_more_people_enrolled_than_confirmed_stop_the_run(setup: Setup) -> None:
    run_id = setup.draft(ADA, GRACE)
    end = deliver(FakeClient([Accepted(is_new_list_contact=True, journeys_enrolled=1)]), setup, run_id, in_flight=1)
    assert (end.stopped, end.enrollment) == (StopReason.JOURNEYS, Enrollment(enrolled=1, confirmed=0))
    assert outcomes(setup.journal, run_id) == {"created": 1, "pending": 1}


def test_unexpected_responses_say_why_the_run_stops(setup: Setup) -> None:
    end = deliver(FakeClient([UNEXPECTED] * 2), setup, setup.draft(ADA))
    assert end.fault is ConnectionFault.UNEXPECTED_RESPONSE


def test_a_missing_network_is_probed_ever_more_seldom_and_shown(setup: Setup) -> None:
    client = FakeClient([NO_NETWORK] * 12)
    history: list[RunProgress] = []
    run_id = setup.draft(ADA)
    deliver(client, setup, run_id, lambda delivery: history.append(delivery.progress()))
    assert [round(gap) for gap in gaps(client)[2:]] == [1, 2, 4, 8, 16, 30, 30, 30, 30, 30]
    waits = [progress.wait for progress in history if progress.wait is not None]
    assert {wait.reason for wait in waits} == {WaitReason.NETWORK}
    assert waits[-1].params == {"fault": ConnectionFault.CONNECTION_REFUSED, "detail": ""}
    assert history[-1].wait is None


def test_without_a_network_a_run_stops_after_its_patience(setup: Setup) -> None:
    client = FakeClient([NO_NETWORK] * 99)
    run_id = setup.draft(ADA)
    end = deliver(client, setup, run_id, patience=60.0)
    assert (end.state, end.stopped, end.fault) == (
        State.STOPPED,
        StopReason.NETWORK,
        ConnectionFault.CONNECTION_REFUSED,
    )
    assert 60 < client.requested_at[-1] < 120
    assert outcomes(setup.journal, run_id) == {"pending": 1}


def test_beyond_the_budget_one_retry_a_second_leaves(setup: Setup) -> None:
    client = FakeClient([SERVER] * 10_000)
    run_id = setup.draft(*(f"+1415555{200 + index:04}" for index in range(60)))
    deliver(client, setup, run_id)
    assert outcomes(setup.journal, run_id) == {"unknown": 60}
    unbudgeted = client.requested_at[60 + POLICY.free_retries :]
    assert len(unbudgeted) == 60 * POLICY.max_tries - 60 - POLICY.free_retries
    assert min(later - earlier for earlier, later in pairwise(unbudgeted)) > 0.99 * POLICY.beyond_budget


def test_a_capped_run_reads_on_where_the_rows_read_ahead_end(setup: Setup) -> None:
    client = FakeClient()
    run_id = setup.draft(*(f"+1415555{1000 + index:04}" for index in range(260)))  # 256 are read at once
    deliver(client, setup, run_id, per_second=20.0)
    distances = [later - earlier for earlier, later in pairwise(client.requested_at)]
    assert len(distances) == 259
    assert max(distances) < 1 / 20 + 0.01


def test_the_rows_of_a_killed_program_are_resolved_before_the_others(setup: Setup) -> None:
    run_id = setup.draft(ADA, GRACE, ADA)
    leave_in_flight(setup, run_id)
    client = FakeClient()
    deliver(client, setup, run_id)
    assert client.phones == [GRACE, ADA, ADA]  # the second row of a person waits for the first
    assert client.requested_at[1] >= POLICY.after_timeout
    assert [row.number for row in rows_of(setup.journal, run_id) if str(row.outcome) == "created"] == [1, 2, 3]


def test_the_row_of_a_killed_program_that_could_text_twice_stays_unknown(setup: Setup) -> None:
    run_id = setup.draft(ADA, GRACE, fixed=NOT_IDEMPOTENT)
    leave_in_flight(setup, run_id)
    client = FakeClient()
    deliver(client, setup, run_id)
    assert client.phones == [GRACE]
    assert [(str(row.outcome), row.note) for row in rows_of(setup.journal, run_id)] == [
        ("unknown", MAY_TEXT_TWICE),
        ("created", None),
    ]


def leave_in_flight(setup: Setup, run_id: int) -> None:
    """Mark the first row as `sending`, as a program does that is killed then."""
    with Journal(setup.journal) as journal:
        journal.start(run_id)
        row = journal.pending(run_id, 0, 1)[0]
        journal.commit_batch(run_id, [], [SendMark(row.key, confirmed_absent=False)], RunCounts({"sending": 1}, 0))


def test_commands_take_effect_in_the_next_commit_cycle(setup: Setup) -> None:
    run_id = setup.draft(*(f"+1415555{200 + index:04}" for index in range(20)))
    client = FakeClient()
    paused_at: list[float] = []

    def pause(delivery: Delivery) -> None:
        progress, loop = delivery.progress(), asyncio.get_running_loop()
        if not paused_at and progress.requests == 4:
            paused_at.append(loop.time())
            delivery.control.pause()
            loop.call_later(100, delivery.control.resume)
        elif progress.requests > 10:
            delivery.control.cancel()

    assert deliver(client, setup, run_id, pause).state is State.CANCELLED
    assert client.requested_at[4] == pytest.approx(paused_at[0] + 100, abs=0.01)
    counts = outcomes(setup.journal, run_id)
    assert counts["created"] == len(client.requested_at)
    assert counts["pending"] == 20 - counts["created"]


def test_abandoned_requests_are_resolved_when_the_run_is_continued(setup: Setup) -> None:
    run_id = setup.draft(ADA, GRACE)

    def abandon(delivery: Delivery) -> None:
        delivery.control.quit()
        delivery.control.abandon()

    end = deliver(FakeClient(), setup, run_id, abandon)
    assert (end.state, end.stopped) == (State.STOPPED, StopReason.INTERRUPTED)
    assert outcomes(setup.journal, run_id) == {"sending": 2}
    assert deliver(FakeClient(), setup, run_id).state is State.FINISHED
    assert outcomes(setup.journal, run_id) == {"created": 2}
