"""Which accounts' entries hold an account's people back."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from tests.conftest import LIST
from tests.journeys.jobs import ACCOUNT
from trackly_desktop.accounts.accounts import SANDBOX
from trackly_desktop.journal import suppression_list
from trackly_desktop.journal.connection import connect
from trackly_desktop.journal.protection import (
    COMMAND_LINE,
    Protection,
    read_protection,
    record_scope,
    scope_of,
    server_identity,
)
from trackly_desktop.journal.queries import JournalReader

SERVER, ELSEWHERE = "https://app.tracklysms.com", "https://sms.example.com"
KEY, NEW_KEY, OTHER_KEY = "trk_one", "trk_one_renewed", "trk_another_client"
ADA = "+14155550120"


def protecting(journal: Path, account: str = ACCOUNT, server: str = SERVER) -> Protection:
    with contextlib.closing(connect(journal)) as connection:
        return read_protection(connection, account, server)


def use(journal: Path, *uses: tuple[str, str, str]) -> None:
    """Record uses of a key: account, server, key."""
    for account, server, key in uses:
        record_scope(journal, account, server, key)


def suppress(journal: Path, *accounts: str) -> None:
    for account in accounts:
        suppression_list.add(journal, account, [ADA], "by hand")


def save_member(journal: Path, account: str, *, active: bool) -> None:
    suppression_list.save_list_members(journal, account, SERVER, LIST, {ADA: active}, active=active, whole=False)


def is_held(journal: Path, account: str = ACCOUNT) -> bool:
    with contextlib.closing(connect(journal)) as connection:
        person = protecting(journal, account).unsubscribed("14155550120", "1")
        return bool(connection.execute(f"SELECT {person}").fetchone()[0])


def test_accounts_with_one_key_on_one_server_share(journal_path: Path) -> None:
    use(journal_path, (ACCOUNT, SERVER, KEY), ("second", SERVER, KEY), (COMMAND_LINE, SERVER, KEY))
    assert set(protecting(journal_path).own) == {ACCOUNT, "second", COMMAND_LINE}
    assert protecting(journal_path).unclear == ()


def test_another_key_or_another_server_does_not_share(journal_path: Path) -> None:
    use(journal_path, (ACCOUNT, SERVER, KEY), ("client", SERVER, OTHER_KEY), ("elsewhere", ELSEWHERE, KEY))
    suppress(journal_path, "client", "elsewhere")
    assert protecting(journal_path) == Protection(SERVER, (ACCOUNT,))


def test_an_account_of_an_unknown_key_counts_on_its_server_and_one_of_no_known_server_everywhere(
    journal_path: Path,
) -> None:
    use(journal_path, (ACCOUNT, SERVER, KEY), (ACCOUNT, ELSEWHERE, KEY))
    suppress(journal_path, "nowhere")
    save_member(journal_path, "there", active=False)
    assert set(protecting(journal_path).unclear) == {"there", "nowhere"}
    assert protecting(journal_path, server=ELSEWHERE).unclear == ("nowhere",)


def test_for_an_account_whose_key_is_not_known_everybody_of_the_server_counts(journal_path: Path) -> None:
    use(journal_path, ("client", SERVER, OTHER_KEY), ("elsewhere", ELSEWHERE, KEY))
    suppress(journal_path, "client", "elsewhere")
    assert protecting(journal_path).unclear == ("client",)


def test_a_key_that_was_renewed_keeps_what_was_known_under_the_old_one(journal_path: Path) -> None:
    use(journal_path, ("removed", SERVER, KEY), (ACCOUNT, SERVER, KEY), (ACCOUNT, SERVER, NEW_KEY))
    assert protecting(journal_path).own == (ACCOUNT, "removed")


def test_commands_share_by_the_key_of_now_alone(journal_path: Path) -> None:
    use(journal_path, (ACCOUNT, SERVER, KEY), ("client", SERVER, OTHER_KEY))
    use(journal_path, (COMMAND_LINE, SERVER, OTHER_KEY), (COMMAND_LINE, SERVER, KEY))
    assert protecting(journal_path, COMMAND_LINE) == Protection(SERVER, (COMMAND_LINE, ACCOUNT))
    use(journal_path, (COMMAND_LINE, SERVER, OTHER_KEY))
    assert protecting(journal_path, COMMAND_LINE).own == (COMMAND_LINE, "client")


@pytest.mark.parametrize("address", ["https://APP.tracklysms.com", "https://app.tracklysms.com:443/", SERVER])
def test_an_address_in_another_notation_is_the_same_server(journal_path: Path, address: str) -> None:
    use(journal_path, (ACCOUNT, SERVER, KEY), ("second", address, KEY))
    assert protecting(journal_path).own == (ACCOUNT, "second")


@pytest.mark.parametrize("address", ["http://app.tracklysms.com", "https://app.tracklysms.com:8443", "practice:", "[x"])
def test_another_scheme_port_or_text_is_another_server(address: str) -> None:
    assert server_identity(address) != server_identity(SERVER)


def test_the_practice_account_and_real_accounts_do_not_protect_each_other(journal_path: Path) -> None:
    use(journal_path, (SANDBOX.id, SANDBOX.base_url, KEY), (ACCOUNT, SERVER, KEY))
    suppress(journal_path, SANDBOX.id, ACCOUNT, "unknown")
    assert protecting(journal_path, SANDBOX.id, SANDBOX.base_url) == Protection(SANDBOX.base_url, (SANDBOX.id,))
    assert SANDBOX.id not in protecting(journal_path).own + protecting(journal_path).unclear


def test_the_key_is_not_stored_and_its_scope_is_the_servers(journal_path: Path) -> None:
    use(journal_path, (ACCOUNT, SERVER, KEY))
    assert KEY.encode() not in b"".join(path.read_bytes() for path in journal_path.parent.glob("journal.sqlite*"))
    assert len(scope_of(KEY, SERVER)) == 32
    assert scope_of(KEY, SERVER) != scope_of(KEY, ELSEWHERE)


def test_the_list_that_is_shown_and_changed_is_that_of_the_key(journal_path: Path) -> None:
    use(journal_path, (ACCOUNT, SERVER, KEY), ("second", SERVER, KEY), ("client", SERVER, OTHER_KEY))
    suppress(journal_path, ACCOUNT, "second", "client")
    reader = JournalReader(journal_path)
    assert [number.phone for number in reader.suppressed_numbers(ACCOUNT)] == [ADA]
    assert reader.suppressed_count(ACCOUNT) == 1
    assert suppression_list.remove(journal_path, ACCOUNT, [ADA]) == 1
    assert not reader.is_suppressed(ACCOUNT, SERVER, ADA)
    assert reader.is_suppressed("client", SERVER, ADA)
    reader.close()


def test_the_newest_answer_for_a_key_counts_whichever_account_asked(journal_path: Path) -> None:
    use(journal_path, (ACCOUNT, SERVER, KEY), ("second", SERVER, KEY))
    save_member(journal_path, ACCOUNT, active=False)
    assert is_held(journal_path, "second")
    save_member(journal_path, "second", active=True)  # subscribed again
    assert not is_held(journal_path)
    save_member(journal_path, ACCOUNT, active=False)
    assert is_held(journal_path, "second")


def test_what_the_own_key_says_of_a_person_counts_more_than_an_account_of_an_unknown_key(journal_path: Path) -> None:
    use(journal_path, (ACCOUNT, SERVER, KEY))
    save_member(journal_path, "unknown", active=False)
    assert is_held(journal_path)
    save_member(journal_path, ACCOUNT, active=True)
    assert not is_held(journal_path)


def test_a_whole_answer_removes_who_is_not_in_it(journal_path: Path) -> None:
    use(journal_path, (ACCOUNT, SERVER, KEY), ("second", SERVER, KEY), ("client", SERVER, OTHER_KEY))
    save_member(journal_path, "second", active=False)
    save_member(journal_path, "client", active=False)
    suppression_list.save_list_members(journal_path, ACCOUNT, SERVER, LIST, {}, active=False, whole=True)
    assert not is_held(journal_path)
    assert is_held(journal_path, "client")


def test_whoever_is_protected_is_found_by_an_index(journal_path: Path) -> None:
    use(journal_path, *((f"account {number}", SERVER, KEY) for number in range(5)))
    suppress(journal_path, "unknown")
    both = protecting(journal_path, "account 0")
    conditions = both.suppressed("rows.phone"), both.unsubscribed("rows.phone", "rows.list")
    with contextlib.closing(connect(journal_path)) as connection:
        for condition in conditions:
            plan = connection.execute(f"EXPLAIN QUERY PLAN SELECT key FROM rows WHERE {condition}").fetchall()
            steps = [str(step[3]) for step in plan]
            assert not [step for step in steps if step.startswith(("SCAN numbers", "SCAN members"))], steps
            assert [step for step in steps if "USING PRIMARY KEY" in step]


def test_accounts_are_found_without_reading_a_long_list(journal_path: Path) -> None:
    phones = [f"+1415{number:07}" for number in range(100_000)]
    suppression_list.add(journal_path, "unknown", phones, "leads.csv")
    with contextlib.closing(connect(journal_path)) as connection:
        connection.set_progress_handler(lambda: 1, 50_000)  # so many steps of SQLite's end a statement
        assert read_protection(connection, ACCOUNT, SERVER).unclear == ("unknown",)
