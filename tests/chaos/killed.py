"""A run whose program is ended again and again, and continued each time."""

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
    """A kind of chaos: rows, server, program, and how the program is ended."""

    name: str
    trouble: float = 0.15
    forced: bool = False
    supports_lookup: bool = False
    programs: int = 1
    """Number of programs that try to deliver the run at once."""
    window: bool = False
    """The window instead of a command; it is closed as by a logout, or killed."""
    undo: bool = False
    """The run undoes another, which was delivered without failures."""


@dataclass(frozen=True)
class Result:
    """Final state of a run and of its server."""

    outcomes: dict[str, str]
    account: ServersAccount
    kills: int
    integrity: str
    """Result of SQLite's integrity check."""
    counts: dict[str, int]
    """Counts as the run has them."""


def run_with_kills(kind: Kind, seed: int, rows: int, kills: int, *, delay: float = 0.05) -> Result:
    """End a run's program at random times, at most so often, until the run is done."""
    chance = random.Random(seed)
    with (
        tempfile.TemporaryDirectory() as folder,
        FlakyServer(seed, trouble=0.0, supports_lookup=kind.supports_lookup, delay=delay) as server,
    ):
        home = Path(folder)
        journal = home / "data" / "trackly-desktop" / "journal.sqlite"
        journal.parent.mkdir(parents=True)
        file = home / "people.csv"
        file.write_text("Phone,Number\n" + "".join(f"{phone},{index}\n" for index, phone in enumerate(people(rows))))
        run_id = check(journal, file, server.address, fixed=_FORCED if kind.forced else _SAFE, in_flight=16).run_id
        if kind.undo:
            server.account.applied.update(people(rows)[::ALREADY_ON_LIST])
            deliver(journal, run_id)
            run_id = create_undo_run(journal, run_id, "")
        server.set_trouble(kind.trouble)
        _write_account(home, server.address)
        killed = 0
        while not _is_done(journal, run_id):
            killed += _run_programs(kind, home, run_id, chance, is_last=killed >= kills)
        counts = json.loads(_query(journal, "SELECT counts FROM runs WHERE run = ?", run_id)[0][0])
        return Result(_outcomes(journal, run_id), server.account, killed, _integrity(journal), counts)


ALREADY_ON_LIST = 4
"""One in so many people of a run that is undone was on the list before."""


def people(rows: int) -> list[str]:
    """Return the phone numbers of a run."""
    return [f"+1415{2_000_000 + number}" for number in range(rows)]


def _run_programs(kind: Kind, home: Path, run_id: int, chance: random.Random, *, is_last: bool) -> int:
    """Start the programs, and end one after the other. Return how many were ended."""
    programs = [_start(kind, home, run_id) for _ in range(kind.programs)]
    chance.shuffle(programs)  # a program that waits for the one that is killed continues at once
    return sum(_end(kind, program, chance, is_last=is_last) for program in programs)


def _end(kind: Kind, program: subprocess.Popen[bytes], chance: random.Random, *, is_last: bool) -> int:
    first, longest = (0.5, 2.0) if kind.window else (0.3, 0.9)
    try:
        _out, errors = program.communicate(timeout=300 if is_last else chance.uniform(first, longest))
    except subprocess.TimeoutExpired:
        program.send_signal(chance.choice((signal.SIGKILL, signal.SIGTERM)) if kind.window else signal.SIGKILL)
        program.communicate(timeout=300)
        return 1
    assert program.returncode == 0, errors.decode()[-2000:]
    return 0


