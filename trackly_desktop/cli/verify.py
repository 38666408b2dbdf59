"""`verify RECORD FILE`: check a proof record, and a file against it."""

from __future__ import annotations

import argparse

from trackly_desktop.cli.arguments import UsageError
from trackly_desktop.cli.terminal import answer
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.reports.audit_record import RecordProblem, verify
from trackly_desktop.system import paths


def run(args: argparse.Namespace) -> int:
    """Run `verify`. Return 0 for an unchanged record of this file, else 1.

    Raises:
        UsageError: The record or the file cannot be read.
    """
    reader = JournalReader(paths.journal_path())
    try:
        verdict = verify(args.record, args.file, reader)
    except RecordProblem as problem:
        raise UsageError(str(problem)) from problem
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}") from error
    finally:
        reader.close()
    answer({"true": verdict.is_true, "said": list(verdict.words)}, "\n".join(verdict.words), as_json=args.json)
    return 0 if verdict.is_true else 1
