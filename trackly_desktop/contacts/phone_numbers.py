"""Reading phone numbers as people type them. The rules are libphonenumber's (the `phonenumbers` package)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from trackly_desktop.contacts.value_patterns import has_lost_digits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phonenumbers import PhoneNumber

# `phonenumbers` takes 25 ms to import and no first window needs it: the functions below import it when first called.


class PhoneProblem(ValueError):
    """Text that is no phone number; its words are for the operator."""


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
        """+1 415-555-9876"""
        import phonenumbers

        return phonenumbers.format_number(self.number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)

    @property
    def national(self) -> str:
        """(415) 555-9876"""
        import phonenumbers

        return phonenumbers.format_number(self.number, phonenumbers.PhoneNumberFormat.NATIONAL)

    @property
    def line(self) -> str:
        """The kind of line in words; empty where the metadata does not know."""
        import phonenumbers

        return _LINES.get(phonenumbers.PhoneNumberType.to_string(phonenumbers.number_type(self.number)), "")


_LINES = {
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


def parse_phone(text: str, region: str, *, plus: bool = False) -> Phone:
    """The number that `text` means to someone in `region` (ISO 3166). Raises PhoneProblem in the operator's words.

    `plus`: numbers here are international ones whose plus is missing.
    """
    shown = _visible(text)
    if not shown:
        raise PhoneProblem("No phone number here")
    if _PLAIN.match(shown):
        return _read_one(shown, region, plus=plus)
    if has_lost_digits(shown):
        raise PhoneProblem(
            "Excel has shortened this number, and its last digits are lost; take it from where the file was made"
        )
    shown = _FLOAT.sub("", shown)
    several = _parts(shown)
    if len(several) > 1 and not is_e164(shown):
        return _only_one(several, region, plus=plus)
    try:
        return _read_one(_without_label(shown), region, plus=plus)
    except PhoneProblem:
        if several and several[0] != shown and sum(sign.isdigit() for sign in several[0]) >= _WHOLE:
            return _read_one(_without_label(several[0]), region, plus=plus)
        raise


def _parts(shown: str) -> list[str]:
    """What in a cell has the digits of a number: one part, or several with a separator between them."""
    parts = [one.strip() for one in re.split(_BETWEEN, shown)] if len(shown) > _WHOLE else [shown]
    return [one for one in parts if sum(sign.isdigit() for sign in one) >= 7]


def _only_one(several: list[str], region: str, *, plus: bool) -> Phone:
    """The number in a cell that has several: the only right one; which of two is meant is not guessed."""
    found: dict[str, Phone] = {}
    problem: PhoneProblem | None = None
    for one in several:
        try:
            phone = _read_one(_without_label(one), region, plus=plus)
            found.setdefault(phone.e164, phone)
        except PhoneProblem as error:
            problem = problem or error
    if len(found) > 1:
        raise PhoneProblem(f"There are {len(found)} numbers in this cell ({', '.join(found)}); keep one of them")
    if not found:
        assert problem is not None
        raise problem
    return next(iter(found.values()))


def first_of_several(text: str) -> str:
    """The first of the numbers in a cell; the text itself where there is one."""
    several = _parts(_visible(text))
    return several[0] if several else text


def _read_one(shown: str, region: str, *, plus: bool) -> Phone:
    import phonenumbers

    if (american := _american(shown, region)) is not None:
        return american
    if _SUM.match(shown):
        raise PhoneProblem(
            "Excel took this number for a sum, and what is left is another number; take it from where the file was made"
        )
    # An extension is an office's own: what is sent is the number that it belongs to.
    if any(sign.isalpha() for sign in shown):
        shown = _EXTENSION.sub("", shown)
        if any(sign.isalpha() for sign in shown):
            shown = _vanity(shown)
    if not shown:
        raise PhoneProblem("No phone number here")
    problem: PhoneProblem | None = None
    for spelling in _spellings(shown, plus=plus):
        try:
            number = phonenumbers.parse(spelling, region)
        except phonenumbers.NumberParseException as error:
            problem = problem or _unreadable(error, shown, region)
            continue
        if phonenumbers.is_valid_number(number):
            return Phone(f"+{number.country_code}{phonenumbers.national_significant_number(number)}", number)
        problem = problem or _invalid(number, shown)
    assert problem is not None
    raise problem


def _american(shown: str, region: str) -> Phone | None:
    """A valid number of the United States in one of its usual spellings; None for any other, which is read the long way.

    The same as the long way gives, in a third of the time: ten digits that begin with 2 to 9 have no prefix to take off.
    """
    import phonenumbers

    found = _AMERICAN.match(shown)
    if found is None or not (shown[0] == "+" or phonenumbers.country_code_for_region(region) == 1):
        return None
    digits = found[1] + found[2] + found[3]
    number = phonenumbers.PhoneNumber(country_code=1, national_number=int(digits))
    return Phone("+1" + digits, number) if phonenumbers.is_valid_number_for_region(number, "US") else None


def _vanity(shown: str) -> str:
    """The digits of a toll-free number that ends in letters, like 1-800-FLOWERS. Raises PhoneProblem for other letters."""
    found = _VANITY.match(shown)
    if (
        found is None
        or sum(sign.isalnum() for sign in found[1]) != 7
        or found[2].casefold() in _REMARKS
        or _HIDDEN.search(shown)
    ):
        raise PhoneProblem(_about_letters(shown))
    import phonenumbers

    return phonenumbers.convert_alpha_characters_in_number(found[0])


def _about_letters(shown: str) -> str:
    """What letters among the digits of a number are, in the operator's words."""
    if _HIDDEN.search(shown):
        return "Part of this number is hidden; a number has digits only"
    letters = [sign for sign in shown if sign.isalpha()]
    if len(letters) <= _FEW_LETTERS and sum(sign.isdigit() for sign in shown) >= _MOST_DIGITS:
        return f"There are letters where digits should be: “{''.join(letters)}”"
    return "There are words or letters in it; a phone number has digits only"


