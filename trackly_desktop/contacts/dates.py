"""Signup dates in many notations -> ISO 8601 in UTC, whole seconds.

A date is read, or refused with a reason: an ambiguous one is never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache

from trackly_desktop.contacts.issues import IssueCode, ParseProblem

MONTH_FIRST = "month first"
DAY_FIRST = "day first"
YEAR_FIRST = "year first"
"""25-04-03 is 3 April 2025; a year of four digits is read anywhere."""
ALL_ORDERS = frozenset((MONTH_FIRST, DAY_FIRST, YEAR_FIRST))
ASK = ""
"""No order of 03/04/2025 has been chosen: a date that could be either is refused."""


class DateProblem(ParseProblem):
    """Text that is no date, or could be two."""


def parse_signup_date(text: str, order: str, zone: tzinfo | None) -> datetime:
    """Return the instant of a date or time, in UTC.

    Args:
        text: the date as written.
        order: MONTH_FIRST, DAY_FIRST, YEAR_FIRST, or ASK.
        zone: of a time written without one; None is this computer's own.

    Raises:
        DateProblem: the text is no date, or could be two.
    """
    text = " ".join(text.split())
    instant = _iso(text) or _other(_usual_spelling(text), order)
    _check_placeholder(instant)
    if instant.year < _FIRST_YEAR:
        raise DateProblem(IssueCode.DATE_IMPOSSIBLE)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=zone) if zone is not None else instant.astimezone()
    instant = instant.astimezone(UTC)
    _check_placeholder(instant)
    return instant


_FIRST_YEAR = 1900
"""Before it nobody signed up for anything by phone: the year was mistyped."""


def _other(text: str, order: str) -> datetime:
    """Return a date that is not written as ISO 8601 has it."""
    if (match := re.match(_NO_DAY, text)) and _month(match[1] or match[2]):
        raise DateProblem(IssueCode.DATE_NO_DAY)
    instant = _iso(text) or _by_numbers(text, order) or _in_words(text) or _counted(text)
    if instant is None:
        raise DateProblem(IssueCode.DATE_UNREADABLE)
    return instant


def _usual_spelling(text: str) -> str:
    """Return a date with the hour and the day where most write them."""
    text = re.sub(
        r" Uhr$|(?<=\d),? (?:at|um|a las|à) (?=\d{1,2}[:.h])", lambda match: "" if "U" in match[0] else " ", text
    )
    text = re.sub(r"(?i)\b([ap])\. ?m\.?(?=$| )", r"\1m", text)
    if (match := re.match(r"(\d{4})年(\d{1,2})月(\d{1,2})日?(.*)$", text)) is not None:
        return f"{match[1]}-{match[2]}-{match[3]}{match[4]}"
    if (match := re.match(r"((?:19|20)\d{2})[ \-/]([^\W\d]{3,10})\.?[ \-/](\d{1,2})(?!\d)(.*)$", text)) is not None:
        return f"{match[3]} {match[2]} {match[1]}{match[4]}"
    return text


_PLACEHOLDERS = frozenset(
    (
        date(1, 1, 1), date(1000, 1, 1), date(1600, 12, 31), date(1601, 1, 1), date(1753, 1, 1), date(1899, 12, 30),
        date(1899, 12, 31), date(1900, 1, 1), date(1904, 1, 1), date(1969, 12, 31), date(1970, 1, 1),
    )
)  # fmt: skip
"""Day 0 of databases, spreadsheets and systems.

