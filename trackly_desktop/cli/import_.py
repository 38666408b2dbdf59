"""`import FILE` and `resume`: a whole file delivered, or a run taken up where it stopped."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import os
import signal
import sys
from datetime import datetime
from time import monotonic
from typing import Any

from trackly_desktop.accounts.accounts import Account
from trackly_desktop.accounts.credentials import CredentialStore, KeyringUnavailable
from trackly_desktop.api.replies import STOP_HELP, StopReason
from trackly_desktop.cli.arguments import (
    KEY_VARIABLE,
    UsageError,
    find_account,
    give_key,
    make_choice,
    make_options,
    make_request,
)
from trackly_desktop.cli.terminal import ProgressBar, answer, tell
from trackly_desktop.contacts.outcome import COUNTED, Outcome
from trackly_desktop.contacts.signup_age import OLD_SIGNUP_DAYS, old_signup_cutoff
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.delivery.progress import RunEnd, shown_counts
from trackly_desktop.files.table import FileProblem
from trackly_desktop.journal import resolutions
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.journal.models import UNFINISHED, Run, State
from trackly_desktop.journal.reader import JournalReader
from trackly_desktop.mapping.consent_columns import suppression_filename_keyword
from trackly_desktop.reports import audit_record, results_export
from trackly_desktop.service.import_service import ImportService
from trackly_desktop.system import paths
from trackly_desktop.system.run_lock import RunBusy
from trackly_desktop.validation.file_validation import (
    ValidationRequest,
    ValidationResult,
    disable_journeys_for_old_signups,
    inspect_file,
    validate_file,
)

PATIENCE = 60.0
"""Seconds that a command waits for a network, or for room on the disk, before it stops."""
_TO_ANSWER = 5.0


def run_import(said: argparse.Namespace) -> int:
    """Does an import; the exit code. Raises WrongUse."""
    environment_key = os.environ.get(KEY_VARIABLE)
    account = find_account(said, environment_key)
    keys = CredentialStore()
    give_key(keys, account, environment_key)
    _must_have_key(keys, account)
    options = make_options(said, account)
    bar = ProgressBar()
    try:
        _must_not_have_left(said)
        opened = inspect_file(said.file, make_choice(said), lambda rows: bar.show(rows, 0, "rows read"))
        journal = paths.journal_path()
        request = make_request(said, opened, account, journal, options, list_needed=True)
        request = dataclasses.replace(request, history_key=_history_key(keys))
        membership = None if said.anew else _unfinished(opened.how.fingerprint, account, options.fixed["list_number"])
        if membership is not None:
            bar.clear()
            tell(
                f"An import of this file to this list is not finished: run {membership.run}. Go on with "
                f"“trackly-desktop resume {membership.run}”, or start another with --anew."
            )
            _report(membership, RunEnd(membership.state), 0.0, as_json=said.json)
            return 2
        checked = validate_file(request, lambda rows: bar.show(rows, opened.rows, "rows checked"))
        checked = _hold_back(checked, request, keys, bar)
    except (FileProblem, JournalProblem) as problem:
        bar.clear()
        raise UsageError(f"{said.file}: {problem}") from problem
    bar.clear()
    _guard_journeys(said, checked.run)
    return _deliver(said, checked.run, keys, confirmed=_as_confirmed(checked, account))


def _guard_journeys(said: argparse.Namespace, run: int) -> None:
    """Says how many may be texted; in a terminal, who had their welcome before has to be counted by hand. Raises WrongUse."""
    journal = paths.journal_path()
    if said.no_journeys_after is not None:
        calmed = disable_journeys_for_old_signups(journal, run, old_signup_cutoff(said.no_journeys_after))
        tell(f"{calmed:,} signed up over {said.no_journeys_after} days ago: no journeys are started for them.")
    reader = JournalReader(journal)
    told = reader.field_stats(run, old_signup_cutoff(OLD_SIGNUP_DAYS))
    reader.close()
    if not told.journeys:
        return
    tell(f"Up to {told.journeys:,} people may be texted at once by welcome journeys.")
    if old := told.old_with_journeys:
        tell(
            f"{old:,} of them signed up over {OLD_SIGNUP_DAYS} days ago; --no-journeys-after DAYS starts none for such people."
        )
    if told.forced and not sys.stdin.isatty() and not said.resend_journeys:
        raise UsageError(
            f"{told.forced:,} rows start journeys also for people who went through them before: they are texted once more."
            " If that is meant, say so with --resend-journeys; nothing was sent"
        )
    if told.forced and sys.stdin.isatty():
        tell("Those who went through them before are texted once more. Type how many may be texted:")
        if "".join(sign for sign in sys.stdin.readline() if sign.isdigit()) != str(told.journeys):
            raise UsageError("another number was typed: nothing was sent")


def _must_not_have_left(said: argparse.Namespace) -> None:
    """Raises WrongUse where the file's name says that its people unsubscribed."""
    word = suppression_filename_keyword(said.file.name)
    if word and not said.named_like_that:
        raise UsageError(
            f"{said.file}: its name has “{word}” in it, as lists of people who must not be texted have."
            " If they may be, say so with --named-like-that"
        )


