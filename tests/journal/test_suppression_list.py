"""People who must not be texted: no row for them ever leaves, by any way."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.chaos.server import FlakyServer
from tests.conftest import LIST, OTHER_LIST, Practice
from tests.delivery.policies import FAST
from tests.faults.server import OddServer, answer
from tests.journeys.jobs import ACCOUNT, QUICK, check, deliver, outcomes, rows_of, run_of
from trackly_desktop.accounts.accounts import Account
from trackly_desktop.accounts.credentials import CredentialStore
from trackly_desktop.api.replies import StopReason
from trackly_desktop.contacts.contact import Contact
from trackly_desktop.contacts.issues import Note, NoteCode
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.delivery.progress import Enrollment
from trackly_desktop.journal import suppression_list
from trackly_desktop.journal.models import State
from trackly_desktop.journal.protection import record_scope
from trackly_desktop.journal.resolutions import UnknownResolution, change_list, resolve_unknown, retry_refused
from trackly_desktop.journal.undo import create_undo_run
from trackly_desktop.sandbox import KEY
from trackly_desktop.service.contact_service import ContactService
from trackly_desktop.service.import_service import ImportService

Write = Callable[..., Path]
ADA, GRACE, MARY = "+14155550120", "+14155550121", "+14155550122"


def held(journal: Path, run_id: int) -> dict[str, Note | None]:
    """Return why each row was skipped, by phone."""
    return {row.phone: row.note for row in rows_of(journal, run_id) if row.outcome is Outcome.SKIPPED}


def test_people_on_the_do_not_text_list_are_held_back_when_a_file_is_checked(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    suppression_list.add(journal_path, ACCOUNT, [ADA], "by hand")
    run_id = check(journal_path, write("Phone", ADA, GRACE), practice.address).run_id
    assert held(journal_path, run_id) == {ADA: Note(NoteCode.ON_SUPPRESSION_LIST)}
    deliver(journal_path, run_id)
    assert practice.people().keys() == {GRACE}


def test_the_list_is_the_accounts_own(practice: Practice, journal_path: Path, write: Write) -> None:
    record_scope(journal_path, ACCOUNT, practice.address, KEY)
    record_scope(journal_path, "another", practice.address, "trk_of_another_client")
    suppression_list.add(journal_path, "another", [ADA], "by hand")
    run_id = check(journal_path, write("Phone", ADA), practice.address).run_id
    assert held(journal_path, run_id) == {}


def test_people_who_unsubscribed_from_this_list_are_held_back_and_from_another_are_not(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    for number, person in ((LIST, ADA), (OTHER_LIST, GRACE)):
        suppression_list.save_list_members(
            journal_path, ACCOUNT, practice.address, number, {person: False}, active=False, whole=True
        )
    run_id = check(journal_path, write("Phone", ADA, GRACE, MARY), practice.address).run_id
    assert held(journal_path, run_id) == {ADA: Note(NoteCode.UNSUBSCRIBED)}
    deliver(journal_path, run_id)
    assert practice.people().keys() == {GRACE, MARY}


def test_an_answer_that_broke_off_takes_no_known_person_away(journal_path: Path) -> None:
    def keep(people: dict[str, bool], *, whole: bool) -> None:
        suppression_list.save_list_members(journal_path, ACCOUNT, "x", LIST, people, active=False, whole=whole)

    keep({ADA: False, GRACE: False}, whole=True)
    keep({MARY: False}, whole=False)
    run_id = check(journal_path, _file(journal_path, ADA, GRACE, MARY), "x").run_id
    assert held(journal_path, run_id).keys() == {ADA, GRACE, MARY}
    keep({MARY: False}, whole=True)
    run_id = check(journal_path, _file(journal_path, ADA, GRACE, MARY), "x").run_id
    assert held(journal_path, run_id).keys() == {MARY}


def _file(journal: Path, *people: str) -> Path:
    path = journal.with_name("people.csv")
    path.write_text("Phone\n" + "\n".join(people) + "\n")
    return path


def test_people_put_on_the_list_while_a_run_goes_on_are_not_sent_any_more(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    people = [f"+1415555{number:04}" for number in range(200, 260)]
    run_id = check(journal_path, write("Phone", *people), practice.address, in_flight=1).run_id
    late = people[-10:]

    async def live() -> None:
        keys = CredentialStore()
        keys.set_for_session(ACCOUNT, KEY)
        session = ImportService(journal_path, keys, timeouts=QUICK, policy=FAST)
        running: list[Delivery] = []

        def on_turn() -> None:
            if running[0].progress().requests == 5:
                suppression_list.add(journal_path, ACCOUNT, late, "by hand")  # all rows were read ahead by then

        end = await session.deliver(run_id, begun=running.append, on_turn=on_turn)
        assert end.state is State.FINISHED
        await session.close()

    asyncio.run(live())
    assert practice.people().keys() == set(people[:-10])
    assert held(journal_path, run_id) == dict.fromkeys(late, Note(NoteCode.ON_SUPPRESSION_LIST))
    assert run_of(journal_path, run_id).counts == {Outcome.CREATED: 50, Outcome.SKIPPED: 10}


def single(journal: Path, address: str, contact: Contact, *, typed_again: bool = False) -> int:
    async def live() -> int:
        keys = CredentialStore()
        keys.set_for_session(ACCOUNT, KEY)
        session = ImportService(journal, keys, timeouts=QUICK, policy=FAST)
        account = Account(id=ACCOUNT, name="Acme", base_url=address)
        run_id = await ContactService(session).journal_contact(account, contact, typed_again=typed_again)
        await session.deliver(run_id)
        await session.close()
        return run_id

    return asyncio.run(live())


def test_a_contact_made_by_hand_is_held_back_too(practice: Practice, journal_path: Path) -> None:
    suppression_list.add(journal_path, ACCOUNT, [ADA], "by hand")
    run_id = single(journal_path, practice.address, Contact(ADA, LIST), typed_again=True)
    assert held(journal_path, run_id) == {ADA: Note(NoteCode.ON_SUPPRESSION_LIST)}
    assert practice.people() == {}


def test_who_unsubscribed_is_added_by_hand_only_when_the_number_was_typed_again_and_that_is_recorded(
    practice: Practice, journal_path: Path
) -> None:
    suppression_list.save_list_members(
        journal_path, ACCOUNT, practice.address, LIST, {ADA: False}, active=False, whole=True
    )
    single(journal_path, practice.address, Contact(ADA, LIST))
    assert practice.people() == {}
    run_id = single(journal_path, practice.address, Contact(ADA, LIST), typed_again=True)
    assert practice.people().keys() == {ADA}
    assert run_of(journal_path, run_id).options["retyped_phone"] == ADA


def test_an_undo_run_holds_nobody_back(practice: Practice, journal_path: Path, write: Write) -> None:
    run_id = check(journal_path, write("Phone", ADA), practice.address).run_id
    deliver(journal_path, run_id)
    suppression_list.add(journal_path, ACCOUNT, [ADA], "by hand")
    deliver(journal_path, create_undo_run(journal_path, run_id, ""))
    assert not practice.people()[ADA]["active"]


def test_more_people_enrolled_than_were_confirmed_stop_the_run(journal_path: Path, write: Write) -> None:
    enrolled = answer(
        200, {"success": True, "is_new_contact": True, "is_new_list_contact": True, "journeys_enrolled": 1}
    )
    with OddServer(answer(404), enrolled) as server:
        run_id = check(journal_path, write("Phone", ADA, GRACE, MARY), server.address, in_flight=1).run_id
        end = deliver(journal_path, run_id)
        assert (end.state, end.stopped) == (State.STOPPED, StopReason.JOURNEYS)
        assert end.enrollment == Enrollment(enrolled=1, confirmed=0)
        assert outcomes(journal_path, run_id) == {"created": 1, "pending": 2}
        assert deliver(journal_path, run_id).state is State.FINISHED  # an operator who resumes has seen the number


def test_as_many_as_were_confirmed_stop_nothing(practice: Practice, journal_path: Path, write: Write) -> None:
    file = write("Phone,Use Journeys", f"{ADA},yes", f"{GRACE},no", f"{MARY},yes")
    run_id = check(journal_path, file, practice.address).run_id
    assert deliver(journal_path, run_id).state is State.FINISHED
    assert run_of(journal_path, run_id).options["may_enroll"] == 2


ACTIONS = ("deliver", "abandon", "send again", "try again", "other list", "protect more", "protect more")


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(
    actions=st.lists(st.sampled_from(ACTIONS), max_size=6),
    first=st.sets(st.integers(0, 29), max_size=10),
    unsubscribed=st.sets(st.integers(0, 29), max_size=10),
    more=st.sets(st.integers(0, 29), max_size=10),
    seed=st.integers(0, 1000),
    forced=st.booleans(),
)
def test_no_row_for_them_ever_leaves_whatever_is_done(
    actions: list[str], first: set[int], unsubscribed: set[int], more: set[int], seed: int, forced: bool
) -> None:
    people = [f"+1415{2_000_000 + number}" for number in range(30)]
    fixed = {"list_number": LIST, "use_journeys": "yes"} | ({"skip_journey_if_exists": "no"} if forced else {})
    with tempfile.TemporaryDirectory() as folder, FlakyServer(seed, trouble=0.3) as server:
        journal, file = Path(folder) / "journal.sqlite", Path(folder) / "people.csv"
        file.write_text("Phone\n" + "\n".join(people) + "\n")
        suppression_list.add(journal, ACCOUNT, [people[index] for index in first], "by hand")
        gone = {people[index]: False for index in unsubscribed}
        for number in (LIST, OTHER_LIST):
            suppression_list.save_list_members(journal, ACCOUNT, server.address, number, gone, active=False, whole=True)
        run_id = check(journal, file, server.address, fixed=fixed).run_id
        never = {people[index] for index in first | unsubscribed}
        asked_before: set[str] = set()
        for action in [*actions, "deliver"]:
            if action == "protect more":
                suppression_list.add(journal, ACCOUNT, [people[index] for index in more], "by hand")
                asked_before = set(server.account.asked)
                never |= {people[index] for index in more} - asked_before
            else:
                _act(journal, run_id, action)
            assert never.isdisjoint(server.account.asked)
        assert sum(run_of(journal, run_id).counts.values()) == 30


def _act(journal: Path, run_id: int, action: str) -> None:
    if action == "send again":
        resolve_unknown(journal, run_id, UnknownResolution.SEND_AGAIN)
    elif action == "try again":
        retry_refused(journal, run_id)
    elif action == "other list":
        change_list(journal, run_id, LIST, OTHER_LIST)
    elif action == "deliver":
        deliver(journal, run_id)
    else:
        asyncio.run(_abandon(journal, run_id))


async def _abandon(journal: Path, run_id: int) -> None:
    keys = CredentialStore()
    keys.set_for_session(ACCOUNT, KEY)
    session = ImportService(journal, keys, timeouts=QUICK, policy=FAST)
    held_: list[Delivery] = []

    def leave() -> None:
        held_[0].control.quit()
        held_[0].control.abandon()

    await session.deliver(run_id, begun=held_.append, on_turn=leave)
    await session.close()
