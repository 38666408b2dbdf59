"""Names of columns: how they are compared, and whose they are."""

from __future__ import annotations

import pytest

from trackly_desktop.mapping.column_aliases import is_known_name, normalize_header, not_consent_evidence, system_of


def test_names_are_compared_without_case_separators_and_last_bracket() -> None:
    assert normalize_header("\ufeffSignup_Date (UTC)") == normalize_header(" signup-date ") == "signup date"


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


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Created At", "says when the record was made"),
        ("Web Site", "is usually the person’s own site"),
        ("Signup Date", ""),
    ],
)
def test_a_column_that_only_looks_like_consent_evidence_says_why(name: str, words: str) -> None:
    assert not_consent_evidence(name).startswith(words)
    assert bool(not_consent_evidence(name)) is bool(words)


@pytest.mark.parametrize("name", ["Vorname", "phone_number", "Phone 2 - Value", "Dial Code", "euid", "firstName"])
def test_names_of_every_table_are_known(name: str) -> None:
    assert is_known_name(name)
