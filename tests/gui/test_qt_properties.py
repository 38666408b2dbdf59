"""Qt properties are set by method, never by keyword.

For a keyword PySide builds the setter's name with the C library's capital letters, which differ in Turkish.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import trackly_desktop

SOURCES = sorted((Path(trackly_desktop.__file__).parent / "gui").rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_qt_property_is_set_by_keyword(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    by_keyword = [
        f"{ast.unparse(call)} on line {call.lineno}"
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id.startswith("Q") and call.keywords
    ]
    assert by_keyword == []
