"""Mapping of columns to fields."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.jobs import check, rows_of
from tests.journeys.program import run
from tests.mapping.suggested import fields, mapped
from trackly_desktop.contacts.fields import FIELDS, Field, Kind
from trackly_desktop.contacts.issues import IssueCode
from trackly_desktop.mapping.column_mapping import ALSO_PHONE, IGNORE, MappingProblem, apply_map_options


@pytest.mark.parametrize("field", [field for field in FIELDS if field.kind is not Kind.CUSTOM])
def test_a_fields_own_name_and_label_are_its_column(field: Field) -> None:
    for name in (field.name, field.label):
        assert fields([name, "x"], ["1", "2"])[name] == field.name


def test_a_meta_lead_export_is_understood() -> None:
    header = ["id", "created_time", "ad_id", "platform", "full_name", "phone_number"]
    by_name = fields(header, ["l:1", "2025-03-15T14:30:00+0000", "ag:12", "fb", "Ada L", "p:+14155550101"])
    assert by_name["phone_number"] == "phone_number"
    assert by_name["created_time"] == "signup_date"
    assert by_name["ad_id"] == "ad_network_id"
    assert by_name["platform"] == "ad_network_source"
    assert by_name["full_name"] == "custom:full_name"


def test_a_better_name_wins_unless_its_column_is_empty() -> None:
    header = ["Mobile", "Phone"]
    assert fields(header, ["4155550101", "4155550102"]) == {"Mobile": "phone_number", "Phone": ALSO_PHONE}
    assert fields(header, ["4155550101", ""])["Mobile"] == "phone_number"


def test_without_a_known_name_the_values_decide() -> None:
    assert fields(["Column 1", "Column 2"], ["Ada", "+1 415 555 0101"])["Column 2"] == "phone_number"
    assert fields(["Fax", "Other"], ["415-555-0101", "415-555-0102"])["Other"] == "phone_number"


def test_an_empty_column_is_ignored() -> None:
    assert fields(["Phone", "Nothing"], ["4155550101", ""])["Nothing"] == IGNORE


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


def test_the_order_of_dates_is_taken_from_the_whole_column_or_left_open() -> None:
    assert mapped(["Phone", "Signup Date"], ["1", "03/04/2025"], ["1", "15/04/2025"]).dates == "day first"
    assert mapped(["Phone", "Signup Date"], ["1", "03/04/2025"]).dates == ""


def test_a_field_given_to_a_column_is_taken_from_the_one_that_had_it() -> None:
    mapping = mapped(["Phone", "Mobile"], ["4155550101", "4155550102"]).with_use(0, "phone_number")
    assert [use.field for use in mapping.columns] == ["phone_number", IGNORE]


def test_map_options_are_applied() -> None:
    mapping = apply_map_options(mapped(["Phone", "A=B", "C"], ["1", "2", "3"]), ["A=B=custom:ab:number", "c=ignore"])
    assert [(use.field, use.type) for use in mapping.columns][1:] == [("custom:ab", "number"), (IGNORE, "string")]


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("Phone", "not Column=field"),
        ("Nope=url", "no column “Nope”"),
        ("Phone=phone", "no field “phone”"),
        ("Phone=custom:", "no field"),
    ],
)
def test_a_map_option_that_cannot_be_applied_says_why(option: str, words: str) -> None:
    with pytest.raises(MappingProblem, match=words):
        apply_map_options(mapped(["Phone"], ["1"]), [option])


def test_two_columns_are_joined_by_a_plus() -> None:
    mapping = apply_map_options(
        mapped(["Phone", "Day", "Time"], ["1", "2", "3"]), ["Day=signup_date", "Time=+signup_date"]
    )
    assert mapping.columns_of("signup_date") == [1, 2]
    with pytest.raises(MappingProblem, match="Two columns are to be signup_date"):
        apply_map_options(mapping, ["Day=signup_date", "Time=signup_date"])


def test_a_time_zone_is_read_from_the_columns_own_name() -> None:
    assert mapped(["Phone", "subscriber_created_at_utc"], ["4155550101", "2025-03-15 14:30"]).zone == "UTC"


def test_a_country_column_is_known_by_its_name_and_values() -> None:
    assert mapped(["Phone", "Country"], ["4155550101", "Deutschland"]).country == "country"
    assert mapped(["Phone", "Land"], ["4155550101", "7 acres"]).country == ""


@pytest.mark.parametrize("country", ["Atlantis", "Russian Federatio", "Narnia (west)"])
def test_a_number_of_an_unknown_country_is_not_read_as_another_countrys(
    journal_path: Path, write: Callable[..., Path], country: str
) -> None:
    file = write("Name,Country,Phone", f"Fi,{country},9123456787", f"Gil,{country},+33612345678", "Hal,,4155550120")
    rows = rows_of(journal_path, check(journal_path, file, "https://x.example").run_id)
    assert [row.phone for row in rows] == ["", "+33612345678", "+14155550120"]
    issue = rows[0].issues[0]
    assert (issue.code, issue.params["country"]) == (IssueCode.PHONE_UNKNOWN_COUNTRY, country)


def test_a_column_of_other_values_is_no_country() -> None:
    assert mapped(["Land", "Phone"], ["Bayern", "4155550120"]).country == ""
    assert mapped(["Country", "Phone"], ["12", "4155550120"]).country == ""
    assert mapped(["Country", "Phone"], ["Atlantis", "4155550120"]).country == "country"


def test_the_list_number_is_read_in_the_accounts_country(write: Callable[..., Path]) -> None:
    file = write("Country,Phone", "United Kingdom,07911 123456")
    done = run("check", str(file), "--list", "(800) 555-1234", "--json")
    assert done.json["counts"] == {"ready": 1, "invalid": 0, "duplicate": 0}


def test_a_time_zone_in_brackets_behind_the_name_is_read() -> None:
    row = ["4155550120", "2024-05-01 10:00"]
    assert mapped(["Phone", "Signup Date (UTC)"], row).zone == "UTC"
    assert mapped(["Phone", "Signup Date (EST)"], row).zone == "UTC-05:00"
    assert mapped(["Phone", "Signup Date"], row).zone == ""
