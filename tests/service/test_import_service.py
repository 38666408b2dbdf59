"""Validation with the unsubscribed held back, and deliveries that cannot begin."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import LIST, Practice
from tests.journeys.jobs import ACCOUNT, check, run_of
from tests.service.parts import NEW, UNSUBSCRIBED, open_service
from trackly_desktop.api.replies import StopReason
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.files.table import FormatOptions
from trackly_desktop.journal.import_options import Options
from trackly_desktop.journal.models import State
from trackly_desktop.mapping.column_mapping import suggest_mapping
from trackly_desktop.service.review import Review
from trackly_desktop.validation.file_validation import ValidationRequest, ValidationResult, inspect_file, validate_file

Write = Callable[..., Path]


def review(journal: Path, file: Path, address: str) -> Review:
    opened = inspect_file(file, FormatOptions(), lambda _rows: None)
    request = ValidationRequest(
        path=str(file),
        choice=FormatOptions(),
        fingerprint=opened.how.fingerprint,
        mapping=suggest_mapping(opened.header, opened.profiles),
        options=Options(fixed={"list_number": LIST}),
        account=ACCOUNT,
        account_name="Acme",
        base_url=address,
        journal=str(journal),
    )

    async def validate(request: ValidationRequest) -> ValidationResult:
        return await asyncio.to_thread(validate_file, request, lambda _rows: None)

    async def live() -> Review:
        async with open_service(journal) as service:
            return await service.validate(request, validate, lambda _fetched, _total: None)

    return asyncio.run(live())


def test_rows_of_unsubscribed_people_are_held_back(practice: Practice, journal_path: Path, write: Write) -> None:
    reviewed = review(journal_path, write("Phone", UNSUBSCRIBED, NEW), practice.address)
    assert reviewed.unsubscribes_known
    assert reviewed.lists == [(LIST, 1)]
    assert reviewed.result.counts[Outcome.PENDING] == 1
    assert [*reviewed.skipped.values()] == [1]


def test_a_server_without_lists_leaves_unsubscribes_unknown(only_post: str, journal_path: Path, write: Write) -> None:
    reviewed = review(journal_path, write("Phone", UNSUBSCRIBED, NEW), only_post)
    assert not reviewed.unsubscribes_known
    assert reviewed.result.counts[Outcome.PENDING] == 2


@pytest.mark.parametrize(
    ("key", "address", "reason"),
    [
        ("", None, StopReason.KEY),
        ("trk_wrong", None, StopReason.KEY),
        ("trk_any", "http://example.com", StopReason.NETWORK),
    ],
)
def test_a_run_that_cannot_begin_stops_with_its_reason(
    practice: Practice, journal_path: Path, write: Write, key: str, address: str | None, reason: StopReason
) -> None:
    run_id = check(journal_path, write("Phone", NEW), address or practice.address).run_id

    async def live() -> None:
        async with open_service(journal_path, key=key) as service:
            end = await service.deliver(run_id)
            assert (end.state, end.stopped) == (State.STOPPED, reason)

    asyncio.run(live())
    run = run_of(journal_path, run_id)
    assert (run.state, run.stopped, run.requests) == (State.STOPPED, reason, 0)


def test_a_list_is_not_fetched_twice_within_minutes(practice: Practice, journal_path: Path) -> None:
    async def live() -> None:
        async with open_service(journal_path) as service:
            fetched: list[int] = []
            for _ in range(2):
                assert await service.list_members.refresh(
                    ACCOUNT, practice.address, [LIST], lambda count, _total: fetched.append(count)
                )
            assert len(fetched) == 2  # the unsubscribed and the active, once each

    asyncio.run(live())
