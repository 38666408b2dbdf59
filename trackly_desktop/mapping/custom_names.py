"""Names of custom fields made from names of columns, in the account's style."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence

from trackly_desktop.mapping.column_aliases import collapse_header


class NameStyle(enum.StrEnum):
    """How the words of a custom field's name are joined."""

    SNAKE = "snake_case"
    CAMEL = "camelCase"
    TITLE = "Title Case"


def style_of(names: Sequence[str]) -> NameStyle:
    """Return the style of most of an account's custom fields; SNAKE by default."""
    camel = sum(1 for name in names if re.fullmatch(r"[a-z]+(?:[A-Z0-9][a-z0-9]*)+", name))
    title = sum(1 for name in names if re.fullmatch(r"[A-Z][\w]*(?: [A-Za-z0-9]\w*)*", name))
    if camel * 2 > len(names):
        return NameStyle.CAMEL
    return NameStyle.TITLE if title * 2 > len(names) else NameStyle.SNAKE


def custom_name(column: str, style: NameStyle = NameStyle.SNAKE) -> str:
    """Return a custom field's name for a column: first_name, firstName or First name."""
    text = collapse_header(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column))
    words = [word for word in re.split(r"\W+", text) if word] or ["field"]
    if style is NameStyle.CAMEL:
        return words[0] + "".join(word.capitalize() for word in words[1:])
    if style is NameStyle.TITLE:
        return " ".join(words).capitalize()
    return "_".join(words)
