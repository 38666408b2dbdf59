"""Which column is which field."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from trackly_desktop.contact import FIELDS, Kind
from trackly_desktop.imports.column_signs import look_at_columns
from trackly_desktop.imports.mapping import (
    ALSO_PHONE,
    IGNORE,
    Mapping,
    MappingProblem,
    apply_said,
    fold,
    suggest,
)
from trackly_desktop.imports.presets import Presets


def guess(header: Sequence[str], *rows: Sequence[str]) -> dict[str, str]:
    return {use.name: use.field for use in mapped(header, *rows).columns}


def mapped(header: Sequence[str], *rows: Sequence[str]) -> Mapping:
    return suggest(header, look_at_columns(len(header), rows))


@pytest.mark.parametrize("field", [one for one in FIELDS if one.kind is not Kind.CUSTOM])
def test_a_fields_own_name_and_label_are_its_column(field: object) -> None:
    for name in (field.name, field.label):  # type: ignore[attr-defined]
        assert guess([name, "x"], ["1", "2"])[name] == field.name  # type: ignore[attr-defined]


def test_a_meta_lead_export_is_understood() -> None:
    header = ["id", "created_time", "ad_id", "platform", "full_name", "phone_number"]
    found = guess(header, ["l:1", "2025-03-15T14:30:00+0000", "ag:12", "fb", "Ada L", "p:+14155550101"])
    assert found["phone_number"] == "phone_number"
    assert found["created_time"] == "signup_date"
    assert found["ad_id"] == "ad_network_id"
    assert found["platform"] == "ad_network_source"
    assert found["full_name"] == "custom:full_name"


def test_a_better_name_wins_unless_its_column_is_empty() -> None:
    header = ["Mobile", "Phone"]
    assert guess(header, ["4155550101", "4155550102"]) == {"Mobile": "phone_number", "Phone": ALSO_PHONE}
    assert guess(header, ["4155550101", ""])["Mobile"] == "phone_number"


def test_without_a_name_to_go_by_the_values_tell() -> None:
    assert guess(["Column 1", "Column 2"], ["Ada", "+1 415 555 0101"])["Column 2"] == "phone_number"
    assert guess(["Fax", "Other"], ["415-555-0101", "415-555-0102"])["Other"] == "phone_number"


def test_an_empty_column_is_ignored() -> None:
    assert guess(["Phone", "Nothing"], ["4155550101", ""])["Nothing"] == IGNORE


@pytest.mark.parametrize(
    ("values", "type_name"),
    [
        (("1", "2.5", "-3"), "number"),
        (("yes", "No", "TRUE"), "boolean"),
        (("007", "1"), "string"),
        (("1", "two"), "string"),
        (("+1", "2"), "string"),
        (("12345678901234567890",), "string"),
    ],
)
def test_a_custom_fields_type_is_what_every_value_can_be(values: tuple[str, ...], type_name: str) -> None:
    mapping = mapped(["Phone", "Other"], *(["4155550101", value] for value in values))
    assert mapping.columns[1].type == type_name


def test_the_form_of_dates_is_taken_from_the_whole_column_or_left_open() -> None:
    assert mapped(["Phone", "Signup Date"], ["1", "03/04/2025"], ["1", "15/04/2025"]).dates == "day first"
    assert mapped(["Phone", "Signup Date"], ["1", "03/04/2025"]).dates == ""


def test_a_field_given_to_a_column_is_taken_from_the_one_that_had_it() -> None:
    mapping = mapped(["Phone", "Mobile"], ["4155550101", "4155550102"]).with_use(0, "phone_number")
    assert [use.field for use in mapping.columns] == ["phone_number", IGNORE]


def test_what_is_said_on_the_command_line_is_carried_out() -> None:
    mapping = apply_said(mapped(["Phone", "A=B", "C"], ["1", "2", "3"]), ["A=B=custom:ab:number", "c=ignore"])
    assert [(use.field, use.type) for use in mapping.columns][1:] == [("custom:ab", "number"), (IGNORE, "string")]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Phone", "not Column=field"),
        ("Nope=url", "no column “Nope”"),
        ("Phone=phone", "no field “phone”"),
        ("Phone=custom:", "no field"),
    ],
)
def test_what_cannot_be_carried_out_says_why(said: str, words: str) -> None:
    with pytest.raises(MappingProblem, match=words):
        apply_said(mapped(["Phone"], ["1"]), [said])


def test_names_are_compared_without_case_separators_and_last_bracket() -> None:
    assert fold("\ufeffSignup_Date (UTC)") == fold(" signup-date ") == "signup date"


def test_a_mapping_is_remembered_for_the_next_file_with_this_header() -> None:
    mapping = mapped(["Phone", "Shoe"], ["4155550101", "42"]).with_use(1, IGNORE)
    Presets().remember(mapping)
    suggested = mapped(["phone", "SHOE"], ["4155550101", "42"])
    kept = Presets().remembered(["phone", "SHOE"], suggested)
    assert kept is not None
    assert kept.columns[1].field == IGNORE
    assert Presets().remembered(["phone", "hat"], suggested) is None


def test_a_preset_is_kept_by_its_name() -> None:
    mapping = mapped(["Phone", "Shoe"], ["4155550101", "42"])
    Presets().save("Shoes", mapping.with_use(1, "custom:size", "number"))
    assert Presets().names() == ["Shoes"]
    applied = Presets().apply("Shoes", mapping)
    assert (applied.columns[1].field, applied.columns[1].type) == ("custom:size", "number")
    with pytest.raises(MappingProblem, match="no preset “Hats”"):
        Presets().apply("Hats", mapping)
