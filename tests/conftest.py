"""Fixtures of all tests: own folders, no keyring, a practice account."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import settings

from trackly_desktop.sandbox import KEY
from trackly_desktop.sandbox.runner import SandboxServer

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The same examples each time, unless HYPOTHESIS_PROFILE=random: a test that fails fails for everybody.
settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.register_profile("random", deadline=None, database=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

LIST = "+18005551234"
OTHER_LIST = "+18005551235"
PAUSED_LIST = "+18005551237"


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / "home" / name.lower()))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.delenv("TRACKLY_API_KEY", raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


class Practice:
    """A client of the practice account's server."""

    def __init__(self, server: SandboxServer) -> None:
        self.address = server.address
        self._client = httpx.Client(base_url=server.address, headers={"X-Api-Key": KEY}, trust_env=False)

    def people(self, list_number: str = LIST) -> dict[str, dict[str, Any]]:
        """Return everyone on a list by phone, without those of the sandbox's table."""
        people: dict[str, dict[str, Any]] = {}
        page = pages = 1
        while page <= pages:
            answer = self.get(
                f"/api/v2/contacts?list_number={list_number.replace('+', '%2B')}&page={page}&per_page=200"
            )
            pages = answer["pagination"]["total_pages"]
            people |= {
                person["phone_number"]: person for person in answer["contacts"] if person["practice"]["requests"]
            }
            page += 1
        return people

    def get(self, path: str) -> Any:
        """Return the JSON of a GET."""
        return self._client.get(path).raise_for_status().json()

    def ask(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        """Send any request."""
        return self._client.request(method, path, **kwargs)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


@pytest.fixture
def practice() -> Iterator[Practice]:
    """A practice account with nobody on it."""
    server = SandboxServer()
    account = Practice(server)
    yield account
    account.close()
    server.stop()


@pytest.fixture(scope="session")
def only_post() -> Iterator[str]:
    """The address of a server that knows nothing but the one endpoint."""
    server = SandboxServer(only_post=True)
    yield server.address
    server.stop()


@pytest.fixture
def run() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run a coroutine to its end."""
    return asyncio.run


@pytest.fixture
def journal_path(tmp_path: Path) -> Path:
    """A journal that is not there yet."""
    return tmp_path / "journal.sqlite"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of these lines."""

    def make(*lines: str, name: str = "people.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
        return path

    return make
