"""Phone numbers with fixed answers, like the test cards of payment sandboxes.

All are from 415-555-01xx, a range that NANPA reserves for fiction, and valid by libphonenumber's metadata.
"""

from __future__ import annotations

import enum


class Behaviour(enum.StrEnum):
    """Answer to a request for one of these numbers."""

    NOT_SENDABLE = "400 not_sendable, always"
    ERROR_ONCE = "500 internal_error the first time, nothing saved; then accepted"
    ERROR_ALWAYS = "500 internal_error, always; nothing saved"
    TIMEOUT = "accepted after 3 seconds"
    BUSY_ONCE = "429 with Retry-After: 1 the first time; then accepted"
    CUT_BEFORE_SAVING = "the connection is cut the first time, nothing saved; then accepted"
    CUT_AFTER_SAVING = "the contact is saved, and the connection cut the first time; then accepted"
    UNSUBSCRIBED = "is on every list from the start, and unsubscribed"
    INVALID_PHONE = "400 invalid_phone, always"
    NO_PAYMENT_METHOD = "402 no_payment_method, always"
    ACCOUNT_SUSPENDED = "403 Account is suspended (no code), always"
    ERROR_AFTER_SAVING = "500 internal_error the first time, but the contact is saved; then accepted"
    NOT_JSON = "200 with a web page the first time, nothing saved; then accepted"


NUMBERS: dict[str, Behaviour] = {
    "+14155550101": Behaviour.NOT_SENDABLE,
    "+14155550102": Behaviour.ERROR_ONCE,
    "+14155550103": Behaviour.ERROR_ALWAYS,
    "+14155550104": Behaviour.TIMEOUT,
    "+14155550105": Behaviour.BUSY_ONCE,
    "+14155550106": Behaviour.CUT_BEFORE_SAVING,
    "+14155550107": Behaviour.CUT_AFTER_SAVING,
    "+14155550108": Behaviour.UNSUBSCRIBED,
    "+14155550109": Behaviour.INVALID_PHONE,
    "+14155550110": Behaviour.NO_PAYMENT_METHOD,
    "+14155550111": Behaviour.ACCOUNT_SUSPENDED,
    "+14155550112": Behaviour.ERROR_AFTER_SAVING,
    "+14155550113": Behaviour.NOT_JSON,
}

SLOW_SECONDS = 3.0
