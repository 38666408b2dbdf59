"""Encodings and delimiters that can be chosen for a text file, with their labels."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class EncodingChoice(NamedTuple):
    """An encoding that can be chosen: Python's codec for it and its label in a list."""

    codec: str
    label: str


ENCODINGS: Mapping[str, EncodingChoice] = MappingProxyType(
    {
        "utf-8": EncodingChoice("utf-8", "UTF-8"),
        "utf-16": EncodingChoice("utf-16", "UTF-16"),
        "utf-16-le": EncodingChoice("utf-16-le", "UTF-16, little-endian"),
        "utf-16-be": EncodingChoice("utf-16-be", "UTF-16, big-endian"),
        "windows-1252": EncodingChoice("cp1252", "Windows, Western (1252)"),
        "windows-1250": EncodingChoice("cp1250", "Windows, Central European (1250)"),
        "windows-1251": EncodingChoice("cp1251", "Windows, Cyrillic (1251)"),
        "windows-1253": EncodingChoice("cp1253", "Windows, Greek (1253)"),
        "windows-1254": EncodingChoice("cp1254", "Windows, Turkish (1254)"),
        "iso-8859-1": EncodingChoice("latin-1", "Latin-1 (ISO 8859-1)"),
        "iso-8859-2": EncodingChoice("iso-8859-2", "Latin-2 (ISO 8859-2)"),
        "iso-8859-15": EncodingChoice("iso-8859-15", "Latin-9 (ISO 8859-15)"),
        "mac-roman": EncodingChoice("mac-roman", "Mac Roman"),
        "cp850": EncodingChoice("cp850", "MS-DOS (850)"),
        "koi8-r": EncodingChoice("koi8-r", "Russian (KOI8-R)"),
        "shift-jis": EncodingChoice("cp932", "Japanese (Shift-JIS)"),
        "gbk": EncodingChoice("gbk", "Chinese (GBK)"),
        "big5": EncodingChoice("cp950", "Chinese (Big5)"),
        "euc-kr": EncodingChoice("cp949", "Korean (EUC-KR)"),
        "utf-32": EncodingChoice("utf-32", "UTF-32"),
    }
)
"""Encodings by name, in the order in which they are listed.

Of two that read a file alike, detection names the first.
"""

DELIMITERS: Mapping[str, str] = MappingProxyType({",": "Comma  ,", ";": "Semicolon  ;", "\t": "Tab", "|": "Bar  |"})
"""Labels by delimiter, in the order in which detection tries them."""
