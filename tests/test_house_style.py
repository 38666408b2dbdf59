"""House style of names, docstrings and comments: standard terms, short summaries, no words that nobody greps for."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(
    path
    for folder in ("trackly_desktop", "packaging", "tests")
    for path in (ROOT / folder).rglob("*.py")
    if path.name not in ("resources_rc.py", "test_house_style.py")
)
LONGEST_SUMMARY = 80

NOT_TERMS = frozenset(
    (
        "road", "roads", "trip", "trips", "desk", "moment", "moments", "place", "places", "logbook", "notices", "edition",
        "apart", "standing", "doubt", "doubts", "obstacle", "obstacles", "wish", "wishes", "news", "told", "said", "telling",
        "anew", "whom", "whoever", "lest", "feel", "feels", "hush", "door", "stranger", "strangers",
    )
)  # fmt: skip
"""Words that no identifier has: metaphors of ours where the field has a term."""
NOT_IN_PROSE = re.compile(
    r"\b(roads?|trips?|desk|moments?|logbook|obstacles?|wish(?:es)?|told|said|telling|anew|whom|whoever|lest|feels?|hush|"
    r"doors?|strangers?|goes on|comes of|what it came to)\b",
    re.IGNORECASE,
)
NOT_VARIABLES = frozenset(("one", "found", "said", "kept", "made", "given", "told", "some"))
"""Participles and pronouns as variables: the thing has a name."""


def docstrings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Docstrings of the module, its classes and functions, and strings below attributes: line and text."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            for statement in node.body:
                value = statement.value if isinstance(statement, ast.Expr) else None
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.lineno, value.value


def comments(source: str) -> Iterator[tuple[int, str]]:
    """Comments of a module: line and text."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def identifiers(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Names that a module gives: classes, functions, parameters, variables and attributes."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


def words_of(name: str) -> list[str]:
    """The words of an identifier in snake_case or CamelCase, in lower case."""
    return re.findall(r"[a-z]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_docstrings_and_comments_are_in_the_fields_words(path: Path) -> None:
    source = path.read_text("utf-8")
    tree = ast.parse(source)
    problems = [
        f"line {line}: summary of {len(summary)} characters"
        for line, text in docstrings(tree)
        if len(summary := text.strip().splitlines()[0] if text.strip() else "") > LONGEST_SUMMARY
    ]
    problems += [
        f"line {line}: “{match[0]}” in prose"
        for line, text in (*docstrings(tree), *comments(source))
        for match in NOT_IN_PROSE.finditer(text)
    ]
    is_test = path.is_relative_to(ROOT / "tests")
    for line, name in identifiers(tree):
        if name in NOT_VARIABLES:
            problems.append(f"line {line}: variable “{name}”")
        elif not (is_test and name.startswith("test_")) and NOT_TERMS & {*words_of(name)}:
            problems.append(f"line {line}: name “{name}”")
    assert not problems, "\n" + "\n".join(problems)
