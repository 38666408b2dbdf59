"""Patterns of raw values."""

from __future__ import annotations

import pytest

from trackly_desktop.contacts.value_patterns import (
    has_lost_digits,
    is_date_or_address,
    is_ip,
    is_shortened_by_excel,
    looks_like_url,
)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("203.0.113.42", True),
        ("2001:DB8::1", True),
        ("1.2.3", False),
        ("12:30", False),
        ("10:30:00", False),
        ("00:03:21", False),
        ("C8:2A:14:55:01:31", False),
        ("999.1.1.1", False),
        ("::1", True),
    ],
)
def test_an_ip_address_is_one_of_either_version(text: str, right: bool) -> None:
    assert is_ip(text) is right


@pytest.mark.parametrize(
    ("text", "is_url"),
    [("HTTPS://x.example/a", True), ("www.x.example", True), ("x.example", False), ("http://a b", False)],
)
def test_a_web_address_may_lack_its_scheme(text: str, is_url: bool) -> None:
    assert looks_like_url(text) is is_url


@pytest.mark.parametrize("text", ["3/4/25", "2025-03-04T10:00", "ada@x.example", "https://x.example", "10.0.0.1"])
def test_a_date_or_an_address_is_recognized(text: str) -> None:
    assert is_date_or_address(text)


@pytest.mark.parametrize(
    ("text", "has_lost", "is_sure"),
    [("1.4155E+10", True, True), ("1,4155e+10", True, True), ("'1.4155E+10", True, False), ("5E10", True, False)],
)
def test_a_shortened_number_has_lost_digits_but_not_every_product_code(
    text: str, has_lost: bool, is_sure: bool
) -> None:
    assert (has_lost_digits(text), is_shortened_by_excel(text)) == (has_lost, is_sure)
