"""A full disk: nothing is sent until there is room, and then the run continues."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.chaos.server import FlakyServer
from tests.journeys.jobs import ACCOUNT, check, outcomes

ROWS = 400

# The limit on a file's size is the operating system's own; a write beyond it fails as on a full disk.
_PROGRAM = """
import asyncio, resource, signal, sys, threading
from pathlib import Path
from tests.chaos.sender import deliver
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
journal, run_id = Path(sys.argv[1]), int(sys.argv[2])
_soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
size = max(path.stat().st_size for path in journal.parent.glob(journal.name + "*"))
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 60_000, hard))
def make_room():
    sys.stdin.readline()
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
threading.Thread(target=make_room, daemon=True).start()
print(asyncio.run(deliver(journal, run_id, sys.argv[3])))
"""


def test_nothing_leaves_while_the_disk_is_full_and_the_run_continues_once_there_is_room(
    journal_path: Path, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("Phone\n" + "".join(f"+1415{2_000_000 + number}\n" for number in range(ROWS)))
    with FlakyServer(1, trouble=0.0, delay=0.005) as server:
        run_id = check(journal_path, file, server.address).run_id
        program = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(journal_path), str(run_id), ACCOUNT],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        server.wait_for_requests(1)
        assert 0 < server.wait_until_idle(1.0) < ROWS
        out, errors = program.communicate("room\n", timeout=60)
        assert out.strip() == "finished", errors[-2000:]
        assert server.account.applied.total() == len(server.account.applied) == ROWS
    assert outcomes(journal_path, run_id) == {"created": ROWS}
