"""Evidence that people agreed to be texted, as far as a file has it: what of it looks wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

_PRIVATE = (
    "10.", "127.", "192.168.", "169.254.", "0.", *(f"172.{number}." for number in range(16, 32)),
    *(f"100.{number}." for number in range(64, 128)), "::1", "fe80:", "fc", "fd",
)  # fmt: skip
"""How addresses begin that nobody has on the internet (RFC 1918, 3927, 4193, 4291, 6598)."""
_KEPT = 4_000
_COMMON = 0.05


def is_private(address: str) -> bool:
    """Whether an IP address is one of a network of one's own, or of the computer itself."""
    return address.startswith(_PRIVATE) and (":" in address or not address.startswith(("fc", "fd")))


@dataclass(frozen=True, slots=True)
class IpSummary:
    """What the IP addresses of a file come to. `common` is one that more than a twentieth of those rows have."""

    rows: int = 0
    private: int = 0
    common: str = ""
    common_rows: int = 0


class IpCounter:
    """Counts addresses in little memory: those that only few rows have are forgotten on the way."""

    def __init__(self) -> None:
        self._rows = self._private = 0
        self._seen: Counter[str] = Counter()

    def update(self, some: Counter[str]) -> None:
        """Some more rows' addresses."""
        for address, count in some.items():
            self._rows += count
            self._private += count if is_private(address) else 0
        self._seen.update(some)
        if len(self._seen) > _KEPT:
            self._seen = Counter(dict(self._seen.most_common(_KEPT // 2)))

    def result(self) -> IpSummary:
        """What they come to."""
        [(address, count)] = self._seen.most_common(1) or [("", 0)]
        is_common = count > 1 and count > _COMMON * self._rows
        return IpSummary(self._rows, self._private, address if is_common else "", count if is_common else 0)
