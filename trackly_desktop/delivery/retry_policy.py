"""What to do after each reply: the table of the delivery promise, once, as pure functions.

The promise: every row ends in one outcome that is true, and nobody is enrolled in a journey twice because a request
was repeated. A request is repeat-safe when sending it twice leaves what sending it once leaves (`Contact.repeat_safe`).
"""

from __future__ import annotations

import random
from dataclasses import dataclass

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
from trackly_desktop.contacts.outcome import Outcome

MOST_TRIES = 5
FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
AFTER_SLOW = 10.0
"""Seconds more before a request that had no answer is repeated: the server may still be at work on it, and two at once
could both find the person missing, and both enrol."""
BEFORE_LOOK_UP = 3.0
FREE_RETRIES = 50
RETRY_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class RetryContext:
    """What is known of a row when its reply comes. `tries` counts this one."""

    idempotent: bool
    tries: int
    repeated: bool = False
    """A request for this row may have been applied before this one."""
    supports_lookup: bool = False
    single_list: bool = True
    last_was_unexpected: bool = False


@dataclass(frozen=True, slots=True)
class Resolve:
    """The row has its outcome. `list_too`: so has every other row of its list."""

    outcome: Outcome
    note: str = ""
    list_too: bool = False


@dataclass(frozen=True, slots=True)
class Retry:
    """The row is sent again, not before `delay` seconds. `in_doubt`: it may have been applied already."""

    delay: float
    in_doubt: bool
    counts: bool = True
    network: bool = False


@dataclass(frozen=True, slots=True)
class Lookup:
    """The account is asked about the person, not before `delay` seconds."""

    delay: float


@dataclass(frozen=True, slots=True)
class Abort:
    """The run stops; the row is settled as `outcome`, pending unless it says otherwise."""

    stop_reason: StopReason
    words: str = ""
    outcome: Outcome = Outcome.PENDING
    note: str = ""
    fault: ConnectionFault | None = None


Decision = Resolve | Retry | Lookup | Abort

UNEXPECTED_RESPONSE = "Something between us and Trackly is answering in its place"
ZERO_AFTER_REPEAT = "Sent twice; the first try may have been the one that started journeys, or none was"


def next_action(reply: SendResult, known: RetryContext) -> Decision:
    """What follows from a reply."""
    if isinstance(reply, Accepted):
        return Resolve(Outcome.CREATED if reply.is_new_list_contact else Outcome.UPDATED, _note(reply, known))
    if isinstance(reply, Refused):
        if reply.about_list and known.single_list:
            return Abort(StopReason.LIST, reply.words, Outcome.REFUSED)
        return Resolve(Outcome.REFUSED, list_too=reply.about_list)
    if isinstance(reply, Stopped):
        return Abort(reply.stop_reason, reply.words, _unless_applied(known), fault=reply.fault)
    if isinstance(reply, NotSent):
        return _after_not_sent(reply, known)
    return _after_unknown(reply, known)


def _unless_applied(known: RetryContext) -> Outcome:
    # This request was not applied; one before it may have been.
    return Outcome.UNKNOWN if known.repeated else Outcome.PENDING


def _note(reply: Accepted, known: RetryContext) -> str:
    if reply.words:
        return reply.words
    return ZERO_AFTER_REPEAT if known.repeated and reply.journeys_enrolled == 0 else ""


def _after_not_sent(reply: NotSent, known: RetryContext) -> Decision:
    if reply.reason is RetryReason.BUSY:
        return Retry(reply.retry_after if reply.retry_after is not None else _delay(1), known.repeated, counts=False)
    if reply.reason is RetryReason.NETWORK:
        return Retry(_delay(known.tries), known.repeated, counts=False, network=True)
    if known.tries >= MOST_TRIES:
        if known.repeated:
            return Resolve(Outcome.UNKNOWN, f"No true answer in {known.tries} tries")
        return Resolve(Outcome.REFUSED, f"Trackly had no time for it in {known.tries} tries")
    return Retry(max(_delay(known.tries), reply.retry_after or 0.0), known.repeated)


def _after_unknown(reply: Unknown, known: RetryContext) -> Decision:
    if reply.reason is UnknownReason.UNEXPECTED_RESPONSE and known.last_was_unexpected:
        return Abort(StopReason.ADDRESS, UNEXPECTED_RESPONSE, Outcome.UNKNOWN)
    least = max(AFTER_SLOW if reply.reason is UnknownReason.TIMEOUT else 0.0, reply.retry_after or 0.0)
    if known.tries >= MOST_TRIES:
        return Resolve(Outcome.UNKNOWN, f"No true answer in {known.tries} tries")
    if known.idempotent:
        return Retry(least + _delay(known.tries), in_doubt=True)
    if known.supports_lookup:
        return Lookup(max(BEFORE_LOOK_UP, least))
    return Resolve(Outcome.UNKNOWN, "It may have been added; sending it again could text this person twice")


def next_action_after_lookup(membership: MembershipStatus, *, seen_absent: bool, tries: int) -> Decision:
    """What follows for a row that is not repeat-safe once the account has told how the person stands to the list."""
    if membership is MembershipStatus.ABSENT:
        if tries >= MOST_TRIES:
            return Resolve(Outcome.REFUSED, f"Not on the list after {tries} tries")
        return Retry(_delay(tries), in_doubt=False)
    if membership in (MembershipStatus.ACTIVE, MembershipStatus.UNSUBSCRIBED) and seen_absent:
        return Resolve(Outcome.CREATED, "No answer came; found there")
    return Resolve(Outcome.UNKNOWN, "It may have been added; sending it again could text this person twice")


def _delay(tries: int) -> float:
    """Exponential with full jitter: between nothing and 0.5 s, 1 s, 2 s … 30 s."""
    return random.uniform(0, min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** (min(tries, 10) - 1)))  # noqa: S311 - not a secret


def probe_delay(failures: int) -> float:
    """Seconds before the network is tried again with one row: 1, 2, 4 … 30."""
    return min(LONGEST_DELAY, 2.0 ** min(failures, 10))


def within_budget(retries: int, requests: int) -> bool:
    """Whether one more retry leaves them within a fifth of all requests, or the first fifty."""
    return retries < FREE_RETRIES or retries < RETRY_SHARE * requests
