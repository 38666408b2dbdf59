"""`verify RECORD FILE`: whether a proof record is as it was made, and about this file."""

from __future__ import annotations

import argparse

from trackly_desktop import places
from trackly_desktop.commands.arguments import WrongUse
from trackly_desktop.commands.terminal import answer
from trackly_desktop.imports.journal.reader import JournalReader
from trackly_desktop.imports.proof import RecordProblem, verify


def run(said: argparse.Namespace) -> int:
    """Does it; 0 where both are true, 1 where not. Raises WrongUse."""
    reader = JournalReader(places.journal_path())
    try:
        verdict = verify(said.record, said.file, reader)
    except RecordProblem as problem:
        raise WrongUse(str(problem)) from problem
    except OSError as error:
        raise WrongUse(f"{error.filename}: {error.strerror}") from error
    finally:
        reader.close()
    answer({"true": verdict.is_true, "said": list(verdict.words)}, "\n".join(verdict.words), as_json=said.json)
    return 0 if verdict.is_true else 1
