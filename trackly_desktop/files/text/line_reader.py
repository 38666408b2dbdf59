"""A text file as lines, a block at a time: memory stays flat, whatever the file is."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from trackly_desktop.files.table import FileProblem
from trackly_desktop.files.text.encoding_detection import ERROR_HANDLER

LONGEST_ROW = 1_000_000
"""Characters of one row. One contact may have 4,000 bytes: what is longer is no row, and a quotation mark is missing."""
_BLOCK = 1 << 18


def read_lines(path: Path, codec: str, *, at_returns: bool) -> Iterator[str]:
    """The lines of a file with their ends. Raises FileProblem.

    `at_returns`: a carriage return alone ends a line too, as in files of old Macs; otherwise it is a sign like others.
    Zero bytes, with which old databases fill up their fields, are left out.
    """
    number = 1
    for lines in _blocks(path, codec, at_returns=at_returns):
        if number == 1 and lines:
            lines[0] = lines[0].lstrip("\ufeff")  # a mark twice, where two programs each put one
        for line in lines:
            if len(line) > LONGEST_ROW:
                raise too_long(number)
            yield line
            number += 1


def too_long(line: int) -> FileProblem:
    """A row that is no row."""
    return FileProblem(
        f"The row that starts on line {line} is longer than {LONGEST_ROW:,} characters; no contact is: "
        "a line end or a quotation mark is missing there"
    )


def _blocks(path: Path, codec: str, *, at_returns: bool) -> Iterator[list[str]]:
    decoder = codecs.getincrementaldecoder(codec)(errors=ERROR_HANDLER)
    cut_lines = split_at_returns if at_returns else split
    rest, number = "", 1
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                text = decoder.decode(block)
                if "\0" in text:
                    text = text.replace("\0", "")
                lines, rest = cut_lines(rest + text)
                number += len(lines)
                yield lines
                if len(rest) > LONGEST_ROW:
                    raise too_long(number)
    except OSError as error:
        raise FileProblem(f"The file cannot be read: {error.strerror}") from error
    rest = (rest + decoder.decode(b"", final=True)).rstrip("\x1a")  # the end of a file in DOS
    lines, rest = cut_lines(rest)
    yield [*lines, rest] if rest else lines


def split(text: str) -> tuple[list[str], str]:
    lines = [line + "\n" for line in text.split("\n")]
    return lines, lines.pop()[:-1]


def split_at_returns(text: str) -> tuple[list[str], str]:
    # A return at the very end of what has been read may be the first half of \r\n.
    parse_records = len(text) - 1 if text.endswith("\r") else len(text)
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)", text[:parse_records])
    return lines, text[sum(map(len, lines)) :]
