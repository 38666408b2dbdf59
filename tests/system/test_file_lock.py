"""Locks on files, between threads and between programs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from trackly_desktop.system.file_lock import locked

HOLD = """
import sys
from pathlib import Path
from trackly_desktop.system.file_lock import locked
with locked(Path(sys.argv[1]), 0):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_lock_excludes_its_own_process_too(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path, 0), pytest.raises(OSError), locked(path, 0.02):
        pass
    with locked(path, 0):
        pass


def test_a_lock_ends_with_the_program_that_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(OSError), locked(path, 0):
        pass
    holder.kill()
    holder.communicate()
    with locked(path, 10):
        pass
