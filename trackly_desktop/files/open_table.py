"""Open a file of any kind as a table; its content decides on the kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from trackly_desktop.files import csv_reader, workbook_reader
from trackly_desktop.files.other_documents import document_problem
from trackly_desktop.files.table import FileProblem, FormatOptions, Table

_READERS: tuple[tuple[Callable[[bytes], bool], Callable[[Path, FormatOptions], Table]], ...] = (
    (workbook_reader.is_workbook, workbook_reader.open_table),
    (lambda _first_bytes: True, csv_reader.open_table),
)
"""Test of a file's first bytes, and reader; the first that fits reads the file.

A new kind of file is one line here.
"""


def open_table(path: Path, options: FormatOptions = FormatOptions()) -> Table:
    """Open a file as a table.

    Raises:
        FileProblem: the file cannot be read.
    """
    first_bytes = csv_reader.first_bytes(path)
    if problem := document_problem(first_bytes, path):
        raise FileProblem(problem)
    read = next(read for fits, read in _READERS if fits(first_bytes))
    return read(path, options)
