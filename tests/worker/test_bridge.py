"""The thread and its loop: start, unforeseen errors, end, and imports."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.worker.conftest import WAIT
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.worker import ApiWorker
from trackly_desktop.worker.bridge import Bridge, Jobs, job


class Recorder(Jobs):
    """Jobs that record the threads they run in, and fail."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(bridge)
        self.threads: list[int] = []

    @job
    async def record(self) -> None:
        self.threads.append(threading.get_ident())

    @job
    async def fail(self, error: Exception) -> None:
        raise error


def test_jobs_posted_before_the_start_run_in_the_thread_once_it_starts(qtbot: QtBot, journal_path: Path) -> None:
    bridge = Bridge(journal_path)
    jobs = Recorder(bridge)
    jobs.record()
    assert jobs.threads == []
    bridge.start()
    qtbot.waitUntil(lambda: len(jobs.threads) == 1, timeout=WAIT)
    bridge.stop()
    assert bridge.wait(WAIT)
    assert jobs.threads != [threading.get_ident()]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("4155550120"), "Something went wrong that the program did not foresee; the log says where"),
        (JournalProblem("it is gone"), "The journal cannot be used: it is gone"),
    ],
)
def test_an_unforeseen_error_is_reported_and_later_jobs_run(
    qtbot: QtBot, worker: ApiWorker, error: Exception, words: str
) -> None:
    jobs = Recorder(worker)
    with qtbot.waitSignal(worker.failed, timeout=WAIT) as failed:
        jobs.fail(error)
    assert failed.args == [words]
    jobs.record()
    qtbot.waitUntil(lambda: len(jobs.threads) == 1, timeout=WAIT)


def test_a_worker_that_is_stopped_before_its_start_ends_at_once(qtbot: QtBot, journal_path: Path) -> None:
    worker = ApiWorker(journal_path)
    worker.stop()
    worker.start()
    assert worker.wait(WAIT)


def test_the_worker_is_made_without_http_keyring_or_phone_numbers(journal_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from trackly_desktop.worker import ApiWorker
ApiWorker(Path({str(journal_path)!r}))
heavy = ("httpx", "keyring", "phonenumbers", "starlette", "uvicorn", "multiprocessing")
print(",".join(name for name in heavy if name in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
