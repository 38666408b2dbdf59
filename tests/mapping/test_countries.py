"""Countries by name, code, flag and dial code: one country, or none."""

from __future__ import annotations

import phonenumbers
import pycountry
import pytest
from babel import Locale
from hypothesis import example, given
from hypothesis import strategies as st

import country_names
from trackly_desktop.mapping.countries import find_region, fold_name
from trackly_desktop.mapping.tables import read_table

WITHOUT_NUMBERS = {"AQ", "BV", "GS", "HM", "PN", "TF", "UM"}
"""ISO 3166 countries that have no phone numbers of their own."""
SHARED = {"kongo"}
"""Spellings in the languages that we map that two countries have."""


def test_the_table_is_what_is_generated_from_the_data() -> None:
    assert country_names.TARGET.read_text("utf-8") == country_names.countries_json()


def test_nicknames_are_only_what_no_data_has() -> None:
    in_data = {name for names in read_table("countries")["names"].values() for name in names}
    nicknames = [name for names in read_table("country_nicknames")["names"].values() for name in names]
    assert [name for name in nicknames if fold_name(name) in in_data] == []


@pytest.mark.parametrize("kind", ["alpha_2", "alpha_3", "flag", "name", "official_name", "common_name"])
def test_all_names_and_codes_of_iso_3166_are_known(kind: str) -> None:
    texts = {country.alpha_2: getattr(country, kind, "") for country in pycountry.countries}
    unread = {region: text for region, text in texts.items() if text and find_region(text) != region}
    assert unread.keys() <= WITHOUT_NUMBERS
    assert {find_region(text) for text in unread.values()} <= {""}


