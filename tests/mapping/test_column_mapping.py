"""Which column is which field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.journeys.jobs import check, rows_of
from tests.journeys.program import run
from trackly_desktop.contacts.fields import FIELDS, Kind
from trackly_desktop.mapping.column_aliases import custom_name, style_of, system_of
from trackly_desktop.mapping.column_mapping import (
    ALSO_PHONE,
    IGNORE,
    ColumnMapping,
    MappingProblem,
    apply_map_options,
    normalize_header,
    suggest_mapping,
)
from trackly_desktop.mapping.column_profile import profile_columns
from trackly_desktop.mapping.countries import find_region
from trackly_desktop.mapping.presets import Presets


def guess(header: Sequence[str], *rows: Sequence[str]) -> dict[str, str]:
    return {use.name: use.field for use in mapped(header, *rows).columns}


def mapped(header: Sequence[str], *rows: Sequence[str]) -> ColumnMapping:
    return suggest_mapping(header, profile_columns(len(header), rows))


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
    mapping = apply_map_options(mapped(["Phone", "A=B", "C"], ["1", "2", "3"]), ["A=B=custom:ab:number", "c=ignore"])
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
        apply_map_options(mapped(["Phone"], ["1"]), [said])


def test_names_are_compared_without_case_separators_and_last_bracket() -> None:
    assert normalize_header("\ufeffSignup_Date (UTC)") == normalize_header(" signup-date ") == "signup date"


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


def test_two_columns_are_joined_when_it_is_said() -> None:
    mapping = apply_map_options(
        mapped(["Phone", "Day", "Time"], ["1", "2", "3"]), ["Day=signup_date", "Time=+signup_date"]
    )
    assert mapping.columns_of("signup_date") == [1, 2]
    with pytest.raises(MappingProblem, match="Two columns are to be signup_date"):
        apply_map_options(mapping, ["Day=signup_date", "Time=signup_date"])


def test_columns_that_a_preset_joins_stay_joined() -> None:
    header = ["Phone", "Day", "Time"]
    mapping = apply_map_options(mapped(header, ["4155550101", "a", "b"]), ["Day=signup_date", "Time=+signup_date"])
    Presets().save("Joined", mapping)
    assert Presets().apply("Joined", mapped(header, ["4155550101", "a", "b"])).columns_of("signup_date") == [1, 2]


def test_columns_of_the_same_name_keep_their_own_uses() -> None:
    header = ["Phone", "Note", "Note (2)"]
    mapping = mapped(header, ["4155550101", "a", "b"]).with_use(1, IGNORE)
    Presets().remember(mapping)
    kept = Presets().remembered(header, mapped(header, ["4155550101", "a", "b"]))
    assert kept is not None
    assert [use.field for use in kept.columns] == ["phone_number", IGNORE, "custom:note_2"]


def test_a_guess_never_takes_a_field_from_what_a_preset_says() -> None:
    Presets().save("Work", apply_map_options(mapped(["Office"], ["4155550101"]), ["Office=phone_number"]))
    applied = Presets().apply("Work", mapped(["Phone", "Office"], ["4155550101", "4155550102"]))
    assert applied.columns_of("phone_number") == [1]


def test_a_zone_is_told_by_the_columns_own_name() -> None:
    assert mapped(["Phone", "subscriber_created_at_utc"], ["4155550101", "2025-03-15 14:30"]).zone == "UTC"


def test_a_country_column_is_known_by_its_name_and_values() -> None:
    assert mapped(["Phone", "Country"], ["4155550101", "Deutschland"]).country == "country"
    assert mapped(["Phone", "Land"], ["4155550101", "7 acres"]).country == ""


@pytest.mark.parametrize(
    ("names", "column", "name"),
    [
        (["first_name", "zip"], "Shoe Size", "shoe_size"),
        (["firstName", "zipCode"], "Shoe Size", "shoeSize"),
        (["First name", "Zip"], "Shoe Size", "Shoe size"),
        ([], "shoeSize (EU)", "shoe_size"),
    ],
)
def test_a_custom_field_is_named_in_the_accounts_own_style(names: list[str], column: str, name: str) -> None:
    assert custom_name(column, style_of(names)) == name


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("US", "US"), ("usa", "US"), ("U.S.A.", "US"), ("United States", "US"), ("Estados Unidos", "US"), ("États-Unis", "US"),
        ("Vereinigtes Königreich", "GB"), ("UK", "GB"), ("England", "GB"), ("Deutschland", "DE"), ("Alemania", "DE"),
        ("Brasil", "BR"), ("España", "ES"), ("DEU", "DE"), ("日本", "JP"), ("Россия", "RU"), ("Wakanda", ""), ("", ""),
    ],
)  # fmt: skip
def test_countries_are_known_by_name_and_code_in_several_languages(text: str, region: str) -> None:
    assert find_region(text) == region


@pytest.mark.parametrize(
    ("header", "system"),
    [
        ("id,created_time,ad_id,ad_name,form_id,is_organic,platform,full_name,phone_number", "Facebook Lead Ads"),
        ("Customer ID,First Name,Email,Accepts Email Marketing,Phone,Accepts SMS Marketing,Total Spent", "Shopify"),
        ("Email Address,First Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,LEID,EUID", "Mailchimp"),
        ("Record ID,First Name,Phone Number,Contact owner,Lead Status,Create Date,Lifecycle Stage", "HubSpot"),
        ("EMAIL,LASTNAME,FIRSTNAME,SMS,EMAIL_BLACKLISTED,SMS_BLACKLISTED,ADDED_TIME", "Brevo"),
        (
            "From,To,Body,Status,SentDate,ApiVersion,NumSegments,ErrorCode,AccountSid,Sid,Direction",
            "Twilio message log",
        ),
        ("Phone,Name", ""),
    ],
)
def test_the_system_is_known_by_its_header(header: str, system: str) -> None:
    assert system_of(header.split(",")) == system


@pytest.mark.parametrize("country", ["Atlantis", "Russian Federatio", "Narnia (west)"])
def test_a_number_of_a_country_that_nobody_knows_is_no_other_countrys(
    journal_path: Path, write: Callable[..., Path], country: str
) -> None:
    file = write("Name,Country,Phone", f"Fi,{country},9123456787", f"Gil,{country},+33612345678", "Hal,,4155550120")
    rows = rows_of(journal_path, check(journal_path, file, "https://x.example").run)
    assert [row.phone for row in rows] == ["", "+33612345678", "+14155550120"]
    assert f"The country “{country}” is not known" in rows[0].problems[0][2]


def test_a_column_that_only_begins_like_a_country_is_none() -> None:
    assert mapped(["Land", "Phone"], ["Bayern", "4155550120"]).country == ""
    assert mapped(["Country", "Phone"], ["12", "4155550120"]).country == ""
    assert mapped(["Country", "Phone"], ["Atlantis", "4155550120"]).country == "country"


def test_the_list_is_the_accounts_whatever_country_a_row_says(write: Callable[..., Path]) -> None:
    file = write("Country,Phone", "United Kingdom,07911 123456")
    words = run("check", str(file), "--list", "(800) 555-1234", "--json")
    assert words.json["counts"] == {"ready": 1, "invalid": 0, "duplicate": 0}


def test_the_zone_in_the_name_of_the_date_is_taken() -> None:
    row = ["4155550120", "2024-05-01 10:00"]
    assert mapped(["Phone", "Signup Date (UTC)"], row).zone == "UTC"
    assert mapped(["Phone", "Signup Date (EST)"], row).zone == "UTC-05:00"
    assert mapped(["Phone", "Signup Date"], row).zone == ""
