"""Countries by name, code, flag or dial code.

Names and codes are those of CLDR, ISO 3166 and phonenumbers: packaging/country_names.py writes data/countries.json.
What people write beside them is in data/country_nicknames.json. Regions without phone numbers (Antarctica) are not among
them, since no number can be read there. A spelling that the data has for two countries is none.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from trackly_desktop.mapping.tables import read_table

LONGEST_CODE = 3
_LONGEST_TEXT = 120
_FILLERS = frozenset(("the", "of"))
_CONJUNCTIONS = frozenset(("and", "und", "et", "y", "e", "i", "a", "og", "och", "en", "и"))
_ARTICLES = frozenset(("la", "le", "les", "l", "el", "los", "las", "il", "der", "die", "das"))
_SHORT_FORMS = {
    "st": "saint", "ste": "sainte", "sint": "saint", "sankt": "saint", "rep": "republic", "dem": "democratic",
    "is": "islands", "isl": "islands",
}  # fmt: skip
_PLAIN_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe"})
_APOSTROPHES = re.compile("['’‘‛ʼʻ`´′]")
_ACCENTS = re.compile("[\u0300-\u036f]")  # not the marks of Japanese or Hindi, which make other letters
_INITIAL_DOT = re.compile(r"(?<=\b\w)\.")

_CODE = re.compile(r"[A-Z]{2,3}", re.IGNORECASE | re.ASCII)
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_FLAG_OFFSET = ord("\U0001f1e6") - ord("A")
_FLAG_OF_PART = re.compile("\U0001f3f4([\U000e0061-\U000e007a]{2})[\U000e0030-\U000e007a]+\U000e007f")
_TAG_OFFSET = ord("\U000e0061") - ord("A")
_DIAL_CODE = re.compile(r"\(?(?:(?P<prefix>\+|00)\s*)?\(?(?P<digits>\d(?:[\s()-]*\d)*)\)?\)?", re.ASCII)
_BRACKET = re.compile(r"(.*)[(\[]([^()\[\]]*)[)\]](.*)")
_SEPARATORS = (re.compile(r"\s[-–—]+\s"), re.compile(r"[|/:;=]"), re.compile(r","), re.compile(r"[-–—_]"))


def find_region(text: str, *, dial_codes: bool = False) -> str:
    """Return the ISO 3166 alpha-2 code of a country; empty where the text is none.

    A text that names two countries, or a country and another dial code than its own, is none.

    Args:
        text: A name, an alpha-2 or alpha-3 code, a flag, a dial code with a plus, or several of them.
        dial_codes: Whether a number without a plus is a dial code too: 44 is the United Kingdom.
    """
    return _find_region(text, dial_codes) if len(text) <= _LONGEST_TEXT else ""


def fold_name(name: str) -> str:
    """Return a name as it is compared: its letters, without "and", "of" and "the".

    Accents count only where little else is left: Omã is Oman, but OMA is not.
    """
    spelling = "".join(_words(name))
    is_like_code = len(spelling) <= LONGEST_CODE and spelling.isascii()
    return unicodedata.normalize("NFC", name.strip().casefold()) if is_like_code and not name.isascii() else spelling


def turn_round(name: str) -> str:
    """Return "Republic of Korea" for "Korea, Republic of" and "Korea (Republic of)".

    A name without a comma or a bracket at its end comes back empty.
    """
    bracket = _BRACKET.fullmatch(name)
    parts = [bracket[1] + bracket[3], bracket[2]] if bracket else name.split(",")
    return f"{parts[1]} {parts[0]}" if len(parts) == 2 else ""


@lru_cache(maxsize=4096)
def _find_region(text: str, dial_codes: bool) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = _FLAG.sub(lambda flag: _letters(flag[0], _FLAG_OFFSET), text)
    text = _FLAG_OF_PART.sub(lambda flag: _letters(flag[1], _TAG_OFFSET), text)
    number = _DIAL_CODE.search(text)
    if number is None:
        return _region_by_words(text)
    words = "/".join(part for part in (text[: number.start()], text[number.end() :]) if part.strip())
    digits = re.sub(r"\D", "", number["digits"])
    if not words:
        return _region_by_dial_code(digits) if number["prefix"] == "+" or dial_codes else ""
    region = "" if any(sign.isdigit() for sign in words) else _region_by_words(words)
    return region if region and _has_dial_code(region, digits) else ""


def _letters(signs: str, offset: int) -> str:
    """Return a flag's letters as a code, separated from a name beside it."""
    return f"/{''.join(chr(ord(sign) - offset) for sign in signs)}/"


