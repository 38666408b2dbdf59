"""Which characters of a cell are a phone number."""

from __future__ import annotations

import pytest

from trackly_desktop.contacts.phone_notation import looks_like_phone, number_beside_remark


@pytest.mark.parametrize(
    ("text", "is_phone"),
    [
        ("(415) 555-0120", True), ("p:+14155550120", True), ("WhatsApp:+14155550120 ext. 7", True),
        ("\u202a4155550120\u202c", True), ("555-01", False),
        ("2025-03-04", False), ("203.0.113.42", False), ("4155550120 or so", True), ("Ann (415) 555-0120", True),
        ("Cell: 415-555-0120", True), ("1-800-FLOWERS", True), ("wa.me/14155550120", True), ("10:30:00", False),
        ("Order 1000", False), ("2024-05-01 10:00:00", False),
    ],
)  # fmt: skip
def test_a_phone_number_has_7_to_20_digits_and_is_no_date_or_address(text: str, is_phone: bool) -> None:
    assert looks_like_phone(text) is is_phone


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("wife (415) 555-0131", "(415) 555-0131"), ("old: 4155550131 ext 12", "4155550131"), ("call Ann", ""),
        ("4155550131 Ann 4155550132 Ben", ""), ("DO NOT CALL 4155550131", ""), ("415-55S-0131", ""),
    ],
)  # fmt: skip
def test_a_number_is_told_from_what_is_said_about_it(text: str, number: str) -> None:
    assert number_beside_remark(text) == number
