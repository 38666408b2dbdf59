"""Print how a file was read, as far as an operator must know it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from trackly_desktop.cli.terminal import tell
from trackly_desktop.files.table import DetectedFormat, HiddenCells
from trackly_desktop.mapping.consent_columns import suppression_filename_keyword
from trackly_desktop.messages import reading_texts


def tell_reading(path: Path, detected: DetectedFormat, columns: int) -> None:
    """Print what was chosen or left out while a file was read."""
    for text in reading_texts(detected, columns):
        tell(f"{path}: {text}.")
    if name := name_like_opt_outs(path, detected):
        tell(f"{path}: “{name}” is named like a list of people who left; they may not be texted.")


def hidden_json(detected: DetectedFormat) -> dict[str, Any]:
    """Return what a workbook hides, as `check --json` prints it."""
    return {
        "rows": detected.hidden_rows,
        "lines": list(detected.hidden_lines),
        "columns": detected.hidden_columns,
        "names": list(detected.hidden_names),
        "names_read": list(detected.hidden_names_read),
        "header": detected.is_header_hidden,
        "read": detected.hidden is HiddenCells.READ,
        "known": detected.can_tell_hidden,
    }


def name_like_opt_outs(path: Path, detected: DetectedFormat) -> str:
    """Return the file's or sheet's name if it is of people who left; else empty."""
    names = (path.name, detected.sheet or "")
    return next((name for name in names if suppression_filename_keyword(name)), "")
