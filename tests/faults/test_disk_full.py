"""A disk that is full: nothing leaves, it is said what to do, and once there is room the run goes on by itself."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tests.chaos.server import FlakyServer
from tests.journeys.jobs import ACCOUNT, check, outcomes

ROWS = 400

# The limit on a file's size is the operating system's own; a write beyond it fails as on a full disk.
_PROGRAM = """
import asyncio, resource, signal, sys, threading
from pathlib import Path
from tests.chaos.sender import deliver, shorten_clock
from trackly_desktop.delivery import journal_retry
shorten_clock()
journal_retry.BETWEEN_WRITES = 0.1
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
journal, run = Path(sys.argv[1]), int(sys.argv[2])
_soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
size = max(one.stat().st_size for one in journal.parent.glob(journal.name + "*"))
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 60_000, hard))
def make_room():
    sys.stdin.readline()
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
threading.Thread(target=make_room, daemon=True).start()
print(asyncio.run(deliver(journal, run, sys.argv[3])))
"""


def test_nothing_leaves_while_there_is_no_room_and_all_goes_on_once_there_is(
    journal_path: Path, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("Phone\n" + "".join(f"+1415{2_000_000 + number}\n" for number in range(ROWS)))
    with FlakyServer(1, trouble=0.0, delay=0.005) as server:
        run = check(journal_path, file, server.address).run
        program = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(journal_path), str(run), ACCOUNT],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        asked = _once_it_stands_still(server)
        assert 0 < asked < ROWS
        out, said = program.communicate("room\n", timeout=60)
        assert out.strip() == "finished", said[-2000:]
        assert server.account.applied.total() == len(server.account.applied) == ROWS
    assert outcomes(journal_path, run) == {"created": ROWS}


def _once_it_stands_still(server: FlakyServer) -> int:
    """How many requests have come, once none has for a second."""
    before, since = -1, time.monotonic()
    while time.monotonic() - since < 1.0 or before < 1:
        now = server.account.asked.total()
        if now != before:
            before, since = now, time.monotonic()
        time.sleep(0.05)
    return before
