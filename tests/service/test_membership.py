"""The rule "may this person be sent?"."""

from __future__ import annotations

import pytest

from tests.conftest import LIST
from tests.service.parts import NEW
from trackly_desktop.api.contact_lookup import MembershipStatus
from trackly_desktop.service.membership import RecipientStatus


@pytest.mark.parametrize("membership", [None, *MembershipStatus])
@pytest.mark.parametrize("typed_again", [False, True])
def test_only_an_unsubscribed_person_has_to_be_typed_again(
    membership: MembershipStatus | None, typed_again: bool
) -> None:
    recipient = RecipientStatus(NEW, LIST, membership, None)
    assert recipient.may_be_sent(typed_again=typed_again) is (
        typed_again or membership is not MembershipStatus.UNSUBSCRIBED
    )


@pytest.mark.parametrize("membership", [None, *MembershipStatus])
@pytest.mark.parametrize("typed_again", [False, True])
def test_a_suppressed_number_may_never_be_sent(membership: MembershipStatus | None, typed_again: bool) -> None:
    recipient = RecipientStatus(NEW, LIST, membership, None, is_suppressed=True)
    assert not recipient.may_be_sent(typed_again=typed_again)