def _region_by_dial_code(digits: str) -> str:
    """Return the region of a country code, by its leading digits where it is shared."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    code = next((digits[:length] for length in (1, 2, 3) if int(digits[:length]) in COUNTRY_CODE_TO_REGION_CODE), "")
    if not code or digits.startswith("0"):
        return ""
    main, *others = COUNTRY_CODE_TO_REGION_CODE[int(code)]
    if digits == code:
        return main if main in _alpha3() else ""
    for region in others:
        metadata = PhoneMetadata.metadata_for_region(region)
        if metadata and metadata.leading_digits and re.fullmatch(metadata.leading_digits, digits[len(code) :]):
            return region
    return ""


def _has_dial_code(region: str, digits: str) -> bool:
    from phonenumbers import country_code_for_region

    return digits == str(country_code_for_region(region)) or _region_by_dial_code(digits) == region


def _region_by_words(text: str) -> str:
    """Return the region of a name or code, or the only one that its parts name."""
    if _CODE.fullmatch(text.strip()) and (region := _regions_by_code().get(text.strip().upper())):
        return region
    names = _regions_by_name()
    article, *others = _words(text) or ("",)
    for spelling in (fold_name(text), fold_name(turn_round(text)), "".join(others) if article in _ARTICLES else ""):
        if region := names.get(spelling):
            return region
    regions = {_region_by_words(part) for part in _parts(text) if _words(part)}
    return regions.pop() if len(regions) == 1 else ""


def _words(text: str) -> tuple[str, ...]:
    """Return a text's words without case, accents, digits, and fillers between others."""
    text = _APOSTROPHES.sub(" ", unicodedata.normalize("NFKC", text).casefold())
    text = _ACCENTS.sub("", unicodedata.normalize("NFKD", _INITIAL_DOT.sub("", text))).translate(_PLAIN_LETTERS)
    words = "".join(sign if unicodedata.category(sign)[0] in "LM" else " " for sign in text).split()
    words = [_SHORT_FORMS.get(word, word) for word in words if word not in _FILLERS]
    return tuple(word for index, word in enumerate(words) if not _is_conjunction(words, index))


def _is_conjunction(words: list[str], index: int) -> bool:
    """Return whether a word joins those beside it; the A of "U A E" does not."""
    beside = words[max(index - 1, 0)], words[min(index + 1, len(words) - 1)]
    is_inside = 0 < index < len(words) - 1
    return is_inside and words[index] in _CONJUNCTIONS and all(len(word) > 1 for word in beside)


def _parts(text: str) -> list[str]:
    """Return what is outside and inside of the last bracket, or between separators."""
    if bracket := _BRACKET.fullmatch(text):
        return [f"{bracket[1]} {bracket[3]}", bracket[2]]
    return next((parts for separator in _SEPARATORS if len(parts := separator.split(text)) > 1), [])


@cache
def _alpha3() -> dict[str, str]:
    return dict(read_table("countries")["alpha3"])


@cache
def _regions_by_code() -> dict[str, str]:
    return {code: region for region, alpha3 in _alpha3().items() for code in (region, alpha3)}


_PLATES = {
    "A": "AT", "B": "BE", "CH": "CH", "D": "DE", "E": "ES", "F": "FR", "H": "HU", "I": "IT", "L": "LU", "N": "NO",
    "P": "PT", "S": "SE",
}  # fmt: skip
"""The distinguishing signs of vehicles (UN) that German lists use for countries."""


def find_region_by_plate(text: str) -> str:
    """Return the ISO 3166 code of a country by its sign on vehicles; else empty."""
    return _PLATES.get(text.strip(), "")


def english_name(region: str) -> str:
    """Return the English name of a country; its code where it has none."""
    from phonenumbers.geodata.locale import LOCALE_DATA

    by_language = LOCALE_DATA.get(region, {})
    name = str(by_language.get("en", region))
    return str(by_language.get(name[1:], region)) if name.startswith("*") else name


@cache
def _regions_by_name() -> dict[str, str]:
    regions = {name: region for region, names in read_table("countries")["names"].items() for name in names}
    nicknames = read_table("country_nicknames")["names"]
    return regions | {fold_name(name): region for region, names in nicknames.items() for name in names}