What they store where there is no date.
"""


def _check_placeholder(instant: datetime) -> None:
    if instant.date() in _PLACEHOLDERS:
        raise DateProblem(IssueCode.DATE_PLACEHOLDER, date=instant.date().isoformat())


def format_utc(instant: datetime) -> str:
    """Format as ISO 8601, UTC, whole seconds, e.g. 2025-03-15T14:30:00Z."""
    return instant.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def find_timezone(name: str) -> tzinfo | None:
    """Return the zone of an IANA name or offset; this computer's (None) for no name.

    Raises:
        DateProblem: there is no such zone.
    """
    if not name:
        return None
    if re.fullmatch(_FIXED_ZONE, name):
        return _zone(name)
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise DateProblem(IssueCode.TIMEZONE_UNKNOWN, zone=name) from error


def timezone_in_header(name: str) -> str:
    """Return the zone that a column's name has, like Signup Date (UTC) or (EST).

    The result is a name for `find_timezone`; empty for none.
    """
    match = re.search(_ZONE_IN_NAME, name, re.IGNORECASE)
    if match is None:
        return ""
    hours = _ZONES.get(match[0].upper())
    if hours is not None:
        return f"UTC{'-' if hours < 0 else '+'}{abs(hours):02}:00"
    if match[1] and (int(match[2]) > _FARTHEST or int(match[3] or 0) > 59):
        return ""
    return f"UTC{'+' if match[1] == '+' else '-'}{int(match[2]):02}:{match[3] or '00'}" if match[1] else "UTC"


_ZONE_IN_NAME = r"(?<![^\W_])(?:(?:UTC|GMT)(?: ?([+\-−–]) ?(\d{1,2}):?(\d{2})?)?(?!\d)|(?-i:[ECMP][SD]T))(?![^\W_])"
_FARTHEST = 14
"""Hours from UTC: no zone is farther (Kiribati's)."""
_FIXED_ZONE = r"UTC(?:[+\-]\d{2}:\d{2})?"


def looks_like_date(text: str) -> bool:
    """Whether this is written like a date only: a count of days is not."""
    text = text.strip()
    return bool(re.match(_ISO, text) or re.match(_NUMBERS, text) or re.match(_WORDS, text) or re.match(_NO_DAY, text))


def possible_date_orders(text: str) -> frozenset[str]:
    """Return the orders in which this date can be read; all where it needs none."""
    match = re.match(_NUMBERS, text.strip())
    return (frozenset(_readings(match)) if match is not None else None) or ALL_ORDERS


def may_begin_with_year(text: str) -> bool | None:
    """Whether a date with a year of two digits can begin with it; None for any other."""
    match = re.match(_NUMBERS, text.strip())
    return YEAR_FIRST in _readings(match) if match is not None and len(match[3]) == 2 else None


def is_ambiguous(text: str) -> bool:
    """Whether this date is a different day in another order."""
    match = re.match(_NUMBERS, text.strip())
    if match is None:
        return False
    readings = _readings(match)
    return len(set(readings.values())) > 1 or set(readings) == {YEAR_FIRST}


def _readings(match: re.Match[str]) -> dict[str, date]:
    """Return the days that three numbers can mean.

    By the order in which they are read.

    With a year of two digits nobody knows where it is: days that are still to come show where it is not.
    """
    first, second, year = int(match[1]), int(match[2]), _whole_year(match[3])
    orders = {MONTH_FIRST: (year, first, second), DAY_FIRST: (year, second, first)}
    if len(match[3]) == 2:
        orders[YEAR_FIRST] = (_whole_year(match[1]), second, int(match[3])) if len(match[1]) == 2 else (0, 0, 0)
    readings = {}
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    for order, numbers in orders.items():
        try:
            day = date(*numbers)
        except ValueError:
            continue
        if len(match[3]) == 4 or day <= tomorrow:
            readings[order] = day
    return readings


# Compiled when first used (`re` caches it): the first window does not need it.
_TIME = (
    r"(?:(?:[T ]|, ?)(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.m](?P<second>\d{2})(?:[.,]\d+)?s?)?"
    r" ?(?P<half>[AaPp]\.?[Mm]\.?)? ?(?P<zone>Z|UTC|GMT|[A-Z]{3,4}|(?:UTC|GMT)?[+\-]\d{2}:?\d{2}"
    r"|(?:UTC|GMT)[+\-]\d{1,2}|[+\-]\d{2})?)?"
    r"(?P<bracket> ?\([^()]*\))?$"
)
_ISO = (
    r"(?P<year>(?:19|20)\d{2})(?P<sign>[\-/.]?)(?P<month>0[1-9]|1[0-2]|[1-9])(?P=sign)(?P<day>0[1-9]|[12]\d|3[01]|[1-9])"
    + _TIME
)
_NUMBERS = r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})" + _TIME
_WORDS = (
    r"(?:[^\W\d]{2,10}\.?,? )?(?:(?P<day>\d{1,2})(?:st|nd|rd|th|º|\.|er)?[ \-/]?(?:de |of )?(?P<name>[^\W\d]{3,12})\.?"
    r"|(?P<name2>[^\W\d]{3,12})\.?[ \-/]?(?P<day2>\d{1,2})(?:st|nd|rd|th)?(?=[ \-/,]))"
    r"[ \-/,]* ?(?:de |del )?(?P<year>\d{4}|\d{2})" + _TIME
)
_NO_DAY = r"([^\W\d]{3,12})\.?[ \-/,]*(?:de |del )?(?:19|20)\d{2}$|(?:19|20)\d{2}[ \-/,]*([^\W\d]{3,12})\.?$"

_MONTHS = (
    "jan january sty enero ene janvier janv januar jänner jän janeiro gennaio gen januari january stycznia янв января январь",
    "feb february lut febrero février févr fév februar feber fevereiro fev febbraio februari lutego фев февр февраля февраль",
    "mar march marzo mars märz mär maerz mrz março maart mrt marca мар марта март",
    "apr april kwi abril abr avril avr aprile kwietnia апр апреля апрель",
    "may mayo mai maio maggio mag mei maj maja мая май",
    "jun june cze junio juin juni junho giugno giu czerwca июн июня июнь",
    "jul july lip julio juillet juil juli julho luglio lug lipca июл июля июль",
    "aug august sie agosto ago août augustus augusti sierpnia авг августа август",
    "sep sept wrz september septiembre setiembre septembre setembro set settembre września сен сент сентября сентябрь",
    "oct october paź octubre octobre oktober okt outubro out ottobre ott października окт октября октябрь",
    "nov november lis noviembre novembre novembro listopada ноя нояб ноября ноябрь",
    "dec december gru diciembre dic décembre déc dezember dez dezembro dicembre grudnia дек декабря декабрь",
)
"""Names and usual short forms of each month.

English, Spanish, French, German, Portuguese, Italian, Dutch, Polish, Russian, and Scandinavian where it is the same.
"""
_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
"""The time zones that RFC 2822, 4.3, names; other abbreviations mean several."""


