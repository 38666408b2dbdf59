"""Saved column mappings, by the operator's name and by the file's header."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from trackly_desktop.mapping.column_aliases import normalize_header
from trackly_desktop.mapping.column_mapping import ALSO_PHONE, IGNORE, ColumnMapping, MappingProblem
from trackly_desktop.mapping.consent_columns import ConsentRule
from trackly_desktop.system import paths
from trackly_desktop.system.private_files import write_private

_MOST_HEADERS = 200
_SHARED = "trackly-desktop preset"
"""Key that marks a preset's own file; its value is the version of the format."""


class Presets:
    """Column mappings in one small file.

    The file is read for each call: commands and windows share it.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or paths.config_folder() / "presets.json"

    def names(self) -> list[str]:
        """Return the presets' names, sorted."""
        return sorted(self._read()["named"])

    def save(self, name: str, mapping: ColumnMapping) -> None:
        """Save a mapping as a preset and replace the one of this name."""
        content = self._read()
        content["named"][name] = mapping.to_json()
        self._write(content)

    def apply(self, name: str, suggested: ColumnMapping) -> ColumnMapping:
        """Return the suggested mapping with the preset's uses of columns in it.

        Raises:
            MappingProblem: There is no preset of this name.
        """
        return _merge(ColumnMapping.from_json(self._preset(name)), suggested)

    def export(self, name: str, path: Path) -> None:
        """Write a preset to a file of its own, for a colleague.

        Raises:
            MappingProblem: There is no preset of this name.
            OSError: The file cannot be written.
        """
        shared = {_SHARED: 1, "name": name, "mapping": self._preset(name)}
        path.write_text(json.dumps(shared, ensure_ascii=False, indent=1), "utf-8")

    def import_file(self, path: Path) -> str:
        """Save the preset of an exported file and return its name.

        The name is numbered where another preset has it.

        Raises:
            MappingProblem: The file is no preset, or one of a newer version.
            OSError: The file cannot be read.
        """
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
        """Save a mapping for the next file with the same header.

        The oldest of more than 200 are deleted.
        """
        content = self._read()
        header = _header_key([use.name for use in mapping.columns])
        content["by_header"].pop(header, None)
        content["by_header"][header] = mapping.to_json()
        for oldest in list(content["by_header"])[:-_MOST_HEADERS]:
            del content["by_header"][oldest]
        self._write(content)

    def for_header(self, header: Sequence[str], suggested: ColumnMapping) -> ColumnMapping | None:
        """Return the suggested mapping with this header's last uses; None without any."""
        mapping = self._read()["by_header"].get(_header_key(header))
        return None if mapping is None else _merge(ColumnMapping.from_json(mapping), suggested)

    def _preset(self, name: str) -> dict[str, Any]:
        named = self._read()["named"]
        if name not in named:
            there_are = ", ".join(f"“{other}”" for other in sorted(named)) or "none"
            raise MappingProblem(f"There is no preset “{name}”; there are {there_are}")
        mapping: dict[str, Any] = named[name]
        return mapping

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            content = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            content = {}
        return {"named": content.get("named", {}), "by_header": content.get("by_header", {})}

    def _write(self, content: dict[str, dict[str, Any]]) -> None:
        write_private(self._path, json.dumps(content, ensure_ascii=False, indent=1))


def _header_key(header: Sequence[str]) -> str:
    return "\x1f".join(normalize_header(name) for name in header)


def _merge(preset: ColumnMapping, suggested: ColumnMapping) -> ColumnMapping:
    """Return the suggested mapping with the preset's uses of columns in it."""
    by_name = {normalize_header(use.name): use for use in preset.columns} | {use.name: use for use in preset.columns}
    fields = {use.field for use in preset.columns} - {IGNORE, ALSO_PHONE}
    mapping = suggested.all_ignored()
    for column, use in enumerate(suggested.columns):
        known = by_name.get(use.name) or by_name.get(normalize_header(use.name))
        # Columns that the preset joins stay joined; a guess never takes a field from the preset's column.
        if known is not None:
            mapping = mapping.with_use(column, known.field or IGNORE, known.type, join=True)
        elif use.field not in fields:
            mapping = mapping.with_use(column, use.field, use.type)
    names = {normalize_header(use.name) for use in suggested.columns}
    country = preset.country if preset.country in names else suggested.country
    return replace(
        mapping,
        country=country,
        zone=preset.zone or suggested.zone,
        area_code=preset.area_code
        if preset.area_code_confirmed and preset.area_code in ("", *names)
        else suggested.area_code,
        area_code_confirmed=preset.area_code_confirmed and preset.area_code in ("", *names),
        consent=_with_answers(suggested.consent, preset.consent),
        confirmed_consent_columns=preset.confirmed_consent_columns,
    )


def _with_answers(rules: tuple[ConsentRule, ...], before: tuple[ConsentRule, ...]) -> tuple[ConsentRule, ...]:
    """Return a file's rules with what was answered about the same columns before."""
    answers = {rule.column: rule.answers for rule in before}
    return tuple(rule._replace(answers=answers.get(rule.column, {})) for rule in rules)
