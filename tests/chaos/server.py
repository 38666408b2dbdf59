"""A server that fails at random, and knows for every row how often it was asked and how often it applied it."""

from __future__ import annotations

import asyncio
import json
import random
import threading
from collections import Counter
from dataclasses import dataclass, field

HEAD = "HTTP/1.1 {} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{}\r\n"


@dataclass
class Account:
    """What the server knows. `asked` and `applied` count requests by phone; `enrolled` those that started journeys."""

    asked: Counter[str] = field(default_factory=Counter)
    applied: Counter[str] = field(default_factory=Counter)
    enrolled: Counter[str] = field(default_factory=Counter)
    taken_off: Counter[str] = field(default_factory=Counter)
    order: dict[str, list[object]] = field(default_factory=dict)
    under_way: Counter[str] = field(default_factory=Counter)
    overlaps: int = 0
    """How often a request for a person came while another for the same person was being answered."""


class FlakyServer:
    """Listens in a thread of its own until it is closed. `trouble` is the share of requests that go wrong.

    `late`: seconds after which a request that was cut or failed may still be applied. `lies`: the share of look-ups that
    are answered with something else than the reference page shows.
    """

    def __init__(
        self,
        seed: int,
        *,
        trouble: float,
        supports_lookup: bool = False,
        delay: float = 0.002,
        late: float = 0.0,
        lies: float = 0.0,
    ) -> None:
        self.account = Account()
        self._random = random.Random(seed)
        self._trouble, self._look_ups, self._delay = trouble, supports_lookup, delay
        self._late, self._lies = late, lies
        self._kinds: tuple[str, ...] = ("cut before", "cut after", "500 before", "500 after", "429", "503")
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._live, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait()
        self.address = f"http://127.0.0.1:{self._port}"

    def be_troublesome(self, trouble: float) -> None:
        """From now on this share of requests goes wrong."""
        self._trouble = trouble

    def always(self, kind: str, *, late: float = 0.0) -> None:
        """Every trouble from now on is of this kind."""
        self._kinds, self._late = (kind,), late

    def __enter__(self) -> FlakyServer:
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _live(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve(ready))
        self._loop.close()

    async def _serve(self, ready: threading.Event) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stop.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = next(
                    (int(one.split(":")[1]) for one in head.split("\r\n") if one.lower().startswith("content-length")),
                    0,
                )
                body = await reader.readexactly(length)
                phone = json.loads(body).get("phone_number", "") if body else ""
                self.account.overlaps += bool(phone and self.account.under_way[phone])
                self.account.under_way[phone] += 1
                await asyncio.sleep(self._delay * self._random.random())
                self.account.under_way[phone] -= 1
                answer = self._answer(head, body)
                if answer is None:
                    break
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    def _answer(self, head: str, body: bytes) -> bytes | None:
        method, path, _version = head.split("\r\n")[0].split(" ")
        if method == "GET":
            return self._read(path)
        person = json.loads(body)
        phone = person["phone_number"]
        if method == "DELETE":
            return self._take_off(phone)
        self.account.asked[phone] += 1
        if self._random.random() >= self._trouble:
            return self._apply(person)
        kind = self._random.choice(self._kinds)
        if kind.endswith("after") and self._late:
            asyncio.get_running_loop().call_later(self._late, self._apply, person)
        elif kind.endswith("after"):
            self._apply(person)
        if kind.startswith("cut"):
            return None
        return _said({"error": kind}, int(kind[:3]), "Retry-After: 0\r\n" if kind == "429" else "")

    def _apply(self, person: dict[str, object]) -> bytes:
        phone = str(person["phone_number"])
        is_new = phone not in self.account.applied
        enrols = bool(person.get("use_journeys")) and (is_new or person.get("skip_journey_if_exists") is False)
        self.account.applied[phone] += 1
        self.account.enrolled[phone] += enrols
        self.account.order.setdefault(phone, []).append(person.get("custom_fields"))
        return _said(
            {
                "success": True, "contact_id": phone, "list_contact_id": phone, "is_new_contact": is_new,
                "is_new_list_contact": is_new, "journeys_enrolled": int(enrols),
            }
        )  # fmt: skip

    def _take_off(self, phone: str) -> bytes | None:
        """A DELETE: as prone to trouble as any other request."""
        self.account.asked[phone] += 1
        fails = self._random.random() < self._trouble
        if fails and self._random.random() < 0.5:
            return None
        was_on = phone in self.account.applied and phone not in self.account.taken_off
        self.account.taken_off[phone] += 1
        return None if fails else _said({"success": True, "unsubscribed": was_on})

    def _read(self, path: str) -> bytes:
        if not self._look_ups:
            return _said({"error": "not_found"}, 404)
        if path.startswith("/api/v2/lists"):
            return _said({"lists": []})
        if self._random.random() < self._lies:
            return self._random.choice(LIES)
        phone = path.rsplit("/", 1)[-1].replace("%2B", "+")
        if phone not in self.account.applied:
            return _said({"error": "not_found"}, 404)
        return _said({"phone_number": phone, "lists": [{"list_number": "+18005551234", "active": True}]})


def _page(status: int, body: bytes) -> bytes:
    return f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def _said(what: dict[str, object], status: int = 200, more: str = "") -> bytes:
    body = json.dumps(what)
    return (HEAD.format(status, len(body), more) + body).encode()


LIES = (
    _said({}),
    _said({"phone_number": "+14155550199", "lists": []}),
    _said({"lists": [{"list_number": "+18005551234"}]}),
    _said({"phone_number": "+14155550120", "lists": None}),
    _said({"phone_number": "+14155550120", "lists": [None]}),
    _page(200, b"[]"),
    _page(200, b"<html>Please log in</html>"),
    _page(404, b"<html>Not found</html>"),
    _page(500, b""),
    _page(204, b""),
)
"""Answers to a look-up that say nothing of the person who was asked about."""
