"""A contact: the table of fields, the checks, what is sent."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from trackly_desktop.contacts.contact import Contact
from trackly_desktop.contacts.fields import FIELDS, LARGEST_BODY
from trackly_desktop.contacts.issues import Issue, IssueCode, ParseProblem
from trackly_desktop.contacts.parsers import ParseContext, parse_custom_value
from trackly_desktop.contacts.validation import find_issues, parse_contact
from trackly_desktop.contacts.value_words import is_blank_marker, looks_like_yes_or_no

CONTEXT = ParseContext(zone=UTC, now=lambda: datetime(2026, 1, 1, tzinfo=UTC))
PHONE = {"phone_number": "(415) 555-0123", "list_number": "+18005551234"}


def test_the_table_has_the_eleven_body_fields_and_the_contact_an_attribute_for_each() -> None:
    assert [field.name for field in FIELDS] == list(Contact.__dataclass_fields__)
    assert len(FIELDS) == 11


def test_a_field_left_empty_is_not_sent() -> None:
    contact, issues = parse_contact(PHONE | {"url": "  ", "ad_network_id": ""}, {}, CONTEXT)
    assert contact is not None
    assert not issues
    assert json.loads(contact.to_json()) == {"phone_number": "+14155550123", "list_number": "+18005551234"}


def test_every_field_is_sent_as_the_api_names_it() -> None:
    texts = PHONE | {
        "use_journeys": "yes", "skip_journey_if_exists": "no", "signup_date": "2025-03-15 14:30", "ip_address": "203.0.113.42",
        "url": "https://example.com/signup", "override_custom_fields": "true", "ad_network_source": "facebook",
        "ad_network_id": "0042",
    }  # fmt: skip
    contact, _ = parse_contact(texts, {"first_name": "Jane", "orders": 3, "vip": True}, CONTEXT)
    assert contact is not None
    assert contact.body() == {
        "phone_number": "+14155550123", "list_number": "+18005551234", "use_journeys": True,
        "skip_journey_if_exists": False, "signup_date": "2025-03-15T14:30:00Z", "ip_address": "203.0.113.42",
        "url": "https://example.com/signup", "custom_fields": {"first_name": "Jane", "orders": 3, "vip": True},
        "override_custom_fields": True, "ad_network_source": "facebook", "ad_network_id": "0042",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("phone_number", "12", IssueCode.PHONE_TOO_SHORT),
        ("phone_number", "", IssueCode.PHONE_MISSING),
        ("list_number", "", IssueCode.LIST_MISSING),
        ("list_number", "VIP", IssueCode.LIST_UNREADABLE),
        ("use_journeys", "perhaps", IssueCode.YES_NO_UNCLEAR),
        ("signup_date", "03/04/2025", IssueCode.DATE_AMBIGUOUS),
        ("signup_date", "2027-01-01", IssueCode.DATE_IN_FUTURE),
        ("ip_address", "203.0.113", IssueCode.IP_UNREADABLE),
        ("url", "example.com", IssueCode.URL_UNREADABLE),
        ("url", "https://exa mple.com", IssueCode.URL_UNREADABLE),
    ],
)
def test_what_is_wrong_is_an_issue_of_its_field(field: str, text: str, code: IssueCode) -> None:
    contact, issues = parse_contact(PHONE | {field: text}, {}, CONTEXT)
    assert contact is None
    assert [(issue.field, issue.code) for issue in issues] == [(field, code)]


def test_every_wrong_field_has_its_issue_at_once() -> None:
    _, issues = parse_contact({"phone_number": "1", "url": "x", "ip_address": "y"}, {}, CONTEXT)
    assert {issue.field for issue in issues} == {"phone_number", "list_number", "url", "ip_address"}


def test_a_contact_beyond_the_servers_limit_is_refused_before_it_is_sent() -> None:
    contact, issues = parse_contact(PHONE, {"note": "x" * LARGEST_BODY}, CONTEXT)
    assert contact is None
    assert (issues[0].field, issues[0].code) == ("custom:note", IssueCode.CONTACT_TOO_LARGE)


def test_a_contact_made_by_hand_is_checked_too() -> None:
    assert find_issues(Contact("+14155550123", "+18005551234")) == []
    assert find_issues(Contact("415", "+18005551234"))[0].field == "phone_number"
    assert find_issues(Contact("+14155550123", "+18005551234", custom_fields={"": "x"})) == [
        Issue(IssueCode.CUSTOM_NAME_MISSING, "custom:")
    ]


@pytest.mark.parametrize(
    ("journeys", "skip", "safe"), [(False, True, True), (True, True, True), (False, False, True), (True, False, False)]
)
def test_only_a_forced_second_welcome_is_not_repeat_safe(journeys: bool, skip: bool, safe: bool) -> None:
    contact = Contact("+14155550123", "+18005551234", use_journeys=journeys, skip_journey_if_exists=skip)
    assert contact.idempotent is safe


@pytest.mark.parametrize(
    ("text", "type_name", "value"),
    [
        ("3", "number", 3),
        ("-2.5", "number", -2.5),
        ("Yes", "boolean", True),
        ("0", "boolean", False),
        ("007", "string", "007"),
    ],
)
def test_custom_values_have_their_type(text: str, type_name: str, value: object) -> None:
    read = parse_custom_value(text, type_name)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("text", "type_name"), [("three", "number"), ("inf", "number"), ("1_000", "number"), ("maybe", "boolean")]
)
def test_a_custom_value_of_another_type_is_refused(text: str, type_name: str) -> None:
    with pytest.raises(ParseProblem):
        parse_custom_value(text, type_name)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.50", 1234.5), ("1.234,50", 1234.5), ("1 234,5", 1234.5), ("12,5", 12.5), ("1,234,567", 1234567),
        ("1.234.567", 1234567), ("$12.50", 12.5), ("12,50 €", 12.5), ("1'234.50", 1234.5), ("-1,5", -1.5), (",5", 0.5),
    ],
)  # fmt: skip
def test_an_amount_with_separators_is_read_once_it_is_to_be_a_number(text: str, value: float) -> None:
    assert parse_custom_value(text, "number") == value
    assert parse_custom_value(text, "string") == text


def test_an_amount_that_could_be_two_is_not_guessed() -> None:
    with pytest.raises(ParseProblem) as raised:
        parse_custom_value("1,234", "number")
    assert (raised.value.code, raised.value.params) == (IssueCode.NUMBER_AMBIGUOUS, {"one": "1234", "other": "1.234"})


@pytest.mark.parametrize("text", ["NULL", "n/a", "-", "\\N", "NaN", "0000-00-00"])
def test_what_databases_write_for_nothing_is_nothing(text: str) -> None:
    assert is_blank_marker(text)


@pytest.mark.parametrize("text", ["0", "Null Ltd", "", "no"])
def test_what_says_something_is_not_nothing(text: str) -> None:
    assert not is_blank_marker(text)


@pytest.mark.parametrize("text", ["F", "t", "ON", "1", "x", "no one"])
def test_letters_that_may_be_sizes_and_provinces_are_no_yes_or_no_by_themselves(text: str) -> None:
    assert not looks_like_yes_or_no(text)
