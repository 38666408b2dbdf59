"""Only the phone numbers of a file, whatever else it has and however it is laid out."""

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
    """The numbers in E.164, each once; and how many rows had none that can be read."""

    phones: tuple[str, ...]
    unread: int


def extract_phone_numbers(path: Path, region: str) -> ExtractedNumbers:
    """The phone numbers of a file, in any of its columns of them. Raises FileProblem."""
    table = open_table(path, FormatOptions())
    header = table.header
    profiles = profile_columns(len(header), (row.cells for row in table.rows()))
    mapping = suggest_mapping(header, profiles)
    columns = mapping.columns_of(PHONE) + mapping.columns_of(ALSO_PHONE)
    if not columns:
        raise FileProblem("No column of this file has phone numbers")
    found: dict[str, None] = {}
    unread = 0
    for row in table.rows():
        read = [phone for at in columns if at < len(row.cells) and (phone := _read(row.cells[at], region))]
        found |= dict.fromkeys(read)
        unread += not read
    return ExtractedNumbers(tuple(found), unread)


def _read(cell: str, region: str) -> str:
    try:
        return parse_phone(strip_text_prefix(cell), region).e164
    except PhoneProblem:
        return ""
