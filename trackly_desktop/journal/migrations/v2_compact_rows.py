"""Version 1 -> 2: rows as numbers and deflated content. Frozen."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import date

from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.journal import row_codec

_TABLES = """
CREATE TABLE runs (
    run INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,             -- import | contact | take back
    state TEXT NOT NULL,            -- draft | running | stopped | cancelled | finished
    account TEXT NOT NULL, account_name TEXT NOT NULL, base_url TEXT NOT NULL,
    list TEXT NOT NULL,
    file TEXT NOT NULL DEFAULT '', fingerprint TEXT NOT NULL DEFAULT '', size INTEGER NOT NULL DEFAULT 0,
    header TEXT NOT NULL DEFAULT '[]', how TEXT NOT NULL DEFAULT '{}',
    mapping TEXT NOT NULL DEFAULT '{}', options TEXT NOT NULL DEFAULT '{}',
    confirmed TEXT NOT NULL DEFAULT '', who TEXT NOT NULL DEFAULT '',
    made_at INTEGER NOT NULL, started_at INTEGER, ended_at INTEGER,   -- milliseconds since 1970, UTC
    stopped TEXT,                   -- why it stopped before its end
    rows INTEGER NOT NULL DEFAULT 0,
    counts TEXT NOT NULL DEFAULT '{}', requests INTEGER NOT NULL DEFAULT 0, retries INTEGER NOT NULL DEFAULT 0,
    sample BLOB NOT NULL DEFAULT x'',         -- what its rows are deflated against
    forgotten_at INTEGER                      -- when its personal data was removed
);
CREATE INDEX runs_by_fingerprint ON runs (fingerprint);

CREATE TABLE lists (list INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE);

CREATE TABLE rows (
    key INTEGER PRIMARY KEY,
    below INTEGER NOT NULL DEFAULT 1,         -- its line in the file, less its number
    phone INTEGER NOT NULL, list INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    due INTEGER NOT NULL DEFAULT 0,           -- unknown, and to be sent again or looked up by itself
    repeat_safe INTEGER NOT NULL DEFAULT 1,
    tries INTEGER NOT NULL DEFAULT 0,
    seen_absent INTEGER NOT NULL DEFAULT 0,   -- seen not to be on the list before the request left
    has INTEGER NOT NULL DEFAULT 0,           -- what its body has, as bits
    signed INTEGER,                           -- the day of its signup date, since 1970
    content BLOB,                             -- its cells and its body
    problems TEXT,                            -- [[column, value, words], ...]
    is_new_contact INTEGER, is_new_list_contact INTEGER, journeys INTEGER,
    warnings TEXT, note TEXT,
    settled_at INTEGER                        -- when it was settled otherwise than by an answer
);
CREATE INDEX rows_by_outcome ON rows (outcome, key);
CREATE INDEX rows_by_phone ON rows (phone, list) WHERE phone <> 0;

CREATE TABLE leaving (                        -- what has left and was not answered: these rows are `sending`
    key INTEGER PRIMARY KEY, request INTEGER NOT NULL, sent_at INTEGER NOT NULL
);

CREATE TABLE attempts (                       -- requests are numbered in each run; took: milliseconds until the answer
    key INTEGER NOT NULL, request INTEGER NOT NULL,
    sent_at INTEGER NOT NULL, took INTEGER,
    status INTEGER, reply INTEGER NOT NULL DEFAULT 0, code TEXT, words TEXT, raw BLOB,
    contact_id BLOB, list_contact_id BLOB,
    PRIMARY KEY (key, request)
) WITHOUT ROWID;
"""
"""The tables as version 2 had them."""

_EPOCH = date(1970, 1, 1).toordinal()


def migrate(connection: sqlite3.Connection) -> None:
    """Turn words into numbers, and deflate the cells and body of each row."""
    for name in ("runs", "rows", "requests", "attempts"):
        connection.execute(f"ALTER TABLE {name} RENAME TO {name}_1")
    for name in ("runs_by_fingerprint", "rows_by_outcome", "rows_by_phone", "requests_by_run"):
        connection.execute(f"DROP INDEX {name}")
    for statement in _TABLES.split(";\n"):
        connection.execute(statement)
    columns = "run, kind, state, account, account_name, base_url, list, file, fingerprint, size, header, how, mapping, options,"
    columns += " confirmed, who, made_at, started_at, ended_at, stopped, rows, counts, requests, retries"
    connection.execute(f"INSERT INTO runs ({columns}) SELECT {columns} FROM runs_1")
    connection.execute("INSERT INTO lists (number) SELECT DISTINCT list FROM rows_1")
    lists = {number: code for code, number in connection.execute("SELECT list, number FROM lists")}
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
    first_rows = connection.execute(
        "SELECT cells, body FROM rows_1 WHERE key BETWEEN ? AND ? LIMIT 6", (first, last)
    ).fetchall()
    sample = row_codec.sample_of([(json.loads(cells or "[]"), body) for cells, body in first_rows])
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
        has, signed = _fields_of(body)
        yield (
            key, line - (key & 0xFFFFFFFF), row_codec.phone_code(phone), lists[number], row_codec.CODE_OF[Outcome(outcome)], due,
            safe, tries, absent, has, signed, row_codec.pack(json.loads(cells or "[]"), body, sample), problems, new_contact,
            new_list, journeys, warnings, note, answered_at,
        )  # fmt: skip


def _fields_of(body: str | None) -> tuple[int, int | None]:
    fields = json.loads(body or "{}")
    bits = (
        ("use_journeys", row_codec.JOURNEYS),
        ("signup_date", row_codec.DATE),
        ("ip_address", row_codec.IP),
        ("url", row_codec.PAGE),
    )
    day = fields.get("signup_date")
    return sum(bit for name, bit in bits if name in fields), date.fromisoformat(
        day[:10]
    ).toordinal() - _EPOCH if day else None


def _attempts_from_1(connection: sqlite3.Connection) -> None:
    answers = connection.execute(
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
            for key, request, sent_at, took, status, reply, code, words, raw, contact, list_contact in answers
        ),
    )  # fmt: skip
