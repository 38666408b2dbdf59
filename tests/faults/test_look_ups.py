"""Look-ups settle unknown rows where they can be believed; nobody is enrolled twice, however late or odd the answers are."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.chaos.server import FlakyServer
from tests.conftest import LIST
from tests.journeys.jobs import check, deliver, rows_of
from trackly_desktop.delivery import engine, retry_policy
from trackly_desktop.journal.import_options import Duplicates

FORCED = {"list_number": LIST, "use_journeys": "yes", "skip_journey_if_exists": "no"}
SCALE = 0.05
"""A second of the policy, in seconds: 3 s before a look-up are 0.15 s here, 5 s between two 0.25 s."""
LATE = 3.0 * SCALE


@pytest.fixture(autouse=True, scope="module")
def _scaled() -> object:
    with pytest.MonkeyPatch.context() as patch:
        for module, name in (
            (retry_policy, "AFTER_SLOW"),
            (retry_policy, "BEFORE_LOOK_UP"),
            (retry_policy, "FIRST_DELAY"),
            (engine, "_BETWEEN_LOOKS"),
            (engine, "AFTER_UNKNOWN"),
        ):
            patch.setattr(module, name, getattr(module, name) * SCALE)
        patch.setattr(retry_policy, "FREE_RETRIES", 10_000)
        yield


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 10_000),
    trouble=st.sampled_from((0.1, 0.4)),
    late=st.sampled_from((0.0, LATE * 0.5, LATE, LATE + 3.0 * SCALE)),
    lies=st.sampled_from((0.0, 0.3, 1.0)),
    supports_lookup=st.booleans(),
)
def test_nobody_is_enrolled_twice_however_late_or_odd_the_answers_are(
    seed: int, trouble: float, late: float, lies: float, supports_lookup: bool
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        FlakyServer(seed, trouble=trouble, supports_lookup=supports_lookup, late=late, lies=lies) as server,
    ):
        journal, file = Path(folder) / "journal.sqlite", Path(folder) / "people.csv"
        people = [f"+1415{2_000_000 + number}" for number in range(24)]
        file.write_text("Phone\n" + "\n".join(people) + "\n")
        run = check(journal, file, server.address, fixed=FORCED, duplicates=Duplicates.EACH).run
        deliver(journal, run)
        outcomes = {row.phone: str(row.outcome) for row in rows_of(journal, run)}
    account = server.account
    assert max(account.enrolled.values(), default=0) <= 1
    assert {outcomes[phone] for phone in account.applied} <= {"created", "updated", "unknown"}
    assert {phone for phone, one in outcomes.items() if one == "created"} <= set(account.applied)
    assert max(account.applied.values(), default=0) <= 1


def test_who_appears_three_seconds_after_the_look_up_is_found_by_the_second_and_not_sent_again() -> None:
    with tempfile.TemporaryDirectory() as folder, FlakyServer(4, trouble=1.0, supports_lookup=True, late=0.0) as server:
        server.always("cut after", late=retry_policy.BEFORE_LOOK_UP + LATE)
        journal, file = Path(folder) / "journal.sqlite", Path(folder) / "people.csv"
        file.write_text("Phone\n+14152000001\n")
        run = check(journal, file, server.address, fixed=FORCED).run
        deliver(journal, run)
        [row] = rows_of(journal, run)
    assert (str(row.outcome), row.note) == ("created", "No answer came; found there")
    assert server.account.asked["+14152000001"] == server.account.enrolled["+14152000001"] == 1
