"""Recognize documents that are no tables, and say how to get a CSV file of them."""

from __future__ import annotations

import re
from pathlib import Path

from trackly_desktop.files.table import FileProblem

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_COPY = "copy the table in it into Excel or another spreadsheet, save that as CSV, and import the CSV file"
_NUMBERS = "This is a Numbers file; in Numbers, choose File, Export To, CSV, and import the CSV file"
_APPLE = {
    ".numbers": _NUMBERS,
    ".pages": f"This is a Pages document; {_COPY}",
    ".key": f"This is a Keynote presentation; {_COPY}",
}
_WORD = f"This is a Word document; {_COPY}"
_SLIDES = f"This is a presentation; {_COPY}"
_TEXT = f"This is an OpenDocument text; {_COPY}"
_WORKBOOK = ""
_PARTS = {
    b"xl/": _WORKBOOK,
    b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet": _WORKBOOK,
    b"mimetypeapplication/vnd.oasis.opendocument.text": _TEXT,
    b"mimetypeapplication/vnd.oasis.opendocument.presentation": _SLIDES,
    b"word/": _WORD,
    b"ppt/": _SLIDES,
    b".iwa": _NUMBERS,
    b"Index.zip": _NUMBERS,
}
"""Parts of zip files that say what they are; the first in the file decides."""
_STREAMS = {"WordDocument": _WORD, "PowerPoint Document": _SLIDES}
"""The same for the streams of Office's older files."""


_WEB_ADDRESS = re.compile(r"(?:https?:/+|www\.)[^\s/]+\S*$", re.IGNORECASE)
_GOOGLE_SHEET = re.compile(r"(?:docs|drive|sheets)\.google\.com/", re.IGNORECASE)


def web_address_problem(text: str) -> str:
    """Return how to get a file from a web address; empty for any other text.

    A path of two slashes in a row has but one of them.
    """
    if not _WEB_ADDRESS.match(text.strip()):
        return ""
    if _GOOGLE_SHEET.search(text):
        return (
            "This is a web address, and files are read from this computer; open it in your browser, choose File, "
            "Download, Comma-separated values (.csv), and import the downloaded file"
        )
    return (
        "This is a web address, and files are read from this computer; open it in your browser, download the table as "
        "CSV or Excel, and import the downloaded file"
    )


def document_problem(first_bytes: bytes, name: str) -> str:
    """Return what a file is that is no table, and what to do; empty for others.

    Args:
        first_bytes: the beginning of the file.
        name: the file's name, which tells Apple's documents from each other.
    """
    if first_bytes.startswith(ZIP):
        positions = {first_bytes.find(part): problem for part, problem in _PARTS.items() if part in first_bytes}
        problem = positions[min(positions)] if positions else ""
        return _APPLE.get(Path(name).suffix.lower(), problem) if problem == _NUMBERS else problem
    if first_bytes.startswith(OLE):
        streams = (problem for stream, problem in _STREAMS.items() if stream.encode("utf-16-le") in first_bytes)
        return next(streams, "")
    return ""


def require_no_document_folder(path: Path) -> None:
    """Check that a folder is not one of Apple's documents, which may be folders.

    Raises:
        FileProblem: it is.
    """
    if problem := _APPLE.get(path.suffix.lower()):
        raise FileProblem(problem)
