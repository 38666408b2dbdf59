"""What is certain about a contact, whatever a server or a network does."""

from __future__ import annotations

import asyncio
import gzip
import json
import ssl
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.faults.server import ACCEPTED, CONNECTION_LOST, OddServer, Slow, Step, answer, closed_port
from trackly_desktop.api.client import TracklyClient
from trackly_desktop.api.connection_lanes import Timeouts
from trackly_desktop.api.replies import (
    Accepted,
    NotSent,
    Refused,
    RetryReason,
    SendResult,
    Stopped,
    StopReason,
    Unknown,
    UnknownReason,
)
from trackly_desktop.api.urls import UrlProblem
from trackly_desktop.messages import error_help

Run = Callable[[Coroutine[Any, Any, Any]], Any]
KEY = "trk_" + "s3cr3t00" * 4
BODY = '{"phone_number":"+14155550150","list_number":"+18005551234"}'
QUICK = Timeouts(connect=1.0, read=0.3, write=0.3, whole=1.0)


async def post(address: str, timeouts: Timeouts = QUICK) -> SendResult:
    async with TracklyClient(address, KEY, timeouts=timeouts) as client:
        return await client.post_contact(BODY)


def reply_to(step: Step) -> SendResult:
    with OddServer(step) as server:
        return asyncio.run(post(server.address))


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ({"error": "No such thing", "code": "brand_new_code"}, "brand_new_code", "No such thing"),
        ({"error": "brand_new_code", "message": "No such thing"}, "brand_new_code", "No such thing"),
        ({"error": {"code": "brand_new_code", "message": "No such thing"}}, "brand_new_code", "No such thing"),
        ({"error_code": "brand_new_code", "message": "No such thing"}, "brand_new_code", "No such thing"),
        ({"message": ["odd", 1]}, "", '["odd", 1]'),
        (["a", "list"], "", ""),
        ("text", "", ""),
        (None, "", ""),
        (b"<html>", "", ""),
        (b"\xff\xfe\x00", "", ""),
        (b"", "", ""),
    ],
)
def test_a_400_of_any_shape_is_a_refusal_with_its_code_and_words(body: object, code: str, words: str) -> None:
    reply = reply_to(answer(400, body))
    assert isinstance(reply, Refused)
    assert (reply.code, reply.words, reply.about_list) == (code, words, False)
    assert error_help(reply.code, reply.status).means


@pytest.mark.parametrize(
    ("status", "stop_reason"),
    [
        (401, StopReason.KEY), (402, StopReason.ACCOUNT), (403, StopReason.ACCOUNT), (404, StopReason.ADDRESS),
        (405, StopReason.ADDRESS), (301, StopReason.ADDRESS), (302, StopReason.ADDRESS), (307, StopReason.ADDRESS),
    ],
)  # fmt: skip
def test_some_statuses_stop_everything(status: int, stop_reason: StopReason) -> None:
    reply = reply_to(answer(status, {"error": "x"}, Location="http://127.0.0.1:9/"))
    assert isinstance(reply, Stopped)
    assert reply.stop_reason is stop_reason


def test_a_redirect_is_not_followed_so_that_the_key_goes_nowhere_else() -> None:
    with OddServer(ACCEPTED) as elsewhere, OddServer(answer(308, b"", Location=elsewhere.address)) as server:
        asyncio.run(post(server.address))
        assert len(server.heads) == 1
        assert elsewhere.heads == []


@pytest.mark.parametrize("status", [413, 422, 418, 451])
def test_other_4xx_refuse_the_row(status: int) -> None:
    assert isinstance(reply_to(answer(status, {"error": "x"})), Refused)


@pytest.mark.parametrize("status", [408, 425])
def test_408_and_425_were_not_applied(status: int) -> None:
    reply = reply_to(answer(status, b""))
    assert isinstance(reply, NotSent)
    assert reply.reason is RetryReason.TRY_AGAIN


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [("7", 7, 7), ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0), ("Fri, 01 Jan 2100 00:00:00 GMT", 1e8, 1e11)],
)
def test_retry_after_is_read_in_seconds_or_as_a_date(header: str, least: float, most: float) -> None:
    reply = reply_to(answer(429, b"", Retry_After=header))
    assert isinstance(reply, NotSent)
    assert reply.retry_after is not None
    assert least <= reply.retry_after <= most


@pytest.mark.parametrize("header", ["soon", "-3", "", "1e9", "٣"])
def test_an_unreadable_retry_after_is_left_out(header: str) -> None:
    reply = reply_to(answer(503, b"", Retry_After=header.encode().decode("latin-1")))
    assert isinstance(reply, Unknown)
    assert reply.retry_after is None


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (answer(500, {"error": "x", "code": "internal_error"}), UnknownReason.SERVER),
        (answer(502, b"<html>"), UnknownReason.SERVER),
        (answer(504, b""), UnknownReason.TIMEOUT),
        (answer(200, b"<html>Sign in"), UnknownReason.UNEXPECTED_RESPONSE),
        (answer(200, {"success": "yes"}), UnknownReason.UNEXPECTED_RESPONSE),
        (answer(200, []), UnknownReason.UNEXPECTED_RESPONSE),
        (answer(200, b'{"success": tr'), UnknownReason.UNEXPECTED_RESPONSE),
        (b'HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{"succ', UnknownReason.TIMEOUT),
        (b"not http at all\r\n\r\n", UnknownReason.CONNECTION_LOST),
        (CONNECTION_LOST, UnknownReason.CONNECTION_LOST),
        (Slow(5.0), UnknownReason.TIMEOUT),
        (answer(200, b"[" * 100_000), UnknownReason.UNEXPECTED_RESPONSE),
    ],
)
def test_an_uncertain_answer_is_unknown(step: Step, reason: UnknownReason) -> None:
    reply = reply_to(step)
    assert isinstance(reply, Unknown)
    assert reply.reason is reason


