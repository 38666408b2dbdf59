"""Queries of runs."""

from __future__ import annotations

from trackly_desktop.journal.models import UNFINISHED, Run, RunKind, State
from trackly_desktop.journal.protection import read_protection
from trackly_desktop.journal.queries.base import QueryBase


class RunQueries(QueryBase):
    """Runs, newest first; drafts only by their number."""

    def run(self, run_id: int) -> Run | None:
        """Return a run."""
        return next(iter(self._runs("WHERE run = ?", (run_id,))), None)

    def runs(self, limit: int = 200) -> list[Run]:
        """Return the newest runs."""
        return self._runs("WHERE state <> ? ORDER BY run DESC LIMIT ?", (State.DRAFT, limit))

    def unfinished(self) -> list[Run]:
        """Return imports and undo runs that stopped before their end or were killed."""
        return self._runs("WHERE kind <> ? AND state IN (?, ?) ORDER BY run DESC", (RunKind.CONTACT, *UNFINISHED))

    def imports_of(self, fingerprint: str, account: str, base_url: str) -> list[Run]:
        """Return earlier imports of the file with this SHA-256 on this account."""
        protecting = read_protection(self._open(), account, base_url)
        return self._runs(
            f"WHERE fingerprint = ? AND {protecting.sent_by('runs')} AND state <> ? ORDER BY run DESC",
            (fingerprint, State.DRAFT),
        )

    def custom_fields(self, account: str, base_url: str, limit: int = 50) -> dict[str, str]:
        """Return an account's recent custom fields, newest first: name -> type."""
        fields: dict[str, str] = {}
        for run in self._runs(
            "WHERE kind = ? AND state <> ? AND account = ? AND base_url = ? ORDER BY run DESC LIMIT ?",
            (RunKind.IMPORT, State.DRAFT, account, base_url, limit),
        ):
            for _name, field, type_name in run.mapping.get("columns", ()):
                if field.startswith("custom:"):
                    fields.setdefault(field.removeprefix("custom:"), type_name)
        return fields
