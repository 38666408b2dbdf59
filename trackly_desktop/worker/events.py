"""Results that jobs emit to the window."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trackly_desktop.accounts.accounts import Account
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.files.table import FormatOptions
from trackly_desktop.system import paths

if TYPE_CHECKING:
    from trackly_desktop.api.capabilities import SendingList
    from trackly_desktop.mapping.column_mapping import ColumnMapping
    from trackly_desktop.validation.file_validation import InspectedFile


@dataclass(frozen=True, slots=True)
class AccountOpened:
    """An account whose server was asked for its capabilities.

    `lists` is None where the server does not report them; `trouble` says in words why every request would fail.
    """

    account: Account
    has_key: bool
    lists: tuple[SendingList, ...] | None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class FileOpened:
    """A file that was inspected, and a mapping of its columns."""

    file: InspectedFile
    choice: FormatOptions
    mapping: ColumnMapping
    remembered: bool
    """Whether the mapping is the one of an earlier file with the same header."""
    presets: list[str]
    """Names of all presets."""
    system: str = ""
    """The system that it was exported from, where its header says so."""


@dataclass(frozen=True, slots=True)
class RowsFound:
    """Keys of the rows that match, and the run's number of rows of each outcome."""

    keys: array[int]
    counts: dict[Outcome, int]
    could_text_twice: int = 0
    """Unknown rows that could text people twice; 0 where others were searched."""


def unwritable(path: Path, error: OSError) -> str:
    """Return the operator's words for a file that cannot be written."""
    return f"{paths.readable_name(path)} cannot be written: {error.strerror}"
