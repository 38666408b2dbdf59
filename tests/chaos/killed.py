"""A run that is killed again and again, and taken up each time, until it is done."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.chaos.server import Account as ServersAccount
from tests.chaos.server import FlakyServer
from tests.journeys.jobs import ACCOUNT, check, deliver
from trackly_desktop.accounts.accounts import Account, Accounts
from trackly_desktop.journal import row_codec
from trackly_desktop.journal.undo import create_undo_run

LIST = "+18005551234"
_SAFE = {"list_number": LIST, "use_journeys": "yes"}
_FORCED = _SAFE | {"skip_journey_if_exists": "no"}


@dataclass(frozen=True)
class Kind:
    """What is tortured: which rows, which server, which program, and how it is ended."""

    name: str
    trouble: float = 0.15
    forced: bool = False
    supports_lookup: bool = False
    programs: int = 1
    """How many of them try to deliver the run at once."""
    window: bool = False
    """The window instead of a command; it is also closed, as a logout does it, instead of killed."""
    back: bool = False
    """The run takes back another, which was delivered in peace."""


@dataclass(frozen=True)
class Result:
    """What a tortured run came to."""

    outcomes: dict[str, str]
    account: ServersAccount
    kills: int
    whole: str
    counts: dict[str, int]
    """As the run keeps them."""


def torture(kind: Kind, seed: int, rows: int, kills: int, *, delay: float = 0.05) -> Result:
    """Ends the run's program at random moments, at most so often, and then lets it end by itself."""
    chance = random.Random(seed)
    with (
        tempfile.TemporaryDirectory() as folder,
        FlakyServer(seed, trouble=0.0, supports_lookup=kind.supports_lookup, delay=delay) as server,
    ):
        home = Path(folder)
        journal = home / "data" / "trackly-desktop" / "journal.sqlite"
        journal.parent.mkdir(parents=True)
        file = home / "people.csv"
        file.write_text("Phone,Number\n" + "".join(f"{phone},{at}\n" for at, phone in enumerate(people(rows))))
        run = check(journal, file, server.address, fixed=_FORCED if kind.forced else _SAFE, in_flight=16).run
        if kind.back:
            server.account.applied.update(people(rows)[::THERE])
            deliver(journal, run)
            run = create_undo_run(journal, run, "")
        server.be_troublesome(kind.trouble)
        _write_account(home, server.address)
        killed = 0
        while not _is_done(journal, run):
            killed += _once(kind, home, run, chance, is_last=killed >= kills)
        counts = json.loads(_ask(journal, "SELECT counts FROM runs WHERE run = ?", run)[0][0])
        return Result(_outcomes(journal, run), server.account, killed, _integrity(journal), counts)


THERE = 4
"""Of the people of a run that is taken back, one in so many was on the list before."""


def people(rows: int) -> list[str]:
    """Whom a run is about."""
    return [f"+1415{2_000_000 + number}" for number in range(rows)]


def _once(kind: Kind, home: Path, run: int, chance: random.Random, *, is_last: bool) -> int:
    """Starts the program, or several, and ends one after the other at random moments; how many were ended."""
    running = [_start(kind, home, run) for _ in range(kind.programs)]
    chance.shuffle(running)  # whoever waits for the one that is killed goes on at once
    return sum(_end(kind, one, chance, is_last=is_last) for one in running)


def _end(kind: Kind, program: subprocess.Popen[bytes], chance: random.Random, *, is_last: bool) -> int:
    first, longest = (0.5, 2.0) if kind.window else (0.3, 0.9)
    try:
        _out, said = program.communicate(timeout=300 if is_last else chance.uniform(first, longest))
    except subprocess.TimeoutExpired:
        program.send_signal(chance.choice((signal.SIGKILL, signal.SIGTERM)) if kind.window else signal.SIGKILL)
        program.communicate(timeout=300)
        return 1
    assert program.returncode == 0, said.decode()[-2000:]
    return 0


