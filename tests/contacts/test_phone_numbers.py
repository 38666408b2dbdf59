"""Phone numbers as people type them."""

from __future__ import annotations

import contextlib

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trackly_desktop.contacts.issues import IssueCode
from trackly_desktop.contacts.phone_numbers import (
    PhoneProblem,
    is_e164,
    parse_list_number,
    parse_phone,
)
from trackly_desktop.contacts.phone_regions import regions


@pytest.mark.parametrize(
    "text",
    [
        "+14155550123",
        "(415) 555-0123",
        "415.555.0123",
        "1 415 555 0123",
        " 4155550123 ",
        "\u202a+1 415-555-0123\u202c",
        "001 415 555 0123",
        "+1 (415) 555‑0123",
    ],
)
def test_a_number_in_any_form_is_read_as_the_same_number(text: str) -> None:
    assert parse_phone(text, "US").e164 == "+14155550123"


def test_a_number_with_another_countrys_code_is_that_countrys() -> None:
    read = parse_phone("+44 20 7946 0018", "US")
    assert (read.e164, read.region) == ("+442079460018", "GB")


def test_the_region_says_whose_numbers_have_no_code() -> None:
    assert parse_phone("020 7946 0018", "GB").e164 == "+442079460018"


def test_the_type_of_line_is_known() -> None:
    assert parse_phone("+18005551234", "US").line_type == "toll-free"
    assert parse_phone("+447911123456", "US").line_type == "mobile"


def refusal_of(text: str, region: str = "US") -> PhoneProblem:
    """Return the problem with which a text is refused."""
    with pytest.raises(PhoneProblem) as raised:
        parse_phone(text, region)
    return raised.value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("415555012", IssueCode.PHONE_TOO_SHORT),
        ("415555012345", IssueCode.PHONE_TOO_LONG),
        ("+999 123456789", IssueCode.PHONE_UNKNOWN_DIAL_CODE),
        ("call Jane", IssueCode.PHONE_WORDS),
        ("", IssueCode.PHONE_BLANK),
        ("!?", IssueCode.PHONE_UNREADABLE),
        ("1115550123", IssueCode.PHONE_NOT_ASSIGNED),
    ],
)
def test_each_way_of_being_wrong_has_a_code_of_its_own(text: str, code: IssueCode) -> None:
    assert refusal_of(text).code is code


def test_a_lists_number_is_taken_in_e164_even_where_the_metadata_does_not_know_it() -> None:
    assert parse_list_number("+15550001111", "US") == "+15550001111"
    assert parse_list_number("(800) 555-1234", "US") == "+18005551234"
    with pytest.raises(PhoneProblem) as raised:
        parse_list_number("Spring offers", "US")
    assert raised.value.code is IssueCode.LIST_UNREADABLE


@pytest.mark.parametrize(
    ("text", "right"), [("+14155550123", True), ("14155550123", False), ("+0415", False), ("+1", False)]
)
def test_the_shape_of_e164(text: str, right: bool) -> None:
    assert is_e164(text) is right


@pytest.mark.parametrize("region", regions())
def test_every_regions_own_example_is_read_in_each_spelling(region: str) -> None:
    number = phonenumbers.example_number(region)
    assert number is not None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    header_spellings = [
        phonenumbers.format_number(number, form)
        for form in (
            phonenumbers.PhoneNumberFormat.NATIONAL,
            phonenumbers.PhoneNumberFormat.INTERNATIONAL,
            phonenumbers.PhoneNumberFormat.E164,
            phonenumbers.PhoneNumberFormat.RFC3966,
        )
    ]
    for spelling in (*header_spellings, f"'{e164}", f"\u202a{e164}\u202c", f"00{e164[1:]}", f"{e164} x12"):
        assert parse_phone(spelling, region).e164 == e164, spelling
    assert parse_phone(header_spellings[1], "US").e164 == e164


def test_a_number_too_long_by_a_digit_is_no_other_countrys() -> None:
    for digit in "0123456789":
        with pytest.raises(PhoneProblem):
            parse_phone(f"4155550120{digit}", "US")


_SPELLINGS = (
    "+1{0}{1}{2}",
    "+1 {0}-{1}-{2}",
    "1{0}{1}{2}",
    "({0}) {1}-{2}",
    "{0}-{1}-{2}",
    "{0}.{1}.{2}",
    "{0}{1}{2}",
    "1 {0} {1} {2}",
)


