"""Phone numbers as people type them."""

from __future__ import annotations

import contextlib
import os
import re
import unicodedata
from random import Random

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trackly_desktop.contacts.issues import IssueCode
from trackly_desktop.contacts.phone_numbers import (
    PhoneProblem,
    is_e164,
    lacks_plus,
    parse_list_number,
    parse_phone,
    phone_beside_words,
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
        ("5550131 5550132", IssueCode.PHONE_TOO_SHORT),
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


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("14155550138@c.us", "GB", "+14155550138"),
        ("14155550138@s.whatsapp.net", "US", "+14155550138"),
        ("https://api.whatsapp.com/send?phone=14155550131", "GB", "+14155550131"),
        ("https://api.whatsapp.com/send?text=hi&phone=%2B14155550131", "GB", "+14155550131"),
        ("wa.me/14155550131?text=hi", "GB", "+14155550131"),
        ("https://wa.me/447911123456", "US", "+447911123456"),
        ("callto:+14155550131", "GB", "+14155550131"),
        ("SMSTO:4155550131", "US", "+14155550131"),
        ("smsto:4155550131:Hello, world 12345678", "US", "+14155550131"),
        ("sms:+14155550131?body=JOIN", "US", "+14155550131"),
        ("tel:(415)%20555-0131;ext=7", "US", "+14155550131"),
        ("tel:555-0131;phone-context=+1-415", "US", "+14155550131"),
        ("tel:4155550131;phone-context=+1", "GB", "+14155550131"),
    ],
)
def test_a_link_to_a_number_is_the_number(text: str, region: str, e164: str) -> None:
    assert parse_phone(text, region).e164 == e164


@pytest.mark.parametrize(
    "text",
    [
        "Cell 415-555-0131",
        "cell: (415) 555-0131",
        "Tel.: 415.555.0131",
        "M: 4155550131",
        "415-555-0131 m",
        "(mobile)4155550131",
        "Cel.4155550131",
        "Phone 2: 415-555-0131",
        "Ann (415) 555-0131",
        "Ann O'Neil, 415 555 0131",
        "415-555-0131 - call after 5",
        "415-555-0131 (ask for Tom)",
        "415-555-0131, ext 5",
        "4155550131 since 2019",
        "☎ 415 555 0131",
        "4,155,550,131",
        "[415] 555-0131",
        "(+1) 415-555-0131",
        "4155550131 / 12",
    ],
)
def test_a_label_or_a_remark_beside_a_number_is_no_part_of_it(text: str) -> None:
    assert parse_phone(text, "US").e164 == "+14155550131"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("c4155550131", IssueCode.PHONE_LETTERS_FOR_DIGITS),
        ("415555013O", IssueCode.PHONE_LETTERS_FOR_DIGITS),
        ("415-555-0131 O", IssueCode.PHONE_LETTERS_FOR_DIGITS),
        ("415-555-01*1", IssueCode.PHONE_HIDDEN),
        ("415-555-01##", IssueCode.PHONE_HIDDEN),
        ("415-555-013?", IssueCode.PHONE_HIDDEN),
        ("415-555-…", IssueCode.PHONE_HIDDEN),
        ("415 then 5550131", IssueCode.PHONE_WORDS),
        ("800 Private", IssueCode.PHONE_WORDS),
        ("800 MISSING", IssueCode.PHONE_WORDS),
        ("415-555-0131 415-555-0132", IssueCode.PHONE_SEVERAL),
        ("4155550131 415-555-0132", IssueCode.PHONE_SEVERAL),
        ("+14155550131+14155550132", IssueCode.PHONE_SEVERAL),
        ("Ann 415-555-0131 Ben 415-555-0132", IssueCode.PHONE_SEVERAL),
        ("Fax: 415-555-0131", IssueCode.PHONE_NOT_A_PHONE),
        ("415-555-0131 (pager)", IssueCode.PHONE_NOT_A_PHONE),
        ("emergency 415-555-0131", IssueCode.PHONE_OF_SOMEBODY_ELSE),
        ("415-555-0131 (her husband's)", IssueCode.PHONE_OF_SOMEBODY_ELSE),
        ("wrong number 415-555-0131", IssueCode.PHONE_REMARK),
        ("415-555-0131 disconnected", IssueCode.PHONE_REMARK),
        ("#N/A", IssueCode.CELL_EXCEL_ERROR),
        ("ann4155550131@example.com", IssueCode.PHONE_UNREADABLE),
        ("https://example.com/4155550131", IssueCode.PHONE_UNREADABLE),
        ("2024-05-01", IssueCode.PHONE_UNREADABLE),
        ("01/05/2024", IssueCode.PHONE_UNREADABLE),
        ("203.0.113.42", IssueCode.PHONE_UNREADABLE),
    ],
)
def test_what_is_not_surely_one_persons_number_is_refused(text: str, code: IssueCode) -> None:
    assert refusal_of(text).code is code


