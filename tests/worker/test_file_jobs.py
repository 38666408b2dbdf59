"""Files in the worker: errors, the newest file alone, samples and presets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.worker.conftest import WAIT
from trackly_desktop.accounts.accounts import Account
from trackly_desktop.files.table import FormatOptions
from trackly_desktop.mapping.presets import Presets
from trackly_desktop.system import paths
from trackly_desktop.worker import ApiWorker

Write = Callable[..., Path]


def test_a_file_that_cannot_be_read_fails_with_its_reason(
    qtbot: QtBot, worker: ApiWorker, account: Account, tmp_path: Path
) -> None:
    with qtbot.waitSignal(worker.files.failed, timeout=WAIT) as failed:
        worker.files.open(tmp_path / "nothing.csv", FormatOptions(), account)
    assert failed.args[0]


def test_a_pasted_table_is_a_file_until_it_is_deleted(qtbot: QtBot, worker: ApiWorker, account: Account) -> None:
    path = paths.pasted_path()
    with qtbot.waitSignal(worker.files.opened, timeout=WAIT) as opened:
        worker.files.open_text("Phone\n+14155550220\n", path, account)
    assert (opened.args[0].file.header, opened.args[0].remembered) == (("Phone",), False)
    worker.files.delete_pasted()
    qtbot.waitUntil(lambda: not path.exists(), timeout=WAIT)


def test_only_the_newest_file_is_reported(qtbot: QtBot, worker: ApiWorker, account: Account, write: Write) -> None:
    older = write("Phone", *(f"+1415{2_000_000 + row}" for row in range(20_000)), name="older.csv")
    newer = write("Mobile", "+14155550220", name="newer.csv")
    headers: list[tuple[str, ...]] = []
    worker.files.opened.connect(lambda event: headers.append(event.file.header))
    with qtbot.waitSignal(worker.files.opened, timeout=WAIT):
        worker.files.open(older, FormatOptions(), account)
        worker.files.open(newer, FormatOptions(), account)
    assert headers == [("Mobile",)]


def test_a_sample_is_written_and_a_folder_that_is_not_there_is_reported(
    qtbot: QtBot, worker: ApiWorker, account: Account, tmp_path: Path
) -> None:
    sample = tmp_path / "sample.csv"
    with qtbot.waitSignal(worker.files.exported, timeout=WAIT) as exported:
        worker.files.save_sample(sample, account)
    assert exported.args[0] == str(sample)
    assert sample.exists()
    with qtbot.waitSignal(worker.failed, timeout=WAIT) as failed:
        worker.files.save_sample(tmp_path / "no" / "sample.csv", account)
    assert "cannot be written" in failed.args[0]


def test_a_preset_goes_to_a_colleague_and_is_applied(
    qtbot: QtBot, worker: ApiWorker, account: Account, write: Write, tmp_path: Path
) -> None:
    with qtbot.waitSignal(worker.files.opened, timeout=WAIT) as opened:
        worker.files.open(write("Phone", "+14155550220"), FormatOptions(), account)
    mapping = opened.args[0].mapping
    worker.files.save_preset("Shop", mapping)
    qtbot.waitUntil(lambda: Presets().names() == ["Shop"], timeout=WAIT)
    with qtbot.waitSignal(worker.files.exported, timeout=WAIT):
        worker.files.export_preset("Shop", tmp_path / "shop.json")
    with qtbot.waitSignal(worker.files.preset_imported, timeout=WAIT) as imported:
        worker.files.import_preset(tmp_path / "shop.json")
    with qtbot.waitSignal(worker.files.preset_applied, timeout=WAIT) as applied:
        worker.files.apply_preset(imported.args[0], mapping)
    assert applied.args == [mapping]
    with qtbot.waitSignal(worker.failed, timeout=WAIT) as failed:
        worker.files.apply_preset("Nowhere", mapping)
    assert failed.args[0].startswith("There is no preset “Nowhere”")
