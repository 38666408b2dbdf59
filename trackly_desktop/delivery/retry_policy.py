"""Retry policy: the decision after each reply to a row's request.

The promise: every row ends in one outcome that is true, and nobody is enrolled in a journey twice because a request
was repeated. A request is idempotent when sending it twice leaves what sending it once leaves (`Contact.idempotent`).
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
from trackly_desktop.contacts.issues import Note, NoteCode
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery.progress import Enrollment
from trackly_desktop.delivery.waits import Wait


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Limits and delays of retries. Delays are in seconds."""

    max_tries: int = 5
    """Requests for a row that count as tries; 429 and a missing network do not count."""
    first_delay: float = 0.5
    max_delay: float = 30.0
    after_timeout: float = 10.0
    """Added before a request without an answer is repeated.

    The server may still be at work on it, and two at once could both find the person missing, and both enrol.
    """
    before_lookup: float = 3.0
    between_lookups: float = 5.0
    """Between two look-ups that both find nobody: a slow server has finished by then."""
    after_unknown: float = 10.0
    """Time for which no other row of a person is sent after a request of unknown end."""
    free_retries: int = 50
    """Retries of a run that need no budget."""
    retry_share: float = 0.2
    """Share of all requests that may be retries, after the free ones."""
    beyond_budget: float = 1.0
    """Between two retries beyond the budget."""
    journal_retry: float = 1.0
    """Between two attempts to write the journal."""
    probe_after: int = 3
    """Consecutive requests without a network, before one at a time probes for it."""
    first_probe_delay: float = 1.0
    max_probe_delay: float = 30.0

    def delay(self, tries: int) -> float:
        """Return the seconds before try `tries` + 1: exponential backoff with full jitter."""
        longest = min(self.max_delay, self.first_delay * 2.0 ** (min(tries, 10) - 1))
        return random.uniform(0, longest)  # noqa: S311 - not a secret

    def probe_delay(self, failures: int) -> float:
        """Return the seconds before the next probe, after so many failed ones."""
        return min(self.max_probe_delay, self.first_probe_delay * 2.0 ** min(failures, 10))

    def is_within_budget(self, retries: int, requests: int) -> bool:
        """Return whether one more retry is within the budget of a run."""
        return retries < self.free_retries or retries < self.retry_share * requests


@dataclass(frozen=True, slots=True)
class RetryContext:
    """History of a row when its reply comes. `tries` includes this request."""

    idempotent: bool
    tries: int
    maybe_applied: bool = False
    """An earlier request for this row may have been applied."""
    supports_lookup: bool = False
    single_list: bool = True
    last_was_unexpected: bool = False


@dataclass(frozen=True, slots=True)
class Resolve:
    """The row has its outcome. `list_too`: so has every other row of its list."""

    outcome: Outcome
    note: Note | None = None
    list_too: bool = False


@dataclass(frozen=True, slots=True)
class Retry:
    """The row is sent again, not before `delay` seconds.

    `maybe_applied`: a request so far may have been applied.
    """

    delay: float
    maybe_applied: bool


@dataclass(frozen=True, slots=True)
class Lookup:
    """The account is asked about the person, not before `delay` seconds."""

    delay: float


@dataclass(frozen=True, slots=True)
class Abort:
    """The run stops, and the row gets `outcome`.

    The other facts are those of `RunEnd`.
    """

    stop_reason: StopReason
    words: str = ""
    outcome: Outcome = Outcome.PENDING
    fault: ConnectionFault | None = None
    wait: Wait | None = None
    enrollment: Enrollment | None = None


Decision = Resolve | Retry | Lookup | Abort


def counts_as_try(reply: SendResult) -> bool:
    """Return whether a reply uses up a try of its row; a 429 and no network do not."""
    return not (isinstance(reply, NotSent) and reply.reason in (RetryReason.BUSY, RetryReason.NETWORK))


