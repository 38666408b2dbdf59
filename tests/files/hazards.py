"""Files with one hazard each, as real programs write them, with the right reading."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple


class Hazard(NamedTuple):
    """A file, and the report of `check --json` that is right for it.

    `report` has some of its keys; `problems` has a word of the problem by row.
    """

    name: str
    content: bytes
    report: dict[str, Any]
    problems: Mapping[int, str] = MappingProxyType({})
    options: tuple[str, ...] = ()


_PLAIN = "Phone,Name\r\n+14155550120,Ada\r\n+14155550121,Ben\r\n"
_TWO = {"rows": 2, "counts": {"ready": 2, "invalid": 0, "duplicate": 0}}
_ADA_BEN = [["+14155550120", "Ada"], ["+14155550121", "Ben"]]


def _lines(*lines: str, end: str = "\r\n", encoding: str = "utf-8") -> bytes:
    return end.join((*lines, "")).encode(encoding)


def _people(*names: str, encoding: str, mark: bytes = b"") -> bytes:
    rows = (f"+1415555{number:04};{name}" for number, name in enumerate(names, 120))
    return mark + _lines("Phone;Name", *rows, encoding=encoding)


def _read(encoding: str, *names: str) -> dict[str, Any]:
    rows = [[f"+1415555{number:04}", name] for number, name in enumerate(names, 120)]
    return {"encoding": encoding, "first_rows": rows[:5], "rows": len(names)}


_GERMAN = ("Jürgen Groß", "Käthe Müller", "José Muñoz", "François Lefèvre")
_POLISH = ("Paweł Gołąb", "Małgorzata Wójcik", "Łukasz Źrebiec")
_CZECH = ("Jiří Dvořák", "Zdeňka Růžičková", "Tomáš Němec")
_RUSSIAN = ("Игорь Сидоров", "Анна Щукина", "Пётр Жуков")
_JAPANESE = ("山田太郎", "佐藤はなこ", "タナカ ヒロシ")
_CHINESE = ("王小明", "张伟", "欧阳娜娜")

ENCODINGS = [
    Hazard("UTF-8", _people(*_GERMAN, encoding="utf-8"), _read("utf-8", *_GERMAN)),
    Hazard("UTF-8 with a mark", _people(*_GERMAN, encoding="utf-8-sig"), _read("utf-8", *_GERMAN)),
    Hazard("UTF-16 with a mark", _people(*_POLISH, encoding="utf-16"), _read("utf-16", *_POLISH)),
    Hazard(
        "UTF-16 big-endian with a mark",
        _people(*_RUSSIAN, encoding="utf-16-be", mark=codecs.BOM_UTF16_BE), _read("utf-16", *_RUSSIAN),
    ),
    Hazard("UTF-16 little-endian without a mark", _people(*_CHINESE, encoding="utf-16-le"), _read("utf-16-le", *_CHINESE)),
    Hazard("UTF-16 big-endian without a mark", _people(*_GERMAN, encoding="utf-16-be"), _read("utf-16-be", *_GERMAN)),
    Hazard("Windows-1252, German and others", _people(*_GERMAN, encoding="cp1252"), _read("windows-1252", *_GERMAN)),
    Hazard(
        "Windows-1252, curly apostrophes",
        _people("Seán O’Brien", "Renée “Ray” D’Arcy – Ltd", encoding="cp1252"),
        _read("windows-1252", "Seán O’Brien", "Renée “Ray” D’Arcy – Ltd"),
    ),
    Hazard("Latin-1 is Windows-1252 too", _people(*_GERMAN, encoding="latin-1"), _read("windows-1252", *_GERMAN)),
    Hazard("Windows-1250, Polish", _people(*_POLISH, encoding="cp1250"), _read("windows-1250", *_POLISH)),
    Hazard("Windows-1250, Czech", _people(*_CZECH, encoding="cp1250"), _read("windows-1250", *_CZECH)),
    Hazard("Windows-1251, Russian", _people(*_RUSSIAN, encoding="cp1251"), _read("windows-1251", *_RUSSIAN)),
    Hazard("Mac Roman", _people(*_GERMAN, encoding="mac-roman"), _read("mac-roman", *_GERMAN)),
    Hazard("Shift-JIS", _people(*_JAPANESE, encoding="cp932"), _read("shift-jis", *_JAPANESE)),
    Hazard("GBK", _people(*_CHINESE, encoding="gbk"), _read("gbk", *_CHINESE)),
    Hazard(
        "UTF-8 with one byte of another encoding in it",
        _people("Zoë", "Jürgen", "Beyoncé", encoding="utf-8") + b"+14155550129;Jos\xe9\r\n",
        {"encoding": "utf-8", "rows": 4, "counts": {"ready": 3, "invalid": 1, "duplicate": 0}},
        {4: "0xE9"},
    ),
    Hazard(
        "no letters beyond ASCII until far down",
        _lines("Phone,Name", *(f"+1415{number:07}," for number in range(5_550_100, 5_570_000)))
        + "+14155550099,Zoë\r\n".encode("cp1252"),
        {"encoding": "windows-1252", "rows": 19_901},
    ),
]  # fmt: skip

SHAPES = [
    *(
        Hazard(
            f"separated by {name}", _lines(*(sign.join(row) for row in (["Phone", "Name, first"], *_ADA_BEN))),
            {"delimiter": sign, "header_row": 1, "first_rows": _ADA_BEN} | _TWO,
        )
        for name, sign in (("semicolon", ";"), ("tab", "\t"), ("bar", "|"))
    ),
    Hazard("separated by comma", _PLAIN.encode(), {"delimiter": ",", "header_row": 1, "first_rows": _ADA_BEN} | _TWO),
    Hazard(
        "decimal commas in a semicolon file",
        _lines("Telefon;Name;Betrag", "+4915112345678;Ada;12,50", "+4915112345679;Ben;7,00"),
        {"delimiter": ";", "first_rows": [["+4915112345678", "Ada", "12,50"], ["+4915112345679", "Ben", "7,00"]]} | _TWO,
    ),
    Hazard(
        "Excel's own line sep=", _lines("sep=;", "Phone;Name", "+14155550120;Ada", "+14155550121;Ben"),
        {"delimiter": ";", "header_row": 2, "first_rows": _ADA_BEN} | _TWO,
    ),
    Hazard(
        "every cell in quotation marks, doubled ones in them",
        _lines('"Phone","Name"', '"+14155550120","Ada ""the first"""', '"+14155550121","Ben, Jr."'),
        {"first_rows": [["+14155550120", 'Ada "the first"'], ["+14155550121", "Ben, Jr."]]} | _TWO,
    ),
    Hazard(
        "quotation marks after a backslash",
        _lines('"Phone","Name"', r'"+14155550120","Ada \"the first\", she"', '"+14155550121","Ben"'),
        {"first_rows": [["+14155550120", 'Ada "the first", she'], ["+14155550121", "Ben"]]} | _TWO,
    ),
    Hazard(
        "line ends in quotation marks", _lines("Phone,Note", '+14155550120,"two', 'lines"', "+14155550121,x"),
        {"first_rows": [["+14155550120", "two\r\nlines"], ["+14155550121", "x"]]} | _TWO,
    ),
    Hazard("lines that end as on old Macs", _PLAIN.replace("\r\n", "\r").encode(), {"first_rows": _ADA_BEN} | _TWO),
    Hazard("lines that end as on Unix", _PLAIN.replace("\r\n", "\n").encode(), {"first_rows": _ADA_BEN} | _TWO),
    Hazard(
        "lines that end in each way",
        b"Phone,Name\r+14155550120,Ada\r\n+14155550121,Ben\n+14155550122,Cy\r\n",
        {"rows": 3, "counts": {"ready": 3, "invalid": 0, "duplicate": 0}},
    ),
    Hazard(
        "lines that end twice, as a program in text mode writes them",
        _PLAIN.replace("\r\n", "\r\r\n").encode(), {"first_rows": _ADA_BEN} | _TWO,
    ),
    Hazard(
        "a carriage return in a value", b"Phone,Name,City\r\n+14155550120,A\rda,Rome\r\n+14155550121,Ben,Bonn\r\n",
        {"first_rows": [["+14155550120", "A\rda", "Rome"], ["+14155550121", "Ben", "Bonn"]]} | _TWO,
    ),
    Hazard(
        "blank lines everywhere", _lines("", "Phone,Name", "", "+14155550120,Ada", "  ", ",", "+14155550121,Ben", ""),
        {"header_row": 2, "first_rows": _ADA_BEN} | _TWO,
    ),
    Hazard(
        "titles above the header",
        _lines("Spring campaign, all stores", "Exported on 2025-04-01", "", "Phone,Name", "+14155550120,Ada", "+14155550121,Ben"),
        {"header_row": 4, "first_rows": _ADA_BEN} | _TWO,
    ),
    Hazard(
        "titles with the table's own commas",
        _lines("Report,,,", "Exported,2025-04-01,,", "Phone,Name,City,Plan", "+14155550120,Ada,Rome,a", "+14155550121,Ben,,b"),
        {"header_row": 3, "rows": 2},
    ),
    Hazard("no header", _lines("+14155550120,Ada", "+14155550121,Ben"), {"header_row": None, "first_rows": _ADA_BEN} | _TWO),
    Hazard(
        "one column, with a name", _lines("Mobile number", "+1 415 555 0120", "+1 415 555 0121"),
        {"header_row": 1, "first_rows": [["+1 415 555 0120"], ["+1 415 555 0121"]]} | _TWO,
    ),
    Hazard(
        "one column without a name", _lines("(415) 555-0120", "(415) 555-0121"),
        {"header_row": None, "first_rows": [["(415) 555-0120"], ["(415) 555-0121"]]} | _TWO,
    ),
    Hazard(
        "names of columns twice, or missing", _lines("Phone,Name,Name,", "+14155550120,Ada,B,x", "+14155550121,Ben,C,y"),
        {
            "columns": [
                {"name": "Phone", "field": "phone_number", "type": None},
                {"name": "Name", "field": "custom:name", "type": "string"},
                {"name": "Name (2)", "field": "custom:name_2", "type": "string"},
                {"name": "Column 4", "field": "custom:column_4", "type": "string"},
            ]
        } | _TWO,
    ),
    Hazard(
        "rows too short and too long",
        _lines("Phone,Name,City", "+14155550120", "+14155550121,Doe, Jane,Rome", "+14155550122,Cy,Bonn"),
        {"rows": 3, "counts": {"ready": 2, "invalid": 1, "duplicate": 0}}, {2: "4 cells"},
    ),
    Hazard(
        "a separator at the end of each line", _lines("Phone,Name,", "+14155550120,Ada,", "+14155550121,Ben,"), _TWO,
    ),
    Hazard(
        "zero bytes that fill up fields", b"Phone,Name\r\n+14155550120,Ada\0\0\0\r\n+14155550121,Ben\0\0\0\r\n",
        {"first_rows": _ADA_BEN} | _TWO,
    ),
    Hazard(
        "cut off in the middle of a quoted value", _PLAIN.encode() + b'+14155550122,"Cy and',
        {"rows": 3, "counts": {"ready": 2, "invalid": 1, "duplicate": 0}}, {3: "ends in the middle"},
    ),
    Hazard(
        "cut off in the middle of a row", _lines("Name,Phone,City", "Ada,+14155550120,Rome", "Ben,+14155550121,Bonn")
        + b"Cy,+4479111234",
        {"rows": 3, "counts": {"ready": 2, "invalid": 1, "duplicate": 0}}, {3: "ends in the middle"},
    ),
    Hazard(
        "a quotation mark that is never closed",
        _lines("Phone,Name,City", '+14155550120,"Ada,Rome', "+14155550121,Ben,Bonn", "+14155550122,Cy,Nice"),
        {"rows": 3, "counts": {"ready": 2, "invalid": 1, "duplicate": 0}}, {1: "never closed"},
    ),
    Hazard(
        "quotation marks in the middle of a value",
        _lines("Phone,Note", '+14155550120,5" pipe', '+14155550121,"the "big" one"'),
        {"first_rows": [["+14155550120", '5" pipe'], ["+14155550121", 'the "big" one']]} | _TWO,
    ),
    Hazard(
        "blanks before quotation marks", _lines('"Phone", "Name"', '"+14155550120", "Doe, Ada"', '"+14155550121", "Ben"'),
        {"first_rows": [["+14155550120", "Doe, Ada"], ["+14155550121", "Ben"]]} | _TWO,
    ),
    Hazard(
        "each line in quotation marks as a whole", _lines('"Phone,Name"', '"+14155550120,""Doe, Ada"""', '"+14155550121,Ben"'),
        {"first_rows": [["+14155550120", "Doe, Ada"], ["+14155550121", "Ben"]]} | _TWO,
    ),
    Hazard(
        "apostrophes for quotation marks", _lines("'Phone','Name'", "'+14155550120','Doe, Ada'", "'+14155550121','O''Brien'"),
        {"first_rows": [["+14155550120", "Doe, Ada"], ["+14155550121", "O'Brien"]]} | _TWO,
    ),
    Hazard("two byte order marks, and the end of a DOS file", codecs.BOM_UTF8 * 2 + _PLAIN.encode() + b"\x1a",
           {"header_row": 1, "first_rows": _ADA_BEN} | _TWO),
    Hazard(
        "a title with the company's own number",
        _lines("Acme Inc.,,", "(415) 555-0100,,", ",,", "Name,Phone,City", "Ada,+14155550120,Rome", "Ben,+14155550121,Bonn"),
        {"header_row": 4} | _TWO,
    ),
    Hazard(
        "columns named by dates", _lines("Phone,Name,2025-01-01,2025-02-01", "+14155550120,Ada,1,2", "+14155550121,Ben,3,4"),
        {"header_row": 1} | _TWO,
    ),
    Hazard("a header alone", _lines("Phone,Name"), {"header_row": 1, "rows": 0, "error": None}),
    Hazard(
        "the header again in the middle, as two exports glued together have it",
        _PLAIN.encode() + b"Phone,Name\r\n+14155550123,Di\r\n",
        {"rows": 4, "counts": {"ready": 3, "invalid": 1, "duplicate": 0}}, {3: "once more"},
    ),
    Hazard(
        "lines at the foot of a report",
        _lines('"First Name","Mobile","Lead Source","Lead Status"', '"Ada","(415) 555-0120","Web","Open"', "",
               '"Grand Totals (1 record)"', '"Confidential Information - Do Not Distribute"'),
        {"rows": 3, "counts": {"ready": 1, "invalid": 2, "duplicate": 0}}, {2: "no phone number", 3: "no phone number"},
    ),
]  # fmt: skip

UNREADABLE = {
    "nothing": (b"", "is empty"),
    "only blank lines": (b"\r\n\r\n  \r\n", "is empty"),
    "only a byte order mark": (codecs.BOM_UTF8, "is empty"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "picture"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
    "a program": (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 8, "not a text file"),
    "a zip file": (b"PK\x03\x04\x14\0\0\0members.csv", "zip file"),
    "a web page that calls itself a workbook": (b"<html><body><table><tr><td>Phone</td></tr></table>", "web page"),
    "JSON": (b'[{"phone": "+14155550120"}]', "JSON"),
    "address cards": (b"BEGIN:VCARD\r\nTEL:+14155550120\r\nEND:VCARD\r\n", "vCard"),
    "a workbook that was cut off": (b"PK\x03\x04\x14\0\0\0[Content_Types].xml\0\0xl/", "damaged"),
    "a row that never ends": (b"Phone,Name\n+14155550120,Ada\n+14155550121," + b"x" * 3_000_000, "line 3"),
}
"""Files that cannot be imported -> a word of why."""
