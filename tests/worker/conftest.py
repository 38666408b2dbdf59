"""A real worker on a journal of its own, with an account on the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.conftest import Practice
from trackly_desktop.accounts.accounts import Account, new_account
from trackly_desktop.sandbox import KEY
from trackly_desktop.worker import ApiWorker

WAIT = 20_000
"""Milliseconds that a signal may take on a busy machine."""


@pytest.fixture
def worker(qtbot: QtBot, journal_path: Path) -> Iterator[ApiWorker]:
    """A worker that runs until the test ends."""
    worker = ApiWorker(journal_path)
    worker.start()
    yield worker
    worker.stop()
    assert worker.wait(WAIT)


@pytest.fixture
def account(qtbot: QtBot, worker: ApiWorker, practice: Practice) -> Account:
    """An account whose key the worker has for this session."""
    account = new_account("Acme", practice.address)
    with qtbot.waitSignal(worker.accounts.key_stored, timeout=WAIT):
        worker.accounts.store_key(account, KEY)
    return account
