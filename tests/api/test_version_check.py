"""The newest version's number, fetched alone and over https."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.server import CONNECTION_LOST, OddServer, answer
from trackly_desktop.api.version_check import VersionCheckProblem, fetch_newest_version
from trackly_desktop.messages import answer_text


@pytest.mark.parametrize(
    "body", [b"0.2.0\n", b"v0.2.0", {"version": "0.2.0"}, {"tag_name": "v0.2.0", "assets": [{"name": "x.deb"}]}]
)
def test_a_number_is_read_from_text_and_from_json(run: Callable[..., Any], body: object) -> None:
    with OddServer(answer(200, body)) as server:
        assert run(fetch_newest_version(f"{server.address}/version.txt")) == "0.2.0"


@pytest.mark.parametrize("version", ["1.0rc1", "1.0a1.dev3", "2.1.0.post1"])
def test_a_pre_release_is_a_version_too(run: Callable[..., Any], version: str) -> None:
    with OddServer(answer(200, {"tag_name": f"v{version}"})) as server:
        assert run(fetch_newest_version(f"{server.address}/version.txt")) == version


def test_nothing_is_sent_but_the_request(run: Callable[..., Any]) -> None:
    with OddServer(answer(200, b"0.2.0")) as server:
        run(fetch_newest_version(f"{server.address}/version.txt"))
        [head] = server.heads
    lines = [line.split(":")[0].lower() for line in head.strip().splitlines()]
    assert lines == ["get /version.txt http/1.1", "host", "accept", "accept-encoding", "user-agent"]
    assert head.endswith("User-Agent: TracklyDesktop")


@pytest.mark.parametrize(
    ("response", "words"),
    [
        (answer(302, b"", Location="https://elsewhere.example/"), "leads on to another one"),
        (answer(404), "it answers 404"),
        (answer(200, b"<html>0.2.0</html>"), "no version number"),
        (answer(200, {"version": None}), "no version number"),
        (answer(200, b"0.2.0-beta"), "no version number"),
        (answer(200, b"\xff" * 2_000_000), "no version number"),
        (CONNECTION_LOST, "broke before the answer came"),
    ],
)
def test_an_answer_without_a_number_is_a_problem(run: Callable[..., Any], response: bytes, words: str) -> None:
    with OddServer(response) as server, pytest.raises(VersionCheckProblem) as caught:
        run(fetch_newest_version(server.address))
    assert words in answer_text(caught.value.fault, str(caught.value))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://example.com/version.txt", "use https"),
        ("https://me:secret@example.com/", "without a name"),
        ("ftp://example.com/", "not an address"),
        ("version", "not an address"),
        ("https://[::1/", "not an address"),
    ],
)
def test_a_url_that_cannot_be_trusted_is_not_fetched(run: Callable[..., Any], address: str, words: str) -> None:
    with pytest.raises(VersionCheckProblem, match=words):
        run(fetch_newest_version(address))
