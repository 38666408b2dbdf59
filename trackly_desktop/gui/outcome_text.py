"""What an answer means, in words: the same in the form, in tables and in a row's detail."""

from __future__ import annotations

from dataclasses import dataclass

from trackly_desktop.api.replies import TAKEN_OFF, WAS_OFF, error_help
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.gui import formatting
from trackly_desktop.journal.models import IMPORT, UNDO, Run
from trackly_desktop.journal.reader import ShownRow
from trackly_desktop.journal.resolutions import AS_DONE


@dataclass(frozen=True, slots=True)
class RowDescription:
    """An answer as it is told. `kind` is a notice's; `advice` is what to do, if anything."""

    kind: str
    headline: str
    text: str
    advice: str = ""


KINDS = {
    Outcome.CREATED: "good",
    Outcome.UPDATED: "good",
    Outcome.REFUSED: "bad",
    Outcome.UNKNOWN: "unknown",
    Outcome.INVALID: "caution",
    Outcome.SKIPPED: "info",
    Outcome.PENDING: "info",
    Outcome.SENDING: "info",
}


def describe_row(row: ShownRow) -> RowDescription:
    """Everything worth knowing about what came of a row."""
    kind = "caution" if row.warnings and row.outcome in _ADDED else KINDS[row.outcome]
    return RowDescription(kind, _headline(row), _text(row), _advice(row))


def in_short(row: ShownRow) -> str:
    """One line for a table's cell."""
    if row.outcome in _ADDED:
        return " · ".join(part for part in (_persons(row), _journeys(row), *row.warnings, row.note) if part)
    if row.outcome is Outcome.INVALID:
        return "; ".join(f"{column}: {said}" if column else said for column, _value, said in row.problems)
    if row.outcome is Outcome.REFUSED and row.status is not None:
        return " · ".join(part for part in (error_help(row.code, row.status).means, row.note) if part)
    if row.outcome in (Outcome.PENDING, Outcome.SENDING):
        return ""
    return row.note or row.answer


def run_name(run: Run) -> str:
    """What a run is called."""
    return {IMPORT: run.file, UNDO: f"Taking back {run.file}"}.get(run.kind, "A contact by hand")


def outcome_words(row: ShownRow) -> str:
    """Its outcome in a word or two."""
    return "Taken off" if row.note in (TAKEN_OFF, WAS_OFF) else formatting.OUTCOME_WORDS[row.outcome]


_ADDED = (Outcome.CREATED, Outcome.UPDATED)


def _headline(row: ShownRow) -> str:
    if row.note in (TAKEN_OFF, WAS_OFF):
        return f"{_whom(row)} is off the list"
    if row.note == AS_DONE:
        return f"You decided that {_whom(row).lower()} was added"
    if row.outcome is Outcome.CREATED:
        return f"{_whom(row)} was added to the list"
    if row.outcome is Outcome.UPDATED:
        return f"{_whom(row)} was on the list already, and is updated"
    if row.outcome is Outcome.REFUSED:
        return f"{_whom(row)} was not added"
    if row.outcome is Outcome.UNKNOWN:
        return "It will be sent once more" if row.due else f"Nobody knows whether {_whom(row).lower()} was added"
    if row.outcome is Outcome.INVALID:
        return "This row cannot be sent as it is"
    if row.outcome is Outcome.SKIPPED:
        return "This row was left out"
    return "This row was not sent yet" if row.outcome is Outcome.PENDING else "This row is on its way"


def _text(row: ShownRow) -> str:
    if row.outcome in _ADDED:
        parts = [_persons(row), _journeys(row)]
        return "\n".join([". ".join(part for part in parts if part), *row.warnings, *_note(row)]).strip()
    if row.outcome is Outcome.INVALID:
        return "\n".join(_problem(*one) for one in row.problems)
    if row.outcome is Outcome.REFUSED and row.status is not None:
        return "\n".join([f"{error_help(row.code, row.status).means}.", *_note(row)])
    return "\n".join(_note(row) or ([row.answer] if row.answer else []))


def _advice(row: ShownRow) -> str:
    if row.outcome is Outcome.REFUSED and row.status is not None:
        return f"{error_help(row.code, row.status).do}."
    if row.outcome is Outcome.UNKNOWN and not row.due:
        return (
            "Look the person up in Trackly first. If they are not on the list, send again; if they are,"
            " take as done: sending again could text them twice."
        )
    if row.outcome is Outcome.INVALID:
        return "Save the rows to fix, correct them there, and drop that file on the window."
    return ""


def _persons(row: ShownRow) -> str:
    if row.is_new_contact is None:
        return ""
    known = "New to this account" if row.is_new_contact else "Known to this account before"
    return f"{known}, {'new on the list' if row.is_new_list_contact else 'on the list already'}"


def _journeys(row: ShownRow) -> str:
    return f"{formatting.count(row.journeys, 'welcome journey')} started" if row.journeys else ""


def _note(row: ShownRow) -> list[str]:
    return [row.note] if row.note else []


def _problem(column: str | None, value: str, said: str) -> str:
    where = f"{column}: " if column else ""
    return f"{where}{said}" + (f"  “{value}”" if value else "")


def _whom(row: ShownRow) -> str:
    return row.phone or "This person"
