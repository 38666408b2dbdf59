"""A run that is killed again and again, and taken up each time, until it is done."""

from __future__ import annotations

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

from tests.imports.jobs import ACCOUNT, check
from tests.torture.server import Account, FlakyServer
from trackly_desktop.imports.journal import packing

LIST = "+18005551234"
_SAFE = {"list_number": LIST, "use_journeys": "yes"}
_FORCED = _SAFE | {"skip_journey_if_exists": "no"}


@dataclass(frozen=True)
class Result:
    """What a tortured run came to."""

    outcomes: dict[str, str]
    account: Account
    kills: int
    whole: str


def torture(
    seed: int,
    rows: int,
    kills: int,
    *,
    trouble: float,
    forced: bool = False,
    look_ups: bool = False,
    delay: float = 0.05,
) -> Result:
    """Kills the run's program at random moments, at most so often, and then lets it end."""
    chance = random.Random(seed)
    with (
        tempfile.TemporaryDirectory() as folder,
        FlakyServer(seed, trouble=trouble, look_ups=look_ups, delay=delay) as server,
    ):
        journal, file = Path(folder) / "journal.sqlite", Path(folder) / "people.csv"
        lines = (f"+1415{2_000_000 + number},{number}\n" for number in range(rows))
        file.write_text("Phone,Number\n" + "".join(lines))
        run = check(journal, file, server.address, fixed=_FORCED if forced else _SAFE, in_flight=16).run
        killed = 0
        while not _is_done(journal, run):
            program = subprocess.Popen(
                [sys.executable, "-m", "tests.torture.sender", str(journal), str(run), ACCOUNT],
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            )  # fmt: skip
            try:
                _out, said = program.communicate(timeout=chance.uniform(0.3, 0.9) if killed < kills else 300)
                assert program.returncode == 0, said.decode()[-2000:]
            except subprocess.TimeoutExpired:
                program.send_signal(signal.SIGKILL)
                program.communicate()
                killed += 1
        return Result(_outcomes(journal, run), server.account, killed, _integrity(journal))


def broken_promises(result: Result, rows: int, *, forced: bool) -> list[str]:
    """What of the promise was not kept; empty where all was."""
    found = []
    counts = Counter(result.outcomes.values())
    if len(result.outcomes) != rows:
        found.append(f"{rows - len(result.outcomes)} rows are gone")
    if left := counts["pending"] + counts["sending"]:
        found.append(f"{left} rows were never settled")
    applied = result.account.applied
    lost = [phone for phone in applied if result.outcomes.get(phone) not in ("created", "updated", "unknown")]
    if lost:
        found.append(f"{len(lost)} rows were applied and are not recorded as that: {lost[:3]}")
    claimed = [
        phone for phone, one in result.outcomes.items() if one in ("created", "updated") and phone not in applied
    ]
    if claimed:
        found.append(f"{len(claimed)} rows are recorded as added and never were: {claimed[:3]}")
    twice = [phone for phone, times in result.account.enrolled.items() if times > 1]
    if twice:
        found.append(f"{len(twice)} people were enrolled twice: {twice[:3]}")
    if forced and (again := [phone for phone, times in applied.items() if times > 1]):
        found.append(f"{len(again)} rows that could text twice were applied twice: {again[:3]}")
    if result.whole != "ok":
        found.append(f"the journal is damaged: {result.whole}")
    return found


def _is_done(journal: Path, run: int) -> bool:
    return bool(_ask(journal, "SELECT state = 'finished' FROM runs WHERE run = ?", run)[0][0])


def _outcomes(journal: Path, run: int) -> dict[str, str]:
    found = _ask(journal, "SELECT phone, outcome FROM rows WHERE key >> 32 = ?", run)
    return {packing.phone_of(phone): str(packing.OUTCOME_OF[outcome]) for phone, outcome in found}


def _integrity(journal: Path) -> str:
    return str(_ask(journal, "PRAGMA integrity_check")[0][0])


def _ask(journal: Path, question: str, *given: object) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(journal, timeout=10)
    try:
        return connection.execute(question, given).fetchall()
    finally:
        connection.close()
