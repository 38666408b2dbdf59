"""The phone numbers of a file of any layout, for the suppression list."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trackly_desktop.files.open_table import open_table
from trackly_desktop.files.table import FileProblem, FormatOptions
from trackly_desktop.journal.import_options import Options
from trackly_desktop.mapping.column_mapping import ALSO_PHONE, PHONE, suggest_mapping
from trackly_desktop.mapping.column_profile import ValueKind, profile_columns
from trackly_desktop.validation.row_validator import RowValidator, ValidationRules

_MANY = 0.3
"""Share of phone numbers from which a column is read."""


@dataclass(frozen=True, slots=True)
class ExtractedNumbers:
    """Numbers in E.164, each once, and the rows without a readable number."""

    phones: tuple[str, ...]
    unread_rows: int


def extract_phone_numbers(path: Path, region: str) -> ExtractedNumbers:
    """Return the phone numbers in every phone column of a file.

    Raises:
        FileProblem: the file cannot be read, or has no phone column.
    """
    table = open_table(path, FormatOptions())
    header = table.header
    profiles = profile_columns(len(header), (row.cells for row in table.rows()))
    mapping = suggest_mapping(header, profiles)
    columns = mapping.columns_of(PHONE) + mapping.columns_of(ALSO_PHONE)
    # Nobody is texted by this list: where it is open whose numbers they are, all are on it.
    columns = columns or [index for index, profile in enumerate(profiles) if profile.ratio(ValueKind.PHONE) >= _MANY]
    if not columns:
        raise FileProblem("No column of this file has phone numbers")
    validator = RowValidator(
        ValidationRules(tuple(header), table.how.header_row or 0, mapping, Options(region=region), list_needed=False)
    )
    phones: dict[str, None] = {}
    unread_rows = 0
    for row in table.rows():
        numbers = validator.phones(row.cells, columns)
        phones |= dict.fromkeys(numbers)
        unread_rows += not numbers
    return ExtractedNumbers(tuple(phones), unread_rows)
