"""Rows of one person and list never overlap and arrive in the file's order: through failures, repeats and resumes."""

from __future__ import annotations

import asyncio
import random
from itertools import groupby
from pathlib import Path

import pytest

from tests.chaos.server import FlakyServer
from tests.journeys.jobs import ACCOUNT, QUICK, check, run_of
from trackly_desktop.accounts.credentials import CredentialStore
from trackly_desktop.delivery import engine, retry_policy
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.journal.import_options import Duplicates
from trackly_desktop.journal.models import UNFINISHED
from trackly_desktop.sandbox import KEY
from trackly_desktop.service.import_service import ImportService


@pytest.fixture(autouse=True)
def _no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry_policy, "AFTER_SLOW", 0.02)
    monkeypatch.setattr(retry_policy, "FIRST_DELAY", 0.01)
    monkeypatch.setattr(retry_policy, "FREE_RETRIES", 10_000)
    monkeypatch.setattr(engine, "AFTER_UNKNOWN", 0.02)


async def _deliver_until_it_is_left(journal: Path, run: int, requests: int) -> None:
    """Delivers, and leaves what is in flight where it is after so many requests, as a window does that must close."""
    keys = CredentialStore()
    keys.set_for_session(ACCOUNT, KEY)
    session = ImportService(journal, keys, timeouts=QUICK)
    held: list[Delivery] = []

    def leave() -> None:
        if held[0].progress().requests >= requests:
            held[0].quit()
            held[0].abandon()

    await session.deliver(run, begun=held.append, on_turn=leave)
    await session.close()


@pytest.mark.parametrize("seed", range(6))
def test_each_persons_rows_are_applied_one_after_the_other_in_the_files_order(
    seed: int, journal_path: Path, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    people = [f"+1415{2_000_000 + number}" for number in range(12)]
    file = tmp_path / "people.csv"
    file.write_text("Phone,Place\n" + "".join(f"{chance.choice(people)},{place}\n" for place in range(150)))
    with FlakyServer(seed, trouble=0.2, delay=0.01) as server:
        run = check(journal_path, file, server.address, duplicates=Duplicates.EACH).run
        so_far = 0
        while run_of(journal_path, run).state in UNFINISHED or not so_far:
            so_far += chance.randrange(20, 90)
            asyncio.run(_deliver_until_it_is_left(journal_path, run, so_far))
    for applied in server.account.order.values():
        places = [one["place"] for one in applied if isinstance(one, dict)]
        in_turn = [place for place, _again in groupby(places)]
        assert in_turn == sorted(set(places))
