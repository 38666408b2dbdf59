"""Nobody who is protected is sent: every way to send, by every way to protect."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import LIST, Practice
from tests.journeys.jobs import ACCOUNT, check, deliver, rows_of
from tests.service.parts import account_at, contact, open_service, runs_of
from tests.service.test_import_service import review
from trackly_desktop.__main__ import main
from trackly_desktop.contacts.issues import NoteCode
from trackly_desktop.journal import suppression_list
from trackly_desktop.journal.connection import connect
from trackly_desktop.journal.protection import COMMAND_LINE, record_scope
from trackly_desktop.journal.resolutions import UnknownResolution, resolve_unknown, retry_refused
from trackly_desktop.journal.row_codec import phone_code
from trackly_desktop.journal.undo import create_undo_run
from trackly_desktop.sandbox import KEY
from trackly_desktop.sandbox.runner import SandboxServer
from trackly_desktop.service.contact_service import ContactBlocked, ContactService
from trackly_desktop.system import paths
from trackly_desktop.validation.corrections import Change, Fix, apply_fix

OTHER_KEY = "trk_another_clients_key"


@dataclass(frozen=True)
class Program:
    """The program on one computer, and the server that it sends to."""

    practice: Practice
    folder: Path

    @property
    def address(self) -> str:
        """The server's address."""
        return self.practice.address

    @property
    def journal(self) -> Path:
        """The journal of the window and the commands."""
        return paths.journal_path()

    def file(self, *lines: str) -> Path:
        """Write a file of these lines."""
        path = self.folder / "people.csv"
        path.write_text("\n".join(lines) + "\n")
        return path

    def sent(self, phone: str) -> int:
        """Return how many requests were made to add a person."""
        with contextlib.closing(connect(self.journal)) as connection:
            row = connection.execute(
                "SELECT count(*) FROM attempts JOIN rows USING (key) JOIN runs ON runs.run = rows.key >> 32"
                " WHERE phone = ? AND runs.kind <> 'undo'",
                (phone_code(phone),),
            ).fetchone()
        return int(row[0])

    def notes(self, phone: str) -> set[str]:
        """Return the notes of all rows of a person."""
        rows = [row for run in runs_of(self.journal) for row in rows_of(self.journal, run.id)]
        return {str(row.note.code) for row in rows if row.phone == phone and row.note}


Protect = Callable[[], None]
"""Protects the person, from now on."""


def by_form(program: Program, phone: str, protect: Protect) -> None:
    async def add() -> None:
        async with open_service(program.journal) as service:
            await ContactService(service).add(account_at(program.address), contact(phone))

    protect()
    with contextlib.suppress(ContactBlocked):
        asyncio.run(add())


def by_wizard(program: Program, phone: str, protect: Protect) -> None:
    protect()
    deliver(program.journal, review(program.journal, program.file("Phone", phone), program.address).result.run_id)


def by_wizard_confirmed_later(program: Program, phone: str, protect: Protect) -> None:
    run_id = review(program.journal, program.file("Phone", phone), program.address).result.run_id
    protect()
    deliver(program.journal, run_id)


def by_command(program: Program, phone: str, protect: Protect) -> None:
    protect()
    file = program.file("Phone", phone)
    main(["import", str(file), "--list", LIST, "--base-url", program.address, "--json"])


def _stopped(program: Program, phone: str) -> int:
    run_id = check(program.journal, program.file("Phone", phone), program.address).run_id
    deliver(program.journal, run_id)
    return run_id


def by_resuming(program: Program, phone: str, protect: Protect) -> None:
    run_id = _stopped(program, phone)
    protect()
    deliver(program.journal, run_id)


def by_resume_command(program: Program, phone: str, protect: Protect) -> None:
    run_id = _stopped(program, phone)
    protect()
    main(["resume", str(run_id), "--json"])


def by_retry(program: Program, phone: str, protect: Protect) -> None:
    run_id = _stopped(program, phone)
    protect()
    assert retry_refused(program.journal, run_id) == 1
    deliver(program.journal, run_id)


