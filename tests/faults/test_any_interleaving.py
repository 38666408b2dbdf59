"""Any interleaving of sending, failing, stopping, leaving, a wrong key and an operator's decisions keeps the promise."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.chaos.server import FlakyServer
from tests.conftest import LIST
from tests.journeys.jobs import ACCOUNT, QUICK, check, rows_of, run_of
from trackly_desktop.accounts.credentials import CredentialStore
from trackly_desktop.delivery import engine, retry_policy
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.journal.import_options import Duplicates
from trackly_desktop.journal.resolutions import UnknownResolution, decide_unknown, try_again
from trackly_desktop.sandbox import KEY
from trackly_desktop.service.import_service import ImportService

ROWS = 40
FORCED = {"list_number": LIST, "use_journeys": "yes", "skip_journey_if_exists": "no"}
SAFE = {"list_number": LIST, "use_journeys": "yes"}
LEAVINGS = ("cancel", "quit", "abandon", "pause and go on")
ACTIONS = st.one_of(
    st.tuples(st.sampled_from(LEAVINGS), st.integers(1, 25)),
    st.tuples(st.sampled_from(("take as done", "leave", "try again", "a key that is taken away")), st.just(0)),
)


@pytest.fixture(autouse=True, scope="module")
def _no_long_waits() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retry_policy, "AFTER_SLOW", 0.01)
        patch.setattr(retry_policy, "BEFORE_LOOK_UP", 0.01)
        patch.setattr(retry_policy, "FIRST_DELAY", 0.005)
        patch.setattr(retry_policy, "FREE_RETRIES", 10_000)
        patch.setattr(engine, "AFTER_UNKNOWN", 0.01)
        patch.setattr(engine, "_BETWEEN_LOOKS", 0.01)
        yield


async def deliver(journal: Path, run: int, leaving: str = "", requests: int = 0, key: str = KEY) -> None:
    """Delivers to the end, or until so many more requests were made, and then leaves in this way."""
    keys = CredentialStore()
    keys.set_for_session(ACCOUNT, key)
    session = ImportService(journal, keys, timeouts=QUICK)
    held: list[Delivery] = []
    until = run_of(journal, run).requests + requests

    def leave() -> None:
        if not leaving or held[0].progress().requests < until:
            return
        if leaving == "pause and go on":
            held[0].pause()
            held[0].go_on()
        elif leaving == "cancel":
            held[0].cancel()
        else:
            held[0].quit()
            if leaving == "abandon":
                held[0].abandon()

    await session.deliver(run, begun=held.append, on_turn=leave)
    await session.close()


def act(journal: Path, run: int, action: tuple[str, int]) -> None:
    name, number = action
    if name in LEAVINGS:
        asyncio.run(deliver(journal, run, name, number))
    elif name == "a key that is taken away":
        asyncio.run(deliver(journal, run, key=""))
    elif name == "try again":
        try_again(journal, run)
    else:
        decide_unknown(journal, run, UnknownResolution(name))


def the_promise_holds(journal: Path, run: int, server: FlakyServer) -> None:
    rows = rows_of(journal, run)
    kept = run_of(journal, run)
    assert len(rows) == kept.rows == ROWS
    counted = Counter(row.outcome for row in rows)
    assert {one: n for one, n in kept.counts.items() if n} == dict(counted)
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
        run = check(journal, file, server.address, fixed=fixed, duplicates=Duplicates.EACH).run
        for action in actions:
            act(journal, run, action)
            the_promise_holds(journal, run, server)
        asyncio.run(deliver(journal, run))
        the_promise_holds(journal, run, server)
        left = Counter(str(row.outcome) for row in rows_of(journal, run))
        assert left["pending"] == left["sending"] == 0