def test_success_false_is_a_refusal() -> None:
    reply = reply_to(answer(200, {"success": False, "error": "Not today"}))
    assert isinstance(reply, Refused)
    assert reply.words == "Not today"


def test_a_compressed_answer_is_unpacked_though_none_was_accepted() -> None:
    packed = gzip.compress(ACCEPTED.partition(b"\r\n\r\n")[2])
    assert isinstance(reply_to(answer(200, packed, Content_Encoding="gzip")), Accepted)


def test_a_decompression_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b"[" * 50_000_000)
    reply = reply_to(answer(200, bomb, Content_Encoding="gzip"))
    assert isinstance(reply, Unknown)
    assert len(reply.raw) <= 2_000


def test_fields_that_are_missing_or_odd_in_a_success_do_no_harm() -> None:
    odd = {"success": True, "contact_id": 7, "journeys_enrolled": "many", "warnings": "careful", "new_field": {}}
    reply = reply_to(answer(200, odd))
    assert isinstance(reply, Accepted)
    assert (reply.contact_id, reply.journeys_enrolled, reply.warnings) == ("7", 0, ())


def test_no_key_is_in_anything_that_is_stored_of_an_answer() -> None:
    reply = reply_to(answer(400, {"error": f"Bad key {KEY}", "code": KEY}))
    assert KEY not in repr(reply)


def test_a_request_to_a_closed_port_was_never_sent(run: Run) -> None:
    reply = run(post(f"http://127.0.0.1:{closed_port()}"))
    assert isinstance(reply, NotSent)
    assert reply.reason is RetryReason.NETWORK


def test_an_untrusted_certificate_stops(run: Run) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(context)
    with OddServer(ACCEPTED, context=context) as server:
        reply = run(post(server.address))
        assert isinstance(reply, Stopped)
        assert reply.stop_reason is StopReason.CERTIFICATE
        assert server.heads == []


@pytest.mark.parametrize(
    ("name", "until", "words"),
    [
        ("somebody-else.example", None, "not valid for 'localhost'"),
        ("localhost", datetime(2020, 1, 1, tzinfo=UTC), "expired"),
    ],
)
def test_a_trusted_certificate_of_another_name_or_time_stops_too(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, until: datetime | None, words: str
) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate = authority.issue_cert(name, not_before=datetime(2019, 1, 1, tzinfo=UTC), not_after=until)
    certificate.configure_cert(context)
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    with OddServer(ACCEPTED, context=context) as server:
        reply = run(post(server.address))
    assert isinstance(reply, Stopped)
    assert reply.stop_reason is StopReason.CERTIFICATE
    assert words in reply.words
    assert server.heads == []


def test_a_certificate_that_the_system_trusts_is_accepted(
    run: Run, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    trusted = tmp_path / "trusted.pem"
    authority.cert_pem.write_to_path(str(trusted))
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with OddServer(ACCEPTED, context=context) as server:
        assert isinstance(run(post(server.address)), Accepted)


def test_a_proxy_of_the_environment_is_used_but_not_for_this_machine(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with OddServer(answer(502, b"")) as proxy:
        monkeypatch.setenv("https_proxy", proxy.address)
        run(post("https://trackly.example"))
        assert proxy.heads[0].startswith("CONNECT trackly.example:443")
        assert KEY not in "".join(proxy.heads)
        with OddServer(ACCEPTED) as server:
            assert isinstance(run(post(server.address)), Accepted)


@pytest.mark.parametrize(
    "address", ["http://app.tracklysms.com", "ftp://x", "https://", "https://user:pw@x", "https://x/api", "https://x?a"]
)
def test_a_url_that_must_not_have_the_key_is_refused(address: str) -> None:
    with pytest.raises(UrlProblem):
        TracklyClient(address, KEY)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:80"])
def test_http_is_for_loopback(address: str) -> None:
    TracklyClient(address, KEY)


def test_the_request_is_what_the_reference_page_shows(run: Run) -> None:
    with OddServer(ACCEPTED) as server:
        run(post(server.address))
    head = server.heads[0].lower()
    assert head.startswith("post /api/v2/contacts http/1.1")
    assert f"x-api-key: {KEY}" in head
    assert "content-type: application/json" in head
    assert server.bodies == [json.loads(BODY)]


def test_a_lane_is_used_again_and_each_has_one_connection(run: Run) -> None:
    async def many() -> list[SendResult]:
        async with TracklyClient(server.address, KEY) as client:
            return [
                *await asyncio.gather(*(client.post_contact(BODY) for _ in range(4))),
                *await asyncio.gather(*(client.post_contact(BODY) for _ in range(4))),
            ]

    with OddServer(ACCEPTED) as server:
        assert all(isinstance(reply, Accepted) for reply in run(many()))
        assert len(server.bodies) == 8
