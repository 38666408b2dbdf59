"""Audit record of a run and its verification.

It has the file, the confirmation and the outcomes. Operators read "proof record".

The digest shows that a record was not changed by accident or by hand; it is no signature.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import trackly_desktop
from trackly_desktop.contacts import dates
from trackly_desktop.contacts.outcome import COUNTED
from trackly_desktop.delivery.progress import shown_counts
from trackly_desktop.journal.queries import JournalReader
from trackly_desktop.messages import note_text
from trackly_desktop.system.files import digest_file
from trackly_desktop.system.private_files import write_private

FORMAT = "Trackly Desktop proof record 1"


class RecordProblem(Exception):
    """A file that is no audit record; its words are for the operator."""


def record_of(reader: JournalReader, run_id: int) -> dict[str, Any]:
    """Return the record of a run.

    Raises:
        KeyError: there is no such run.
    """
    run = reader.run(run_id)
    if run is None:
        raise KeyError(run_id)
    counts = shown_counts(run.counts)
    source = run.source
    record: dict[str, Any] = {
        "format": FORMAT,
        "program": f"Trackly Desktop {trackly_desktop.__version__}",
        "run": run.id,
        "kind": run.kind,
        "account": run.account_name,
        "server": run.base_url,
        "lists": dict(reader.sent_to(run_id)),
        "file": {"name": run.file, "sha256": run.fingerprint, "bytes": run.size, "rows": run.rows},
        "read_as": {
            "kind": source.kind,
            "encoding": source.encoding,
            "delimiter": source.delimiter,
            "header_row": source.header_row,
            "sheet": source.sheet,
            "hidden": source.hidden,
        },
        "corrected_rows": source.corrected_rows,
        "columns": {name: use for name, use, _type in run.mapping.get("columns", ())},
        "disregarded_columns": list(run.mapping.get("disregarded", ())),
        "options": run.options,
        "confirmed": {"who": run.who, "sentence": run.confirmed, "at": _utc(run.started_at)},
        "ended_at": _utc(run.ended_at),
        "state": str(run.state),
        "counts": {str(outcome): counts[outcome] for outcome in COUNTED},
        "left_out": _left_out(reader, run_id),
        "successes": asdict(reader.successes(run_id)),
        "warnings": reader.warnings(run_id),
        "requests": run.requests,
        "repeats": run.retries,
        "outcomes_sha256": reader.outcomes_digest(run_id),
    }
    return record | {"digest": _digest(record)}


def _left_out(reader: JournalReader, run_id: int) -> dict[str, int]:
    """Return the skipped rows by the sentence of their reason.

    A record is read by people.
    """
    return {note_text(note): count for note, count in reader.skipped_by_note(run_id).items()}


def write_record(reader: JournalReader, run_id: int, path: Path) -> dict[str, Any]:
    """Write a record as JSON, readable by its owner alone, and return it.

    Raises:
        OSError: the file cannot be written.
        KeyError: there is no such run.
    """
    record = record_of(reader, run_id)
    write_private(path, json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    return record


@dataclass(frozen=True, slots=True)
class Verification:
    """Result of verifying a record against a file; `words` are its lines."""

    is_true: bool
    words: tuple[str, ...]


def verify(record: Path, file: Path, reader: JournalReader | None = None) -> Verification:
    """Verify that a record is unchanged and about this file.

    With a journal, verify also that its outcomes are the same.

    Raises:
        RecordProblem: the file is no audit record.
        OSError: a file cannot be read.
    """
    stored = _read(record)
    is_whole = stored.get("digest") == _digest({name: value for name, value in stored.items() if name != "digest"})
    lines = ["The record is as it was made" if is_whole else "THE RECORD WAS CHANGED after it was made"]
    digest = digest_file(file)
    expected = stored["file"]
    is_file = digest.sha256 == expected["sha256"] and digest.size == expected["bytes"]
    lines.append(
        f"{file.name} is the file that was imported" if is_file else f"{file.name} IS ANOTHER FILE, or was changed"
    )
    lines.append(_journal_line(stored, reader))
    return Verification(is_whole and is_file, tuple(line for line in lines if line))


def _journal_line(record: dict[str, Any], reader: JournalReader | None) -> str:
    run = reader.run(record["run"]) if reader is not None else None
    if reader is None or run is None or run.fingerprint != record["file"]["sha256"]:
        return ""
    same = reader.outcomes_digest(run.id) == record["outcomes_sha256"]
    return "This computer's journal says the same" if same else "This computer's journal has gone on since"


def _read(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise RecordProblem(f"{path.name} is no proof record; give the .json file") from error
    if not isinstance(record, dict) or record.get("format") != FORMAT or not isinstance(record.get("file"), dict):
        raise RecordProblem(f"{path.name} is no proof record of this program")
    return record


def _digest(record: dict[str, Any]) -> str:
    """Return the SHA-256 of a record in one spelling: sorted keys, no blanks, UTF-8."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _utc(at_ms: int | None) -> str | None:
    return None if at_ms is None else dates.format_utc(datetime.fromtimestamp(at_ms / 1000, UTC))