@pytest.mark.parametrize(
    ("remark", "code"),
    [
        *(
            (word, IssueCode.PHONE_OF_SOMEBODY_ELSE)
            for word in (
                "grandma", "aunt", "roommate", "girlfriend", "stepdad", "in-laws", "belongs to Mike",
                "Eltern", "Oma", "Tochter",
                "Lebensgefährte", "maman", "sa fille", "voisine", "hija", "marido", "abuela",
                "recados con vecina", "figlia", "filha",
                "moeder", "matka", "żona",
            )
        ),
        *(
            (word, IssueCode.PHONE_REMARK)
            for word in (
                "WN", "disc", "not valid", "no good", "bad", "out of order", "nicht mehr gültig",
                "kein Anschluss",
                "plus attribué", "ne pas utiliser", "no existe", "erróneo", "inexistente", "onjuist", "błędny",
                "unknown",
            )
        ),
    ],
)  # fmt: skip
def test_a_remark_that_speaks_against_a_number_is_asked_about(remark: str, code: IssueCode) -> None:
    assert refusal_of(f"415-555-0131 {remark}").code is code


@pytest.mark.parametrize(
    "remark",
    [
        "home",
        "mornings",
        "evenings only",
        "text ok",
        "Frau Müller",
        "Señora López",
        "Dr. Smith",
        "best number",
        "new number",
    ],
)
def test_a_remark_about_hours_or_names_is_none_of_these(remark: str) -> None:
    assert parse_phone(f"415-555-0131 {remark}", "US").e164 == "+14155550131"


@pytest.mark.parametrize("region", ["DE", "DK", "IS", "US"])
@pytest.mark.parametrize("text", ["2024-05-01", "01.05.2024", "4155550,131", "5550131 5550132"])
def test_digits_of_something_else_are_nobodys_number_in_any_country(text: str, region: str) -> None:
    with pytest.raises(PhoneProblem):
        parse_phone(text, region)


@pytest.mark.parametrize(
    "text",
    [
        "unknown", "TBD", "no phone", "not provided", "(blank)", "ninguno", "sin teléfono", "keine",
        "keine Angabe", "aucun",
        "non renseigné", "nenhum", "não informado", "nessuno", "N/A", "n.a.", "none", "-",
    ],
)  # fmt: skip
def test_words_for_no_number_are_no_number(text: str) -> None:
    assert refusal_of(text).code is IssueCode.PHONE_BLANK


@pytest.mark.parametrize(
    "text",
    [
        "DO NOT CALL 415 555 0132", "STOP 4155550133", "4155550134 opted out", "Do not text",
        "don’t contact 415-555-0131",
        "415-555-0131 (unsubscribed)", "DNC 4155550131", "4155550131 - BAJA", "nicht anrufen 0151 12345678",
        "ne pas appeler 06 12 34 56 78", "não ligar 11 96123 4567", "non chiamare 4155550131",
        "415-555-0131 no texts please",
    ],
)  # fmt: skip
def test_a_cell_that_says_no_is_no_number_to_correct(text: str) -> None:
    assert refusal_of(text).code is IssueCode.PHONE_SAYS_NO


def test_the_number_beside_a_no_is_known_so_that_its_person_is_held_back() -> None:
    assert phone_beside_words("DO NOT CALL 415 555 0132", "US") == "+14155550132"
    assert phone_beside_words("do not call", "US") == ""


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("+52 1 55 1234 5678", "MX"), ("+5215512345678", "US"), ("0052 1 55 1234 5678", "US"), ("044 55 1234 5678", "MX"),
        ("045 55 1234 5678", "MX"), ("01 55 1234 5678", "MX"), ("55 1234 5678", "MX"), ("+52 55 1234 5678", "US"),
    ],
)  # fmt: skip
def test_mexican_numbers_are_read_as_they_were_written_until_2019(text: str, region: str) -> None:
    assert parse_phone(text, region).e164 == "+525512345678"


def test_a_number_with_another_ending_is_read_only_where_it_cannot_be_one() -> None:
    assert parse_phone("030/1234567", "DE").e164 == "+49301234567"
    assert parse_phone("415-555-0131/32", "US").e164 == "+14155550131"
    assert refusal_of("030 1234567/68", "DE").code is IssueCode.PHONE_SEVERAL
    assert refusal_of("0664/12345/67", "AT").code is IssueCode.PHONE_SEVERAL


