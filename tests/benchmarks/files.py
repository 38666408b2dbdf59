"""Validation of a file, against a bare loop over the same file, and its memory."""

from __future__ import annotations

import csv
import gc
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import phonenumbers

from trackly_desktop.files.table import FormatOptions
from trackly_desktop.journal.import_options import Options
from trackly_desktop.mapping.column_mapping import suggest_mapping
from trackly_desktop.validation.file_validation import ValidationRequest, ValidationResult, inspect_file, validate_file

HEADER = ("Phone", "First Name", "Last Name", "City", "Signup Date", "IP", "Page", "Orders")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@contextmanager
def file_of(rows: int) -> Iterator[Path]:
    """Yield the path of a file with eight columns."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            for number in range(rows):
                own = f"{2_000_000 + number}"
                phone = f"+1415{own}" if number % 3 else f"(415) {own[:3]}-{own[3:]}"
                rest = (
                    "Ada",
                    f"Lovelace {number}",
                    "Rome",
                    "2025-03-15 14:30:00",
                    "203.0.113.7",
                    "https://example.com/a",
                )
                writer.writerow((phone, *rest, number % 50))
        yield path


def checked_per_second(path: Path, rows: int) -> float:
    """Validate a file into a journal on disk; return rows a second."""
    with tempfile.TemporaryDirectory() as folder:
        request = request_for(path, Path(folder) / "journal.sqlite")
        began = perf_counter()
        validate_file(request, lambda _rows: None)
        return rows / (perf_counter() - began)


def request_for(path: Path, journal: Path) -> ValidationRequest:
    """Return the request to validate a file."""
    opened = inspect_file(path, FormatOptions(), lambda _rows: None)
    return ValidationRequest(
        path=str(path), choice=FormatOptions(), fingerprint=opened.how.fingerprint,
        mapping=suggest_mapping(opened.header, opened.profiles), options=Options(fixed={"list_number": "+18005551234"}),
        account="a", account_name="A", base_url="http://127.0.0.1:9", journal=str(journal),
    )  # fmt: skip


def check(path: Path, journal: Path) -> ValidationResult:
    """Validate a file into a journal."""
    return validate_file(request_for(path, journal), lambda _rows: None)


def bare_loop_per_second(path: Path, rows: int) -> float:
    """Read the file with csv.reader and phonenumbers alone; return rows a second."""
    gc.collect()
    began = perf_counter()
    with path.open(newline="") as file:
        for cells in csv.reader(file):
            try:
                number = phonenumbers.parse(cells[0], "US")
            except phonenumbers.NumberParseException:
                continue
            if phonenumbers.is_valid_number(number):
                phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return rows / (perf_counter() - began)


def peak_megabytes(work: Callable[[], object]) -> float:
    """Return the peak growth in MB of this process and its children during `work`."""
    before = peak = _resident(os.getpid())
    ended = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not ended.wait(0.05):
            peak = max(peak, _resident(os.getpid()) + sum(_resident(child) for child in _children(os.getpid())))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        work()
    finally:
        ended.set()
        watching.join()
    return (peak - before) / 1e6


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE_BYTES
    except OSError:  # it has just ended
        return 0


def _children(process: int) -> list[int]:
    children: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children += [int(child) for child in task.read_text().split()]
        except OSError:
            continue
    return children
