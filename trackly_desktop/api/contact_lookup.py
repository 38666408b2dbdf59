"""Look up one person on one list."""

from __future__ import annotations

import enum

from trackly_desktop.api.client import TracklyClient
from trackly_desktop.api.connection_lanes import HttpResponse


class MembershipStatus(enum.StrEnum):
    """A person's state on a list; ABSENT is never added, UNKNOWN is no clear answer."""

    ABSENT = "absent"
    ACTIVE = "active"
    UNSUBSCRIBED = "unsubscribed"
    UNKNOWN = "unknown"


async def look_up_membership(client: TracklyClient, phone: str, list_number: str) -> MembershipStatus:
    """Return a person's state on a list; UNKNOWN for any undocumented answer.

    Only for servers with `Capabilities.supports_lookup`: others answer 404 for everybody.
    """
    response = await client.get_contact(phone)
    if not isinstance(response, HttpResponse):
        return MembershipStatus.UNKNOWN
    content = response.json()
    if response.status == 404 and isinstance(content, dict):
        return MembershipStatus.ABSENT
    if response.status != 200 or not isinstance(content, dict) or not isinstance(content.get("lists"), list):
        return MembershipStatus.UNKNOWN
    if content.get("phone_number") != phone:
        return MembershipStatus.UNKNOWN
    for entry in content["lists"]:
        if not isinstance(entry, dict) or not isinstance(entry.get("list_number"), str):
            return MembershipStatus.UNKNOWN
        if entry["list_number"] == list_number:
            return MembershipStatus.UNSUBSCRIBED if entry.get("active") is False else MembershipStatus.ACTIVE
    return MembershipStatus.ABSENT
