"""Look-ups resolve unknown rows; nobody is enrolled twice, even by late answers."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.chaos.server import FlakyServer
from tests.conftest import LIST
from tests.journeys.jobs import check, deliver, rows_of
from trackly_desktop.contacts.issues import Note, NoteCode
from trackly_desktop.delivery.retry_policy import RetryPolicy
from trackly_desktop.journal.import_options import Duplicates

FORCED = {"list_number": LIST, "use_journeys": "yes", "skip_journey_if_exists": "no"}
SCALE = 0.05
"""Seconds in place of one second of the policy: 3 s are 0.15 s here."""
LATE = 3.0 * SCALE
_DEFAULT = RetryPolicy()
SCALED = RetryPolicy(
    first_delay=_DEFAULT.first_delay * SCALE,
    after_timeout=_DEFAULT.after_timeout * SCALE,
    before_lookup=_DEFAULT.before_lookup * SCALE,
    between_lookups=_DEFAULT.between_lookups * SCALE,
    after_unknown=_DEFAULT.after_unknown * SCALE,
    free_retries=10_000,
)


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
        run_id = check(journal, file, server.address, fixed=FORCED, duplicates=Duplicates.EACH).run_id
        deliver(journal, run_id, policy=SCALED)
        outcomes = {row.phone: str(row.outcome) for row in rows_of(journal, run_id)}
    account = server.account
    assert max(account.enrolled.values(), default=0) <= 1
    assert {outcomes[phone] for phone in account.applied} <= {"created", "updated", "unknown"}
    assert {phone for phone, outcome in outcomes.items() if outcome == "created"} <= set(account.applied)
    assert max(account.applied.values(), default=0) <= 1


def test_a_person_who_appears_after_the_first_look_up_is_found_by_the_second_and_not_sent_again() -> None:
    with tempfile.TemporaryDirectory() as folder, FlakyServer(4, trouble=1.0, supports_lookup=True, late=0.0) as server:
        server.always("cut after", late=SCALED.before_lookup + LATE)
        journal, file = Path(folder) / "journal.sqlite", Path(folder) / "people.csv"
        file.write_text("Phone\n+14152000001\n")
        run_id = check(journal, file, server.address, fixed=FORCED).run_id
        deliver(journal, run_id, policy=SCALED)
        [row] = rows_of(journal, run_id)
    assert (str(row.outcome), row.note) == ("created", Note(NoteCode.FOUND_ON_LIST))
    assert server.account.asked["+14152000001"] == server.account.enrolled["+14152000001"] == 1
