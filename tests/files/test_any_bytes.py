"""Whatever bytes a file has: a table or a FileProblem, never another exception."""

from __future__ import annotations

import contextlib
import datetime
import io
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.files import workbooks
from trackly_desktop.files.open_table import open_table
from trackly_desktop.files.table import FileProblem, FormatOptions, HiddenCells
from trackly_desktop.files.workbook_reader import as_text

_RANDOM: dict[str, Any] = {"suppress_health_check": [HealthCheck.function_scoped_fixture], "deadline": None}
_PIECES = st.sampled_from(
    [
        b"Phone", b"Name", b"4155550131", b",", b";", b"\t", b"|", b'"', b'""', b"'", b"\n", b"\r", b"\r\n", b"\0", b"\\",
        b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xe9", b"\xf0\x9f", b"sep=;\n", b" ",
        b"=", b"\x1a", b"x" * 5_000, b"P\0h\0", b"\n\0", b"\x00\xd8", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ]
)  # fmt: skip
_PEOPLE: workbooks.Sheets = {
    "People": [["Phone", "Name", "Date"], [4155550131, "Ann", datetime.date(2025, 3, 15)], ["4155550132", None, True]],
    "Other": [["4155550133"]],
}
_BOOKS = {kind: getattr(workbooks, kind)(_PEOPLE) for kind in ("xlsx", "xls", "xlsb", "ods")}


def read(folder: Path, content: bytes, options: FormatOptions = FormatOptions()) -> None:
    """Read a file to its end; a FileProblem is an end too."""
    file = folder / "any.csv"
    file.write_bytes(content)
    with contextlib.suppress(FileProblem):
        for row in open_table(file, options).rows():
            assert all(isinstance(cell, str) for cell in row.cells)
            "".join(row.cells).encode()


@settings(max_examples=300, **_RANDOM)
@given(content=st.one_of(st.binary(max_size=300), st.lists(_PIECES, max_size=40).map(b"".join)))
@example(content=b"Phone\n\xff\xfe\x00\xd8\x00\xd8")
@example(content="Phone,Name\n4155550131,\ud800x\n".encode("utf-16", "surrogatepass"))
@example(content=b"Phone\r4155550131\r\r\n4155550132")
@example(content=b"Phone,Name\n4155550131," + b"x" * 900_000)
def test_any_bytes_as_a_text_file(tmp_path: Path, content: bytes) -> None:
    read(tmp_path, content)


@settings(max_examples=100, **_RANDOM)
@given(
    content=st.lists(_PIECES, max_size=20).map(b"".join),
    encoding=st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-32", "shift-jis", "big5", "mac-roman", None]),
    delimiter=st.sampled_from([",", ";", " ", "x", None]),
    header=st.sampled_from([0, 1, 3, None]),
)
def test_any_bytes_with_any_choice(
    tmp_path: Path, content: bytes, encoding: str | None, delimiter: str | None, header: int | None
) -> None:
    read(tmp_path, content, FormatOptions(encoding, delimiter, header))


@pytest.mark.parametrize("kind", _BOOKS)
@settings(max_examples=60, **_RANDOM)
@given(seed=st.integers(0, 1 << 32), changes=st.integers(1, 40))
def test_any_damage_to_a_workbook(tmp_path: Path, kind: str, seed: int, changes: int) -> None:
    chance = random.Random(seed)
    damaged = bytearray(_BOOKS[kind])
    for _change in range(changes):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    read(tmp_path, bytes(damaged[: chance.randrange(100, len(damaged) + 1)]))


@pytest.mark.parametrize("kind", ["xlsx", "xlsb", "ods"])
@settings(max_examples=60, **_RANDOM)
@given(seed=st.integers(0, 1 << 32), changes=st.integers(1, 12))
def test_any_damage_to_the_parts_of_a_workbook(tmp_path: Path, kind: str, seed: int, changes: int) -> None:
    chance = random.Random(seed)
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_BOOKS[kind])) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = bytearray(old.read(name))
            for _change in range(changes if name.endswith(("sheet1.xml", "sheet1.bin", "content.xml", "s.xml")) else 0):
                if part:
                    part[chance.randrange(len(part))] = chance.choice(b'<>/"=&; 0123456789AXcrvst\0\xff')
            new.writestr(name, bytes(part))
    read(tmp_path, file.getvalue(), FormatOptions(hidden=chance.choice([*HiddenCells])))


@settings(max_examples=200, **_RANDOM)
@given(
    cell=st.one_of(
        st.text(), st.floats(), st.integers(), st.booleans(), st.datetimes(), st.dates(), st.times(), st.timedeltas(),
        st.from_regex(r"PT\d{1,30}H\d\dM\d\dS", fullmatch=True),
    )
)  # fmt: skip
def test_any_cell_of_a_workbook_is_text(cell: Any) -> None:
    assert isinstance(as_text(cell), str)
