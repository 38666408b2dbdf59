"""The newest version's number, from a URL; nothing is sent, fetched or installed.

The answer is the number alone ("0.2.0"), or JSON with the number as `version` or `tag_name`.
"""

from __future__ import annotations

import re

from trackly_desktop.api.client import get_without_key
from trackly_desktop.api.connection_lanes import HttpResponse
from trackly_desktop.api.replies import ConnectionFault
from trackly_desktop.api.urls import UrlProblem, check_page_url

_VERSION = re.compile(r"v?(\d{1,6}(?:\.\d{1,6}){0,3}(?:(?:a|b|rc)\d{1,6})?(?:\.post\d{1,6})?(?:\.dev\d{1,6})?)")
"""A version in PEP 440's canonical form, without epoch and local part."""
_MAX_CHARS = 100


class VersionCheckProblem(Exception):
    """The newest version is unknown; the message is for the operator.

    With a `fault` the message is only what others say about it.
    """

    def __init__(self, message: str, fault: ConnectionFault | None = None) -> None:
        super().__init__(message)
        self.fault = fault


async def fetch_newest_version(url: str) -> str:
    """Return the newest version's number, like 0.2.0. Raises VersionCheckProblem."""
    try:
        response = await get_without_key(check_page_url(url))
    except UrlProblem as problem:
        raise VersionCheckProblem(str(problem)) from problem
    if not isinstance(response, HttpResponse):
        raise VersionCheckProblem(response.words, response.fault)
    if 300 <= response.status < 400:
        raise VersionCheckProblem(
            "The address leads on to another one, which is not followed; enter that one if you trust it"
        )
    if response.status != 200:
        raise VersionCheckProblem(f"There is no version number at this address (it answers {response.status})")
    return _version(response)


def _version(response: HttpResponse) -> str:
    content = response.json()
    if isinstance(content, dict):
        text = str(content.get("version") or content.get("tag_name"))
    else:
        text = response.body[:_MAX_CHARS].decode("utf-8", "replace")
    match = _VERSION.fullmatch(text.strip())
    if match is None:
        raise VersionCheckProblem("What came from this address is no version number")
    return match[1]
