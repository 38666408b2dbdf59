"""Evaluation: from a reply or a look-up to the result of a row."""

from __future__ import annotations

from trackly_desktop.api.contact_lookup import MembershipStatus
from trackly_desktop.api.replies import Accepted, SendResult, StopReason, Unknown, UnknownReason
from trackly_desktop.contacts.issues import Note, NoteCode
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery.connectivity import ConnectionMonitor
from trackly_desktop.delivery.counters import RunCounters
from trackly_desktop.delivery.in_flight import Completed
from trackly_desktop.delivery.progress import Enrollment
from trackly_desktop.delivery.recipient_locks import RecipientLocks
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
from trackly_desktop.delivery.run_control import RunControl
from trackly_desktop.delivery.send_queue import QueuedRow, SendQueue
from trackly_desktop.journal.models import DueRow, RowResult, now_ms
from trackly_desktop.journal.run_store import must_be_storable
from trackly_desktop.system import logs


class Evaluator:
    """Evaluation of one run's replies by the retry policy.

    It also requeues rows, unlocks recipients, counts, and aborts the run.
    """

    def __init__(
        self,
        policy: RetryPolicy,
        queue: SendQueue,
        locks: RecipientLocks,
        counters: RunCounters,
        monitor: ConnectionMonitor,
        control: RunControl,
        *,
        supports_lookup: bool,
        allow_unsubscribed: str = "",
    ) -> None:
        """Create an evaluator.

        Args:
            policy: The limits and delays.
            queue: Receives rows that are not resolved.
            locks: Released when a row is resolved.
            counters: Counters of the run.
            monitor: Receives every reply to a request.
            control: Aborted when a decision says so.
            supports_lookup: Whether the account can be asked about a person.
            allow_unsubscribed: A phone number that is sent even if the account has it as unsubscribed.
        """
        self._policy, self._queue, self._locks, self._counters = policy, queue, locks, counters
        self._monitor, self._control = monitor, control
        self._supports_lookup, self._allow_unsubscribed = supports_lookup, allow_unsubscribed
        self._last_was_unexpected = False
        self._lookups: dict[int, bool] = {}
        self.single_list = True
        """Whether all rows of the run are for one list."""
        self.refused_lists: set[str] = set()
        """Lists that the server refused, until their rows are refused in the journal."""

    def take_lookups(self) -> dict[int, bool]:
        """Return the look-ups since the last call: row -> whether an active member."""
        lookups, self._lookups = self._lookups, {}
        return lookups

    def recover(self, row: DueRow) -> RowResult:
        """Return the result of a row that an earlier process left unresolved."""
        tries = row.tries + (row.outcome is Outcome.SENDING)
        queued = QueuedRow(row, row.outcome, tries, row.confirmed_absent, maybe_applied=True, looked_up=True)
        context = RetryContext(idempotent=row.idempotent, tries=tries, supports_lookup=self._supports_lookup)
        decision = next_action(Unknown(reason=UnknownReason.CONNECTION_LOST), context, self._policy)
        if isinstance(decision, Resolve):
            return self._result(queued, decision.outcome, note=decision.note)
        queued.needs_lookup = isinstance(decision, Lookup)
        # Only the wall clock could tell how long ago the row was sent, and it may have been moved.
        delay = decision.delay if isinstance(decision, (Retry, Lookup)) else 0.0
        self._queue.restore(queued, self._policy.after_timeout + delay)
        return self._result(queued, Outcome.UNKNOWN, retry_pending=True)

    def evaluate(self, completed: Completed) -> RowResult | None:
        """Return the result of a row; None when there is nothing to record.

        An unforeseen error, or a reply that the journal cannot store, makes this row unknown, and no other.
        """
        queued, response = completed.queued, completed.response
        try:
            if isinstance(response, MembershipStatus):
                return self._after_lookup(queued, response)
            must_be_storable(response)
            return self._after_reply(queued, response)
        except Exception as error:
            logs.log_unexpected(error)
            return self._result(queued, Outcome.UNKNOWN, note=Note(NoteCode.ANSWER_NOT_STORED))

    def _after_lookup(self, queued: QueuedRow, membership: MembershipStatus) -> RowResult | None:
        if membership in (MembershipStatus.ACTIVE, MembershipStatus.UNSUBSCRIBED):
            self._lookups[queued.row.key] = membership is MembershipStatus.ACTIVE
        if not queued.needs_lookup:
            return self._after_first_lookup(queued, membership)
        queued.needs_lookup = False
        queued.confirmed_absent = queued.confirmed_absent or membership is MembershipStatus.ABSENT
        decision = next_action_after_lookup(
            membership, confirmed_absent=queued.confirmed_absent, tries=queued.tries, policy=self._policy
        )
        return self._apply(decision, queued, None)

    def _after_first_lookup(self, queued: QueuedRow, membership: MembershipStatus) -> RowResult | None:
        if membership is MembershipStatus.UNSUBSCRIBED:
            if queued.may_be_applied:  # typed twice or not: they may have answered STOP to its text
                return self._result(queued, Outcome.UNKNOWN, note=Note(NoteCode.UNSUBSCRIBED))
            if queued.row.phone != self._allow_unsubscribed:
                return self._result(queued, Outcome.SKIPPED, note=Note(NoteCode.UNSUBSCRIBED))
        queued.looked_up, queued.confirmed_absent = True, membership is MembershipStatus.ABSENT
        self._queue.requeue(queued)
        return None

    def _after_reply(self, queued: QueuedRow, reply: SendResult) -> RowResult:
        if (abort := self._monitor.record_response(reply, queued.sent_at)) is not None:
            self._control.abort(abort)
        context = RetryContext(
            idempotent=queued.row.idempotent,
            tries=queued.tries + counts_as_try(reply),
            maybe_applied=queued.maybe_applied,
            supports_lookup=self._supports_lookup,
            single_list=self.single_list,
            last_was_unexpected=self._last_was_unexpected,
        )
        self._last_was_unexpected = isinstance(reply, Unknown) and reply.reason is UnknownReason.UNEXPECTED_RESPONSE
        queued.tries = context.tries
        self._guard_journeys(reply)
        return self._apply(next_action(reply, context, self._policy), queued, reply)

    def _guard_journeys(self, reply: SendResult) -> None:
        """Abort the run when more people were enrolled than were confirmed."""
        if isinstance(reply, Accepted) and reply.journeys_enrolled:
            counters = self._counters
            counters.enrolled += 1
            if counters.more_enrolled_than_confirmed:
                enrollment = Enrollment(counters.enrolled, counters.may_enroll)
                self._control.abort(Abort(StopReason.JOURNEYS, enrollment=enrollment))

    def _apply(self, decision: Decision, queued: QueuedRow, reply: SendResult | None) -> RowResult:
        if isinstance(decision, Resolve):
            if decision.list_too:
                self.refused_lists.add(queued.row.list_number)
            return self._result(queued, decision.outcome, reply, note=decision.note)
        if isinstance(decision, Abort):
            self._control.abort(decision)
            is_pending = decision.outcome is Outcome.UNKNOWN
            return self._result(queued, decision.outcome, reply, retry_pending=is_pending, unlock=True)
        if isinstance(decision, Lookup):
            queued.needs_lookup = queued.maybe_applied = True
        else:
            queued.maybe_applied = decision.maybe_applied
        self._queue.requeue_after(queued, decision.delay)
        outcome = Outcome.UNKNOWN if queued.maybe_applied else Outcome.PENDING
        return self._result(queued, outcome, reply, retry_pending=queued.maybe_applied)

    def _result(
        self,
        queued: QueuedRow,
        outcome: Outcome,
        reply: SendResult | None = None,
        *,
        retry_pending: bool = False,
        note: Note | None = None,
        unlock: bool = False,
    ) -> RowResult:
        """Return the result to record.

        Args:
            queued: The row.
            outcome: Its outcome from now on.
            reply: The reply, where one came.
            retry_pending: Whether the row is sent again.
            note: What is known of the row beside its reply.
            unlock: Whether the recipient is unlocked though the row is not resolved.
        """
        self._counters.move(queued, outcome)
        is_resolved = outcome not in (Outcome.PENDING, Outcome.SENDING) and not retry_pending
        if is_resolved or unlock:
            self._locks.release(queued.recipient, self._policy.after_unknown if outcome is Outcome.UNKNOWN else 0.0)
        return RowResult(queued.row.key, outcome, retry_pending, queued.tries, now_ms(), reply, note)
