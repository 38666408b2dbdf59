"""One contact in the worker: each request is answered by one signal with its id."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.conftest import LIST, Practice
from tests.service.parts import NEW, UNSUBSCRIBED, contact
from tests.worker.conftest import WAIT
from trackly_desktop.accounts.accounts import Account
from trackly_desktop.api.contact_lookup import MembershipStatus
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal.models import State
from trackly_desktop.worker import ApiWorker


def test_a_contact_is_added_and_its_rows_are_recorded(
    qtbot: QtBot, worker: ApiWorker, account: Account, practice: Practice
) -> None:
    recorded: list[bool] = []
    worker.rows_recorded.connect(lambda: recorded.append(True))
    with qtbot.waitSignal(worker.contacts.settled, timeout=WAIT) as settled:
        worker.contacts.add(7, account, contact(NEW))
    request_id, result = settled.args
    assert recorded
    assert (request_id, result.row.outcome) == (7, Outcome.CREATED)
    assert practice.people().keys() == {NEW}
    assert not worker.is_delivering


def test_an_unsubscribed_person_is_looked_up_and_blocked(
    qtbot: QtBot, worker: ApiWorker, account: Account, practice: Practice
) -> None:
    with qtbot.waitSignal(worker.contacts.looked_up, timeout=WAIT) as looked_up:
        worker.contacts.look_up(1, account, UNSUBSCRIBED, LIST)
    with qtbot.waitSignal(worker.contacts.blocked, timeout=WAIT) as blocked:
        worker.contacts.add(2, account, contact(UNSUBSCRIBED))
    assert (looked_up.args[0], blocked.args[0]) == (1, 2)
    assert looked_up.args[1] == blocked.args[1]
    assert blocked.args[1].membership is MembershipStatus.UNSUBSCRIBED
    assert practice.people() == {}


def test_a_journal_that_cannot_be_read_fails_the_request(
    qtbot: QtBot, worker: ApiWorker, account: Account, practice: Practice, journal_path: Path
) -> None:
    journal_path.write_bytes(b"this is no database" * 100)
    with qtbot.waitSignal(worker.contacts.failed, timeout=WAIT) as failed:
        worker.contacts.add(3, account, contact(NEW))
    assert failed.args[0] == 3
    assert "so nothing was sent" in failed.args[1]
    assert practice.people() == {}


def test_a_contact_that_waits_for_the_network_can_be_cancelled(
    qtbot: QtBot, worker: ApiWorker, account: Account
) -> None:
    unreachable = replace(account, base_url="http://127.0.0.1:9")
    with qtbot.waitSignal(worker.contacts.waiting, timeout=WAIT) as waiting:
        worker.contacts.add(4, unreachable, contact(NEW))
    with qtbot.waitSignal(worker.contacts.settled, timeout=WAIT) as settled:
        worker.contacts.cancel(4)
    assert waiting.args[0] == settled.args[0] == 4
    assert (settled.args[1].end.state, settled.args[1].row.outcome) == (State.CANCELLED, Outcome.PENDING)