def next_action(reply: SendResult, context: RetryContext, policy: RetryPolicy) -> Decision:
    """Return the decision after a reply to a request."""
    if isinstance(reply, Accepted):
        return Resolve(Outcome.CREATED if reply.is_new_list_contact else Outcome.UPDATED, _note(reply, context))
    if isinstance(reply, Refused):
        if reply.about_list and context.single_list:
            return Abort(StopReason.LIST, reply.words, Outcome.REFUSED)
        return Resolve(Outcome.REFUSED, list_too=reply.about_list)
    if isinstance(reply, Stopped):
        return Abort(reply.stop_reason, reply.words, _unless_applied(context), reply.fault)
    if isinstance(reply, NotSent):
        return _after_not_sent(reply, context, policy)
    return _after_unknown(reply, context, policy)


def _unless_applied(context: RetryContext) -> Outcome:
    # This request was not applied; an earlier one may have been.
    return Outcome.UNKNOWN if context.maybe_applied else Outcome.PENDING


def _note(reply: Accepted, context: RetryContext) -> Note | None:
    if reply.was_member is not None:
        return Note(NoteCode.TAKEN_OFF if reply.was_member else NoteCode.WAS_OFF_ALREADY)
    if reply.words:
        return Note(NoteCode.SERVER_MESSAGE, (reply.words,))
    if context.maybe_applied and reply.journeys_enrolled == 0:
        return Note(NoteCode.REPEATED_NONE_ENROLLED)
    return None


def _after_not_sent(reply: NotSent, context: RetryContext, policy: RetryPolicy) -> Decision:
    if reply.reason is RetryReason.BUSY:
        return Retry(reply.retry_after if reply.retry_after is not None else policy.delay(1), context.maybe_applied)
    if reply.reason is RetryReason.NETWORK:
        return Retry(policy.delay(context.tries), context.maybe_applied)
    if context.tries >= policy.max_tries:
        if context.maybe_applied:
            return Resolve(Outcome.UNKNOWN, Note(NoteCode.NO_TRUE_ANSWER, (context.tries,)))
        return Resolve(Outcome.REFUSED, Note(NoteCode.SERVER_TOO_BUSY, (context.tries,)))
    return Retry(max(policy.delay(context.tries), reply.retry_after or 0.0), context.maybe_applied)


def _after_unknown(reply: Unknown, context: RetryContext, policy: RetryPolicy) -> Decision:
    if reply.reason is UnknownReason.UNEXPECTED_RESPONSE and context.last_was_unexpected:
        return Abort(StopReason.ADDRESS, outcome=Outcome.UNKNOWN, fault=ConnectionFault.UNEXPECTED_RESPONSE)
    least = max(policy.after_timeout if reply.reason is UnknownReason.TIMEOUT else 0.0, reply.retry_after or 0.0)
    if context.tries >= policy.max_tries:
        return Resolve(Outcome.UNKNOWN, Note(NoteCode.NO_TRUE_ANSWER, (context.tries,)))
    if context.idempotent:
        return Retry(least + policy.delay(context.tries), maybe_applied=True)
    if context.supports_lookup:
        return Lookup(max(policy.before_lookup, least))
    return Resolve(Outcome.UNKNOWN, Note(NoteCode.MAY_HAVE_BEEN_ADDED))


def next_action_after_lookup(
    membership: MembershipStatus, *, confirmed_absent: bool, tries: int, policy: RetryPolicy
) -> Decision:
    """Return the decision after a look-up, for a row that is not idempotent.

    Args:
        membership: The result of the look-up.
        confirmed_absent: Whether an earlier look-up found the person not on the list.
        tries: Requests for the row so far.
        policy: The limits and delays.
    """
    if membership is MembershipStatus.ABSENT:
        if tries >= policy.max_tries:
            return Resolve(Outcome.REFUSED, Note(NoteCode.NOT_ON_LIST, (tries,)))
        return Retry(policy.delay(tries), maybe_applied=False)
    if membership in (MembershipStatus.ACTIVE, MembershipStatus.UNSUBSCRIBED) and confirmed_absent:
        return Resolve(Outcome.CREATED, Note(NoteCode.FOUND_ON_LIST))
    if membership is MembershipStatus.UNSUBSCRIBED:  # nobody knows by which of our requests: never sent again
        return Resolve(Outcome.UNKNOWN, Note(NoteCode.UNSUBSCRIBED))
    return Resolve(Outcome.UNKNOWN, Note(NoteCode.MAY_HAVE_BEEN_ADDED))
