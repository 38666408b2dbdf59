"""Who was added from here before: known by the number while that is kept, and by a keyed hash of it afterwards.

The hash is HMAC-SHA-256 (RFC 2104); its key is in the keyring, so that the journal alone does not tell whose number it is.
It is written as a number below 0 in place of the phone: one index finds both.
"""

from __future__ import annotations

import hmac
import sqlite3

from trackly_desktop.journal.row_codec import CREATED, UPDATED
from trackly_desktop.journal.schema import RUN_BITS, first_key, last_key


def hash_of(key: bytes, phone: int) -> int:
    """What is left of a number: 62 bits of its keyed hash, below 0."""
    return -1 - (int.from_bytes(hmac.digest(key, b"%d" % phone, "sha256")[:8], "big") >> 2)


class SendHistory:
    """The ledger as one connection sees it; without the key it knows only whose number is still there."""

    def __init__(self, connection: sqlite3.Connection, key: bytes, draft: int) -> None:
        """`draft`: a run of which nothing was sent; its own rows, which can be many of one person, are not looked at."""
        self._draft = draft
        has_hashes = connection.execute("SELECT 1 FROM rows WHERE phone < 0 LIMIT 1").fetchone() is not None
        self._by_hash = bool(key) and has_hashes
        if self._by_hash:
            connection.create_function("hash_of", 1, lambda phone: hash_of(key, phone), deterministic=True)

    def added(self, phone: str, list_code: str) -> str:
        """SQL, from the SQL of a person and of a list: whether `:account` (at `:base_url`) has added them."""
        return f"({' OR '.join(f'EXISTS (SELECT 1 {one})' for one in self._from(phone, list_code))})"

    def when(self, phone: str, list_code: str) -> str:
        """SQL: when and with which file they were last added, in words; the same two values are needed."""
        words = (
            "SELECT date(coalesce(other.settled_at, (SELECT max(sent_at) FROM attempts WHERE attempts.key = other.key))"
            " / 1000, 'unixepoch', 'localtime') || CASE runs.file WHEN '' THEN ' by hand' ELSE ' from ' || runs.file END"
        )
        newest = [f"({words} {one} ORDER BY other.key DESC LIMIT 1)" for one in self._from(phone, list_code)]
        return f"coalesce({', '.join(newest)})"

    def _from(self, phone: str, list_code: str) -> tuple[str, str]:
        """The rows of later runs, and of earlier ones."""
        phones = f"({phone}, hash_of({phone}))" if self._by_hash else f"({phone})"
        added = (
            f"FROM rows AS other INDEXED BY rows_by_phone JOIN runs ON runs.run = other.key >> {RUN_BITS}"
            f" WHERE other.phone IN {phones} AND other.phone <> 0 AND other.list = {list_code}"
            f" AND other.outcome IN ({CREATED}, {UPDATED}) AND runs.kind <> 'take back'"
            " AND runs.account = :account AND runs.base_url = :base_url"
        )
        return f"{added} AND other.key > {last_key(self._draft)}", f"{added} AND other.key <= {first_key(self._draft)}"