@pytest.mark.parametrize(("text", "region"), [("4915123456789", "DE"), ("62812277538", "ID")])
def test_a_number_that_may_lack_its_plus_is_not_guessed(text: str, region: str) -> None:
    assert refusal_of(text, region).code is IssueCode.PHONE_PLUS_UNCLEAR
    assert parse_phone(f"+{text}", region).e164 == f"+{text}"
    assert parse_phone(text, region, missing_plus=True).e164 == f"+{text}"
    assert lacks_plus(text, region)


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("Handy: 0151/23456789", "DE", "+4915123456789"), ("Anna 0151/23456789", "DE", "+4915123456789"),
        ("Mobil: +49 151/23456789", "DE", "+4915123456789"), ("0049(0)151/23456789 mobil", "DE", "+4915123456789"),
        ("Tel. 089/5551234", "DE", "+49895551234"), ("0151/23456789 privat", "DE", "+4915123456789"),
        ("Handy 0664/1234567", "AT", "+436641234567"), ("Natel 079/123 45 67", "CH", "+41791234567"),
        ("cell 333/1234567", "IT", "+393331234567"), ("Cel 11/96123-4567", "BR", "+5511961234567"),
        ("5215512345678", "MX", "+525512345678"), ("(044) 55 1234 5678", "MX", "+525512345678"),
        ("+52 (1) 55 1234 5678", "US", "+525512345678"), ("(001)415-555-0131", "US", "+14155550131"),
        ("415-555-0131*", "US", "+14155550131"), ("415-555-0131!", "US", "+14155550131"), ("#415-555-0131", "US", "+14155550131"),
        ('"415-555-0131"', "US", "+14155550131"), ("<415-555-0131>", "US", "+14155550131"),
        ("John Smith <415-555-0131>", "US", "+14155550131"), ("• 415-555-0131", "US", "+14155550131"),
        ("🇺🇸 +1 415 555 0131", "GB", "+14155550131"), ("415_555_0131", "US", "+14155550131"),
        ("4,155,550,131.00", "US", "+14155550131"), ("O: 415-555-0131", "US", "+14155550131"),
        ("415-555-0131 9am-5pm", "US", "+14155550131"), ("4155550131x12", "US", "+14155550131"),
        ("415-555-0131 #12", "US", "+14155550131"), ("Phone#: 415-555-0131", "US", "+14155550131"),
    ],
)  # fmt: skip
def test_labels_slashes_and_ornaments_are_no_part_of_a_number(text: str, region: str, e164: str) -> None:
    assert parse_phone(text, region).e164 == e164


@pytest.mark.parametrize(
    ("text", "region", "code"),
    [
        ("mobil 0151, 23456789", "DE", IssueCode.PHONE_UNREADABLE),
        ("T 089/12345678 M 0151/23456789", "DE", IssueCode.PHONE_SEVERAL),
        ("030 1234x678", "DE", IssueCode.PHONE_HIDDEN), ("089 5551x34", "DE", IssueCode.PHONE_HIDDEN),
        ("089 5551#34", "DE", IssueCode.PHONE_HIDDEN),
        ("(1) 4155550131 (2) 4155550132", "US", IssueCode.PHONE_SEVERAL),
        ("4155550131/4155550132", "US", IssueCode.PHONE_SEVERAL), ("9876543210/9876543211", "IN", IssueCode.PHONE_SEVERAL),
        ("0612345678-0782345679", "FR", IssueCode.PHONE_SEVERAL),
        ("06 12 34 56 78 07 82 34 56 79", "FR", IssueCode.PHONE_SEVERAL),
        ("+1 415 555 0131 +44 7911 123456", "US", IssueCode.PHONE_SEVERAL),
        ("4155550131 o 4155550132", "US", IssueCode.PHONE_SEVERAL), ("F: 415-555-0131", "US", IssueCode.PHONE_NOT_A_PHONE),
        ("888-555-NONE", "US", IssueCode.PHONE_WORDS), ("800-STOPNOW", "US", IssueCode.PHONE_WORDS),
    ],
)  # fmt: skip
def test_a_cut_or_doubled_number_is_refused(text: str, region: str, code: IssueCode) -> None:
    assert refusal_of(text, region).code is code


