"""A run that takes another back: everyone whom that one newly added to a list is unsubscribed from it, and nobody else."""

from __future__ import annotations

import json
from pathlib import Path

from trackly_desktop.journal import drafts, row_codec, schema
from trackly_desktop.journal.connection import JournalProblem, Transaction, connect
from trackly_desktop.journal.models import UNDO, UNFINISHED, NewRun, State, read_runs


def create_undo_run(path: Path, run: int, who: str) -> int:
    """Makes the run that takes this one back, or finds the one that was begun; its number. Raises JournalProblem."""
    connection = connect(path)
    try:
        with Transaction(connection):
            mine = read_runs(connection, "WHERE run = ?", (run,))[0]
            earlier = [one for one in read_runs(connection, "WHERE kind = ?", (UNDO,)) if one.how.get("of") == run]
            if begun := next((one.run for one in earlier if one.state in UNFINISHED), None):
                return begun
            if mine.state in UNFINISHED:
                raise JournalProblem("This import is not over yet; let it end, or cancel it, before you take it back")
            new = NewRun(
                kind=UNDO,
                account=mine.account,
                account_name=mine.account_name,
                base_url=mine.base_url,
                list_number=mine.list_number,
                options=mine.options,
                file=mine.file,
                header=mine.header,
                how={"of": run},
                who=who,
                sample=mine.sample,
            )
            made = drafts.insert_run(connection, new, State.STOPPED, 0)
            before = ",".join(str(one.run) for one in earlier) or "0"
            # A row keeps its number in the file. Who was taken off before is not taken off again: they may have come back.
            connection.execute(
                "INSERT INTO rows (key, below, phone, list, outcome, content)"
                f" SELECT ? + key - ?, below, phone, list, {row_codec.PENDING}, content FROM rows AS mine"
                f" WHERE key BETWEEN ? AND ? AND outcome = {row_codec.CREATED} AND phone > 0"
                " AND NOT EXISTS (SELECT 1 FROM rows AS off INDEXED BY rows_by_phone"
                f" WHERE off.phone = mine.phone AND off.phone <> 0 AND off.list = mine.list"
                f" AND off.key >> {schema.RUN_BITS} IN ({before})"
                f" AND off.outcome = {row_codec.UPDATED})",
                (schema.first_key(made), schema.first_key(run), schema.first_key(run), schema.last_key(run)),
            )
            rows = connection.execute("SELECT changes()").fetchone()[0]  # `rowcount` is -1 in a Turkish locale
            if not rows:
                raise JournalProblem(
                    "This import added nobody current_user was not on the list before; there is nothing to take back"
                )
            connection.execute(
                "UPDATE runs SET rows = ?, counts = ?, stopped = 'interrupted' WHERE run = ?",
                (rows, json.dumps({"pending": rows}), made),
            )
        return made
    finally:
        connection.close()
