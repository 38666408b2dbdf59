"""`resume`: deliver a run that stopped before its end."""

from __future__ import annotations

import argparse
import os

from trackly_desktop.accounts.accounts import Account
from trackly_desktop.accounts.credentials import CredentialStore
from trackly_desktop.cli.arguments import KEY_VARIABLE, UsageError, give_key
from trackly_desktop.cli.delivery import deliver_run, print_report, required_key, write_files
from trackly_desktop.cli.terminal import answer, tell
from trackly_desktop.contacts.outcome import COUNTED
from trackly_desktop.delivery.progress import RunEnd
from trackly_desktop.journal import resolutions
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.journal.models import Run, State
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.system import paths
from trackly_desktop.system.run_lock import RunBusy


def run_resume(args: argparse.Namespace) -> int:
    """Run `resume`. Return the exit code: 0 all accepted, 1 some not, 3 stopped.

    Raises:
        UsageError: an option, the run, the key or the journal cannot be used.
    """
    reader = JournalReader(paths.journal_path())
    try:
        run = _chosen_run(args, reader)
        if run is not None and (args.unknown or args.retry_refused):
            run = _resolve(args, run, reader)
        if run is None or run.state is State.FINISHED:
            return _report_newest(args, run, reader)
    except JournalProblem as problem:
        raise UsageError(str(problem)) from problem
    finally:
        reader.close()
    keys = CredentialStore()
    account = Account(run.account, run.account_name, run.base_url)
    give_key(keys, account, os.environ.get(KEY_VARIABLE))
    required_key(keys, account)
    return deliver_run(args, run.id, keys)


def _chosen_run(args: argparse.Namespace, reader: JournalReader) -> Run | None:
    """Return the run that is named, or the newest unfinished one."""
    if args.run is None:
        return next(iter(reader.unfinished()), None)
    run = reader.run(args.run)
    if run is None or run.state is State.DRAFT:
        raise UsageError(f"There is no run {args.run}")
    return run


def _report_newest(args: argparse.Namespace, run: Run | None, reader: JournalReader) -> int:
    tell("Nothing is unfinished.")
    newest = run or next(iter(reader.runs(1)), None)
    if newest is None:
        counts = {str(outcome): 0 for outcome in COUNTED}
        numbers = {"rows": 0, "counts": counts, "requests": 0, "retries": 0, "stopped": None, "seconds": 0.0}
        answer({"run": None} | numbers, "There has been no import yet.", as_json=args.json)
        return 0
    write_files(args, newest.id)
    return print_report(newest, RunEnd(newest.state), 0.0, as_json=args.json)


def _resolve(args: argparse.Namespace, run: Run, reader: JournalReader) -> Run:
    """Resolve the run's unknown and refused rows as chosen; return the run.

    Raises:
        UsageError: a program is delivering the run.
    """
    path = paths.journal_path()
    try:
        if args.unknown:
            resolution = resolutions.UnknownResolution(args.unknown.replace("-", " "))
            resolutions.resolve_unknown(path, run.id, resolution)
        if args.retry_refused:
            resolutions.retry_refused(path, run.id)
    except RunBusy as busy:
        raise UsageError(f"{busy}: run {run.id}") from busy
    reader.close()
    return reader.run(run.id) or run
