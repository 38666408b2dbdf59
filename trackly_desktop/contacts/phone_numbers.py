"""Phone numbers in many notations -> E.164, by libphonenumber's rules.

A number is read, or refused with a reason. It is never guessed: the digits sent are digits of the text, letters of a
toll-free vanity number, and a country code that was written or chosen.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from trackly_desktop.contacts.issues import IssueCode
from trackly_desktop.contacts.issues import PhoneProblem as PhoneProblem
from trackly_desktop.contacts.value_patterns import count_digits, has_lost_digits

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

# `phonenumbers` takes 25 ms to import, `phone_notation` a few, and the first window does not need them: functions import
# them when first called.


class Phone(NamedTuple):
    """A valid phone number. `e164` is its one spelling in the journal and on the wire."""

    e164: str
    number: PhoneNumber

    @property
    def region(self) -> str:
        """ISO 3166 code of the country, `001` for numbers of no country."""
        import phonenumbers

        return phonenumbers.region_code_for_number(self.number) or ""

    @property
    def international(self) -> str:
        """International spelling, e.g. +1 415-555-9876."""
        import phonenumbers

        return phonenumbers.format_number(self.number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)

    @property
    def national(self) -> str:
        """National spelling, e.g. (415) 555-9876."""
        import phonenumbers

        return phonenumbers.format_number(self.number, phonenumbers.PhoneNumberFormat.NATIONAL)

    @property
    def line_type(self) -> str:
        """The kind of line in words; empty where the metadata does not know."""
        import phonenumbers

        return _LINE_TYPES.get(phonenumbers.PhoneNumberType.to_string(phonenumbers.number_type(self.number)), "")


_LINE_TYPES = {
    "FIXED_LINE": "landline",
    "MOBILE": "mobile",
    "FIXED_LINE_OR_MOBILE": "mobile or landline",
    "TOLL_FREE": "toll-free",
    "PREMIUM_RATE": "premium rate",
    "SHARED_COST": "shared cost",
    "VOIP": "internet phone",
    "PERSONAL_NUMBER": "personal number",
    "PAGER": "pager",
    "UAN": "company number",
    "VOICEMAIL": "voicemail",
}


def parse_phone(text: str, region: str, *, missing_plus: bool = False) -> Phone:
    """Return the phone number that a text means.

    Args:
        text: a cell or what was typed.
        region: ISO 3166 code of the country of numbers without a country code; any other text is an unknown country.
        missing_plus: numbers here are international ones whose plus is missing.

    Raises:
        PhoneProblem: the text is no number, or could be several.
    """
    visible = visible_text(text)
    if not visible:
        raise PhoneProblem(IssueCode.PHONE_BLANK)
    if (american := _parse_american(visible, region)) is not None:
        return american
    if _PLAIN.match(visible):
        return _parse_number(visible, region, missing_plus=missing_plus)
    if has_lost_digits(visible):
        raise PhoneProblem(IssueCode.PHONE_EXCEL_SHORTENED)
    from trackly_desktop.contacts.phone_notation import find_numbers

    return _parse_only(find_numbers(visible), region, missing_plus=missing_plus)


def phone_beside_words(text: str, region: str) -> str:
    """Return the E.164 of a cell that says more than a number.

    Empty where it has none.
    """
    from trackly_desktop.contacts.phone_notation import numbers_beside_words

    try:
        return _parse_only(numbers_beside_words(visible_text(text)), region, missing_plus=False).e164
    except PhoneProblem:
        return ""


def _parse_only(numbers: list[str], region: str, *, missing_plus: bool) -> Phone:
    """Return the one number of a cell.

    Of several none is chosen, valid or not: a part of a number could be one.
    """
    phones = [_parse_with_ending(number, region, missing_plus=missing_plus) for number in numbers[:1]]
    for number in numbers[1:]:
        try:
            phones.append(_parse_with_ending(number, region, missing_plus=missing_plus))
        except PhoneProblem as problem:
            raise _several(numbers) from problem
    if len({phone.e164 for phone in phones}) > 1:
        raise _several([phone.e164 for phone in phones])
    return phones[0]


def _parse_with_ending(number: str, region: str, *, missing_plus: bool) -> Phone:
    """Return a phone number, or the first of the two in 030 1234567/68.

    Raises:
        PhoneProblem: it is none, or could be one number and could be two.
    """
    from trackly_desktop.contacts.phone_notation import first_part

    first = first_part(number)
    try:
        whole = _parse_number(number, region, missing_plus=missing_plus)
    except PhoneProblem:
        if first == number:
            raise
        return _parse_number(first, region, missing_plus=missing_plus)
    if first == number:
        return whole
    try:
        phone = _parse_number(first, region, missing_plus=missing_plus)
    except PhoneProblem:
        return whole
    raise _several([phone.e164, whole.e164])


def _several(numbers: list[str]) -> PhoneProblem:
    return PhoneProblem(IssueCode.PHONE_SEVERAL, count=len(numbers), numbers=", ".join(numbers))


def numbers_in(text: str) -> list[str]:
    """Return the numbers of a cell without what stands beside them.

    None where it has none.
    """
    from trackly_desktop.contacts.phone_notation import find_numbers

    try:
        return find_numbers(visible_text(text))
    except PhoneProblem:
        return []


def first_of_several(text: str) -> str:
    """Return the first number of a cell; the cell where it has none."""
    from trackly_desktop.contacts.phone_notation import first_part

    numbers = numbers_in(text)
    return first_part(numbers[0]) if numbers else text


def _parse_number(number: str, region: str, *, missing_plus: bool) -> Phone:
    """Return the phone number of digits and the signs between them.

    Raises:
        PhoneProblem: there is no such number.
    """
    import phonenumbers

    if (american := _parse_american(number, region)) is not None:
        return american
    has_plus = number[0] in "+＋"
    if not has_plus and not phonenumbers.country_code_for_region(region):
        raise PhoneProblem(IssueCode.PHONE_UNKNOWN_COUNTRY, country=region)
    first_problem: PhoneProblem | None = None
    for spelling in _spellings(number, region, missing_plus=missing_plus):
        try:
            parsed = phonenumbers.parse(spelling, region)
        except phonenumbers.NumberParseException as error:
            first_problem = first_problem or _parse_error_problem(error, number, region)
            continue
        if phonenumbers.is_valid_number(parsed):
            national = phonenumbers.national_significant_number(parsed)
            if not _is_written(national, number, parsed.country_code):
                raise PhoneProblem(
                    IssueCode.PHONE_TOO_SHORT,
                    region=phonenumbers.region_code_for_number(parsed) or "",
                    digits=count_digits(number),
                )
            phone = Phone(f"+{parsed.country_code}{national}", parsed)
            if spelling == number and not has_plus:
                _check_plus(phone, number, parsed.country_code)
            return phone
        first_problem = first_problem or _invalid_number_problem(parsed, number, region)
    assert first_problem is not None
    raise first_problem


def _check_plus(phone: Phone, number: str, country_code: int | None) -> None:
    """Check that a number without a plus does not begin with its country's code.

    Raises:
        PhoneProblem: 4915123456789 could be +49 4915 … or +49 15 ….
    """
    import phonenumbers

    if country_code == _AMERICAN_CODE or not number.startswith(str(country_code)):
        return
    try:
        other = phonenumbers.parse("+" + number, None)
    except phonenumbers.NumberParseException:
        return
    e164 = phonenumbers.format_number(other, phonenumbers.PhoneNumberFormat.E164)
    if phonenumbers.is_valid_number(other) and e164 != phone.e164:
        raise PhoneProblem(IssueCode.PHONE_PLUS_UNCLEAR, national=phone.e164, international=e164)


def _is_written(national: str, number: str, country_code: int | None) -> bool:
    """Whether a number's digits stand in the text in their order.

    The metadata completes local numbers of some countries: that is a guess. Argentina's 15 is its mobiles' 9 within the
    country.
    """
    if country_code == _ARGENTINA and "15" in number:
        national = national.removeprefix("9")
    written = iter(unicodedata.normalize("NFKC", number))
    return all(any(digit == _digit(char) for char in written) for digit in national)


def _digit(char: str) -> str:
    return char if char.isascii() else str(unicodedata.decimal(char, ""))


def _parse_american(visible: str, region: str) -> Phone | None:
    """Return a valid US number in one of its usual spellings; None for any other text.

    The result is the same as libphonenumber's parser gives, in a third of the time: ten digits that begin with 2 to 9
    have no prefix to take off. tests/contacts/test_phone_numbers.py compares both.
    """
    import phonenumbers

    match = _AMERICAN.match(visible)
    if match is None or not (visible[0] == "+" or phonenumbers.country_code_for_region(region) == 1):
        return None
    digits = match[1] + match[2] + match[3]
    number = phonenumbers.PhoneNumber(country_code=1, national_number=int(digits))
    return Phone("+1" + digits, number) if phonenumbers.is_valid_number_for_region(number, "US") else None


def lacks_plus(text: str, region: str) -> bool:
    """Whether this is an international number without its plus.

    No number of the region, and a valid one with a plus.
    """
    visible = visible_text(text)
    if not visible.isdigit() or visible.startswith("0"):
        return False
    try:
        _parse_number("+" + visible, region, missing_plus=False)
    except PhoneProblem:
        return False
    import phonenumbers

    try:
        phone = _parse_number(visible, region, missing_plus=False)
    except PhoneProblem:
        return True
    is_foreign = phone.number.country_code != phonenumbers.country_code_for_region(region)
    return is_foreign and phone.e164 == f"+{visible}"


_AMERICAN_CODE, _ARGENTINA = 1, 54
_LONG_ENOUGH = 12
"""Fewest digits for which a missing plus is tried.

