"""Mappings that are kept: by a name that the operator gave, and by the header of the file they were used for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trackly_desktop import places
from trackly_desktop.imports.mapping import IGNORE, Mapping, MappingProblem, fold

_MOST_HEADERS = 200


class Presets:
    """Kept in one small file, which is read anew each time: commands and windows share it."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or places.config_folder() / "presets.json"

    def names(self) -> list[str]:
        """The presets' names."""
        return sorted(self._read()["named"])

    def save(self, name: str, mapping: Mapping) -> None:
        """Keeps a mapping under a name, instead of what had it."""
        kept = self._read()
        kept["named"][name] = mapping.to_json()
        self._write(kept)

    def apply(self, name: str, suggested: Mapping) -> Mapping:
        """The suggested mapping with what the preset says of the columns it knows. Raises MappingProblem."""
        kept = self._read()["named"]
        if name not in kept:
            there_are = ", ".join(f"“{one}”" for one in sorted(kept)) or "none"
            raise MappingProblem(f"There is no preset “{name}”; there are {there_are}")
        return _applied(Mapping.from_json(kept[name]), suggested)

    def remember(self, mapping: Mapping) -> None:
        """Keeps a mapping for the next file with the same header."""
        kept = self._read()
        header = _folded([use.name for use in mapping.columns])
        kept["by_header"].pop(header, None)
        kept["by_header"][header] = mapping.to_json()
        for oldest in list(kept["by_header"])[:-_MOST_HEADERS]:
            del kept["by_header"][oldest]
        self._write(kept)

    def remembered(self, header: Sequence[str], suggested: Mapping) -> Mapping | None:
        """What was used for a file with this header before."""
        kept = self._read()["by_header"].get(_folded(header))
        return None if kept is None else _applied(Mapping.from_json(kept), suggested)

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            kept = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            kept = {}
        return {"named": kept.get("named", {}), "by_header": kept.get("by_header", {})}

    def _write(self, kept: dict[str, dict[str, Any]]) -> None:
        places.write_private(self._path, json.dumps(kept, ensure_ascii=False, indent=1))


def _folded(header: Sequence[str]) -> str:
    return "\x1f".join(fold(name) for name in header)


def _applied(kept: Mapping, suggested: Mapping) -> Mapping:
    by_name = {fold(use.name): use for use in kept.columns}
    mapping = suggested
    for number, use in enumerate(suggested.columns):
        known = by_name.get(fold(use.name))
        if known is not None:
            field = known.field
            mapping = mapping.with_use(number, field if field else IGNORE, known.type)
    return mapping
