"""What to do after each reply: the table of the delivery promise, line by line."""

from __future__ import annotations

import pytest

from trackly_desktop.api.capabilities import Standing
from trackly_desktop.api.replies import Accepted, Doubt, NotSent, Obstacle, Refused, Reply, Stopped, Unknown, Wait
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery import retry_policy
from trackly_desktop.delivery.retry_policy import Again, LookUp, Settle, Situation, Stop, after_look_up, decide

SAFE = Situation(repeat_safe=True, tries=1)
UNSAFE = Situation(repeat_safe=False, tries=1)
UNSAFE_ASKED = Situation(repeat_safe=False, tries=1, look_ups=True)
LAST = Situation(repeat_safe=True, tries=retry_policy.MOST_TRIES)
DOUBTS = [Unknown(doubt=one) for one in Doubt]


def test_accepted_is_created_when_new_on_the_list_and_updated_otherwise() -> None:
    assert decide(Accepted(is_new_list_contact=True), SAFE) == Settle(Outcome.CREATED)
    assert decide(Accepted(is_new_contact=True), SAFE) == Settle(Outcome.UPDATED)


def test_a_repeat_that_enrolled_nobody_says_that_the_first_try_may_have() -> None:
    again = Situation(repeat_safe=True, tries=2, repeated=True)
    assert decide(Accepted(), again) == Settle(Outcome.UPDATED, retry_policy.ZERO_AFTER_REPEAT)
    assert decide(Accepted(journeys_enrolled=1), again) == Settle(Outcome.UPDATED)


def test_a_refusal_of_the_row_settles_the_row() -> None:
    assert decide(Refused(status=400, code="not_sendable"), SAFE) == Settle(Outcome.REFUSED)


def test_a_refusal_of_the_list_settles_its_rows_or_stops_when_there_is_one_list() -> None:
    several = Situation(repeat_safe=True, tries=1, single_list=False)
    assert decide(Refused(about_list=True), several) == Settle(Outcome.REFUSED, list_too=True)
    assert decide(Refused(about_list=True), SAFE) == Stop(Obstacle.LIST, "", Outcome.REFUSED)


@pytest.mark.parametrize("obstacle", [Obstacle.KEY, Obstacle.ACCOUNT, Obstacle.ADDRESS, Obstacle.CERTIFICATE])
def test_an_obstacle_stops_and_the_row_stays_pending(obstacle: Obstacle) -> None:
    assert decide(Stopped(obstacle=obstacle, words="x"), SAFE) == Stop(obstacle, "x", Outcome.PENDING)


def test_an_obstacle_after_a_doubtful_try_leaves_the_row_unknown_not_pending() -> None:
    doubtful = Situation(repeat_safe=True, tries=2, repeated=True)
    stop = decide(Stopped(obstacle=Obstacle.KEY), doubtful)
    assert isinstance(stop, Stop)
    assert stop.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("reply", DOUBTS)
def test_a_repeat_safe_row_of_unknown_end_is_sent_again(reply: Reply) -> None:
    decision = decide(reply, SAFE)
    assert isinstance(decision, Again)
    assert decision.in_doubt


@pytest.mark.parametrize("reply", DOUBTS)
def test_a_row_that_could_text_twice_is_never_sent_again_by_itself(reply: Reply) -> None:
    settled = decide(reply, UNSAFE)
    assert isinstance(settled, Settle)
    assert settled.outcome is Outcome.UNKNOWN
    assert isinstance(decide(reply, UNSAFE_ASKED), LookUp)


def test_a_repeat_never_overlaps_what_it_repeats() -> None:
    slow, looked = decide(Unknown(doubt=Doubt.SLOW), SAFE), decide(Unknown(doubt=Doubt.SLOW), UNSAFE_ASKED)
    assert isinstance(slow, Again)
    assert isinstance(looked, LookUp)
    assert slow.delay >= 10
    assert looked.delay >= 10


def test_a_look_up_waits_a_few_seconds() -> None:
    decision = decide(Unknown(doubt=Doubt.CUT), UNSAFE_ASKED)
    assert isinstance(decision, LookUp)
    assert decision.delay >= 3


@pytest.mark.parametrize(
    ("standing", "seen_absent", "outcome"),
    [
        (Standing.ACTIVE, True, Outcome.CREATED),
        (Standing.UNSUBSCRIBED, True, Outcome.CREATED),
        (Standing.ACTIVE, False, Outcome.UNKNOWN),
        (Standing.UNKNOWN, True, Outcome.UNKNOWN),
    ],
)
def test_what_a_look_up_proves(standing: Standing, seen_absent: bool, outcome: Outcome) -> None:
    decision = after_look_up(standing, seen_absent=seen_absent, tries=1)
    assert isinstance(decision, Settle)
    assert decision.outcome is outcome


def test_who_is_not_there_after_a_look_up_is_sent_again() -> None:
    decision = after_look_up(Standing.ABSENT, seen_absent=True, tries=1)
    assert isinstance(decision, Again)
    assert not decision.in_doubt


def test_429_waits_as_long_as_asked_and_is_no_try() -> None:
    decision = decide(NotSent(wait=Wait.BUSY, retry_after=7.0), LAST)
    assert isinstance(decision, Again)
    assert (decision.delay, decision.counts) == (7.0, False)


def test_no_network_waits_for_ever() -> None:
    decision = decide(NotSent(wait=Wait.NETWORK), LAST)
    assert isinstance(decision, Again)
    assert not decision.counts


def test_after_five_tries_a_row_ends_in_what_is_true() -> None:
    refused = decide(NotSent(wait=Wait.TRY_AGAIN), LAST)
    unknown = decide(Unknown(doubt=Doubt.SERVER), LAST)
    assert isinstance(refused, Settle)
    assert isinstance(unknown, Settle)
    assert (refused.outcome, unknown.outcome) == (Outcome.REFUSED, Outcome.UNKNOWN)


def test_two_strangers_in_a_row_stop_everything() -> None:
    stranger = Unknown(doubt=Doubt.STRANGER)
    second = Situation(repeat_safe=True, tries=1, last_was_stranger=True)
    assert isinstance(decide(stranger, SAFE), Again)
    stop = decide(stranger, second)
    assert isinstance(stop, Stop)
    assert (stop.obstacle, stop.outcome) == (Obstacle.ADDRESS, Outcome.UNKNOWN)


@pytest.mark.parametrize("tries", [1, 2, 5, 10, 60])
def test_delays_have_jitter_and_stay_within_thirty_seconds(tries: int) -> None:
    delays = {
        retry_policy.after_look_up(Standing.ABSENT, seen_absent=True, tries=min(tries, 4)).delay for _ in range(50)
    }  # type: ignore[union-attr]
    assert len(delays) > 10
    assert all(0 <= one <= 30 for one in delays)
    assert 1 <= retry_policy.probe_delay(tries) <= 30


def test_retries_stay_within_a_fifth_of_all_requests_after_the_first_fifty() -> None:
    assert retry_policy.within_budget(49, 49)
    assert not retry_policy.within_budget(50, 100)
    assert retry_policy.within_budget(50, 251)
