"""`country_names.py`: write trackly_desktop/mapping/data/countries.json.

Names are those of CLDR (Babel) in the languages of the files that are imported and in each country's own, of ISO 3166
(pycountry) with its translations, and of phonenumbers. A test checks that the file is what this writes.
"""

from __future__ import annotations

import gettext
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import phonenumbers
import pycountry
from babel import Locale
from babel.core import get_global
from babel.languages import get_official_languages
from babel.localedata import locale_identifiers
from phonenumbers.geodata.locale import LOCALE_DATA

from trackly_desktop.mapping.countries import LONGEST_CODE, fold_name, turn_round

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "trackly_desktop" / "mapping" / "data" / "countries.json"
LANGUAGES = ("en", "es", "fr", "de", "pt", "it", "nl", "pl", "cs", "sv", "da", "no", "nb", "ru", "ja", "zh")
_ISO_NAMES = ("name", "official_name", "common_name")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def main() -> None:
    """Write the file."""
    TARGET.write_text(countries_json(), "utf-8")


def countries_json() -> str:
    """Return the file's text: a line for each country."""
    alpha3 = _alpha3()
    table: dict[str, str | dict[str, str] | dict[str, list[str]]] = {
        "about": "Written by packaging/country_names.py: names as countries.fold_name compares them, and alpha-3 codes, by"
        " ISO 3166 alpha-2 code.",
        "source": "CLDR (Babel), ISO 3166 (pycountry), phonenumbers",
        "alpha3": alpha3,
        "names": {region: sorted(spellings) for region, spellings in sorted(_spellings(set(alpha3)).items())},
    }
    parts = (f"{json.dumps(key)}: {_by_line(value)}" for key, value in table.items())
    return "{\n  " + ",\n  ".join(parts) + "\n}\n"


def _by_line(value: str | dict[str, str] | dict[str, list[str]]) -> str:
    if isinstance(value, str):
        return json.dumps(value)
    lines = (f"    {json.dumps(key)}: {json.dumps(entry, ensure_ascii=False)}" for key, entry in value.items())
    return "{\n" + ",\n".join(lines) + "\n  }"


def _alpha3() -> dict[str, str]:
    """Return the alpha-3 codes of the regions that have phone numbers."""
    alpha3 = {"XK": "XKX"}  # Kosovo's, which people agreed on and ISO 3166 reserves
    for code, regions in get_global("territory_aliases").items():
        if code.isalpha() and len(code) == 3 and len(regions) == 1:
            alpha3.setdefault(regions[0], code)
    alpha3 |= {country.alpha_2: country.alpha_3 for country in pycountry.countries}
    return {region: alpha3[region] for region in sorted(phonenumbers.SUPPORTED_REGIONS)}


def _spellings(regions: set[str]) -> dict[str, set[str]]:
    """Return each region's spellings that no other territory has."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for region, name in (*_cldr_names(), *_iso_names(), *_former_names(regions), *_phonenumbers_names()):
        for spelling in (name, turn_round(name), name.translate(_UMLAUTS)):
            owners[fold_name(spelling)].add(region)
    spellings: defaultdict[str, set[str]] = defaultdict(set)
    for spelling, (region, *others) in owners.items():
        is_like_code = len(spelling) <= LONGEST_CODE and spelling.isascii()
        if not (is_like_code or others) and region in regions:
            spellings[region].add(spelling)
    return spellings


def _cldr_names() -> Iterator[tuple[str, str]]:
    """CLDR names in LANGUAGES, and in each country's own languages."""
    territories = [code for code in map(str, Locale("en").territories) if code.isalpha() and len(code) == 2]
    own = {code: set(get_official_languages(code, regional=True, de_facto=True)) for code in territories}
    for identifier in locale_identifiers():
        locale = Locale.parse(identifier)
        for code in territories:
            is_own = locale.language in {language.split("_")[0] for language in own[code]}
            if locale.language in LANGUAGES or (is_own and locale.territory in (None, code)):
                yield code, locale.territories.get(code, "")


def _iso_names() -> Iterator[tuple[str, str]]:
    translations = [
        gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[folder.name])
        for folder in sorted(Path(pycountry.LOCALES_DIR).iterdir())
        if folder.name.split("_")[0] in LANGUAGES and (folder / "LC_MESSAGES" / "iso3166-1.mo").exists()
    ]
    for country in pycountry.countries:
        for name in (getattr(country, kind, "") for kind in _ISO_NAMES):
            yield country.alpha_2, name
            yield from ((country.alpha_2, translation.gettext(name)) for translation in translations if name)


def _former_names(regions: set[str]) -> Iterator[tuple[str, str]]:
    """Names of countries that became a whole country of another name, long and short."""
    for country in pycountry.historic_countries:
        if (successor := country.alpha_4[2:]) in regions:  # HH: it was divided
            yield successor, country.name
            yield successor, country.name.split(",")[0]


def _phonenumbers_names() -> Iterator[tuple[str, str]]:
    for region, names in LOCALE_DATA.items():
        yield from ((region, name) for language, name in names.items() if language in LANGUAGES and name[:1] != "*")


if __name__ == "__main__":
    main()
