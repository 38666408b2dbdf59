"""Text -> the value of a field, or a ParseProblem; never a guess."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from trackly_desktop.contacts import dates
from trackly_desktop.contacts.fields import CustomValue, Field, Kind
from trackly_desktop.contacts.issues import IssueCode, ParseProblem
from trackly_desktop.contacts.value_patterns import PLAIN_IP, PLAIN_URL, compiled
from trackly_desktop.contacts.value_words import parse_yes_no


class ParseContext(NamedTuple):
    """What texts of one file or form have in common.

    `region` (ISO 3166) is the country of numbers without a country code; any other text is a country that is not known.
    `missing_plus`: phone numbers are international ones whose plus is missing. `zone`: of times without one; None is this
    computer's own. `dates`: the order of day and month in 03/04/2025.
    """

    region: str = "US"
    missing_plus: bool = False
    zone: tzinfo | None = None
    dates: str = dates.ASK
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


def parse_value(field: Field, text: str, context: ParseContext) -> object:
    """Return the value that `text` means in this field.

    Raises:
        ParseProblem: the field cannot take it.
    """
    return PARSERS[field.kind](text, context)


def parse_custom_value(text: str, type_name: str) -> CustomValue:
    """Return a custom field's value of a type: "string", "number" or "boolean".

    Raises:
        ParseProblem: the text is no value of that type.
    """
    if type_name == "number":
        return _number(text)
    if type_name == "boolean":
        return _yes_no(text, ParseContext())
    return text


def _phone(text: str, context: ParseContext) -> str:
    from trackly_desktop.contacts.phone_numbers import parse_phone

    return parse_phone(text, context.region, missing_plus=context.missing_plus).e164


def _list(text: str, context: ParseContext) -> str:
    from trackly_desktop.contacts.phone_numbers import parse_list_number

    return parse_list_number(text, context.region)


def _yes_no(text: str, _context: ParseContext) -> bool:
    value = parse_yes_no(text)
    if value is None:
        raise ParseProblem(IssueCode.YES_NO_UNCLEAR)
    return value


def _date_time(text: str, context: ParseContext) -> str:
    try:
        instant = dates.parse_signup_date(text, context.dates, context.zone)
    except ParseProblem:
        raise
    except (OverflowError, ValueError) as error:
        raise ParseProblem(IssueCode.DATE_IMPOSSIBLE) from error
    if instant > context.now():
        raise ParseProblem(IssueCode.DATE_IN_FUTURE)
    return dates.format_utc(instant)


def _ip(text: str, _context: ParseContext) -> str:
    if compiled(PLAIN_IP).match(text):
        return text
    import ipaddress

    try:
        address = ipaddress.ip_address(text)
    except ValueError as error:
        raise ParseProblem(IssueCode.IP_UNREADABLE) from error
    if "%" in text:  # a link's own scope means nothing to other computers
        raise ParseProblem(IssueCode.IP_SCOPED)
    return str(address)


def _url(text: str, _context: ParseContext) -> str:
    if compiled(PLAIN_URL).match(text):
        return text
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise ParseProblem(IssueCode.URL_UNREADABLE) from error
    if parts.scheme not in ("http", "https") or not host or any(char.isspace() for char in text):
        raise ParseProblem(IssueCode.URL_UNREADABLE)
    return text


def _text(text: str, _context: ParseContext) -> str:
    return text


def _number(text: str) -> int | float:
    plain = compiled(_AROUND_AMOUNTS).sub("", text.strip())
    if compiled(_SEPARATED).match(plain):
        plain = _without_separators(plain)
    if not plain.isascii() or "_" in plain:
        raise ParseProblem(IssueCode.NUMBER_UNREADABLE)
    try:  # Python refuses whole numbers of thousands of digits
        number: int | float = int(plain) if plain.lstrip("+-").isdigit() else float(plain)
    except ValueError as error:
        raise ParseProblem(IssueCode.NUMBER_UNREADABLE) from error
    if not math.isfinite(number):
        raise ParseProblem(IssueCode.NUMBER_NOT_FINITE)
    return number


_SEPARATED = r"[+-]?\d{1,3}([.,' \u00a0\u202f’]\d{3})+([.,]\d+)?\Z|[+-]?\d*,\d+\Z"
_AROUND_AMOUNTS = r"^(?:US\$|[$€£¥]|USD|EUR|GBP)\s*(?=[\d.,+-])|\s*(?:[$€£¥]|USD|EUR|GBP|zł|kr)\Z"
_SEPARATORS = r"[.,' \u00a0\u202f’]"


def _without_separators(text: str) -> str:
    """Return 1,234.50, 1.234,50 and 1 234,50 as 1234.50.

    Raises:
        ParseProblem: it could be two numbers.
    """
    import re

    separators = re.findall(_SEPARATORS, text)
    last = separators[-1]
    decimals = len(text) - text.rindex(last) - 1
    if len(separators) == 1 and last in ".," and decimals == 3:
        if last == ".":
            return text
        raise ParseProblem(IssueCode.NUMBER_AMBIGUOUS, one=text.replace(",", ""), other=text.replace(",", "."))
    is_decimal = last in ".," and (decimals != 3 or (len(set(separators)) > 1 and separators.count(last) == 1))
    whole, fraction = (text[: -decimals - 1], text[-decimals:]) if is_decimal else (text, "")
    digits = re.sub(_SEPARATORS, "", whole)
    return f"{digits or '0'}.{fraction}" if fraction else digits


PARSERS: Mapping[Kind, Callable[[str, ParseContext], object]] = {
    Kind.PHONE: _phone,
    Kind.LIST: _list,
    Kind.YES_NO: _yes_no,
    Kind.DATE_TIME: _date_time,
    Kind.IP: _ip,
    Kind.URL: _url,
    Kind.TEXT: _text,
}
"""Kind of a field -> its parser, which raises ParseProblem."""
