"""`verify RECORD FILE`: whether a proof record is as it was made, and about this file."""

from __future__ import annotations

import argparse

from trackly_desktop.cli.arguments import UsageError
from trackly_desktop.cli.terminal import answer
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.reports.audit_record import RecordProblem, verify
from trackly_desktop.system import paths


def run(said: argparse.Namespace) -> int:
    """Does it; 0 where both are true, 1 where not. Raises WrongUse."""
    reader = JournalReader(paths.journal_path())
    try:
        verdict = verify(said.record, said.file, reader)
    except RecordProblem as problem:
        raise UsageError(str(problem)) from problem
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}") from error
    finally:
        reader.close()
    answer({"true": verdict.is_true, "said": list(verdict.words)}, "\n".join(verdict.words), as_json=said.json)
    return 0 if verdict.is_true else 1
