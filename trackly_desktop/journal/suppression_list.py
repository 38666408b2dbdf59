"""People that must not be texted: suppression lists, unsubscribed members.

Operators read "do not text". Rows for these people are skipped when a file is validated; `Journal.commit_batch` checks once
more in the transaction that marks a row as being sent, so that no way leads around the list.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trackly_desktop.contacts.issues import OWN_COLUMN_CODES, NoteCode
from trackly_desktop.journal import protection, schema
from trackly_desktop.journal.connection import Transaction, connect
from trackly_desktop.journal.models import RunKind, SendMark, now_ms
from trackly_desktop.journal.protection import Protection
from trackly_desktop.journal.row_codec import PENDING, SKIPPED, phone_code, phone_of

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
    connection = connect(path)
    try:
        with Transaction(connection):
            before = connection.total_changes  # `rowcount` is -1 for INSERT in a Turkish locale
            connection.executemany(
                "INSERT OR IGNORE INTO suppressed_numbers VALUES (?, ?, ?, ?)",
                ((account, phone_code(phone), now_ms(), source) for phone in phones),
            )
            return connection.total_changes - before
    finally:
        connection.close()


def remove(path: Path, account: str, phones: Iterable[str]) -> int:
    """Remove numbers from the list of an account's key; return how many were on it.

    Raises:
        JournalProblem, sqlite3.Error: the journal cannot be written.
    """
    connection = connect(path)
    try:
        with Transaction(connection):
            accounts = protection.values(protection.same_key_accounts(connection, account))
            statement = f"DELETE FROM suppressed_numbers WHERE account IN {accounts} AND phone = ?"
            return sum(connection.execute(statement, (phone_code(phone),)).rowcount > 0 for phone in phones)
    finally:
        connection.close()


def save_list_members(
    path: Path, account: str, base_url: str, list_number: str, members: Mapping[str, bool], *, active: bool, whole: bool
) -> None:
    """Store members of a list (phone -> whether active).

    Only the `whole` answer removes members that were known before, those of other accounts with the same key too.
    """
    connection = connect(path)
    try:
        with Transaction(connection):
            code = schema.list_codes(connection, [list_number])[list_number]
            protection.record_server(connection, account, base_url)
            accounts = protection.read_protection(connection, account, base_url).own
            answer = {phone_code(phone): is_active for phone, is_active in members.items()}
            for known in accounts if whole else ():
                _remove_members(connection, (known, base_url, code), active=active, but=answer)
            _store_members(connection, accounts, base_url, code, answer)
            if whole:
                connection.execute(
                    "INSERT OR REPLACE INTO list_queries VALUES (?, ?, ?, ?, ?)",
                    (account, base_url, code, active, now_ms()),
                )
    finally:
        connection.close()


def store_lookups(connection: sqlite3.Connection, run_id: int, lookups: Mapping[int, bool]) -> None:
    """Store look-ups of the people of a run's rows.

    Active members are stored only where they had unsubscribed, and came back.

    Args:
        connection: a connection with a transaction.
        run_id: the run.
        lookups: whether the person is an active member of the row's list, by the row's key.
    """
    account, base_url = connection.execute("SELECT account, base_url FROM runs WHERE run = ?", (run_id,)).fetchone()
    protecting = protection.read_protection(connection, account, base_url)
    person = f"SELECT list, phone, {protecting.unsubscribed('rows.phone', 'rows.list')} FROM rows WHERE key = ?"
    for key, is_active in lookups.items():
        code, phone, is_unsubscribed = connection.execute(person, (key,)).fetchone()
        if is_unsubscribed or not is_active:
            _store_members(connection, protecting.own, base_url, code, {phone: is_active})


def _remove_members(
    connection: sqlite3.Connection, which: tuple[str, str, int], *, active: bool, but: Mapping[int, bool]
) -> None:
    members = connection.execute(
        "SELECT phone FROM list_members WHERE account = ? AND base_url = ? AND list = ? AND active = ?",
        (*which, active),
    ).fetchall()
    # Most stay: only what changed is written, for the whole list is fetched again and again in a long run.
    connection.executemany(
        "DELETE FROM list_members WHERE account = ? AND base_url = ? AND list = ? AND phone = ?",
        ((*which, phone) for (phone,) in members if phone not in but),
    )


def _store_members(
    connection: sqlite3.Connection, accounts: Sequence[str], base_url: str, list_code: int, members: Mapping[int, bool]
) -> None:
    """Store members for the first account; those with its key keep no older answer."""
    connection.executemany(
        "INSERT INTO list_members VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET active = excluded.active"
        " WHERE active <> excluded.active",
        ((accounts[0], base_url, list_code, phone, is_active) for phone, is_active in members.items()),
    )
    for other in accounts[1:]:
        connection.executemany(
            "DELETE FROM list_members WHERE account = ? AND base_url = ? AND list = ? AND phone = ?",
            ((other, base_url, list_code, phone) for phone in members),
        )


def hold_back(connection: sqlite3.Connection, run_id: int, protecting: Protection) -> None:
    """Skip a draft's rows for people that must not be texted."""
    mine = (schema.first_key(run_id), schema.last_key(run_id))
    update = (
        f"UPDATE rows SET outcome = {SKIPPED}, note_code = ?, note_params = NULL"
        f" WHERE outcome = {PENDING} AND key BETWEEN ? AND ? AND "
    )
    with Transaction(connection):
        connection.execute(update + protecting.suppressed("rows.phone"), (NoteCode.ON_SUPPRESSION_LIST, *mine))
        connection.execute(update + protecting.unsubscribed("rows.phone", "rows.list"), (NoteCode.UNSUBSCRIBED, *mine))
        connection.execute(
            # These people are found once: looking at all rows of a person for each of them takes the square.
            update + f"phone <> 0 AND phone IN (SELECT other.phone FROM rows AS other WHERE other.outcome = {SKIPPED}"
            f" AND other.key BETWEEN ? AND ? AND other.note_code IN {OWN_COLUMN_SAYS_NO})",
            (NoteCode.OTHER_ROW_SAYS_NO, *mine, *mine),
        )


