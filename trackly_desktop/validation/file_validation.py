"""Checking a whole file before anything is sent: every row becomes a contact or its problems, in a draft of the journal."""

from __future__ import annotations

import dataclasses
import getpass
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from trackly_desktop.contacts.consent_evidence import IpCounter, IpSummary
from trackly_desktop.contacts.contact import Contact
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.contacts.signup_age import OLD_SIGNUP_DAYS
from trackly_desktop.files.open_table import open_table
from trackly_desktop.files.table import DetectedFormat, FileProblem, FormatOptions, Table
from trackly_desktop.journal.drafts import Draft, DraftEditor
from trackly_desktop.journal.import_options import Options
from trackly_desktop.journal.models import NewRun, ValidatedRow
from trackly_desktop.journal.row_codec import sample_of
from trackly_desktop.mapping import column_mapping as mappings
from trackly_desktop.mapping.column_mapping import ColumnMapping
from trackly_desktop.mapping.column_profile import ColumnProfile, profile_columns
from trackly_desktop.system.files import digest_file
from trackly_desktop.system.paths import readable_name
from trackly_desktop.validation.parallel import validate_rows
from trackly_desktop.validation.row_validator import (
    ConsentValue,
    RowValidator,
    ValidationRules,
    strip_text_prefix,
    summarize_fields,
)

_LARGE = 3_000_000
"""Bytes of a file from which on a second process is worth its start."""
ProgressCallback = Callable[[int], None]
"""Told how many rows have been read so far."""


@dataclass(frozen=True, slots=True)
class InspectedFile:
    """A file as it was opened and looked through: enough for its columns to be mapped."""

    path: str
    how: DetectedFormat
    header: tuple[str, ...]
    profiles: tuple[ColumnProfile, ...]
    first_rows: tuple[tuple[str, ...], ...]
    rows: int
    doubts: int = 0
    first_doubt: str = ""
    """How many rows could not be read as they were meant, and what is the matter with the first of them."""


@dataclass(frozen=True, slots=True)
class ValidationRequest:
    """What is to be checked, and on whose account it would be imported."""

    path: str
    choice: FormatOptions
    fingerprint: str
    mapping: ColumnMapping
    options: Options
    account: str
    account_name: str
    base_url: str
    journal: str
    old_days: int = OLD_SIGNUP_DAYS
    """Days after which a signup is old."""
    list_needed: bool = True
    """A check that nothing is sent after can do without a list."""
    history_key: bytes = dataclasses.field(default=b"", repr=False)
    """For knowing again people whose numbers the journal keeps as hashes only."""


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """What a check found. `run` is the draft; `kinds` counts each sort of problem by its words."""

    run: int
    rows: int
    counts: dict[Outcome, int]
    duplicates: int
    already_added: int
    """People whom this program has added to the list before."""
    issue_counts: tuple[tuple[str, int], ...] = field(default_factory=tuple)
    plus: bool = False
    """Phone numbers were read as international ones whose plus is missing."""
    other_regions: tuple[str, ...] = ()
    """The countries whose numbers they can be, where most are none of the chosen one's."""
    consent_values: tuple[tuple[ConsentValue, int], ...] = ()
    """The values of columns that say who may be texted, and how often each came up."""
    members: int = 0
    """People who are on the list already, added elsewhere: as far as the account told."""
    addresses: IpSummary = field(default_factory=IpSummary)


def inspect_file(path: Path, choice: FormatOptions, progress: ProgressCallback) -> InspectedFile:
    """Opens a file and looks at every cell of it. Raises FileProblem."""
    table = open_table(path, choice)
    first_rows: list[tuple[str, ...]] = []
    rows = doubts = 0
    first_doubt = ""

    def cells() -> Iterator[list[str]]:
        nonlocal rows, doubts, first_doubt
        for row in table.rows():
            rows += 1
            if row.problem:
                doubts += 1
                first_doubt = first_doubt or f"Row {row.number:,}, line {row.line:,}: {row.problem}"
            if len(first_rows) < 20:
                first_rows.append(tuple(row.cells))
            if rows % 5_000 == 0:
                progress(rows)
            yield row.cells

    profiles = profile_columns(len(table.header), cells())
    _must_be_still(path, table.how.size)
    return InspectedFile(
        str(path), table.how, tuple(table.header), tuple(profiles), tuple(first_rows), rows, doubts, first_doubt
    )


def sha256_of_file(path: Path) -> str:
    """Return a file's SHA-256; empty where the file cannot be read."""
    try:
        return digest_file(path).sha256
    except OSError:
        return ""


def _must_be_still(path: Path, size: int) -> None:
    """Raises FileProblem where another program has gone on writing the file while it was read."""
    try:
        now = path.stat().st_size
    except OSError as error:
        raise FileProblem("The file went away while it was being read; open it again") from error
    if now != size:
        raise FileProblem("The file changed while it was being read: another program still writes it; open it again")