Fewer could be another country's number by chance.
"""
_PLAIN = re.compile(r"(?!(?:19|20)\d\d-\d|.*-(?:19|20)\d\d\Z)\+?\(?\d[\d ()\-]{5,11}\Z", re.ASCII)
"""Many numbers: nothing in them has to be made out first.

They are too short for two, and no dates.
"""
_AMERICAN = re.compile(r"(?:\+?1[ .\-]?)?\(?([2-9]\d\d)\)?[ .\-]?([2-9]\d\d)[ .\-]?(\d{4})\Z", re.ASCII)
_MEXICAN = re.compile(
    r"(?:[+＋]|00)?\s*52[\s.\-]*1[\s.\-]*((?:\d[\s.\-]*){10})\Z|(?:01|044|045)[\s.\-]*((?:\d[\s.\-]*){10})\Z"
)
"""Mexico's mobiles as they were written until 2019.

+52 1 55 …, and 044 or 045 before ten digits.
"""


def is_e164(text: str) -> bool:
    """Whether a text is E.164: a plus and 7 to 15 digits (ITU-T E.164, 6.1).

    The first digit is not 0.
    """
    digits = text[1:]
    return text[:1] == "+" and 7 <= len(digits) <= 15 and digits.isascii() and digits.isdigit() and digits[0] != "0"


def parse_list_number(text: str, region: str) -> str:
    """Return a sending list's number in E.164.

    Any notation of a valid number, or anything in the form of E.164.

    Lists are Trackly's own numbers, so libphonenumber's metadata does not get to refuse one.

    Raises:
        PhoneProblem: the text is no number.
    """
    visible = visible_text(text)
    if is_e164(visible):
        return visible
    try:
        return parse_phone(visible, region).e164
    except PhoneProblem as problem:
        raise PhoneProblem(IssueCode.LIST_UNREADABLE) from problem


def visible_text(text: str) -> str:
    """Return a text without its invisible characters."""
    # Numbers copied from phones and web pages carry direction marks and zero-width characters (Unicode category Cf).
    if text.isascii():
        return text.strip()
    return "".join(char for char in text if unicodedata.category(char) != "Cf").strip()


def _spellings(number: str, region: str, *, missing_plus: bool) -> list[str]:
    """What a number may be meant to be, the likeliest first."""
    mexican = _MEXICAN.match(number.replace("(", "").replace(")", ""))
    if mexican is not None and (mexican[1] or region == "MX"):
        return [f"+52{mexican[1] or mexican[2]}"]
    # 0044… and 01144… are how much of the world writes +44…; where they are not the country's own prefix, each reads as
    # rubbish first.
    if number.startswith("00"):
        return [number, "+" + number[2:]]
    if number.startswith("011"):
        return [number, "+" + number[3:]]
    if number[0] in "+＋" or number.startswith("0"):
        return [number]
    if missing_plus:
        return ["+" + number, number]
    return [number, "+" + number] if count_digits(number) >= _LONG_ENOUGH else [number]


def _parse_error_problem(error: Exception, number: str, region: str) -> PhoneProblem:
    import phonenumbers

    kind = getattr(error, "error_type", None)
    if kind == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
        return PhoneProblem(IssueCode.PHONE_UNKNOWN_DIAL_CODE)
    shown = "" if number[0] in "+＋" else region
    if kind in (
        phonenumbers.NumberParseException.TOO_SHORT_NSN,
        phonenumbers.NumberParseException.TOO_SHORT_AFTER_IDD,
    ):
        return PhoneProblem(IssueCode.PHONE_TOO_SHORT, region=shown, digits=count_digits(number))
    if kind == phonenumbers.NumberParseException.TOO_LONG:
        return PhoneProblem(IssueCode.PHONE_TOO_LONG, region=shown, digits=count_digits(number))
    return PhoneProblem(IssueCode.PHONE_UNREADABLE)


def _invalid_number_problem(parsed: PhoneNumber, number: str, region: str) -> PhoneProblem:
    import phonenumbers

    reason = phonenumbers.is_possible_number_with_reason(parsed)
    is_written = number[0] in "+＋"
    country = phonenumbers.region_code_for_country_code(parsed.country_code or 0) if is_written else region
    shown = country if country not in ("ZZ", "001") else ""
    if reason in (phonenumbers.ValidationResult.TOO_SHORT, phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        return PhoneProblem(IssueCode.PHONE_TOO_SHORT, region=shown, digits=count_digits(number))
    if reason == phonenumbers.ValidationResult.TOO_LONG:
        return PhoneProblem(IssueCode.PHONE_TOO_LONG, region=shown, digits=count_digits(number))
    if reason == phonenumbers.ValidationResult.INVALID_COUNTRY_CODE:
        return PhoneProblem(IssueCode.PHONE_UNKNOWN_DIAL_CODE)
    if reason == phonenumbers.ValidationResult.INVALID_LENGTH:
        return PhoneProblem(IssueCode.PHONE_WRONG_LENGTH, region=shown, digits=count_digits(number))
    return PhoneProblem(
        IssueCode.PHONE_NOT_ASSIGNED, dial_code=0 if is_written else parsed.country_code or 0, region=shown
    )
