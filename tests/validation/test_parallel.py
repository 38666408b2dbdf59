"""Large files are validated in two processes, which end with the program."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections import deque
from itertools import count
from pathlib import Path

import pytest

from tests.validation.processes import kill_processes
from trackly_desktop.files.table import FileProblem, Row
from trackly_desktop.journal.import_options import Options
from trackly_desktop.mapping.column_mapping import suggest_mapping
from trackly_desktop.mapping.column_profile import profile_columns
from trackly_desktop.validation.parallel import PROCESS_NAME, validate_rows
from trackly_desktop.validation.row_validator import ValidationRules

PROGRAM = """
import multiprocessing
from collections import deque
from itertools import count

from trackly_desktop.files.table import Row
from trackly_desktop.journal.import_options import Options
from trackly_desktop.mapping.column_mapping import suggest_mapping
from trackly_desktop.mapping.column_profile import profile_columns
from trackly_desktop.validation.parallel import validate_rows
from trackly_desktop.validation.row_validator import ValidationRules

if __name__ == "__main__":
    cells = ["4155550120"]
    mapping = suggest_mapping(["Phone"], profile_columns(1, [cells]))
    rules = ValidationRules(("Phone",), 1, mapping, Options(), list_needed=False)
    for _batch in validate_rows(rules, (Row(number, number, cells) for number in count(1)), b"", is_large=True):
        print(*(process.pid for process in multiprocessing.active_children()), flush=True)
"""
"""Validates without end; prints the other processes after each batch."""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells when a process that is no child ends")
def test_no_process_is_left_of_a_program_that_is_killed_while_it_validates(tmp_path: Path) -> None:
    script = tmp_path / "validate.py"
    script.write_text(PROGRAM)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment) as program:
        assert program.stdout is not None
        [partner] = program.stdout.readline().split()
        has_ended = select.poll()
        has_ended.register(os.pidfd_open(int(partner)), select.POLLIN)
        program.kill()
        assert has_ended.poll(30_000)


def test_a_second_process_that_the_system_ends_is_a_problem_in_words() -> None:
    mapping = suggest_mapping(["Phone"], profile_columns(1, [["4155550120"]]))
    rules = ValidationRules(("Phone",), 1, mapping, Options(), list_needed=False)
    rows = (Row(number, number, ["4155550120"]) for number in count(1))
    batches = validate_rows(rules, rows, b"", is_large=True)
    next(batches)
    kill_processes(PROCESS_NAME)
    with pytest.raises(FileProblem, match="the system ended"):
        deque(batches, maxlen=0)
