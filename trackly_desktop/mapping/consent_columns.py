"""Columns in which a system keeps whether a person agreed to be texted: what each of their values means.

Only what is about texts counts: who wants no email may well want texts. Sources: the vendors' help pages and exports.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence

from trackly_desktop.contacts import dates
from trackly_desktop.contacts.value_words import is_blank_marker, parse_yes_no
from trackly_desktop.mapping.column_aliases import header_spellings


class ConsentColumn(enum.StrEnum):
    """What a column says with a yes, or with anything at all."""

    MAY = "may be texted"
    MUST_NOT = "must not be texted"
    WHEN_LEFT = "when they left"
    CONSENT = "consent in words"
    MESSAGE = "what they wrote"


_COLUMNS: dict[str, ConsentColumn] = {
    "accepts sms marketing": ConsentColumn.MAY,
    "accepts sms": ConsentColumn.MAY,
    "accepts text messages": ConsentColumn.MAY,
    "sms opt in": ConsentColumn.MAY,
    "sms optin": ConsentColumn.MAY,
    "sms opted in": ConsentColumn.MAY,
    "text opt in": ConsentColumn.MAY,
    "opted in to sms": ConsentColumn.MAY,
    "sms subscribed": ConsentColumn.MAY,
    "opt in": ConsentColumn.MAY,
    "optin": ConsentColumn.MAY,
    "opted in": ConsentColumn.MAY,
    "subscribed": ConsentColumn.MAY,
    "opt out": ConsentColumn.MUST_NOT,
    "optout": ConsentColumn.MUST_NOT,
    "opted out": ConsentColumn.MUST_NOT,
    "sms opt out": ConsentColumn.MUST_NOT,
    "sms optout": ConsentColumn.MUST_NOT,
    "text opt out": ConsentColumn.MUST_NOT,
    "has opted out of sms": ConsentColumn.MUST_NOT,
    "sms blacklisted": ConsentColumn.MUST_NOT,
    "do not call": ConsentColumn.MUST_NOT,
    "donotcall": ConsentColumn.MUST_NOT,
    "do not text": ConsentColumn.MUST_NOT,
    "do not sms": ConsentColumn.MUST_NOT,
    "do not contact": ConsentColumn.MUST_NOT,
    "dnc": ConsentColumn.MUST_NOT,
    "unsubscribed": ConsentColumn.MUST_NOT,
    "is unsubscribed": ConsentColumn.MUST_NOT,
    "blacklisted": ConsentColumn.MUST_NOT,
    "unsub time": ConsentColumn.WHEN_LEFT,
    "unsubscribe date": ConsentColumn.WHEN_LEFT,
    "unsubscribed at": ConsentColumn.WHEN_LEFT,
    "unsubscribed on": ConsentColumn.WHEN_LEFT,
    "unsubscribe time": ConsentColumn.WHEN_LEFT,
    "opt out time": ConsentColumn.WHEN_LEFT,
    "opt out date": ConsentColumn.WHEN_LEFT,
    "opted out at": ConsentColumn.WHEN_LEFT,
    "sms unsubscribed at": ConsentColumn.WHEN_LEFT,
    "sms marketing consent": ConsentColumn.CONSENT,
    "sms consent": ConsentColumn.CONSENT,
    "sms consent status": ConsentColumn.CONSENT,
    "sms status": ConsentColumn.CONSENT,
    "sms subscription status": ConsentColumn.CONSENT,
    "marketing consent": ConsentColumn.CONSENT,
    "subscription status": ConsentColumn.CONSENT,
    "body": ConsentColumn.MESSAGE,
}

_AGREED = re.compile(r"^(subscribed?|opted[ _-]?in|opt[ _-]?in|granted|given|active|confirmed|single opt[ _-]?in)$")
_LEFT = re.compile(
    r"unsubscri|never|opt(?:ed)?[ _-]?out|not[ _-]?(subscribed|given|opted)|denied|declined|revoked|withdrawn|removed|"
    r"stop|blacklist|blocked|suppressed|cleaned|bounced|do not|pending"
)
_STOP = re.compile(
    r"^\W*(stop|stopall|stop all|unsubscribe|cancel|end|quit|optout|opt out|revoke|arret|arrêt|alto|baja)\W*$"
)
"""The words that carriers treat as an opt-out (CTIA Messaging Principles, 5.1.3), and Trackly's own."""


def consent_column_kind(name: str) -> ConsentColumn | None:
    """What a column of this name says; None where it says nothing about texting."""
    return next((_COLUMNS[one] for one in header_spellings(name) if one in _COLUMNS), None)


def find_consent_columns(header: Sequence[str]) -> dict[int, ConsentColumn]:
    """The columns of a header that say who may be texted. A message log's texts count only where it is one."""
    found = {number: asks for number, name in enumerate(header) if (asks := consent_column_kind(name)) is not None}
    names = {one for name in header for one in header_spellings(name)}
    if not {"direction", "from", "to"} <= names:
        found = {number: asks for number, asks in found.items() if asks is not ConsentColumn.MESSAGE}
    return found


def is_opted_out(asks: ConsentColumn, value: str) -> bool | None:
    """Whether this value means that the person must not be texted; None where nobody can tell (only a blank is sent then)."""
    text = value.strip().strip("'").casefold()
    if asks is ConsentColumn.MESSAGE:
        return _STOP.match(text) is not None
    yes = parse_yes_no(text)
    if asks is ConsentColumn.WHEN_LEFT:
        return bool(text) and not is_blank_marker(text) and yes is not False
    if is_blank(text):
        # Klaviyo: a blank consent is "never subscribed"; elsewhere a blank is no answer.
        return True if asks is ConsentColumn.CONSENT else False if asks is ConsentColumn.MUST_NOT else None
    if yes is not None:
        return yes if asks is ConsentColumn.MUST_NOT else not yes
    if _LEFT.search(text) or (asks is ConsentColumn.MUST_NOT and dates.looks_like_date(text)):
        return True
    return False if _AGREED.match(text) else None


def is_blank(value: str) -> bool:
    """Whether a column that says who may be texted says nothing here."""
    text = value.strip().strip("'")
    return not text or is_blank_marker(text)


_FILES_THAT_LEFT = re.compile(
    r"(?:^|[^a-z])(unsubscribed?|unsubs|cleaned|opt(?:ed)?[ _-]?outs?|suppress(?:ed|ion)|blacklist(?:ed)?"
    r"|do[ _-]?not[ _-]?(?:text|call|contact)|dnc|bounced)(?:[^a-z]|$)",
    re.IGNORECASE,
)


def suppression_filename_keyword(file: str) -> str:
    """The word in a file's name that says that its people unsubscribed (Mailchimp: unsubscribed_, cleaned_); else empty."""
    found = _FILES_THAT_LEFT.search(file)
    return found.group(1) if found else ""
