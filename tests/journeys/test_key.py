"""API keys: in the OS keyring and in memory, nowhere else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import LIST, Practice
from tests.faults.server import OddServer, answer
from tests.journeys.program import environment, files_with, import_words, run
from trackly_desktop.accounts.accounts import Accounts, new_account
from trackly_desktop.sandbox import KEY

Write = Callable[..., Path]
SECRET = "trk_" + "S3cr3tS3cr3tS3cr3tS3cr3tS3cr3tAB"


def test_a_key_that_a_server_sends_back_is_in_no_file_and_no_output(write: Write, tmp_path: Path) -> None:
    echoes = [
        answer(404),
        answer(400, {"error": f"no {SECRET}", "code": "not_sendable"}),
        answer(400, {"error": SECRET}),
        answer(500, f"<html>{SECRET}".encode()),
        answer(401, {"error": f"Invalid key {SECRET}", "code": "unauthorized"}),
    ]
    out = tmp_path / "results.csv"
    with OddServer(*echoes) as server:
        file = write("Phone", *(f"41555502{number:02}" for number in range(9)))
        done = run(*import_words(file, server.address, "--results", str(out)), TRACKLY_API_KEY=SECRET)
        more = run("resume", TRACKLY_API_KEY=SECRET)
        assert all(f"x-api-key: {SECRET}" in head.replace("X-Api-Key", "x-api-key") for head in server.heads)
    assert done.json["stopped"] == "key"
    assert SECRET not in done.out + done.err + more.out + more.err
    assert files_with(SECRET, tmp_path) == []


@pytest.fixture
def keyring_session(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command with an unlocked gnome-keyring on a D-Bus of its own."""
    for program in ("dbus-run-session", "gnome-keyring-daemon"):
        assert shutil.which(program), f"{program} is needed: make test installs it"
    home = tmp_path / "keyring-home"
    home.mkdir()

    def run_unlocked(*words: str) -> subprocess.CompletedProcess[str]:
        variables = {name: value for name, value in environment().items() if name != "TRACKLY_API_KEY"}
        variables.pop("PYTHON_KEYRING_BACKEND")
        variables |= {"HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
        unlock = 'printf pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 && exec "$@"'
        return subprocess.run(
            ["dbus-run-session", "--", "sh", "-c", unlock, "sh", *words],
            capture_output=True, text=True, env=variables, timeout=60,
        )  # fmt: skip

    return run_unlocked


STORE_AND_DELETE = """
import subprocess, sys
from trackly_desktop.accounts.credentials import CredentialStore
account, key = sys.argv[1:]
assert CredentialStore.has_keyring()
assert CredentialStore().store(account, key)
other = "import sys; from trackly_desktop.accounts.credentials import CredentialStore; print(CredentialStore().get(sys.argv[1]))"
print(subprocess.run([sys.executable, "-c", other, account], capture_output=True, text=True).stdout.strip())
CredentialStore().delete(account)
print(CredentialStore().get(account))
"""


def test_a_key_is_stored_in_a_real_keyring_read_by_another_process_and_deleted(
    keyring_session: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    done = keyring_session(sys.executable, "-c", STORE_AND_DELETE, "a1b2", SECRET)
    assert done.stdout.split() == [SECRET, "None"], done.stderr
    assert files_with(SECRET, tmp_path) == []


STORE_AND_IMPORT = """
import subprocess, sys
from trackly_desktop.accounts.credentials import CredentialStore
account, key, *words = sys.argv[1:]
CredentialStore().store(account, key)
sys.exit(subprocess.run([sys.executable, "-m", "trackly_desktop", *words]).returncode)
"""


def test_a_command_takes_the_accounts_key_from_the_keyring(
    keyring_session: Callable[..., subprocess.CompletedProcess[str]], practice: Practice, write: Write
) -> None:
    accounts = Accounts()
    account = new_account("Acme", practice.address)
    accounts.upsert(account)
    accounts.save()
    words = ("import", str(write("Phone", "4155550120")), "--list", LIST, "--account", "acme", "--json")
    done = keyring_session(sys.executable, "-c", STORE_AND_IMPORT, account.id, KEY, *words)
    assert done.returncode == 0, done.stderr
    assert len(practice.people()) == 1


def test_a_keyring_that_is_a_plain_file_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring.backends import null

    from trackly_desktop.accounts.credentials import CredentialStore

    monkeypatch.setattr("keyring.get_keyring", null.Keyring)
    assert not CredentialStore.has_keyring()
    assert not CredentialStore().store("a", KEY)
    assert os.environ.get("TRACKLY_API_KEY") is None


HISTORY_KEY = """
import subprocess, sys
from trackly_desktop.accounts.credentials import CredentialStore
key = CredentialStore().history_key()
other = "from trackly_desktop.accounts.credentials import CredentialStore; print(CredentialStore().history_key().hex())"
print(len(key), subprocess.run([sys.executable, "-c", other], capture_output=True, text=True).stdout.strip() == key.hex())
"""


def test_the_history_key_is_made_once_and_is_in_the_keyring_only(
    keyring_session: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    done = keyring_session(sys.executable, "-c", HISTORY_KEY)
    assert done.stdout.split() == ["32", "True"], done.stderr
