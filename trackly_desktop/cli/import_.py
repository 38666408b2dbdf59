"""`import FILE`: validate a file and deliver it."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import os
import sys

from trackly_desktop.accounts.accounts import Account
from trackly_desktop.accounts.credentials import CredentialStore, KeyringUnavailable
from trackly_desktop.cli.arguments import (
    KEY_VARIABLE,
    UsageError,
    find_account,
    give_key,
    make_choice,
    make_options,
    make_request,
)
from trackly_desktop.cli.delivery import PATIENCE, deliver_run, print_report, required_key
from trackly_desktop.cli.questions import require_answers
from trackly_desktop.cli.reading import inspect_file, require_clear_sheet, tell_reading, validate_file
from trackly_desktop.cli.terminal import ProgressBar, tell
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.contacts.signup_age import OLD_SIGNUP_DAYS, old_signup_cutoff
from trackly_desktop.delivery.progress import RunEnd
from trackly_desktop.files.table import FileProblem
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.journal.models import UNFINISHED, Run
from trackly_desktop.journal.protection import record_scope
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.mapping.consent_columns import suppression_filename_keyword
from trackly_desktop.messages import note_text
from trackly_desktop.service.import_service import ImportService
from trackly_desktop.system import paths
from trackly_desktop.validation.file_validation import (
    ValidationRequest,
    ValidationResult,
    disable_journeys_for_old_signups,
)


def run_import(args: argparse.Namespace) -> int:
    """Run `import`.

    Returns:
        The exit code: 0 all accepted, 1 some not, 2 another run is unfinished, 3 stopped.

    Raises:
        UsageError: an option, the file, the key or the journal cannot be used.
    """
    environment_key = os.environ.get(KEY_VARIABLE)
    account = find_account(args, environment_key)
    keys = CredentialStore()
    give_key(keys, account, environment_key)
    key = required_key(keys, account)
    options = make_options(args, account)
    bar = ProgressBar()
    try:
        _check_name(args, args.file.name)
        inspected = inspect_file(args.file, make_choice(args), lambda rows: bar.show(rows, 0, "rows read"))
        _check_name(args, inspected.how.sheet or "")
        tell_reading(args.file, inspected.how, len(inspected.header))
        require_clear_sheet(args.file, make_choice(args), inspected.how)
        request = make_request(args, inspected, account, paths.journal_path(), options, list_needed=True)
        request = dataclasses.replace(request, history_key=_history_key(keys))
        require_answers(inspected, request.mapping)
        record_scope(paths.journal_path(), account.id, account.base_url, key)
        if not args.new_run:
            unfinished = _unfinished_run(inspected.how.fingerprint, account, options.fixed["list_number"])
            if unfinished is not None:
                bar.clear()
                return _refuse_second_run(args, unfinished)
        result = validate_file(request, lambda rows: bar.show(rows, inspected.rows, "rows checked"))
        result = _hold_back(result, request, keys, bar)
    except (FileProblem, JournalProblem) as problem:
        bar.clear()
        raise UsageError(f"{args.file}: {problem}") from problem
    bar.clear()
    _guard_journeys(args, result.run_id)
    confirmed = f"{result.counts.get(Outcome.PENDING, 0):,} contacts on {account.name}, by command"
    return deliver_run(args, result.run_id, keys, confirmed=confirmed)


def _refuse_second_run(args: argparse.Namespace, unfinished: Run) -> int:
    tell(
        f"An import of this file to this list is not finished: run {unfinished.id}. Go on with "
        f"“trackly-desktop resume {unfinished.id}”, or start another with --new-run."
    )
    print_report(unfinished, RunEnd(unfinished.state), 0.0, as_json=args.json)
    return 2


def _guard_journeys(args: argparse.Namespace, run_id: int) -> None:
    """Print how many people may be texted.

    Forced journeys need --resend-journeys, or their number typed.

    Raises:
        UsageError: forced journeys were not confirmed.
    """
    journal = paths.journal_path()
    if args.no_journeys_after is not None:
        rows = disable_journeys_for_old_signups(journal, run_id, old_signup_cutoff(args.no_journeys_after))
        tell(f"{rows:,} signed up over {args.no_journeys_after} days ago: no journeys are started for them.")
    reader = JournalReader(journal)
    stats = reader.field_stats(run_id, old_signup_cutoff(OLD_SIGNUP_DAYS))
    reader.close()
    if not stats.journeys:
        return
    tell(f"Up to {stats.journeys:,} people may be texted at once by welcome journeys.")
    if old := stats.old_with_journeys:
        tell(
            f"{old:,} of them signed up over {OLD_SIGNUP_DAYS} days ago; --no-journeys-after DAYS starts none for such people."
        )
    if stats.forced and not sys.stdin.isatty() and not args.resend_journeys:
        raise UsageError(
            f"{stats.forced:,} rows start journeys also for people who went through them before: they are texted once more."
            " If that is meant, say so with --resend-journeys; nothing was sent"
        )
    if stats.forced and sys.stdin.isatty():
        tell("Those who went through them before are texted once more. Type how many may be texted:")
        if "".join(char for char in sys.stdin.readline() if char.isdigit()) != str(stats.journeys):
            raise UsageError("another number was typed: nothing was sent")


def _check_name(args: argparse.Namespace, name: str) -> None:
    """Check that a file or sheet is not named like a list of people that unsubscribed.

    Raises:
        UsageError: it is, and --allow-suppression-filename is not given.
    """
    word = suppression_filename_keyword(name)
    if word and not args.allow_suppression_filename:
        raise UsageError(
            f"{args.file}: the name “{name}” has “{word}” in it, as lists of people who must not be texted have."
            " If they may be, say so with --allow-suppression-filename"
        )


def _hold_back(
    result: ValidationResult, request: ValidationRequest, keys: CredentialStore, bar: ProgressBar
) -> ValidationResult:
    """Ask the account who unsubscribed; print how many rows are held back, and why."""
    journal = paths.journal_path()

    async def ask(draft: ValidationResult) -> tuple[ValidationResult, bool]:
        service = ImportService(journal, keys, patience=PATIENCE)
        try:
            return await service.hold_back(
                request, draft, lambda done, of: bar.show(done, of, "unsubscribed people asked for")
            )
        finally:
            await service.close()

    result, is_complete = asyncio.run(ask(result))
    reader = JournalReader(journal)
    skipped = reader.skipped_by_note(result.run_id)
    reader.close()
    bar.clear()
    if result.members:
        tell(f"{result.members:,} are on the list already, added elsewhere.")
    for note, rows in skipped.items():
        tell(f"{rows:,} rows are left out: {note_text(note)}.")
    if not is_complete:
        tell("Who unsubscribed could not be checked: this account's server does not tell.")
    return result


def _history_key(keys: CredentialStore) -> bytes:
    """Return the key of the hashes of removed numbers; empty for none."""
    reader = JournalReader(paths.journal_path())
    try:
        return keys.history_key() if reader.has_hashes() else b""
    except KeyringUnavailable as problem:
        raise UsageError(str(problem)) from problem
    finally:
        reader.close()


def _unfinished_run(fingerprint: str, account: Account, list_number: str) -> Run | None:
    reader = JournalReader(paths.journal_path())
    try:
        runs = reader.imports_of(fingerprint, account.id, account.base_url)
    finally:
        reader.close()
    return next((run for run in runs if run.state in UNFINISHED and run.list_number == list_number), None)
