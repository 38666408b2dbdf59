"""Columns that say the country.

The dial code or the area code of the phone numbers beside them.

A column is one by its name and by the share of its values, never by a few of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from trackly_desktop.contacts.value_words import compiled_words
from trackly_desktop.mapping import countries
from trackly_desktop.mapping.column_aliases import NameGroup, header_spellings, name_words, names_in
from trackly_desktop.mapping.column_profile import ColumnProfile

_SHARE, _SOME = 0.6, 0.2
"""Least share of the cells that are countries or codes.

In any column, and in one of that name.

In a named column what is no country is an issue of its row: a number is not read in another country instead.
"""


def country_column(header: Sequence[str], profiles: Sequence[ColumnProfile]) -> str:
    """Return the normalized name of the column that says the country; empty for none.

    A dial code with its plus is the surest, then a person's own country before that of their business.
    """
    candidates = {
        index: rank
        for index, name in enumerate(header)
        if profiles[index].filled and (rank := _country_rank(name, profiles[index])) is not None
    }
    best = min(candidates, key=lambda index: (candidates[index], index), default=None)
    return "" if best is None else header_spellings(header[best])[0]


def area_code_column(header: Sequence[str], profiles: Sequence[ColumnProfile]) -> str:
    """Return the normalized name of the column with area codes; empty for none."""
    for name, profile in zip(header, profiles, strict=True):
        if not profile.filled or not _search(_AREA_NAME, name) or _share(profile, _is_written_dial_code) >= _SHARE:
            continue
        is_surely_area = _search(_ONLY_AREA_NAME, name)
        if _share(profile, _is_area_code) >= _SHARE and (is_surely_area or _share(profile, _is_short_code) < _SHARE):
            return header_spellings(name)[0]
    return ""


@cache
def is_dial_code_name(name: str) -> bool:
    """Whether a number in a column of this name may be a dial code.

    In any other it is an id.
    """
    is_known = any(spelling in names_in(NameGroup.DIAL_CODES) for spelling in header_spellings(name))
    return is_known or (_search(_DIAL_NAME, name) and not _search(_ONLY_AREA_NAME, name))


def _country_rank(name: str, profile: ColumnProfile) -> int | None:
    """Return the place of a column among those of countries, the best first.

    None for any other.
    """
    spellings = header_spellings(name)
    by_dial_code = is_dial_code_name(name)
    if (by_dial_code or _search(_AREA_NAME, name)) and _share(profile, _is_written_dial_code) >= _SHARE:
        return 0
    known = names_in(NameGroup.COUNTRIES)
    order = next((1 + known.index(spelling) for spelling in spellings if spelling in known), 1 + len(known))
    is_named = order <= len(known) or _is_persons_country(name)
    if not is_named and not by_dial_code:
        return None
    share = _share(profile, lambda value: _is_country(name, value, needs_code=not is_named))
    has_no_digits = _share(profile, lambda value: not any(map(str.isdecimal, value))) >= _SHARE
    is_sure = any(spelling in names_in(NameGroup.SURE_COUNTRIES) for spelling in spellings)
    if share >= (_SHARE if not is_named else _SOME) or (is_sure and has_no_digits):
        return order
    return None


def _is_country(name: str, value: str, *, needs_code: bool) -> bool:
    """Whether a value is a country or its dial code: Mr is no Mauritania."""
    return bool(region_in(name, value)) and not (needs_code and not any(map(str.isdecimal, value)))


def region_in(name: str, value: str) -> str:
    """Return the country (ISO 3166) that a value means in a column of this name.

    Empty for none.
    """
    region = countries.find_region(value, dial_codes=is_dial_code_name(name))
    return region or (countries.find_region_by_plate(value) if name_words(name) in _PLATE_NAMES else "")


_PLATE_NAMES = frozenset(
    ("land", "lander", "landescode", "landkurzel", "landerkennzeichen", "lkz", "nation", "pays", "paese")
)


def _is_persons_country(name: str) -> bool:
    """Whether a column's name is a country of the people themselves.

    That of their birth or their IP is not.
    """
    words = name_words(name).split()
    return any(map(_COUNTRY_WORDS.fullmatch, words)) and all(
        _COUNTRY_WORDS.fullmatch(word) or _BESIDE_COUNTRY.fullmatch(word) or word.isdecimal() for word in words
    )


def _share(profile: ColumnProfile, fits: Callable[[str], bool]) -> float:
    fitting = sum(count for value, count in profile.values.items() if fits(value))
    return fitting / max(1, profile.values.total())


def _search(words: str, name: str) -> bool:
    return compiled_words(words).search(name_words(name)) is not None


def _is_written_dial_code(value: str) -> bool:
    """Whether a value is a dial code with its plus, or a country beside one."""
    return "+" in value and bool(countries.find_region(value, dial_codes=True))


def _is_short_code(value: str) -> bool:
    """Whether a value is a dial code of one or two digits."""
    return len(value) <= 2 and bool(countries.find_region(value, dial_codes=True))


def _is_area_code(value: str) -> bool:
    return _AREA_CODE.fullmatch(value) is not None


_AREA_CODE = re.compile(r"\(?\d{1,5}\)?")
_COUNTRY_WORDS = compiled_words(
    "country countries countrycode countryname pais pays paese nazione kraj nation landname landercode"
)
_BESIDE_COUNTRY = compiled_words(
    """
    code name iso alpha of residence mailing home billing shipping address default phone mobile region person
    contact customer user primary current full short your my the di de du do des residencia residenza
    """
)
_DIAL_NAME = """
    (?:phone|tel|telephone|mobile|dial|dialing|dialling|calling|country|isd|idd|intl|international|cell)_(?:prefix|code|country_code)
    (?:phone|tel|mobile)_cc prefix dial_code isd ddi idd prefijo* prefixo prefisso indicatif indicativo landesvorwahl
    landervorwahl internationale_vorwahl vorwahl landnummer countrycode phonecode phoneprefix
"""
_ONLY_AREA_NAME = """
    area area_code areacode city_code std std_code npa lada ortsvorwahl vorwahl codigo_de_area codigo_area indicatif_regional
    kierunkowy netnummer ddd
"""
_AREA_NAME = f"""
    {_ONLY_AREA_NAME} prefix (?:phone|tel|telephone|mobile|cell)_(?:prefix|code|area) prefijo* prefixo prefisso indicatif
    indicativo
"""
