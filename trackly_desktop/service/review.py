"""Review of a draft: what would be sent if it were confirmed."""

from __future__ import annotations

from dataclasses import dataclass

from trackly_desktop.contacts.issues import Note
from trackly_desktop.contacts.signup_age import old_signup_cutoff
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.validation.file_validation import ValidationRequest, ValidationResult


@dataclass(frozen=True, slots=True)
class Review:
    """A validated file, with counts of the rows that would be sent."""

    request: ValidationRequest
    result: ValidationResult
    lists: list[tuple[str, int]]
    """Numbers of lists, and the rows that go to each."""
    with_journeys: int
    with_date: int
    with_ip: int
    with_page: int
    imported_before: int
    """Runs that imported the same file to the same account."""
    skipped: dict[Note, int]
    """Notes of skipped rows, and the rows of each."""
    unsubscribes_known: bool
    """Whether the account reported who unsubscribed."""
    old_with_journeys: int = 0
    """Rows that start journeys, and signed up over the request's `old_days` ago."""
    very_old: int = 0
    """Rows that signed up before 2000."""
    forced: int = 0
    """Rows that start journeys also for people who went through them before.

    They do so by a fixed value, or by a column of theirs.
    """


def review_of(
    reader: JournalReader, request: ValidationRequest, result: ValidationResult, *, unsubscribes_known: bool
) -> Review:
    """Return the review of a draft."""
    stats = reader.field_stats(result.run_id, old_signup_cutoff(request.old_days))
    before = reader.imports_of(request.fingerprint, request.account, request.base_url)
    return Review(
        request,
        result,
        reader.lists(result.run_id),
        stats.journeys,
        stats.dates,
        stats.addresses,
        stats.pages,
        len(before),
        reader.skipped_by_note(result.run_id),
        unsubscribes_known,
        stats.old_with_journeys,
        stats.very_old,
        stats.forced,
    )
