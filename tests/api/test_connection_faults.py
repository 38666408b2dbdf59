"""Requests without a usable answer: facts in the result, sentences by `messages`."""

from __future__ import annotations

import asyncio
import socket

import pytest

from tests.faults.server import CONNECTION_LOST, OddServer, Slow, answer, closed_port
from trackly_desktop.api.client import TracklyClient
from trackly_desktop.api.connection_lanes import Timeouts
from trackly_desktop.api.replies import ConnectionFault, SendResult, connection_fault
from trackly_desktop.messages import answer_text, fault_text

KEY = "trk_" + "s3cr3t00" * 4
BODY = '{"phone_number":"+14155550150","list_number":"+18005551234"}'
QUICK = Timeouts(connect=1.0, read=0.3, write=0.3, whole=1.0)


def post(url: str) -> SendResult:
    async def send() -> SendResult:
        async with TracklyClient(url, KEY, timeouts=QUICK) as client:
            return await client.post_contact(BODY)

    return asyncio.run(send())


def text(reply: SendResult) -> str:
    return answer_text(reply.code or reply.fault, reply.words)


def test_no_answer_in_time() -> None:
    with OddServer(Slow(5.0)) as server:
        reply = post(server.address)
    assert reply.fault is ConnectionFault.TIMEOUT
    assert text(reply) == "No answer came in time"


def test_a_lost_connection_names_the_exception_alone() -> None:
    with OddServer(CONNECTION_LOST) as server:
        reply = post(server.address)
    assert (reply.fault, reply.code) == (ConnectionFault.CONNECTION_LOST, "")
    assert text(reply) == f"The connection broke before the answer came ({reply.words})"
    assert reply.words.isidentifier()


def test_a_port_that_nobody_listens_on() -> None:
    reply = post(f"http://127.0.0.1:{closed_port()}")
    assert (reply.fault, reply.words) == (ConnectionFault.CONNECTION_REFUSED, "")
    assert text(reply) == "No connection to the server (refused)"


def test_a_name_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_args: object, **_named: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    reply = post("https://trackly.example")
    assert (reply.fault, reply.words) == (ConnectionFault.NAME_UNKNOWN, "")
    assert text(reply) == "No connection to the server (its name is not known here)"


def test_a_proxy_that_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    with OddServer(answer(403, b"")) as proxy:
        monkeypatch.setenv("https_proxy", proxy.address)
        reply = post("https://trackly.example")
    assert reply.fault is ConnectionFault.PROXY_REFUSED
    assert text(reply).startswith("No connection to the server (the proxy says: 403")


def test_an_answer_that_raises_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> SendResult:
        raise RuntimeError

    monkeypatch.setattr("trackly_desktop.api.client.classify_response", fail)
    with OddServer(answer(200, {"success": True})) as server:
        reply = post(server.address)
    assert (reply.fault, reply.status) == (ConnectionFault.UNREADABLE_ANSWER, 200)
    assert text(reply) == "The answer could not be read"


def test_a_servers_code_is_never_taken_for_a_fault() -> None:
    with OddServer(answer(504, {"code": "timeout", "error": "Upstream is slow"})) as server:
        reply = post(server.address)
    assert (reply.code, reply.fault) == ("", None)
    assert text(reply) == "timeout: Upstream is slow"


@pytest.mark.parametrize("fault", ConnectionFault)
def test_every_fault_has_a_sentence_and_is_known_again(fault: ConnectionFault) -> None:
    assert fault_text(fault, "detail")
    assert answer_text(str(fault), "detail") == fault_text(fault, "detail")
    assert connection_fault(str(fault)) is fault


def test_a_servers_words_and_an_older_journals_sentence_are_shown_as_they_are() -> None:
    assert answer_text("not_sendable", "The number cannot be texted") == "The number cannot be texted"
    assert answer_text(None, "No answer came in time") == "No answer came in time"
    assert answer_text("", "") == ""
