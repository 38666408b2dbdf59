"""Classify a response to adding or removing one contact, whatever its shape."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from trackly_desktop.api.connection_lanes import HttpResponse
from trackly_desktop.api.replies import (
    LIST_CODES,
    Accepted,
    NotSent,
    Refused,
    RetryReason,
    SendResult,
    Stopped,
    StopReason,
    Unknown,
    UnknownReason,
    connection_fault,
)

MAX_RAW_CHARS = 2_000
"""Characters of a body that are stored."""
_MAX_CODE_CHARS, _MAX_WORDS_CHARS, _MAX_ID_CHARS = 100, 500, 100
_MAX_WARNINGS, _MAX_ENROLLED = 50, 1_000_000


def classify_response(response: HttpResponse, key: str = "") -> SendResult:
    """Return what a response to a POST or DELETE of one contact means.

    Args:
        response: The response, with any status and body.
        key: The account's key, which is replaced in every text: a server may echo it.
    """
    content = response.json()
    fields = content if isinstance(content, dict) else {}
    if 200 <= response.status < 300 and fields.get("success") is True:
        return _accepted(response.status, fields, key)
    code, words = _code_and_words(fields)
    body = _ErrorBody(
        response.status,
        _clean(code, key, _MAX_CODE_CHARS),
        _clean(words, key, _MAX_WORDS_CHARS),
        _clean(response.body.decode("utf-8", "replace"), key, MAX_RAW_CHARS),
    )
    return _classify_error(response, fields, body)


@dataclass(frozen=True, slots=True)
class _ErrorBody:
    status: int
    code: str
    words: str
    raw: str

    def as_fields(self) -> dict[str, Any]:
        return {"status": self.status, "code": self.code, "words": self.words, "raw": self.raw}


def _classify_error(response: HttpResponse, fields: dict[str, Any], body: _ErrorBody) -> SendResult:
    status, common = response.status, body.as_fields()
    if 200 <= status < 300:
        if fields.get("success") is False:
            return Refused(**common)
        return Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE, **common)
    if status == 401:
        return Stopped(stop_reason=StopReason.KEY, **common)
    if status in (402, 403):
        return Stopped(stop_reason=StopReason.ACCOUNT, **common)
    if status in (404, 405) or 300 <= status < 400:
        return Stopped(stop_reason=StopReason.ADDRESS, **common)
    if status in (408, 425):
        return NotSent(reason=RetryReason.TRY_AGAIN, retry_after=_retry_after(response), **common)
    if status == 429:
        return NotSent(reason=RetryReason.BUSY, retry_after=_retry_after(response), **common)
    if 400 <= status < 500:
        return Refused(about_list=status == 400 and body.code in LIST_CODES, **common)
    reason = UnknownReason.TIMEOUT if status == 504 else UnknownReason.SERVER
    return Unknown(reason=reason, retry_after=_retry_after(response), **common)


def _accepted(status: int, fields: dict[str, Any], key: str) -> Accepted:
    warnings = fields.get("warnings")
    enrolled = fields.get("journeys_enrolled")
    contact_id, list_contact_id = (
        _clean(_as_text(fields.get(name)), key, _MAX_ID_CHARS) for name in ("contact_id", "list_contact_id")
    )
    return Accepted(
        status=status,
        contact_id=contact_id,
        list_contact_id=list_contact_id,
        is_new_contact=fields.get("is_new_contact") is True,
        is_new_list_contact=fields.get("is_new_list_contact") is True,
        journeys_enrolled=min(max(enrolled, 0), _MAX_ENROLLED) if isinstance(enrolled, int) else 0,
        warnings=tuple(_clean(_as_text(warning), key, _MAX_WORDS_CHARS) for warning in warnings[:_MAX_WARNINGS])
        if isinstance(warnings, list)
        else (),
    )


def _clean(text: str, key: str, max_chars: int) -> str:
    """Return a response's text for storage: valid UTF-8, without the key."""
    if key:
        text = text.replace(key, "(key)")
    return text.encode("utf-8", "replace").decode()[:max_chars]


def _code_and_words(fields: dict[str, Any]) -> tuple[str, str]:
    """Return the code and the message of an error body, in any usual shape."""
    error = fields.get("error")
    inner = error if isinstance(error, dict) else {}
    words = _as_text(inner.get("message") or (error if isinstance(error, str) else "") or fields.get("message"))
    code = _as_text(fields.get("code") or fields.get("error_code") or inner.get("code"))
    if not code and isinstance(error, str) and error.replace("_", "").isalnum() and error == error.lower():
        # a code in the message's field
        code, words = error, _as_text(fields.get("message")) or words
    if connection_fault(code) is not None:  # where results are stored, this code says that no answer came
        return "", f"{code}: {words}" if words else code
    return code, words


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _retry_after(response: HttpResponse) -> float | None:
    """Return Retry-After in seconds from now; None where missing or unreadable.

    RFC 9110, 10.2.3: seconds or an HTTP date.
    """
    text = response.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - _server_time(response))
    except (ValueError, TypeError, OverflowError):
        return None


def _server_time(response: HttpResponse) -> float:
    """Return the server's time in seconds since 1970, else ours, which may be wrong."""
    try:
        return parsedate_to_datetime(response.headers.get("date", "")).timestamp()
    except (ValueError, TypeError, OverflowError):
        return time.time()
