"""The rule "may this person be sent?" for one contact, and what it is decided by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trackly_desktop.api.contact_lookup import MembershipStatus

if TYPE_CHECKING:
    from trackly_desktop.journal.queries import PreviousAdd


@dataclass(frozen=True, slots=True)
class RecipientStatus:
    """A person's relation to a sending list, as the account and the journal have it.

    `membership` is None where the account cannot be asked, `previous_add` where nothing was added from here.
    """

    phone: str
    list_number: str
    membership: MembershipStatus | None
    previous_add: PreviousAdd | None
    is_suppressed: bool = False
    """Whether the number is on the suppression list."""

    def may_be_sent(self, *, typed_again: bool) -> bool:
        """Return whether the person may be added to the list.

        A suppressed number never is; an unsubscribed person only where the operator typed the number a second time.
        """
        if self.is_suppressed:
            return False
        return typed_again or self.membership is not MembershipStatus.UNSUBSCRIBED
