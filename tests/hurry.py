"""The clock's part of the delivery policy, shortened: what is decided is not touched."""

from __future__ import annotations

from collections.abc import Callable

from trackly_desktop.imports import delivery, policy


def hurry(set_: Callable[[object, str, float], None]) -> None:
    """Seconds become hundredths."""
    for module, name, seconds in (
        (policy, "AFTER_SLOW", 0.05),
        (policy, "BEFORE_LOOK_UP", 0.05),
        (policy, "FIRST_DELAY", 0.01),
        (delivery, "AFTER_UNKNOWN", 0.05),
        (delivery, "_BETWEEN_LOOKS", 0.05),
    ):
        set_(module, name, seconds)
