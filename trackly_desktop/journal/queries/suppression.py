"""Queries of the suppression list, of members of lists, and of the send history."""

from __future__ import annotations

from dataclasses import dataclass

from trackly_desktop.journal import row_codec, schema
from trackly_desktop.journal.models import RunKind
from trackly_desktop.journal.protection import read_protection, same_key_accounts, values
from trackly_desktop.journal.queries.base import QueryBase
from trackly_desktop.journal.queries.rows import ANSWERED_AT, LAST_ATTEMPT
from trackly_desktop.journal.send_history import hash_of
from trackly_desktop.journal.suppression_list import SuppressedNumber


@dataclass(frozen=True, slots=True)
class PreviousAdd:
    """The last time that a person was added to a list, and the file.

    The file is empty for a contact added by hand.
    """

    at: int
    file: str


class SuppressionQueries(QueryBase):
    """Who must not be texted, and who was added before."""

    def suppressed_numbers(self, account: str, text: str = "", limit: int = 1_000) -> list[SuppressedNumber]:
        """Return the suppression list, newest first; filtered by digits in `text`."""
        digits = "".join(char for char in text if char.isdigit())
        rows = self._open().execute(
            f"SELECT phone, max(added_at), source FROM suppressed_numbers WHERE account IN {self._same_key(account)}"
            " AND phone LIKE ? GROUP BY phone ORDER BY max(added_at) DESC, phone LIMIT ?",
            (f"%{digits}%", limit),
        )
        return [SuppressedNumber(row_codec.phone_of(phone), at, source) for phone, at, source in rows]

    def suppressed_count(self, account: str) -> int:
        """Count the numbers of an account's suppression list."""
        return self._count(
            f"SELECT count(DISTINCT phone) FROM suppressed_numbers WHERE account IN {self._same_key(account)}", ()
        )

    def is_suppressed(self, account: str, base_url: str, phone: str) -> bool:
        """Whether a number is on a suppression list that counts for an account."""
        protecting = read_protection(self._open(), account, base_url)
        return bool(self._count(f"SELECT {protecting.suppressed(str(row_codec.phone_code(phone)))}", ()))

    def _same_key(self, account: str) -> str:
        return values(same_key_accounts(self._open(), account))

    def asked_at(self, account: str, base_url: str, list_number: str) -> int:
        """Return when all unsubscribed members of a list were last fetched; 0 for never."""
        row = self._open().execute(
            "SELECT asked_at FROM list_queries JOIN lists USING (list) WHERE account = ? AND base_url = ?"
            " AND number = ? AND active = 0",
            (account, base_url, list_number),
        )
        return int((row.fetchone() or (0,))[0])

    def has_hashes(self) -> bool:
        """Whether there are people that are stored as keyed hashes only."""
        return self._open().execute("SELECT 1 FROM rows WHERE phone < 0 LIMIT 1").fetchone() is not None

    def previous_add(
        self, phone: str, list_number: str, account: str, base_url: str, history_key: bytes = b""
    ) -> PreviousAdd | None:
        """Return the last time that the person was added to the list from here."""
        number = row_codec.phone_code(phone)
        hashed = hash_of(history_key, number) if history_key else 0
        protecting = read_protection(self._open(), account, base_url)
        row = (
            self._open()
            .execute(
                f"SELECT {ANSWERED_AT} AS at, runs.file FROM rows INDEXED BY rows_by_phone"
                f" JOIN runs ON runs.run = rows.key >> ? {LAST_ATTEMPT}"
                " WHERE phone IN (?, ?) AND rows.list = (SELECT list FROM lists WHERE number = ?) AND phone <> 0"
                f" AND outcome IN ({row_codec.CREATED}, {row_codec.UPDATED}) AND kind <> ?"
                f" AND {protecting.sent_by('runs')} ORDER BY at DESC LIMIT 1",
                (schema.RUN_BITS, number, hashed, list_number, RunKind.UNDO),
            )
            .fetchone()
        )
        return PreviousAdd(row[0] or 0, row[1]) if row else None
