"""Files that are large, or change while they are read."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.jobs import check, rows_of
from trackly_desktop.files.table import FileProblem, FormatOptions
from trackly_desktop.validation import file_validation

Write = Callable[..., Path]

_OPEN = """
import resource, sys
from pathlib import Path
from trackly_desktop.validation import file_validation
from trackly_desktop.files.table import FileProblem, FormatOptions
file_validation.inspect_file(Path(sys.argv[1]), FormatOptions(), lambda _rows: None)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    opened = file_validation.inspect_file(Path(sys.argv[2]), FormatOptions(), lambda _rows: None)
    print(opened.rows)
except FileProblem as problem:
    print(problem)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def open_in_subprocess(small: Path, large: Path) -> tuple[str, int]:
    """Open the small file, then the large one, in a process of their own.

    Returns the number of rows or the problem of the large file, and how many MB more it took.
    """
    done = subprocess.run(
        [sys.executable, "-c", _OPEN, str(small), str(large)], capture_output=True, text=True, check=True, timeout=100
    )
    result, more = done.stdout.splitlines()
    return result, int(more)


def test_a_row_of_200_mb_is_refused_with_its_line_and_takes_no_memory(write: Write, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("w") as file:
        file.write('Phone,Note\n4155550120,x\n4155550121,"')
        for _ in range(200):
            file.write("x" * 1_000_000)
        file.write('"\n')
    result, more = open_in_subprocess(write("Phone,Note", "4155550120,x"), large)
    assert "line 3" in result
    assert more < 30


def test_many_rows_take_no_more_memory_than_few(write: Write, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("w") as file:
        file.write("Phone,Name,City\n")
        for number in range(200_000):
            file.write(f"+1415{number:07},Person {number},Rome\n")
    result, more = open_in_subprocess(write("Phone,Note", "4155550120,x"), large)
    assert result == "200000"
    assert more < 30


def test_a_quotation_mark_never_closed_at_the_top_of_a_long_file_costs_one_row(write: Write) -> None:
    rows = [f"4155550{number},x" for number in range(100, 200)]
    opened = file_validation.inspect_file(
        write("Phone,Note", '4155550099,"x', *rows), FormatOptions(), lambda _rows: None
    )
    assert opened.rows == 101


def test_a_file_that_another_program_still_writes_is_not_taken(write: Write) -> None:
    file = write("Phone,Name", *(f"415555{number:04},x" for number in range(6_000)))

    def grow(_rows: int) -> None:
        with file.open("a") as more:
            more.write("4155559999,late\n")

    with pytest.raises(FileProblem, match="still writes it"):
        file_validation.inspect_file(file, FormatOptions(), grow)


def test_a_file_that_vanishes_while_it_is_read_says_so(write: Write) -> None:
    file = write("Phone,Name", *(f"415555{number:04},x" for number in range(6_000)))
    with pytest.raises(FileProblem, match=r"went away|not there"):
        file_validation.inspect_file(file, FormatOptions(), lambda _rows: file.unlink(missing_ok=True))


def test_what_was_reviewed_is_what_is_imported_whatever_becomes_of_the_file(journal_path: Path, write: Write) -> None:
    file = write("Phone", "4155550120")
    checked = check(journal_path, file, "http://127.0.0.1:9")
    write("Phone", "4155550121")
    assert [row.phone for row in rows_of(journal_path, checked.run_id)] == ["+14155550120"]
