"""Consent evidence of a file: which of its IP addresses prove nothing."""

from __future__ import annotations

import ipaddress
from collections import Counter
from dataclasses import dataclass

_REMEMBERED = 4_000
_COMMON = 0.05


def is_private(address: str) -> bool:
    """Whether an IP address is not globally reachable (IANA's registries).

    Addresses reserved for documentation count as public: they stand in examples.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    return not parsed.is_global and not any(parsed in network for network in _DOCUMENTATION)


_DOCUMENTATION = tuple(
    map(ipaddress.ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"))
)
"""RFC 5737 and RFC 3849."""


@dataclass(frozen=True, slots=True)
class IpSummary:
    """Counts of a file's IP addresses.

    Rows that have one, rows with a private one, and an address on over 5 % of the rows.
    """

    rows: int = 0
    private: int = 0
    common: str = ""
    common_rows: int = 0


class IpCounter:
    """Counts addresses in bounded memory: those of few rows are dropped on the way."""

    def __init__(self) -> None:
        self._rows = self._private = 0
        self._counts: Counter[str] = Counter()

    def update(self, batch: Counter[str]) -> None:
        """Add the addresses of a batch of rows: address -> rows."""
        for address, count in batch.items():
            self._rows += count
            self._private += count if is_private(address) else 0
        self._counts.update(batch)
        if len(self._counts) > _REMEMBERED:
            self._counts = Counter(dict(self._counts.most_common(_REMEMBERED // 2)))

    def result(self) -> IpSummary:
        """Return the summary of all batches."""
        [(address, count)] = self._counts.most_common(1) or [("", 0)]
        is_common = count > 1 and count > _COMMON * self._rows
        return IpSummary(self._rows, self._private, address if is_common else "", count if is_common else 0)
