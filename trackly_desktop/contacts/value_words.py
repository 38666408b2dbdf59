"""Words and signs for yes, no and blank, in the languages of imported files."""

from __future__ import annotations

YES_WORDS = frozenset(
    (
        "yes", "y", "true", "t", "1", "on", "x", "✓", "✔", "☑", "checked", "ok", "si", "sí", "s", "verdadero", "cierto",
        "oui", "o", "vrai", "ja", "j", "wahr", "sim", "verdadeiro", "vero", "tak", "prawda", "ano", "igen", "да", "д",
        "истина", "はい", "是", "真",
    )
)  # fmt: skip
NO_WORDS = frozenset(
    (
        "no", "n", "false", "f", "0", "off", "☐", "✗", "✘", "unchecked", "falso", "non", "faux", "nein", "falsch", "não",
        "nao", "nie", "fałsz", "ne", "nem", "нет", "н", "ложь", "いいえ", "否", "假",
    )
)  # fmt: skip
_SURE = frozenset(
    word for word in YES_WORDS | NO_WORDS if len(word) > 1 and word not in ("on", "off", "ok", "checked", "unchecked")
)


_NOTHING = frozenset(
    (
        "null",
        "\\n",
        "nan",
        "none",
        "n/a",
        "na",
        "#n/a",
        "nil",
        "undefined",
        "-",
        "–",
        "—",
        "?",
        "0000-00-00",
        "0000-00-00 00:00:00",
    )
)


def is_blank_marker(text: str) -> bool:
    """Whether databases and people write "no value" like this."""
    return len(text) <= 19 and text.casefold() in _NOTHING


def looks_like_yes_or_no(text: str) -> bool:
    """Whether this is a word for yes or no and nothing else.

    F, T, ON and 1 are sizes, genders, provinces and numbers too.
    """
    return text.strip().casefold() in _SURE


def parse_yes_no(text: str) -> bool | None:
    """Return the meaning of a word or sign for yes or no; None for any other."""
    word = text.strip().casefold()
    return True if word in YES_WORDS else False if word in NO_WORDS else None
