"""Results of a request to add a contact, by what is certain about the contact.

SendResult
├── Accepted    it was applied
├── Refused     it was not applied, and will not be as it stands: about this row, or about its list
├── Stopped     it was not applied, nor would any other be until somebody acts: key, account, server URL
├── NotSent     it was not applied; later it may be: no network, or the server asked for time
└── Unknown     it may have been applied
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class StopReason(enum.StrEnum):
    """Why a run stopped before its end, as on the disk and in the CLI's JSON."""

    KEY = "key"
    ACCOUNT = "account"
    LIST = "list"
    ADDRESS = "address"
    CERTIFICATE = "certificate"
    NETWORK = "network"
    JOURNAL = "journal"
    JOURNEYS = "journeys"
    INTERRUPTED = "interrupted"


class KeyState(enum.StrEnum):
    """Result of a check of a key."""

    RIGHT = "right"
    RIGHT_WITHOUT_LISTS = "right_without_lists"
    """Accepted by a server that has no endpoint for lists."""
    RIGHT_BUT_BLOCKED = "right_but_blocked"
    """Accepted, but the account may not add contacts now."""
    WRONG = "wrong"
    NO_ANSWER = "no_answer"
    NOT_TRACKLY = "not_trackly"

    @property
    def is_right(self) -> bool:
        """Whether the server accepts the key."""
        return self in (KeyState.RIGHT, KeyState.RIGHT_WITHOUT_LISTS, KeyState.RIGHT_BUT_BLOCKED)


class ConnectionFault(enum.StrEnum):
    """Why a request has no answer that can be used; the values are on the disk.

    The comment says what a result's `words` hold; they are empty for the others.
    """

    TIMEOUT = "timeout"
    CONNECTION_LOST = "connection_lost"  # the exception's class
    NAME_UNKNOWN = "name_unknown"
    CONNECTION_REFUSED = "connection_refused"
    NO_RESPONSE = "no_response"
    CONNECT_FAILED = "connect_failed"  # the exception's class
    PROXY_REFUSED = "proxy_refused"  # the proxy's message
    NOT_TRUSTED = "not_trusted"  # the TLS library's message
    SURPLUS_ANSWER = "surplus_answer"
    UNREADABLE_ANSWER = "unreadable_answer"
    UNEXPECTED_RESPONSE = "unexpected_response"  # a proxy, a sign-in page or another server answers
    REQUEST_FAILED = "request_failed"  # the exception's class


def connection_fault(code: str) -> ConnectionFault | None:
    """Return the fault with this value; None for a server's code."""
    try:
        return ConnectionFault(code)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answered:
    status: int | None = None
    code: str = ""
    """The server's error code; never the value of a ConnectionFault."""
    words: str = ""
    """The server's message; with a fault, what others say about it."""
    fault: ConnectionFault | None = None
    raw: str = ""
    """The answer's body as it came, at most 2,000 characters, without the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(_Answered):
    """Success. `is_new_list_contact`: the person was not on this list before."""

    contact_id: str = ""
    list_contact_id: str = ""
    is_new_contact: bool | None = None
    is_new_list_contact: bool | None = None
    journeys_enrolled: int = 0
    was_member: bool | None = None
    """Of an unsubscribe request: whether the person was on the list."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(_Answered):
    """Refused for good. `about_list`: every row for this list would be refused."""

    about_list: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped(_Answered):
    """Not applied, and no other request would be until somebody acts."""

    stop_reason: StopReason


class RetryReason(enum.StrEnum):
    """Why a request was not applied, and may be repeated later."""

    NETWORK = "network"
    TRY_AGAIN = "try again"
    BUSY = "busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent(_Answered):
    """Certainly not applied. `retry_after`: seconds that the server asked for, if any."""

    reason: RetryReason
    retry_after: float | None = None


class UnknownReason(enum.StrEnum):
    """Why it is unknown whether a request was applied."""

    CONNECTION_LOST = "connection_lost"
    """The connection broke after the request had begun to leave."""
    TIMEOUT = "timeout"
    """No answer in time: the server may still be working on the request."""
    SERVER = "server"
    """The server answered with an error of its own (5xx)."""
    UNEXPECTED_RESPONSE = "unexpected_response"
    """The answer is not the API's: from a proxy, a sign-in page, another server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown(_Answered):
    """May have been applied. `retry_after`: seconds that the server asked for, if any."""

    reason: UnknownReason
    retry_after: float | None = None


SendResult = Accepted | Refused | Stopped | NotSent | Unknown

LIST_CODES = frozenset(("missing_list_number", "invalid_list_number", "list_not_found"))
"""Error codes about the list, not the row (the API's reference page, status 400)."""
