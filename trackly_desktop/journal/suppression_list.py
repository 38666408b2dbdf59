"""Who must not be texted: the do-not-text list kept here, and who unsubscribed from a list, as the account said.

Rows for them are held back when a file is checked; then `Journal.commit_batch` asks once more in the very
transaction that marks a row as leaving, so that no way leads around it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trackly_desktop.journal import schema
from trackly_desktop.journal.connection import Transaction, connect
from trackly_desktop.journal.models import now_ms
from trackly_desktop.journal.row_codec import PENDING, SKIPPED, phone_code, phone_of

ON_THE_LIST = "On the do-not-text list"
UNSUBSCRIBED = "Unsubscribed from this list"
SAYS_NO = "Its own column says no: "
OTHER_ROW_SAYS_NO = "Another row of this person says no"
ALREADY_ON_IT = "On this list already, added elsewhere"


def is_said_by_the_file(why: str) -> bool:
    """Whether a row is held back for what the file itself says of the person."""
    return why.startswith((SAYS_NO, OTHER_ROW_SAYS_NO))


_DO_NOT_TEXT = "EXISTS (SELECT 1 FROM do_not_text WHERE do_not_text.account = ? AND do_not_text.phone = {phone})"
_LEFT = (
    "EXISTS (SELECT 1 FROM people WHERE people.account = ? AND people.base_url = ? AND people.list = {list}"
    " AND people.phone = {phone} AND people.active = 0)"
)


@dataclass(frozen=True, slots=True)
class SuppressedNumber:
    """A number on the do-not-text list. `source`: how it came there."""

    phone: str
    added_at: int
    source: str


def add(path: Path, account: str, phones: Iterable[str], source: str) -> int:
    """Puts numbers on an account's do-not-text list; how many were not on it. Raises JournalProblem, sqlite3.Error."""
    values = ((account, phone_code(phone), now_ms(), source) for phone in phones)
    return _change(path, "INSERT OR IGNORE INTO do_not_text VALUES (?, ?, ?, ?)", values)


def remove(path: Path, account: str, phones: Iterable[str]) -> int:
    """Takes numbers off the list; how many. Raises JournalProblem, sqlite3.Error."""
    values = ((account, phone_code(phone)) for phone in phones)
    return _change(path, "DELETE FROM do_not_text WHERE account = ? AND phone = ?", values)


def _change(path: Path, statement: str, values: Iterable[tuple[object, ...]]) -> int:
    connection = connect(path)
    try:
        with Transaction(connection):
            before = connection.total_changes  # sqlite3 knows no INSERT, and so no rowcount, in a Turkish locale
            connection.executemany(statement, values)
            return connection.total_changes - before
    finally:
        connection.close()


def save_list_members(
    path: Path, account: str, base_url: str, list_number: str, people: Mapping[str, bool], *, active: bool, whole: bool
) -> None:
    """Keeps who is on a list (phone -> whether active). What is not the `whole` answer takes nobody away that was known."""
    connection = connect(path)
    try:
        with Transaction(connection):
            code = schema.list_codes(connection, [list_number])[list_number]
            if whole:
                connection.execute(
                    "DELETE FROM people WHERE account = ? AND base_url = ? AND list = ? AND active = ?",
                    (account, base_url, code, active),
                )
                connection.execute(
                    "INSERT OR REPLACE INTO asked VALUES (?, ?, ?, ?, ?)", (account, base_url, code, active, now_ms())
                )
            connection.executemany(
                "INSERT OR REPLACE INTO people VALUES (?, ?, ?, ?, ?)",
                ((account, base_url, code, phone_code(phone), is_on) for phone, is_on in people.items()),
            )
    finally:
        connection.close()


