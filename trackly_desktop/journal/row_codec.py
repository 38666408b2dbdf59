"""Compact encoding of rows: outcomes as numbers, cells and body deflated.

A row's cells and what is sent of them say nearly the same, in every row in nearly the same way: they are deflated together
(RFC 1951), with a sample of the file's first rows as the dictionary. The numbers are part of the journal's form: they never
change their meaning.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from typing import Any

from trackly_desktop.contacts.issues import Issue, Note, NoteCode
from trackly_desktop.contacts.outcome import Outcome

PENDING, SENDING, CREATED, UPDATED, REFUSED, UNKNOWN, INVALID, SKIPPED = range(2, 10)
"""Outcomes as stored, from 2.

SQLite stores 0 and 1 in no byte at all, so that a row would grow when it is sent.
"""

CODE_OF: dict[Outcome, int] = {
    Outcome.PENDING: PENDING,
    Outcome.SENDING: SENDING,
    Outcome.CREATED: CREATED,
    Outcome.UPDATED: UPDATED,
    Outcome.REFUSED: REFUSED,
    Outcome.UNKNOWN: UNKNOWN,
    Outcome.INVALID: INVALID,
    Outcome.SKIPPED: SKIPPED,
}
OUTCOME_OF: dict[int, Outcome] = {code: outcome for outcome, code in CODE_OF.items()}

REPLIES = ("", "accepted", "refused", "stopped", "notsent", "unknown")
"""Kinds of reply; each is written as its place."""

JOURNEYS, DATE, IP, PAGE = 1, 2, 4, 8
"""What is in a row's body, as bits."""

_LEVEL, _WINDOW, _MEMORY = 6, -12, 5
_SAMPLE_ROWS, _SAMPLE_SIZE = 6, 1_200
_ANSWER = (
    b'{"success":false,"error":{"code":"","message":""},"error":"internal_error","code":"invalid_phone","message":"'
)


def phone_code(phone: str) -> int:
    """A number in E.164 as it is written; 0 for none."""
    return int(phone[1:]) if phone else 0


def phone_of(code: int) -> str:
    """Return the number in E.164; empty for none, and for a hash (below 0)."""
    return f"+{code}" if code > 0 else ""


def sample_of(rows: list[tuple[list[str], str | None]]) -> bytes:
    """What a file's rows are deflated against: the last of its first rows count most."""
    texts = [f"{encode(cells)}\n{body or ''}\n" for cells, body in rows[:_SAMPLE_ROWS]]
    return "".join(texts).encode()[-_SAMPLE_SIZE:]


def pack(cells: list[str], body: str | None, sample: bytes) -> bytes:
    """A row's cells, and what is sent of it."""
    return _deflate(f"{encode(cells)}\n{body or ''}", sample)


def unpack(content: bytes | None, sample: bytes) -> tuple[list[str], str | None]:
    """The cells, and what is sent; nothing where it has been forgotten."""
    if content is None:
        return [], None
    cells, _, body = _inflate(content, sample).partition("\n")
    return json.loads(cells), body or None


def change_body(content: bytes, sample: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """A row's content with another body: the same cells."""
    cells, body = unpack(content, sample)
    fields = json.loads(body or "{}")
    change(fields)
    return pack(cells, encode(fields), sample)


def cells_text(content: bytes | None, sample: bytes) -> str:
    """The cells as text to search in."""
    return _inflate(content, sample).partition("\n")[0] if content is not None else ""


def pack_answer(text: str) -> bytes | None:
    """An answer as it came."""
    return _deflate(text, _ANSWER) if text else None


def unpack_answer(content: bytes | None) -> str:
    """The answer as it came."""
    return _inflate(content, _ANSWER) if content is not None else ""


def pack_id(text: str) -> bytes | str | None:
    """An id of Trackly's: 24 hexadecimal digits are 12 bytes."""
    if len(text) % 2 == 0 and set(text) <= _HEXADECIMAL:
        return bytes.fromhex(text) or None
    return text


def unpack_id(stored: bytes | str | None) -> str:
    """Return the id as Trackly sent it."""
    return stored.hex() if isinstance(stored, bytes) else stored or ""


_HEXADECIMAL = frozenset("0123456789abcdef")

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def encode(value: Any) -> str:
    """As compact JSON, in one line."""
    return _encode(value)


def encode_note(note: Note | None) -> tuple[str | None, str | None]:
    """Return a note's code and its parameters as stored; twice None for none."""
    if note is None:
        return None, None
    return note.code, encode(note.params) if note.params else None


def decode_note(code: str | None, params: str | None) -> Note | None:
    """Return the note of a stored code and parameters."""
    return None if code is None else Note(NoteCode(code), tuple(json.loads(params)) if params else ())


def encode_issues(issues: Sequence[Issue]) -> str | None:
    """Return issues as stored; None for none."""
    return encode([issue.to_json() for issue in issues]) if issues else None


def decode_issues(stored: str | None) -> tuple[Issue, ...]:
    """Return stored issues."""
    return tuple(Issue.from_json(issue) for issue in json.loads(stored)) if stored else ()


def _deflate(text: str, sample: bytes) -> bytes:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW, _MEMORY, zlib.Z_DEFAULT_STRATEGY, sample)
    return packer.compress(text.encode("utf-8", "surrogatepass")) + packer.flush()


def _inflate(content: bytes, sample: bytes) -> str:
    return zlib.decompressobj(_WINDOW, sample).decompress(content).decode("utf-8", "surrogatepass")
