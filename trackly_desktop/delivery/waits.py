"""What a run waits for, as data; `messages.wait_text` makes the sentence."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


class WaitReason(enum.StrEnum):
    """Why a run sends nothing for a while. The comment names the parameters."""

    NETWORK = "network"  # fault, detail
    SERVER_PAUSE = "server_pause"
    JOURNAL = "journal"  # problem, advice
    RETRY = "retry"


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait of a run. `seconds`: at most until the next try; 0 where unknown."""

    reason: WaitReason
    seconds: float = 0.0
    params: Mapping[str, str] = field(default_factory=dict)
