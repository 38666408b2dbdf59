"""What an operator chose for a run: kept in the journal, so that it goes on with the same choices."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class Duplicates(enum.StrEnum):
    """Which rows of the same phone number and list are sent."""

    LAST = "last"
    FIRST = "first"
    EACH = "each"


class AlreadyAdded(enum.StrEnum):
    """What happens to people whom this program has added to the list before."""

    SEND = "send"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Options:
    """`fixed` (body field or custom:name -> text) fills fields that the file lacks, and its blank cells."""

    region: str = "US"
    fixed: Mapping[str, str] = field(default_factory=dict)
    duplicates: Duplicates = Duplicates.LAST
    already_added: AlreadyAdded = AlreadyAdded.SEND
    in_flight: int = 16
    per_second: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """As kept in the journal."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Options:
        """What `to_json` gave."""
        return cls(
            region=kept["region"],
            fixed=dict(kept["fixed"]),
            duplicates=Duplicates(kept["duplicates"]),
            already_added=AlreadyAdded(kept["already_added"]),
            in_flight=int(kept["in_flight"]),
            per_second=float(kept["per_second"]),
        )
