"""Undo runs: unsubscribe the people that a run newly added to a list."""

from __future__ import annotations

import json
from pathlib import Path

from trackly_desktop.api.replies import StopReason
from trackly_desktop.journal import drafts, row_codec, schema
from trackly_desktop.journal.connection import JournalProblem, Transaction, connect
from trackly_desktop.journal.import_options import RunSource
from trackly_desktop.journal.models import UNFINISHED, NewRun, RunKind, State, read_runs


def create_undo_run(path: Path, run_id: int, who: str) -> int:
    """Create the undo run of a run, or find the one that was begun.

    Returns:
        Its number.

    Raises:
        JournalProblem: the run is not over yet, or newly added nobody.
    """
    connection = connect(path)
    try:
        with Transaction(connection):
            run = read_runs(connection, "WHERE run = ?", (run_id,))[0]
            undo_runs = [
                undo
                for undo in read_runs(connection, "WHERE kind = ?", (RunKind.UNDO,))
                if undo.source.undoes == run_id
            ]
            if begun := next((undo.id for undo in undo_runs if undo.state in UNFINISHED), None):
                return begun
            if run.state in UNFINISHED:
                raise JournalProblem("This import is not over yet; let it end, or cancel it, before you take it back")
            new = NewRun(
                kind=RunKind.UNDO,
                account=run.account,
                account_name=run.account_name,
                base_url=run.base_url,
                list_number=run.list_number,
                options=run.options,
                file=run.file,
                header=run.header,
                source=RunSource(undoes=run_id),
                who=who,
                sample=run.sample,
            )
            undo_id = drafts.insert_run(connection, new, State.STOPPED, 0)
            undo_ids = ",".join(str(undo.id) for undo in undo_runs) or "0"
            # A row keeps its number in the file. People that an earlier undo unsubscribed may have come back since.
            connection.execute(
                "INSERT INTO rows (key, line_offset, phone, list, outcome, content)"
                f" SELECT ? + key - ?, line_offset, phone, list, {row_codec.PENDING}, content FROM rows AS mine"
                f" WHERE key BETWEEN ? AND ? AND outcome = {row_codec.CREATED} AND phone > 0"
                " AND NOT EXISTS (SELECT 1 FROM rows AS off INDEXED BY rows_by_phone"
                f" WHERE off.phone = mine.phone AND off.phone <> 0 AND off.list = mine.list"
                f" AND off.key >> {schema.RUN_BITS} IN ({undo_ids})"
                f" AND off.outcome = {row_codec.UPDATED})",
                (
                    schema.first_key(undo_id),
                    schema.first_key(run_id),
                    schema.first_key(run_id),
                    schema.last_key(run_id),
                ),
            )
            rows = connection.execute("SELECT changes()").fetchone()[0]  # `rowcount` is -1 in a Turkish locale
            if not rows:
                raise JournalProblem(
                    "This import added nobody who was not on the list before; there is nothing to take back"
                )
            connection.execute(
                "UPDATE runs SET rows = ?, counts = ?, stopped = ? WHERE run = ?",
                (rows, json.dumps({"pending": rows}), StopReason.INTERRUPTED, undo_id),
            )
        return undo_id
    finally:
        connection.close()
