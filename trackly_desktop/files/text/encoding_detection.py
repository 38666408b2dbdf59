"""Which encoding a text file is in: each that we know is tried, and the reading whose letters make words wins.

Guesses of libraries are not used: charset-normalizer 3.5 takes German Windows-1252 for 1250, and Polish 1250 for 1252.
What can be known is known: byte order marks, the zeros of UTF-16, and that UTF-8 does not come about by chance.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from trackly_desktop.files.text import language_samples
from trackly_desktop.files.text.language_samples import CENTRAL, CHINESE, CYRILLIC, JAPANESE, WESTERN

CODECS = {
    "utf-8": "utf-8",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "windows-1252": "cp1252",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "iso-8859-1": "latin-1",
    "mac-roman": "mac-roman",
    "shift-jis": "cp932",
    "gbk": "gbk",
    "big5": "cp950",
    "euc-kr": "cp949",
    "iso-8859-2": "iso-8859-2",
    "iso-8859-15": "iso-8859-15",
    "koi8-r": "koi8-r",
    "windows-1253": "cp1253",
    "windows-1254": "cp1254",
    "cp850": "cp850",
    "utf-32": "utf-32",
}
"""The name of each encoding that can be chosen -> Python's codec for it."""

GUESSED = {
    "windows-1252": WESTERN,
    "windows-1250": CENTRAL,
    "windows-1251": CYRILLIC,
    "mac-roman": WESTERN,
    "shift-jis": JAPANESE,
    "gbk": CHINESE,
}
"""Those that are tried when a file says nothing of its own, in the order in which equals are preferred."""

ERROR_HANDLER = "trackly-mark"
"""How bytes that an encoding does not have are read: each becomes a character that no file can have, and is found again."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_ENOUGH = 4_000
"""Letters beyond ASCII that are looked at: more make no difference."""
_CLOSE = 0.2
"""Two readings whose scores differ by less than this share are both shown to the operator."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file's letters are to be read. `others`: encodings that fit nearly as well, each with what it makes of some words."""

    name: str
    codec: str
    others: tuple[tuple[str, str], ...] = ()
    sample: str = ""


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(ERROR_HANDLER, _mark)
_MARKED = re.compile("[\udc00-\udcff]")


def has_undecodable(text: str) -> bool:
    """Whether there are bytes in it that its encoding does not have."""
    return not text.isascii() and _MARKED.search(text) is not None


def escape_undecodable(text: str) -> str:
    """The same with each such byte written as \\xE9."""
    return _MARKED.sub(lambda found: f"\\x{ord(found[0]) - 0xDC00:02X}", text)


def first_undecodable(text: str) -> int:
    """The first such byte."""
    found = _MARKED.search(text)
    return ord(found[0]) - 0xDC00 if found else -1


def detect_by_bom(first: bytes) -> Encoding | None:
    """What a byte order mark says, or the zeros of UTF-16 that has none."""
    for mark, codec, name in _BOMS:
        if first.startswith(mark):
            return Encoding(name, codec)
    return _utf16_without_mark(first[:20_000])


