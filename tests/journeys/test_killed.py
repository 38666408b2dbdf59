"""A program that is killed during a run: every row is applied once, none is lost."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Practice
from tests.faults.relay import Relay
from tests.faults.server import ACCEPTED, OddServer, Slow, answer
from tests.journeys.program import import_words, run, start

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL there")
Write = Callable[..., Path]
ROWS = 90


def numbers() -> list[str]:
    return [f"41555502{number:02}" for number in range(ROWS)]


def test_after_kill_9_resume_applies_every_row_and_loses_none(practice: Practice, write: Write) -> None:
    file = write("Phone,Position", *(f"{phone},{position}" for position, phone in enumerate(numbers())))
    with Relay(practice.address) as relay:
        running = start(*import_words(file, relay.address, "--journeys", "--per-second", "60"))
        assert relay.wait_for_posts(20)
        running.kill()
        running.communicate()
        file.unlink()
        assert len(practice.people()) < ROWS
        done = run("resume", "--json")
    assert done.code == 0
    counts = done.json["counts"]
    assert counts["created"] + counts["updated"] == ROWS
    people = practice.people()
    assert {phone: person["custom_fields"]["position"] for phone, person in people.items()} == {
        f"+1{phone}": position for position, phone in enumerate(numbers())
    }
    assert {person["practice"]["journeys_enrolled"] for person in people.values()} == {1}
    # Only requests in flight when the program died may have been repeated, and these are idempotent.
    repeated = [person for person in people.values() if person["practice"]["requests"] > 1]
    assert len(repeated) <= 16


def test_after_kill_9_nobody_is_enrolled_twice_where_the_account_can_be_asked(practice: Practice, write: Write) -> None:
    file = write("Phone", *numbers())
    with Relay(practice.address) as relay:
        running = start(*import_words(file, relay.address, "--journeys", "--resend-journeys", "--per-second", "60"))
        assert relay.wait_for_posts(20)
        running.kill()
        running.communicate()
        done = run("resume", "--json")
    people = practice.people()
    assert len(people) == ROWS
    assert {person["practice"]["journeys_enrolled"] for person in people.values()} == {1}
    assert done.json["counts"]["created"] == ROWS


def test_after_kill_9_rows_that_could_text_twice_are_never_sent_again_by_themselves(write: Write) -> None:
    """A server of one endpoint has no look-ups: rows that were in flight stay unknown."""
    with OddServer(answer(404), Slow(0.3, ACCEPTED)) as server:  # some are in flight at any time
        file = write("Phone", *numbers()[:40])
        running = start(*import_words(file, server.address, "--journeys", "--resend-journeys"))
        assert server.wait_for_requests(12)
        running.kill()
        running.communicate()
        done = run("resume", "--json")
        sent = Counter(body["phone_number"] for body in server.bodies if body)
    counts = done.json["counts"]
    assert set(sent.values()) == {1}
    assert counts["unknown"] > 0
    assert counts["created"] + counts["unknown"] == 40
    assert done.code == 1


def test_a_program_that_is_killed_while_it_checks_a_file_leaves_nothing_behind(
    practice: Practice, write: Write
) -> None:
    file = write("Phone", *(f"415{number % 800 + 200:03}{number % 10000:04}" for number in range(60_000)))
    running = start(*import_words(file, practice.address))
    with pytest.raises(subprocess.TimeoutExpired):
        running.wait(1.0)
    running.kill()
    running.communicate()
    done = run(*import_words(write("Phone", "4155550120", name="next.csv"), practice.address))
    assert done.code == 0