def _start(kind: Kind, home: Path, run: int) -> subprocess.Popen[bytes]:
    places = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("DATA", "CONFIG", "STATE", "CACHE")}
    quiet = {"QT_QPA_PLATFORM": "offscreen", "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    journal = home / "data" / "trackly-desktop" / "journal.sqlite"
    words = (
        ["tests.chaos.window", str(run), ACCOUNT]
        if kind.window
        else ["tests.chaos.sender", str(journal), str(run), ACCOUNT]
    )
    return subprocess.Popen(
        [sys.executable, "-m", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ | places | quiet,
    )


def _write_account(home: Path, address: str) -> None:
    accounts = Accounts(home / "config" / "trackly-desktop" / "accounts.json")
    (home / "config" / "trackly-desktop").mkdir(parents=True)
    accounts.upsert(Account(id=ACCOUNT, name="Acme", base_url=address))
    accounts.select(ACCOUNT)
    accounts.save()


def broken_promises(kind: Kind, result: Result, rows: int) -> list[str]:
    """What of the promise was not kept; empty where all was."""
    found = _not_whole(result)
    return found + (_wrongly_taken_back(result, rows) if kind.back else _lost_or_doubled(kind, result, rows))


def _not_whole(result: Result) -> list[str]:
    found = []
    counts = Counter(result.outcomes.values())
    if left := counts["pending"] + counts["sending"]:
        found.append(f"{left} rows were never settled")
    if {one: count for one, count in result.counts.items() if count} != dict(counts):
        found.append(f"the run says {result.counts}, its rows {dict(counts)}")
    if result.whole != "ok":
        found.append(f"the journal is damaged: {result.whole}")
    return found


def _lost_or_doubled(kind: Kind, result: Result, rows: int) -> list[str]:
    found = []
    if len(result.outcomes) != rows:
        found.append(f"{rows - len(result.outcomes)} rows are gone")
    applied = result.account.applied
    lost = [phone for phone in applied if result.outcomes.get(phone) not in ("created", "updated", "unknown")]
    if lost:
        found.append(f"{len(lost)} rows were applied and are not recorded as that: {lost[:3]}")
    added = [phone for phone, one in result.outcomes.items() if one in ("created", "updated")]
    if claimed := [phone for phone in added if phone not in applied]:
        found.append(f"{len(claimed)} rows are recorded as added and never were: {claimed[:3]}")
    if twice := [phone for phone, times in result.account.enrolled.items() if times > 1]:
        found.append(f"{len(twice)} people were enrolled twice: {twice[:3]}")
    if kind.forced and (again := [phone for phone, times in applied.items() if times > 1]):
        found.append(f"{len(again)} rows that could text twice were applied twice: {again[:3]}")
    if result.account.overlaps:
        found.append(f"{result.account.overlaps} requests overlapped another for the same person")
    return found


def _wrongly_taken_back(result: Result, rows: int) -> list[str]:
    before = set(people(rows)[::THERE])
    newly, off = set(people(rows)) - before, set(result.account.taken_off)
    found = []
    if wrong := off & before:
        found.append(f"{len(wrong)} people who were on the list before were taken off: {sorted(wrong)[:3]}")
    if left := newly - off:
        found.append(f"{len(left)} people were left on the list: {sorted(left)[:3]}")
    if set(result.outcomes) != newly:
        found.append("the run is not about those who were newly added")
    return found


def _is_done(journal: Path, run: int) -> bool:
    return bool(_ask(journal, "SELECT state = 'finished' FROM runs WHERE run = ?", run)[0][0])


def _outcomes(journal: Path, run: int) -> dict[str, str]:
    found = _ask(journal, "SELECT phone, outcome FROM rows WHERE key >> 32 = ?", run)
    return {row_codec.phone_of(phone): str(row_codec.OUTCOME_OF[outcome]) for phone, outcome in found}


def _integrity(journal: Path) -> str:
    return str(_ask(journal, "PRAGMA integrity_check")[0][0])


def _ask(journal: Path, question: str, *given: object) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(journal, timeout=10)
    try:
        return connection.execute(question, given).fetchall()
    finally:
        connection.close()
