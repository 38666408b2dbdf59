"""Questions that a file leaves open, and the options that answer them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trackly_desktop.cli.arguments import UsageError
from trackly_desktop.mapping.column_mapping import ColumnMapping
from trackly_desktop.mapping.questions import Question, QuestionCode, open_questions
from trackly_desktop.messages import question_text
from trackly_desktop.validation.file_validation import InspectedFile

_SHOWN = 20


def questions_of(inspected: InspectedFile, mapping: ColumnMapping) -> tuple[Question, ...]:
    """Return what the mapping of a file leaves open."""
    return open_questions(mapping, inspected.header, inspected.profiles)


def options_of(question: Question) -> tuple[str, ...]:
    """Return the options that answer a question, one of which is enough."""
    column = question.column
    if question.code is QuestionCode.PHONE_COLUMN:
        return tuple(f'--map "{name}=phone_number"' for name in question.columns) or ('--map "COLUMN=phone_number"',)
    if question.code is QuestionCode.CONSENT_COLUMN:
        return f'--hold-back "{column}"', f'--ignore-consent-column "{column}"'
    if question.code is QuestionCode.CONSENT_VALUE:
        value = f'--consent-value "{column}={question.value}='
        return f'{value}yes"', f'{value}no"', f'--ignore-consent-column "{column}"'
    return (f'--area-code "{column}"', "--area-code none")


def question_json(question: Question) -> dict[str, Any]:
    """Return a question as `check --json` prints it."""
    return {
        "code": question.code,
        "column": question.column or None,
        "value": question.value or None,
        "rows": question.rows,
        "columns": list(question.columns),
        "question": question_text(question),
        "options": list(options_of(question)),
    }


def question_lines(questions: Sequence[Question]) -> list[str]:
    """Return questions in words, each with the options that answer it."""
    lines = [question_line(question_text(question), options_of(question)) for question in questions[:_SHOWN]]
    return lines + ([f"  ? and {len(questions) - _SHOWN:,} more questions"] if len(questions) > _SHOWN else [])


def question_line(text: str, options: Sequence[str]) -> str:
    """Return a question with the options that answer it."""
    return f"  ? {text}\n    {' or '.join(options)}"


def unanswered(path: Path | str, lines: Sequence[str]) -> UsageError:
    """Return the error of a command that sends nothing before it is answered."""
    return UsageError("\n".join((f"{path}: answer this first; nothing was sent", *lines)))


def require_answers(inspected: InspectedFile, mapping: ColumnMapping) -> None:
    """Check that every question is answered.

    Raises:
        UsageError: One is not; nothing was sent.
    """
    questions = questions_of(inspected, mapping)
    if questions:
        raise unanswered(inspected.path, question_lines(questions))
