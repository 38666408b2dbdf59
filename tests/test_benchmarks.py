"""The benchmarks run to their end; their figures are for `make bench`."""

from __future__ import annotations

import subprocess
import sys

from tests.benchmarks.__main__ import PACKAGED


def test_every_benchmark_runs_and_is_in_the_table() -> None:
    completed = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "--quick"], capture_output=True, text=True, timeout=120
    )
    assert completed.returncode == 0, completed.stderr
    table = completed.stdout.partition("\nwhat ")[2].splitlines()[1:]
    assert len(table) == 23 + PACKAGED.exists()
