"""People that must not be texted: suppression lists, unsubscribed members.

Operators read "do not text". Rows for these people are skipped when a file is validated; `Journal.commit_batch` checks once
more in the transaction that marks a row as being sent, so that no way leads around the list.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trackly_desktop.contacts.issues import OWN_COLUMN_CODES, NoteCode
from trackly_desktop.journal import schema
from trackly_desktop.journal.connection import Transaction, connect
from trackly_desktop.journal.models import RunKind, now_ms
from trackly_desktop.journal.row_codec import PENDING, SKIPPED, phone_code, phone_of

_SUPPRESSED = (
    "EXISTS (SELECT 1 FROM suppressed_numbers AS numbers WHERE numbers.account = ? AND numbers.phone = {phone})"
)
_UNSUBSCRIBED = (
    "EXISTS (SELECT 1 FROM list_members AS members WHERE members.account = ? AND members.base_url = ?"
    " AND members.list = {list} AND members.phone = {phone} AND members.active = 0)"
)
OWN_COLUMN_SAYS_NO = (
    f"({', '.join(repr(str(code)) for code in OWN_COLUMN_CODES if code is not NoteCode.OTHER_ROW_SAYS_NO)})"
)
"""SQL: the note codes of rows whose own column says no."""


@dataclass(frozen=True, slots=True)
class SuppressedNumber:
    """A suppressed number of an account. `source`: by hand, or a file's name."""

    phone: str
    added_at: int
    source: str


def add(path: Path, account: str, phones: Iterable[str], source: str) -> int:
    """Add numbers to an account's suppression list; return how many were not on it.

    Raises:
        JournalProblem, sqlite3.Error: the journal cannot be written.
    """
    values = ((account, phone_code(phone), now_ms(), source) for phone in phones)
    return _change(path, "INSERT OR IGNORE INTO suppressed_numbers VALUES (?, ?, ?, ?)", values)


def remove(path: Path, account: str, phones: Iterable[str]) -> int:
    """Remove numbers from the list; return how many were on it.

    Raises:
        JournalProblem, sqlite3.Error: the journal cannot be written.
    """
    values = ((account, phone_code(phone)) for phone in phones)
    return _change(path, "DELETE FROM suppressed_numbers WHERE account = ? AND phone = ?", values)


def _change(path: Path, statement: str, values: Iterable[tuple[object, ...]]) -> int:
    connection = connect(path)
    try:
        with Transaction(connection):
            before = connection.total_changes  # `rowcount` is -1 for INSERT in a Turkish locale
            connection.executemany(statement, values)
            return connection.total_changes - before
    finally:
        connection.close()


def save_list_members(
    path: Path, account: str, base_url: str, list_number: str, members: Mapping[str, bool], *, active: bool, whole: bool
) -> None:
    """Store members of a list (phone -> whether active).

    Only the `whole` answer removes members that were known before.
    """
    connection = connect(path)
    try:
        with Transaction(connection):
            code = schema.list_codes(connection, [list_number])[list_number]
            if whole:
                connection.execute(
                    "DELETE FROM list_members WHERE account = ? AND base_url = ? AND list = ? AND active = ?",
                    (account, base_url, code, active),
                )
                connection.execute(
                    "INSERT OR REPLACE INTO list_queries VALUES (?, ?, ?, ?, ?)",
                    (account, base_url, code, active, now_ms()),
                )
            connection.executemany(
                "INSERT OR REPLACE INTO list_members VALUES (?, ?, ?, ?, ?)",
                ((account, base_url, code, phone_code(phone), is_active) for phone, is_active in members.items()),
            )
    finally:
        connection.close()


