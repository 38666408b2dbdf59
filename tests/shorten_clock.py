"""The clock's part of the delivery policy, shortened: what is decided is not touched."""

from __future__ import annotations

from collections.abc import Callable

from trackly_desktop.delivery import engine, retry_policy


def shorten_clock(set_: Callable[[object, str, float], None]) -> None:
    """Seconds become hundredths."""
    for module, name, seconds in (
        (retry_policy, "AFTER_SLOW", 0.05),
        (retry_policy, "BEFORE_LOOK_UP", 0.05),
        (retry_policy, "FIRST_DELAY", 0.01),
        (engine, "AFTER_UNKNOWN", 0.05),
        (engine, "_BETWEEN_LOOKS", 0.05),
    ):
        set_(module, name, seconds)