def settle_members(
    connection: sqlite3.Connection, run_id: int, protecting: Protection, added_here: str, *, skips: bool
) -> int:
    """Count a draft's rows for active members added elsewhere; skip if chosen.

    Args:
        connection: a connection that may write.
        run_id: the draft.
        protecting: whose members count.
        added_here: the send history's SQL for people that were added from here.
        skips: whether these rows are skipped.
    """
    which = (
        f"outcome = {PENDING} AND key BETWEEN :first AND :last AND {protecting.subscribed('rows.phone', 'rows.list')}"
        f" AND NOT {added_here}"
    )
    values: dict[str, Any] = schema.key_range(run_id)
    if not skips:
        return int(connection.execute(f"SELECT count(*) FROM rows WHERE {which}", values).fetchone()[0])
    values["note_code"] = NoteCode.ALREADY_ON_LIST
    with Transaction(connection):
        return connection.execute(
            f"UPDATE rows SET outcome = {SKIPPED}, note_code = :note_code WHERE {which}", values
        ).rowcount


def is_member(connection: sqlite3.Connection, protecting: Protection, phone: int, list_code: int) -> bool:
    """Whether a person was an active member of a list when it was last fetched."""
    is_subscribed = protecting.subscribed(str(phone), str(list_code))
    return bool(connection.execute(f"SELECT {is_subscribed}").fetchone()[0])


def suppression_reason(
    connection: sqlite3.Connection, protecting: Protection, phone: int, list_code: int
) -> NoteCode | None:
    """Return why a person must not be texted through this list; None otherwise."""
    is_suppressed, is_unsubscribed = connection.execute(
        f"SELECT {protecting.suppressed(str(phone))}, {protecting.unsubscribed(str(phone), str(list_code))}"
    ).fetchone()
    if is_suppressed:
        return NoteCode.ON_SUPPRESSION_LIST
    return NoteCode.UNSUBSCRIBED if is_unsubscribed else None


def find_suppressed(connection: sqlite3.Connection, run_id: int, marks: Sequence[SendMark]) -> dict[int, NoteCode]:
    """Return which of a run's rows must not be sent, and why, by their keys.

    None of an undo run: it texts nobody. A number that was typed twice is sent though its person unsubscribed, but not
    once a request may have been applied: they may have answered STOP to its text.
    """
    account, base_url, kind, retyped_phone = connection.execute(
        "SELECT account, base_url, kind, json_extract(options, '$.retyped_phone') FROM runs WHERE run = ?", (run_id,)
    ).fetchone()
    if kind == RunKind.UNDO:
        return {}
    protecting = protection.read_protection(connection, account, base_url)
    may_be_applied = {mark.key: mark.may_be_applied for mark in marks}
    rows = connection.execute(
        f"SELECT key, phone, {protecting.suppressed('rows.phone')},"
        f" {protecting.unsubscribed('rows.phone', 'rows.list')} FROM rows"
        f" WHERE key IN ({','.join('?' * len(marks))})",
        tuple(may_be_applied),
    )
    reasons = {}
    for key, phone, is_suppressed, is_unsubscribed in rows:
        if is_suppressed:
            reasons[key] = NoteCode.ON_SUPPRESSION_LIST
        elif is_unsubscribed and (phone_of(phone) != retyped_phone or may_be_applied[key]):
            reasons[key] = NoteCode.UNSUBSCRIBED
    return reasons
