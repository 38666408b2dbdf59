"""Removal of personal data that accounts keep for a limited number of days."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from trackly_desktop.accounts.accounts import Account
from trackly_desktop.accounts.credentials import CredentialStore, KeyringUnavailable
from trackly_desktop.journal.retention import RetentionPolicy, forget_old, has_old


async def remove_expired(journal: Path, keys: CredentialStore, accounts: Sequence[Account]) -> int:
    """Remove personal data older than its account keeps it; return the number of runs.

    Raises:
        JournalProblem: The journal cannot be opened.
        sqlite3.Error: The journal cannot be written.
    """
    days = {account.id: RetentionPolicy(account.keep_days) for account in accounts}
    if not await asyncio.to_thread(has_old, journal, days):
        return 0
    try:
        needs_key = any(account.remembers for account in accounts)
        key = await asyncio.to_thread(keys.history_key) if needs_key else b""
    except KeyringUnavailable:
        return 0  # without the key nobody would be recognised afterwards: removal waits for the keyring
    policies = {
        account.id: RetentionPolicy(account.keep_days, key if account.remembers else b"") for account in accounts
    }
    return await asyncio.to_thread(forget_old, journal, policies)
