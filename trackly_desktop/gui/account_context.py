"""Context shared by all pages: accounts, account in use, lists, worker, journal."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from trackly_desktop.accounts.accounts import Account, Accounts, KnownList
from trackly_desktop.gui.widgets.list_picker import ListChoice
from trackly_desktop.system import paths

if TYPE_CHECKING:
    from trackly_desktop.journal.queries import JournalReader
    from trackly_desktop.worker import AccountOpened, ApiWorker

# The worker and the journal take 100 ms to import, so they are imported after the first window is shown.


class AccountContext(QObject):
    """The accounts of one window, and what is known of the account in use.

    Attributes:
        accounts: all accounts, as saved on this computer.
        has_key: whether there is a key for the account in use.
        connection_error: why the account's server cannot be used, in the operator's words; empty where it can.
    """

    account_changed = Signal()
    lists_changed = Signal()
    worker_ready = Signal()
    connection_error_changed = Signal()

    def __init__(self, accounts: Accounts) -> None:
        super().__init__()
        self.accounts = accounts
        self.has_key = True
        self.connection_error = ""
        self._server_lists: dict[str, tuple[ListChoice, ...] | None] = {}
        """The lists from each account's server, by account id; None where it has none."""
        self._request_ids = itertools.count(1)
        self._worker: ApiWorker | None = None
        self._reader: JournalReader | None = None

    @property
    def account(self) -> Account:
        """The account in use."""
        return self.accounts.current

    @property
    def worker(self) -> ApiWorker:
        """The worker; call only while `has_worker`."""
        assert self._worker is not None
        return self._worker

    @property
    def has_worker(self) -> bool:
        """Whether the worker is attached."""
        return self._worker is not None

    @property
    def reader(self) -> JournalReader:
        """The journal, for one indexed page at a time; the worker does longer reads."""
        if self._reader is None:
            from trackly_desktop.journal.queries import JournalReader

            self._reader = JournalReader(paths.journal_path())
        return self._reader

    def next_request_id(self) -> int:
        """Return an id by which the response to a request of the worker is recognised."""
        return next(self._request_ids)

    def attach(self, worker: ApiWorker) -> None:
        """Take the worker, emit `worker_ready` and open the account in use."""
        self._worker = worker
        worker.accounts.opened.connect(self._on_account_opened)
        self.worker_ready.emit()
        worker.accounts.open(self.account)
        worker.queries.remove_expired(self.accounts)

    def switch_to(self, account_id: str) -> None:
        """Make this account the one in use, and save that."""
        self.accounts.select(account_id)
        self.worker.accounts.save(self.accounts)
        self._reopen()

    def save_account(self, account: Account) -> None:
        """Add or replace an account; the one in use is opened again."""
        self.accounts.upsert(account)
        self.worker.accounts.save(self.accounts)
        if account.id == self.account.id:
            self._reopen(force=True)

    def remove_account(self, account: Account) -> None:
        """Remove an account and its key."""
        self.accounts.remove(account.id)
        self.worker.accounts.delete_key(account)
        self.worker.accounts.save(self.accounts)
        self._reopen()

    def refresh_account(self, account: Account) -> None:
        """Open this account again, as after its key changed, if it is the one in use."""
        if account.id == self.account.id:
            self._reopen(force=True)

    def remember_list(self, number: str) -> None:
        """Save a list that was typed, where the account's server cannot list its own."""
        account = self.account
        if self.knows_lists or any(known.number == number for known in account.lists):
            return
        self.accounts.upsert(dataclasses.replace(account, lists=(*account.lists, KnownList(number))))
        self.worker.accounts.save(self.accounts)
        self.lists_changed.emit()

    def lists(self) -> list[ListChoice]:
        """Return the account's lists: from its server, else those that were typed."""
        server_lists = self._server_lists.get(self.account.id)
        if server_lists is not None:
            return list(server_lists)
        return [ListChoice(known.number, known.name) for known in self.account.lists]

    def list_name(self, number: str) -> str:
        """Return "name (number)" of a list; the number alone where the name is unknown."""
        name = next((choice.name for choice in self.lists() if choice.number == number), "")
        return f"{name} ({number})" if name else number

    @property
    def knows_lists(self) -> bool:
        """Whether the server of the account in use has returned its lists."""
        return self._server_lists.get(self.account.id) is not None

    def close(self) -> None:
        """Close the journal."""
        if self._reader is not None:
            self._reader.close()

    def _reopen(self, *, force: bool = False) -> None:
        self.has_key, self.connection_error = True, ""
        self.account_changed.emit()
        self.worker.accounts.open(self.account, reconnect=force)

    def _on_account_opened(self, event: AccountOpened) -> None:
        if event.lists is None:
            self._server_lists[event.account.id] = None
        else:
            self._server_lists[event.account.id] = tuple(
                ListChoice(entry.number, entry.name, entry.brand, entry.status) for entry in event.lists
            )
        if event.account.id == self.account.id:
            self.has_key, self.connection_error = event.has_key, event.trouble
            self.connection_error_changed.emit()
            self.lists_changed.emit()
