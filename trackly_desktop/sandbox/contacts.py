"""State of the practice account: lists, people and memberships, in memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from trackly_desktop.sandbox.numbers import NUMBERS, Behaviour


@dataclass(frozen=True, slots=True)
class SandboxList:
    """A sending list; `journeys` is the number of welcome journeys it starts."""

    number: str
    name: str
    brand: str
    journeys: int
    status: str = "active"

    @property
    def id(self) -> str:
        return _id("list", self.number)


LISTS = (
    SandboxList("+18005551234", "Spring offers", "Acme Outdoors", journeys=1),
    SandboxList("+18005551235", "VIP customers", "Acme Outdoors", journeys=2),
    SandboxList("+18005551236", "Newsletter", "Blue Lake Bakery", journeys=0),
    SandboxList("+18005551237", "Winter sale", "Acme Outdoors", journeys=1, status="paused"),
)


@dataclass(slots=True)
class Membership:
    """One person on one list."""

    phone: str
    list_number: str
    active: bool = True
    custom_fields: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    journeys_enrolled: int = 0
    requests: int = 0
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def id(self) -> str:
        return _id("membership", self.list_number, self.phone)


class SandboxAccount:
    """Content of the account, and the rules by which a contact changes it."""

    def __init__(self) -> None:
        self.lists = {sending_list.number: sending_list for sending_list in LISTS}
        self._people: dict[str, dict[str, Membership]] = {}
        for phone, behaviour in NUMBERS.items():
            if behaviour is Behaviour.UNSUBSCRIBED:
                self._people[phone] = {
                    number: Membership(phone, number, active=False, facts={"signup_date": "2025-05-03T10:00:00Z"})
                    for number in self.lists
                }

    def add(self, body: dict[str, Any]) -> dict[str, Any]:
        """Create or update one contact and return the answer, as in the API reference."""
        phone, number = body["phone_number"], body["list_number"]
        known = self._people.setdefault(phone, {})
        is_new_contact = not known
        is_new = number not in known
        member = known.setdefault(number, Membership(phone, number))
        member.requests += 1
        custom_fields = body.get("custom_fields") or {}
        if body.get("override_custom_fields"):
            member.custom_fields = dict(custom_fields)
        else:
            member.custom_fields |= custom_fields
        for name in ("signup_date", "ip_address", "url", "ad_network_source", "ad_network_id"):
            if name in body:
                member.facts[name] = body[name]
        member.facts.setdefault("signup_date", datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        enrolled = self._enrol(member, body, is_new)
        answer = {
            "success": True,
            "contact_id": contact_id(phone),
            "list_contact_id": member.id,
            "is_new_contact": is_new_contact,
            "is_new_list_contact": is_new,
            "journeys_enrolled": enrolled,
        }
        warnings = self._warnings(number, body, member)
        return answer | ({"warnings": warnings} if warnings else {})

    def remove(self, phone: str, list_number: str) -> bool:
        """Unsubscribe a person, whose record stays; return whether that changed anything."""
        member = self._people.get(phone, {}).get(list_number)
        if member is None or not member.active:
            return False
        member.active = False
        return True

    def person(self, phone: str) -> list[Membership]:
        """Return a person's memberships, past ones too."""
        return list(self._people.get(phone, {}).values())

    def people(self, list_number: str | None, active: bool | None) -> list[Membership]:
        """Return the memberships that match, newest first; None matches all."""
        memberships = [
            member
            for known in self._people.values()
            for member in known.values()
            if (list_number is None or member.list_number == list_number)
            and (active is None or member.active is active)
        ]
        return memberships[::-1]

    def count(self, list_number: str) -> int:
        """Return the number of active people on a list."""
        return sum(known[list_number].active for known in self._people.values() if list_number in known)

    def _enrol(self, member: Membership, body: dict[str, Any], is_new: bool) -> int:
        if not body.get("use_journeys") or (not is_new and body.get("skip_journey_if_exists", True)):
            return 0
        enrolled = self.lists[member.list_number].journeys
        member.journeys_enrolled += enrolled
        return enrolled

    def _warnings(self, number: str, body: dict[str, Any], member: Membership) -> list[str]:
        warnings = []
        sending_list = self.lists[number]
        if sending_list.journeys and not body.get("use_journeys"):
            warnings.append(
                f"{sending_list.journeys} active Welcome Journeys match this list, but use_journeys is not true."
            )
        if sending_list.status == "paused":
            warnings.append("This list is paused: nothing is sent from it.")
        if not member.active:
            warnings.append("This contact has unsubscribed from this list.")
        return warnings


def contact_id(phone: str) -> str:
    """Return a contact's id: 24 hexadecimal digits, the same each time."""
    return _id("contact", phone)


def _id(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
