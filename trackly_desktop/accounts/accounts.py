"""The operator's accounts, and their keys: in the OS keyring, or, where there is none, in memory for this session."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from trackly_desktop.system import paths

if TYPE_CHECKING:
    pass

T = TypeVar("T")

TRACKLY = "https://app.tracklysms.com"
# The first window waits for none of the modules that are imported in the functions below; `keyring` alone takes 50 ms.


@dataclass(frozen=True)
class KnownList:
    """A sending list that the operator typed, for servers that do not tell theirs."""

    number: str
    name: str = ""


@dataclass(frozen=True)
class Account:
    """One client brand's account at Trackly. `region` reads numbers without a country code; its key is in Keys."""

    id: str
    name: str
    base_url: str = TRACKLY
    region: str = "US"
    lists: tuple[KnownList, ...] = ()
    colour: str = ""
    in_flight: int = 16
    per_second: float = 0.0
    old_days: int = 30
    """Days after which a signup is old, and starts no journeys without a word."""
    keep_days: int = 90
    """For how many days the personal data of what was sent is kept; 0 is for ever."""
    remembers: bool = True
    """Whether people are known again afterwards, by a keyed hash of their number."""

    @property
    def is_sandbox(self) -> bool:
        """Whether its server is the one inside the program."""
        return self.id == SANDBOX.id


SANDBOX = Account(id="practice", name="Practice account", base_url="practice:")
"""Always there: nothing sent to it reaches a real person. Its server's address is known once it has been started."""


def new_account(name: str, base_url: str = TRACKLY, region: str = "US") -> Account:
    """An account with an id of its own."""
    import secrets

    return Account(id=secrets.token_hex(6), name=name, base_url=base_url, region=region)


class Accounts:
    """The accounts in the order in which they were made, the practice account first; kept in one small file."""

    def __init__(self, path: Path | None = None) -> None:
        """Reads the file. Raises OSError or ValueError where it is there and cannot be read."""
        self._path = path or paths.config_folder() / "accounts.json"
        kept = _read(self._path)
        self._all = {SANDBOX.id: SANDBOX}
        self._all |= {one["id"]: _account(one) for one in kept.get("accounts", ())}
        self._current = str(kept.get("current", SANDBOX.id))

    def all(self) -> list[Account]:
        """Every account."""
        return list(self._all.values())

    def get(self, account_id: str) -> Account | None:
        """The account with this id."""
        return self._all.get(account_id)

    def named(self, name: str) -> Account | None:
        """The account with this name or id, however it is capitalised."""
        wanted = name.strip().casefold()
        return next((one for one in self._all.values() if wanted in (one.name.casefold(), one.id)), None)

    @property
    def current(self) -> Account:
        """The account in use."""
        return self._all.get(self._current, SANDBOX)

    def use(self, account_id: str) -> None:
        """Makes an account the one in use."""
        self._current = account_id

    def keep(self, account: Account) -> None:
        """Adds an account, or replaces the one with its id."""
        self._all[account.id] = account

    def remove(self, account_id: str) -> None:
        """Forgets an account; its runs stay in the journal. The practice account cannot be removed."""
        if account_id != SANDBOX.id:
            self._all.pop(account_id, None)

    def write(self) -> None:
        """Puts it all on the disk. Raises OSError."""
        import json

        kept = [dataclasses.asdict(one) for one in self._all.values()]
        paths.write_private(self._path, json.dumps({"accounts": kept, "current": self._current}, indent=1))


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    import json

    kept: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return kept


def _account(kept: dict[str, Any]) -> Account:
    known = {one.name for one in dataclasses.fields(Account)} - {"lists"}
    lists = tuple(KnownList(str(one["number"]), str(one.get("name", ""))) for one in kept.get("lists", ()))
    return Account(lists=lists, **{name: value for name, value in kept.items() if name in known})
