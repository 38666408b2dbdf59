"""The practice account over HTTP: the whole API."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import LIST, OTHER_LIST, Practice
from tests.faults.server import closed_port
from trackly_desktop.sandbox import KEY
from trackly_desktop.sandbox.numbers import NUMBERS

PHONE = "+14155550150"


def add(practice: Practice, phone: str = PHONE, **more: object) -> httpx.Response:
    return practice.ask("POST", "/api/v2/contacts", json={"phone_number": phone, "list_number": LIST} | more)


def test_contacts_come_page_by_page(practice: Practice) -> None:
    for number in range(7):
        add(practice, f"+1415555016{number}")
    page = practice.get("/api/v2/contacts?list_number=%2B18005551234&active=true&page=2&per_page=3")
    assert page["pagination"] == {"page": 2, "per_page": 3, "total": 7, "total_pages": 3}
    assert [contact["phone_number"] for contact in page["contacts"]] == ["+14155550163", "+14155550162", "+14155550161"]


def test_a_contact_comes_with_every_list(practice: Practice) -> None:
    add(practice)
    add(practice, list_number=OTHER_LIST)
    person = practice.get(f"/api/v2/contacts/{PHONE}")
    assert [entry["list_number"] for entry in person["lists"]] == [LIST, OTHER_LIST]
    assert practice.ask("GET", "/api/v2/contacts/+14155550199").status_code == 404


def test_delete_unsubscribes_and_the_next_contact_says_so(practice: Practice) -> None:
    add(practice)
    response = practice.ask("DELETE", "/api/v2/contacts", json={"phone_number": PHONE, "list_number": LIST})
    assert response.json() == {"success": True, "unsubscribed": True}
    assert practice.people()[PHONE]["active"] is False
    assert "unsubscribed" in add(practice, use_journeys=True).json()["warnings"][0]


def test_bulk_accepts_valid_contacts_and_names_the_others(practice: Practice) -> None:
    rows = [{"phone_number": PHONE, "list_number": LIST}, {"phone_number": "1", "list_number": LIST}]
    content = practice.ask("POST", "/api/v2/contacts/bulk", json={"contacts": rows}).json()
    assert (content["success_count"], content["error_count"], content["list_contacts_created"]) == (1, 1, 1)
    assert content["errors"] == [
        {"index": 1, "phone_number": "1", "code": "invalid_phone", "error": content["errors"][0]["error"]}
    ]


def test_every_endpoint_wants_the_key(practice: Practice) -> None:
    for path in ("/api/v2/contacts", "/api/v2/lists", f"/api/v2/contacts/{PHONE}"):
        assert httpx.get(practice.address + path, trust_env=False).json() == {
            "error": "Missing X-Api-Key header", "code": "unauthorized",
        }  # fmt: skip


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"use_journeys": "yes"}, "invalid_use_journeys"),
        ({"custom_fields": {"a": {"b": 1}}}, "invalid_custom_fields"),
        ({"url": 7}, "invalid_url"),
    ],
)
def test_a_field_of_the_wrong_type_is_refused(practice: Practice, more: dict[str, object], code: str) -> None:
    assert add(practice, PHONE, **more).json()["code"] == code


def test_a_body_that_is_not_json_is_refused(practice: Practice) -> None:
    assert practice.ask("POST", "/api/v2/contacts", content=b"{").json()["code"] == "invalid_json"


def test_every_number_of_the_table_is_in_the_readme() -> None:
    readme = Path("README.md").read_text("utf-8")
    assert [number for number in NUMBERS if number not in readme] == []
    assert KEY in readme


@pytest.fixture
def standalone_port() -> Iterator[int]:
    """`python -m trackly_desktop.sandbox --port N`."""
    port = closed_port()
    command = [sys.executable, "-m", "trackly_desktop.sandbox", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert str(port) in server.stdout.readline()  # it listens from then on
        yield port
        server.terminate()


def test_the_curl_command_of_the_reference_page_works_but_for_host_port_and_key(standalone_port: int) -> None:
    command = f"""curl -s -X POST "http://127.0.0.1:{standalone_port}/api/v2/contacts" \\
      -H "X-Api-Key: {KEY}" \\
      -H "Content-Type: application/json" \\
      -d '{{
        "phone_number": "+14155559876",
        "list_number": "+18005551234",
        "use_journeys": true,
        "custom_fields": {{
          "first_name": "Jane",
          "source": "landing_page_v2"
        }},
        "ip_address": "203.0.113.42",
        "url": "https://example.com/signup"
      }}'"""
    if subprocess.run(["sh", "-c", "command -v curl"], capture_output=True).returncode:
        pytest.fail("curl is needed for this test")
    output = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout
    assert '"success":true' in output
    assert '"journeys_enrolled":1' in output
