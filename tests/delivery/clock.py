"""A clock that a test sets by hand."""

from __future__ import annotations


class Clock:
    """Monotonic seconds, which pass when `now` is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now
