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
    possible_forms,
    read_moment,
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
    ],
)
def test_a_date_is_sent_in_utc(text: str, form: str, sent: str) -> None:
    assert as_sent(read_moment(text, form, BERLIN)) == sent


def test_a_date_that_could_be_two_is_never_guessed() -> None:
    with pytest.raises(MomentProblem, match="could be day and month or month and day"):
        read_moment("03/04/2025", ASK, BERLIN)


@pytest.mark.parametrize("text", ["soon", "2025-02-30", "15/15/2025", "2025"])
def test_what_is_no_date_says_how_to_write_one(text: str) -> None:
    with pytest.raises(MomentProblem):
        read_moment(text, ASK, BERLIN)


def test_one_date_of_a_column_can_settle_the_form_of_all() -> None:
    assert possible_forms("15/03/2025") == {DAY_FIRST}
    assert possible_forms("03/15/2025") == {MONTH_FIRST}
    assert possible_forms("03/04/2025") == {DAY_FIRST, MONTH_FIRST}
    assert is_ambiguous("03/04/2025")
    assert not is_ambiguous("04/04/2025")
