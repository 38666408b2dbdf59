"""Accounts' keys: in the OS keyring or, where there is none, in memory for this session."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from trackly_desktop import sandbox
from trackly_desktop.accounts.accounts import SANDBOX

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

SERVICE = "Trackly Desktop"
"""Under which the keyring files the keys; the account's id is the user name."""
HISTORY_KEY_NAME = "ledger"
"""The user name of the key by which people are known whose numbers have been removed."""


class KeyProblem(ValueError):
    """Text that can be no key; its words are for the operator, and never the text itself."""


def clean_key(text: str) -> tuple[str, str]:
    """The key without what surrounds it when pasted, and a warning where its shape is not `trk_` and 32 signs."""
    key = text.strip().strip("\"'").strip()
    if not key:
        raise KeyProblem("There is no key here")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise KeyProblem("A key has letters and digits only; copy it from Trackly once more")
    usual = key.startswith("trk_") and len(key) == 36 and key[4:].isalnum()
    return key, "" if usual else "A key usually looks like trk_ and 32 letters or digits; this one does not"


class KeyringUnavailable(Exception):
    """The keyring is there and did not do what was asked; its words are for the operator."""


class CredentialStore:
    """The accounts' keys. Every call may wait for the operator to unlock the keyring: never on the GUI thread."""

    def __init__(self) -> None:
        self._service: dict[str, str] = {SANDBOX.id: sandbox.KEY}

    def get(self, account_id: str) -> str | None:
        """The key, if there is one. Raises KeyringTrouble."""
        if account_id in self._service:
            return self._service[account_id]
        backend = _backend()
        return None if backend is None else _ask(lambda: backend.get_password(SERVICE, account_id))

    def keep(self, account_id: str, key: str) -> bool:
        """Puts the key into the keyring; False where there is none, and it is kept for this session only."""
        backend = _backend()
        if backend is None:
            self._service[account_id] = key
            return False
        _ask(lambda: backend.set_password(SERVICE, account_id, key))
        self._service.pop(account_id, None)
        return True

    def lend(self, account_id: str, key: str) -> None:
        """Uses this key for the account in this session only."""
        self._service[account_id] = key

    def forget(self, account_id: str) -> None:
        """Takes the key out of the keyring."""
        self._service.pop(account_id, None)
        backend = _backend()
        if backend is not None and _ask(lambda: backend.get_password(SERVICE, account_id)) is not None:
            _ask(lambda: backend.delete_password(SERVICE, account_id))

    def history_key(self) -> bytes:
        """The key of the hashes of numbers, made when it is first needed; empty where there is no keyring.

        Raises KeyringTrouble.
        """
        backend = _backend()
        if backend is None:
            return b""
        kept = _ask(lambda: backend.get_password(SERVICE, HISTORY_KEY_NAME))
        if not kept:
            import secrets

            made = kept = secrets.token_hex(32)
            _ask(lambda: backend.set_password(SERVICE, HISTORY_KEY_NAME, made))
        return bytes.fromhex(kept)

    @staticmethod
    def has_keyring() -> bool:
        """Whether this machine has a keyring that we trust."""
        return _backend() is not None


# A plain-text or encrypted-file backend of keyrings.alt is a file with the key in it: not for us.
_TRUSTED = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)


def _backend() -> KeyringBackend | None:
    import keyring
    from keyring.backends import chainer

    backend = keyring.get_keyring()
    candidates = list(backend.backends) if isinstance(backend, chainer.ChainerBackend) else [backend]
    for one in candidates:
        if type(one).__module__.startswith(_TRUSTED):
            return one
    return None


def _ask(question: Callable[[], T]) -> T:
    from keyring.errors import KeyringError

    try:
        return question()
    except KeyringError as error:
        raise KeyringUnavailable("The keyring is locked or did not answer; unlock it and try again") from error
    except Exception as error:  # a backend speaks D-Bus or a system library, each with errors of its own
        raise KeyringUnavailable(f"The keyring did not answer ({type(error).__name__})") from error
