"""Any text in: a value or a problem out, never another exception."""

from __future__ import annotations

import contextlib
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trackly_desktop.contacts import dates
from trackly_desktop.contacts.fields import CUSTOM_TYPES, FIELDS, Kind
from trackly_desktop.contacts.issues import ParseProblem
from trackly_desktop.contacts.parsers import ParseContext, parse_custom_value, parse_value
from trackly_desktop.contacts.phone_notation import looks_like_phone
from trackly_desktop.contacts.value_patterns import is_date_or_address, is_ip, looks_like_url
from trackly_desktop.contacts.value_words import (
    cell_says_no,
    is_blank_marker,
    is_no_number,
    is_nothing,
    parse_consent,
    parse_opt_out,
    parse_yes_no,
    says_opted_out,
)
from trackly_desktop.mapping.column_profile import ColumnProfile
from trackly_desktop.mapping.consent_columns import ConsentColumn, consent_column_kind, is_opted_out
from trackly_desktop.mapping.countries import find_region
from trackly_desktop.mapping.phone_names import phone_name
from trackly_desktop.mapping.text_columns import is_always_text

EXAMPLES = int(os.environ.get("TRACKLY_FUZZ_EXAMPLES", "400"))
_TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789+-()./:, xXeETZ'=#*%[]@", max_size=30),
    st.from_regex(r"\A[0-9]{1,6}[-/.: ][0-9A-Za-z]{1,9}[-/.: ,][0-9]{1,12}( ?[0-9:.]{0,9})?([+-][0-9:]{1,5}|Z| [A-Z]{2,4})?\Z"),
    st.from_regex(r"\A(https?|ftp|javascript)://[^ ]{0,30}\Z"),
    st.from_regex(r"\A-?[0-9.,' ]{1,40}([eE][+-]?[0-9]{1,5})?\Z"),
    st.lists(
        st.sampled_from(["no", "not", "opted", "out", "stop", "yes", "do", "call", "415", "5550131", "\ud800", "\0"]),
        max_size=8,
    ).map(" ".join),
)  # fmt: skip
_CONTEXTS = st.builds(
    ParseContext,
    region=st.sampled_from(["US", "DE", "MX", "DK", "Atlantis", ""]),
    missing_plus=st.booleans(),
    dates=st.sampled_from([dates.ASK, dates.MONTH_FIRST, dates.DAY_FIRST, dates.YEAR_FIRST]),
)


@pytest.mark.parametrize(
    "field", [field for field in FIELDS if field.kind is not Kind.CUSTOM], ids=lambda field: field.name
)
@settings(max_examples=EXAMPLES)
@given(text=_TEXTS, context=_CONTEXTS)
def test_a_field_takes_a_text_or_says_why_not(field: object, text: str, context: ParseContext) -> None:
    assert any(field is known for known in FIELDS)
    with contextlib.suppress(ParseProblem):
        parse_value(field, text, context)  # type: ignore[arg-type]


@pytest.mark.parametrize("type_name", CUSTOM_TYPES)
@settings(max_examples=EXAMPLES)
@given(text=_TEXTS)
def test_a_custom_field_takes_a_text_or_says_why_not(type_name: str, text: str) -> None:
    with contextlib.suppress(ParseProblem):
        assert isinstance(parse_custom_value(text, type_name), str | int | float | bool)


@settings(max_examples=EXAMPLES)
@given(_TEXTS)
def test_whatever_a_cell_holds_it_can_be_looked_at(text: str) -> None:
    for look in (
        looks_like_phone, is_ip, looks_like_url, is_date_or_address, dates.looks_like_date, dates.possible_date_orders,
        dates.is_ambiguous, is_blank_marker, is_nothing, is_no_number, says_opted_out, cell_says_no, parse_yes_no, parse_consent,
        parse_opt_out, find_region, ColumnProfile().update,
    ):  # fmt: skip
        look(text)
    for kind in ConsentColumn:
        assert is_opted_out(kind, text) in (True, False, None)


@settings(max_examples=EXAMPLES)
@given(_TEXTS)
def test_whatever_a_column_is_called_it_has_a_meaning_or_none(name: str) -> None:
    for look in (phone_name, consent_column_kind, is_always_text, dates.timezone_in_header):
        look(name)
