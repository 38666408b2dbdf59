"""Countries of phone numbers."""

from __future__ import annotations

import phonenumbers

from trackly_desktop.contacts.phone_numbers import parse_phone
from trackly_desktop.contacts.phone_regions import dial_code, example_number, regions, regions_that_fit


def test_dial_codes_are_known() -> None:
    assert dial_code("GB") == 44


def test_every_country_with_mobiles_has_an_example_that_is_read_there() -> None:
    for region in regions():
        if example := example_number(region):
            assert parse_phone(example, region).region in (
                region,
                phonenumbers.region_code_for_country_code(dial_code(region)),
            )


def test_the_countries_whose_numbers_these_can_be_are_found_where_the_chosen_one_has_none_of_them() -> None:
    french = ["06 12 34 56 78", "06 12 34 56 79", "07 61 23 45 67"]
    british = [f"07911 12345{digit}" for digit in range(5)]
    assert regions_that_fit(british, "US") == ("GB",)
    assert "FR" in regions_that_fit(french, "US")
    assert regions_that_fit(french, "FR") == ()
    assert regions_that_fit(french[:2], "US") == ()
    assert regions_that_fit(["+33612345678"] * 5, "US") == ()
    assert regions_that_fit(["12", "13", "14"], "US") == ()
