"""Accounts on the disk: no save of this program or of another one is lost."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from trackly_desktop.accounts.accounts import SANDBOX, Account, Accounts, KnownList

ADD_MANY = """
import sys
from pathlib import Path
from trackly_desktop.accounts.accounts import Account, Accounts
path, program, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
accounts = Accounts(path)
print("ready", flush=True)
sys.stdin.readline()
for index in range(count):
    accounts.upsert(Account(id=f"{program}{index}", name=f"{program} {index}"))
    accounts.save()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "accounts.json"


def stored_ids(path: Path) -> set[str]:
    return {account.id for account in Accounts(path).all()} - {SANDBOX.id}


def added(path: Path, *accounts: Account) -> Accounts:
    """Accounts with these added and saved."""
    program = Accounts(path)
    for account in accounts:
        program.upsert(account)
    program.save()
    return program


def test_accounts_are_read_as_they_were_saved(path: Path) -> None:
    acme = Account(id="a", name="Acme", region="GB", lists=(KnownList("+18005551234", "Spring"),), keep_days=0)
    accounts = added(path, acme)
    accounts.select("a")
    accounts.save()
    again = Accounts(path)
    assert again.all() == [SANDBOX, acme]
    assert again.current == acme


def test_the_file_is_its_owners_alone(path: Path) -> None:
    added(path, Account(id="a", name="Acme"))
    assert path.stat().st_mode & 0o777 == 0o600


def test_two_programs_that_save_in_a_tight_loop_lose_nothing(path: Path) -> None:
    count = 60
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", ADD_MANY, str(path), name, str(count)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for name in ("first", "second")
    ]  # fmt: skip
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        program.communicate("\n", timeout=60)
        assert program.returncode == 0
    assert stored_ids(path) == {f"{name}{index}" for name in ("first", "second") for index in range(count)}
    assert [file.name for file in path.parent.iterdir() if file.suffix == ".new"] == []


def test_threads_that_save_in_a_tight_loop_lose_nothing(path: Path) -> None:
    accounts = Accounts(path)
    with ThreadPoolExecutor(8) as threads:
        saves = []
        for index in range(200):
            accounts.upsert(Account(id=f"a{index}", name=f"Account {index}"))
            saves.append(threads.submit(accounts.save, accounts.snapshot()))
    assert [save.exception() for save in saves] == [None] * 200
    assert stored_ids(path) == {f"a{index}" for index in range(200)}


def test_a_save_writes_the_accounts_of_its_snapshot(path: Path) -> None:
    accounts = added(path, Account(id="a", name="Acme"))
    accounts.upsert(Account(id="b", name="Blue Lake"))
    snapshot = accounts.snapshot()
    accounts.upsert(Account(id="c", name="Cedar"))
    accounts.save(snapshot)
    assert stored_ids(path) == {"a", "b"}
    accounts.save()
    assert stored_ids(path) == {"a", "b", "c"}


def test_a_save_that_comes_late_does_not_undo_a_later_one(path: Path) -> None:
    accounts = added(path, Account(id="a", name="Acme"))
    accounts.upsert(Account(id="a", name="Acme, renamed"))
    early = accounts.snapshot()
    accounts.upsert(Account(id="a", name="Acme, renamed again"))
    accounts.save()
    accounts.save(early)
    [account] = [account for account in Accounts(path).all() if account.id == "a"]
    assert account.name == "Acme, renamed again"


def test_what_a_program_did_not_touch_is_taken_from_the_file(path: Path) -> None:
    acme, blue, cedar = (Account(id=name[0].lower(), name=name) for name in ("Acme", "Blue Lake", "Cedar"))
    window = added(path, acme, blue, cedar)
    command = Accounts(path)
    command.upsert(dataclasses.replace(acme, region="GB"))
    command.remove("b")
    command.select("c")
    command.save()
    window.upsert(dataclasses.replace(cedar, region="FR"))
    window.save()
    again = Accounts(path)
    assert {account.id: account.region for account in again.all()} == {SANDBOX.id: "US", "a": "GB", "c": "FR"}
    assert again.current.id == "c"


def test_what_a_program_changed_wins(path: Path) -> None:
    acme, blue = Account(id="a", name="Acme"), Account(id="b", name="Blue Lake")
    window = added(path, acme, blue)
    command = Accounts(path)
    command.upsert(dataclasses.replace(acme, region="GB"))
    command.upsert(dataclasses.replace(blue, region="GB"))
    command.save()
    window.upsert(dataclasses.replace(acme, region="FR"))
    window.remove("b")
    window.select("a")
    window.save()
    again = Accounts(path)
    assert {account.id: account.region for account in again.all()} == {SANDBOX.id: "US", "a": "FR"}
    assert again.current.id == "a"


def test_a_change_that_is_saved_is_not_written_over_a_later_one_of_another_program(path: Path) -> None:
    acme = Account(id="a", name="Acme")
    window = added(path, acme)
    command = Accounts(path)
    command.upsert(dataclasses.replace(acme, region="GB"))
    command.save()
    window.upsert(Account(id="b", name="Blue Lake"))
    window.save()
    assert {account.id: account.region for account in Accounts(path).all()}["a"] == "GB"


def test_a_save_that_failed_is_made_up_for_by_the_next(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = added(path, Account(id="a", name="Acme"))
    accounts.upsert(Account(id="b", name="Blue Lake"))
    with monkeypatch.context() as patch:
        patch.setattr("trackly_desktop.system.private_files.write_private", _no_room)
        with pytest.raises(OSError, match="full"):
            accounts.save()
    accounts.upsert(Account(id="c", name="Cedar"))
    accounts.save()
    assert stored_ids(path) == {"a", "b", "c"}


def test_a_file_that_was_deleted_is_written_whole(path: Path) -> None:
    accounts = added(path, Account(id="a", name="Acme"))
    path.unlink()
    accounts.upsert(Account(id="b", name="Blue Lake"))
    accounts.save()
    assert stored_ids(path) == {"a", "b"}


def test_what_a_newer_version_stores_with_an_account_stays(path: Path) -> None:
    added(path, Account(id="a", name="Acme"))
    content = json.loads(path.read_text("utf-8"))
    content["accounts"][-1]["of_tomorrow"] = 1
    path.write_text(json.dumps(content), "utf-8")
    added(path, Account(id="b", name="Blue Lake"))
    assert {entry["id"]: entry.get("of_tomorrow") for entry in json.loads(path.read_text("utf-8"))["accounts"]}[
        "a"
    ] == 1


def test_the_practice_account_cannot_be_removed(path: Path) -> None:
    accounts = Accounts(path)
    accounts.remove(SANDBOX.id)
    assert accounts.all() == [SANDBOX]


def _no_room(_path: Path, _text: str) -> None:
    raise OSError("the disk is full")
