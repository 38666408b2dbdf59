"""Questions that a file's columns leave open.

The operator answers them, nobody guesses.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import NamedTuple

from trackly_desktop.mapping.column_aliases import header_spellings
from trackly_desktop.mapping.column_mapping import PHONE, ColumnMapping, phone_candidates
from trackly_desktop.mapping.column_profile import ColumnProfile
from trackly_desktop.mapping.consent_columns import ConsentColumn, refusals, unclear_values


class QuestionCode(enum.StrEnum):
    """Kinds of questions; a value is in `check --json` and never changes."""

    PHONE_COLUMN = "phone_column"
    """Which of these columns has the people's own phone numbers?"""
    CONSENT_COLUMN = "consent_column"
    """Some values of this column say no: are these people to be held back?"""
    CONSENT_VALUE = "consent_value"
    """Does this value of a consent column say yes or no?"""
    AREA_CODE = "area_code"
    """The area codes of this column are put before the numbers: is that right?"""


class Question(NamedTuple):
    """One question about a file.

    Attributes:
        code: What is asked.
        column: The column that it is about; empty where it is about several.
        value: The value that it is about.
        rows: Rows that have such a value.
        columns: The columns to choose from.
    """

    code: QuestionCode
    column: str = ""
    value: str = ""
    rows: int = 0
    columns: tuple[str, ...] = ()


def open_questions(
    mapping: ColumnMapping, header: Sequence[str], profiles: Sequence[ColumnProfile]
) -> tuple[Question, ...]:
    """Return what a mapping leaves open."""
    questions = []
    if mapping.column_of(PHONE) is None:
        questions.append(Question(QuestionCode.PHONE_COLUMN, columns=phone_candidates(header, profiles)))
    if mapping.area_code and not mapping.area_code_confirmed:
        column = next((name for name in header if mapping.area_code in header_spellings(name)), "")
        questions += [Question(QuestionCode.AREA_CODE, column)] if column else []
    for rule in mapping.consent_rules:
        profile = profiles[header.index(rule.column)]
        if not rule.is_sure and rule.column not in mapping.confirmed_consent_columns:
            values, rows = refusals(rule, profile)
            if values or rule.blank_says_no:
                questions.append(Question(QuestionCode.CONSENT_COLUMN, rule.column, "”, “".join(values), rows))
        elif rule.kind is not ConsentColumn.BY_VALUES:
            questions += [
                Question(QuestionCode.CONSENT_VALUE, rule.column, value, profile.values[value])
                for value in unclear_values(rule, profile)
            ]
    return tuple(questions)