@pytest.mark.parametrize("language", country_names.LANGUAGES)
def test_all_names_of_cldr_are_known_in_the_languages_we_map(language: str) -> None:
    names = Locale(language).territories
    unread = {
        name
        for region in phonenumbers.SUPPORTED_REGIONS
        if find_region(name := names.get(region, "")) != region and name
    }
    assert {fold_name(name) for name in unread} <= SHARED | {
        "man"
    }  # Norwegian for the Isle of Man, English for no country
    assert {find_region(name) for name in unread} <= {""}


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("US", "US"), ("usa", "US"), ("U.S.A.", "US"), ("u.s.", "US"), ("United States", "US"), ("Estados Unidos", "US"),
        ("États-Unis", "US"), ("UK", "GB"), ("U.K.", "GB"), ("England", "GB"), ("Vereinigtes Königreich", "GB"),
        ("Holland", "NL"), ("DEU", "DE"), ("Alemania", "DE"), ("UAE", "AE"), ("U A E", "AE"), ("Kosovo", "XK"),
    ],
)  # fmt: skip
def test_countries_are_known_by_what_people_write(text: str, region: str) -> None:
    assert find_region(text) == region


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Korea, Republic of", "KR"), ("Republic of Korea", "KR"), ("Korea (the Republic of)", "KR"), ("Korea, South", "KR"),
        ("Korea (Democratic People's Republic of)", "KP"), ("Korea, Dem. People’s Rep.", "KP"),
        ("Iran, Islamic Republic of", "IR"), ("Tanzania, United Republic of", "TZ"), ("Russian Federation", "RU"),
        ("Congo, Democratic Republic of the", "CD"), ("Congo (the Democratic Republic of the)", "CD"),
        ("Congo, Dem. Rep.", "CD"), ("Congo", "CG"), ("Republic of the Congo", "CG"), ("Zaire", "CD"),
        ("Virgin Islands, British", "VG"), ("Virgin Islands (U.S.)", "VI"), ("Ireland (Republic)", "IE"),
    ],
)  # fmt: skip
def test_names_that_are_turned_round_are_the_same_country(text: str, region: str) -> None:
    assert find_region(text) == region


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Trinidad & Tobago", "TT"), ("Trinidad y Tobago", "TT"), ("TRINIDAD AND TOBAGO", "TT"), ("Trinidad/Tobago", "TT"),
        ("Bosnia et Herzegovina", "BA"), ("St. Lucia", "LC"), ("St Kitts and Nevis", "KN"), ("Saint Lucia", "LC"),
        ("the Netherlands", "NL"), ("Netherlands (the)", "NL"), ("Bahamas, The", "BS"), ("la France", "FR"), ("L’Inde", "IN"),
        ("Cote d'Ivoire", "CI"), ("CÔTE D’IVOIRE", "CI"), ("Cote d`Ivoire", "CI"), ("Hong-Kong", "HK"), ("HongKong", "HK"),
        ("Österreich", "AT"), ("Oesterreich", "AT"), ("Osterreich", "AT"), ("Curacao", "CW"), ("Cayman Is.", "KY"),
    ],
)  # fmt: skip
def test_case_accents_and_little_words_make_no_other_country(text: str, region: str) -> None:
    assert find_region(text) == region


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Deutschland", "DE"), ("España", "ES"), ("Россия", "RU"), ("Российская Федерация", "RU"), ("日本", "JP"), ("中国", "CN"),
        ("Schweiz", "CH"), ("Suisse", "CH"), ("Svizzera", "CH"), ("Ελλάδα", "GR"), ("Türkiye", "TR"), ("TÜRKİYE", "TR"),
        ("भारत", "IN"), ("대한민국", "KR"), ("Éire", "IE"), ("Suomi", "FI"), ("Magyarország", "HU"), ("Brasil", "BR"),
    ],
)  # fmt: skip
def test_countries_are_known_by_their_own_names(text: str, region: str) -> None:
    assert find_region(text) == region


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Germany (DE)", "DE"), ("DE - Germany", "DE"), ("US/United States", "US"), ("Deutschland / Germany", "DE"),
        ("Germany ()", "DE"), ("IN:", "IN"), ("Iran, Islamic Republic of (IR)", "IR"), ("🇮🇳", "IN"), ("🇮🇳 India", "IN"),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿 England", "GB"), ("🇮🇳 +91", "IN"),
        ("Germany (FR)", ""), ("Germany (Berlin)", ""), ("India / Pakistan", ""), ("India and Pakistan", ""),
        ("Georgia, USA", ""), ("Atlanta, Georgia", ""), ("US-CA", ""), ("en_US", ""), ("🇮🇳 Pakistan", ""), ("🇮🇳🇵🇰", ""),
    ],
)  # fmt: skip
def test_all_parts_of_a_text_name_one_country(text: str, region: str) -> None:
    assert find_region(text) == region


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("+44", "GB"), ("+ 91", "IN"), ("(+91)", "IN"), ("+1", "US"), ("+7", "RU"), ("+77", "KZ"), ("+1-242", "BS"),
        ("+1 (242)", "BS"), ("+1 809", "DO"), ("+383", "XK"),
        ("India +91", "IN"), ("+91 India", "IN"), ("IN +91", "IN"), ("(+91) India", "IN"), ("India (91)", "IN"),
        ("India (+91)", "IN"), ("India 0091", "IN"), ("Canada (+1)", "CA"), ("Bahamas +1 242", "BS"), ("Kazakhstan +7", "KZ"),
        ("United States (US) (+1)", "US"),
        ("India +92", ""), ("US +1 242", ""), ("Canada +1 242", ""), ("India +91 +92", ""), ("Atlantis +91", ""),
        ("44", ""), ("0044", ""), ("1 242", ""), ("+0", ""), ("+999", ""), ("+800", ""), ("-91", ""), ("+44 20 7946 0000", ""),
    ],
)  # fmt: skip
def test_a_dial_code_with_a_plus_is_its_country_and_agrees_with_a_name(text: str, region: str) -> None:
    assert find_region(text) == region


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("44", "GB"), ("0044", "GB"), ("+44", "GB"), ("1", "US"), ("1 242", "BS"), ("1242", "BS"), ("91", "IN"),
        ("242", "CG"), ("243", "CD"), ("India", "IN"), ("India 91", "IN"),
        ("0", ""), ("00", ""), ("044", ""), ("999", ""), ("1001", ""), ("-44", ""), ("44.0", ""), ("4155550131", ""),
        ("India 92", ""),
    ],
)  # fmt: skip
def test_a_number_alone_is_a_dial_code_in_a_column_of_dial_codes(text: str, region: str) -> None:
    assert find_region(text, dial_codes=True) == region


@pytest.mark.parametrize("dial_codes", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "", " ", "?", "()", "Atlantis", "Wakanda", "yes", "n/a", "N.A.", "unknown", "Europe", "EU", "Virgin Islands", "Kongo",
        "Antarctica", "AQ", "CAD", "Man", "Oma", "Germany " * 20,
    ],
)  # fmt: skip
def test_what_is_no_country_or_two_is_none(text: str, dial_codes: bool) -> None:
    assert find_region(text, dial_codes=dial_codes) == ""


PIECES = st.sampled_from(
    ("India", "DE", "+91", "00", "44", "(", ")", ",", " - ", "/", "the", "and", "🇮🇳", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "Korea", " ")
)


@given(st.text() | st.lists(PIECES).map("".join) | st.lists(PIECES).map(" ".join), st.booleans())
@example("(" * 60 + ")" * 60, False)
@example("²", True)
@example("٤٤", True)
def test_any_text_is_a_country_that_has_phone_numbers_or_none(text: str, dial_codes: bool) -> None:
    region = find_region(text, dial_codes=dial_codes)
    assert region == "" or region in phonenumbers.SUPPORTED_REGIONS
