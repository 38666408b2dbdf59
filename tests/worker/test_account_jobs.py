"""Accounts and their keys in the worker."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from tests.conftest import LIST, Practice
from tests.worker.conftest import WAIT
from trackly_desktop.accounts.accounts import Account, new_account
from trackly_desktop.api.replies import KeyState
from trackly_desktop.worker import ApiWorker


def test_an_opened_account_has_the_lists_of_its_server(qtbot: QtBot, worker: ApiWorker, account: Account) -> None:
    with qtbot.waitSignal(worker.accounts.opened, timeout=WAIT) as opened:
        worker.accounts.open(account)
    [event] = opened.args
    assert (event.account, event.has_key, event.trouble) == (account, True, "")
    assert LIST in [sending_list.number for sending_list in event.lists]


def test_an_account_without_a_key_is_opened_without_lists(qtbot: QtBot, worker: ApiWorker, practice: Practice) -> None:
    with qtbot.waitSignal(worker.accounts.opened, timeout=WAIT) as opened:
        worker.accounts.open(new_account("Keyless", practice.address))
    assert (opened.args[0].has_key, opened.args[0].lists) == (False, None)


def test_a_deleted_key_is_not_used_any_more(qtbot: QtBot, worker: ApiWorker, account: Account) -> None:
    worker.accounts.delete_key(account)
    with qtbot.waitSignal(worker.accounts.opened, timeout=WAIT) as opened:
        worker.accounts.open(account)
    assert not opened.args[0].has_key


def test_a_key_is_checked_before_it_is_stored(qtbot: QtBot, worker: ApiWorker, account: Account) -> None:
    for key, state in ((None, KeyState.RIGHT), ("trk_wrong", KeyState.WRONG)):
        with qtbot.waitSignal(worker.accounts.key_checked, timeout=WAIT) as checked:
            worker.accounts.check_key(account, key)
        assert checked.args[1].state is state


def test_there_is_no_key_to_check_where_none_was_stored(qtbot: QtBot, worker: ApiWorker, practice: Practice) -> None:
    with qtbot.waitSignal(worker.accounts.key_failed, timeout=WAIT) as failed:
        worker.accounts.check_key(new_account("Keyless", practice.address))
    assert failed.args[1] == "There is no key to check; paste it first"
