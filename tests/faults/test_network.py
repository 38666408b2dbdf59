"""The network gone, the machine asleep, the clock moved: it waits, says until when, and goes on by itself."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.server import FlakyServer
from tests.faults.server import ACCEPTED, OddServer, answer
from tests.journeys.jobs import ACCOUNT, QUICK, check, deliver, outcomes
from trackly_desktop.accounts.credentials import CredentialStore
from trackly_desktop.delivery import retry_policy
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.delivery.progress import RunProgress
from trackly_desktop.journal.models import State
from trackly_desktop.messages import wait_text
from trackly_desktop.sandbox import KEY
from trackly_desktop.service.import_service import ImportService

pytestmark = pytest.mark.usefixtures("short_clock")
Write = Callable[..., Path]
PEOPLE = [f"+1415{2_000_000 + number}" for number in range(120)]
NOON = datetime(2026, 5, 3, 12, 0, 0)


def waits(seconds: float) -> str:
    return wait_text(RunProgress(1, 1, {}, 0, 0, 0, False, "Waiting for the network", seconds), NOON)


def test_it_says_until_when_it_waits() -> None:
    assert waits(30) == "Waiting for the network; the next try is at 12:00:30"
    assert waits(86_400) == "Waiting for the network; the next try is at 2026-05-04 12:00:00"
    assert waits(1e11).startswith("Waiting for the network; the next try is at 2036-")
    assert waits(0.2) == "Waiting for the network"


def seen_while(journal: Path, run: int, act: Callable[[Delivery], None]) -> list[RunProgress]:
    """Delivers to the end; what was told meanwhile. `act` is called after each turn."""
    told: list[RunProgress] = []

    async def live() -> None:
        keys = CredentialStore()
        keys.set_for_session(ACCOUNT, KEY)
        session = ImportService(journal, keys, timeouts=QUICK)
        held: list[Delivery] = []

        def on_turn() -> None:
            told.append(held[0].progress())
            act(held[0])

        end = await session.deliver(run, begun=held.append, on_turn=on_turn)
        assert end.state is State.FINISHED
        await session.close()

    asyncio.run(live())
    return told


def test_a_network_that_is_gone_is_waited_for_in_words_and_comes_back_by_itself(
    journal_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry_policy, "probe_delay", lambda _failures: 0.2)
    with OddServer(answer(404), ACCEPTED) as first:
        port = first.port
        run = check(journal_path, write("Phone", *PEOPLE), first.address, in_flight=4).run
        back: list[OddServer] = []

        def cut(delivery: Delivery) -> None:
            progress = delivery.progress()
            if progress.requests > 20 and not first.is_closed:
                first.close()
            if progress.wait_reason and not back:
                back.append(OddServer(ACCEPTED, port=port))

        told = seen_while(journal_path, run, cut)
        back[0].close()
    assert any(wait_text(one, NOON).startswith("Waiting for the network: No connection") for one in told)
    assert told[-1].wait_reason == ""
    assert outcomes(journal_path, run) == {"created": len(PEOPLE)}


def test_a_pause_that_was_asked_for_is_shown_with_its_end(journal_path: Path, write: Write) -> None:
    with OddServer(answer(404), answer(429, b"", Retry_After="2"), ACCEPTED) as server:
        run = check(journal_path, write("Phone", *PEOPLE[:3]), server.address, in_flight=1).run
        told = seen_while(journal_path, run, lambda _delivery: None)
    assert any(one.wait_reason == "Trackly asked for a pause" and 1 < one.seconds <= 2 for one in told)


def test_a_servers_name_that_moves_is_asked_for_anew(
    journal_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The names of this machine cannot be moved: that one answer of the resolver is made up, all else is real."""
    real = socket.getaddrinfo
    where = ["127.0.0.1"]

    def resolve(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        return real(where[0] if host in ("localhost", b"localhost") else host, port, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(retry_policy, "probe_delay", lambda _failures: 0.1)
    with OddServer(answer(404), ACCEPTED) as old, OddServer(ACCEPTED, host="127.0.0.2", port=old.port) as new:
        run = check(journal_path, write("Phone", *PEOPLE), f"http://localhost:{old.port}", in_flight=4).run

        def move(delivery: Delivery) -> None:
            if delivery.progress().requests > 20 and not old.is_closed:
                where[0] = "127.0.0.2"
                old.close()

        seen_while(journal_path, run, move)
        assert len(new.bodies) > 50
    assert outcomes(journal_path, run) == {"created": len(PEOPLE)}


@pytest.mark.parametrize("hours", [-30, 30])
def test_a_clock_that_is_moved_neither_hurries_nor_delays_anything(
    journal_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    at, gap = [], 0.6
    monkeypatch.setattr(retry_policy, "AFTER_SLOW", gap)
    real, real_ns = time.time, time.time_ns

    def cut(_request: bytes) -> bytes:
        at.append(time.monotonic())
        if len(at) == 1:
            monkeypatch.setattr(time, "time", lambda: real() + hours * 3600)
            monkeypatch.setattr(time, "time_ns", lambda: real_ns() + hours * 3_600_000_000_000)
            time.sleep(QUICK.read + 0.2)  # no answer in time: a repeat waits for the slow server
        return ACCEPTED

    with OddServer(answer(404), cut) as server:
        run = check(journal_path, write("Phone", PEOPLE[0]), server.address).run
        assert deliver(journal_path, run).state is State.FINISHED
    assert len(at) == 2
    assert QUICK.read + gap <= at[1] - at[0] < QUICK.read + gap + 5


def test_after_a_kill_a_row_in_doubt_waits_whatever_the_clock_says_by_now(
    journal_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trackly_desktop.journal.models import RunCounts, SendMark
    from trackly_desktop.journal.run_store import Journal

    monkeypatch.setattr(retry_policy, "AFTER_SLOW", 0.6)
    with OddServer(answer(404), ACCEPTED) as server:
        run = check(journal_path, write("Phone", PEOPLE[0]), server.address).run
        with Journal(journal_path) as journal:
            journal.start(run)
            [due] = journal.pending(run, 0, 1)
            journal.commit_batch(run, [], [SendMark(due.key, seen_absent=False)], RunCounts({"sending": 1}, 0))
        real = time.time_ns
        monkeypatch.setattr(time, "time_ns", lambda: real() + 48 * 3_600_000_000_000)
        began = time.monotonic()
        deliver(journal_path, run)
    assert time.monotonic() - began >= 0.6


def test_a_date_in_retry_after_is_read_by_the_servers_clock_not_by_ours(journal_path: Path, write: Write) -> None:
    busy = answer(429, b"", Retry_After="Sun, 03 May 2015 12:00:01 GMT", Date="Sun, 03 May 2015 12:00:00 GMT")
    with OddServer(answer(404), busy, ACCEPTED) as server:
        run = check(journal_path, write("Phone", PEOPLE[0]), server.address).run
        began = time.monotonic()
        deliver(journal_path, run)
    assert 0.9 <= time.monotonic() - began < 8


@pytest.mark.skipif(sys.platform == "win32", reason="a program cannot be made to sleep there")
def test_a_machine_that_sleeps_in_the_middle_goes_on_when_it_wakes(journal_path: Path, write: Write) -> None:
    with FlakyServer(3, trouble=0.0, delay=0.02) as server:
        run = check(journal_path, write("Phone", *PEOPLE), server.address, fixed={"list_number": "+18005551234"}).run
        program = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.sender", str(journal_path), str(run), ACCOUNT],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        while server.account.asked.total() < 30:
            time.sleep(0.01)  # another program's doing: nothing tells
        program.send_signal(signal.SIGSTOP)
        time.sleep(2.5)  # longer than an answer may take: on waking every wait is over
        asleep = server.account.asked.total()
        time.sleep(0.2)
        assert server.account.asked.total() == asleep
        program.send_signal(signal.SIGCONT)
        out, said = program.communicate(timeout=60)
    assert out.strip() == "finished", said[-2000:]
    assert outcomes(journal_path, run).keys() <= {"created", "updated"}
    assert set(server.account.applied) == set(PEOPLE)
