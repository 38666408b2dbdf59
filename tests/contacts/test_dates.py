"""Signup dates as files and people write them."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone

import pytest

from trackly_desktop.contacts.dates import (
    ASK,
    DAY_FIRST,
    MONTH_FIRST,
    DateProblem,
    find_timezone,
    format_utc,
    is_ambiguous,
    looks_like_date,
    parse_signup_date,
    possible_date_orders,
    timezone_in_header,
)
from trackly_desktop.contacts.issues import IssueCode

BERLIN = timezone(timedelta(hours=1))


def refusal_of(text: str) -> IssueCode:
    """Return the code of a refused text, with no order of day and month chosen."""
    with pytest.raises(DateProblem) as raised:
        parse_signup_date(text, ASK, BERLIN)
    return raised.value.code


@pytest.mark.parametrize(
    ("text", "form", "sent"),
    [
        ("2025-03-15T14:30:00Z", ASK, "2025-03-15T14:30:00Z"),
        ("2025-03-15 14:30", ASK, "2025-03-15T13:30:00Z"),
        ("2025-03-15", ASK, "2025-03-14T23:00:00Z"),
        ("2025-03-15 14:30:00 UTC", ASK, "2025-03-15T14:30:00Z"),
        ("2025-03-15T14:30:00+02:00", ASK, "2025-03-15T12:30:00Z"),
        ("03/04/2025", MONTH_FIRST, "2025-03-03T23:00:00Z"),
        ("03/04/2025", DAY_FIRST, "2025-04-02T23:00:00Z"),
        ("15/03/2025 2:30 PM", ASK, "2025-03-15T13:30:00Z"),
        ("05.05.2025", ASK, "2025-05-04T23:00:00Z"),
        ("2025/3/15 14:30", ASK, "2025-03-15T13:30:00Z"),
        ("20250315", ASK, "2025-03-14T23:00:00Z"),
        ("2025-03-15T14:30:00.123+0000", ASK, "2025-03-15T14:30:00Z"),
        ("2025-03-15 14:30:00 -0500", ASK, "2025-03-15T19:30:00Z"),
        ("2025-03-15 14:30 EST", ASK, "2025-03-15T19:30:00Z"),
        ("3/15/25", ASK, "2025-03-14T23:00:00Z"),
        ("12/31/2025 12:05 a.m.", ASK, "2025-12-30T23:05:00Z"),
        ("March 15, 2025", ASK, "2025-03-14T23:00:00Z"),
        ("15-Mar-25", ASK, "2025-03-14T23:00:00Z"),
        ("Sat, 15 Mar 2025 14:30:00 +0000", ASK, "2025-03-15T14:30:00Z"),
        ("15 de marzo de 2025", ASK, "2025-03-14T23:00:00Z"),
        ("3 juillet 2025", ASK, "2025-07-02T23:00:00Z"),
        ("3 juin 2025", ASK, "2025-06-02T23:00:00Z"),
        ("15. März 2025", ASK, "2025-03-14T23:00:00Z"),
        ("15 de março de 2025 14:30", ASK, "2025-03-15T13:30:00Z"),
        ("45731", ASK, "2025-03-14T23:00:00Z"),
        ("45731.5", ASK, "2025-03-15T11:00:00Z"),
        ("1742049000", ASK, "2025-03-15T14:30:00Z"),
        ("1742049000123", ASK, "2025-03-15T14:30:00Z"),
    ],
)
def test_a_date_is_sent_in_utc(text: str, form: str, sent: str) -> None:
    assert format_utc(parse_signup_date(text, form, BERLIN)) == sent


def test_a_date_that_could_be_two_is_never_guessed() -> None:
    assert refusal_of("03/04/2025") is IssueCode.DATE_AMBIGUOUS


@pytest.mark.parametrize(
    "text", ["soon", "2025-02-30", "2025", "94110", "15 Foo 2025", "3/15/2025 25:00", "3/15/2025 13:00 PM"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    assert refusal_of(text) is IssueCode.DATE_UNREADABLE


def test_a_month_beyond_december_is_refused_by_its_number() -> None:
    assert refusal_of("15/15/2025") is IssueCode.DATE_NO_SUCH_MONTH


def test_one_date_of_a_column_can_settle_the_form_of_all() -> None:
    assert possible_date_orders("15/03/2025") == {DAY_FIRST}
    assert possible_date_orders("03/15/2025") == {MONTH_FIRST}
    assert possible_date_orders("03/04/2025") == {DAY_FIRST, MONTH_FIRST}
    assert is_ambiguous("03/04/2025")
    assert not is_ambiguous("04/04/2025")


def test_a_zone_by_an_abbreviation_that_means_several_is_not_guessed() -> None:
    assert refusal_of("2025-03-15 14:30 IST") is IssueCode.TIMEZONE_AMBIGUOUS


def test_the_operators_zone_has_its_summer_time() -> None:
    zone = find_timezone("America/New_York")
    assert format_utc(parse_signup_date("2025-01-15 14:30", ASK, zone)) == "2025-01-15T19:30:00Z"
    assert format_utc(parse_signup_date("2025-07-15 14:30", ASK, zone)) == "2025-07-15T18:30:00Z"


def test_a_time_zone_that_there_is_not_is_refused_by_its_name() -> None:
    with pytest.raises(DateProblem) as raised:
        find_timezone("Mars/Base")
    assert (raised.value.code, raised.value.params) == (IssueCode.TIMEZONE_UNKNOWN, {"zone": "Mars/Base"})


@pytest.mark.parametrize(
    "text", ["4155550120", "415-555-0120", "94110", "203.0.113.7", "12.5", "06.12.34.56.78", "2025551234"]
)
def test_numbers_of_other_things_do_not_look_like_dates(text: str) -> None:
    assert not looks_like_date(text)


@pytest.mark.parametrize(
    "text", ["May 2024", "Sept 2025", "Dec 1999", "mars 2024", "2024 May", "mayo de 2024", "May, 2024"]
)
def test_a_month_without_a_day_is_said(text: str) -> None:
    assert looks_like_date(text)
    assert refusal_of(text) is IssueCode.DATE_NO_DAY


@pytest.mark.parametrize("text", ["3 junk 2024", "1 Mayor 2025", "3 Marchand 2025", "Decade 3, 2025", "May 32024"])
def test_a_word_that_begins_like_a_month_is_none(text: str) -> None:
    assert refusal_of(text) is IssueCode.DATE_UNREADABLE


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("May 3 2024", "2024-05-03"), ("May 3, 24", "2024-05-03"), ("3 sept. 2025", "2025-09-03"),
        ("3 Sep 2025", "2025-09-03"), ("3 févr. 2025", "2025-02-03"), ("3 fevrier 2025", "2025-02-03"),
        ("3 августа 2025", "2025-08-03"), ("3 DEZ 2025", "2025-12-03"), ("3 maja 2025", "2025-05-03"),
    ],
)  # fmt: skip
def test_months_by_their_names_and_usual_short_forms(text: str, day: str) -> None:
    assert format_utc(parse_signup_date(text, ASK, UTC)) == f"{day}T00:00:00Z"


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Signup Date (UTC)", "UTC"), ("Signup Date (GMT)", "UTC"), ("subscriber_created_at_utc", "UTC"),
        ("Signup Date (EST)", "UTC-05:00"), ("Date (UTC+2)", "UTC+02:00"), ("Date (GMT -03:30)", "UTC-03:30"),
        ("Signup Date", ""), ("Best date", ""), ("Guest (est)", ""), ("Date (UTC+99)", ""), ("UTC20", ""),
    ],
)  # fmt: skip
def test_a_columns_name_says_its_zone(name: str, zone: str) -> None:
    assert timezone_in_header(name) == zone
    find_timezone(zone)


def test_a_zone_that_a_name_says_counts() -> None:
    assert format_utc(parse_signup_date("2024-05-01 10:00", ASK, find_timezone("UTC-05:00"))) == "2024-05-01T15:00:00Z"