@pytest.mark.parametrize("text", ["9123456787", "0044 7911 123456", "447911123456", "1 415 555 0131"])
def test_a_number_without_a_plus_is_of_no_country_where_the_country_is_not_known(text: str) -> None:
    problem = refusal_of(text, "Atlantis")
    assert (problem.code, problem.params) == (IssueCode.PHONE_UNKNOWN_COUNTRY, {"country": "Atlantis"})
    assert parse_phone("+1 415 555 0131", "Atlantis").e164 == "+14155550131"


def test_a_problem_names_the_country_that_was_used_and_what_was_seen() -> None:
    assert refusal_of("415555013", "US").params == {"region": "US", "digits": 9}
    assert refusal_of("+44 20 7946", "US").params == {"region": "GB", "digits": 8}
    assert refusal_of("415 call now").params == {"words": "call now"}


def _is_in_order(digits: str, text: str) -> bool:
    """Return whether these digits stand in a text in this order.

    Perhaps with others between.
    """
    remaining = iter(text)
    return all(digit in remaining for digit in digits)


def _digits_of(text: str) -> str:
    """Return a text's decimal digits.

    And those of the letters of a toll-free vanity number.
    """
    text = unicodedata.normalize("NFKC", text)
    if re.search(r"8(00|33|44|55|66|77|88)", text):
        text = phonenumbers.convert_alpha_characters_in_number(text)
    return "".join(str(unicodedata.decimal(char)) for char in text if char.isdecimal())


_CELLS = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(
            [
                *"0123456789+-().'#*/ =CcmOlx,;@_", "ext", "Tel:", "mobile", "800", "FLOWERS", "00", "011", "or", "−", "+52 1",
                "415", "555", "0131", "20 7946", "0018", "44", "+", "Ann", "call", "tel:", "wa.me/", "@c.us", "٣",
                "９", "²",
            ]
        ),
        max_size=12,
    ).map("".join),
    st.from_regex(r"\A[+(]?\d{1,4}[ ).-]{0,2}\d{2,5}[ -]?\d{2,5}[ -]?[a-zA-Z0-9]{0,6}\Z"),
)  # fmt: skip


_REGIONS = ["US", "GB", "DE", "MX", "IN", "BR", "DK", "IT", "IS", "FR", "AR", "Atlantis"]


def check_digits(text: str, region: str, *, missing_plus: bool) -> None:
    """Check that a text is refused, or read as a number whose digits it has."""
    try:
        phone = parse_phone(text, region, missing_plus=missing_plus)
    except PhoneProblem:
        return
    code = str(phone.number.country_code)
    national, written = phone.e164[1 + len(code) :], _digits_of(text)
    if code == "54" and "15" in written:  # Argentina's mobiles: 011 15 … within the country is +54 9 11 …
        national = national.removeprefix("9")
    assert _is_in_order(national, written), text
    is_chosen = phonenumbers.country_code_for_region(region) == phone.number.country_code
    assert is_chosen or _is_in_order(code + national, written), text


@settings(max_examples=1_000)
@given(_CELLS, st.sampled_from(_REGIONS), st.booleans())
def test_no_text_becomes_a_number_whose_digits_it_does_not_have(text: str, region: str, missing_plus: bool) -> None:
    check_digits(text, region, missing_plus=missing_plus)


def _random_cell(random: Random) -> str:
    """Return a number in some notation, damaged here and there."""
    pieces = [
        random.choice(_PARTS)
        if random.random() < 0.4
        else "".join(random.choices("0123456789", k=random.randint(1, 5)))
        for _ in range(random.randint(1, 7))
    ]
    cell = list("".join(pieces))
    for _ in range(random.randint(0, 2)):
        cell[random.randrange(len(cell))] = random.choice("0123456789OIlSBxX*#+-() .,/:;'=aeno−４٣²")
    return "".join(cell)


_PARTS = (
    " ", "-", ".", "(", ") ", "+", "+1 ", "1-800-", "800 ", "FLOWERS", "CALL", " ext ", " x", "Tel: ", "cell ",
    "Ann ", " or ",
    " / ", ", ", "; ", "tel:", "wa.me/", "@c.us", "00", "011 ", "+52 1 ", "044 ", "415", "555", "(415) 555-0131",
    "+44 7911 123456", "0151 23456789", "'", "=", "\n", " call after ", " - ", "№",
)  # fmt: skip


def test_no_random_text_becomes_a_number_whose_digits_it_does_not_have() -> None:
    random = Random(16)
    for _ in range(int(os.environ.get("TRACKLY_RANDOM_TEXTS", "20000"))):
        check_digits(_random_cell(random), random.choice(_REGIONS), missing_plus=random.random() < 0.2)
