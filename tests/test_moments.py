"""Signup dates as files and people write them."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest

from trackly_desktop.moments import (
    ASK,
    DAY_FIRST,
    MONTH_FIRST,
    MomentProblem,
    as_sent,
    is_ambiguous,
    is_like_moment,
    possible_forms,
    read_moment,
    zone_called,
)

BERLIN = timezone(timedelta(hours=1))


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
    assert as_sent(read_moment(text, form, BERLIN)) == sent


def test_a_date_that_could_be_two_is_never_guessed() -> None:
    with pytest.raises(MomentProblem, match="could be day and month or month and day"):
        read_moment("03/04/2025", ASK, BERLIN)


@pytest.mark.parametrize(
    "text",
    ["soon", "2025-02-30", "15/15/2025", "2025", "94110", "15 Foo 2025", "3/15/2025 25:00", "3/15/2025 13:00 PM"],
)
def test_what_is_no_date_says_how_to_write_one(text: str) -> None:
    with pytest.raises(MomentProblem):
        read_moment(text, ASK, BERLIN)


def test_one_date_of_a_column_can_settle_the_form_of_all() -> None:
    assert possible_forms("15/03/2025") == {DAY_FIRST}
    assert possible_forms("03/15/2025") == {MONTH_FIRST}
    assert possible_forms("03/04/2025") == {DAY_FIRST, MONTH_FIRST}
    assert is_ambiguous("03/04/2025")
    assert not is_ambiguous("04/04/2025")


def test_a_zone_by_an_abbreviation_that_means_several_is_not_guessed() -> None:
    with pytest.raises(MomentProblem, match="could be several"):
        read_moment("2025-03-15 14:30 IST", ASK, BERLIN)


def test_the_operators_zone_has_its_summer_time() -> None:
    zone = zone_called("America/New_York")
    assert as_sent(read_moment("2025-01-15 14:30", ASK, zone)) == "2025-01-15T19:30:00Z"
    assert as_sent(read_moment("2025-07-15 14:30", ASK, zone)) == "2025-07-15T18:30:00Z"
    with pytest.raises(MomentProblem, match="no time zone called Mars"):
        zone_called("Mars/Base")


@pytest.mark.parametrize(
    "text", ["4155550120", "415-555-0120", "94110", "203.0.113.7", "12.5", "06.12.34.56.78", "2025551234"]
)
def test_numbers_of_other_things_do_not_look_like_dates(text: str) -> None:
    assert not is_like_moment(text)
