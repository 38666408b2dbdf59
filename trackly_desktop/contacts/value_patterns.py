"""Patterns of raw values: phone numbers, IP and web addresses, dates.

Patterns are compiled when first used, since the first window waits for none of them.
"""

from __future__ import annotations

import re
from functools import cache

_DATE = r"\d{1,4}[./\-]\d{1,2}[./\-]\d{1,4}(?:[T ,].*)?$"
_IPV4 = r"\d{1,3}(?:\.\d{1,3}){3}$"
_IPV6 = r"(?i:[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:[:.][0-9.]+)?$)"
_URL = r"(?i:(?:https?://|www\.)\S+$)"
_ADDRESS = rf"[^@\s]+@[^@\s]+\.\w+$|https?://|{_IPV4}"
"""An email, web or IPv4 address."""

PLAIN_IP = r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!\Z)|\Z)){4}(?<=\d)\Z"
"""A valid IPv4 address: it needs no parsing."""
PLAIN_URL = r"https?://[A-Za-z0-9.\-]*[A-Za-z0-9](?:/[!-~]*)?\Z"
"""A valid web address as most are written: it needs no parsing."""

_LOST_DIGITS = r"(?i:'?\d(?:[.,]\d+)?E\+?\d+$)"
_SHORTENED_BY_EXCEL = r"(?i:\d[.,]\d+E\+\d+$)"
"""A long number as Excel writes it.

Stricter than _LOST_DIGITS, since 5E10 may be a product's code in a column that is not known to be phones.
"""


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return the pattern, compiled once."""
    return re.compile(pattern)


def count_digits(text: str) -> int:
    """Return how many decimal digits a text has."""
    return sum(map(str.isdecimal, text))


def is_ip(text: str) -> bool:
    """Return whether this is an IPv4 or IPv6 address: a time or a duration is not."""
    if compiled(PLAIN_IP).match(text):
        return True
    if text.count(":") < 2 or not compiled(_IPV6).match(text):
        return False
    import ipaddress

    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def looks_like_url(text: str) -> bool:
    """Return whether this is written like a web address, with or without its scheme."""
    return compiled(_URL).match(text) is not None


def is_date_or_address(text: str) -> bool:
    """Return whether this is like a date of numbers, an email, web or IPv4 address."""
    return compiled(_DATE).match(text) is not None or compiled(_ADDRESS).match(text) is not None


def has_lost_digits(text: str) -> bool:
    """Return whether a phone number is written like 1.4155E+10, last digits lost."""
    return compiled(_LOST_DIGITS).match(text) is not None


def is_shortened_by_excel(text: str) -> bool:
    """Return whether this is surely a long number written like 1.4155E+10."""
    return compiled(_SHORTENED_BY_EXCEL).match(text) is not None
