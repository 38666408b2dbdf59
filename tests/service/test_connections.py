"""Connections to accounts: opened once, reopened on request, never without a key."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.conftest import Practice
from tests.journeys.jobs import ACCOUNT
from tests.service.parts import open_service
from trackly_desktop.accounts.accounts import SANDBOX
from trackly_desktop.service.connections import MissingKey


def test_a_connection_is_shared_until_it_is_to_be_opened_again(practice: Practice, journal_path: Path) -> None:
    async def live() -> None:
        async with open_service(journal_path) as service:
            connect = service.connections.connect
            first, second = await asyncio.gather(*(connect(ACCOUNT, practice.address) for _ in range(2)))
            assert first is second
            assert await connect(ACCOUNT, practice.address, reconnect=True) is not first
            await service.connections.disconnect(ACCOUNT)
            assert await connect(ACCOUNT, practice.address) is not second

    asyncio.run(live())


def test_an_account_without_a_key_is_not_connected(practice: Practice, journal_path: Path) -> None:
    async def live() -> None:
        async with open_service(journal_path, key="") as service:
            await service.connections.connect(ACCOUNT, practice.address)

    with pytest.raises(MissingKey, match="has no key"):
        asyncio.run(live())


def test_the_sandbox_starts_with_its_first_connection(journal_path: Path) -> None:
    async def live() -> None:
        async with open_service(journal_path) as service:
            connection = await service.connections.connect(SANDBOX.id, SANDBOX.base_url)
            assert connection.capabilities.supports_lookup
            assert (await service.connections.server_url(SANDBOX.base_url)).startswith("http://127.0.0.1:")

    asyncio.run(live())