def hold_back(connection: sqlite3.Connection, run_id: int, account: str, base_url: str) -> None:
    """Skip a draft's rows for people that must not be texted."""
    mine = (schema.first_key(run_id), schema.last_key(run_id))
    update = (
        f"UPDATE rows SET outcome = {SKIPPED}, note_code = ?, note_params = NULL"
        f" WHERE outcome = {PENDING} AND key BETWEEN ? AND ? AND "
    )
    suppressed = _SUPPRESSED.format(phone="rows.phone")
    unsubscribed = _UNSUBSCRIBED.format(phone="rows.phone", list="rows.list")
    with Transaction(connection):
        connection.execute(update + suppressed, (NoteCode.ON_SUPPRESSION_LIST, *mine, account))
        connection.execute(update + unsubscribed, (NoteCode.UNSUBSCRIBED, *mine, account, base_url))
        connection.execute(
            # These people are found once: looking at all rows of a person for each of them takes the square.
            update + f"phone <> 0 AND phone IN (SELECT other.phone FROM rows AS other WHERE other.outcome = {SKIPPED}"
            f" AND other.key BETWEEN ? AND ? AND other.note_code IN {OWN_COLUMN_SAYS_NO})",
            (NoteCode.OTHER_ROW_SAYS_NO, *mine, *mine),
        )


def settle_members(
    connection: sqlite3.Connection, run_id: int, account: str, base_url: str, added_here: str, *, skips: bool
) -> int:
    """Count a draft's rows for active members added elsewhere; skip if chosen.

    Args:
        connection: a connection that may write.
        run_id: the draft.
        account: the account's id.
        base_url: the account's server.
        added_here: the send history's SQL for people that were added from here.
        skips: whether these rows are skipped.
    """
    which = (
        f"outcome = {PENDING} AND key BETWEEN :first AND :last AND EXISTS (SELECT 1 FROM list_members AS members"
        " WHERE members.account = :account AND members.base_url = :base_url AND members.list = rows.list"
        f" AND members.phone = rows.phone AND members.active = 1) AND NOT {added_here}"
    )
    values = schema.key_range(run_id) | {"account": account, "base_url": base_url}
    if not skips:
        return int(connection.execute(f"SELECT count(*) FROM rows WHERE {which}", values).fetchone()[0])
    values["note_code"] = NoteCode.ALREADY_ON_LIST
    with Transaction(connection):
        return connection.execute(
            f"UPDATE rows SET outcome = {SKIPPED}, note_code = :note_code WHERE {which}", values
        ).rowcount


def is_member(connection: sqlite3.Connection, account: str, base_url: str, phone: int, list_code: int) -> bool:
    """Whether a person was an active member of a list when it was last fetched."""
    row = connection.execute(
        "SELECT active FROM list_members WHERE account = ? AND base_url = ? AND list = ? AND phone = ?",
        (account, base_url, list_code, phone),
    ).fetchone()
    return row is not None and bool(row[0])


def suppression_reason(
    connection: sqlite3.Connection, account: str, base_url: str, phone: int, list_code: int
) -> NoteCode | None:
    """Return why a person must not be texted through this list; None otherwise."""
    if connection.execute(f"SELECT {_SUPPRESSED.format(phone='?')}", (account, phone)).fetchone()[0]:
        return NoteCode.ON_SUPPRESSION_LIST
    unsubscribed = f"SELECT {_UNSUBSCRIBED.format(phone='?', list='?')}"
    is_unsubscribed = connection.execute(unsubscribed, (account, base_url, list_code, phone)).fetchone()[0]
    return NoteCode.UNSUBSCRIBED if is_unsubscribed else None


def find_suppressed(connection: sqlite3.Connection, run_id: int, keys: Sequence[int]) -> dict[int, NoteCode]:
    """Return which of a run's rows must not be sent, and why.

    None of an undo run: it texts nobody.
    """
    account, base_url, kind, retyped_phone = connection.execute(
        "SELECT account, base_url, kind, json_extract(options, '$.retyped_phone') FROM runs WHERE run = ?", (run_id,)
    ).fetchone()
    if kind == RunKind.UNDO:
        return {}
    marks = ",".join("?" * len(keys))
    rows = connection.execute(
        f"SELECT key, phone, {_SUPPRESSED.format(phone='rows.phone')},"
        f" {_UNSUBSCRIBED.format(phone='rows.phone', list='rows.list')} FROM rows WHERE key IN ({marks})",
        (account, account, base_url, *keys),
    )
    reasons = {}
    for key, phone, is_suppressed, is_unsubscribed in rows:
        if is_suppressed:
            reasons[key] = NoteCode.ON_SUPPRESSION_LIST
        elif is_unsubscribed and phone_of(phone) != retyped_phone:
            reasons[key] = NoteCode.UNSUBSCRIBED
    return reasons
