"""Texts of a row's outcome: the same in the form, in tables and in a row's detail."""

from __future__ import annotations

from dataclasses import dataclass

from trackly_desktop.contacts.issues import Issue, NoteCode
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.gui import formatting
from trackly_desktop.journal.models import Run, RunKind
from trackly_desktop.journal.queries import ShownRow
from trackly_desktop.messages import answer_text, error_help, issue_text, issues_text, note_text


@dataclass(frozen=True, slots=True)
class RowDescription:
    """Description of a row's outcome. `kind` is a notice's; `advice` may be empty."""

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
    """Return the description of a row's outcome."""
    kind = "caution" if row.warnings and row.outcome in _ADDED else KINDS[row.outcome]
    return RowDescription(kind, _headline(row), _text(row), _advice(row))


def in_short(row: ShownRow) -> str:
    """Return one line for a table's cell."""
    if row.outcome in _ADDED:
        return " · ".join(part for part in (_novelty(row), _journeys(row), *row.warnings, note_text(row.note)) if part)
    if row.outcome is Outcome.INVALID:
        return issues_text(row.issues)
    if row.outcome is Outcome.REFUSED and row.status is not None:
        return " · ".join(part for part in (error_help(row.code, row.status).means, note_text(row.note)) if part)
    if row.outcome in (Outcome.PENDING, Outcome.SENDING):
        return ""
    return note_text(row.note) or answer_text(row.code, row.answer)


def run_name(run: Run) -> str:
    """Return the name of a run."""
    return {RunKind.IMPORT: run.file, RunKind.UNDO: f"Taking back {run.file}"}.get(run.kind, "A contact by hand")


def outcome_words(row: ShownRow) -> str:
    """Return the outcome in a word or two."""
    return "Taken off" if _note_code(row) in _OFF else formatting.OUTCOME_WORDS[row.outcome]


_ADDED = (Outcome.CREATED, Outcome.UPDATED)
_OFF = (NoteCode.TAKEN_OFF, NoteCode.WAS_OFF_ALREADY)


def _note_code(row: ShownRow) -> NoteCode | None:
    return row.note.code if row.note is not None else None


def _headline(row: ShownRow) -> str:
    if _note_code(row) in _OFF:
        return f"{_person(row)} is off the list"
    if _note_code(row) is NoteCode.TAKEN_AS_ADDED:
        return f"You decided that {_person(row).lower()} was added"
    if row.outcome is Outcome.CREATED:
        return f"{_person(row)} was added to the list"
    if row.outcome is Outcome.UPDATED:
        return f"{_person(row)} was on the list already, and is updated"
    if row.outcome is Outcome.REFUSED:
        return f"{_person(row)} was not added"
    if row.outcome is Outcome.UNKNOWN:
        return (
            "It will be sent once more"
            if row.retry_pending
            else f"Nobody knows whether {_person(row).lower()} was added"
        )
    if row.outcome is Outcome.INVALID:
        return "This row cannot be sent as it is"
    if row.outcome is Outcome.SKIPPED:
        return "This row was left out"
    return "This row was not sent yet" if row.outcome is Outcome.PENDING else "This row is on its way"


def _text(row: ShownRow) -> str:
    if row.outcome in _ADDED:
        parts = [_novelty(row), _journeys(row)]
        return "\n".join([". ".join(part for part in parts if part), *row.warnings, *_note(row)]).strip()
    if row.outcome is Outcome.INVALID:
        return "\n".join(map(_issue, row.issues))
    if row.outcome is Outcome.REFUSED and row.status is not None:
        return "\n".join([f"{error_help(row.code, row.status).means}.", *_note(row)])
    answer = answer_text(row.code, row.answer)
    return "\n".join(_note(row) or ([answer] if answer else []))


def _advice(row: ShownRow) -> str:
    if row.outcome is Outcome.REFUSED and row.status is not None:
        return f"{error_help(row.code, row.status).do}."
    if row.outcome is Outcome.UNKNOWN and not row.retry_pending:
        return (
            "Look the person up in Trackly first. If they are not on the list, send again; if they are,"
            " take as done: sending again could text them twice."
        )
    if row.outcome is Outcome.INVALID:
        return "Save the rows to fix, correct them there, and drop that file on the window."
    return ""


def _novelty(row: ShownRow) -> str:
    if row.is_new_contact is None:
        return ""
    known = "New to this account" if row.is_new_contact else "Known to this account before"
    return f"{known}, {'new on the list' if row.is_new_list_contact else 'on the list already'}"


def _journeys(row: ShownRow) -> str:
    return f"{formatting.count(row.journeys, 'welcome journey')} started" if row.journeys else ""


def _note(row: ShownRow) -> list[str]:
    return [note_text(row.note)] if row.note is not None else []


def _issue(issue: Issue) -> str:
    where = f"{issue.column}: " if issue.column else ""
    return f"{where}{issue_text(issue)}" + (f"  “{issue.value}”" if issue.value else "")


def _person(row: ShownRow) -> str:
    return row.phone or "This person"
