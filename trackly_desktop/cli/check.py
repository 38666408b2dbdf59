"""`check FILE`: what an import would find; nothing is sent, and nothing kept."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from trackly_desktop.accounts.accounts import SANDBOX
from trackly_desktop.cli.arguments import make_choice, make_options, make_request
from trackly_desktop.cli.terminal import ProgressBar, answer, tell
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.files.table import FileProblem
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.journal.reader import JournalReader
from trackly_desktop.journal.suppression_list import is_said_by_the_file
from trackly_desktop.validation.file_validation import InspectedFile, ValidationRequest, inspect_file, validate_file

_PROBLEMS = 1_000
_FIRST_ROWS = 5


def run(said: argparse.Namespace) -> int:
    """Does it; the exit code. Raises WrongUse."""
    bar = ProgressBar()
    options = make_options(said, SANDBOX)
    try:
        opened = inspect_file(said.file, make_choice(said), lambda rows: bar.show(rows, 0, "rows read"))
        with tempfile.TemporaryDirectory(prefix="trackly-desktop-") as folder:
            journal = Path(folder) / "check.sqlite"
            request = make_request(said, opened, SANDBOX, journal, options, list_needed=False)
            checked = validate_file(request, lambda rows: bar.show(rows, opened.rows, "rows checked"))
            bar.clear()
            reader = JournalReader(journal)
            problems = reader.problems(checked.run, _PROBLEMS)
            held = sum(count for why, count in reader.held(checked.run).items() if is_said_by_the_file(why))
            reader.close()
    except (FileProblem, JournalProblem) as problem:
        bar.clear()
        tell(f"{said.file}: {problem}")
        if said.json:
            answer(_nothing(said.file, str(problem)), "", as_json=True)
        return 2
    counts = {
        "ready": checked.counts.get(Outcome.PENDING, 0),
        "invalid": checked.counts.get(Outcome.INVALID, 0),
        "duplicate": checked.counts.get(Outcome.SKIPPED, 0) - held,
    } | ({"held_back": held} if held else {})
    result = _as_read(opened, request) | {
        "rows": checked.rows,
        "counts": counts,
        "problems": [
            {"row": row, "column": column, "value": value, "problem": words} for row, column, value, words in problems
        ],
        "error": None,
    }
    if checked.other_regions:
        tell(f"{said.file}: these look like phone numbers of {' or '.join(checked.other_regions)}; try --region")
    answer(result, _in_words(said.file, result, checked.issue_counts), as_json=said.json)
    return 0 if counts["ready"] == checked.rows else 1


def _as_read(opened: InspectedFile, request: ValidationRequest) -> dict[str, Any]:
    how = opened.how
    return {
        "file": opened.path,
        "kind": how.kind,
        "encoding": how.encoding,
        "delimiter": how.delimiter,
        "sheet": how.sheet,
        "header_row": how.header_row,
        "columns": [
            {"name": use.name, "field": use.field, "type": use.type if use.custom_name else None}
            for use in request.mapping.columns
        ],
        "first_rows": [list(cells) for cells in opened.first_rows[:_FIRST_ROWS]],
    }


def _nothing(path: Path, error: str) -> dict[str, Any]:
    unread = dict.fromkeys(("kind", "encoding", "delimiter", "sheet", "header_row"))
    counts = {"ready": 0, "invalid": 0, "duplicate": 0}
    empty: dict[str, Any] = {"columns": [], "rows": 0, "counts": counts, "first_rows": [], "problems": []}
    return {"file": str(path)} | unread | empty | {"error": error}


def _in_words(path: Path, result: dict[str, Any], issue_counts: tuple[tuple[str, int], ...]) -> str:
    counts = result["counts"]
    lines = [
        f"{path}: {result['rows']:,} rows; {counts['ready']:,} ready, {counts['invalid']:,} with problems, "
        f"{counts['duplicate']:,} duplicates"
        + (f", {counts['held_back']:,} held back" if "held_back" in counts else ""),
        *(
            f"  {one['name']} → {one['field']}{' (' + one['type'] + ')' if one['type'] else ''}"
            for one in result["columns"]
        ),
        *(f"  {count:,} × {words}" for words, count in issue_counts),
    ]
    shown = result["problems"][:20]
    lines += [f"  row {one['row']}: {one['column'] or ''} “{one['value']}”: {one['problem']}" for one in shown]
    return "\n".join(lines)
