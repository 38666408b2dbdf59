"""Numbers, times and outcomes in words for people."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QLocale

from trackly_desktop.contacts import phone_numbers
from trackly_desktop.contacts.outcome import Outcome


def tr(text: str) -> str:
    """The text in the operator's language."""
    return QCoreApplication.translate("trackly", text)


def number(value: int) -> str:
    """12,480"""
    return QLocale().toString(value)


def count(value: int, one: str, many: str | None = None) -> str:
    """1 contact; 12,480 contacts"""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def duration(seconds: float) -> str:
    """40 seconds; 12 minutes; 2 hours 5 minutes"""
    whole = max(1, round(seconds))
    if whole < 60:
        return count(whole, "second")
    minutes = round(whole / 60)
    if minutes < 60:
        return count(minutes, "minute")
    hours, minutes = divmod(minutes, 60)
    return count(hours, "hour") + (f" {count(minutes, 'minute')}" if minutes else "")


def exact(at_ms: int | None) -> str:
    """A moment in local time, as the system writes it."""
    if at_ms is None:
        return ""
    moment = datetime.fromtimestamp(at_ms / 1000)
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def relative(at_ms: int | None, now: datetime | None = None) -> str:
    """Just now; 5 min ago; 14:05; yesterday 14:05; 3 May 14:05; 3 May 2025"""
    if at_ms is None:
        return ""
    moment = datetime.fromtimestamp(at_ms / 1000)
    now = now or datetime.now()
    seconds = (now - moment).total_seconds()
    if 0 <= seconds < 45:
        return "just now"
    if 0 <= seconds < 3_600:
        return f"{max(1, round(seconds / 60))} min ago"
    time = moment.strftime("%H:%M")
    days = (now.date() - moment.date()).days
    if days == 0:
        return time
    if days == 1:
        return f"yesterday {time}"
    day = f"{moment.day} {moment.strftime('%b')}"
    return f"{day} {time}" if moment.year == now.year else f"{day} {moment.year}"


def international(number: str) -> str:
    """A number in E.164 as people read it; as it stands where it is none."""
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
"""Each outcome's icon and colour; a word always stands beside them."""