def hold_back(connection: sqlite3.Connection, run: int, account: str, base_url: str) -> None:
    """Skips a draft's rows for people who must not be texted."""
    mine = (schema.first_key(run), schema.last_key(run))
    update = f"UPDATE rows SET outcome = {SKIPPED}, note = ? WHERE outcome = {PENDING} AND key BETWEEN ? AND ? AND "
    with Transaction(connection):
        connection.execute(update + _DO_NOT_TEXT.format(phone="rows.phone"), (ON_THE_LIST, *mine, account))
        connection.execute(
            update + _LEFT.format(phone="rows.phone", list="rows.list"), (UNSUBSCRIBED, *mine, account, base_url)
        )
        connection.execute(
            # Whom a row says no for is found once: looking at every row of a person for each of them takes the square.
            update + f"phone <> 0 AND phone IN (SELECT other.phone FROM rows AS other WHERE other.outcome = {SKIPPED}"
            " AND other.key BETWEEN ? AND ? AND other.note >= ? AND other.note < ?)",
            (OTHER_ROW_SAYS_NO, *mine, *mine, SAYS_NO, SAYS_NO + "\U0010ffff"),
        )


def settle_members(
    connection: sqlite3.Connection, run: int, account: str, base_url: str, added_here: str, *, skips: bool
) -> int:
    """How many of a draft's rows to be sent are for people who are on the list, added elsewhere; they are skipped if so chosen.

    `added_here` is the ledger's SQL for those who were added from here.
    """
    which = (
        f"outcome = {PENDING} AND key BETWEEN :first AND :last AND EXISTS (SELECT 1 FROM people WHERE people.account = :account"
        " AND people.base_url = :base_url AND people.list = rows.list AND people.phone = rows.phone AND people.active = 1)"
        f" AND NOT {added_here}"
    )
    given = schema.key_range(run) | {"account": account, "base_url": base_url, "note": ALREADY_ON_IT}
    if not skips:
        return int(connection.execute(f"SELECT count(*) FROM rows WHERE {which}", given).fetchone()[0])
    with Transaction(connection):
        return connection.execute(f"UPDATE rows SET outcome = {SKIPPED}, note = :note WHERE {which}", given).rowcount


def is_member(connection: sqlite3.Connection, account: str, base_url: str, phone: int, list_code: int) -> bool:
    """Whether a person is on a list, as the account said."""
    found = connection.execute(
        "SELECT active FROM people WHERE account = ? AND base_url = ? AND list = ? AND phone = ?",
        (account, base_url, list_code, phone),
    ).fetchone()
    return found is not None and bool(found[0])


def why_held(connection: sqlite3.Connection, account: str, base_url: str, phone: int, list_code: int) -> str:
    """Why a person must not be texted through this list; empty where nothing is known against it."""
    if connection.execute(f"SELECT {_DO_NOT_TEXT.format(phone='?')}", (account, phone)).fetchone()[0]:
        return ON_THE_LIST
    left = f"SELECT {_LEFT.format(phone='?', list='?')}"
    return UNSUBSCRIBED if connection.execute(left, (account, base_url, list_code, phone)).fetchone()[0] else ""


def find_suppressed(connection: sqlite3.Connection, run: int, keys: Sequence[int]) -> dict[int, str]:
    """Which of these rows of a run must not leave, and why. A take-back texts nobody: it holds nobody back."""
    account, base_url, kind, options = connection.execute(
        "SELECT account, base_url, kind, json_extract(options, '$.typed_again') FROM runs WHERE run = ?", (run,)
    ).fetchone()
    if kind == "take back":
        return {}
    marks = ",".join("?" * len(keys))
    found = connection.execute(
        f"SELECT key, {_DO_NOT_TEXT.format(phone='rows.phone')}, phone, {_LEFT.format(phone='rows.phone', list='rows.list')}"
        f" FROM rows WHERE key IN ({marks})",
        (account, account, base_url, *keys),
    )
    held = {}
    for key, is_listed, phone, has_left in found:
        if is_listed:
            held[key] = ON_THE_LIST
        elif has_left and phone_of(phone) != options:
            held[key] = UNSUBSCRIBED
    return held
