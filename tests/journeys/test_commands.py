"""Commands as they are typed in a terminal."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import LIST, Practice
from tests.faults.relay import Relay
from tests.faults.server import OddServer, answer, closed_port
from tests.files import workbooks
from tests.journeys.program import Done, environment, import_words, run, start
from trackly_desktop import __version__
from trackly_desktop.journal.queries import JournalReader

Write = Callable[..., Path]
SAMPLE = Path("resources/samples/contacts.csv")


def test_check_reports_how_a_file_is_read_and_each_problem_with_its_row(write: Write) -> None:
    file = write("Phone;Name;Visits", "4155550120;Zoë;3", "415555;Ben;4", "4155550120;Again;5", encoding="windows-1252")
    done = run("check", str(file), "--json")
    assert done.code == 1
    result = done.json
    assert (result["kind"], result["encoding"]) == ("csv", "windows-1252")
    assert (result["delimiter"], result["header_row"]) == (";", 1)
    assert result["columns"] == [
        {"name": "Phone", "field": "phone_number", "type": None},
        {"name": "Name", "field": "custom:name", "type": "string"},
        {"name": "Visits", "field": "custom:visits", "type": "number"},
    ]
    assert (result["rows"], result["counts"]) == (3, {"ready": 1, "invalid": 1, "duplicate": 1})
    assert result["first_rows"][0] == ["4155550120", "Zoë", "3"]
    [problem] = result["problems"]
    assert (problem["row"], problem["column"], problem["value"]) == (2, "Phone", "415555")
    assert problem["code"] == "phone_too_short"
    assert problem["problem"] == "This number is too short for the United States: it has 6 digits"
    assert result["error"] is None


def test_options_say_how_a_file_is_read(tmp_path: Path, write: Write) -> None:
    file = write("a|4155550120|Žofie", "b|4155550121|x", encoding="windows-1250")
    words = ("--encoding", "windows-1250", "--delimiter", "|", "--header-row", "0", "--map", "Column 2=phone_number")
    result = run("check", str(file), "--json", *words).json
    assert (result["encoding"], result["delimiter"]) == ("windows-1250", "|")
    assert (result["header_row"], result["rows"]) == (None, 2)
    assert result["first_rows"][0][2] == "Žofie"
    book = tmp_path / "people.xlsx"
    book.write_bytes(workbooks.xlsx({"One": [["Phone"], ["4155550120"]], "Two": [["Phone"], ["4155550121"]]}))
    result = run("check", str(book), "--json", "--sheet", "Two").json
    assert (result["kind"], result["sheet"], result["first_rows"]) == ("xlsx", "Two", [["4155550121"]])


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--encoding", "klingon"), "There is no encoding called klingon"),
        (("--delimiter", "::"), "--delimiter: one sign"),
        (("--header-row", "-1"), "--header-row: a line from 1"),
        (("--header-row", "99"), "There is nothing on line 99"),
        (("--timezone", "Mars/Base"), "There is no time zone called Mars/Base"),
    ],
)
def test_an_impossible_way_of_reading_says_why(write: Write, words: tuple[str, ...], reason: str) -> None:
    done = run("check", str(write("Phone", "4155550120")), *words)
    assert done.code == 2
    assert reason in done.err


def test_check_of_a_file_with_every_row_ready_exits_with_0(write: Write) -> None:
    assert run("check", str(write("Phone", "4155550120"))).code == 0


@pytest.mark.parametrize(("content", "words"), [(b"", "The file is empty"), (b"PK\x03\x04", "zip file")])
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "odd.csv"
    file.write_bytes(content)
    done = run("check", str(file), "--json")
    assert done.code == 2
    assert words in done.json["error"]
    assert "Traceback" not in done.err


def test_import_delivers_a_file_and_writes_each_rows_outcome(practice: Practice, tmp_path: Path) -> None:
    out = tmp_path / "results.csv"
    done = run(*import_words(SAMPLE, practice.address, "--journeys", "--set", "custom:wave=3", "--results", str(out)))
    assert done.code == 1
    result = done.json
    assert result["counts"] == {
        "created": 6, "updated": 1, "refused": 1, "unknown": 0, "invalid": 2, "skipped": 2, "pending": 0,
    }  # fmt: skip
    assert sum(result["counts"].values()) == result["rows"] == 12
    assert result["stopped"] is None
    with out.open(encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["row"] for row in rows] == [str(number) for number in range(1, 13)]
    assert rows[1]["outcome"] == "created"
    assert rows[1]["journeys_enrolled"] == "1"
    assert rows[6]["problem"].startswith("not_sendable; ")
    people = practice.people()
    assert len(people) == 7  # 0108 unsubscribed: held back
    assert all(person["custom_fields"]["wave"] == "3" for person in people.values())


def test_every_row_accepted_exits_with_0(practice: Practice, write: Write) -> None:
    done = run(*import_words(write("Phone", "4155550120", "4155550121"), practice.address))
    assert (done.code, done.json["requests"], done.json["retries"]) == (0, 2, 0)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--list", "nonsense"), "--list"),
        (("--map", "Nobody=phone_number"), "The file has no column “Nobody”"),
        (("--map", "Phone=phone"), "There is no field “phone”"),
        (("--set", "ip_address=300.1.1.1"), "--set ip_address"),
        (("--region", "XX"), "--region"),
        (("--base-url", "http://app.tracklysms.com"), "clear text"),
        (("--preset", "none"), "There is no preset “none”"),
    ],
)
def test_wrong_use_says_why_and_exits_with_2(
    practice: Practice, write: Write, words: tuple[str, ...], message: str
) -> None:
    done = run(*import_words(write("Phone", "4155550120"), practice.address), *words)
    assert done.code == 2
    assert message in done.err
    assert "Traceback" not in done.err
    assert practice.people() == {}


def test_without_a_key_nothing_begins(practice: Practice, write: Write) -> None:
    words = [sys.executable, "-m", "trackly_desktop", *import_words(write("Phone", "4155550120"), practice.address)]
    without_key = {name: value for name, value in environment().items() if name != "TRACKLY_API_KEY"}
    done = subprocess.run(words, capture_output=True, text=True, env=without_key)
    assert done.returncode == 2
    assert "There is no key" in done.stderr


def test_a_key_is_never_taken_as_an_argument(write: Write) -> None:
    done = run("import", str(write("Phone", "4155550120")), "--list", LIST, "--key", "trk_x")
    assert done.code == 2


def test_a_wrong_key_stops_and_resume_with_the_right_one_goes_on(practice: Practice, write: Write) -> None:
    file = write("Phone", "4155550120", "4155550121")
    stopped = run(*import_words(file, practice.address), TRACKLY_API_KEY="trk_" + "x" * 32)
    assert (stopped.code, stopped.json["stopped"], stopped.json["counts"]["pending"]) == (3, "key", 2)
    done = run("resume", "--json")
    assert (done.code, done.json["counts"]["created"]) == (0, 2)


@pytest.mark.parametrize(
    ("reply", "stopped"),
    [
        (answer(302, b"", Location="https://elsewhere.example/"), "address"),
        (answer(402, {"error": "Add a payment method", "code": "no_payment_method"}), "account"),
        (answer(400, {"error": "No such list", "code": "list_not_found"}), "list"),
    ],
)
def test_what_stops_a_run_is_named(write: Write, reply: bytes, stopped: str) -> None:
    with OddServer(answer(404), reply) as server:
        done = run(*import_words(write("Phone", "4155550120", "4155550121"), server.address))
    assert (done.code, done.json["stopped"]) == (3, stopped)


def test_an_unfinished_import_of_the_file_is_not_begun_twice_without_new_run(practice: Practice, write: Write) -> None:
    file = write("Phone", *(f"41555502{number:02}" for number in range(60)))
    with Relay(practice.address) as relay:
        running = start(*import_words(file, relay.address, "--per-second", "30"))
        assert relay.wait_for_posts(3)
        running.send_signal(signal.SIGINT)
        interrupted = Done(running)
        assert (interrupted.code, interrupted.json["stopped"]) == (130, "interrupted")
        refused = run(*import_words(file, relay.address))
        assert refused.code == 2
        assert f"resume {interrupted.json['run']}" in refused.err
        assert interrupted.json["counts"]["created"] == len(practice.people())
        done = run("resume", "--json")
        assert (done.code, done.json["counts"]["created"]) == (0, 60)
        assert {person["practice"]["requests"] for person in practice.people().values()} == {1}
        second = run(*import_words(file, relay.address, "--new-run"))
    assert second.json["counts"]["updated"] == 60


def test_resume_with_nothing_to_do_reports_the_newest_run(practice: Practice, write: Write) -> None:
    assert run("resume", "--json").json["run"] is None
    run(*import_words(write("Phone", "4155550120"), practice.address))
    done = run("resume", "--json")
    assert done.code == 0
    assert done.json["counts"]["created"] == 1
    assert "Nothing is unfinished" in done.err


def test_people_added_before_can_be_left_out(practice: Practice, write: Write) -> None:
    run(*import_words(write("Phone", "4155550120"), practice.address))
    file = write("Phone", "4155550120", "4155550121", name="next.csv")
    done = run(*import_words(file, practice.address, "--already-added", "skip"))
    assert (done.json["counts"]["skipped"], done.json["counts"]["created"]) == (1, 1)


def test_without_a_network_a_run_waits_and_loses_nothing(write: Write) -> None:
    running = start(*import_words(write("Phone", "4155550120"), f"http://127.0.0.1:{closed_port()}"))
    assert running.stderr is not None
    assert any("Waiting for the network" in line for line in running.stderr)
    running.send_signal(signal.SIGINT)
    done = Done(running)
    assert (done.code, done.json["counts"]["pending"]) == (130, 1)


def test_the_practice_account_can_be_named(write: Write) -> None:
    done = run("import", str(write("Phone", "4155550120")), "--list", LIST, "--account", "practice", "--json")
    assert (done.code, done.json["counts"]["created"]) == (0, 1)


def test_progress_is_on_stderr_and_stdout_is_one_json_object(practice: Practice, write: Write) -> None:
    done = run(*import_words(write("Phone", "4155550120"), practice.address))
    assert len(done.out.splitlines()) == 1


def test_the_journal_is_its_owners_alone(practice: Practice, write: Write) -> None:
    run(*import_words(write("Phone", "4155550120"), practice.address))
    folder = Path(os.environ["XDG_DATA_HOME"]) / "trackly-desktop"
    assert folder.stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())


def test_resume_applies_the_options_for_unknown_and_refused_rows(practice: Practice, write: Write) -> None:
    file = write("Phone", "4155550101", "4155550120")
    first = run(*import_words(file, practice.address)).json
    assert first["counts"]["refused"] == 1
    again = run("resume", str(first["run"]), "--retry-refused", "--json").json
    assert (again["counts"]["refused"], again["counts"]["created"], again["requests"]) == (1, 1, 3)
    assert run("resume", str(first["run"]), "--unknown", "leave", "--json").code == 1


def test_a_record_is_written_and_verified_against_the_file(practice: Practice, write: Write, tmp_path: Path) -> None:
    file, record = write("Phone", "4155550120"), tmp_path / "record.json"
    assert run(*import_words(file, practice.address, "--record", str(record))).code == 0
    done = run("verify", str(record), str(file), "--json")
    assert (done.code, done.json["true"]) == (0, True)
    file.write_text("Phone\n4155550121\n")
    assert run("verify", str(record), str(file)).code == 1
    assert run("verify", str(file), str(file)).code == 2


def test_a_file_named_for_unsubscribed_people_is_imported_only_when_allowed(practice: Practice, write: Write) -> None:
    file = write("Phone", "4155550120", name="unsubscribed_members.csv")
    done = run(*import_words(file, practice.address))
    assert done.code == 2
    assert "--allow-suppression-filename" in done.err
    assert run(*import_words(file, practice.address, "--allow-suppression-filename")).code == 0


def test_opted_out_rows_are_held_back_unless_their_column_is_ignored(practice: Practice, write: Write) -> None:
    file = write("Phone,DNC", "4155550120,yes", "4155550121,no")
    done = run(*import_words(file, practice.address))
    assert done.json["counts"]["skipped"] == 1
    assert "1 rows are left out: Its own column says no: DNC = yes." in done.err
    assert practice.people().keys() == {"+14155550121"}
    assert run("check", str(file), "--json").json["counts"] == {
        "ready": 1,
        "invalid": 0,
        "duplicate": 0,
        "held_back": 1,
    }
    assert run(*import_words(file, practice.address, "--ignore-consent-column", "dnc", "--new-run")).code == 0
    assert practice.people().keys() == {"+14155550120", "+14155550121"}
    wrong = run(*import_words(file, practice.address, "--ignore-consent-column", "Phone"))
    assert "there" not in wrong.out
    assert "“DNC”" in wrong.err


def test_on_a_server_of_one_endpoint_a_message_says_that_opt_outs_are_not_checked(only_post: str, write: Write) -> None:
    done = run(*import_words(write("Phone", "4155550120"), only_post))
    assert "Who unsubscribed could not be checked" in done.err


def test_the_number_of_people_who_may_be_texted_is_shown(practice: Practice, write: Write) -> None:
    file = write("Phone,Signup Date", "4155550120,2020-01-02T10:00:00Z", "4155550121,")
    done = run(*import_words(file, practice.address, "--journeys"))
    assert "Up to 2 people may be texted at once by welcome journeys." in done.err
    assert "1 of them signed up over 30 days ago" in done.err
    assert {person["practice"]["journeys_enrolled"] for person in practice.people().values()} == {1}


def test_no_journeys_after_starts_none_for_older_signups(practice: Practice, write: Write) -> None:
    file = write("Phone,Signup Date", "4155550120,2020-01-02T10:00:00Z", "4155550121,")
    done = run(*import_words(file, practice.address, "--journeys", "--no-journeys-after", "30"))
    assert "Up to 1 people may be texted at once" in done.err
    people = practice.people()
    assert {phone: person["practice"]["journeys_enrolled"] for phone, person in people.items()} == {
        "+14155550120": 0, "+14155550121": 1,
    }  # fmt: skip


def test_the_version_is_shown() -> None:
    done = run("--version")
    assert (done.code, done.out) == (0, f"Trackly Desktop {__version__}\n")


def test_a_terminal_that_cannot_encode_a_character_gets_the_others(write: Write) -> None:
    done = run("check", str(write("phone", "4155550120", name="Zoë.csv")), PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.code == 0
    assert "?.csv" in done.out + done.err


def test_a_command_runs_without_stdout_and_stderr(write: Write) -> None:
    file = write("phone", "4155550120")
    code = (
        "import sys; sys.stdout = sys.stderr = None; from trackly_desktop.__main__ import main;"
        f" sys.exit(main(['check', {str(file)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("Phone", "4155550120"), ("--journeys", "--set", "skip_journey_if_exists=no")),
        (("Phone,skip_journey_if_exists", "4155550120,no"), ("--journeys",)),
        (("Phone,skip_journey_if_exists,use_journeys", "4155550120,no,yes"), ()),
    ],
)
def test_journeys_for_people_who_had_them_need_resend_journeys(
    practice: Practice, write: Write, lines: tuple[str, ...], words: tuple[str, ...]
) -> None:
    file = write(*lines)
    done = run(*import_words(file, practice.address, *words))
    assert done.code == 2
    assert "--resend-journeys" in done.err
    assert practice.people() == {}
    assert run(*import_words(file, practice.address, *words, "--resend-journeys")).code == 0
    assert set(practice.people()) == {"+14155550120"}


@pytest.mark.parametrize("proxy", ["socks://localhost:1080", "socks5://localhost:1080", "http//proxy:3128", "http://"])
def test_a_proxy_that_cannot_be_used_says_why(write: Write, proxy: str) -> None:
    done = run(*import_words(write("Phone", "4155550120"), "https://app.example.com"), ALL_PROXY=proxy, NO_PROXY="")
    assert (done.code, done.json["stopped"], done.json["requests"]) == (3, "network", 0)
    assert "proxy that this computer names" in done.err
    assert "Traceback" not in done.err


def test_the_password_of_a_proxy_is_not_shown(write: Write) -> None:
    words = import_words(write("Phone", "4155550120"), "https://app.example.com")
    done = run(*words, ALL_PROXY="socks://me:secret@localhost:1080", NO_PROXY="")
    assert "socks://localhost:1080" in done.err
    assert "secret" not in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="names of files are text there")
def test_a_file_with_an_undecodable_name_gets_a_readable_one(practice: Practice, tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"caf\xe9.csv")
    file.write_text("Phone\n4155550120\n")
    assert run("check", str(file), "--json").json["counts"]["ready"] == 1
    done = run(*import_words(file, practice.address))
    assert done.code == 0
    reader = JournalReader(Path(os.environ["XDG_DATA_HOME"]) / "trackly-desktop" / "journal.sqlite")
    [imported] = reader.runs()
    reader.close()
    assert imported.file == "caf\ufffd.csv"
