"""Desk: what every page has before it: the accounts, the one in use, its lists, and the worker once it is there."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from trackly_desktop.accounts.accounts import Account, Accounts, KnownList
from trackly_desktop.gui.widgets.list_picker import ListChoice
from trackly_desktop.system import paths

if TYPE_CHECKING:
    from trackly_desktop.journal.reader import JournalReader
    from trackly_desktop.worker import AccountOpened, ApiWorker

# The worker and the journal take 100 ms to import: the first window is shown before they come.


class AccountContext(QObject):
    """One for the whole window."""

    account_changed = Signal()
    lists_changed = Signal()
    worker_ready = Signal()
    connection_error_changed = Signal()

    def __init__(self, accounts: Accounts) -> None:
        super().__init__()
        self.accounts = accounts
        self.has_key = True
        self.trouble = ""
        self._told: dict[str, tuple[ListChoice, ...] | None] = {}
        self._contact_runs = itertools.count(1)
        self._worker: ApiWorker | None = None
        self._reader: JournalReader | None = None

    @property
    def account(self) -> Account:
        """The account in use."""
        return self.accounts.current

    @property
    def worker(self) -> ApiWorker:
        """The worker. Nothing that needs it can be pressed before it has come."""
        assert self._worker is not None
        return self._worker

    @property
    def has_worker(self) -> bool:
        """Whether it has come."""
        return self._worker is not None

    @property
    def reader(self) -> JournalReader:
        """For one indexed page at a time; anything longer is asked of the worker."""
        if self._reader is None:
            from trackly_desktop.journal.reader import JournalReader

            self._reader = JournalReader(paths.journal_path())
        return self._reader

    def next_request_id(self) -> int:
        """A number for a question, so that its answer is known from others."""
        return next(self._contact_runs)

    def attach(self, worker: ApiWorker) -> None:
        """The worker is there: `worker_came`, and the account in use is opened."""
        self._worker = worker
        worker.accounts.opened.connect(self._account_opened)
        self.worker_ready.emit()
        worker.accounts.open(self.account)
        worker.queries.remove_expired(self.accounts)

    def use(self, account_id: str) -> None:
        """Makes an account the one in use."""
        self.accounts.use(account_id)
        self.worker.accounts.save(self.accounts)
        self._reopen()

    def keep(self, account: Account) -> None:
        """Adds or changes an account."""
        self.accounts.keep(account)
        self.worker.accounts.save(self.accounts)
        if account.id == self.account.id:
            self._reopen(anew=True)

    def remove(self, account: Account) -> None:
        """Forgets an account and its key."""
        self.accounts.remove(account.id)
        self.worker.accounts.delete_key(account)
        self.worker.accounts.save(self.accounts)
        self._reopen()

    def key_changed(self, account: Account) -> None:
        """Its server is asked anew."""
        if account.id == self.account.id:
            self._reopen(anew=True)

    def keep_list(self, number: str) -> None:
        """Keeps a list that was typed, where the account's server does not tell its own."""
        account = self.account
        if self._told.get(account.id) is not None or number in (one.number for one in account.lists):
            return
        kept = dataclasses.replace(account, lists=(*account.lists, KnownList(number)))
        self.accounts.keep(kept)
        self.worker.accounts.save(self.accounts)
        self.lists_changed.emit()

    def lists(self) -> list[ListChoice]:
        """The lists of the account in use: those its server tells, else those that were typed."""
        told = self._told.get(self.account.id)
        if told is not None:
            return list(told)
        return [ListChoice(one.number, one.name) for one in self.account.lists]

    def list_name(self, number: str) -> str:
        """A list by its name and number; the number alone where nobody knows the name."""
        name = next((one.name for one in self.lists() if one.number == number), "")
        return f"{name} ({number})" if name else number

    @property
    def knows_lists(self) -> bool:
        """Whether the account's server tells its lists."""
        return self._told.get(self.account.id) is not None

    def close(self) -> None:
        """Lets go of the journal."""
        if self._reader is not None:
            self._reader.close()

    def _reopen(self, *, anew: bool = False) -> None:
        self.has_key, self.trouble = True, ""
        self.account_changed.emit()
        self.worker.accounts.open(self.account, reconnect=anew)

    def _account_opened(self, news: AccountOpened) -> None:
        if news.lists is None:
            self._told[news.account.id] = None
        else:
            lists = (ListChoice(one.number, one.name, one.brand, one.status) for one in news.lists)
            self._told[news.account.id] = tuple(lists)
        if news.account.id == self.account.id:
            self.has_key, self.trouble = news.has_key, news.trouble
            self.connection_error_changed.emit()
            self.lists_changed.emit()
