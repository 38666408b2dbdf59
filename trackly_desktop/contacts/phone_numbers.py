"""Phone numbers in many notations -> E.164, by libphonenumber's rules.

A number is read, or refused with a reason. It is never guessed: the digits sent are digits of the text, letters of a
toll-free vanity number, and a country code that was written or chosen.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from trackly_desktop.contacts.issues import IssueCode, ParseProblem
from trackly_desktop.contacts.value_patterns import has_lost_digits

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

# `phonenumbers` takes 25 ms to import and the first window does not need it: functions import it when first called.


class PhoneProblem(ParseProblem):
    """Text that is no phone number."""


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
    if _PLAIN.match(visible):
        return _parse_single(visible, region, missing_plus=missing_plus)
    if has_lost_digits(visible):
        raise PhoneProblem(IssueCode.PHONE_EXCEL_SHORTENED)
    visible = _FLOAT.sub("", visible)
    parts = _split_numbers(visible)
    if len(parts) > 1 and not is_e164(visible):
        return _parse_only_number(parts, region, missing_plus=missing_plus)
    try:
        return _parse_single(_without_label(visible), region, missing_plus=missing_plus)
    except PhoneProblem:
        if parts and parts[0] != visible and _count_digits(parts[0]) >= _WHOLE:
            return _parse_single(_without_label(parts[0]), region, missing_plus=missing_plus)
        raise


def _split_numbers(visible: str) -> list[str]:
    """Return the parts of a cell that have the digits of a number.

    Several where there are separators between numbers.
    """
    parts = [part.strip() for part in re.split(_BETWEEN, visible)] if len(visible) > _WHOLE else [visible]
    return [part for part in parts if _count_digits(part) >= 7]


def _count_digits(text: str) -> int:
    return sum(char.isdigit() for char in text)


def _parse_only_number(parts: list[str], region: str, *, missing_plus: bool) -> Phone:
    """Return the one valid number of a cell with several parts.

    Of two valid numbers neither is chosen.
    """
    phones: dict[str, Phone] = {}
    first_problem: PhoneProblem | None = None
    for part in parts:
        try:
            phone = _parse_single(_without_label(part), region, missing_plus=missing_plus)
            phones.setdefault(phone.e164, phone)
        except PhoneProblem as problem:
            first_problem = first_problem or problem
    if len(phones) > 1:
        raise PhoneProblem(IssueCode.PHONE_SEVERAL, count=len(phones), numbers=", ".join(phones))
    if not phones:
        assert first_problem is not None
        raise first_problem
    return next(iter(phones.values()))


def first_of_several(text: str) -> str:
    """Return the first number of a cell; the cell where it has at most one."""
    parts = _split_numbers(visible_text(text))
    return parts[0] if parts else text


def _parse_single(visible: str, region: str, *, missing_plus: bool) -> Phone:
    import phonenumbers

    if (american := _parse_american(visible, region)) is not None:
        return american
    if _SUM.match(visible):
        raise PhoneProblem(IssueCode.PHONE_EXCEL_SUM)
    # An extension is an office's own: what is sent is the number that it belongs to.
    if any(char.isalpha() for char in visible):
        visible = _EXTENSION.sub("", visible)
        if any(char.isalpha() for char in visible):
            visible = _vanity_digits(visible)
    if not visible:
        raise PhoneProblem(IssueCode.PHONE_BLANK)
    first_problem: PhoneProblem | None = None
    for spelling in _spellings(visible, missing_plus=missing_plus):
        try:
            number = phonenumbers.parse(spelling, region)
        except phonenumbers.NumberParseException as error:
            first_problem = first_problem or _parse_error_problem(error, visible, region)
            continue
        if phonenumbers.is_valid_number(number):
            return Phone(f"+{number.country_code}{phonenumbers.national_significant_number(number)}", number)
        first_problem = first_problem or _invalid_number_problem(number, visible)
    assert first_problem is not None
    raise first_problem


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


def _vanity_digits(visible: str) -> str:
    """Return the digits of a toll-free number with letters (1-800-FLOWERS).

    Raises:
        PhoneProblem: the letters are something else.
    """
    match = _VANITY.match(visible)
    is_vanity = match is not None and sum(char.isalnum() for char in match[1]) == 7
    if match is None or not is_vanity or match[2].casefold() in _REMARKS or _HIDDEN.search(visible):
        raise _letters_problem(visible)
    import phonenumbers

    return phonenumbers.convert_alpha_characters_in_number(match[0])


def _letters_problem(visible: str) -> PhoneProblem:
    """What letters among the digits of a number are."""
    if _HIDDEN.search(visible):
        return PhoneProblem(IssueCode.PHONE_HIDDEN)
    letters = [char for char in visible if char.isalpha()]
    if len(letters) <= _FEW_LETTERS and _count_digits(visible) >= _MOST_DIGITS:
        return PhoneProblem(IssueCode.PHONE_LETTERS_FOR_DIGITS, letters="".join(letters))
    return PhoneProblem(IssueCode.PHONE_WORDS)


def lacks_plus(text: str, region: str) -> bool:
    """Whether this is an international number without its plus.

    No number of the region, and a valid one with a plus.
    """
    visible = visible_text(text)
    if not visible.isdigit() or visible.startswith("0"):
        return False
    try:
        _parse_single("+" + visible, region, missing_plus=False)
    except PhoneProblem:
        return False
    import phonenumbers

    try:
        number = phonenumbers.parse(visible, region)
    except phonenumbers.NumberParseException:
        return True
    return not phonenumbers.is_valid_number(number)


_LONG_ENOUGH = 12
"""Fewest digits for which a missing plus is tried.

