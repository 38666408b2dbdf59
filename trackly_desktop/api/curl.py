"""A request as a curl command for a terminal, without the key."""

from __future__ import annotations

import shlex

from trackly_desktop.api.client import CONTACTS


def as_curl(base_url: str, body: str) -> str:
    """Return the command; its key comes from the shell's TRACKLY_API_KEY."""
    lines = (
        f"curl -X POST {shlex.quote(base_url.rstrip('/') + CONTACTS)}",
        '  -H "X-Api-Key: $TRACKLY_API_KEY"',
        "  -H 'Content-Type: application/json'",
        f"  -d {shlex.quote(body)}",
    )
    return " \\\n".join(lines)
