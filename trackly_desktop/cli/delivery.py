"""Deliver a run from a command: progress on stderr, signals, report, files."""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import Callable
from datetime import datetime
from time import monotonic

from trackly_desktop.accounts.accounts import Account
from trackly_desktop.accounts.credentials import CredentialStore, KeyringUnavailable
from trackly_desktop.api.replies import StopReason
from trackly_desktop.cli.arguments import KEY_VARIABLE, UsageError
from trackly_desktop.cli.terminal import ProgressBar, answer, tell
from trackly_desktop.contacts.outcome import COUNTED, Outcome
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.delivery.progress import RunEnd, shown_counts
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.journal.models import Run, State
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.messages import STOP_HELP, end_text, wait_text
from trackly_desktop.reports import audit_record, results_export
from trackly_desktop.service.import_service import ImportService
from trackly_desktop.system import paths
from trackly_desktop.system.run_lock import RunBusy

PATIENCE = 60.0
"""Seconds that a command waits for a network or for disk space."""
_SECONDS_FOR_ANSWERS = 5.0


def required_key(keys: CredentialStore, account: Account) -> str:
    """Return the account's key.

    Raises:
        UsageError: it has none, or the keyring does not answer.
    """
    try:
        key = keys.get(account.id)
    except KeyringUnavailable as problem:
        raise UsageError(str(problem)) from problem
    if not key:
        raise UsageError(f"There is no key for {account.name}: keep it in the window, or give it as {KEY_VARIABLE}")
    return key


def deliver_run(args: argparse.Namespace, run_id: int, keys: CredentialStore, confirmed: str = "") -> int:
    """Deliver a run, write its files and print its report; return the exit code.

    Raises:
        UsageError: a program is delivering the run, or a file cannot be written.
    """
    began = monotonic()
    try:
        end = asyncio.run(_deliver(run_id, keys, confirmed))
    except RunBusy as busy:
        raise UsageError(f"{busy}: run {run_id}") from busy
    except JournalProblem as problem:
        tell(str(problem))
        end = RunEnd(State.STOPPED, StopReason.JOURNAL, str(problem))
    reader = JournalReader(paths.journal_path())
    try:
        run = reader.run(run_id)
        assert run is not None
        write_files(args, run_id)
        if end.state is State.FINISHED:
            for warning, count in [*reader.warnings(run_id).items()][:5]:
                tell(f"{count:,} answers warn: {warning}")
    finally:
        reader.close()
    if end.stopped is not None:
        help_ = STOP_HELP[end.stopped]
        details = end_text(end)
        tell(f"{help_.means}{': ' + details if details else ''}. {help_.do}.")
    return print_report(run, end, monotonic() - began, as_json=args.json)


async def _deliver(run_id: int, keys: CredentialStore, confirmed: str) -> RunEnd:
    service = ImportService(paths.journal_path(), keys, patience=PATIENCE)
    bar = ProgressBar()
    running: list[Delivery] = []
    interrupted = asyncio.Event()

    def interrupt() -> None:
        if interrupted.is_set():
            for delivery in running:
                delivery.control.abandon()
        interrupted.set()
        for delivery in running:
            delivery.control.quit()
            asyncio.get_running_loop().call_later(_SECONDS_FOR_ANSWERS, delivery.control.abandon)

    def begun(delivery: Delivery) -> None:
        running.append(delivery)
        if interrupted.is_set():
            delivery.control.quit()

    def on_turn() -> None:
        progress = running[0].progress()
        done = progress.rows - progress.counts[Outcome.PENDING]
        waits = wait_text(progress.wait, datetime.now())
        bar.show(done, progress.rows, f"rows done{'; ' + waits if waits else ''}")

    _on_signals(interrupt)
    try:
        return await service.deliver(run_id, confirmed=confirmed, begun=begun, on_turn=on_turn)
    finally:
        bar.clear()
        await service.close()


def _on_signals(interrupt: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM"):
        number = getattr(signal, name)
        try:
            loop.add_signal_handler(number, interrupt)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(interrupt))


def write_files(args: argparse.Namespace, run_id: int) -> None:
    """Write the results and the audit record where the options say.

    Raises:
        UsageError: a file cannot be written.
    """
    reader = JournalReader(paths.journal_path())
    try:
        if args.results is not None:
            results_export.write_results(reader, run_id, args.results)
        if args.record is not None:
            audit_record.write_record(reader, run_id, args.record)
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be written: {error.strerror}") from error
    finally:
        reader.close()


def print_report(run: Run, end: RunEnd, seconds: float, *, as_json: bool) -> int:
    """Print the report of a run; return the exit code."""
    counts = shown_counts(run.counts)
    stopped = end.stopped or (run.stopped if end.state in (State.STOPPED, State.CANCELLED) else None)
    if stopped is None and end.state is State.RUNNING:
        stopped = StopReason.INTERRUPTED
    report = {
        "run": run.id,
        "rows": run.rows,
        "counts": {str(outcome): counts[outcome] for outcome in COUNTED},
        "requests": run.requests,
        "retries": run.retries,
        "stopped": stopped,
        "seconds": round(seconds, 3),
        "error": None,
    }
    outcomes = ", ".join(f"{count:,} {outcome}" for outcome, count in counts.items() if count) or "none"
    words = (
        f"Run {run.id}: {run.rows:,} rows: {outcomes}; {run.requests:,} requests, {run.retries:,} of them repeats"
        + (f"; stopped: {stopped}" if stopped else "")
    )
    answer(report, words, as_json=as_json)
    if stopped is StopReason.INTERRUPTED:
        return 130
    if stopped is not None:
        return 3
    return 0 if counts[Outcome.CREATED] + counts[Outcome.UPDATED] == run.rows else 1
