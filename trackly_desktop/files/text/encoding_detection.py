"""Detect the encoding of a text file, and mark undecodable bytes.

Byte order marks, the zeros of UTF-16 and valid UTF-8 decide by themselves; between the other encodings chardet's
confidences decide, weighted by the rules below (adr/0006-encoding-detection.md has the measurement).
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from trackly_desktop.files.text.text_formats import ENCODINGS

ERROR_HANDLER = "trackly-mark"
"""Codec error handler for undecodable bytes.

Each byte becomes the lone surrogate U+DC00 + byte, which no file can contain.
"""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_MOST_COLLECTED = 200_000
"""Bytes of lines that are kept for detection: chardet looks at no more."""
_LONGEST_LINE = 4_000
_NEARLY_AS_WELL = 0.9
"""Share of the best score from which another reading is shown to the operator."""
_MOST_OTHERS = 2
_MOST_WEIGHED = 4_000
"""Characters beyond ASCII that are looked at one by one: more make no difference."""
_WITHIN_WORDS = "’ʼ·‐‑"
_LEAST_READABLE = 2 / 3
"""Share of lines that an encoding must decode; the rest may be damaged."""

_NO_EVIDENCE = re.compile(rb"[\x00-\x08\x0b-\x1f\d+]+")
"""Digits, alike in every encoding, and control bytes, as in a binary file."""
_CANDIDATES = {name: choice.codec for name, choice in ENCODINGS.items() if not name.startswith("utf-")}
_NAME_OF_CODEC = {codecs.lookup(codec).name: name for name, codec in _CANDIDATES.items()} | {
    "gb18030": "gbk",  # chardet names the superset
    "big5hkscs": "big5",
}
_WEIGHTS = {
    "windows-1250": 0.93,
    "windows-1254": 0.93,
    "iso-8859-1": 0.93,
    "iso-8859-2": 0.93,
    "iso-8859-15": 0.93,
    "mac-roman": 0.9,
    "cp850": 0.9,
}
"""Factors of confidence: rarer encodings of Latin letters must fit better."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """Encoding of a file: its name, Python's codec for it, and other likely readings.

    `others` are names of other encodings, each with its reading of a few words; `sample` is the reading of the same
    words in this encoding, empty where there are no others.
    """

    name: str
    codec: str
    others: tuple[tuple[str, str], ...] = ()
    sample: str = ""


class _Reading(NamedTuple):
    """The collected lines decoded with one encoding, and how well they read."""

    name: str
    score: float
    text: str


def _mark_undecodable(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(ERROR_HANDLER, _mark_undecodable)
_MARKED = re.compile("[\udc00-\udcff]")


def has_undecodable(text: str) -> bool:
    """Return whether the text has bytes that its encoding does not have."""
    return not text.isascii() and _MARKED.search(text) is not None


def escape_undecodable(text: str) -> str:
    r"""Return the text with each undecodable byte written like \xE9."""
    return _MARKED.sub(lambda mark: f"\\x{ord(mark[0]) - 0xDC00:02X}", text)


def first_undecodable(text: str) -> int:
    """Return the first undecodable byte of the text, -1 where there is none."""
    mark = _MARKED.search(text)
    return ord(mark[0]) - 0xDC00 if mark else -1


def detect_by_bom(first_bytes: bytes) -> Encoding | None:
    """Return the encoding by byte order mark or UTF-16's zero bytes, None without."""
    for mark, codec, name in _BOMS:
        if first_bytes.startswith(mark):
            return Encoding(name, codec)
    return _utf16_without_bom(first_bytes[:20_000])


