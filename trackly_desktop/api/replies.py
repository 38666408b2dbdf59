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

TAKEN_OFF = "Unsubscribed from the list"
WAS_OFF = "Was not on the list any more"


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

    CONNECTION_LOST = "cut"
    """The connection broke after the request had begun to leave."""
    TIMEOUT = "slow"
    """No answer in time: the server may still be working on the request."""
    SERVER = "server"
    """The server answered with an error of its own (5xx)."""
    UNEXPECTED_RESPONSE = "stranger"
    """The answer is not the API's: from a proxy, a sign-in page, another server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown(_Answered):
    """May have been applied. `retry_after`: seconds that the server asked for, if any."""

    reason: UnknownReason
    retry_after: float | None = None


SendResult = Accepted | Refused | Stopped | NotSent | Unknown

LIST_CODES = frozenset(("missing_list_number", "invalid_list_number", "list_not_found"))
"""Error codes about the list, not the row (the API's reference page, status 400)."""


@dataclass(frozen=True, slots=True)
class ErrorHelp:
    """What an error means and what to do, in the operator's words."""

    means: str
    do: str


_KEY = ErrorHelp(
    "Trackly does not accept this account's key", "Paste it again under Accounts; only owners can make one"
)
_BILLING = ErrorHelp("Trackly wants the account's billing settled first", "Settle it in Trackly, then go on")

ERROR_HELP: dict[str, ErrorHelp] = {
    "missing_phone_number": ErrorHelp("The phone number did not arrive", "Check which column holds the phone number"),
    "invalid_phone": ErrorHelp("Trackly says that this is no valid phone number", "Correct the number"),
    "not_sendable": ErrorHelp(
        "The phone company says that it cannot be texted, or it is an internet number that the account rejects",
        "Leave this person out, or ask for a mobile number",
    ),
    "missing_list_number": ErrorHelp("The sending list did not arrive", "Choose a sending list"),
    "invalid_list_number": ErrorHelp(
        "Trackly says that the sending list is no valid phone number", "Choose another list"
    ),
    "list_not_found": ErrorHelp("This account has no such sending list", "Choose one of the account's lists"),
    "unauthorized": _KEY,
    "missing_api_key": _KEY,
    "invalid_api_key": _KEY,
    "no_billing_config": _BILLING,
    "no_payment_method": _BILLING,
    "payment_failed": _BILLING,
    "suspended": ErrorHelp("Trackly has suspended the account", "Ask Trackly's support, then go on"),
    "payload_too_large": ErrorHelp("This contact is too large", "Shorten its custom fields"),
    "internal_error": ErrorHelp(
        "Trackly had a fault of its own; the contact may or may not have been added", "Look the person up in Trackly"
    ),
}


def error_help(code: str, status: int | None) -> ErrorHelp:
    """Return the help for an error code, else for its HTTP status."""
    if code in ERROR_HELP:
        return ERROR_HELP[code]
    if status == 401:
        return _KEY
    if status == 402:
        return _BILLING
    if status == 403:
        return ErrorHelp("Trackly does not let this account add contacts now", "Ask Trackly's support, then go on")
    if status is not None and status >= 500:
        return ERROR_HELP["internal_error"]
    return ErrorHelp("Trackly did not take this contact", "See what the answer says")


STOP_HELP: dict[StopReason, ErrorHelp] = {
    StopReason.KEY: ErrorHelp(
        "Trackly does not accept this account's key", "Paste it again under Accounts, then go on"
    ),
    StopReason.ACCOUNT: ErrorHelp(
        "Trackly does not let this account add contacts now", "Settle it in Trackly, then go on"
    ),
    StopReason.LIST: ErrorHelp(
        "Trackly refuses this sending list", "Choose one of the account's lists, and import anew"
    ),
    StopReason.ADDRESS: ErrorHelp(
        "What answers at this address is not Trackly",
        "Check the network and the server address under Accounts, then go on",
    ),
    StopReason.CERTIFICATE: ErrorHelp(
        "The server could not prove that it is Trackly", "Check this computer's clock and network, then go on"
    ),
    StopReason.NETWORK: ErrorHelp("There is no connection to Trackly", "Check the network, then go on"),
    StopReason.JOURNAL: ErrorHelp("The journal cannot be written", "Make room on the disk, then go on"),
    StopReason.JOURNEYS: ErrorHelp(
        "More people were enrolled in journeys than you confirmed",
        "Look in Trackly why, before you go on: those who are still to come may be texted too",
    ),
    StopReason.INTERRUPTED: ErrorHelp("It was stopped before its end", "Go on where it was; nothing is sent twice"),
}
"""Why a run stopped, in the operator's words."""