def _hold_back(
    checked: ValidationResult, request: ValidationRequest, keys: CredentialStore, bar: ProgressBar
) -> ValidationResult:
    """Asks the account whom it must not be sent for, and says how many rows are held back, and why."""
    journal = paths.journal_path()

    async def ask(draft: ValidationResult) -> tuple[ValidationResult, bool]:
        session = ImportService(journal, keys, patience=PATIENCE)
        try:
            return await session.hold_back(
                request, draft, lambda got, of: bar.show(got, of, "unsubscribed people asked for")
            )
        finally:
            await session.close()

    checked, unsubscribes_known = asyncio.run(ask(checked))
    reader = JournalReader(journal)
    held = reader.held(checked.run)
    reader.close()
    bar.clear()
    if checked.members:
        tell(f"{checked.members:,} are on the list already, added elsewhere.")
    for why, count in held.items():
        tell(f"{count:,} rows are left out: {why}.")
    if not unsubscribes_known:
        tell("Who unsubscribed could not be checked: this account's server does not tell.")
    return checked


def _history_key(keys: CredentialStore) -> bytes:
    """What people are known by whose numbers have been removed; empty where there are none."""
    reader = JournalReader(paths.journal_path())
    try:
        return keys.history_key() if reader.has_hashes() else b""
    except KeyringUnavailable as trouble:
        raise UsageError(str(trouble)) from trouble
    finally:
        reader.close()


def run_resume(said: argparse.Namespace) -> int:
    """Goes on with a run; the exit code. Raises WrongUse."""
    reader = JournalReader(paths.journal_path())
    try:
        if said.run is not None:
            found = reader.run(said.run)
            if found is None or found.state is State.DRAFT:
                raise UsageError(f"There is no run {said.run}")
        else:
            found = next(iter(reader.unfinished()), None)
        if found is not None and (said.unknown or said.retry_refused):
            found = _decided(said, found, reader)
        if found is None or found.state is State.FINISHED:
            tell("Nothing is unfinished.")
            newest = found or next(iter(reader.runs(1)), None)
            if newest is None:
                answer(_nothing_yet(), "There has been no import yet.", as_json=said.json)
                return 0
            _write_results(said, newest.run)
            return _report(newest, RunEnd(newest.state), 0.0, as_json=said.json)
    except JournalProblem as problem:
        raise UsageError(str(problem)) from problem
    finally:
        reader.close()
    keys = CredentialStore()
    give_key(keys, Account(found.account, found.account_name, found.base_url), os.environ.get(KEY_VARIABLE))
    _must_have_key(keys, Account(found.account, found.account_name, found.base_url))
    return _deliver(said, found.run, keys)


def _decided(said: argparse.Namespace, run: Run, reader: JournalReader) -> Run:
    """The run once what was said of its unknown and refused rows is carried out. Raises WrongUse."""
    path = paths.journal_path()
    try:
        if said.unknown:
            resolutions.decide_unknown(path, run.run, resolutions.UnknownResolution(said.unknown.replace("-", " ")))
        if said.retry_refused:
            resolutions.try_again(path, run.run)
    except RunBusy as busy:
        raise UsageError(f"{busy}: run {run.run}") from busy
    reader.close()
    return reader.run(run.run) or run


def _must_have_key(keys: CredentialStore, account: Account) -> None:
    try:
        key = keys.get(account.id)
    except KeyringUnavailable as trouble:
        raise UsageError(str(trouble)) from trouble
    if not key:
        raise UsageError(f"There is no key for {account.name}: keep it in the window, or give it as {KEY_VARIABLE}")


