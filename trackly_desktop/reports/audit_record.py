"""The proof record of a run: what was imported, who confirmed what, and what came of it; and whether a record is true.

The digest shows that a record was not changed by accident or by hand without a trace of that; it is no signature.
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
from trackly_desktop.journal.reader import JournalReader
from trackly_desktop.system import paths
from trackly_desktop.system.files import digest_file

FORMAT = "Trackly Desktop proof record 1"


class RecordProblem(Exception):
    """This is no record; its words are for the operator."""


def record_of(reader: JournalReader, run: int) -> dict[str, Any]:
    """Everything that a record says of a run. Raises KeyError where there is no such run."""
    found = reader.run(run)
    if found is None:
        raise KeyError(run)
    counts = shown_counts(found.counts)
    said: dict[str, Any] = {
        "format": FORMAT,
        "program": f"Trackly Desktop {trackly_desktop.__version__}",
        "run": found.run,
        "kind": found.kind,
        "account": found.account_name,
        "server": found.base_url,
        "lists": dict(reader.sent_to(run)),
        "file": {"name": found.file, "sha256": found.fingerprint, "bytes": found.size, "rows": found.rows},
        "read_as": {name: found.how.get(name) for name in ("kind", "encoding", "delimiter", "header_row", "sheet")},
        "corrected_rows": int(found.how.get("corrected", 0)),
        "columns": {name: use for name, use, _type in found.mapping.get("columns", ())},
        "disregarded_columns": list(found.mapping.get("disregarded", ())),
        "options": found.options,
        "confirmed": {"who": found.who, "sentence": found.confirmed, "at": _moment(found.started_at)},
        "ended_at": _moment(found.ended_at),
        "state": str(found.state),
        "counts": {str(outcome): counts[outcome] for outcome in COUNTED},
        "left_out": reader.held(run),
        "successes": asdict(reader.successes(run)),
        "warnings": reader.warnings(run),
        "requests": found.requests,
        "repeats": found.retries,
        "outcomes_sha256": reader.outcomes_digest(run),
    }
    return said | {"digest": _digest(said)}


def write_record(reader: JournalReader, run: int, path: Path) -> dict[str, Any]:
    """Writes a record as JSON, readable by its owner alone, and gives it. Raises OSError, KeyError."""
    record = record_of(reader, run)
    paths.write_private(path, json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    return record


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking a record against a file found; `words` are its lines."""

    is_true: bool
    words: tuple[str, ...]


def verify(record: Path, file: Path, reader: JournalReader | None = None) -> Verification:
    """Whether a record is as it was made, and is about this file; with a journal, whether that says the same.

    Raises RecordProblem, OSError.
    """
    said = _read(record)
    is_whole = said.get("digest") == _digest({name: value for name, value in said.items() if name != "digest"})
    lines = ["The record is as it was made" if is_whole else "THE RECORD WAS CHANGED after it was made"]
    digest = digest_file(file)
    expected = said["file"]
    is_file = digest.sha256 == expected["sha256"] and digest.size == expected["bytes"]
    lines.append(
        f"{file.name} is the file that was imported" if is_file else f"{file.name} IS ANOTHER FILE, or was changed"
    )
    lines.append(_what_journal_says(said, reader))
    return Verification(is_whole and is_file, tuple(line for line in lines if line))


def _what_journal_says(said: dict[str, Any], reader: JournalReader | None) -> str:
    found = reader.run(said["run"]) if reader is not None else None
    if reader is None or found is None or found.fingerprint != said["file"]["sha256"]:
        return ""
    same = reader.outcomes_digest(found.run) == said["outcomes_sha256"]
    return "This computer's journal says the same" if same else "This computer's journal has gone on since"


def _read(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise RecordProblem(f"{path.name} is no proof record; give the .json file") from error
    if not isinstance(said, dict) or said.get("format") != FORMAT or not isinstance(said.get("file"), dict):
        raise RecordProblem(f"{path.name} is no proof record of this program")
    return said


def _digest(said: dict[str, Any]) -> str:
    """SHA-256 of the record in one spelling: sorted keys, no blanks, UTF-8."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _moment(at_ms: int | None) -> str | None:
    return None if at_ms is None else dates.format_utc(datetime.fromtimestamp(at_ms / 1000, UTC))
