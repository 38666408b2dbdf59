"""The journal's tables, and how runs, rows and lists are keyed in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

VERSION = 6
RUN_BITS = 32
"""Bits by which a run's number is shifted in its rows' keys.

A key is the shifted number plus the row's number: one run's rows are one range.
"""

TABLES = """
CREATE TABLE runs (
    run INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,             -- RunKind
    state TEXT NOT NULL,            -- State
    account TEXT NOT NULL, account_name TEXT NOT NULL, base_url TEXT NOT NULL,
    list TEXT NOT NULL,
    file TEXT NOT NULL DEFAULT '', fingerprint TEXT NOT NULL DEFAULT '', size INTEGER NOT NULL DEFAULT 0,
    header TEXT NOT NULL DEFAULT '[]', source TEXT NOT NULL DEFAULT '{}',
    mapping TEXT NOT NULL DEFAULT '{}', options TEXT NOT NULL DEFAULT '{}',
    confirmed TEXT NOT NULL DEFAULT '', who TEXT NOT NULL DEFAULT '',
    made_at INTEGER NOT NULL, started_at INTEGER, ended_at INTEGER,   -- milliseconds since 1970, UTC
    stopped TEXT,                   -- StopReason
    rows INTEGER NOT NULL DEFAULT 0,
    counts TEXT NOT NULL DEFAULT '{}', requests INTEGER NOT NULL DEFAULT 0, retries INTEGER NOT NULL DEFAULT 0,
    sample BLOB NOT NULL DEFAULT x'',         -- dictionary of its rows' deflated content
    forgotten_at INTEGER                      -- when its personal data was removed
);
CREATE INDEX runs_by_fingerprint ON runs (fingerprint);

CREATE TABLE lists (list INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE);

CREATE TABLE rows (                           -- numbers: see row_codec.py
    key INTEGER PRIMARY KEY,
    line_offset INTEGER NOT NULL DEFAULT 1,   -- its line in the file less its number
    phone INTEGER NOT NULL, list INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    retry_pending INTEGER NOT NULL DEFAULT 0, -- unknown, and to be sent again or looked up by the program
    idempotent INTEGER NOT NULL DEFAULT 1,
    tries INTEGER NOT NULL DEFAULT 0,
    confirmed_absent INTEGER NOT NULL DEFAULT 0, -- not on the list before the request was sent
    field_bits INTEGER NOT NULL DEFAULT 0,    -- fields of its body, as bits
    signup_day INTEGER,                       -- day of its signup date, since 1970
    content BLOB,                             -- its cells and its body
    issues TEXT,                              -- [[code, field, column, value, params], ...]
    is_new_contact INTEGER, is_new_list_contact INTEGER, journeys INTEGER,
    warnings TEXT, note_code TEXT, note_params TEXT,
    settled_at INTEGER                        -- when it was settled otherwise than by an answer
);
CREATE INDEX rows_by_outcome ON rows (outcome, key);
CREATE INDEX rows_by_phone ON rows (phone, list) WHERE phone <> 0;

CREATE TABLE in_flight_requests (             -- sent and not answered: these rows are `sending`
    key INTEGER PRIMARY KEY, request INTEGER NOT NULL, sent_at INTEGER NOT NULL
);

CREATE TABLE attempts (                       -- requests are numbered in each run; took: milliseconds until the answer
    key INTEGER NOT NULL, request INTEGER NOT NULL,
    sent_at INTEGER NOT NULL, took INTEGER,
    status INTEGER, reply INTEGER NOT NULL DEFAULT 0, code TEXT, words TEXT, raw BLOB,
    contact_id BLOB, list_contact_id BLOB,
    PRIMARY KEY (key, request)
) WITHOUT ROWID;

CREATE TABLE suppressed_numbers (             -- the do-not-text list of each account
    account TEXT NOT NULL, phone INTEGER NOT NULL, added_at INTEGER NOT NULL, source TEXT NOT NULL,
    PRIMARY KEY (account, phone)
) WITHOUT ROWID;

CREATE TABLE list_members (                   -- members of a list, active or unsubscribed, as the account last said
    account TEXT NOT NULL, base_url TEXT NOT NULL, list INTEGER NOT NULL, phone INTEGER NOT NULL, active INTEGER NOT NULL,
    PRIMARY KEY (account, base_url, list, phone)
) WITHOUT ROWID;

CREATE TABLE list_queries (                   -- when all active or all unsubscribed members of a list were fetched
    account TEXT NOT NULL, base_url TEXT NOT NULL, list INTEGER NOT NULL, active INTEGER NOT NULL, asked_at INTEGER NOT NULL,
    PRIMARY KEY (account, base_url, list, active)
) WITHOUT ROWID;

CREATE TABLE corrections (                    -- of drafts; each can be undone, the last first
    step INTEGER PRIMARY KEY, run INTEGER NOT NULL, fix TEXT NOT NULL, rows INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE uncorrected_rows (               -- rows of drafts as they were before a correction
    step INTEGER NOT NULL, key INTEGER NOT NULL,
    content BLOB, outcome INTEGER NOT NULL, phone INTEGER NOT NULL, list INTEGER NOT NULL, idempotent INTEGER NOT NULL,
    field_bits INTEGER NOT NULL, signup_day INTEGER, issues TEXT, note_code TEXT, note_params TEXT,
    PRIMARY KEY (step, key)
) WITHOUT ROWID;

CREATE TABLE account_scopes (                 -- servers and keys that each account used: see protection.py
    account TEXT NOT NULL, base_url TEXT NOT NULL,
    scope TEXT NOT NULL,                      -- keyed hash of the server; empty where the key is not known
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (account, base_url, scope)
) WITHOUT ROWID;

CREATE TABLE migrations (                     -- how this journal became one of this version
    name TEXT PRIMARY KEY, applied_at INTEGER NOT NULL
) WITHOUT ROWID;
"""
"""The current tables. Migrations never read them.

A change here needs a new step in migrations/.
"""


def list_codes(connection: sqlite3.Connection, numbers: Iterable[str]) -> dict[str, int]:
    """The lists as rows name them; those not known yet are added."""
    codes = {}
    for number in set(numbers):
        connection.execute("INSERT OR IGNORE INTO lists (number) VALUES (?)", (number,))
        codes[number] = connection.execute("SELECT list FROM lists WHERE number = ?", (number,)).fetchone()[0]
    return codes


def first_key(run: int) -> int:
    """The key before that of a run's first row."""
    return run << RUN_BITS


def last_key(run: int) -> int:
    """The greatest key that a row of this run can have."""
    return ((run + 1) << RUN_BITS) - 1


def key_range(run: int) -> dict[str, Any]:
    """The keys of a run's rows, as the values `:first` and `:last`."""
    return {"first": first_key(run), "last": last_key(run)}


def row_number(key: int) -> int:
    """A row's number in its run, from 1."""
    return key & ((1 << RUN_BITS) - 1)


def run_of(key: int) -> int:
    """The run that a row belongs to."""
    return key >> RUN_BITS
