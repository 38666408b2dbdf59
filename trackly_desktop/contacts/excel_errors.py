"""Errors that a spreadsheet shows in a cell in place of a value."""

from __future__ import annotations

import re

_ERROR = re.compile(
    r"#(?:N/A(?: N/A)?|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|EXTERNAL!"
    r"|PYTHON!|GETTING_DATA|ERROR!|FORMULA!)$|Err:\d{3}$",
    re.IGNORECASE,
)

FORMULA_WITHOUT_RESULT = "#FORMULA!"
"""What is read for a formula whose result was not saved: no program writes it."""


def is_excel_error(text: str) -> bool:
    """Return whether a cell holds the error of a formula, like #N/A."""
    return _ERROR.match(text.strip()) is not None
