"""Read a file as an import would, and say what becomes of each row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from trackly_desktop.contacts.issues import OWN_COLUMN_CODES
from trackly_desktop.files.table import FormatOptions
from trackly_desktop.journal.import_options import Options
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.mapping.column_mapping import ColumnMapping, suggest_mapping
from trackly_desktop.mapping.questions import QuestionCode, open_questions
from trackly_desktop.validation.file_validation import ValidationRequest, inspect_file, validate_file

HELD = "held back"


class Reading(NamedTuple):
    """What becomes of a file's rows.

    `rows` has each row's number in E.164, its first issue's code, or HELD; `questions` what is asked.
    """

    rows: list[str]
    questions: set[QuestionCode]
    mapping: ColumnMapping
    bodies: list[dict[str, object]]
    """The requests of the rows that may be sent."""


def read(path: Path, region: str = "US") -> Reading:
    """Inspect and validate a file with the columns as suggested."""
    inspected = inspect_file(path, FormatOptions(), lambda _rows: None)
    mapping = suggest_mapping(inspected.header, inspected.profiles, unnamed=inspected.how.unnamed_columns)
    journal = path.with_suffix(".sqlite")
    request = ValidationRequest(
        path=str(path),
        choice=FormatOptions(),
        fingerprint=inspected.how.fingerprint,
        mapping=mapping,
        options=Options(region=region),
        account="acme",
        account_name="Acme",
        base_url="http://127.0.0.1:1",
        journal=str(journal),
        list_needed=False,
    )
    result = validate_file(request, lambda _rows: None)
    reader = JournalReader(journal)
    shown = [row for row, _cells in reader.every_row(result.run_id)]
    bodies = [detail.body for row in shown if (detail := reader.detail(row.key)) is not None and detail.body]
    reader.close()
    questions = {question.code for question in open_questions(mapping, inspected.header, inspected.profiles)}
    rows = []
    for row in shown:
        if row.note is not None and row.note.code in OWN_COLUMN_CODES:
            rows.append(HELD)
        else:
            rows.append(str(row.issues[0].code) if row.issues else row.phone)
    return Reading(rows, questions, mapping, [json.loads(body) for body in bodies])
