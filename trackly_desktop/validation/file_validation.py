"""Validation of a whole file into a draft, before anything is sent."""

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
from trackly_desktop.contacts.issues import IssueCode
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.contacts.signup_age import OLD_SIGNUP_DAYS
from trackly_desktop.files.open_table import open_table
from trackly_desktop.files.table import DetectedFormat, FileProblem, FormatOptions, Row, Table
from trackly_desktop.journal.correction_log import Correction
from trackly_desktop.journal.draft_editor import DraftEditor
from trackly_desktop.journal.drafts import Draft
from trackly_desktop.journal.import_options import Options, RunSource
from trackly_desktop.journal.models import NewRun, RunKind, ValidatedRow
from trackly_desktop.journal.row_codec import sample_of
from trackly_desktop.mapping.column_mapping import PHONE, ColumnMapping
from trackly_desktop.mapping.column_profile import ColumnProfile, profile_columns
from trackly_desktop.system.files import digest_file
from trackly_desktop.system.paths import readable_name
from trackly_desktop.validation.parallel import validate_rows
from trackly_desktop.validation.row_validator import (
    ConsentValue,
    IssueKind,
    RowValidator,
    ValidationRules,
    strip_text_prefix,
    summarize_fields,
)

_LARGE = 3_000_000
"""Bytes of a file from which a second process is worth its start."""
_NO_PEOPLE_OF_THE_TABLE = (
    IssueCode.ROW_BELOW_OTHER_HEADER, IssueCode.ROW_BELOW_OPT_OUT_HEADING, IssueCode.ROW_IS_REMARK,
)  # fmt: skip
"""Issues of rows whose cells say nothing of the columns."""
ProgressCallback = Callable[[int], None]
"""Called with the number of rows read so far."""


@dataclass(frozen=True, slots=True)
class InspectedFile:
    """A file that was opened and read through: enough for its columns to be mapped."""

    path: str
    how: DetectedFormat
    header: tuple[str, ...]
    profiles: tuple[ColumnProfile, ...]
    first_rows: tuple[tuple[str, ...], ...]
    rows: int
    suspect_rows: int = 0
    """Rows whose cells may not be as they were meant."""
    first_suspect: Row | None = None


@dataclass(frozen=True, slots=True)
class ValidationRequest:
    """A file to validate, and the account that it would be imported on."""

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
    """False: rows are valid without a list, since nothing is sent."""
    history_key: bytes = dataclasses.field(default=b"", repr=False)
    """Key of the hashes of people whose numbers were removed from the journal."""


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """Result of a validation; `run_id` is the draft."""

    run_id: int
    rows: int
    counts: dict[Outcome, int]
    duplicates: int
    already_added: int
    """Rows for people that this program has added to the list before."""
    issue_counts: tuple[tuple[IssueKind, int], ...] = ()
    """Rows with each kind of issue, the most frequent first."""
    missing_plus: bool = False
    """Phone numbers were read as international ones whose plus is missing."""
    other_regions: tuple[str, ...] = ()
    """Countries that fit the numbers, where the chosen country fits few."""
    consent_values: tuple[tuple[ConsentValue, int], ...] = ()
    """Values of consent columns with their number of rows."""
    members: int = 0
    """Rows for members that were added elsewhere, as far as they were fetched."""
    addresses: IpSummary = field(default_factory=IpSummary)
    last_correction: Correction | None = None
    """The correction that `undo_correction` undoes."""


def inspect_file(path: Path, choice: FormatOptions, progress: ProgressCallback) -> InspectedFile:
    """Open a file and profile every column.

    Raises:
        FileProblem: the file cannot be read, or changed meanwhile.
    """
    table = open_table(path, choice)
    first_rows: list[tuple[str, ...]] = []
    rows = suspect_rows = 0
    first_suspect: Row | None = None

    def cells() -> Iterator[list[str]]:
        nonlocal rows, suspect_rows, first_suspect
        for row in table.rows():
            rows += 1
            if row.issue is not None:
                suspect_rows += 1
                first_suspect = first_suspect or row
            if len(first_rows) < 20:
                first_rows.append(tuple(row.cells))
            if rows % 5_000 == 0:
                progress(rows)
            if row.issue is None or row.issue.code not in _NO_PEOPLE_OF_THE_TABLE:
                yield row.cells

    profiles = profile_columns(len(table.header), cells())
    _check_unchanged(path, table.how.size)
    return InspectedFile(
        str(path), table.how, tuple(table.header), tuple(profiles), tuple(first_rows), rows, suspect_rows, first_suspect
    )


def sha256_of_file(path: Path) -> str:
    """Return a file's SHA-256; empty where it cannot be read."""
    try:
        return digest_file(path).sha256
    except OSError:
        return ""


def _check_unchanged(path: Path, size: int) -> None:
    """Check that no other program wrote the file while it was read.

    Raises:
        FileProblem: the file has another size, or is gone.
    """
    try:
        current_size = path.stat().st_size
    except OSError as error:
        raise FileProblem("The file went away while it was being read; open it again") from error
    if current_size != size:
        raise FileProblem("The file changed while it was being read: another program still writes it; open it again")


