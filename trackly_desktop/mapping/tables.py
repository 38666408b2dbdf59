"""Tables of names in data/*.json, each read once, when first needed."""

from __future__ import annotations

import json
from functools import cache
from typing import Any


@cache
def read_table(name: str) -> dict[str, Any]:
    """Return the content of data/`name`.json. Callers do not change it."""
    from importlib import resources  # here, since the first window reads no table

    text = resources.files(__package__).joinpath("data", f"{name}.json").read_text("utf-8")
    table: dict[str, Any] = json.loads(text)
    return table
