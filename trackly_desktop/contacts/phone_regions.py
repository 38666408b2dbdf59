"""Countries of phone numbers: dial codes, examples, and the countries that fit."""

from __future__ import annotations

from collections.abc import Sequence

from trackly_desktop.contacts.phone_numbers import Phone, PhoneProblem, parse_phone, visible_text

_TRIED = 40
"""Numbers that are tried."""
_OFFERED = 4
"""Most countries that are offered."""
_MANY_PEOPLE = (
    "US", "GB", "DE", "FR", "ES", "IT", "PT", "BR", "MX", "AR", "CO", "CL", "PE", "NL", "BE", "CH", "AT", "SE", "NO", "DK",
    "FI", "IE", "PL", "CZ", "HU", "RO", "GR", "TR", "RU", "UA", "IL", "AE", "SA", "EG", "ZA", "NG", "KE", "IN", "PK", "BD",
    "ID", "PH", "VN", "TH", "MY", "SG", "CN", "JP", "KR", "TW", "HK", "AU", "NZ",
)  # fmt: skip
"""Countries that are tried."""


def dial_code(region: str) -> int:
    """Return the country's dial code (44 for GB); 0 for an unknown region."""
    import phonenumbers

    return phonenumbers.country_code_for_region(region)


def regions() -> list[str]:
    """Return every region that has phone numbers, as ISO 3166 codes."""
    import phonenumbers

    return sorted(phonenumbers.SUPPORTED_REGIONS)


def example_number(region: str) -> str:
    """Return an example mobile number of `region` in its national notation.

    Empty where the metadata has none.
    """
    import phonenumbers

    number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL) if number else ""


def regions_that_fit(numbers: Sequence[str], region: str) -> tuple[str, ...]:
    """Return the countries that these numbers fit, where `region` fits few.

    Empty where too many countries would do.
    """
    texts = [text for text in map(visible_text, numbers) if text and text[0] not in "+＋" and not text.startswith("00")]
    sample = texts[:_TRIED]
    if len(sample) < 3 or len(_parse_all(sample, region)) * 2 > len(sample):
        return ()
    regions = tuple(
        other for other in _MANY_PEOPLE if other != region and _are_mobiles(_parse_all(sample, other), len(sample))
    )
    return regions if len(regions) <= _OFFERED else ()


def _parse_all(numbers: Sequence[str], region: str) -> list[Phone]:
    phones = []
    for text in numbers:
        try:
            phones.append(parse_phone(text, region))
        except PhoneProblem:
            continue
    return phones


def _are_mobiles(phones: Sequence[Phone], of: int) -> bool:
    """Whether nearly all are valid and most are mobiles.

    Landlines of the same digits exist in many countries.
    """
    return len(phones) >= 0.9 * of and sum("mobile" in phone.line_type for phone in phones) >= 0.7 * of