def _utf16_without_mark(first: bytes) -> Encoding | None:
    pairs = len(first) // 2
    zeros_high, zeros_low = first[1::2].count(0), first[0::2].count(0)
    for name, zeros, others, line_end in (
        ("utf-16-le", zeros_high, zeros_low, b"\n\0"),
        ("utf-16-be", zeros_low, zeros_high, b"\0\n"),
    ):
        # Letters of one alphabet share their high byte: zero for ASCII, which any table has for its digits and line ends.
        if zeros > others * 4 and zeros >= max(2, pairs // 10) and (line_end in first or pairs < 4_000):
            try:
                text = first[: pairs * 2].decode(name)
            except UnicodeDecodeError as error:
                if error.start < pairs * 2 - 4:
                    continue
                text = first[: error.start].decode(name)
            if not any(sign < " " and sign not in "\t\r\n\0" for sign in text):
                return Encoding(name, name)
    return None


class EncodingDetector:
    """Collects the lines of a file that have bytes beyond ASCII, as the file streams by."""

    def __init__(self) -> None:
        self._decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
        self._lines: list[bytes] = []
        self._size = 0
        self._wait_for_work = b""

    def feed(self, block: bytes) -> None:
        """The next bytes of the file."""
        self._check_utf8(block, final=False)
        if self._size >= _SURVEYED or (block.isascii() and self._wait_for_work.isascii()):
            self._wait_for_work = b"" if block.endswith((b"\n", b"\r")) else block[-_LONGEST:].rpartition(b"\n")[2]
            return
        lines = re.split(rb"[\r\n]+", self._wait_for_work + block)
        self._wait_for_work = lines.pop()[-_LONGEST:]
        self._take(lines)

    def _take(self, lines: list[bytes]) -> None:
        for line in lines:
            if not line.isascii() and self._size < _SURVEYED:
                self._lines.append(line[:_LONGEST])
                self._size += len(line[:_LONGEST])

    def _check_utf8(self, block: bytes, *, final: bool) -> None:
        if self._decoder is not None:
            try:
                self._decoder.decode(block, final)
            except UnicodeDecodeError:
                self._decoder = None

    def letters(self) -> Encoding:
        """The most likely encoding of a file without a mark."""
        self._check_utf8(b"", final=True)
        if self._decoder is not None:
            return Encoding("utf-8", "utf-8")
        self._take([self._wait_for_work])
        return _most_likely(b"\n".join(self._lines))


_SURVEYED = 200_000
_LONGEST = 4_000


def _most_likely(raw: bytes) -> Encoding:
    tried = [("utf-8", _utf8_score(raw), raw.decode("utf-8", ERROR_HANDLER))]
    for name, group in GUESSED.items():
        text = raw.decode(CODECS[name], ERROR_HANDLER)
        tried.append((name, score(text, group), text))
    best, *rest = sorted(tried, key=lambda one: one[1], reverse=True)
    different = [one for one in rest if one[2] != best[2]]
    # Where no reading makes words, the likeliest three are shown.
    others = different[:2] if best[1] <= 0 else [one for one in different if _is_close(one[1], best[1])]
    name = best[0]
    shown = _telling_words([best[2], *(one[2] for one in others)]) if others else [""]
    return Encoding(
        name, CODECS[name], tuple((one[0], text) for one, text in zip(others, shown[1:], strict=True)), shown[0]
    )


def _is_close(value: float, best: float) -> bool:
    return value > 0 and best - value < _CLOSE * max(best, 4.0)


def _utf8_score(raw: bytes) -> float:
    """A file that is UTF-8 but for a few bytes is UTF-8 with mistakes, and these will be named."""
    text = raw.decode("utf-8", ERROR_HANDLER)
    bad = len(_MARKED.findall(text))
    good = sum(1 for sign in text if not sign.isascii()) - bad
    return 4.0 * good - 8.0 * bad


def _telling_words(texts: list[str]) -> list[str]:
    """The same few words of each reading, those in which the first two differ."""
    parts = [re.split(r"[\s,;|\"]+", text) for text in texts]
    if len({len(one) for one in parts}) > 1:
        return [text[:60].strip() for text in texts]
    places = [at for at, words in enumerate(zip(*parts, strict=True)) if len(set(words)) > 1][:4]
    return ["  ".join(one[at] for at in places) for one in parts]


def score(text: str, group: str) -> float:
    """How well a text reads: the more its letters stand as in words of these languages, the higher."""
    seen: dict[str, int] = {}
    looked = 0
    for word in _runs(text):
        seen[word] = seen.get(word, 0) + 1
        looked += len(word)
        if looked > _ENOUGH:
            break
    # A word that comes a thousand times tells no more than one that comes twice.
    return sum(_word_score(word, group) * min(times, 2) for word, times in seen.items())


def _runs(text: str) -> Iterator[str]:
    """The pieces between blanks and separators that have letters beyond ASCII, each with what stands beside it."""
    for found in re.finditer(r"[^\s,;|\t\"\d=<>()\[\]{}@/\\:+]*[^\x00-\x7f][^\s,;|\t\"\d=<>()\[\]{}@/\\:+]*", text):
        yield found[0]


def _word_score(word: str, group: str) -> float:
    framed = f"^{word}$"
    return sum(
        _sign_score(framed[at - 1], sign, framed[at + 1], group) for at, sign in enumerate(framed) if not sign.isascii()
    )


def _sign_score(before: str, sign: str, after: str, group: str) -> float:
    if "\udc00" <= sign <= "\udcff":
        return -8.0
    category = unicodedata.category(sign)
    if category[0] == "C":
        return -8.0 if sign not in "\u00ad\u200b\u200e\u200f\u202a\u202c\ufeff" else 0.0
    if category[0] == "L":
        return _letter_score(before, sign, after, group)
    return _symbol_score(before, sign, after)


def _letter_score(before: str, sign: str, after: str, group: str) -> float:
    if _is_han_or_kana(sign):
        return _eastern_score(before, sign, after, group)
    if group in (JAPANESE, CHINESE):
        return -1.0
    low, prior, later = sign.lower(), before.lower(), after.lower()
    pairs = language_samples.pairs_of(group)
    value = _case_score(before, sign, after) + 0.9 * ((prior + low in pairs) + (low + later in pairs))
    value += 0.4 if low in language_samples.letters_of(group) else -1.5
    if before == "^" and after == "$" and not {"^" + low, low + "$"} <= pairs:
        value -= 1.5  # a word of one letter, in no language that has it
    if before.isalpha() and not before.isascii() and prior + low not in pairs:
        value -= 0.6  # two letters with marks beside each other, in a way that no word has
    return value


def _case_score(before: str, sign: str, after: str) -> float:
    """Capitals stand at the beginning of a word, or everywhere in it."""
    if sign.isupper() and before.islower():
        return -2.5
    if sign.isupper() and before.isalpha() and after.islower():
        return -2.0
    if sign.islower() and before in "^-'’" and after.isupper():
        return -1.5
    return -1.0 if sign.islower() and before.isupper() and after.isupper() else 0.0


def _is_han_or_kana(sign: str) -> bool:
    return "\u3005" <= sign <= "\u30ff" or "\u3400" <= sign <= "\u9fff" or "\uff66" <= sign <= "\uff9f"


def _eastern_score(before: str, sign: str, after: str, group: str) -> float:
    beside = sum(1.5 for one in (before, after) if one.isascii() and one.isalpha())
    if group not in _EASTERN:
        return -1.0 - beside
    if "\uff66" <= sign <= "\uff9f":
        return (0.2 if "\uff66" <= before <= "\uff9f" or "\uff66" <= after <= "\uff9f" else -1.0) - beside
    if sign <= "\u30ff":
        return (1.5 if group == JAPANESE else -1.0) - beside
    usual, codec, last = _EASTERN[group]
    return (2.0 if sign in usual else 0.3 if _is_common(sign, codec, last) else -1.2) - beside


_EASTERN = {JAPANESE: (language_samples.KANJI, "euc-jp", 0xCF), CHINESE: (language_samples.HAN, "gb2312", 0xD7)}


def _is_common(sign: str, codec: str, last: int) -> bool:
    """Level 1 of JIS X 0208 or GB 2312: the characters of everyday use, which the standards put first."""
    try:
        raw = sign.encode(codec)
    except UnicodeEncodeError:
        return False
    return len(raw) == 2 and 0xB0 <= raw[0] <= last


_QUIET = frozenset(
    "°€£¥§©®™ªº¿¡«»‹›…·•–—“”‘„‚№　、。（）！？：；，．・ー～「」『』【】￥％＆＊＋－／＝０１２３４５６７８９"
)


def _symbol_score(before: str, sign: str, after: str) -> float:
    inside = before.isalpha() and after.isalpha()
    if sign in "’ʼ":
        return 2.5 if inside else 0.5 if before.isalpha() or after.isalpha() else -0.2
    if sign in "“„«‘‚¿¡":
        return 0.9 if before == "^" or not before.isalnum() else -1.5
    if sign in "”»":
        return 0.9 if after == "$" or not after.isalnum() else -1.5
    if sign in "–—…":
        return -1.5 if inside else 0.6
    if sign in "ªº":
        return 0.3 if before.isalpha() or before == "^" else -0.5
    if sign == "\u00a0":
        return 0.2
    if "\u3000" <= sign <= "\u303f" or "\uff00" <= sign <= "\uff65":
        return 0.3 if not (before.isascii() and before.isalpha()) else -1.0
    if sign in _QUIET:
        return 0.2 if not inside else -2.0
    return -2.5 if inside else -1.2