def lacks_plus(text: str, region: str) -> bool:
    """Whether this is an international number whose plus is missing: no number of the region, and one with it."""
    shown = _visible(text)
    if not shown.isdigit() or shown.startswith("0"):
        return False
    try:
        _read_one("+" + shown, region, plus=False)
    except PhoneProblem:
        return False
    import phonenumbers

    try:
        number = phonenumbers.parse(shown, region)
    except phonenumbers.NumberParseException:
        return True
    return not phonenumbers.is_valid_number(number)


# The plus and the country code of these are sure: a wrong number of digits gives none of another country by chance.
_LONG_ENOUGH = 12
_WHOLE = 10
"""Digits, or signs, that a number has with its area code: 030/1234567 is one number."""
_PLAIN = re.compile(r"\+?\(?\d[\d ()\-]{5,14}\Z", re.ASCII)
"""Written as most numbers are: nothing in it is to be made out first."""
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
"""Only toll-free numbers are spelt with letters, at their end: behind any other area code letters are a remark."""
_REMARKS = frozenset(
    (
        "blocked", "callnow", "deleted", "dialnow", "expired", "invalid", "missing", "no good", "nophone", "not set",
        "notgood", "pending", "private", "refused", "removed", "testing", "unknown", "unlisted", "withheld",
    )
)  # fmt: skip
"""Words of seven letters that people write in place of a number."""
_HIDDEN = re.compile(r"(?<![^\W\d_])[xX*#•]{2,}(?![^\W\d_])")
_FEW_LETTERS, _MOST_DIGITS = 3, 5


def _without_label(shown: str) -> str:
    """A number without the word beside it, as Facebook (p:+1…) and people (Tel: …, … (mobile)) write it, nor Excel's
    apostrophe.
    """
    strip_text_prefix = shown.lstrip("'’`")
    found = _LABEL.match(strip_text_prefix)
    return _LABEL_BEHIND.sub("", strip_text_prefix[found.end() :] if found else strip_text_prefix)


def regions_that_fit(numbers: Sequence[str], region: str) -> tuple[str, ...]:
    """The countries whose numbers these can be, where most are none of `region`'s; none where too many could be."""
    some = [text for text in map(_visible, numbers) if text and text[0] not in "+＋" and not text.startswith("00")][
        :_TRIED
    ]
    if len(some) < 3 or len(_read_all(some, region)) * 2 > len(some):
        return ()
    found = tuple(one for one in _MANY_PEOPLE if one != region and _are_mobiles(_read_all(some, one), len(some)))
    return found if len(found) <= _OFFERED else ()


def _read_all(numbers: Sequence[str], region: str) -> list[Phone]:
    read = []
    for text in numbers:
        try:
            read.append(parse_phone(text, region))
        except PhoneProblem:
            continue
    return read


def _are_mobiles(read: Sequence[Phone], of: int) -> bool:
    """Whether nearly all could be read, and most are mobiles: a landline of the same digits is there in many countries."""
    return len(read) >= 0.9 * of and sum("mobile" in one.line for one in read) >= 0.7 * of


