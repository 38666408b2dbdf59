"""Rows of one recipient arrive one at a time, in the file's order."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest

from tests.chaos.server import FlakyServer
from tests.delivery.policies import UNBUDGETED
from tests.journeys.jobs import check, deliver, run_of
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.journal.import_options import Duplicates
from trackly_desktop.journal.models import UNFINISHED

POLICY = replace(UNBUDGETED, after_timeout=0.02, after_unknown=0.02)


def _deliver_and_abandon(journal: Path, run_id: int, requests: int) -> None:
    """Deliver, and abandon what is in flight after so many requests, as on quitting."""

    def abandon(delivery: Delivery) -> None:
        if delivery.progress().requests >= requests:
            delivery.control.quit()
            delivery.control.abandon()

    deliver(journal, run_id, abandon, policy=POLICY)


@pytest.mark.parametrize("seed", range(6))
def test_each_persons_rows_are_applied_one_after_the_other_in_the_files_order(
    seed: int, journal_path: Path, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    people = [f"+1415{2_000_000 + number}" for number in range(12)]
    file = tmp_path / "people.csv"
    file.write_text("Phone,Position\n" + "".join(f"{chance.choice(people)},{position}\n" for position in range(150)))
    with FlakyServer(seed, trouble=0.2, delay=0.01) as server:
        run_id = check(journal_path, file, server.address, duplicates=Duplicates.EACH).run_id
        requests = 0
        while run_of(journal_path, run_id).state in UNFINISHED or not requests:
            requests += chance.randrange(20, 90)
            _deliver_and_abandon(journal_path, run_id, requests)
    for applied in server.account.order.values():
        positions = [fields["position"] for fields in applied if isinstance(fields, dict)]
        without_repeats = [position for position, _repeats in groupby(positions)]
        assert without_repeats == sorted(set(positions))