def _unfinished(fingerprint: str, account: Account, list_number: str) -> Run | None:
    reader = JournalReader(paths.journal_path())
    try:
        runs = reader.imports_of(fingerprint, account.id, account.base_url)
    finally:
        reader.close()
    return next((one for one in runs if one.state in UNFINISHED and one.list_number == list_number), None)


def _as_confirmed(checked: ValidationResult, account: Account) -> str:
    return f"{checked.counts.get(Outcome.PENDING, 0):,} contacts on {account.name}, by command"


def _deliver(said: argparse.Namespace, run: int, keys: CredentialStore, confirmed: str = "") -> int:
    began = monotonic()
    try:
        end = asyncio.run(_delivered(run, keys, confirmed))
    except RunBusy as busy:
        raise UsageError(f"{busy}: run {run}") from busy
    except JournalProblem as problem:
        tell(str(problem))
        end = RunEnd(State.STOPPED, StopReason.JOURNAL, str(problem))
    reader = JournalReader(paths.journal_path())
    try:
        found = reader.run(run)
        assert found is not None
        _write_results(said, run)
        if end.state is State.FINISHED:
            for warning, count in [*reader.warnings(run).items()][:5]:
                tell(f"{count:,} answers warn: {warning}")
    finally:
        reader.close()
    if end.stopped is not None:
        why = STOP_HELP[end.stopped]
        tell(f"{why.means}{': ' + end.words if end.words else ''}. {why.do}.")
    return _report(found, end, monotonic() - began, as_json=said.json)


async def _delivered(run: int, keys: CredentialStore, confirmed: str) -> RunEnd:
    session = ImportService(paths.journal_path(), keys, patience=PATIENCE)
    bar = ProgressBar()
    running: list[Delivery] = []
    interrupted = asyncio.Event()

    def interrupt() -> None:
        if interrupted.is_set():
            for delivery in running:
                delivery.abandon()
        interrupted.set()
        for delivery in running:
            delivery.quit()
            asyncio.get_running_loop().call_later(_TO_ANSWER, delivery.abandon)

    def begun(delivery: Delivery) -> None:
        running.append(delivery)
        if interrupted.is_set():
            delivery.quit()

    def on_turn() -> None:
        progress = running[0].progress()
        done = progress.rows - progress.counts[Outcome.PENDING]
        waits = progress.waits(datetime.now())
        bar.show(done, progress.rows, f"rows done{'; ' + waits if waits else ''}")

    _on_signals(interrupt)
    try:
        return await session.deliver(run, confirmed=confirmed, begun=begun, on_turn=on_turn)
    finally:
        bar.clear()
        await session.close()


def _on_signals(interrupt: Any) -> None:
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM"):
        number = getattr(signal, name)
        try:
            loop.add_signal_handler(number, interrupt)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(interrupt))


def _write_results(said: argparse.Namespace, run: int) -> None:
    reader = JournalReader(paths.journal_path())
    try:
        if said.results is not None:
            results_export.write_results(reader, run, said.results)
        if said.record is not None:
            audit_record.write_record(reader, run, said.record)
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be written: {error.strerror}") from error
    finally:
        reader.close()


def _report(run: Run, end: RunEnd, seconds: float, *, as_json: bool) -> int:
    counts = shown_counts(run.counts)
    stopped = end.stopped or (run.stopped if end.state in (State.STOPPED, State.CANCELLED) else None)
    if stopped is None and end.state is State.RUNNING:
        stopped = StopReason.INTERRUPTED
    result = {
        "run": run.run,
        "rows": run.rows,
        "counts": {str(outcome): counts[outcome] for outcome in COUNTED},
        "requests": run.requests,
        "retries": run.retries,
        "stopped": None if stopped is None else str(stopped),
        "seconds": round(seconds, 3),
    }
    said = ", ".join(f"{count:,} {outcome}" for outcome, count in counts.items() if count)
    words = f"Run {run.run}: {run.rows:,} rows: {said or 'none'}; {run.requests:,} requests, {run.retries:,} of them repeats"
    answer(result, words + (f"; stopped: {stopped}" if stopped else ""), as_json=as_json)
    if stopped == StopReason.INTERRUPTED:
        return 130
    if stopped is not None:
        return 3
    return 0 if counts[Outcome.CREATED] + counts[Outcome.UPDATED] == run.rows else 1


def _nothing_yet() -> dict[str, Any]:
    counts = {str(outcome): 0 for outcome in COUNTED}
    return {"run": None, "rows": 0, "counts": counts, "requests": 0, "retries": 0, "stopped": None, "seconds": 0.0}
