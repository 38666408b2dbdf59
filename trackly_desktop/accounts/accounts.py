"""The operator's accounts, without keys, in a file that several programs share."""

from __future__ import annotations

import dataclasses
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trackly_desktop.contacts.signup_age import OLD_SIGNUP_DAYS
from trackly_desktop.system import paths

TRACKLY = "https://app.tracklysms.com"
_LOCK_SECONDS = 10.0
"""How long a save waits for another program's."""

# `json` and `secrets` are imported in functions: the first window does not wait for them.


DEFAULT_IN_FLIGHT = 16
"""Requests at once, unless the account or the run has another number."""
DEFAULT_KEEP_DAYS = 90
"""Days for which personal data is kept, unless the account has another number."""


@dataclass(frozen=True)
class KnownList:
    """A sending list that the operator typed, where the server has no GET lists."""

    number: str
    name: str = ""


@dataclass(frozen=True)
class Account:
    """One client brand's account at Trackly. Its key is in CredentialStore."""

    id: str
    name: str
    base_url: str = TRACKLY
    region: str = "US"
    """The country of phone numbers without a country code, as ISO 3166-1 alpha-2."""
    lists: tuple[KnownList, ...] = ()
    colour: str = ""
    in_flight: int = DEFAULT_IN_FLIGHT
    per_second: float = 0.0
    """Requests a second at most; 0 is no limit."""
    old_days: int = OLD_SIGNUP_DAYS
    """Days after which a signup is old: it starts journeys only after a confirmation."""
    keep_days: int = DEFAULT_KEEP_DAYS
    """Days for which the personal data of sent contacts is kept; 0 is for ever."""
    remembers: bool = True
    """Whether people are recognized after that, by a keyed hash of their number."""

    @property
    def is_sandbox(self) -> bool:
        """Whether this is the practice account, whose server runs inside the program."""
        return self.id == SANDBOX.id


SANDBOX = Account(id="practice", name="Practice account", base_url="practice:")
"""The practice account: always there, and no text reaches a person.

The URL of its server is known once the server has started.
"""


def new_account(name: str, base_url: str = TRACKLY, region: str = "US") -> Account:
    """Return an account with a random id."""
    import secrets

    return Account(id=secrets.token_hex(6), name=name, base_url=base_url, region=region)


@dataclass(frozen=True, slots=True)
class AccountsSnapshot:
    """State of Accounts at one time, to be saved from another thread."""

    revision: int
    accounts: dict[str, Account]
    changes: dict[str, Account | None]
    """Accounts added, changed or removed (None) since the last save, by id."""
    current: str
    is_selected: bool
    """Whether `current` was selected since the last save."""

    def merged_with(self, stored: dict[str, Any]) -> dict[str, Any]:
        """Return the file's new content: `stored` with this program's changes."""
        if not stored:
            entries = {account.id: dataclasses.asdict(account) for account in self.accounts.values()}
            return {"accounts": [*entries.values()], "current": self.current}
        entries = {entry["id"]: entry for entry in stored.get("accounts", ())}
        for account_id, account in self.changes.items():
            if account is None:
                entries.pop(account_id, None)
            else:
                entries[account_id] = dataclasses.asdict(account)
        current = self.current if self.is_selected else stored.get("current", self.current)
        return {"accounts": [*entries.values()], "current": current}


class Accounts:
    """The accounts in the order of their creation, the practice account first.

    One thread changes them; `save` may run on any thread, with a snapshot from the one that changes them.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Read the file.

        Args:
            path: The file; None is the one in the configuration folder.

        Raises:
            OSError: The file exists and cannot be read.
            ValueError: The file holds no JSON.
        """
        self._path = path or paths.config_folder() / "accounts.json"
        stored = _read(self._path)
        self._all = {SANDBOX.id: SANDBOX}
        self._all |= {entry["id"]: _account(entry) for entry in stored.get("accounts", ())}
        self._current = str(stored.get("current", SANDBOX.id))
        self._changes: dict[str, Account | None] = {}
        self._is_selected = False
        self._revision, self._saved_revision = 0, -1
        self._state_lock = threading.Lock()
        self._writer_lock = threading.Lock()

    def all(self) -> list[Account]:
        """Return every account."""
        return list(self._all.values())

    def get(self, account_id: str) -> Account | None:
        """Return the account with this id."""
        return self._all.get(account_id)

    def named(self, name: str) -> Account | None:
        """Return the account with this name, in any capitalization, or this id."""
        wanted = name.strip().casefold()
        return next(
            (account for account in self._all.values() if wanted in (account.name.casefold(), account.id)), None
        )

    @property
    def current(self) -> Account:
        """The account in use."""
        return self._all.get(self._current, SANDBOX)

    def select(self, account_id: str) -> None:
        """Make an account the one in use."""
        with self._state_lock:
            self._current, self._is_selected = account_id, True
            self._revision += 1

    def upsert(self, account: Account) -> None:
        """Add an account, or replace the one with its id."""
        with self._state_lock:
            self._all[account.id] = self._changes[account.id] = account
            self._revision += 1

    def remove(self, account_id: str) -> None:
        """Remove an account, but never the practice account; its runs stay in the journal."""
        if account_id == SANDBOX.id:
            return
        with self._state_lock:
            self._all.pop(account_id, None)
            self._changes[account_id] = None
            self._revision += 1

    def snapshot(self) -> AccountsSnapshot:
        """Return the state as it is now, for `save`."""
        with self._state_lock:
            return AccountsSnapshot(
                self._revision, dict(self._all), dict(self._changes), self._current, self._is_selected
            )

    def save(self, snapshot: AccountsSnapshot | None = None) -> None:
        """Write the changes since the last save; those of other programs survive.

        Args:
            snapshot: The state to write, where another thread may change it meanwhile; None is the state of now.

        Raises:
            OSError: The file cannot be written, or another program holds its lock.
            ValueError: The file on the disk holds no JSON any more; it stays as it is.
        """
        import json

        from trackly_desktop.system.file_lock import locked
        from trackly_desktop.system.private_files import write_private

        snapshot = snapshot or self.snapshot()
        with self._writer_lock:
            if snapshot.revision <= self._saved_revision:
                return  # the file has these changes: a snapshot of this state or of a later one was written
            with locked(self._path.with_name(self._path.name + ".lock"), _LOCK_SECONDS):
                merged = snapshot.merged_with(_read(self._path))
                write_private(self._path, json.dumps(merged, indent=1))
            self._saved_revision = snapshot.revision
        with self._state_lock:
            for account_id, account in snapshot.changes.items():
                if account_id in self._changes and self._changes[account_id] is account:
                    del self._changes[account_id]
            if self._current == snapshot.current:
                self._is_selected = False


def _read(path: Path) -> dict[str, Any]:
    """Return the file's content; empty where there is no file."""
    if not path.exists():
        return {}
    import json

    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def _account(entry: dict[str, Any]) -> Account:
    known = {field.name for field in dataclasses.fields(Account)} - {"lists"}
    lists = tuple(
        KnownList(str(known_list["number"]), str(known_list.get("name", ""))) for known_list in entry.get("lists", ())
    )
    return Account(lists=lists, **{name: value for name, value in entry.items() if name in known})
