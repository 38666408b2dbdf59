"""Names of columns: each its own."""

from __future__ import annotations

from trackly_desktop.files.table import unique_column_names


def test_empty_and_repeated_names_are_numbered() -> None:
    assert unique_column_names(["Name", " ", "Name", "Name (2)", "Name"]) == [
        "Name", "Column 2", "Name (2)", "Name (2) (2)", "Name (3)",
    ]  # fmt: skip


def test_thousands_of_columns_of_one_name_take_no_longer_than_as_many_others() -> None:
    names = unique_column_names(["Name"] * 20_000)
    assert (len(set(names)), names[-1]) == (20_000, "Name (20000)")
