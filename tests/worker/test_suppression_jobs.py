"""The suppression list in the worker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.worker.conftest import WAIT
from trackly_desktop.accounts.accounts import Account
from trackly_desktop.worker import ApiWorker

Write = Callable[..., Path]


def test_numbers_are_added_exported_and_removed(
    qtbot: QtBot, worker: ApiWorker, account: Account, write: Write, tmp_path: Path
) -> None:
    jobs, first, second = worker.suppression, "+14155550120", "+14155550121"
    with qtbot.waitSignal(jobs.changed, timeout=WAIT) as changed:
        jobs.add(account.id, [first], "by hand")
    assert changed.args == ["1 put on the list"]
    with qtbot.waitSignal(jobs.changed, timeout=WAIT) as changed:
        jobs.add_file(account, write("Name;Phone", f"A;{first}", f"B;{second}", "C;none", name="stop.csv"))
    assert changed.args == ["1 put on the list; 1 were on it already; 1 rows have no phone number that can be read"]
    with qtbot.waitSignal(jobs.exported, timeout=WAIT) as exported:
        jobs.export(account.id, tmp_path / "list.csv")
    assert exported.args == [str(tmp_path / "list.csv"), 2]
    with qtbot.waitSignal(jobs.changed, timeout=WAIT) as changed:
        jobs.remove(account.id, [first, second])
    assert changed.args == ["2 taken off the list"]
