"""Numbers, times, phone numbers and outcomes as text for operators."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QLocale

from trackly_desktop.contacts import phone_numbers
from trackly_desktop.contacts.outcome import Outcome


def number(value: int) -> str:
    """Return an integer with the locale's separators, like 12,480."""
    return QLocale().toString(value)


def count(value: int, singular: str, plural: str | None = None) -> str:
    """Return a number with its noun, like "1 contact" or "12,480 contacts"."""
    return f"{number(value)} {singular if value == 1 else plural or singular + 's'}"


def duration(seconds: float) -> str:
    """Return a duration like "40 seconds", "12 minutes" or "2 hours 5 minutes"."""
    whole = max(1, round(seconds))
    if whole < 60:
        return count(whole, "second")
    minutes = round(whole / 60)
    if minutes < 60:
        return count(minutes, "minute")
    hours, minutes = divmod(minutes, 60)
    return count(hours, "hour") + (f" {count(minutes, 'minute')}" if minutes else "")


def exact(at_ms: int | None) -> str:
    """Return local time like "2025-05-03 14:05:09"; empty for None.

    Args:
        at_ms: milliseconds since 1970.
    """
    if at_ms is None:
        return ""
    return datetime.fromtimestamp(at_ms / 1000).strftime("%Y-%m-%d %H:%M:%S")


def relative(at_ms: int | None, now: datetime | None = None) -> str:
    """Return local time as briefly as its age allows; empty for None.

    Like "just now", "5 min ago", "14:05", "yesterday 14:05", "3 May 14:05" or "3 May 2025".

    Args:
        at_ms: milliseconds since 1970.
        now: the local time to compare with; None is the current time.
    """
    if at_ms is None:
        return ""
    local = datetime.fromtimestamp(at_ms / 1000)
    now = now or datetime.now()
    seconds = (now - local).total_seconds()
    if 0 <= seconds < 45:
        return "just now"
    if 0 <= seconds < 3_600:
        return f"{max(1, round(seconds / 60))} min ago"
    time = local.strftime("%H:%M")
    days = (now.date() - local.date()).days
    if days == 0:
        return time
    if days == 1:
        return f"yesterday {time}"
    day = f"{local.day} {local.strftime('%b')}"
    return f"{day} {time}" if local.year == now.year else f"{day} {local.year}"


def international(number: str) -> str:
    """Return an E.164 number in international format; any other text unchanged."""
    try:
        return phone_numbers.parse_phone(number, "US").international
    except phone_numbers.PhoneProblem:
        return number


OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.CREATED: "Created",
    Outcome.UPDATED: "Updated",
    Outcome.REFUSED: "Refused",
    Outcome.UNKNOWN: "Unknown",
    Outcome.INVALID: "Invalid",
    Outcome.SKIPPED: "Skipped",
    Outcome.PENDING: "Not sent",
    Outcome.SENDING: "On its way",
}
OUTCOME_ICONS: dict[Outcome, tuple[str, str]] = {
    Outcome.CREATED: ("check", "good"),
    Outcome.UPDATED: ("updated", "good"),
    Outcome.REFUSED: ("bad", "bad"),
    Outcome.UNKNOWN: ("unknown", "unknown"),
    Outcome.INVALID: ("warning", "caution"),
    Outcome.SKIPPED: ("skipped", "quiet"),
    Outcome.PENDING: ("pending", "quiet"),
    Outcome.SENDING: ("pending", "accent"),
}
"""The icon and theme colour of each outcome; always shown beside its word."""
