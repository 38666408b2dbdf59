"""Detect consent and opt-out columns and interpret their values.

Only consent to texts counts: a person without emails may well want texts. Names are in data/consent_columns.json.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from functools import cache

from trackly_desktop.contacts import dates
from trackly_desktop.contacts.value_words import is_blank_marker, parse_yes_no
from trackly_desktop.mapping.column_aliases import header_spellings
from trackly_desktop.mapping.tables import read_table


class ConsentColumn(enum.StrEnum):
    """Kinds of consent columns; each is a key of data/consent_columns.json."""

    OPT_IN = "opt_in"
    OPT_OUT = "opt_out"
    OPT_OUT_DATE = "opt_out_date"
    STATUS = "status"
    MESSAGE_TEXT = "message_text"


_MESSAGE_LOG = frozenset(("direction", "from", "to"))
"""Columns that only a log of messages has together."""

_OPTED_IN = re.compile(r"^(subscribed?|opted[ _-]?in|opt[ _-]?in|granted|given|active|confirmed|single opt[ _-]?in)$")
_OPTED_OUT = re.compile(
    r"unsubscri|never|opt(?:ed)?[ _-]?out|not[ _-]?(subscribed|given|opted)|denied|declined|revoked|withdrawn|removed|"
    r"stop|blacklist|blocked|suppressed|cleaned|bounced|do not|pending"
)
_STOP = re.compile(
    r"^\W*(stop|stopall|stop all|unsubscribe|cancel|end|quit|optout|opt out|revoke|arret|arrêt|alto|baja)\W*$"
)
"""Carriers' words for an opt-out (CTIA Messaging Principles, 5.1.3) and Trackly's."""
_SUPPRESSION_FILENAME = re.compile(
    r"(?:^|[^a-z])(unsubscribed?|unsubs|cleaned|opt(?:ed)?[ _-]?outs?|suppress(?:ed|ion)|blacklist(?:ed)?"
    r"|do[ _-]?not[ _-]?(?:text|call|contact)|dnc|bounced)(?:[^a-z]|$)",
    re.IGNORECASE,
)


@cache
def _kinds() -> dict[str, ConsentColumn]:
    table = read_table("consent_columns")
    return {name: kind for kind in ConsentColumn for name in table[kind]["names"]}


def consent_column_kind(name: str) -> ConsentColumn | None:
    """Return the kind of a consent column by its name; None for any other column."""
    kinds = _kinds()
    return next((kinds[spelling] for spelling in header_spellings(name) if spelling in kinds), None)


def find_consent_columns(header: Sequence[str]) -> dict[int, ConsentColumn]:
    """Return a header's consent columns by index (from 0).

    Message texts count in a message log only.
    """
    kinds = {index: kind for index, name in enumerate(header) if (kind := consent_column_kind(name)) is not None}
    spellings = {spelling for name in header for spelling in header_spellings(name)}
    if spellings >= _MESSAGE_LOG:
        return kinds
    return {index: kind for index, kind in kinds.items() if kind is not ConsentColumn.MESSAGE_TEXT}


def is_opted_out(kind: ConsentColumn, value: str) -> bool | None:
    """Return whether a value means an opt-out; None where that is unclear.

    Rows of unclear values are held back, but for blanks.
    """
    text = value.strip().strip("'").casefold()
    if kind is ConsentColumn.MESSAGE_TEXT:
        return _STOP.match(text) is not None
    yes = parse_yes_no(text)
    if kind is ConsentColumn.OPT_OUT_DATE:
        return bool(text) and not is_blank_marker(text) and yes is not False
    if is_blank(text):
        # Klaviyo: a blank status is "never subscribed"; in other columns a blank is no answer.
        return True if kind is ConsentColumn.STATUS else False if kind is ConsentColumn.OPT_OUT else None
    if yes is not None:
        return yes if kind is ConsentColumn.OPT_OUT else not yes
    if _OPTED_OUT.search(text) or (kind is ConsentColumn.OPT_OUT and dates.looks_like_date(text)):
        return True
    return False if _OPTED_IN.match(text) else None


def is_blank(value: str) -> bool:
    """Return whether a consent column's cell says nothing."""
    text = value.strip().strip("'")
    return not text or is_blank_marker(text)


def suppression_filename_keyword(file: str) -> str:
    """Return the word for unsubscribed people in a file's name; empty without one.

    Mailchimp exports them as unsubscribed_… and cleaned_….
    """
    match = _SUPPRESSION_FILENAME.search(file)
    return match[1] if match else ""
