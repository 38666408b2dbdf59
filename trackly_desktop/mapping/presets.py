"""Mappings that are kept: by a name that the operator gave, and by the header of the file they were used for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from trackly_desktop.mapping.column_mapping import ALSO_PHONE, IGNORE, ColumnMapping, MappingProblem, normalize_header
from trackly_desktop.system import paths
from trackly_desktop.system.private_files import write_private

_MOST_HEADERS = 200
_SHARED = "trackly-desktop preset"


class Presets:
    """Kept in one small file, which is read anew each time: commands and windows share it."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or paths.config_folder() / "presets.json"

    def names(self) -> list[str]:
        """The presets' names."""
        return sorted(self._read()["named"])

    def save(self, name: str, mapping: ColumnMapping) -> None:
        """Keeps a mapping under a name, instead of what had it."""
        kept = self._read()
        kept["named"][name] = mapping.to_json()
        self._write(kept)

    def apply(self, name: str, suggested: ColumnMapping) -> ColumnMapping:
        """The suggested mapping with what the preset says of the columns it knows. Raises MappingProblem."""
        return _applied(ColumnMapping.from_json(self._named(name)), suggested)

    def _named(self, name: str) -> dict[str, Any]:
        kept = self._read()["named"]
        if name not in kept:
            there_are = ", ".join(f"“{one}”" for one in sorted(kept)) or "none"
            raise MappingProblem(f"There is no preset “{name}”; there are {there_are}")
        found: dict[str, Any] = kept[name]
        return found

    def share(self, name: str, path: Path) -> None:
        """Writes a preset to a file of its own, for a colleague. Raises MappingProblem, OSError."""
        kept = self._named(name)
        path.write_text(json.dumps({_SHARED: 1, "name": name, "mapping": kept}, ensure_ascii=False, indent=1), "utf-8")

    def take(self, path: Path) -> str:
        """Keeps the preset of such a file; its name, which says so where another has it. Raises MappingProblem, OSError."""
        try:
            shared = json.loads(path.read_text("utf-8"))
            name, mapping = str(shared["name"]).strip(), ColumnMapping.from_json(shared["mapping"])
            is_ours = shared[_SHARED] == 1 and bool(name)
        except (ValueError, KeyError, TypeError) as error:
            raise MappingProblem(f"{path.name} is not a preset of this program") from error
        if not is_ours:
            raise MappingProblem(f"{path.name} was written by a newer version of this program; use that one")
        free, copy = name, 1
        while free in self.names() and self._read()["named"][free] != mapping.to_json():
            copy += 1
            free = f"{name} ({copy})"
        self.save(free, mapping)
        return free

    def remember(self, mapping: ColumnMapping) -> None:
        """Keeps a mapping for the next file with the same header."""
        kept = self._read()
        header = _folded([use.name for use in mapping.columns])
        kept["by_header"].pop(header, None)
        kept["by_header"][header] = mapping.to_json()
        for oldest in list(kept["by_header"])[:-_MOST_HEADERS]:
            del kept["by_header"][oldest]
        self._write(kept)

    def remembered(self, header: Sequence[str], suggested: ColumnMapping) -> ColumnMapping | None:
        """What was used for a file with this header before."""
        kept = self._read()["by_header"].get(_folded(header))
        return None if kept is None else _applied(ColumnMapping.from_json(kept), suggested)

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            kept = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            kept = {}
        return {"named": kept.get("named", {}), "by_header": kept.get("by_header", {})}

    def _write(self, kept: dict[str, dict[str, Any]]) -> None:
        write_private(self._path, json.dumps(kept, ensure_ascii=False, indent=1))


def _folded(header: Sequence[str]) -> str:
    return "\x1f".join(normalize_header(name) for name in header)


def _applied(kept: ColumnMapping, suggested: ColumnMapping) -> ColumnMapping:
    by_name = {normalize_header(use.name): use for use in kept.columns} | {use.name: use for use in kept.columns}
    said_fields = {use.field for use in kept.columns} - {IGNORE, ALSO_PHONE}
    mapping = suggested.all_ignored()
    for number, use in enumerate(suggested.columns):
        known = by_name.get(use.name) or by_name.get(normalize_header(use.name))
        # Columns that the preset joins stay joined; a guess never takes a field from what the preset says.
        if known is not None:
            mapping = mapping.with_use(number, known.field or IGNORE, known.type, join=True)
        elif use.field not in said_fields:
            mapping = mapping.with_use(number, use.field, use.type)
    names = {normalize_header(use.name) for use in suggested.columns}
    country = kept.country if kept.country in names else suggested.country
    return replace(mapping, country=country, zone=kept.zone or suggested.zone)