def by_sending_again(program: Program, phone: str, protect: Protect) -> None:
    run_id = _stopped(program, phone)
    protect()
    assert resolve_unknown(program.journal, run_id, UnknownResolution.SEND_AGAIN) == 1
    deliver(program.journal, run_id)


def by_import_after_undo(program: Program, phone: str, protect: Protect) -> None:
    run_id = _stopped(program, phone)
    deliver(program.journal, create_undo_run(program.journal, run_id, ""))
    protect()
    deliver(program.journal, check(program.journal, program.file("Phone", phone), program.address).run_id)


def by_another_spelling(program: Program, phone: str, protect: Protect) -> None:
    spelling = f"tel: ({phone[2:5]}) {phone[5:8]} - {phone[8:]} "
    protect()
    deliver(program.journal, check(program.journal, program.file("Phone", spelling), program.address).run_id)


def by_second_phone_column(program: Program, phone: str, protect: Protect) -> None:
    file = program.file("Mobile,Phone 2", f",{phone}")
    protect()
    deliver(program.journal, check(program.journal, file, program.address, "Phone 2=phone_number").run_id)


def by_edit_in_review(program: Program, phone: str, protect: Protect) -> None:
    run_id = check(program.journal, program.file("Phone", phone[:-1]), program.address).run_id
    protect()
    [row] = rows_of(program.journal, run_id)
    fix = Fix(Change.SET, column=0, text=phone, keys=(row.key,))
    apply_fix(program.journal, run_id, fix, lambda _rows: None)
    deliver(program.journal, run_id)


Way = Callable[[Program, str, Protect], None]
WAYS: dict[Way, str] = {
    by_form: "+14155550120",
    by_wizard: "+14155550121",
    by_wizard_confirmed_later: "+14155550122",
    by_command: "+14155550123",
    by_resuming: "+14155550110",  # the sandbox answers 402: the run stops
    by_resume_command: "+14155550111",  # 403
    by_retry: "+14155550101",  # refused
    by_sending_again: "+14155550103",  # 500 at every try
    by_import_after_undo: "+14155550124",
    by_another_spelling: "+14155550125",
    by_second_phone_column: "+14155550126",
    by_edit_in_review: "+14155550127",
}
"""Each way with a person of its own."""


def on_own_list(program: Program, phone: str) -> None:
    record_scope(program.journal, ACCOUNT, program.address, KEY)
    suppression_list.add(program.journal, ACCOUNT, [phone], "by hand")


def on_list_of_another_account_with_the_key(program: Program, phone: str) -> None:
    record_scope(program.journal, "second", program.address, KEY)
    suppression_list.add(program.journal, "second", [phone], "by hand")


def on_list_of_an_account_removed_before_keys_were_known(program: Program, phone: str) -> None:
    suppression_list.add(program.journal, "removed", [phone], "by hand")


def on_list_of_a_command(program: Program, phone: str) -> None:
    record_scope(program.journal, COMMAND_LINE, program.address, KEY)
    suppression_list.add(program.journal, COMMAND_LINE, [phone], "row of people.csv")


def unsubscribed_at_the_server(program: Program, phone: str) -> None:
    person = {"phone_number": phone, "list_number": LIST}
    added = program.practice.ask("POST", "/api/v2/contacts/bulk", json={"contacts": [person]})
    assert added.json()["error_count"] == 0
    program.practice.ask("DELETE", "/api/v2/contacts", json=person)


def known_as_unsubscribed(program: Program, phone: str) -> None:
    record_scope(program.journal, ACCOUNT, program.address, KEY)
    _save_unsubscribed(program, ACCOUNT, phone)


def known_as_unsubscribed_by_another_account_with_the_key(program: Program, phone: str) -> None:
    record_scope(program.journal, "second", program.address, KEY)
    _save_unsubscribed(program, "second", phone)


def _save_unsubscribed(program: Program, account: str, phone: str) -> None:
    suppression_list.save_list_members(
        program.journal, account, program.address, LIST, {phone: False}, active=False, whole=True
    )