Fewer could be another country's number by chance.
"""
_WHOLE = 10
"""Digits, or characters, of a number with its area code: 030/1234567 is one."""
_PLAIN = re.compile(r"\+?\(?\d[\d ()\-]{5,14}\Z", re.ASCII)
"""Most numbers: nothing in them has to be made out first."""
_SUM = re.compile(r"['’`(+＋\s]*(?:[\-‐‑‒–—―−﹣－]|=(?!\"))")
"""+1-415-555-0130 entered as a formula: Excel keeps -970, or shows the formula."""
_FLOAT = re.compile(r"(?<=\d{7})[.,]0+$")
"""14155550120.0: what programs make of a number that they took for an amount."""
_BETWEEN = r"\s*(?::::|[;,|/\\&\n]|\bor\b|\band\b)\s*"
_LABEL = re.compile(
    r"(?:p|t|m|c|tel|phone|mobile|mob|cell|cel|handy|whatsapp|sms|home|work|office)[.:]*\s*[:.]\s*(?=[+(\d])",
    re.IGNORECASE,
)
_LABEL_BEHIND = re.compile(
    r"\s*\(?\b(?:mobile|mob|cell|cel|home|work|office|main|direct|m|h|w|c|whatsapp|handy|privat|movil|móvil)\b\.?\)?$",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"[\s,;]*(?:ext(?:ension)?|extn|x|anexo|int|доб)\.?\s*:?\s*\d{1,7}$", re.IGNORECASE)
_AMERICAN = re.compile(r"(?:\+?1[ .\-]?)?\(?([2-9]\d\d)\)?[ .\-]?([2-9]\d\d)[ .\-]?(\d{4})\Z", re.ASCII)
_VANITY = re.compile(
    r"(?:\+?1[\s.\-]*)?\(?8(?:00|33|44|55|66|77|88)\)?[\s.\-]*((?:\d[\s.\-]?)*([A-Za-z](?:[\s.\-]?[A-Za-z]){2,}))$"
)
"""A toll-free number with letters at its end.

After any other area code letters are a remark.
"""
_REMARKS = frozenset(
    (
        "blocked", "callnow", "deleted", "dialnow", "expired", "invalid", "missing", "no good", "nophone", "not set",
        "notgood", "pending", "private", "refused", "removed", "testing", "unknown", "unlisted", "withheld",
    )
)  # fmt: skip
"""Words of seven letters that people write instead of a number."""
_HIDDEN = re.compile(r"(?<![^\W\d_])[xX*#•]{2,}(?![^\W\d_])")
_FEW_LETTERS, _MOST_DIGITS = 3, 5


def _without_label(visible: str) -> str:
    """Return a number without the label beside it and Excel's apostrophe.

    Labels are like p:+1…, Tel: …, … (mobile).
    """
    unquoted = visible.lstrip("'’`")
    match = _LABEL.match(unquoted)
    return _LABEL_BEHIND.sub("", unquoted[match.end() :] if match else unquoted)


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


def _spellings(visible: str, *, missing_plus: bool) -> list[str]:
    """What a number may be meant to be, the likeliest first."""
    # 0044… and 01144… are how much of the world writes +44…; where they are not the country's own prefix, each reads as
    # rubbish first.
    if visible.startswith("00"):
        return [visible, "+" + visible[2:]]
    if visible.startswith("011"):
        return [visible, "+" + visible[3:]]
    if visible[0] in "+＋" or visible.startswith("0"):
        return [visible]
    if missing_plus:
        return ["+" + visible, visible]
    return [visible, "+" + visible] if _count_digits(visible) >= _LONG_ENOUGH else [visible]


def _parse_error_problem(error: Exception, visible: str, region: str) -> PhoneProblem:
    import phonenumbers

    kind = getattr(error, "error_type", None)
    if kind == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
        if visible.startswith("+"):
            return PhoneProblem(IssueCode.PHONE_UNKNOWN_DIAL_CODE)
        return PhoneProblem(IssueCode.PHONE_UNKNOWN_COUNTRY, country=region)
    if kind in (
        phonenumbers.NumberParseException.TOO_SHORT_NSN,
        phonenumbers.NumberParseException.TOO_SHORT_AFTER_IDD,
    ):
        return PhoneProblem(IssueCode.PHONE_TOO_SHORT, region="")
    if kind == phonenumbers.NumberParseException.TOO_LONG:
        return PhoneProblem(IssueCode.PHONE_TOO_LONG, region="")
    return PhoneProblem(IssueCode.PHONE_UNREADABLE)


def _invalid_number_problem(number: PhoneNumber, visible: str) -> PhoneProblem:
    import phonenumbers

    reason = phonenumbers.is_possible_number_with_reason(number)
    country = phonenumbers.region_code_for_country_code(number.country_code or 0)
    region = country if country not in ("ZZ", "001") else ""
    if reason in (phonenumbers.ValidationResult.TOO_SHORT, phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        return PhoneProblem(IssueCode.PHONE_TOO_SHORT, region=region)
    if reason == phonenumbers.ValidationResult.TOO_LONG:
        return PhoneProblem(IssueCode.PHONE_TOO_LONG, region=region)
    if reason == phonenumbers.ValidationResult.INVALID_COUNTRY_CODE:
        return PhoneProblem(IssueCode.PHONE_UNKNOWN_DIAL_CODE)
    if reason == phonenumbers.ValidationResult.INVALID_LENGTH:
        return PhoneProblem(IssueCode.PHONE_WRONG_LENGTH, region=region)
    written = visible.startswith("+")
    return PhoneProblem(IssueCode.PHONE_NOT_ASSIGNED, dial_code=0 if written else number.country_code or 0)
