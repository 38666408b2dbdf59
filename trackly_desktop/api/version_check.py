"""Which version is the newest, as an address tells it. A number is asked for; nothing is sent, fetched or installed.

The address answers with the number alone ("0.2.0"), or with JSON that has it under `version` or `tag_name`.
"""

from __future__ import annotations

import re

from trackly_desktop.api.client import HttpResponse, get_without_key
from trackly_desktop.api.urls import UrlProblem, check_page_url

_NUMBER = re.compile(r"v?(\d{1,6}(?:\.\d{1,6}){0,3}(?:(?:a|b|rc)\d{1,6})?(?:\.post\d{1,6})?(?:\.dev\d{1,6})?)")
"""A version in PEP 440's canonical form, without epoch and local part."""
_LONGEST = 100


class VersionCheckProblem(Exception):
    """The newest version is not known; its words are for the operator."""


async def fetch_newest_version(address: str) -> str:
    """The newest version's number, like 0.2.0. Raises NewestProblem."""
    try:
        answer = await get_without_key(check_page_url(address))
    except UrlProblem as problem:
        raise VersionCheckProblem(str(problem)) from problem
    if not isinstance(answer, HttpResponse):
        raise VersionCheckProblem(answer.words)
    if 300 <= answer.status < 400:
        raise VersionCheckProblem(
            "The address leads on to another one, which is not followed; enter that one if you trust it"
        )
    if answer.status != 200:
        raise VersionCheckProblem(f"There is no version number at this address (it answers {answer.status})")
    return _number(answer)


def _number(answer: HttpResponse) -> str:
    said = answer.json()
    if isinstance(said, dict):
        text = str(said.get("version") or said.get("tag_name"))
    else:
        text = answer.body[:_LONGEST].decode("utf-8", "replace")
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        raise VersionCheckProblem("What came from this address is no version number")
    return found[1]
