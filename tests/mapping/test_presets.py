"""Saved mappings, by name and by header."""

from __future__ import annotations

import pytest

from tests.mapping.suggested import mapped
from trackly_desktop.mapping.column_mapping import IGNORE, MappingProblem, apply_map_options
from trackly_desktop.mapping.presets import Presets


def test_a_mapping_is_remembered_for_the_next_file_with_this_header() -> None:
    mapping = mapped(["Phone", "Shoe"], ["4155550101", "42"]).with_use(1, IGNORE)
    Presets().remember(mapping)
    suggested = mapped(["phone", "SHOE"], ["4155550101", "42"])
    applied = Presets().for_header(["phone", "SHOE"], suggested)
    assert applied is not None
    assert applied.columns[1].field == IGNORE
    assert Presets().for_header(["phone", "hat"], suggested) is None


def test_a_preset_is_saved_by_its_name() -> None:
    mapping = mapped(["Phone", "Shoe"], ["4155550101", "42"])
    Presets().save("Shoes", mapping.with_use(1, "custom:size", "number"))
    assert Presets().names() == ["Shoes"]
    applied = Presets().apply("Shoes", mapping)
    assert (applied.columns[1].field, applied.columns[1].type) == ("custom:size", "number")
    with pytest.raises(MappingProblem, match="no preset “Hats”"):
        Presets().apply("Hats", mapping)


def test_columns_that_a_preset_joins_stay_joined() -> None:
    header = ["Phone", "Day", "Time"]
    mapping = apply_map_options(mapped(header, ["4155550101", "a", "b"]), ["Day=signup_date", "Time=+signup_date"])
    Presets().save("Joined", mapping)
    assert Presets().apply("Joined", mapped(header, ["4155550101", "a", "b"])).columns_of("signup_date") == [1, 2]


def test_columns_of_the_same_name_keep_their_own_uses() -> None:
    header = ["Phone", "Note", "Note (2)"]
    mapping = mapped(header, ["4155550101", "a", "b"]).with_use(1, IGNORE)
    Presets().remember(mapping)
    applied = Presets().for_header(header, mapped(header, ["4155550101", "a", "b"]))
    assert applied is not None
    assert [use.field for use in applied.columns] == ["phone_number", IGNORE, "custom:note_2"]


def test_a_guess_never_takes_a_field_from_a_presets_column() -> None:
    Presets().save("Work", apply_map_options(mapped(["Office"], ["4155550101"]), ["Office=phone_number"]))
    applied = Presets().apply("Work", mapped(["Phone", "Office"], ["4155550101", "4155550102"]))
    assert applied.columns_of("phone_number") == [1]