def validate_file(request: ValidationRequest, progress: ProgressCallback) -> ValidationResult:
    """Validate every row into a draft.

    Raises:
        FileProblem, JournalProblem: the file or the journal cannot be used; then there is no draft.
    """
    from trackly_desktop.contacts.phone_regions import regions_that_fit

    table = open_table(Path(request.path), request.choice)
    if request.fingerprint and table.how.fingerprint != request.fingerprint:
        raise FileProblem("The file has changed since it was opened; open it again")
    if len(table.header) != len(request.mapping.columns):
        raise FileProblem("The file has other columns now; open it again")
    phones, region = _first_phones(table, request.mapping), request.options.region
    missing_plus = lack_plus(phones, region)
    rules = ValidationRules(
        tuple(table.header),
        table.how.header_row or 0,
        request.mapping,
        request.options,
        missing_plus=missing_plus,
        list_needed=request.list_needed,
    )
    issue_counts: Counter[IssueKind] = Counter()
    consent_values: Counter[ConsentValue] = Counter()
    addresses = IpCounter()
    sample = _sample(rules, table)
    with Draft(Path(request.journal), _new_run(request, table, sample, missing_plus=missing_plus)) as draft:
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
        draft.run_id, rows, counts, duplicates, already, tuple(issue_counts.most_common()), missing_plus, others,
        tuple(consent_values.most_common()), addresses=addresses.result(),
    )  # fmt: skip


def hold_back(journal: Path, result: ValidationResult, history_key: bytes = b"") -> ValidationResult:
    """Skip the rows for people that must not be texted, as far as it is known by now.

    Raises:
        JournalProblem: the journal cannot be used.
    """
    with DraftEditor(journal, result.run_id, history_key) as draft:
        members = draft.hold_back()
        return dataclasses.replace(result, counts=draft.finalize(result.rows), members=members)


def disable_journeys_for_old_signups(journal: Path, run_id: int, cutoff: int) -> int:
    """Start no journeys for signups before a day (since 1970); return how many.

    Raises:
        JournalProblem: the journal cannot be used.
    """
    with DraftEditor(journal, run_id) as draft:
        return draft.disable_journeys_for_old_signups(cutoff)


_FIRST_ROWS = 200
_SAMPLED = 6


def lack_plus(phones: Sequence[str], region: str) -> bool:
    """Whether these numbers are international ones that have all lost their plus.

    A single one may be a mistake: a digit too many makes a Swiss number of an American one. Several, and none that the
    region has, are not.
    """
    from trackly_desktop.contacts.phone_numbers import lacks_plus

    without = sum(1 for text in phones if lacks_plus(text, region))
    return without >= 2 and without >= 0.9 * len(phones)


def _first_phones(table: Table, mapping: ColumnMapping) -> list[str]:
    """The first phone cells of the file, where no column has the country."""
    index = mapping.column_of(PHONE)
    if index is None or mapping.country:
        return []
    rows = islice(table.rows(), _FIRST_ROWS)
    texts = [strip_text_prefix(row.cells[index]) for row in rows if index < len(row.cells)]
    return [text for text in dict.fromkeys(texts) if text]


def _sample(rules: ValidationRules, table: Table) -> bytes:
    """The dictionary for deflating the file's rows: its first rows."""
    validator = RowValidator(rules)
    return sample_of([(row.cells, validator.validate(row).body) for row in islice(table.rows(), _SAMPLED)])


def _new_run(request: ValidationRequest, table: Table, sample: bytes, *, missing_plus: bool) -> NewRun:
    return NewRun(
        kind=RunKind.IMPORT,
        account=request.account,
        account_name=request.account_name,
        base_url=request.base_url,
        list_number=request.options.fixed.get("list_number", ""),
        options=request.options.to_json(),
        file=readable_name(Path(request.path)),
        fingerprint=table.how.fingerprint,
        size=table.how.size,
        header=tuple(table.header),
        source=RunSource(
            kind=table.how.kind,
            encoding=table.how.encoding,
            delimiter=table.how.delimiter,
            header_row=table.how.header_row,
            sheet=table.how.sheet,
            missing_plus=missing_plus,
            hidden=table.how.hidden_record if table.how.sheet is not None else None,
        ),
        mapping=request.mapping.to_json(),
        who=current_user(),
        sample=sample,
    )


def current_user() -> str:
    """Return the login name; empty where the system does not have one."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def single_contact_row(contact: Contact) -> ValidatedRow:
    """Return a contact made by hand as the one row of its run."""
    field_bits, signup_day = summarize_fields(contact.body())
    return ValidatedRow(
        number=1,
        line=0,
        cells=[],
        phone=contact.phone_number,
        list_number=contact.list_number,
        body=contact.to_json(),
        idempotent=contact.idempotent,
        field_bits=field_bits,
        signup_day=signup_day,
    )
