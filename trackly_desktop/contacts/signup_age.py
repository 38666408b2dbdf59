"""Age of signups: who agreed long ago may not expect a welcome any more."""

from __future__ import annotations

from datetime import UTC, date, datetime

OLD_SIGNUP_DAYS = 30
"""Days after which a signup is old unless an account says otherwise."""
EPOCH_DAY = date(1970, 1, 1).toordinal()
YEAR_2000 = date(2000, 1, 1).toordinal() - EPOCH_DAY
"""The day, since 1970, before which nobody signed up to be texted."""


def old_signup_cutoff(days: int) -> int:
    """Return the day, since 1970, before which a signup is old."""
    return datetime.now(UTC).date().toordinal() - EPOCH_DAY - days
