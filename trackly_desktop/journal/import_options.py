"""Options of a run, stored in the journal so that a resumed run has the same."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trackly_desktop.accounts.accounts import DEFAULT_IN_FLIGHT


class Duplicates(enum.StrEnum):
    """Which rows of the same phone number and list are sent."""

    LAST = "last"
    FIRST = "first"
    EACH = "each"


class AlreadyAdded(enum.StrEnum):
    """What happens to people that this program has added to the list before."""

    SEND = "send"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a run.

    `fixed` (body field or custom:name -> text) fills fields that the file lacks and blank cells.
    """

    region: str = "US"
    fixed: Mapping[str, str] = field(default_factory=dict)
    duplicates: Duplicates = Duplicates.LAST
    already_added: AlreadyAdded = AlreadyAdded.SEND
    in_flight: int = DEFAULT_IN_FLIGHT
    per_second: float = 0.0
    retyped_phone: str = ""
    """E.164 of an unsubscribed person to add, since the operator typed it twice."""
    may_enroll: int | None = None
    """Confirmed limit of people enrolled in journeys; None until the run starts."""

    def to_json(self) -> dict[str, Any]:
        """As stored in the journal."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Options:
        """What `to_json` gave."""
        return cls(
            region=stored["region"],
            fixed=dict(stored["fixed"]),
            duplicates=Duplicates(stored["duplicates"]),
            already_added=AlreadyAdded(stored["already_added"]),
            in_flight=int(stored["in_flight"]),
            per_second=float(stored["per_second"]),
            retyped_phone=str(stored.get("retyped_phone", "")),
            may_enroll=stored.get("may_enroll"),
        )


@dataclass(frozen=True, slots=True)
class RunSource:
    """The source of a run's rows, and the file's format.

    An undo run names the run that it undoes.
    """

    kind: str = ""
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    sheet: str | None = None
    missing_plus: bool = False
    """Phone numbers were read as international ones whose plus is missing."""
    corrected_rows: int = 0
    """Rows corrected in the review: they differ from the file's."""
    undoes: int | None = None
    hidden: Mapping[str, object] | None = None
    """What the workbook hides, and what became of it; None for other files."""

    def to_json(self) -> dict[str, Any]:
        """As stored in the journal."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> RunSource:
        """What `to_json` gave, in this version or an older one with more or fewer fields."""
        names = {entry.name for entry in dataclasses.fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in names})
