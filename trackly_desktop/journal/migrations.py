"""How a journal of an older version becomes one of today's. Each step is frozen: it knows what was, and what came next."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date

from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal import row_codec

_EPOCH = date(1970, 1, 1).toordinal()


def _from_1(connection: sqlite3.Connection) -> None:
    """Version 2 keeps numbers where 1 kept words, and the cells and the body of a row deflated; nothing is left out."""
    from trackly_desktop.journal.schema import (
        TABLES,  # as version 2 made them; current_user changes them keeps these here
    )

    for name in ("runs", "rows", "requests", "attempts"):
        connection.execute(f"ALTER TABLE {name} RENAME TO {name}_1")
    for name in ("runs_by_fingerprint", "rows_by_outcome", "rows_by_phone", "requests_by_run"):
        connection.execute(f"DROP INDEX {name}")
    for statement in TABLES.split(";\n"):
        connection.execute(statement)
    columns = "run, kind, state, account, account_name, base_url, list, file, fingerprint, size, header, how, mapping, options,"
    columns += " confirmed, who, made_at, started_at, ended_at, stopped, rows, counts, requests, retries"
    connection.execute(f"INSERT INTO runs ({columns}) SELECT {columns} FROM runs_1")
    connection.execute("INSERT INTO lists (number) SELECT DISTINCT list FROM rows_1")
    lists = {number: kept for kept, number in connection.execute("SELECT list, number FROM lists")}
    for (run,) in connection.execute("SELECT run FROM runs_1").fetchall():
        _rows_from_1(connection, run, lists)
    connection.execute(
        "INSERT INTO leaving SELECT rows_1.key, rows_1.request, requests_1.sent_at FROM rows_1"
        " JOIN requests_1 ON requests_1.request = rows_1.request WHERE rows_1.outcome = 'sending'"
    )
    _attempts_from_1(connection)
    # Requests were numbered from 1 through all runs, and are in each: the next number is greater than all of them.
    connection.execute(
        "UPDATE runs SET requests = max(requests, coalesce((SELECT max(request) FROM requests_1 WHERE run = runs.run), 0))"
    )
    for name in ("attempts_1", "requests_1", "rows_1", "runs_1"):
        connection.execute(f"DROP TABLE {name}")


def _rows_from_1(connection: sqlite3.Connection, run: int, lists: dict[str, int]) -> None:
    first, last = run << 32, ((run + 1) << 32) - 1
    some = connection.execute(
        "SELECT cells, body FROM rows_1 WHERE key BETWEEN ? AND ? LIMIT 6", (first, last)
    ).fetchall()
    sample = row_codec.sample_of([(json.loads(cells or "[]"), body) for cells, body in some])
    connection.execute("UPDATE runs SET sample = ? WHERE run = ?", (sample, run))
    rows = connection.execute(
        "SELECT key, line, phone, list, outcome, due, repeat_safe, tries, seen_absent, body, cells, problems, is_new_contact,"
        " is_new_list_contact, journeys, warnings, note, answered_at, request FROM rows_1 WHERE key BETWEEN ? AND ?",
        (first, last),
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO rows (key, below, phone, list, outcome, due, repeat_safe, tries, seen_absent, has, signed, content,"
        " problems, is_new_contact, is_new_list_contact, journeys, warnings, note, settled_at)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        _as_2(rows, sample, lists),
    )  # fmt: skip


def _as_2(rows: sqlite3.Cursor, sample: bytes, lists: dict[str, int]) -> Iterator[tuple[object, ...]]:
    for (key, line, phone, number, outcome, due, safe, tries, absent, body, cells, problems, new_contact, new_list,
         journeys, warnings, note, answered_at, _request) in rows:  # fmt: skip
        has, signed = _said_in(body)
        yield (
            key, line - (key & 0xFFFFFFFF), row_codec.phone_code(phone), lists[number], row_codec.CODE_OF[Outcome(outcome)], due,
            safe, tries, absent, has, signed, row_codec.pack(json.loads(cells or "[]"), body, sample), problems, new_contact,
            new_list, journeys, warnings, note, answered_at,
        )  # fmt: skip


def _said_in(body: str | None) -> tuple[int, int | None]:
    said = json.loads(body or "{}")
    bits = (
        ("use_journeys", row_codec.JOURNEYS),
        ("signup_date", row_codec.DATE),
        ("ip_address", row_codec.IP),
        ("url", row_codec.PAGE),
    )
    day = said.get("signup_date")
    return sum(bit for name, bit in bits if name in said), date.fromisoformat(
        day[:10]
    ).toordinal() - _EPOCH if day else None


def _attempts_from_1(connection: sqlite3.Connection) -> None:
    found = connection.execute(
        "SELECT attempts_1.key, requests_1.request, sent_at, requests_1.answered_at - sent_at, status, reply, code, words, raw,"
        " CASE WHEN rows_1.request = requests_1.request THEN contact_id END,"
        " CASE WHEN rows_1.request = requests_1.request THEN list_contact_id END"
        " FROM attempts_1 JOIN requests_1 USING (request) JOIN rows_1 ON rows_1.key = attempts_1.key"
        " WHERE NOT (rows_1.outcome = 'sending' AND rows_1.request = requests_1.request)"
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO attempts VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        (
            (
                key, request, sent_at, took, status, row_codec.REPLIES.index(reply or ""), code, words,
                row_codec.pack_answer(raw or ""), row_codec.pack_id(contact or ""), row_codec.pack_id(list_contact or ""),
            )
            for key, request, sent_at, took, status, reply, code, words, raw, contact, list_contact in found
        ),
    )  # fmt: skip


def _from_2(connection: sqlite3.Connection) -> None:
    """Version 3 knows who must not be texted."""
    from trackly_desktop.journal.schema import PROTECTION

    for statement in PROTECTION.split(";\n"):
        connection.execute(statement)


STEPS: tuple[Callable[[sqlite3.Connection], None], ...] = (_from_1, _from_2)
"""The first brings version 1 to 2, and so on."""