def _start(kind: Kind, home: Path, run_id: int) -> subprocess.Popen[bytes]:
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("DATA", "CONFIG", "STATE", "CACHE")}
    quiet = {"QT_QPA_PLATFORM": "offscreen", "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    journal = home / "data" / "trackly-desktop" / "journal.sqlite"
    words = (
        ["tests.chaos.window", str(run_id), ACCOUNT]
        if kind.window
        else ["tests.chaos.sender", str(journal), str(run_id), ACCOUNT]
    )
    return subprocess.Popen(
        [sys.executable, "-m", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ | folders | quiet,
    )


def _write_account(home: Path, address: str) -> None:
    accounts = Accounts(home / "config" / "trackly-desktop" / "accounts.json")
    (home / "config" / "trackly-desktop").mkdir(parents=True)
    accounts.upsert(Account(id=ACCOUNT, name="Acme", base_url=address))
    accounts.select(ACCOUNT)
    accounts.save()


def broken_promises(kind: Kind, result: Result, rows: int) -> list[str]:
    """Return the broken promises, as sentences."""
    broken = _inconsistencies(result)
    return broken + (_wrongly_undone(result, rows) if kind.undo else _lost_or_doubled(kind, result, rows))


def _inconsistencies(result: Result) -> list[str]:
    broken = []
    counts = Counter(result.outcomes.values())
    if left := counts["pending"] + counts["sending"]:
        broken.append(f"{left} rows were never settled")
    if {outcome: count for outcome, count in result.counts.items() if count} != dict(counts):
        broken.append(f"the run says {result.counts}, its rows {dict(counts)}")
    if result.integrity != "ok":
        broken.append(f"the journal is damaged: {result.integrity}")
    return broken


def _lost_or_doubled(kind: Kind, result: Result, rows: int) -> list[str]:
    broken = []
    if len(result.outcomes) != rows:
        broken.append(f"{rows - len(result.outcomes)} rows are gone")
    applied = result.account.applied
    lost = [phone for phone in applied if result.outcomes.get(phone) not in ("created", "updated", "unknown")]
    if lost:
        broken.append(f"{len(lost)} rows were applied and are not recorded as that: {lost[:3]}")
    added = [phone for phone, outcome in result.outcomes.items() if outcome in ("created", "updated")]
    if claimed := [phone for phone in added if phone not in applied]:
        broken.append(f"{len(claimed)} rows are recorded as added and never were: {claimed[:3]}")
    if twice := [phone for phone, times in result.account.enrolled.items() if times > 1]:
        broken.append(f"{len(twice)} people were enrolled twice: {twice[:3]}")
    if kind.forced and (repeated := [phone for phone, times in applied.items() if times > 1]):
        broken.append(f"{len(repeated)} rows that could text twice were applied twice: {repeated[:3]}")
    if result.account.overlaps:
        broken.append(f"{result.account.overlaps} requests overlapped another for the same person")
    return broken


def _wrongly_undone(result: Result, rows: int) -> list[str]:
    before = set(people(rows)[::ALREADY_ON_LIST])
    newly, off = set(people(rows)) - before, set(result.account.taken_off)
    broken = []
    if wrong := off & before:
        broken.append(f"{len(wrong)} people who were on the list before were taken off: {sorted(wrong)[:3]}")
    if left := newly - off:
        broken.append(f"{len(left)} people were left on the list: {sorted(left)[:3]}")
    if set(result.outcomes) != newly:
        broken.append("the run is not about those who were newly added")
    return broken


def _is_done(journal: Path, run_id: int) -> bool:
    return bool(_query(journal, "SELECT state = 'finished' FROM runs WHERE run = ?", run_id)[0][0])


def _outcomes(journal: Path, run_id: int) -> dict[str, str]:
    rows = _query(journal, "SELECT phone, outcome FROM rows WHERE key >> 32 = ?", run_id)
    return {row_codec.phone_of(phone): str(row_codec.OUTCOME_OF[outcome]) for phone, outcome in rows}


def _integrity(journal: Path) -> str:
    return str(_query(journal, "PRAGMA integrity_check")[0][0])


def _query(journal: Path, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(journal, timeout=10)
    try:
        return connection.execute(statement, parameters).fetchall()
    finally:
        connection.close()
