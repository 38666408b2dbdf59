"""The table of failures: outcome, requests and words, line by line."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path
from time import time
from typing import NamedTuple

import pytest

from tests.conftest import LIST
from tests.faults.server import ACCEPTED, CONNECTION_LOST, OddServer, Slow, Step, answer
from tests.journeys.jobs import check, deliver, rows_of, run_of
from trackly_desktop.api.replies import StopReason
from trackly_desktop.messages import STOP_HELP
from trackly_desktop.reports.results_export import problem_of

Write = Callable[..., Path]
NO_LISTS = answer(404, {"error": "not_found"})
FORCED = {"list_number": LIST, "use_journeys": "yes", "skip_journey_if_exists": "no"}


class Line(NamedTuple):
    """A failure before an answer that accepts, and the result for each kind of row."""

    name: str
    step: Step
    safe: str
    safe_requests: int
    forced: str
    forced_requests: int
    stopped: str | None = None
    words: str = ""


def raw(text: str, body: bytes = b"") -> bytes:
    return text.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body


HTML = raw("HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 20", b"<html>log in</html> ")
TRUE = json.dumps({"success": True, "contact_id": "c", "list_contact_id": "l", "is_new_list_contact": True}).encode()
BOMB = gzip.compress(b" " * 30_000_000)
MAY_TEXT_TWICE = "sending it again could text this person twice"

LINES = [
    Line("closed without an answer", CONNECTION_LOST, "created", 2, "unknown", 1, words=MAY_TEXT_TWICE),
    Line("half a head", b"HTTP/1.1 200 OK\r\nContent-Le", "created", 2, "unknown", 1, words=MAY_TEXT_TWICE),
    Line("half a body", raw("HTTP/1.1 200 OK\nContent-Length: 200", TRUE[:20]), "created", 2, "unknown", 1, words=MAY_TEXT_TWICE),
    Line("no answer in time", Slow(1.5), "created", 2, "unknown", 1, words=MAY_TEXT_TWICE),
    Line("a page of another server", HTML, "created", 2, "unknown", 1, words=MAY_TEXT_TWICE),
    Line("an empty success", answer(200, b""), "created", 2, "unknown", 1, words=MAY_TEXT_TWICE),
    Line("no HTTP at all", b"SSH-2.0-OpenSSH_9.6\r\n", "created", 2, "unknown", 1, words=MAY_TEXT_TWICE),
    Line("500", answer(500, {"code": "internal_error"}), "created", 2, "unknown", 1, words=MAY_TEXT_TWICE),
    Line("502 with a page", raw("HTTP/1.1 502 Bad\nContent-Length: 6", b"<html>"), "created", 2, "unknown", 1, words=MAY_TEXT_TWICE),
    Line("503 that asks for time", raw("HTTP/1.1 503 Busy\nRetry-After: 0\nContent-Length: 0"), "created", 2, "unknown", 1),
    Line("504", answer(504, b""), "created", 2, "unknown", 1, words=MAY_TEXT_TWICE),
    Line("a bomb", raw(f"HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: {len(BOMB)}", BOMB), "created", 2, "unknown", 1),
    Line("a huge body", raw("HTTP/1.1 200 OK\nContent-Length: 3000000", b"x" * 3_000_000), "created", 2, "unknown", 1),
    Line("429 in seconds", raw("HTTP/1.1 429 Slow\nRetry-After: 0\nContent-Length: 0"), "created", 2, "created", 2),
    Line("429 with a date", raw(f"HTTP/1.1 429 Slow\nRetry-After: {formatdate(time() - 9, usegmt=True)}\nContent-Length: 0"),
         "created", 2, "created", 2),
    Line("429 with nonsense", raw("HTTP/1.1 429 Slow\nRetry-After: soon\nContent-Length: 0"), "created", 2, "created", 2),
    Line("408", answer(408, b""), "created", 2, "created", 2),
    Line("425", answer(425, b""), "created", 2, "created", 2),
    Line("400 about the row", answer(400, {"code": "not_sendable", "error": "no"}), "refused", 1, "refused", 1, words="not_sendable"),
    Line("400 of an unknown code", answer(400, {"code": "brand_new"}), "refused", 1, "refused", 1, words="brand_new"),
    Line("413", answer(413, {"code": "payload_too_large"}), "refused", 1, "refused", 1, words="payload_too_large"),
    Line("422", answer(422, {"error": "odd"}), "refused", 1, "refused", 1, words="odd"),
    Line("success false", answer(200, {"success": False, "error": "paused"}), "refused", 1, "refused", 1, words="paused"),
    Line("400 about the list", answer(400, {"code": "list_not_found"}), "refused", 1, "refused", 1, "list"),
    Line("401", answer(401, {"code": "unauthorized"}), "pending", 1, "pending", 1, "key"),
    Line("402", answer(402, {"code": "suspended"}), "pending", 1, "pending", 1, "account"),
    Line("403 without a code", answer(403, {"error": "Account is suspended"}), "pending", 1, "pending", 1, "account"),
    Line("404", answer(404, b""), "pending", 1, "pending", 1, "address"),
    Line("405", answer(405, b""), "pending", 1, "pending", 1, "address"),
    Line("a redirect", raw("HTTP/1.1 307 Over there\nLocation: http://127.0.0.1:9/\nContent-Length: 0"),
         "pending", 1, "pending", 1, "address"),
    Line("a chunked success of another type", raw("HTTP/1.1 200 OK\nContent-Type: text/plain\nTransfer-Encoding: chunked",
         b"%x\r\n%s\r\n0\r\n\r\n" % (len(TRUE), TRUE)), "created", 1, "created", 1),
    Line("an interim answer before the true one", raw("HTTP/1.1 103 Early Hints\nLink: <x>") + answer(200, TRUE), "created", 1, "created", 1),
]  # fmt: skip


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.name)
@pytest.mark.parametrize("forced", [False, True], ids=["idempotent", "could text twice"])
def test_a_failure_ends_in_what_the_table_says(line: Line, forced: bool, journal_path: Path, write: Write) -> None:
    with OddServer(NO_LISTS, line.step, ACCEPTED) as server:
        fixed = FORCED if forced else {"list_number": LIST}
        run_id = check(journal_path, write("Phone", "4155550220"), server.address, fixed=fixed).run_id
        deliver(journal_path, run_id)
        posts = [head for head in server.heads if head.startswith("POST")]
    [row] = rows_of(journal_path, run_id)
    outcome, requests = (line.forced, line.forced_requests) if forced else (line.safe, line.safe_requests)
    assert (str(row.outcome), len(posts), run_of(journal_path, run_id).stopped) == (outcome, requests, line.stopped)
    if line.words and outcome in ("refused", "unknown"):
        assert line.words in problem_of(row)
    if line.stopped:
        help_ = STOP_HELP[StopReason(line.stopped)]
        assert help_.means
        assert help_.do
