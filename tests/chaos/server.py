"""A server that fails at random, and counts requests and effects of every phone."""

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
    """The server's state. `asked`, `applied` and `enrolled` count requests by phone."""

    asked: Counter[str] = field(default_factory=Counter)
    applied: Counter[str] = field(default_factory=Counter)
    enrolled: Counter[str] = field(default_factory=Counter)
    taken_off: Counter[str] = field(default_factory=Counter)
    order: dict[str, list[object]] = field(default_factory=dict)
    under_way: Counter[str] = field(default_factory=Counter)
    overlaps: int = 0
    """Requests that came while another for the same phone was being answered."""


class FlakyServer:
    """A server on loopback, in a thread of its own until it is closed.

    `trouble` is the share of requests that fail. `late`: seconds after which a request that failed may still be applied.
    `lies`: the share of look-ups that are answered with something else than the reference page shows.
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
        self._changed = threading.Condition()
        self._random = random.Random(seed)
        self._trouble, self._supports_lookup, self._delay = trouble, supports_lookup, delay
        self._late, self._lies = late, lies
        self._kinds: tuple[str, ...] = ("cut before", "cut after", "500 before", "500 after", "429", "503")
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run_loop, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait()
        self.address = f"http://127.0.0.1:{self._port}"

    def set_trouble(self, trouble: float) -> None:
        """Let this share of requests fail from now on."""
        self._trouble = trouble

    def always(self, kind: str, *, late: float = 0.0) -> None:
        """Let every failure be of this kind from now on."""
        self._kinds, self._late = (kind,), late

    def wait_for_requests(self, count: int, timeout: float = 60.0) -> bool:
        """Wait until so many requests have come in all. Return False where time ran out."""
        with self._changed:
            return self._changed.wait_for(lambda: self.account.asked.total() >= count, timeout)

    def wait_until_idle(self, seconds: float) -> int:
        """Wait until none has come for so many seconds. Return how many have come."""
        with self._changed:
            while self._changed.wait(seconds):
                pass
            return self.account.asked.total()

    def _count_request(self, phone: str) -> None:
        with self._changed:
            self.account.asked[phone] += 1
            self._changed.notify_all()

    def __enter__(self) -> FlakyServer:
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run_loop(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve(ready))
        self._loop.close()

    async def _serve(self, ready: threading.Event) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._serve_connection, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stop.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _serve_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = next(
                    (
                        int(line.split(":")[1])
                        for line in head.split("\r\n")
                        if line.lower().startswith("content-length")
                    ),
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
        self._count_request(phone)
        if self._random.random() >= self._trouble:
            return self._apply(person)
        kind = self._random.choice(self._kinds)
        if kind.endswith("after") and self._late:
            asyncio.get_running_loop().call_later(self._late, self._apply, person)
        elif kind.endswith("after"):
            self._apply(person)
        if kind.startswith("cut"):
            return None
        return _json({"error": kind}, int(kind[:3]), "Retry-After: 0\r\n" if kind == "429" else "")

    def _apply(self, person: dict[str, object]) -> bytes:
        phone = str(person["phone_number"])
        is_new = phone not in self.account.applied
        enrols = bool(person.get("use_journeys")) and (is_new or person.get("skip_journey_if_exists") is False)
        self.account.applied[phone] += 1
        self.account.enrolled[phone] += enrols
        self.account.order.setdefault(phone, []).append(person.get("custom_fields"))
        return _json(
            {
                "success": True, "contact_id": phone, "list_contact_id": phone, "is_new_contact": is_new,
                "is_new_list_contact": is_new, "journeys_enrolled": int(enrols),
            }
        )  # fmt: skip

    def _take_off(self, phone: str) -> bytes | None:
        """Answer a DELETE, which fails as often as any other request."""
        self._count_request(phone)
        fails = self._random.random() < self._trouble
        if fails and self._random.random() < 0.5:
            return None
        was_on = phone in self.account.applied and phone not in self.account.taken_off
        self.account.taken_off[phone] += 1
        return None if fails else _json({"success": True, "unsubscribed": was_on})

    def _read(self, path: str) -> bytes:
        if not self._supports_lookup:
            return _json({"error": "not_found"}, 404)
        if path.startswith("/api/v2/lists"):
            return _json({"lists": []})
        if self._random.random() < self._lies:
            return self._random.choice(LIES)
        phone = path.rsplit("/", 1)[-1].replace("%2B", "+")
        if phone not in self.account.applied:
            return _json({"error": "not_found"}, 404)
        return _json({"phone_number": phone, "lists": [{"list_number": "+18005551234", "active": True}]})


def _page(status: int, body: bytes) -> bytes:
    return f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def _json(content: dict[str, object], status: int = 200, headers: str = "") -> bytes:
    body = json.dumps(content)
    return (HEAD.format(status, len(body), headers) + body).encode()


LIES = (
    _json({}),
    _json({"phone_number": "+14155550199", "lists": []}),
    _json({"lists": [{"list_number": "+18005551234"}]}),
    _json({"phone_number": "+14155550120", "lists": None}),
    _json({"phone_number": "+14155550120", "lists": [None]}),
    _page(200, b"[]"),
    _page(200, b"<html>Please log in</html>"),
    _page(404, b"<html>Not found</html>"),
    _page(500, b""),
    _page(204, b""),
)
"""Answers to a look-up that are not about the person who was looked up."""
