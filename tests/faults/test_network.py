"""The network gone, the machine asleep, the clock moved: the run continues."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.sender import TIMEOUTS
from tests.chaos.server import FlakyServer
from tests.delivery.policies import FAST
from tests.faults.server import ACCEPTED, OddServer, Slow, answer
from tests.journeys.jobs import ACCOUNT, QUICK, check, deliver, outcomes, progress_of, run_of
from trackly_desktop.api.replies import ConnectionFault
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.delivery.retry_policy import RetryPolicy
from trackly_desktop.delivery.waits import Wait, WaitReason
from trackly_desktop.journal.models import RunCounts, SendMark, State
from trackly_desktop.journal.run_store import Journal
from trackly_desktop.messages import wait_text

Write = Callable[..., Path]
PEOPLE = [f"+1415{2_000_000 + number}" for number in range(120)]
NOON = datetime(2026, 5, 3, 12, 0, 0)


def probing_every(seconds: float) -> RetryPolicy:
    return replace(FAST, first_probe_delay=seconds, max_probe_delay=seconds)


def text_of_wait(seconds: float) -> str:
    return wait_text(
        Wait(WaitReason.NETWORK, seconds, {"fault": ConnectionFault.CONNECTION_REFUSED, "detail": ""}), NOON
    )


def test_a_wait_is_shown_with_the_time_of_the_next_try() -> None:
    reason = "Waiting for the network: No connection to the server (refused)"
    assert text_of_wait(30) == f"{reason}; the next try is at 12:00:30"
    assert text_of_wait(86_400) == f"{reason}; the next try is at 2026-05-04 12:00:00"
    assert text_of_wait(1e11).startswith(f"{reason}; the next try is at 2036-")
    assert text_of_wait(0.2) == reason
    assert wait_text(None, NOON) == ""


def test_a_run_waits_for_a_network_that_is_gone_and_continues_by_itself(journal_path: Path, write: Write) -> None:
    with OddServer(answer(404), ACCEPTED) as first:
        port = first.port
        run_id = check(journal_path, write("Phone", *PEOPLE), first.address, in_flight=4).run_id
        back: list[OddServer] = []

        def cut(delivery: Delivery) -> None:
            progress = delivery.progress()
            if progress.requests > 20 and not first.is_closed:
                first.close()
            if progress.wait and not back:
                back.append(OddServer(ACCEPTED, port=port))

        history = progress_of(journal_path, run_id, cut, policy=probing_every(0.2))
        back[0].close()
    texts = [wait_text(progress.wait, NOON) for progress in history]
    assert any(text.startswith("Waiting for the network: No connection") for text in texts)
    assert texts[-1] == ""
    assert run_of(journal_path, run_id).state is State.FINISHED
    assert outcomes(journal_path, run_id) == {"created": len(PEOPLE)}


def test_a_pause_that_the_server_asks_for_is_shown_with_its_end(journal_path: Path, write: Write) -> None:
    with OddServer(answer(404), answer(429, b"", Retry_After="2"), ACCEPTED) as server:
        run_id = check(journal_path, write("Phone", *PEOPLE[:3]), server.address, in_flight=1).run_id
        waits = [progress.wait for progress in progress_of(journal_path, run_id)]
    assert any(wait and wait.reason is WaitReason.SERVER_PAUSE and 1 < wait.seconds <= 2 for wait in waits)
    assert wait_text(Wait(WaitReason.SERVER_PAUSE), NOON) == "Trackly asked for a pause"
    assert run_of(journal_path, run_id).state is State.FINISHED


def test_a_server_name_is_resolved_again_for_each_connection(
    journal_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This machine's names cannot be moved: one answer of the resolver is invented."""
    real = socket.getaddrinfo
    address = ["127.0.0.1"]

    def resolve(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        return real(address[0] if host in ("localhost", b"localhost") else host, port, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with OddServer(answer(404), ACCEPTED) as old, OddServer(ACCEPTED, host="127.0.0.2", port=old.port) as new:
        run_id = check(journal_path, write("Phone", *PEOPLE), f"http://localhost:{old.port}", in_flight=4).run_id

        def move(delivery: Delivery) -> None:
            if delivery.progress().requests > 20 and not old.is_closed:
                address[0] = "127.0.0.2"
                old.close()

        assert deliver(journal_path, run_id, move, policy=probing_every(0.1)).state is State.FINISHED
        assert len(new.bodies) > 50
    assert outcomes(journal_path, run_id) == {"created": len(PEOPLE)}


@pytest.mark.parametrize("hours", [-30, 30])
def test_a_wall_clock_that_is_moved_changes_no_delay(
    journal_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    arrivals: list[float] = []
    gap = 0.6
    real, real_ns = time.time, time.time_ns

    def move_clock(_request: bytes) -> bytes | Slow:
        arrivals.append(time.monotonic())
        if len(arrivals) == 1:
            monkeypatch.setattr(time, "time", lambda: real() + hours * 3600)
            monkeypatch.setattr(time, "time_ns", lambda: real_ns() + hours * 3_600_000_000_000)
            return Slow(QUICK.read + 0.2)  # no answer in time: a repeat waits for the slow server
        return ACCEPTED

    with OddServer(answer(404), move_clock) as server:
        run_id = check(journal_path, write("Phone", PEOPLE[0]), server.address).run_id
        assert deliver(journal_path, run_id, policy=replace(FAST, after_timeout=gap)).state is State.FINISHED
    assert len(arrivals) == 2
    assert QUICK.read + gap <= arrivals[1] - arrivals[0] < QUICK.read + gap + 5


def test_after_a_kill_a_row_of_unknown_end_waits_whatever_the_wall_clock_says(
    journal_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OddServer(answer(404), ACCEPTED) as server:
        run_id = check(journal_path, write("Phone", PEOPLE[0]), server.address).run_id
        with Journal(journal_path) as journal:
            journal.start(run_id)
            [due] = journal.pending(run_id, 0, 1)
            journal.commit_batch(run_id, [], [SendMark(due.key, confirmed_absent=False)], RunCounts({"sending": 1}, 0))
        real = time.time_ns
        monkeypatch.setattr(time, "time_ns", lambda: real() + 48 * 3_600_000_000_000)
        began = time.monotonic()
        deliver(journal_path, run_id, policy=replace(FAST, after_timeout=0.6))
    assert time.monotonic() - began >= 0.6


def test_a_date_in_retry_after_is_measured_by_the_servers_clock(journal_path: Path, write: Write) -> None:
    busy = answer(429, b"", Retry_After="Sun, 03 May 2015 12:00:01 GMT", Date="Sun, 03 May 2015 12:00:00 GMT")
    with OddServer(answer(404), busy, ACCEPTED) as server:
        run_id = check(journal_path, write("Phone", PEOPLE[0]), server.address).run_id
        began = time.monotonic()
        deliver(journal_path, run_id)
    assert 0.9 <= time.monotonic() - began < 8


@pytest.mark.skipif(sys.platform == "win32", reason="a program cannot be made to sleep there")
def test_a_run_continues_when_the_machine_wakes_up(journal_path: Path, write: Write) -> None:
    with FlakyServer(3, trouble=0.0, delay=0.02) as server:
        run_id = check(
            journal_path, write("Phone", *PEOPLE), server.address, fixed={"list_number": "+18005551234"}
        ).run_id
        program = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.sender", str(journal_path), str(run_id), ACCOUNT],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert server.wait_for_requests(30)
        program.send_signal(signal.SIGSTOP)
        longest_answer = TIMEOUTS.read + 0.5
        with pytest.raises(subprocess.TimeoutExpired):
            program.wait(longest_answer)  # on waking every wait is over
        requests = server.account.asked.total()
        assert not server.wait_for_requests(requests + 1, timeout=0.2)
        program.send_signal(signal.SIGCONT)
        out, errors = program.communicate(timeout=60)
    assert out.strip() == "finished", errors[-2000:]
    assert outcomes(journal_path, run_id).keys() <= {"created", "updated"}
    assert set(server.account.applied) == set(PEOPLE)
