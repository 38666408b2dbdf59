"""Adding one contact by hand: look it up, journal it, deliver a run of one row."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from trackly_desktop.accounts.accounts import Account
from trackly_desktop.accounts.credentials import KeyringUnavailable
from trackly_desktop.api.urls import UrlProblem
from trackly_desktop.contacts.contact import Contact
from trackly_desktop.delivery.progress import RunEnd
from trackly_desktop.journal.connection import JournalProblem
from trackly_desktop.journal.import_options import Options
from trackly_desktop.journal.models import NewRun, RunKind, State
from trackly_desktop.journal.queries import ShownRow
from trackly_desktop.service.connections import MissingKey
from trackly_desktop.service.import_service import ImportService
from trackly_desktop.service.membership import RecipientStatus
from trackly_desktop.validation.file_validation import current_user, single_contact_row

Deliver = Callable[[int], Awaitable[RunEnd]]
"""Delivers the run with this id."""


@dataclass(frozen=True, slots=True)
class ContactResult:
    """Run, row and end of the delivery of a contact that was added by hand."""

    run_id: int
    row: ShownRow
    end: RunEnd


class ContactBlocked(Exception):
    """The person must not be sent; nothing was."""

    def __init__(self, recipient: RecipientStatus) -> None:
        super().__init__("the person must not be sent")
        self.recipient = recipient


class ContactNotSent(Exception):
    """The journal cannot be used, so nothing was sent; the text is for the operator."""


class ContactService:
    """Looks up and adds contacts one at a time."""

    def __init__(self, service: ImportService) -> None:
        """Share the connections and the journal of an import service."""
        self._service = service

    async def look_up(self, account: Account, phone: str, list_number: str) -> RecipientStatus:
        """Return a person's relation to a list.

        Raises:
            JournalProblem: The journal cannot be opened.
            sqlite3.Error: The journal cannot be read.
        """
        membership = None
        try:
            membership = await self._service.list_members.look_up(account.id, account.base_url, phone, list_number)
        except (MissingKey, KeyringUnavailable, UrlProblem):
            membership = None
        history_key = await self._service.history_key()
        return await self._service.journal.read(
            lambda reader: RecipientStatus(
                phone,
                list_number,
                membership,
                reader.previous_add(phone, list_number, account.id, account.base_url, history_key),
                reader.is_suppressed(account.id, account.base_url, phone),
            )
        )

    async def add(
        self, account: Account, contact: Contact, *, typed_again: bool = False, deliver: Deliver | None = None
    ) -> ContactResult:
        """Look a contact up, journal it, and send it; end its run where it had to stop.

        Args:
            account: The account to add it to.
            contact: A contact that was checked.
            typed_again: The operator knows that the person unsubscribed, and typed the number a second time.
            deliver: Delivers the run; `ImportService.deliver` by default.

        Raises:
            ContactBlocked: The person must not be sent.
            ContactNotSent: The journal cannot be used.
        """
        phone, list_number = contact.phone_number, contact.list_number
        try:
            recipient = await self.look_up(account, phone, list_number)
        except (JournalProblem, sqlite3.Error) as error:
            raise ContactNotSent(f"The journal cannot be read, so nothing was sent: {error}") from error
        try:
            await self._service.list_members.store_lookup(
                account.id, account.base_url, phone, list_number, recipient.membership
            )
            if not recipient.may_be_sent(typed_again=typed_again):
                raise ContactBlocked(recipient)
            run_id = await self.journal_contact(account, contact, typed_again=typed_again)
            end = await (deliver or self._service.deliver)(run_id)
            if end.state is State.STOPPED:
                # The form still has the contact: this run is over, and the next try is a run of its own.
                await self._service.journal.write(lambda journal: journal.end(run_id, State.CANCELLED, end.stopped))
        except (JournalProblem, sqlite3.Error) as error:
            raise ContactNotSent(f"The journal cannot be written, so nothing was sent: {error}") from error
        [row] = await self._service.journal.read(lambda reader: reader.page(reader.keys(run_id)))
        return ContactResult(run_id, row, end)

    async def journal_contact(self, account: Account, contact: Contact, *, typed_again: bool = False) -> int:
        """Write a contact to the journal as a run of one row; return the run's id.

        Raises:
            JournalProblem: The journal cannot be opened.
            sqlite3.Error: The journal cannot be written.
        """
        options = Options(region=account.region, retyped_phone=contact.phone_number if typed_again else "")
        new = NewRun(
            kind=RunKind.CONTACT,
            account=account.id,
            account_name=account.name,
            base_url=account.base_url,
            list_number=contact.list_number,
            options=options.to_json(),
            who=current_user(),
        )
        return await self._service.journal.write(lambda journal: journal.add_single(new, single_contact_row(contact)))
