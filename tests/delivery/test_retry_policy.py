"""What to do after each reply: the table of the delivery promise, line by line."""

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
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery import retry_policy
from trackly_desktop.delivery.retry_policy import (
    Abort,
    Lookup,
    Resolve,
    Retry,
    RetryContext,
    next_action,
    next_action_after_lookup,
)

SAFE = RetryContext(idempotent=True, tries=1)
UNSAFE = RetryContext(idempotent=False, tries=1)
UNSAFE_ASKED = RetryContext(idempotent=False, tries=1, supports_lookup=True)
LAST = RetryContext(idempotent=True, tries=retry_policy.MOST_TRIES)
DOUBTS = [Unknown(reason=one) for one in UnknownReason]


def test_accepted_is_created_when_new_on_the_list_and_updated_otherwise() -> None:
    assert next_action(Accepted(is_new_list_contact=True), SAFE) == Resolve(Outcome.CREATED)
    assert next_action(Accepted(is_new_contact=True), SAFE) == Resolve(Outcome.UPDATED)


def test_a_repeat_that_enrolled_nobody_says_that_the_first_try_may_have() -> None:
    again = RetryContext(idempotent=True, tries=2, repeated=True)
    assert next_action(Accepted(), again) == Resolve(Outcome.UPDATED, retry_policy.ZERO_AFTER_REPEAT)
    assert next_action(Accepted(journeys_enrolled=1), again) == Resolve(Outcome.UPDATED)


def test_a_refusal_of_the_row_settles_the_row() -> None:
    assert next_action(Refused(status=400, code="not_sendable"), SAFE) == Resolve(Outcome.REFUSED)


def test_a_refusal_of_the_list_settles_its_rows_or_stops_when_there_is_one_list() -> None:
    several = RetryContext(idempotent=True, tries=1, single_list=False)
    assert next_action(Refused(about_list=True), several) == Resolve(Outcome.REFUSED, list_too=True)
    assert next_action(Refused(about_list=True), SAFE) == Abort(StopReason.LIST, "", Outcome.REFUSED)


@pytest.mark.parametrize(
    "stop_reason", [StopReason.KEY, StopReason.ACCOUNT, StopReason.ADDRESS, StopReason.CERTIFICATE]
)
def test_an_obstacle_stops_and_the_row_stays_pending(stop_reason: StopReason) -> None:
    assert next_action(Stopped(stop_reason=stop_reason, words="x"), SAFE) == Abort(stop_reason, "x", Outcome.PENDING)


def test_an_obstacle_after_a_doubtful_try_leaves_the_row_unknown_not_pending() -> None:
    doubtful = RetryContext(idempotent=True, tries=2, repeated=True)
    stop = next_action(Stopped(stop_reason=StopReason.KEY), doubtful)
    assert isinstance(stop, Abort)
    assert stop.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("reply", DOUBTS)
def test_a_repeat_safe_row_of_unknown_end_is_sent_again(reply: SendResult) -> None:
    decision = next_action(reply, SAFE)
    assert isinstance(decision, Retry)
    assert decision.in_doubt


@pytest.mark.parametrize("reply", DOUBTS)
def test_a_row_that_could_text_twice_is_never_sent_again_by_itself(reply: SendResult) -> None:
    settled = next_action(reply, UNSAFE)
    assert isinstance(settled, Resolve)
    assert settled.outcome is Outcome.UNKNOWN
    assert isinstance(next_action(reply, UNSAFE_ASKED), Lookup)


def test_a_repeat_never_overlaps_what_it_repeats() -> None:
    slow, looked = (
        next_action(Unknown(reason=UnknownReason.TIMEOUT), SAFE),
        next_action(Unknown(reason=UnknownReason.TIMEOUT), UNSAFE_ASKED),
    )
    assert isinstance(slow, Retry)
    assert isinstance(looked, Lookup)
    assert slow.delay >= 10
    assert looked.delay >= 10


def test_a_look_up_waits_a_few_seconds() -> None:
    decision = next_action(Unknown(reason=UnknownReason.CONNECTION_LOST), UNSAFE_ASKED)
    assert isinstance(decision, Lookup)
    assert decision.delay >= 3


@pytest.mark.parametrize(
    ("membership", "seen_absent", "outcome"),
    [
        (MembershipStatus.ACTIVE, True, Outcome.CREATED),
        (MembershipStatus.UNSUBSCRIBED, True, Outcome.CREATED),
        (MembershipStatus.ACTIVE, False, Outcome.UNKNOWN),
        (MembershipStatus.UNKNOWN, True, Outcome.UNKNOWN),
    ],
)
def test_what_a_look_up_proves(membership: MembershipStatus, seen_absent: bool, outcome: Outcome) -> None:
    decision = next_action_after_lookup(membership, seen_absent=seen_absent, tries=1)
    assert isinstance(decision, Resolve)
    assert decision.outcome is outcome


def test_who_is_not_there_after_a_look_up_is_sent_again() -> None:
    decision = next_action_after_lookup(MembershipStatus.ABSENT, seen_absent=True, tries=1)
    assert isinstance(decision, Retry)
    assert not decision.in_doubt


def test_429_waits_as_long_as_asked_and_is_no_try() -> None:
    decision = next_action(NotSent(reason=RetryReason.BUSY, retry_after=7.0), LAST)
    assert isinstance(decision, Retry)
    assert (decision.delay, decision.counts) == (7.0, False)


def test_no_network_waits_for_ever() -> None:
    decision = next_action(NotSent(reason=RetryReason.NETWORK), LAST)
    assert isinstance(decision, Retry)
    assert not decision.counts


def test_after_five_tries_a_row_ends_in_what_is_true() -> None:
    refused = next_action(NotSent(reason=RetryReason.TRY_AGAIN), LAST)
    unknown = next_action(Unknown(reason=UnknownReason.SERVER), LAST)
    assert isinstance(refused, Resolve)
    assert isinstance(unknown, Resolve)
    assert (refused.outcome, unknown.outcome) == (Outcome.REFUSED, Outcome.UNKNOWN)


def test_two_strangers_in_a_row_stop_everything() -> None:
    stranger = Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE)
    second = RetryContext(idempotent=True, tries=1, last_was_unexpected=True)
    assert isinstance(next_action(stranger, SAFE), Retry)
    stop = next_action(stranger, second)
    assert isinstance(stop, Abort)
    assert (stop.stop_reason, stop.outcome) == (StopReason.ADDRESS, Outcome.UNKNOWN)


@pytest.mark.parametrize("tries", [1, 2, 5, 10, 60])
def test_delays_have_jitter_and_stay_within_thirty_seconds(tries: int) -> None:
    delays = {
        retry_policy.next_action_after_lookup(MembershipStatus.ABSENT, seen_absent=True, tries=min(tries, 4)).delay  # type: ignore[union-attr]
        for _ in range(50)
    }
    assert len(delays) > 10
    assert all(0 <= one <= 30 for one in delays)
    assert 1 <= retry_policy.probe_delay(tries) <= 30


def test_retries_stay_within_a_fifth_of_all_requests_after_the_first_fifty() -> None:
    assert retry_policy.within_budget(49, 49)
    assert not retry_policy.within_budget(50, 100)
    assert retry_policy.within_budget(50, 251)
