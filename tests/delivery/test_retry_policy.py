"""Retry policy: the decision after each reply, line by line."""

from __future__ import annotations

import pytest

from trackly_desktop.api.contact_lookup import MembershipStatus
from trackly_desktop.api.replies import (
    Accepted,
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
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery.retry_policy import (
    Abort,
    Decision,
    Lookup,
    Resolve,
    Retry,
    RetryContext,
    RetryPolicy,
    counts_as_try,
    next_action,
    next_action_after_lookup,
)

POLICY = RetryPolicy()
IDEMPOTENT = RetryContext(idempotent=True, tries=1)
NOT_IDEMPOTENT = RetryContext(idempotent=False, tries=1)
WITH_LOOKUP = RetryContext(idempotent=False, tries=1, supports_lookup=True)
LAST = RetryContext(idempotent=True, tries=POLICY.max_tries)
UNKNOWN_REPLIES = [Unknown(reason=reason) for reason in UnknownReason]


def decide(reply: SendResult, context: RetryContext) -> Decision:
    return next_action(reply, context, POLICY)


def test_accepted_is_created_when_new_on_the_list_and_updated_otherwise() -> None:
    assert decide(Accepted(is_new_list_contact=True), IDEMPOTENT) == Resolve(Outcome.CREATED)
    assert decide(Accepted(is_new_contact=True), IDEMPOTENT) == Resolve(Outcome.UPDATED)


def test_a_repeat_that_enrolled_nobody_says_that_the_first_try_may_have() -> None:
    context = RetryContext(idempotent=True, tries=2, maybe_applied=True)
    assert decide(Accepted(), context) == Resolve(Outcome.UPDATED, Note(NoteCode.REPEATED_NONE_ENROLLED))
    assert decide(Accepted(journeys_enrolled=1), context) == Resolve(Outcome.UPDATED)


def test_a_refused_row_is_resolved() -> None:
    assert decide(Refused(status=400, code="not_sendable"), IDEMPOTENT) == Resolve(Outcome.REFUSED)


def test_a_refused_list_resolves_its_rows_or_stops_a_run_of_one_list() -> None:
    several = RetryContext(idempotent=True, tries=1, single_list=False)
    assert decide(Refused(about_list=True), several) == Resolve(Outcome.REFUSED, list_too=True)
    assert decide(Refused(about_list=True), IDEMPOTENT) == Abort(StopReason.LIST, "", Outcome.REFUSED)


@pytest.mark.parametrize(
    "stop_reason", [StopReason.KEY, StopReason.ACCOUNT, StopReason.ADDRESS, StopReason.CERTIFICATE]
)
def test_a_stop_reason_stops_the_run_and_the_row_stays_pending(stop_reason: StopReason) -> None:
    assert decide(Stopped(stop_reason=stop_reason, words="x"), IDEMPOTENT) == Abort(stop_reason, "x", Outcome.PENDING)


def test_a_stop_reason_after_a_request_that_may_have_been_applied_leaves_the_row_unknown() -> None:
    context = RetryContext(idempotent=True, tries=2, maybe_applied=True)
    stop = decide(Stopped(stop_reason=StopReason.KEY), context)
    assert isinstance(stop, Abort)
    assert stop.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("reply", UNKNOWN_REPLIES)
def test_an_idempotent_row_of_unknown_end_is_sent_again(reply: SendResult) -> None:
    decision = decide(reply, IDEMPOTENT)
    assert isinstance(decision, Retry)
    assert decision.maybe_applied


@pytest.mark.parametrize("reply", UNKNOWN_REPLIES)
def test_a_row_that_could_text_twice_is_never_sent_again_by_itself(reply: SendResult) -> None:
    decision = decide(reply, NOT_IDEMPOTENT)
    assert isinstance(decision, Resolve)
    assert decision.outcome is Outcome.UNKNOWN
    assert isinstance(decide(reply, WITH_LOOKUP), Lookup)


def test_a_repeat_never_overlaps_what_it_repeats() -> None:
    slow, looked = (
        decide(Unknown(reason=UnknownReason.TIMEOUT), IDEMPOTENT),
        decide(Unknown(reason=UnknownReason.TIMEOUT), WITH_LOOKUP),
    )
    assert isinstance(slow, Retry)
    assert isinstance(looked, Lookup)
    assert slow.delay >= 10
    assert looked.delay >= 10


def test_a_look_up_waits_a_few_seconds() -> None:
    decision = decide(Unknown(reason=UnknownReason.CONNECTION_LOST), WITH_LOOKUP)
    assert isinstance(decision, Lookup)
    assert decision.delay >= 3


@pytest.mark.parametrize(
    ("membership", "confirmed_absent", "outcome"),
    [
        (MembershipStatus.ACTIVE, True, Outcome.CREATED),
        (MembershipStatus.UNSUBSCRIBED, True, Outcome.CREATED),
        (MembershipStatus.ACTIVE, False, Outcome.UNKNOWN),
        (MembershipStatus.UNKNOWN, True, Outcome.UNKNOWN),
    ],
)
def test_what_a_look_up_proves(membership: MembershipStatus, confirmed_absent: bool, outcome: Outcome) -> None:
    decision = next_action_after_lookup(membership, confirmed_absent=confirmed_absent, tries=1, policy=POLICY)
    assert isinstance(decision, Resolve)
    assert decision.outcome is outcome


def test_a_person_absent_from_the_list_after_a_look_up_is_sent_again() -> None:
    decision = next_action_after_lookup(MembershipStatus.ABSENT, confirmed_absent=True, tries=1, policy=POLICY)
    assert isinstance(decision, Retry)
    assert not decision.maybe_applied


def test_429_waits_as_long_as_the_server_asks_and_is_no_try() -> None:
    busy = NotSent(reason=RetryReason.BUSY, retry_after=7.0)
    assert decide(busy, LAST) == Retry(7.0, maybe_applied=False)
    assert not counts_as_try(busy)


def test_a_missing_network_is_waited_for_and_is_no_try() -> None:
    no_network = NotSent(reason=RetryReason.NETWORK)
    assert isinstance(decide(no_network, LAST), Retry)
    assert not counts_as_try(no_network)


@pytest.mark.parametrize("reply", [Accepted(), Refused(), NotSent(reason=RetryReason.TRY_AGAIN), *UNKNOWN_REPLIES])
def test_every_other_reply_is_a_try(reply: SendResult) -> None:
    assert counts_as_try(reply)


def test_after_five_tries_a_row_ends_in_what_is_true() -> None:
    refused = decide(NotSent(reason=RetryReason.TRY_AGAIN), LAST)
    unknown = decide(Unknown(reason=UnknownReason.SERVER), LAST)
    assert isinstance(refused, Resolve)
    assert isinstance(unknown, Resolve)
    assert (refused.outcome, unknown.outcome) == (Outcome.REFUSED, Outcome.UNKNOWN)


def test_two_unexpected_responses_in_a_row_stop_the_run() -> None:
    unexpected = Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE)
    second = RetryContext(idempotent=True, tries=1, last_was_unexpected=True)
    assert isinstance(decide(unexpected, IDEMPOTENT), Retry)
    stop = decide(unexpected, second)
    assert isinstance(stop, Abort)
    assert (stop.stop_reason, stop.outcome) == (StopReason.ADDRESS, Outcome.UNKNOWN)


@pytest.mark.parametrize("tries", [1, 2, 5, 10, 60])
def test_delays_have_jitter_and_stay_within_thirty_seconds(tries: int) -> None:
    delays = {POLICY.delay(tries) for _ in range(50)}
    assert len(delays) > 10
    assert all(0 <= delay <= 30 for delay in delays)
    assert 1 <= POLICY.probe_delay(tries) <= 30


def test_retries_stay_within_a_fifth_of_all_requests_after_the_first_fifty() -> None:
    assert POLICY.is_within_budget(49, 49)
    assert not POLICY.is_within_budget(50, 100)
    assert POLICY.is_within_budget(50, 251)
