"""Reading a signup date as files and people write it; written as the API wants it: ISO 8601 in UTC, whole seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

MONTH_FIRST = "month first"
DAY_FIRST = "day first"
ASK = ""
"""No form of 03/04/2025 has been chosen: a date that could be either is not guessed."""


class MomentProblem(ValueError):
    """Text that is no date, or could be two; its words are for the operator."""


def read_moment(text: str, form: str, zone: tzinfo | None) -> datetime:
    """The moment in UTC. `zone` is that of a time written without one; None is this computer's own."""
    moment = _iso(text) or _by_numbers(text, form)
    if moment is None:
        raise MomentProblem("This is not a date; write it like 2025-03-15 or 2025-03-15 14:30")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone) if zone is not None else moment.astimezone()
    return moment.astimezone(UTC)


def as_sent(moment: datetime) -> str:
    """2025-03-15T14:30:00Z"""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def possible_forms(text: str) -> frozenset[str]:
    """Which of month first and day first this date can be read in; both for a date that does not depend on it."""
    match = re.match(_NUMBERS, text.strip())
    if match is None:
        return frozenset((MONTH_FIRST, DAY_FIRST))
    first, second = int(match[1]), int(match[2])
    forms = set()
    if first <= 12:
        forms.add(MONTH_FIRST)
    if second <= 12:
        forms.add(DAY_FIRST)
    return frozenset(forms)


def is_ambiguous(text: str) -> bool:
    """Whether this date could be a day and a month or a month and a day, and differ."""
    match = re.match(_NUMBERS, text.strip())
    return match is not None and int(match[1]) <= 12 and int(match[2]) <= 12 and match[1] != match[2]


# Compiled when first used (`re` keeps it): the first window does not wait for it.
_NUMBERS = (
    r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp]\.?[Mm]\.?)?)?$"
)


def _iso(text: str) -> datetime | None:
    text = text.strip()
    if not re.match(r"\d{4}-\d{2}-\d{2}", text):
        return None
    if text.endswith(" UTC"):
        text = text[:-4] + "Z"
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _by_numbers(text: str, form: str) -> datetime | None:
    match = re.match(_NUMBERS, text.strip())
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    if first <= 12 and second <= 12 and first != second and form == ASK:
        raise MomentProblem(f"{match[1]}/{match[2]} could be day and month or month and day; choose which it is")
    month_first = form == MONTH_FIRST or (form == ASK and first <= 12)
    month, day = (first, second) if month_first else (second, first)
    if month > 12:
        raise MomentProblem(f"There is no month {month}; dates here are read with the {form or MONTH_FIRST}")
    try:
        return datetime(year, month, day, *_time_of_day(match))
    except ValueError:
        return None


def _time_of_day(match: re.Match[str]) -> tuple[int, int, int]:
    hour, minute, second = int(match[4] or 0), int(match[5] or 0), int(match[6] or 0)
    if match[7]:
        hour = hour % 12 + (12 if match[7].lower().startswith("p") else 0)
    return hour, minute, second
