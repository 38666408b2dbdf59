"""Text -> the value of a field, or an issue; never a guess."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from trackly_desktop.contacts import dates
from trackly_desktop.contacts.fields import CustomValue, Field, Kind
from trackly_desktop.contacts.value_patterns import PLAIN_IP, PLAIN_URL, compiled
from trackly_desktop.contacts.value_words import parse_yes_no


class Unreadable(ValueError):
    """Text that a field cannot take; its words are for the operator."""


class ParseContext(NamedTuple):
    """What text means here: whose numbers have no country code, whose times no zone, which form dates have.

    `plus`: phone numbers are international ones whose plus is missing.
    """

    region: str = "US"
    plus: bool = False
    zone: tzinfo | None = None
    dates: str = dates.ASK
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


def parse_value(one: Field, text: str, reading: ParseContext) -> object:
    """The value that `text` means in this field. Raises Unreadable in the operator's words."""
    return _READERS[one.kind](text, reading)


def parse_custom_value(text: str, type_name: str) -> CustomValue:
    """A custom field's value from text, as "string", "number" or "boolean". Raises Unreadable."""
    if type_name == "number":
        return _number(text)
    if type_name == "boolean":
        return _yes_no(text, ParseContext())
    return text


def _phone(text: str, reading: ParseContext) -> str:
    from trackly_desktop.contacts import phone_numbers

    try:
        return phone_numbers.parse_phone(text, reading.region, plus=reading.plus).e164
    except phone_numbers.PhoneProblem as problem:
        raise Unreadable(str(problem)) from problem


def _list(text: str, reading: ParseContext) -> str:
    from trackly_desktop.contacts import phone_numbers

    try:
        return phone_numbers.parse_list_number(text, reading.region)
    except phone_numbers.PhoneProblem as problem:
        raise Unreadable(str(problem)) from problem


def _yes_no(text: str, _reading: ParseContext) -> bool:
    said = parse_yes_no(text)
    if said is None:
        raise Unreadable("This is neither yes nor no")
    return said


def _moment(text: str, reading: ParseContext) -> str:
    try:
        moment = dates.parse_signup_date(text, reading.dates, reading.zone)
    except dates.DateProblem as problem:
        raise Unreadable(str(problem)) from problem
    except (OverflowError, ValueError) as problem:
        raise Unreadable("This is not a date that a calendar has") from problem
    if moment > reading.now():
        raise Unreadable("This date is in the future; nobody can have signed up yet")
    return dates.format_utc(moment)


def _ip(text: str, _reading: ParseContext) -> str:
    if compiled(PLAIN_IP).match(text):
        return text
    import ipaddress

    try:
        address = ipaddress.ip_address(text)
    except ValueError as error:
        raise Unreadable("This is not an IP address; one looks like 203.0.113.42") from error
    if "%" in text:  # a link's own scope means nothing to anybody else
        raise Unreadable("This is not an IP address that others can use; leave out what follows the %")
    return str(address)


def _url(text: str, _reading: ParseContext) -> str:
    if compiled(PLAIN_URL).match(text):
        return text
    from urllib.parse import urlsplit

    words = "This is not a web address; one looks like https://example.com/signup"
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise Unreadable(words) from error
    if parts.scheme not in ("http", "https") or not host or any(sign.isspace() for sign in text):
        raise Unreadable(words)
    return text


def _text(text: str, _reading: ParseContext) -> str:
    return text


def _number(text: str) -> int | float:
    plain = compiled(_AROUND_AMOUNTS).sub("", text.strip())
    if compiled(_SEPARATED).match(plain):
        plain = _without_separators(plain)
    if not plain.isascii() or "_" in plain:
        raise Unreadable(f"“{text}” is not a number; keep it as text, or correct it")
    try:  # Python refuses whole numbers of thousands of digits
        number: int | float = int(plain) if plain.lstrip("+-").isdigit() else float(plain)
    except ValueError as error:
        raise Unreadable(f"“{text}” is not a number; keep it as text, or correct it") from error
    if not math.isfinite(number):
        raise Unreadable(f"“{text}” is not a number that can be sent")
    return number


_SEPARATED = r"[+-]?\d{1,3}([.,' \u00a0\u202f’]\d{3})+([.,]\d+)?\Z|[+-]?\d*,\d+\Z"
_AROUND_AMOUNTS = r"^(?:US\$|[$€£¥]|USD|EUR|GBP)\s*(?=[\d.,+-])|\s*(?:[$€£¥]|USD|EUR|GBP|zł|kr)\Z"


def _without_separators(text: str) -> str:
    """1,234.50 and 1.234,50 and 1 234,50 as 1234.50; what could be two numbers is not guessed."""
    import re

    signs = re.findall(r"[.,' \u00a0\u202f’]", text)
    last = signs[-1]
    behind = len(text) - text.rindex(last) - 1
    if len(signs) == 1 and last in ".," and behind == 3:
        if last == ".":
            return text
        raise Unreadable(
            f"“{text}” could be {text.replace(',', '')} or {text.replace(',', '.')}; write it without the comma"
        )
    is_decimal = last in ".," and (behind != 3 or (len(set(signs)) > 1 and signs.count(last) == 1))
    whole, part = (text[: -behind - 1], text[-behind:]) if is_decimal else (text, "")
    digits = re.sub(r"[.,' \u00a0\u202f’]", "", whole)
    return f"{digits or '0'}.{part}" if part else digits


_READERS: Mapping[Kind, Callable[[str, ParseContext], object]] = {
    Kind.PHONE: _phone,
    Kind.LIST: _list,
    Kind.YES_NO: _yes_no,
    Kind.DATE_TIME: _moment,
    Kind.IP: _ip,
    Kind.URL: _url,
    Kind.TEXT: _text,
}
