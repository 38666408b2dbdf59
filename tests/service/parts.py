"""An import service on the sandbox, with its key, and the runs of its journal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.conftest import LIST
from tests.journeys.jobs import ACCOUNT
from trackly_desktop.accounts.accounts import Account
from trackly_desktop.accounts.credentials import CredentialStore
from trackly_desktop.contacts.contact import Contact
from trackly_desktop.journal.models import Run
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.sandbox import KEY
from trackly_desktop.service.import_service import ImportService

UNSUBSCRIBED = "+14155550108"
"""The sandbox has this number as unsubscribed from every list."""
NEW = "+14155550220"


def account_at(address: str) -> Account:
    """The account whose server is at this address."""
    return Account(id=ACCOUNT, name="Acme", base_url=address)


def contact(phone: str) -> Contact:
    """A contact with nothing but its number."""
    return Contact(phone, LIST)


@asynccontextmanager
async def open_service(journal: Path, *, key: str = KEY) -> AsyncIterator[ImportService]:
    """A service with a key for the account; none where `key` is empty."""
    keys = CredentialStore()
    if key:
        keys.set_for_session(ACCOUNT, key)
    service = ImportService(journal, keys)
    try:
        yield service
    finally:
        await service.close()


def runs_of(journal: Path) -> list[Run]:
    """Every run in the journal."""
    reader = JournalReader(journal)
    try:
        return reader.runs()
    finally:
        reader.close()