@settings(max_examples=400)
@given(
    area=st.integers(200, 999), exchange=st.integers(0, 999), line=st.integers(0, 9_999),
    spelling=st.sampled_from(_SPELLINGS), region=st.sampled_from(["US", "CA", "PR", "JM", "BS", "GB", "DE"]),
)  # fmt: skip
def test_the_short_way_for_american_numbers_says_what_the_long_way_says(
    area: int, exchange: int, line: int, spelling: str, region: str
) -> None:
    text = spelling.format(area, f"{exchange:03}", f"{line:04}")
    try:
        number = phonenumbers.parse(text, region)
        valid = phonenumbers.is_valid_number(number)
        expected = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if valid else ""
    except phonenumbers.NumberParseException:
        expected = ""
    try:
        read = parse_phone(text, region)
    except PhoneProblem:
        assert expected == ""
    else:
        assert read.e164 == expected
        assert read.region == phonenumbers.region_code_for_number(number)


@pytest.mark.parametrize("text", ["Mobile", "home", "m", "C", "x5", "x12", "ext 5", "'", "(cell)", "’", "'x12"])
def test_a_label_without_a_number_is_no_number(text: str) -> None:
    assert refusal_of(text).code is IssueCode.PHONE_BLANK


@pytest.mark.parametrize(("text", "letters"), [("415-555-O131", "O"), ("415-55S-0131", "S")])
def test_a_letter_that_looks_like_a_digit_is_shown_and_not_read(text: str, letters: str) -> None:
    problem = refusal_of(text)
    assert (problem.code, problem.params) == (IssueCode.PHONE_LETTERS_FOR_DIGITS, {"letters": letters})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("415-555-XXXX", IssueCode.PHONE_HIDDEN),
        ("(415) 555-01XX", IssueCode.PHONE_HIDDEN),
        ("800-555-XXXX", IssueCode.PHONE_HIDDEN),
        ("415-FLOWERS", IssueCode.PHONE_WORDS),
        ("415-unknown", IssueCode.PHONE_WORDS),
        ("(415) private", IssueCode.PHONE_WORDS),
        ("415 call now", IssueCode.PHONE_WORDS),
        ("800 missing", IssueCode.PHONE_WORDS),
        ("800-5FL-OWER5", IssueCode.PHONE_WORDS),
        ("900-FLOWERS", IssueCode.PHONE_WORDS),
    ],
)
def test_letters_are_digits_only_at_the_end_of_a_toll_free_number(text: str, code: IssueCode) -> None:
    assert refusal_of(text).code is code


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("1-800-FLOWERS", "+18003569377"),
        ("(888) GO-FEDEX", "+18884633339"),
        ("800 555 CALL", "+18005552255"),
        ("+1 877 GOT JUNK", "+18774685865"),
    ],
)
def test_a_toll_free_number_may_be_spelt(text: str, e164: str) -> None:
    assert parse_phone(text, "US").e164 == e164


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("-4155550130", "US"),
        ("−4155550132", "US"),
        ("– 415 555 0132", "US"),
        ("=1-4155550131", "US"),
        ("+-4155550130", "US"),
        ("'-4155550130", "US"),
        ("(-415) 555-0131", "US"),
        ("-9876543119", "IN"),
    ],
)
def test_what_excel_made_a_sum_of_is_refused(text: str, region: str) -> None:
    assert refusal_of(text, region).code is IssueCode.PHONE_EXCEL_SUM


def test_a_formula_that_is_only_text_is_the_number() -> None:
    assert parse_phone('="4155550131"', "US").e164 == "+14155550131"


@given(st.text(max_size=40), st.sampled_from(["US", "GB", "DE", "MX", "Atlantis", ""]), st.booleans())
def test_any_text_is_a_number_or_a_problem(text: str, region: str, plus: bool) -> None:
    with contextlib.suppress(PhoneProblem):
        assert is_e164(parse_phone(text, region, missing_plus=plus).e164)


_PIECES = st.lists(
    st.sampled_from([*"0123456789+-()x'.#*/ =CcmO", "ext", "Tel:", "mobile", "800", "FLOWERS", "00", "or", "‪", "−"]),
    max_size=14,
)


@settings(max_examples=1500)
@given(_PIECES.map("".join))
def test_any_cell_that_is_nearly_a_number_is_one_or_a_problem(text: str) -> None:
    with contextlib.suppress(PhoneProblem):
        assert is_e164(parse_phone(text, "US").e164)
