"""`check FILE`: validate a file as an import would; nothing is sent or stored."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trackly_desktop.accounts.accounts import SANDBOX
from trackly_desktop.cli.arguments import make_choice, make_options, make_request
from trackly_desktop.cli.questions import question_json, question_line, question_lines, questions_of
from trackly_desktop.cli.reading import inspect_file, name_like_opt_outs, sheet_options, tell_reading, validate_file
from trackly_desktop.cli.terminal import ProgressBar, answer, tell
from trackly_desktop.contacts.issues import OWN_COLUMN_CODES, Note
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.files.table import FileProblem
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.mapping.consent_columns import ConsentRule
from trackly_desktop.messages import consent_rule_text, fuller_sheet_text, issue_kind_text, issue_text, note_text
from trackly_desktop.validation.file_validation import InspectedFile, ValidationRequest
from trackly_desktop.validation.row_validator import ConsentValue, IssueKind

_LISTED_ISSUES = 1_000
_SHOWN_ISSUES = 20
_FIRST_ROWS = 5


def run(args: argparse.Namespace) -> int:
    """Run `check`.

    Returns:
        The exit code: 0 all valid, 1 some invalid, none, or a question is open, 2 unreadable.

    Raises:
        UsageError: an option cannot be used with this file.
    """
    bar = ProgressBar()
    options = make_options(args, SANDBOX)
    try:
        inspected = inspect_file(args.file, make_choice(args), lambda rows: bar.show(rows, 0, "rows read"))
        with tempfile.TemporaryDirectory(prefix="trackly-desktop-") as folder:
            journal = Path(folder) / "check.sqlite"
            request = make_request(args, inspected, SANDBOX, journal, options, list_needed=False)
            result = validate_file(request, lambda rows: bar.show(rows, inspected.rows, "rows checked"))
            bar.clear()
            reader = JournalReader(journal)
            issues = reader.issues(result.run_id, _LISTED_ISSUES)
            skipped = reader.skipped_by_note(result.run_id)
            reader.close()
    except (FileProblem, JournalProblem) as problem:
        bar.clear()
        tell(f"{args.file}: {problem}")
        if args.json:
            answer(unreadable(args.file, str(problem)), "", as_json=True)
        return 2
    own = {note: rows for note, rows in skipped.items() if note.code in OWN_COLUMN_CODES}
    held_back = sum(own.values())
    questions = questions_of(inspected, request.mapping)
    sheet_questions = _sheet_questions(args, inspected)
    counts = {
        "ready": result.counts.get(Outcome.PENDING, 0),
        "invalid": result.counts.get(Outcome.INVALID, 0),
        "duplicate": result.counts.get(Outcome.SKIPPED, 0) - held_back,
    } | ({"held_back": held_back} if held_back else {})
    report = _as_read(inspected, request) | {
        "rows": result.rows,
        "counts": counts,
        "problems": [
            {
                "row": row.number,
                "column": issue.column,
                "value": issue.value,
                "code": issue.code,
                "problem": issue_text(issue),
            }
            for row, issue in issues
        ],
        "consent_columns": [_consent_column(rule, result.consent_values) for rule in request.mapping.consent_rules],
        "held_back": [_held_back(note, rows) for note, rows in own.items()],
        "questions": [*sheet_questions, *(question_json(question) for question in questions)],
        "error": None,
    }
    tell_reading(args.file, inspected.how, len(inspected.header))
    if result.other_regions:
        tell(f"{args.file}: these look like phone numbers of {' or '.join(result.other_regions)}; try --region")
    words = [
        _in_words(args.file, report, result.issue_counts),
        *(question_line(question["question"], question["options"]) for question in sheet_questions),
        *question_lines(questions),
    ]
    answer(report, "\n".join(words), as_json=args.json)
    is_open = bool(sheet_questions or questions)
    return 0 if counts["ready"] == result.rows and result.rows and not is_open else 1


def _sheet_questions(args: argparse.Namespace, inspected: InspectedFile) -> list[dict[str, Any]]:
    """Return the question which sheet is meant, in the form of all questions."""
    detected = inspected.how
    if args.sheet is not None or not detected.fuller_hidden_sheet:
        return []
    return [
        {
            "code": "hidden_sheet",
            "column": None,
            "value": detected.fuller_hidden_sheet,
            "rows": dict(detected.sheet_phones)[detected.fuller_hidden_sheet],
            "columns": [],
            "must_be_answered": True,
            "question": fuller_sheet_text(detected),
            "options": sheet_options(detected),
        }
    ]


def _as_read(inspected: InspectedFile, request: ValidationRequest) -> dict[str, Any]:
    detected = inspected.how
    return {
        "file": inspected.path,
        "kind": detected.kind,
        "encoding": detected.encoding,
        "delimiter": detected.delimiter,
        "sheet": detected.sheet,
        "sheets": [
            {"name": name, "phone_numbers": phones, "hidden": name in detected.hidden_sheets}
            for name, phones in detected.sheet_phones
        ],
        "unread_sheets": list(detected.unread_sheets),
        "hidden": detected.hidden_record,
        "unnamed_columns": detected.unnamed_columns,
        "named_like_opt_outs": name_like_opt_outs(Path(inspected.path), detected) or None,
        "header_row": detected.header_row,
        "columns": [
            {"name": use.name, "field": use.field, "type": use.type if use.custom_name else None}
            for use in request.mapping.columns
        ],
        "first_rows": [list(cells) for cells in inspected.first_rows[:_FIRST_ROWS]],
    }


def _consent_column(rule: ConsentRule, values: Sequence[tuple[ConsentValue, int]]) -> dict[str, Any]:
    """Return what a consent column is, and what each of its values means."""
    meanings = {True: "no", False: "yes", None: "unclear"}
    return {
        "name": rule.column,
        "kind": rule.kind,
        "why": consent_rule_text(rule),
        "values": [
            {"value": value, "rows": rows, "may_be_texted": meanings[says_no]}
            for (column, value, says_no), rows in values
            if column == rule.column
        ],
    }


def _held_back(note: Note, rows: int) -> dict[str, Any]:
    """Return why rows are held back: what their own columns say."""
    column, value = note.params[:2] if len(note.params) > 1 else (None, None)
    return {"column": column, "value": value, "rows": rows, "code": note.code, "reason": note_text(note)}


def unreadable(path: Path, error: str) -> dict[str, Any]:
    """Return the report of a file that cannot be read, and why."""
    unread = dict.fromkeys(("kind", "encoding", "delimiter", "sheet", "header_row", "hidden", "named_like_opt_outs"))
    counts = {"ready": 0, "invalid": 0, "duplicate": 0}
    lists: dict[str, Any] = {
        name: []
        for name in (
            "columns",
            "first_rows",
            "problems",
            "sheets",
            "unread_sheets",
            "consent_columns",
            "held_back",
            "questions",
        )
    }
    return {"file": str(path)} | unread | lists | {"rows": 0, "counts": counts, "unnamed_columns": 0, "error": error}


def _in_words(path: Path, report: dict[str, Any], issue_counts: tuple[tuple[IssueKind, int], ...]) -> str:
    counts = report["counts"]
    lines = [
        f"{path}: {report['rows']:,} rows; {counts['ready']:,} ready, {counts['invalid']:,} with problems, "
        f"{counts['duplicate']:,} duplicates"
        + (f", {counts['held_back']:,} held back" if "held_back" in counts else ""),
        *(
            f"  {column['name']} → {column['field']}{' (' + column['type'] + ')' if column['type'] else ''}"
            for column in report["columns"]
        ),
        *(f"  {rows:,} × {issue_kind_text(*kind)}" for kind, rows in issue_counts),
        *(f"  {held['rows']:,} held back: {held['reason']}" for held in report["held_back"]),
    ]
    lines += [
        f"  row {problem['row']}: {problem['column'] or ''} “{problem['value']}”: {problem['problem']}"
        for problem in report["problems"][:_SHOWN_ISSUES]
    ]
    return "\n".join(lines)
