"""Any table in any supported dialect and encoding reads back the same."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trackly_desktop.files.open_table import open_table
from trackly_desktop.files.table import FormatOptions
from trackly_desktop.files.text.text_formats import ENCODINGS

_RANDOM: dict[str, Any] = {"suppress_health_check": [HealthCheck.function_scoped_fixture]}
_NEVER = "\0\ufeff\x1a" + "¢£¥¬•‖‾−〜∼☉♁､"
"""Characters that no file has, or that old encodings do not read back the same."""
_ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)
_LINES = st.text(st.sampled_from('ab \n\r\r\n",;|\t\\'), max_size=8)
_CELLS = st.one_of(_ASCII, _LINES)
_PHONES = st.integers(0, 9_999).map(lambda number: f"+1415555{number:04}")


def _tables(cells: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    return st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.tuples(_PHONES, *[cells] * width).map(list),
            min_size=2,
            max_size=8,
        )
    )


def written(rows: list[list[str]], **dialect: object) -> str:
    """Return the table under a header, as a program writes it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, **dialect)  # type: ignore[arg-type]
    writer.writerow(["Phone", *(f"Name {number}" for number in range(1, len(rows[0])))])
    writer.writerows(rows)
    return out.getvalue()


def read(folder: Path, content: bytes, options: FormatOptions = FormatOptions()) -> list[list[str]]:
    file = folder / "table.csv"
    file.write_bytes(content)
    return [row.cells for row in open_table(file, options).rows()]


@settings(max_examples=120, **_RANDOM)
@given(
    rows=_tables(_CELLS),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    everything=st.booleans(),
)
def test_any_table_in_any_dialect(
    tmp_path: Path, rows: list[list[str]], delimiter: str, end: str, everything: bool
) -> None:
    quoting = csv.QUOTE_ALL if everything else csv.QUOTE_MINIMAL
    if end == "\n" and not everything:  # such a writer leaves a return bare, and nobody can tell it from a line's end
        rows = [[cell.replace("\r", "") for cell in row] for row in rows]
    content = written(rows, delimiter=delimiter, lineterminator=end, quoting=quoting)
    assert read(tmp_path, content.encode(), FormatOptions(delimiter=delimiter)) == rows


@settings(max_examples=60, **_RANDOM)
@given(rows=_tables(st.text(st.sampled_from('ab "é,;'), max_size=8)), delimiter=st.sampled_from(",;\t|"))
def test_the_dialect_is_found_by_itself(tmp_path: Path, rows: list[list[str]], delimiter: str) -> None:
    assert read(tmp_path, written(rows, delimiter=delimiter, lineterminator="\r\n").encode()) == rows


@settings(max_examples=40, **_RANDOM)
@given(rows=_tables(st.text(st.sampled_from("abc éü,;"), max_size=8)))
def test_lines_that_end_as_on_old_macs(tmp_path: Path, rows: list[list[str]]) -> None:
    assert read(tmp_path, written(rows, lineterminator="\r").encode()) == rows


@settings(max_examples=40, **_RANDOM)
@given(rows=_tables(st.text(st.sampled_from('ab "é,'), max_size=8)))
def test_quotation_marks_after_backslashes(tmp_path: Path, rows: list[list[str]]) -> None:
    if not any('"' in cell for row in rows for cell in row):
        rows[0][1] = 'say "a"'
    content = written(rows, lineterminator="\n", quoting=csv.QUOTE_ALL, doublequote=False, escapechar="\\")
    assert read(tmp_path, content.encode()) == rows


@pytest.mark.parametrize("encoding", ENCODINGS)
@settings(max_examples=12, **_RANDOM)
@given(data=st.data())
def test_every_encoding_that_can_be_chosen(encoding: str, tmp_path: Path, data: st.DataObject) -> None:
    codec = ENCODINGS[encoding].codec
    cells = st.text(st.characters(codec=codec, exclude_categories=("Cc", "Cs"), exclude_characters=_NEVER), max_size=8)
    rows = data.draw(_tables(cells))
    content = written(rows, lineterminator="\r\n").encode(codec)
    assert read(tmp_path, content, FormatOptions(encoding=encoding, delimiter=",")) == rows


@settings(max_examples=40, **_RANDOM)
@given(
    rows=_tables(st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters=_NEVER), max_size=8)),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_unicode_is_known_by_itself(tmp_path: Path, rows: list[list[str]], codec: str) -> None:
    assert read(tmp_path, written(rows, lineterminator="\r\n").encode(codec)) == rows
