"""Numbers of a file for the do-not-text list: none is overlooked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from trackly_desktop.files.table import FileProblem
from trackly_desktop.validation.phone_list import extract_phone_numbers

Write = Callable[..., Path]


@pytest.mark.parametrize(
    "lines",
    [
        ("Phone", "STOP 415 555 0131", "(415) 555-0132 opted out"),
        ("Phone,Opted out", "4155550131,yes", "4155550132,yes"),
        ("Phone,Signup date", "4155550131,soon", "4155550132,2024-05-01"),
        ("Coach cell,Emergency phone", "4155550131,", ",4155550132"),
        ("Area code,Phone", "415,5550131", "415,5550132"),
        ("Country,Phone", "United States,4155550131", "USA,4155550132"),
        ("Mobile,Phone", "4155550131,4155550132"),
        ("Phone", "wife 4155550131", "4155550132 - wrong number"),
    ],
)
def test_every_number_of_a_file_of_any_layout_is_on_the_list(lines: tuple[str, ...], write: Write) -> None:
    numbers = extract_phone_numbers(write(*lines), "US")
    assert (set(numbers.phones), numbers.unread_rows) == ({"+14155550131", "+14155550132"}, 0)


def test_rows_without_a_number_are_counted(write: Write) -> None:
    assert extract_phone_numbers(write("Phone", "unknown", "4155550131"), "US").unread_rows == 1


def test_a_file_without_numbers_is_refused(write: Write) -> None:
    with pytest.raises(FileProblem):
        extract_phone_numbers(write("Name", "Ada"), "US")