def _utf16_without_bom(first_bytes: bytes) -> Encoding | None:
    pairs = len(first_bytes) // 2
    zeros_high, zeros_low = first_bytes[1::2].count(0), first_bytes[0::2].count(0)
    for name, zeros, other_zeros, line_end in (
        ("utf-16-le", zeros_high, zeros_low, b"\n\0"),
        ("utf-16-be", zeros_low, zeros_high, b"\0\n"),
    ):
        # Letters of one alphabet share their high byte: zero for ASCII, which any table has for its digits and line ends.
        if zeros > other_zeros * 4 and zeros >= max(2, pairs // 10) and (line_end in first_bytes or pairs < 4_000):
            try:
                text = first_bytes[: pairs * 2].decode(name)
            except UnicodeDecodeError as error:
                if error.start < pairs * 2 - 4:
                    continue
                text = first_bytes[: error.start].decode(name)
            if not any(character < " " and character not in "\t\r\n\0" for character in text):
                return Encoding(name, name)
    return None


class EncodingDetector:
    """Detector that is fed with a file block by block.

    It keeps the lines with bytes beyond ASCII.
    """

    def __init__(self) -> None:
        self._utf8_decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
        self._lines: list[bytes] = []
        self._size = 0
        self._unfinished_line = b""

    def feed(self, block: bytes) -> None:
        """Take the next bytes of the file."""
        self._check_utf8(block, final=False)
        if self._size >= _MOST_COLLECTED or (block.isascii() and self._unfinished_line.isascii()):
            ends_line = block.endswith((b"\n", b"\r"))
            self._unfinished_line = b"" if ends_line else block[-_LONGEST_LINE:].rpartition(b"\n")[2]
            return
        lines = re.split(rb"[\r\n]+", self._unfinished_line + block)
        self._unfinished_line = lines.pop()[-_LONGEST_LINE:]
        self._collect(lines)

    def result(self) -> Encoding:
        """Return the most likely encoding of the bytes so far, without a byte order mark."""
        self._check_utf8(b"", final=True)
        if self._utf8_decoder is not None:
            return Encoding("utf-8", "utf-8")
        self._collect([self._unfinished_line])
        return _most_likely(self._lines)

    def _collect(self, lines: Sequence[bytes]) -> None:
        for line in lines:
            if not line.isascii() and self._size < _MOST_COLLECTED:
                self._lines.append(line[:_LONGEST_LINE])
                self._size += len(self._lines[-1])

    def _check_utf8(self, block: bytes, *, final: bool) -> None:
        if self._utf8_decoder is not None:
            try:
                self._utf8_decoder.decode(block, final)
            except UnicodeDecodeError:
                self._utf8_decoder = None


def _most_likely(lines: Sequence[bytes]) -> Encoding:
    raw = b"\n".join(lines)
    if _is_damaged_utf8(raw):
        return Encoding("utf-8", "utf-8")
    readings = _readings(lines, raw) or [_Reading("windows-1252", 0.0, raw.decode("cp1252", ERROR_HANDLER))]
    best = readings[0]
    others = [reading for reading in readings[1:] if reading.score >= best.score * _NEARLY_AS_WELL][:_MOST_OTHERS]
    samples = _different_words([best.text, *(reading.text for reading in others)]) if others else [""]
    return Encoding(
        best.name,
        ENCODINGS[best.name].codec,
        tuple((reading.name, sample) for reading, sample in zip(others, samples[1:], strict=True)),
        samples[0],
    )


def _is_damaged_utf8(raw: bytes) -> bool:
    """Return whether the bytes are UTF-8 but for a few of them.

    Sequences of UTF-8 do not come about by chance.
    """
    text = raw.decode("utf-8", ERROR_HANDLER)
    undecodable = len(_MARKED.findall(text))
    valid = sum(1 for character in text if not character.isascii()) - undecodable
    return valid >= 2 * undecodable


def _readings(lines: Sequence[bytes], raw: bytes) -> list[_Reading]:
    """Return the different readings, best first.

    Each is named by the first encoding that gives it.
    """
    readings: dict[str, _Reading] = {}
    confidences = _confidences(lines)
    for name, codec in _CANDIDATES.items():
        if name in confidences:
            text = raw.decode(codec, ERROR_HANDLER)
            score = confidences[name] * _WEIGHTS.get(name, 1.0) * (1 - _odd_share(text)) ** 2
            same = readings.get(text, _Reading(name, score, text))
            readings[text] = same._replace(score=max(score, same.score))
    return sorted(readings.values(), key=lambda reading: reading.score, reverse=True)


def _confidences(lines: Sequence[bytes]) -> dict[str, float]:
    """Return chardet's confidence by encoding, from the lines that it decodes."""
    import chardet  # only files that are not UTF-8 need it

    names_by_lines: defaultdict[tuple[bytes, ...], set[str]] = defaultdict(set)
    for name, codec in _CANDIDATES.items():
        readable = tuple(line for line in lines if _is_decodable(line, codec))
        if readable and len(readable) >= len(lines) * _LEAST_READABLE:
            names_by_lines[readable].add(name)
    confidences = {}
    for readable, names in names_by_lines.items():
        # The first bytes must not look like the signature of a binary file to chardet.
        text = b"\n" + _NO_EVIDENCE.sub(b"", b"\n".join(readable))
        for match in chardet.detect_all(
            text, ignore_threshold=True, compat_names=False, include_encodings=_CANDIDATES.values()
        ):
            name = _NAME_OF_CODEC.get(match["encoding"] or "", "")
            if name in names:
                confidences[name] = match["confidence"]
    return confidences


def _is_decodable(line: bytes, codec: str) -> bool:
    try:
        line.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _odd_share(text: str) -> float:
    """Return the share of characters beyond ASCII that do not belong where they are."""
    matches = list(islice(re.finditer(r"[^\x00-\x7f]", text), _MOST_WEIGHED))
    odd = sum(
        _is_odd(text[match.start() - 1 : match.start()] or "\n", match[0], text[match.end() : match.end() + 1] or "\n")
        for match in matches
    )
    return odd / len(matches) if matches else 0.0


def _is_odd(before: str, character: str, after: str) -> bool:
    category = unicodedata.category(character)
    if category[0] == "L":
        return _is_odd_letter(before, character, after)
    if category[0] == "C":
        return category != "Cf"
    if "\u2500" <= character <= "\u259f":  # lines and blocks that frame tables on a terminal
        return True
    return before.isalpha() and after.isalpha() and character not in _WITHIN_WORDS


def _is_odd_letter(before: str, letter: str, after: str) -> bool:
    """Return whether a letter has a case or an alphabet that its word does not have."""
    if letter > "\u036f" and any(neighbor.isascii() and neighbor.isalpha() for neighbor in (before, after)):
        return True
    if letter.isupper():
        return before.islower()
    return letter.islower() and after.isupper() and (before.isupper() or not before.isalpha())


def _different_words(texts: Sequence[str]) -> list[str]:
    """Return the first four words in which the readings differ, for each reading."""
    words_of_texts = [re.split(r"[\s,;|\"]+", text) for text in texts]
    if len({len(words) for words in words_of_texts}) > 1:
        return [text[:60].strip() for text in texts]
    different = [index for index, words in enumerate(zip(*words_of_texts, strict=True)) if len(set(words)) > 1][:4]
    return ["  ".join(words[index] for index in different) for words in words_of_texts]
