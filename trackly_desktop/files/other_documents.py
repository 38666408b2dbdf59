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
    "xl/": _WORKBOOK,
    "content.xml": _WORKBOOK,
    "word/": _WORD,
    "ppt/": _SLIDES,
    "index.zip": _NUMBERS,
    "index/": _NUMBERS,
}
"""Beginnings of names of a zip file's parts; the first one in the file decides."""
_MEDIA_TYPES = {
    b"mimetypeapplication/vnd.oasis.opendocument.text": _TEXT,
    b"mimetypeapplication/vnd.oasis.opendocument.presentation": _SLIDES,
}
"""What an OpenDocument file begins with that is no spreadsheet."""
_STREAMS = {"WordDocument": _WORD, "PowerPoint Document": _SLIDES}
"""The same for the streams of Office's older files."""


_SCHEME = r"(?:https?|ftps?|sftp|file):/+"
_HOSTS = (
    r"(?:docs|drive|sheets)\.google\.com|1drv\.ms|onedrive\.live\.com|[\w-]+\.sharepoint\.com|(?:www\.)?dropbox\.com"
    r"|airtable\.com|(?:www\.)?icloud\.com"
)
"""Hosts of shared tables, which people copy without the scheme."""
_ADDRESS = re.compile(rf"(?:{_SCHEME}\S|www\.\S|(?:{_HOSTS})/)[^\t\n\r]*$", re.IGNORECASE)
_GOOGLE_SHEET = re.compile(r"(?:docs|drive|sheets)\.google\.com/", re.IGNORECASE)
_LOCAL = re.compile(r"file:/", re.IGNORECASE)
_LINK = "This is a link to a table, and not the table; open it"
_GOOGLE = "in your browser, choose File, Download, Comma-separated values (.csv), and import the downloaded file"
_DOWNLOAD = "in your browser, download the table as CSV or Excel, and import the downloaded file"
_LINKS = {
    ".gsheet": f"{_LINK} {_GOOGLE}",
    ".gdoc": f"{_LINK} {_DOWNLOAD}",
    ".webloc": f"{_LINK} {_DOWNLOAD}",
    ".url": f"{_LINK} {_DOWNLOAD}",
}
"""Files that hold an address, by their suffix."""
_LINK_SIGNS = (b"[internetshortcut]", b"[desktop entry]")
_WEB_ARCHIVE = "This is a web page with its pictures (MHTML), whatever its name; open it in Excel, and save it as CSV"


def web_address_problem(text: str) -> str:
    """Return how to get a file from a web address; empty for any other text.

    A path of two slashes in a row has but one of them.
    """
    address = text.strip().strip("<>\"'").strip()
    if not _ADDRESS.match(address):
        return ""
    if _LOCAL.match(address):
        return "This is the address of a file on a computer, and not its path; choose the file itself, or drop it here"
    is_sheet = _GOOGLE_SHEET.search(address) is not None
    return "This is a web address, and files are read from this computer; open it " + (
        _GOOGLE if is_sheet else _DOWNLOAD
    )


def document_problem(first_bytes: bytes, path: Path) -> str:
    """Return what a file is that is no table, and what to do; empty for others.

    Args:
        first_bytes: the beginning of the file.
        path: the file, whose suffix tells Apple's documents from each other.
    """
    suffix = path.suffix.lower()
    if first_bytes.startswith(ZIP):
        problem = _zip_problem(first_bytes, path)
        return _APPLE.get(suffix, problem) if problem == _NUMBERS else problem
    if first_bytes.startswith(OLE):
        streams = (problem for stream, problem in _STREAMS.items() if stream.encode("utf-16-le") in first_bytes)
        return next(streams, "")
    begin = first_bytes[:4_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if begin.startswith(_LINK_SIGNS):
        return _LINKS[".url"]
    if begin.startswith(b"mime-version:") or (begin.startswith(b"from: <saved by") and b"mime-version:" in begin):
        return _WEB_ARCHIVE
    is_link = begin.startswith((b"{", b"<?xml", b"<plist", b"bplist"))
    return _LINKS.get(suffix, "") if is_link else ""


def _zip_problem(first_bytes: bytes, path: Path) -> str:
    media_type = first_bytes[:200]
    if problem := next((problem for begin, problem in _MEDIA_TYPES.items() if begin in media_type), ""):
        return problem
    for name in _part_names(first_bytes, path):
        for begin, problem in _PARTS.items():
            if name.lower().startswith(begin):
                return problem
    return ""


def _part_names(first_bytes: bytes, path: Path) -> list[str]:
    """Return the names of a zip file's parts; of a damaged one, the first ones."""
    import zipfile  # the first window imports this module

    try:
        with zipfile.ZipFile(path) as file:
            return file.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError):
        return [name.decode("utf-8", "replace") for name in _LOCAL_NAME.findall(first_bytes)]


_LOCAL_NAME = re.compile(rb"PK\x03\x04.{26}([\w\[\]. /\-]{1,100})", re.DOTALL)
"""The header of a part, and its name."""


def require_no_document_folder(path: Path) -> None:
    """Check that a folder is not one of Apple's documents, which may be folders.

    Raises:
        FileProblem: it is.
    """
    if problem := _APPLE.get(path.suffix.lower()):
        raise FileProblem(problem)