_TRIED = 40
_OFFERED = 4
_MANY_PEOPLE = (
    "US", "GB", "DE", "FR", "ES", "IT", "PT", "BR", "MX", "AR", "CO", "CL", "PE", "NL", "BE", "CH", "AT", "SE", "NO", "DK",
    "FI", "IE", "PL", "CZ", "HU", "RO", "GR", "TR", "RU", "UA", "IL", "AE", "SA", "EG", "ZA", "NG", "KE", "IN", "PK", "BD",
    "ID", "PH", "VN", "TH", "MY", "SG", "CN", "JP", "KR", "TW", "HK", "AU", "NZ",
)  # fmt: skip


def is_e164(text: str) -> bool:
    """Whether `text` has the shape of E.164: a plus and 7 to 15 digits, the first not 0 (ITU-T E.164, 6.1)."""
    digits = text[1:]
    return text[:1] == "+" and 7 <= len(digits) <= 15 and digits.isascii() and digits.isdigit() and digits[0] != "0"


def parse_list_number(text: str, region: str) -> str:
    """A sending list's number in E.164: any spelling of a valid number, or anything already in E.164's shape.

    Lists are Trackly's own numbers, so libphonenumber's metadata does not get to refuse one.
    """
    strip_text_prefix = _visible(text)
    if is_e164(strip_text_prefix):
        return strip_text_prefix
    try:
        return parse_phone(strip_text_prefix, region).e164
    except PhoneProblem as problem:
        raise PhoneProblem("A sending list is named by its phone number, like +18005551234") from problem


def dial_code(region: str) -> int:
    """The country's dial code (44 for GB); 0 for an unknown region."""
    import phonenumbers

    return phonenumbers.country_code_for_region(region)


def regions() -> list[str]:
    """Every region that has phone numbers, as ISO 3166 codes."""
    import phonenumbers

    return sorted(phonenumbers.SUPPORTED_REGIONS)


def example_number(region: str) -> str:
    """How a mobile number of `region` is written at home; empty where the metadata has no example."""
    import phonenumbers

    number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL) if number else ""


def _visible(text: str) -> str:
    # Numbers copied from phones and web pages carry direction marks and zero-width signs (Unicode category Cf).
    if text.isascii():
        return text.strip()
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf").strip()


def _spellings(shown: str, *, plus: bool) -> list[str]:
    """What a number may be meant to be, the likeliest first."""
    # 0044… and 01144… are how much of the world writes +44…; where they are not the country's own prefix, each reads as
    # rubbish first.
    if shown.startswith("00"):
        return [shown, "+" + shown[2:]]
    if shown.startswith("011"):
        return [shown, "+" + shown[3:]]
    digits = sum(sign.isdigit() for sign in shown)
    if shown[0] in "+＋" or shown.startswith("0"):
        return [shown]
    if plus:
        return ["+" + shown, shown]
    return [shown, "+" + shown] if digits >= _LONG_ENOUGH else [shown]


def _unreadable(error: Exception, shown: str, region: str) -> PhoneProblem:
    import phonenumbers

    kind = getattr(error, "error_type", None)
    if kind == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
        if shown.startswith("+"):
            return PhoneProblem("No country has the dial code that this number starts with")
        return PhoneProblem(f"The country “{region}” is not known; write the number with + and its country code")
    if kind in (
        phonenumbers.NumberParseException.TOO_SHORT_NSN,
        phonenumbers.NumberParseException.TOO_SHORT_AFTER_IDD,
    ):
        return PhoneProblem("This number is too short")
    if kind == phonenumbers.NumberParseException.TOO_LONG:
        return PhoneProblem("This number is too long")
    return PhoneProblem("This is not a phone number")


def _invalid(number: PhoneNumber, shown: str) -> PhoneProblem:
    import phonenumbers

    reason = phonenumbers.is_possible_number_with_reason(number)
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    where = f" for a number in {region}" if region not in ("ZZ", "001") else ""
    if reason in (phonenumbers.ValidationResult.TOO_SHORT, phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        return PhoneProblem(f"This number is too short{where}")
    if reason == phonenumbers.ValidationResult.TOO_LONG:
        return PhoneProblem(f"This number is too long{where}")
    if reason == phonenumbers.ValidationResult.INVALID_COUNTRY_CODE:
        return PhoneProblem("No country has the dial code that this number starts with")
    if reason == phonenumbers.ValidationResult.INVALID_LENGTH:
        return PhoneProblem(f"This number has the wrong number of digits{where}")
    code = "" if shown.startswith("+") else f" with +{number.country_code} before it"
    return PhoneProblem(f"There is no such number{code}: no phone company has given out this range")
