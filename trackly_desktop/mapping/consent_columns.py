"""Columns in which a system keeps whether a person agreed to be texted: what each of their values means.

Only what is about texts counts: who wants no email may well want texts. Sources: the vendors' help pages and exports.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence

from trackly_desktop.contacts import dates
from trackly_desktop.contacts.contact import is_nothing, yes_or_no
from trackly_desktop.mapping.column_aliases import spellings


class Asks(enum.StrEnum):
    """What a column says with a yes, or with anything at all."""

    MAY = "may be texted"
    MUST_NOT = "must not be texted"
    WHEN_LEFT = "when they left"
    CONSENT = "consent in words"
    MESSAGE = "what they wrote"


_COLUMNS: dict[str, Asks] = {
    "accepts sms marketing": Asks.MAY,
    "accepts sms": Asks.MAY,
    "accepts text messages": Asks.MAY,
    "sms opt in": Asks.MAY,
    "sms optin": Asks.MAY,
    "sms opted in": Asks.MAY,
    "text opt in": Asks.MAY,
    "opted in to sms": Asks.MAY,
    "sms subscribed": Asks.MAY,
    "opt in": Asks.MAY,
    "optin": Asks.MAY,
    "opted in": Asks.MAY,
    "subscribed": Asks.MAY,
    "opt out": Asks.MUST_NOT,
    "optout": Asks.MUST_NOT,
    "opted out": Asks.MUST_NOT,
    "sms opt out": Asks.MUST_NOT,
    "sms optout": Asks.MUST_NOT,
    "text opt out": Asks.MUST_NOT,
    "has opted out of sms": Asks.MUST_NOT,
    "sms blacklisted": Asks.MUST_NOT,
    "do not call": Asks.MUST_NOT,
    "donotcall": Asks.MUST_NOT,
    "do not text": Asks.MUST_NOT,
    "do not sms": Asks.MUST_NOT,
    "do not contact": Asks.MUST_NOT,
    "dnc": Asks.MUST_NOT,
    "unsubscribed": Asks.MUST_NOT,
    "is unsubscribed": Asks.MUST_NOT,
    "blacklisted": Asks.MUST_NOT,
    "unsub time": Asks.WHEN_LEFT,
    "unsubscribe date": Asks.WHEN_LEFT,
    "unsubscribed at": Asks.WHEN_LEFT,
    "unsubscribed on": Asks.WHEN_LEFT,
    "unsubscribe time": Asks.WHEN_LEFT,
    "opt out time": Asks.WHEN_LEFT,
    "opt out date": Asks.WHEN_LEFT,
    "opted out at": Asks.WHEN_LEFT,
    "sms unsubscribed at": Asks.WHEN_LEFT,
    "sms marketing consent": Asks.CONSENT,
    "sms consent": Asks.CONSENT,
    "sms consent status": Asks.CONSENT,
    "sms status": Asks.CONSENT,
    "sms subscription status": Asks.CONSENT,
    "marketing consent": Asks.CONSENT,
    "subscription status": Asks.CONSENT,
    "body": Asks.MESSAGE,
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


def asks_of(name: str) -> Asks | None:
    """What a column of this name says; None where it says nothing about texting."""
    return next((_COLUMNS[one] for one in spellings(name) if one in _COLUMNS), None)


def columns_that_ask(header: Sequence[str]) -> dict[int, Asks]:
    """The columns of a header that say who may be texted. A message log's texts count only where it is one."""
    found = {number: asks for number, name in enumerate(header) if (asks := asks_of(name)) is not None}
    names = {one for name in header for one in spellings(name)}
    if not {"direction", "from", "to"} <= names:
        found = {number: asks for number, asks in found.items() if asks is not Asks.MESSAGE}
    return found


def says_no(asks: Asks, value: str) -> bool | None:
    """Whether this value means that the person must not be texted; None where nobody can tell (only a blank is sent then)."""
    text = value.strip().strip("'").casefold()
    if asks is Asks.MESSAGE:
        return _STOP.match(text) is not None
    yes = yes_or_no(text)
    if asks is Asks.WHEN_LEFT:
        return bool(text) and not is_nothing(text) and yes is not False
    if is_blank(text):
        # Klaviyo: a blank consent is "never subscribed"; elsewhere a blank is no answer.
        return True if asks is Asks.CONSENT else False if asks is Asks.MUST_NOT else None
    if yes is not None:
        return yes if asks is Asks.MUST_NOT else not yes
    if _LEFT.search(text) or (asks is Asks.MUST_NOT and dates.is_like_moment(text)):
        return True
    return False if _AGREED.match(text) else None


def is_blank(value: str) -> bool:
    """Whether a column that says who may be texted says nothing here."""
    text = value.strip().strip("'")
    return not text or is_nothing(text)


_FILES_THAT_LEFT = re.compile(
    r"(?:^|[^a-z])(unsubscribed?|unsubs|cleaned|opt(?:ed)?[ _-]?outs?|suppress(?:ed|ion)|blacklist(?:ed)?"
    r"|do[ _-]?not[ _-]?(?:text|call|contact)|dnc|bounced)(?:[^a-z]|$)",
    re.IGNORECASE,
)


def is_named_for_those_who_left(file: str) -> str:
    """The word in a file's name that says that its people unsubscribed (Mailchimp: unsubscribed_, cleaned_); else empty."""
    found = _FILES_THAT_LEFT.search(file)
    return found.group(1) if found else ""
