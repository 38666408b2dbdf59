"""Any interleaving of failures, commands and decisions keeps the promise."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.chaos.server import FlakyServer
from tests.conftest import LIST
from tests.delivery.policies import UNBUDGETED
from tests.journeys.jobs import check, deliver, rows_of, run_of
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.journal.import_options import Duplicates
from trackly_desktop.journal.resolutions import UnknownResolution, resolve_unknown, retry_refused

ROWS = 40
POLICY = replace(
    UNBUDGETED, first_delay=0.005, after_timeout=0.01, before_lookup=0.01, between_lookups=0.01, after_unknown=0.01
)
FORCED = {"list_number": LIST, "use_journeys": "yes", "skip_journey_if_exists": "no"}
SAFE = {"list_number": LIST, "use_journeys": "yes"}
COMMANDS = ("cancel", "quit", "abandon", "pause and resume")
ACTIONS = st.one_of(
    st.tuples(st.sampled_from(COMMANDS), st.integers(1, 25)),
    st.tuples(st.sampled_from(("take as done", "leave", "try again", "deliver without a key")), st.just(0)),
)


def deliver_and_interrupt(journal: Path, run_id: int, command: str, requests: int) -> None:
    """Deliver until so many more requests were made, and then give this command."""
    last = run_of(journal, run_id).requests + requests

    def interrupt(delivery: Delivery) -> None:
        if delivery.progress().requests < last:
            return
        control = delivery.control
        if command == "pause and resume":
            control.pause()
            control.resume()
        elif command == "cancel":
            control.cancel()
        else:
            control.quit()
            if command == "abandon":
                control.abandon()

    deliver(journal, run_id, interrupt, policy=POLICY)


def act(journal: Path, run_id: int, action: tuple[str, int]) -> None:
    name, requests = action
    if name in COMMANDS:
        deliver_and_interrupt(journal, run_id, name, requests)
    elif name == "deliver without a key":
        deliver(journal, run_id, key="", policy=POLICY)
    elif name == "try again":
        retry_refused(journal, run_id)
    else:
        resolve_unknown(journal, run_id, UnknownResolution(name))


def assert_promise(journal: Path, run_id: int, server: FlakyServer) -> None:
    rows = rows_of(journal, run_id)
    run = run_of(journal, run_id)
    assert len(rows) == run.rows == ROWS
    counted = Counter(row.outcome for row in rows)
    assert {outcome: count for outcome, count in run.counts.items() if count} == dict(counted)
    account = server.account
    for row in rows:
        if str(row.outcome) == "refused":
            assert row.phone not in account.applied
        if str(row.outcome) == "created":
            assert row.phone in account.applied
    assert max(account.enrolled.values(), default=0) <= 1


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    actions=st.lists(ACTIONS, max_size=7),
    seed=st.integers(0, 1_000),
    forced=st.booleans(),
    supports_lookup=st.booleans(),
)
def test_whatever_happens_in_whatever_order_no_row_is_lost_and_nobody_enrolled_twice(
    actions: list[tuple[str, int]], seed: int, forced: bool, supports_lookup: bool
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        FlakyServer(seed, trouble=0.2, supports_lookup=supports_lookup, delay=0.002) as server,
    ):
        journal, file = Path(folder) / "journal.sqlite", Path(folder) / "people.csv"
        file.write_text("Phone\n" + "".join(f"+1415{2_000_000 + number}\n" for number in range(ROWS)))
        fixed = FORCED if forced else SAFE
        run_id = check(journal, file, server.address, fixed=fixed, duplicates=Duplicates.EACH).run_id
        for action in actions:
            act(journal, run_id, action)
            assert_promise(journal, run_id, server)
        deliver(journal, run_id, policy=POLICY)
        assert_promise(journal, run_id, server)
        left = Counter(str(row.outcome) for row in rows_of(journal, run_id))
        assert left["pending"] == left["sending"] == 0