def validate_file(request: ValidationRequest, progress: ProgressCallback) -> ValidationResult:
    """Checks every row into a draft. Raises FileProblem, or JournalProblem; then there is no draft."""
    from trackly_desktop.contacts.phone_numbers import regions_that_fit

    table = open_table(Path(request.path), request.choice)
    if request.fingerprint and table.how.fingerprint != request.fingerprint:
        raise FileProblem("The file has changed since it was opened; open it again")
    if len(table.header) != len(request.mapping.columns):
        raise FileProblem("The file has other columns now; open it again")
    phones, region = _some_phones(table, request.mapping), request.options.region
    plus = lack_plus(phones, region)
    rules = ValidationRules(
        tuple(table.header),
        table.how.header_row or 0,
        request.mapping,
        request.options,
        plus=plus,
        list_needed=request.list_needed,
    )
    issue_counts: Counter[str] = Counter()
    consent_values: Counter[ConsentValue] = Counter()
    addresses = IpCounter()
    sample = _sample(rules, table)
    with Draft(Path(request.journal), _new_run(request, table, sample, plus=plus)) as draft:
        rows = 0
        for batch in validate_rows(rules, table.rows(), sample, is_large=table.how.size > _LARGE):
            draft.add(batch.rows)
            issue_counts.update(batch.issue_counts)
            consent_values.update(batch.consent_values)
            addresses.update(batch.addresses)
            rows += len(batch.rows)
            progress(rows)
        if sha256_of_file(Path(request.path)) != table.how.fingerprint:
            raise FileProblem("The file changed while it was being read; open it again")
        progress(rows)
        draft.hold_back(request.account, request.base_url)
        duplicates = draft.settle_duplicates(request.options.duplicates)
        already = draft.settle_already_added(
            request.account, request.base_url, request.options.already_added, request.history_key
        )
        counts = draft.finalize(rows)
        others = regions_that_fit(phones, region)
    return ValidationResult(
        draft.run, rows, counts, duplicates, already, tuple(issue_counts.most_common()), plus, others,
        tuple(consent_values.most_common()), addresses=addresses.result(),
    )  # fmt: skip


def hold_back(journal: Path, checked: ValidationResult, history_key: bytes = b"") -> ValidationResult:
    """The check once more by what is known by now of who must not be texted. Raises JournalProblem."""
    with DraftEditor(journal, checked.run, history_key) as draft:
        members = draft.hold_back()
        return dataclasses.replace(checked, counts=draft.finalize(checked.rows), members=members)


def disable_journeys_for_old_signups(journal: Path, run: int, before: int) -> int:
    """Starts no journeys for a draft's rows that signed up before a day (since 1970); how many. Raises JournalProblem."""
    with DraftEditor(journal, run) as draft:
        return draft.disable_journeys_for_old_signups(before)


_LOOKED_AT = 200
_SAMPLED = 6


def lack_plus(phones: Sequence[str], region: str) -> bool:
    """Whether these numbers are international ones that have all lost their plus.

    One such number is a mistake as likely as not (a digit too many makes a Swiss number of an American one); several, and
    none that the region has, are not.
    """
    from trackly_desktop.contacts.phone_numbers import lacks_plus

    without = sum(1 for text in phones if lacks_plus(text, region))
    return without >= 2 and without >= 0.9 * len(phones)


def _some_phones(table: Table, mapping: ColumnMapping) -> list[str]:
    """The first numbers, where no column says whose they are."""
    number = mapping.column_of(mappings.PHONE)
    if number is None or mapping.country:
        return []
    some = [strip_text_prefix(row.cells[number]) for row in islice(table.rows(), _LOOKED_AT) if number < len(row.cells)]
    return [text for text in dict.fromkeys(some) if text]


def _sample(rules: ValidationRules, table: Table) -> bytes:
    """What the journal deflates the file's rows against: its first rows."""
    checker = RowValidator(rules)
    return sample_of([(row.cells, checker.check(row).body) for row in islice(table.rows(), _SAMPLED)])


def _new_run(request: ValidationRequest, table: Table, sample: bytes, *, plus: bool) -> NewRun:
    return NewRun(
        kind="import",
        account=request.account,
        account_name=request.account_name,
        base_url=request.base_url,
        list_number=request.options.fixed.get("list_number", ""),
        options=request.options.to_json(),
        file=readable_name(Path(request.path)),
        fingerprint=table.how.fingerprint,
        size=table.how.size,
        header=tuple(table.header),
        how=dataclasses.asdict(table.how) | {"plus": plus},
        mapping=request.mapping.to_json(),
        who=current_user(),
        sample=sample,
    )


def current_user() -> str:
    """Whose login this is; empty where the system does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def single_contact_row(contact: Contact) -> ValidatedRow:
    """A contact made by hand, as the one row of its run."""
    has, signed = summarize_fields(contact.body())
    return ValidatedRow(
        number=1,
        line=0,
        cells=[],
        phone=contact.phone_number,
        list_number=contact.list_number,
        body=contact.to_json(),
        idempotent=contact.idempotent,
        has=has,
        signed=signed,
    )
