"""Send history: people that were added from here before.

They are known by their number while it is kept, and by a keyed hash of it afterwards. The hash is HMAC-SHA-256 (RFC 2104);
its key is in the keyring, so that the journal alone does not identify anybody. It is stored as a number below 0 in place of
the phone: one index finds both.
"""

from __future__ import annotations

import hmac
import sqlite3

from trackly_desktop.journal.models import RunKind
from trackly_desktop.journal.protection import Protection
from trackly_desktop.journal.row_codec import CREATED, UPDATED
from trackly_desktop.journal.schema import RUN_BITS, first_key, last_key


def hash_of(key: bytes, phone: int) -> int:
    """Return 62 bits of a number's keyed hash, below 0."""
    return -1 - (int.from_bytes(hmac.digest(key, b"%d" % phone, "sha256")[:8], "big") >> 2)


class SendHistory:
    """The send history on one connection.

    Without the key only numbers that are still stored are known.
    """

    def __init__(self, connection: sqlite3.Connection, key: bytes, draft_id: int, protection: Protection) -> None:
        """Look up the rows of a draft; its own rows are left out."""
        self._draft_id, self._protection = draft_id, protection
        has_hashes = connection.execute("SELECT 1 FROM rows WHERE phone < 0 LIMIT 1").fetchone() is not None
        self._by_hash = bool(key) and has_hashes
        if self._by_hash:
            connection.create_function("hash_of", 1, lambda phone: hash_of(key, phone), deterministic=True)

    def added(self, phone: str, list_code: str) -> str:
        """Return SQL: whether a person was added to a list from here."""
        return f"({' OR '.join(f'EXISTS (SELECT 1 {clause})' for clause in self._from(phone, list_code))})"

    def last_add(self, phone: str, list_code: str) -> str:
        """Return SQL: JSON [ISO date, file] of the last time a person was added."""
        fact = (
            "SELECT json_array(date(coalesce(other.settled_at,"
            " (SELECT max(sent_at) FROM attempts WHERE attempts.key = other.key)) / 1000, 'unixepoch', 'localtime'),"
            " runs.file)"
        )
        newest = [f"({fact} {clause} ORDER BY other.key DESC LIMIT 1)" for clause in self._from(phone, list_code)]
        return f"coalesce({', '.join(newest)})"

    def _from(self, phone: str, list_code: str) -> tuple[str, str]:
        """SQL for the rows of later runs, and of earlier runs: two ranges of one index."""
        phones = f"({phone}, hash_of({phone}))" if self._by_hash else f"({phone})"
        added = (
            f"FROM rows AS other INDEXED BY rows_by_phone JOIN runs ON runs.run = other.key >> {RUN_BITS}"
            f" WHERE other.phone IN {phones} AND other.phone <> 0 AND other.list = {list_code}"
            f" AND other.outcome IN ({CREATED}, {UPDATED}) AND runs.kind <> '{RunKind.UNDO}'"
            f" AND {self._protection.sent_by('runs')}"
        )
        return (
            f"{added} AND other.key > {last_key(self._draft_id)}",
            f"{added} AND other.key <= {first_key(self._draft_id)}",
        )
