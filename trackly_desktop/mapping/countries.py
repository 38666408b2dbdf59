"""Countries by name or code, in the languages of the files that are imported.

Names are those of `phonenumbers`, and what people write beside them (data/countries.json).
"""

from __future__ import annotations

from functools import cache

from trackly_desktop.mapping.column_aliases import normalize_header
from trackly_desktop.mapping.tables import read_table

_LANGUAGES = ("en", "es", "fr", "de", "pt", "it", "nl", "pl", "cs", "sv", "da", "no", "ru", "ja", "zh")


def find_region(text: str, *, dial_codes: bool = False) -> str:
    """Return the ISO 3166 alpha-2 code of a country; empty where the text is none.

    Args:
        text: A name, or an alpha-2 or alpha-3 code.
        dial_codes: Whether a number is a dial code: 44 and +44 are the United Kingdom.
    """
    digits = text.strip().removeprefix("+").removeprefix("00")
    if dial_codes and digits.isdigit() and len(digits) <= 3:
        import phonenumbers

        region = phonenumbers.region_code_for_country_code(int(digits))
        return "" if region in ("ZZ", "001") else region
    return _regions_by_name().get(normalize_header(text), "")


def english_name(region: str) -> str:
    """Return the English name of a country; its code where it has none."""
    from phonenumbers.geodata.locale import LOCALE_DATA

    by_language = LOCALE_DATA.get(region, {})
    name = str(by_language.get("en", region))
    return str(by_language.get(name[1:], region)) if name.startswith("*") else name


@cache
def _regions_by_name() -> dict[str, str]:
    from phonenumbers.geodata.locale import LOCALE_DATA

    regions: dict[str, str] = {}
    for region, by_language in LOCALE_DATA.items():
        for language in _LANGUAGES:
            name = by_language.get(language, "")
            if name.startswith("*"):  # the same as in another language
                name = by_language.get(name[1:], "")
            if name and not name.startswith("*"):
                regions.setdefault(normalize_header(name), region)
    table = read_table("countries")
    for alpha2, alpha3 in table["alpha3"]["codes"].items():
        regions[alpha3.lower()] = alpha2
        regions[alpha2.lower()] = alpha2
    also: dict[str, str] = table["names"]["regions"]
    return regions | also
