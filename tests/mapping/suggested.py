"""Suggested mappings of small tables."""

from __future__ import annotations

from collections.abc import Sequence

from trackly_desktop.mapping.column_mapping import ColumnMapping, suggest_mapping
from trackly_desktop.mapping.column_profile import profile_columns


def mapped(header: Sequence[str], *rows: Sequence[str]) -> ColumnMapping:
    """Return the suggested mapping of a table."""
    return suggest_mapping(header, profile_columns(len(header), rows))


def fields(header: Sequence[str], *rows: Sequence[str]) -> dict[str, str]:
    """Return the suggested fields of a table by its columns' names."""
    return {use.name: use.field for use in mapped(header, *rows).columns}
