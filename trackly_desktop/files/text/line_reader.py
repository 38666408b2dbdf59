"""Read a text file line by line, in blocks, so that memory stays flat."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from trackly_desktop.files.table import FileProblem
from trackly_desktop.files.text.encoding_detection import ERROR_HANDLER

LONGEST_ROW = 1_000_000
"""Characters of one row.

A contact has at most 4,000 bytes: in a longer row a quotation mark is missing.
"""
_BLOCK = 1 << 18


def read_lines(path: Path, codec: str, *, at_returns: bool) -> Iterator[str]:
    """Yield the lines of a file with their ends.

    Zero bytes, with which old databases fill up their fields, are left out.

    Args:
        path: the file.
        codec: Python's codec for its encoding.
        at_returns: whether a carriage return alone ends a line, as in files of old Macs.

    Raises:
        FileProblem: the file cannot be read, or a line is longer than LONGEST_ROW.
    """
    line_number = 1
    for lines in _blocks_of_lines(path, codec, at_returns=at_returns):
        if line_number == 1 and lines:
            lines[0] = lines[0].lstrip("\ufeff")  # a byte order mark twice, where two programs each wrote one
        for line in lines:
            if len(line) > LONGEST_ROW:
                raise row_too_long(line_number)
            yield line
            line_number += 1


def row_too_long(line_number: int) -> FileProblem:
    """Return the problem of a row that is longer than LONGEST_ROW."""
    return FileProblem(
        f"The row that starts on line {line_number} is longer than {LONGEST_ROW:,} characters; no contact is: "
        "a line end or a quotation mark is missing there"
    )


def split_lines(text: str, *, at_returns: bool) -> tuple[list[str], str]:
    r"""Return the complete lines of a text, and the rest behind the last line end.

    `at_returns`: lines end at \r, \n or \r\n; otherwise at \n alone.
    """
    if not at_returns:
        lines = [line + "\n" for line in text.split("\n")]
        return lines, lines.pop()[:-1]
    # A return at the very end of a block may be the first half of \r\n.
    end = len(text) - 1 if text.endswith("\r") else len(text)
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)", text[:end])
    return lines, text[sum(map(len, lines)) :]


def _blocks_of_lines(path: Path, codec: str, *, at_returns: bool) -> Iterator[list[str]]:
    decoder = codecs.getincrementaldecoder(codec)(errors=ERROR_HANDLER)
    rest, line_number = "", 1
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                text = decoder.decode(block)
                if "\0" in text:
                    text = text.replace("\0", "")
                lines, rest = split_lines(rest + text, at_returns=at_returns)
                line_number += len(lines)
                yield lines
                if len(rest) > LONGEST_ROW:
                    raise row_too_long(line_number)
    except OSError as error:
        raise FileProblem(f"The file cannot be read: {error.strerror}") from error
    rest = (rest + decoder.decode(b"", final=True)).rstrip("\x1a")  # the end of a file in DOS
    lines, rest = split_lines(rest, at_returns=at_returns)
    yield [*lines, rest] if rest else lines