def _iso(text: str) -> datetime | None:
    if re.match(r"\d{4}-\d\d-\d\d", text):
        try:
            return datetime.fromisoformat(text)  # what is written to the letter of the standard
        except ValueError:
            pass
    match = re.match(_ISO, text)
    if match is None or (not match["sign"] and len(match["month"] + match["day"]) != 4):
        return None
    return _build(int(match["year"]), int(match["month"]), int(match["day"]), match)


def _by_numbers(text: str, order: str) -> datetime | None:
    match = re.match(_NUMBERS, text)
    if match is None:
        return None
    readings = _readings(match)
    if order == ASK or (order == YEAR_FIRST and len(match[3]) == 4):
        if is_ambiguous(text):
            if YEAR_FIRST in readings and (MONTH_FIRST not in readings or DAY_FIRST not in readings):
                raise DateProblem(IssueCode.DATE_YEAR_UNCLEAR, first=match[1], last=match[3])
            raise DateProblem(IssueCode.DATE_AMBIGUOUS, first=match[1], second=match[2])
        order = next(iter(readings), MONTH_FIRST)
    first, second, year = int(match[1]), int(match[2]), _whole_year(match[3])
    if order == YEAR_FIRST:
        return _build(_whole_year(match[1]), second, int(match[3]), match)
    month, day = (first, second) if order == MONTH_FIRST else (second, first)
    if month > 12:
        raise DateProblem(IssueCode.DATE_NO_SUCH_MONTH, month=month, order=order)
    return _build(year, month, day, match)


def _whole_year(text: str) -> int:
    # Nobody agreed to be texted in another century.
    return int(text) + 2000 if len(text) == 2 else int(text)


def _in_words(text: str) -> datetime | None:
    """Parse 15 March 2025, Mar 15, 2025, 15 de marzo de 2025; None otherwise."""
    match = re.match(_WORDS, text)
    if match is None:
        return None
    month = _month(match["name"] or match["name2"])
    if not month:
        return None
    return _build(_whole_year(match["year"]), month, int(match["day"] or match["day2"]), match)


def _month(name: str) -> int:
    """Return the month of this name, from 1; 0 for another word."""
    return _month_names().get(_without_accents(name), 0)


@cache
def _month_names() -> dict[str, int]:
    return {_without_accents(name): number for number, names in enumerate(_MONTHS, 1) for name in names.split()}


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _build(year: int, month: int, day: int, match: re.Match[str]) -> datetime | None:
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].lower().startswith("p") else 0)
    zone = _zone(match["zone"] or _zone_in_bracket(match["bracket"]))
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


def _zone_in_bracket(text: str | None) -> str | None:
    """Return the zone in 10:00 (EST); None for no bracket.

    Raises:
        DateProblem: something else stands there.
    """
    if not text:
        return None
    name = text.strip(" ()").upper()
    if name in _ZONES or name in ("UTC", "GMT", "Z"):
        return name
    raise DateProblem(IssueCode.DATE_UNREADABLE)


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text in ("Z", "UTC", "GMT"):
        return UTC
    if text in _ZONES:
        return timezone(timedelta(hours=_ZONES[text]))
    match = re.match(r"(?:UTC|GMT)?([+\-])(\d{1,2}):?(\d{2})?$", text)
    if match is None:
        raise DateProblem(IssueCode.TIMEZONE_AMBIGUOUS, zone=text)
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if offset >= timedelta(hours=24):
        raise DateProblem(IssueCode.TIMEZONE_UNKNOWN, zone=text)
    return timezone(-offset if match[1] == "-" else offset)


_EXCEL_ZERO = datetime(1899, 12, 30)
"""Day 0 of Excel's count.

Excel takes 1900 for a leap year: the count is right from 1 March 1900 on.
"""


def _counted(text: str) -> datetime | None:
    """Parse Excel's count of days, or seconds or milliseconds since 1970.

    45731.6 is 15 March 2025; None for other numbers.
    """
    match = re.match(r"(\d{5}|\d{10}|\d{13}|\d{16})(?:[.,](\d+))?$", text)
    if match is None:
        return None
    whole, part = int(match[1]), float(f"0.{match[2] or 0}")
    digits = len(match[1])
    if digits == 5:
        # 1980 to 2099: a number outside it is a ZIP code, or anything else.
        return _EXCEL_ZERO + timedelta(days=whole, seconds=round(part * 86_400)) if 29_221 <= whole <= 73_050 else None
    return datetime.fromtimestamp(whole // 10 ** (digits - 10), UTC)
