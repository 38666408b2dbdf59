"""What the worker tells the window: what came of what was asked."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trackly_desktop.accounts.accounts import Account
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.contacts.signup_age import old_signup_cutoff
from trackly_desktop.files.table import FormatOptions
from trackly_desktop.journal.queries import JournalReader, PreviousAdd, ShownRow

if TYPE_CHECKING:
    from trackly_desktop.api.capabilities import SendingList
    from trackly_desktop.api.contact_lookup import MembershipStatus
    from trackly_desktop.delivery.progress import RunEnd
    from trackly_desktop.mapping.column_mapping import ColumnMapping
    from trackly_desktop.validation.file_validation import InspectedFile, ValidationRequest, ValidationResult


BATCH_SECONDS = 0.05
"""News of rows comes at most so often: 20 times a second."""


@dataclass(frozen=True, slots=True)
class AccountOpened:
    """An account's server was asked what it can do. `lists` is None where it does not tell; `trouble` in words."""

    account: Account
    has_key: bool
    lists: tuple[SendingList, ...] | None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class PersonFound:
    """How a person stands to a list: as the account says (None where it cannot be asked), and as our journal says."""

    phone: str
    list_number: str
    membership: MembershipStatus | None
    previous_add: PreviousAdd | None
    is_suppressed: bool = False
    """Whether the number is on the do-not-text list."""


@dataclass(frozen=True, slots=True)
class FileOpened:
    """A file that has been looked through, and how its columns are used by what we know of such files."""

    opened: InspectedFile
    choice: FormatOptions
    mapping: ColumnMapping
    remembered: bool
    presets: list[str]
    system: str = ""
    """The system that it was exported from, where its header says so."""


@dataclass(frozen=True, slots=True)
class Review:
    """A checked file: what will happen if it is confirmed."""

    request: ValidationRequest
    checked: ValidationResult
    lists: list[tuple[str, int]]
    with_journeys: int
    with_date: int
    with_ip: int
    with_page: int
    imported_before: int
    held: dict[str, int]
    """Why rows were left out, and how many each."""
    is_told: bool
    """Whether the account told who unsubscribed."""
    old_with_journeys: int = 0
    """How many start journeys, and signed up longer ago than the request says."""
    very_old: int = 0
    """How many signed up before 2000."""
    forced: int = 0
    """How many start journeys also for people who went through them before, by a fixed value or by their own column."""


@dataclass(frozen=True, slots=True)
class ContactSettled:
    """What came of a contact that was added by hand."""

    run: int
    row: ShownRow
    end: RunEnd


@dataclass(frozen=True, slots=True)
class RowsFound:
    """The keys of the rows that were looked for, and how many rows of each outcome there are in all."""

    keys: array[int]
    counts: dict[Outcome, int]
    could_text_twice: int = 0
    """Of the run's unknown rows, where these were looked for: how many could text people a second time."""


def review_of(reader: JournalReader, request: ValidationRequest, checked: ValidationResult, *, is_told: bool) -> Review:
    """What a checked file comes to."""
    told = reader.field_stats(checked.run, old_signup_cutoff(request.old_days))
    before = reader.imports_of(request.fingerprint, request.account, request.base_url)
    return Review(
        request, checked, reader.lists(checked.run), told.journeys, told.dates, told.addresses, told.pages, len(before),
        reader.held(checked.run), is_told, told.old_with_journeys, told.very_old,
        told.forced,
    )  # fmt: skip
