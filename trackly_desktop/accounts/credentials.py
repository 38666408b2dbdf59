"""Keys of the accounts: in the OS keyring, else in memory for this session."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from trackly_desktop import sandbox
from trackly_desktop.accounts.accounts import SANDBOX

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

# `keyring` takes 50 ms to import: the first window does not wait for it.

T = TypeVar("T")

SERVICE = "Trackly Desktop"
"""The keyring's service name; the account's id is the user name."""
HISTORY_KEY_NAME = "ledger"
"""The user name of the key for the hashes of phone numbers in the send history."""


class KeyProblem(ValueError):
    """Text that cannot be a key; the message, for the operator, never has the text."""


def clean_key(text: str) -> tuple[str, str]:
    """Return a pasted key, trimmed, and a warning where its shape is unusual.

    Raises:
        KeyProblem: The text is empty, or has characters that no key has.
    """
    key = text.strip().strip("\"'").strip()
    if not key:
        raise KeyProblem("There is no key here")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise KeyProblem("A key has letters and digits only; copy it from Trackly once more")
    is_usual = key.startswith("trk_") and len(key) == 36 and key[4:].isalnum()
    return key, "" if is_usual else "A key usually looks like trk_ and 32 letters or digits; this one does not"


class KeyringUnavailable(Exception):
    """The keyring exists and did not answer; the message is for the operator."""


class CredentialStore:
    """Keys of the accounts, and the key of the send history.

    A call may wait until the operator unlocks the keyring: not for the GUI thread.
    """

    def __init__(self) -> None:
        self._session_keys: dict[str, str] = {SANDBOX.id: sandbox.KEY}

    def get(self, account_id: str) -> str | None:
        """Return the account's key; None where it has none. Raises KeyringUnavailable."""
        if account_id in self._session_keys:
            return self._session_keys[account_id]
        backend = _backend()
        return None if backend is None else _ask(lambda: backend.get_password(SERVICE, account_id))

    def store(self, account_id: str, key: str) -> bool:
        """Put the key into the keyring, or into memory where there is no keyring.

        Returns:
            Whether it is in the keyring.

        Raises:
            KeyringUnavailable: The keyring did not take it.
        """
        backend = _backend()
        if backend is None:
            self._session_keys[account_id] = key
            return False
        _ask(lambda: backend.set_password(SERVICE, account_id, key))
        self._session_keys.pop(account_id, None)
        return True

    def set_for_session(self, account_id: str, key: str) -> None:
        """Use this key for the account, in this session only."""
        self._session_keys[account_id] = key

    def delete(self, account_id: str) -> None:
        """Delete the account's key. Raises KeyringUnavailable."""
        self._session_keys.pop(account_id, None)
        backend = _backend()
        if backend is not None and _ask(lambda: backend.get_password(SERVICE, account_id)) is not None:
            _ask(lambda: backend.delete_password(SERVICE, account_id))

    def history_key(self) -> bytes:
        """Return the key for hashes of phone numbers, created on first use.

        Returns:
            32 bytes; empty where there is no keyring.

        Raises:
            KeyringUnavailable: The keyring did not answer.
        """
        backend = _backend()
        if backend is None:
            return b""
        stored = _ask(lambda: backend.get_password(SERVICE, HISTORY_KEY_NAME))
        if stored:
            return bytes.fromhex(stored)
        import secrets

        created = secrets.token_hex(32)
        _ask(lambda: backend.set_password(SERVICE, HISTORY_KEY_NAME, created))
        return bytes.fromhex(created)

    @staticmethod
    def has_keyring() -> bool:
        """Return whether this machine has a keyring that keeps keys encrypted."""
        return _backend() is not None


# The file backends of keyrings.alt, plain or encrypted, put the key into a file: not trusted.
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

    active = keyring.get_keyring()
    candidates = list(active.backends) if isinstance(active, chainer.ChainerBackend) else [active]
    return next((backend for backend in candidates if type(backend).__module__.startswith(_TRUSTED)), None)


def _ask(question: Callable[[], T]) -> T:
    """Call the keyring; every error of a backend becomes KeyringUnavailable."""
    from keyring.errors import KeyringError

    try:
        return question()
    except KeyringError as error:
        raise KeyringUnavailable("The keyring is locked or did not answer; unlock it and try again") from error
    except Exception as error:  # a backend speaks D-Bus or a system library, each with errors of its own
        raise KeyringUnavailable(f"The keyring did not answer ({type(error).__name__})") from error
