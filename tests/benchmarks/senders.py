"""Senders: our import and its references, each measured in contacts a second."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import httpx

from trackly_desktop.accounts.credentials import CredentialStore
from trackly_desktop.contacts.contact import Contact
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.delivery.engine import Delivery
from trackly_desktop.files.table import FormatOptions
from trackly_desktop.journal.import_options import Options
from trackly_desktop.mapping.column_mapping import suggest_mapping
from trackly_desktop.service.import_service import ImportService
from trackly_desktop.validation.file_validation import ValidationRequest, inspect_file, validate_file

LIST = "+18005551234"
KEY = "trk_" + "bench" * 6 + "be"
PATH = "/api/v2/contacts"
HEADERS = {"X-Api-Key": KEY, "Content-Type": "application/json"}
WARM_AFTER = 300
"""Rows after which the default pace has grown to its ceiling."""


def phone(number: int) -> str:
    """Return a valid phone number, distinct for each row."""
    return f"+1415{2_000_000 + number}"


def body(number: int) -> bytes:
    """Return the body of a row, the same for every sender."""
    fields: dict[str, str | int] = {"first_name": f"Name {number}", "visits": number}
    return Contact(phone(number), LIST, url="https://example.com/signup", custom_fields=fields).to_json().encode()


def write_file(path: Path, rows: int) -> None:
    """Write the same rows as a file."""
    lines = (f"{phone(number)},Name {number},{number},https://example.com/signup\n" for number in range(rows))
    path.write_text("phone,first name,visits,url\n" + "".join(lines), "utf-8")


@dataclass(frozen=True)
class Imported:
    """Figures of an import."""

    whole: float
    """Contacts a second, file and journal included."""
    warm: float
    """Contacts a second after the first WARM_AFTER rows."""
    repeated: float
    """The share of requests that repeated another."""


def our_import(address: str, rows: int, in_flight: int) -> Imported:
    """Measure our import: validate a file into a journal on disk, and deliver it."""
    with tempfile.TemporaryDirectory() as folder:
        file, journal = Path(folder) / "people.csv", Path(folder) / "journal.sqlite"
        write_file(file, rows)
        began = perf_counter()
        opened = inspect_file(file, FormatOptions(), lambda _rows: None)
        request = ValidationRequest(
            path=str(file), choice=FormatOptions(), fingerprint=opened.how.fingerprint,
            mapping=suggest_mapping(opened.header, opened.profiles),
            options=Options(fixed={"list_number": LIST}, in_flight=in_flight),
            account="bench", account_name="Bench", base_url=address, journal=str(journal),
        )  # fmt: skip
        checked = validate_file(request, lambda _rows: None)
        turns, requests = asyncio.run(_delivered(journal, checked.run_id))
        ended = perf_counter()
    last, done = turns[-1]
    assert done == rows, f"{done} of {rows} were delivered"
    at, before = next(((at, done) for at, done in turns if done >= WARM_AFTER), turns[0])
    warm = (done - before) / (last - at) if last > at else 0.0
    return Imported(rows / (ended - began), warm, (requests - rows) / requests)


async def _delivered(journal: Path, run: int) -> tuple[list[tuple[float, int]], int]:
    keys = CredentialStore()
    keys.set_for_session("bench", KEY)
    session = ImportService(journal, keys)
    running: list[Delivery] = []
    turns: list[tuple[float, int]] = []

    def on_turn() -> None:
        turns.append((perf_counter(), running[0].progress().counts[Outcome.CREATED]))

    try:
        await session.deliver(run, begun=running.append, on_turn=on_turn)
    finally:
        await session.close()
    return turns, running[0].progress().requests


def bare_lanes(address: str, rows: int, in_flight: int) -> float:
    """Measure httpx in lanes, a client for each request in flight, without a journal."""

    async def work() -> None:
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
        clients = [httpx.AsyncClient(base_url=address, limits=limits, trust_env=False) for _ in range(in_flight)]
        await _drain(rows, [client.post for client in clients])
        for client in clients:
            await client.aclose()

    return _timed(rows, work)


def one_client(address: str, rows: int, in_flight: int) -> float:
    """Measure one shared httpx client."""

    async def work() -> None:
        limits = httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
        async with httpx.AsyncClient(base_url=address, limits=limits, trust_env=False) as client:
            await _drain(rows, [client.post] * in_flight)

    return _timed(rows, work)


async def _drain(rows: int, posts: list[Callable[..., Awaitable[httpx.Response]]]) -> None:
    numbers = iter(range(rows))

    async def send(post: Callable[..., Awaitable[httpx.Response]]) -> None:
        for number in numbers:
            content = (await post(PATH, content=body(number), headers=HEADERS)).json()
            assert content["success"] is True

    await asyncio.gather(*(send(post) for post in posts))


def _timed(rows: int, work: Callable[[], Awaitable[None]]) -> float:
    async def run() -> float:
        began = perf_counter()
        await work()
        return rows / (perf_counter() - began)

    return asyncio.run(run())


def curl_in_a_loop(address: str, rows: int) -> float:
    """Measure one curl process after the other."""
    began = perf_counter()
    for number in range(rows):
        options = [word for name, value in HEADERS.items() for word in ("-H", f"{name}: {value}")]
        subprocess.run(
            ["curl", "-s", "-X", "POST", address + PATH, *options, "-d", body(number).decode()],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    return rows / (perf_counter() - began)