Protection = Callable[[Program, str], None]
LISTED: tuple[Protection, ...] = (
    on_own_list,
    on_list_of_another_account_with_the_key,
    on_list_of_an_account_removed_before_keys_were_known,
    on_list_of_a_command,
)
KNOWN: tuple[Protection, ...] = (known_as_unsubscribed, known_as_unsubscribed_by_another_account_with_the_key)
"""Tried on a server that cannot be asked: what it says itself would count more."""
MATRIX = [
    pytest.param(way, protection, id=f"{way.__name__}-{protection.__name__}")
    for protection in (*LISTED, unsubscribed_at_the_server, *KNOWN)
    for way in WAYS
    if not (
        way is by_retry and protection is unsubscribed_at_the_server
    )  # refused by the sandbox: it is never on a list
    and not (way is by_import_after_undo and protection in KNOWN)  # such a server has no way to take anybody off
]


@pytest.fixture(scope="module")
def servers() -> Iterator[Callable[[str], Practice]]:
    """Servers by a name: each has only what tests of that name did."""
    running: dict[str, tuple[SandboxServer, Practice]] = {}

    def server(name: str, *, only_post: bool = False) -> Practice:
        if name not in running:
            started = SandboxServer(only_post=only_post)
            running[name] = started, Practice(started)
        return running[name][1]

    yield lambda name: server(name, only_post=name.startswith("known"))
    for started, practice in running.values():
        practice.close()
        started.stop()


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKLY_API_KEY", KEY)


@pytest.mark.parametrize(("way", "protection"), MATRIX)
def test_who_is_protected_is_not_sent(
    way: Way, protection: Protection, servers: Callable[[str], Practice], tmp_path: Path
) -> None:
    program, phone = Program(servers(protection.__name__), tmp_path), WAYS[way]
    sent_before: list[int] = []

    def protect() -> None:
        protection(program, phone)
        sent_before.append(program.sent(phone))

    way(program, phone, protect)
    assert [program.sent(phone)] == sent_before
    reason = NoteCode.ON_SUPPRESSION_LIST if protection in LISTED else NoteCode.UNSUBSCRIBED
    assert way is by_form or str(reason) in program.notes(phone)


@pytest.mark.parametrize(
    "way", [way for way in WAYS if way is not by_import_after_undo], ids=lambda way: str(way.__name__)
)
@pytest.mark.parametrize("other_client", [False, True], ids=["nobody", "another key’s list"])
def test_who_is_not_protected_is_sent(
    way: Way, other_client: bool, servers: Callable[[str], Practice], tmp_path: Path
) -> None:
    program, phone = Program(servers(f"not protected {other_client}"), tmp_path), WAYS[way]
    sent_before: list[int] = []

    def protect_elsewhere() -> None:
        for account in (ACCOUNT, COMMAND_LINE):
            record_scope(program.journal, account, program.address, KEY)
        if other_client:
            record_scope(program.journal, "other", program.address, OTHER_KEY)
            suppression_list.add(program.journal, "other", [phone], "by hand")
            _save_unsubscribed(program, "other", phone)
        sent_before.append(program.sent(phone))

    way(program, phone, protect_elsewhere)
    assert program.sent(phone) > sent_before[0]


@pytest.mark.parametrize("command", [False, True], ids=["window", "command"])
def test_whose_own_column_says_no_is_not_sent(
    command: bool, servers: Callable[[str], Practice], tmp_path: Path
) -> None:
    program, phone = Program(servers("own column"), tmp_path), "+14155550128"
    file = program.file("Phone,Opt out", f"{phone},no", "(415) 555-0128,yes")
    if command:
        main(["import", str(file), "--list", LIST, "--base-url", program.address, "--json"])
    else:
        deliver(program.journal, review(program.journal, file, program.address).result.run_id)
    assert program.sent(phone) == 0
    assert program.notes(phone) == {NoteCode.CONSENT_SAYS_NO, NoteCode.OTHER_ROW_SAYS_NO}
