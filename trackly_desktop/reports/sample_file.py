"""Sample file with an account's own columns: filled in, it imports as it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from trackly_desktop.contacts import phone_regions
from trackly_desktop.contacts.fields import FIELDS, Kind
from trackly_desktop.reports.results_export import CsvFile

_EXAMPLES = {
    Kind.IP: "203.0.113.42",
    Kind.URL: "https://example.com/signup",
    Kind.TEXT: "",
}
_CUSTOM = {"string": "", "number": "1", "boolean": "yes"}
_LEFT_OUT = (Kind.LIST, Kind.YES_NO, Kind.CUSTOM)
"""Kinds that an operator chooses for everybody in the window, not in a column."""


def write_sample(path: Path, custom_fields: Mapping[str, str], region: str) -> None:
    """Write the sample file.

    Args:
        path: The file to write.
        custom_fields: Name -> type, as the account has used them.
        region: Country of the example number.

    Raises:
        OSError: the file cannot be written.
    """
    header, cells = [], []
    signed_up = datetime.now(UTC) - timedelta(days=1)
    for field in FIELDS:
        if field.kind in _LEFT_OUT:
            continue
        header.append(field.name)
        if field.kind is Kind.PHONE:
            cells.append(phone_regions.example_number(region))
        elif field.kind is Kind.DATE_TIME:
            cells.append(signed_up.strftime("%Y-%m-%d %H:%M"))
        else:
            cells.append(_EXAMPLES[field.kind])
    for name, type_name in (custom_fields or {"first_name": "string"}).items():
        header.append(name)
        cells.append("Jane" if name == "first_name" else _CUSTOM.get(type_name, ""))
    with CsvFile(path) as file:
        file.write(header)
        file.write(cells)
