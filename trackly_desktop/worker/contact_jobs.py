"""Jobs for one contact at a time: look it up, add it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from trackly_desktop.messages import wait_text
from trackly_desktop.worker.bridge import Bridge, Jobs, job
from trackly_desktop.worker.deliveries import ActiveDeliveries

if TYPE_CHECKING:
    from trackly_desktop.accounts.accounts import Account
    from trackly_desktop.contacts.contact import Contact
    from trackly_desktop.delivery.engine import Delivery
    from trackly_desktop.delivery.progress import RunEnd


class ContactJobs(Jobs):
    """Looks up and adds contacts by hand; each signal begins with the request's id."""

    looked_up = Signal(int, object)
    """A `RecipientStatus`."""
    waiting = Signal(int, str)
    """Why an addition waits, in words."""
    settled = Signal(int, object)
    """A `ContactResult`: the contact was delivered, or its delivery had to stop."""
    blocked = Signal(int, object)
    """A `RecipientStatus`: the person must not be sent, and nothing was."""
    failed = Signal(int, str)
    """The journal cannot be used, so nothing was sent."""

    def __init__(self, bridge: Bridge, deliveries: ActiveDeliveries) -> None:
        super().__init__(bridge)
        self._deliveries = deliveries
        self._runs: dict[int, int] = {}

    @job
    async def look_up(self, request_id: int, account: Account, phone: str, list_number: str) -> None:
        """Ask for a person's relation to a list: `looked_up`."""
        from trackly_desktop.service.contact_service import ContactService

        recipient = await ContactService(self._service).look_up(account, phone, list_number)
        self.looked_up.emit(request_id, recipient)

    @job
    async def add(self, request_id: int, account: Account, contact: Contact, *, typed_again: bool = False) -> None:
        """Journal and send one contact: `waiting`, then `settled`, `blocked` or `failed`.

        Args:
            request_id: Passed on with each signal.
            account: The account to add the contact to.
            contact: A contact that was checked.
            typed_again: The number was typed a second time: an unsubscribed person is added too.
        """
        from trackly_desktop.service.contact_service import ContactBlocked, ContactNotSent, ContactService

        async def deliver(run_id: int) -> RunEnd:
            self._runs[request_id] = run_id
            try:
                return await self._deliveries.deliver(run_id, report)
            finally:
                del self._runs[request_id]

        def report(delivery: Delivery) -> None:
            if words := wait_text(delivery.progress().wait, datetime.now()):
                self.waiting.emit(request_id, words)

        try:
            result = await ContactService(self._service).add(account, contact, typed_again=typed_again, deliver=deliver)
        except ContactBlocked as blocked:
            self.blocked.emit(request_id, blocked.recipient)
            return
        except ContactNotSent as problem:
            self.failed.emit(request_id, str(problem))
            return
        self._bridge.rows_recorded.emit()
        self.settled.emit(request_id, result)

    @job
    async def cancel(self, request_id: int) -> None:
        """Cancel an addition that waits to be sent."""
        if request_id in self._runs:
            for delivery in self._deliveries.of_run(self._runs[request_id]):
                delivery.control.cancel()
