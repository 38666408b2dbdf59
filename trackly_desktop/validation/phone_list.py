"""The phone numbers of a file of any layout, for the suppression list."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trackly_desktop.contacts.phone_numbers import PhoneProblem, parse_phone
from trackly_desktop.files.open_table import open_table
from trackly_desktop.files.table import FileProblem, FormatOptions
from trackly_desktop.mapping.column_mapping import ALSO_PHONE, PHONE, suggest_mapping
from trackly_desktop.mapping.column_profile import profile_columns
from trackly_desktop.validation.row_validator import strip_text_prefix


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
    if not columns:
        raise FileProblem("No column of this file has phone numbers")
    phones: dict[str, None] = {}
    unread_rows = 0
    for row in table.rows():
        numbers = [phone for at in columns if at < len(row.cells) and (phone := _parse(row.cells[at], region))]
        phones |= dict.fromkeys(numbers)
        unread_rows += not numbers
    return ExtractedNumbers(tuple(phones), unread_rows)


def _parse(cell: str, region: str) -> str:
    try:
        return parse_phone(strip_text_prefix(cell), region).e164
    except PhoneProblem:
        return ""
