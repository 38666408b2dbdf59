"""The life of a row, in words for people."""

from __future__ import annotations

import enum


class Outcome(enum.StrEnum):
    """Where a row is: on its way (the first two), sent (the next four), or never sent."""

    PENDING = "pending"
    SENDING = "sending"
    CREATED = "created"
    UPDATED = "updated"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    INVALID = "invalid"
    SKIPPED = "skipped"


COUNTED = (
    Outcome.CREATED,
    Outcome.UPDATED,
    Outcome.REFUSED,
    Outcome.UNKNOWN,
    Outcome.INVALID,
    Outcome.SKIPPED,
    Outcome.PENDING,
)
"""Outcomes shown to operators and scripts: they add up to a run's rows.

A row that is being sent counts as pending.
"""
