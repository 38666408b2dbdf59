"""Version 3 -> 4: codes instead of sentences, standard column names. Frozen."""

from __future__ import annotations

import json
import re
import sqlite3

_STATEMENTS = (
    "ALTER TABLE leaving RENAME TO in_flight_requests",
    "ALTER TABLE people RENAME TO list_members",
    "ALTER TABLE asked RENAME TO list_queries",
    "ALTER TABLE do_not_text RENAME TO suppressed_numbers",
    "ALTER TABLE runs RENAME COLUMN how TO source",
    "ALTER TABLE rows RENAME COLUMN below TO line_offset",
    "ALTER TABLE rows RENAME COLUMN due TO retry_pending",
    "ALTER TABLE rows RENAME COLUMN repeat_safe TO idempotent",
    "ALTER TABLE rows RENAME COLUMN seen_absent TO confirmed_absent",
    "ALTER TABLE rows RENAME COLUMN has TO field_bits",
    "ALTER TABLE rows RENAME COLUMN signed TO signup_day",
    "ALTER TABLE rows RENAME COLUMN problems TO issues",
    "ALTER TABLE rows RENAME COLUMN note TO note_code",
    "ALTER TABLE rows ADD COLUMN note_params TEXT",
    "CREATE TABLE migrations (name TEXT PRIMARY KEY, applied_at INTEGER NOT NULL) WITHOUT ROWID",
    "UPDATE runs SET kind = 'undo' WHERE kind = 'take back'",
)
_RENAMED_OPTIONS = {"may_text": "may_enroll", "typed_again": "retyped_phone"}
_RENAMED_SOURCE = {"plus": "missing_plus", "corrected": "corrected_rows", "of": "undoes"}


def migrate(connection: sqlite3.Connection) -> None:
    """Rename tables and columns; turn stored sentences into codes with parameters."""
    for statement in _STATEMENTS:
        connection.execute(statement)
    for run, options, source in connection.execute("SELECT run, options, source FROM runs").fetchall():
        connection.execute(
            "UPDATE runs SET options = ?, source = ? WHERE run = ?",
            (_renamed(options, _RENAMED_OPTIONS), _renamed(source, _RENAMED_SOURCE), run),
        )
    notes = [note for (note,) in connection.execute("SELECT DISTINCT note_code FROM rows WHERE note_code IS NOT NULL")]
    for note in notes:
        code, params = _note_fact(note)
        connection.execute(
            "UPDATE rows SET note_code = ?, note_params = ? WHERE note_code = ? AND note_params IS NULL",
            (code, json.dumps(params, ensure_ascii=False) if params else None, note),
        )
    rows = connection.execute("SELECT key, issues FROM rows WHERE issues IS NOT NULL").fetchall()
    connection.executemany(
        "UPDATE rows SET issues = ? WHERE key = ?", ((_issues_as_facts(issues), key) for key, issues in rows)
    )


def _renamed(stored: str, names: dict[str, str]) -> str:
    values = json.loads(stored)
    return json.dumps({names.get(name, name): value for name, value in values.items()}, ensure_ascii=False)


def _issues_as_facts(stored: str) -> str:
    facts = []
    for column, value, words in json.loads(stored):
        code, params = _issue_fact(words)
        facts.append([code, "", column, value, params])
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def _issue_fact(words: str) -> tuple[str, dict[str, str | int]]:
    plain = re.sub(r" \(line \d+ of the file\)$", "", words)
    for code, pattern in _ISSUES:
        if match := re.fullmatch(pattern, plain):
            return code, {
                name: int(value.replace(",", "")) if name in _INTEGERS else value
                for name, value in match.groupdict(default="").items()
            }
    return "older_version", {"text": plain}


def _note_fact(words: str) -> tuple[str, list[str | int]]:
    for code, pattern in _NOTES:
        if match := re.fullmatch(pattern, words):
            return code, [int(value) if code in _COUNTED else value for value in match.groups(default="")]
    return "older_version", [words]


_INTEGERS = frozenset(("count", "size", "most", "cells", "columns", "month", "dial_code"))
_WHERE = r"(?: for a number in (?P<region>\w+))?"
_ISSUES = (
    ("phone_missing", "There is no phone number"),
    ("phone_blank", "No phone number here"),
    ("phone_in_other_column", "There is no phone number here; another column has one: “(?P<number>.*)”"),
    ("phone_excel_sum", "Excel took this number for a sum.*"),
    ("phone_excel_shortened", "Excel has shortened this number.*"),
    ("phone_several", r"There are (?P<count>\d+) numbers in this cell \((?P<numbers>[^)]*)\); keep one of them"),
    ("phone_letters_for_digits", "There are letters where digits should be: “(?P<letters>.*)”"),
    ("phone_hidden", "Part of this number is hidden.*"),
    ("phone_words", "(?:This has letters in it|There are words or letters in it); a phone number has digits only"),
    ("phone_unknown_dial_code", "No country has the dial code that this number starts with"),
    ("phone_unknown_country", "The country “(?P<country>.*)” is not known; write the number with .*"),
    ("phone_too_short", f"This number is too short{_WHERE}"),
    ("phone_too_long", f"This number is too long{_WHERE}"),
    ("phone_wrong_length", f"This number has the wrong number of digits{_WHERE}"),
    ("phone_not_assigned", r"There is no such number(?: with \+(?P<dial_code>\d+) before it): no phone company has .*"),
    ("phone_unreadable", "This is not a phone number"),
    ("list_missing", "Choose a sending list"),
    ("list_unreadable", "A sending list is named by its phone number.*"),
    ("yes_no_unclear", "This is neither yes nor no"),
    ("date_unreadable", "This is not a date; write it like .*"),
    ("date_impossible", "This is not a date that a calendar has"),
    ("date_ambiguous", r"(?P<first>\d+)/(?P<second>\d+) could be day and month or month and day.*"),
    ("date_no_such_month", r"There is no month (?P<month>\d+); dates here are read with the (?P<order>.*)"),
    ("date_no_day", "There is no day in this date.*"),
    ("date_in_future", "This date is in the future.*"),
    ("timezone_ambiguous", "The time zone (?P<zone>.*) could be several.*"),
    ("ip_unreadable", "This is not an IP address; one looks like .*"),
    ("ip_scoped", "This is not an IP address that others can use.*"),
    ("url_unreadable", "This is not a web address.*"),
    ("number_unreadable", "“.*” is not a number; keep it as text, or correct it"),
    ("number_not_finite", "“.*” is not a number that can be sent|This is not a number that can be sent"),
    ("number_ambiguous", "“.*” could be (?P<one>.*) or (?P<other>.*); write it without the comma"),
    ("custom_name_missing", "A custom field needs a name"),
    (
        "contact_too_large",
        r"This contact is too large to send: (?P<size>[\d,]+) bytes, and (?P<most>[\d,]+) is the most.*",
    ),
    ("row_unreadable", "This row could not be read.*"),
    ("row_too_many_cells", r"This row has (?P<cells>\d+) cells where the header has (?P<columns>\d+).*"),
    ("row_repeats_header", "This is the line of the columns’ names once more"),
    ("row_cut_off", "The file ends in the middle of this row"),
    ("row_quote_not_closed", "A quotation mark in this row is never closed.*"),
    ("row_cell_not_a_time", "A cell of this row holds what no date or time can be.*"),
)
_COUNTED = frozenset(("no_true_answer", "server_too_busy", "not_on_list"))
_NOTES = (
    ("duplicate_of_later", "The same number and list come again further down.*"),
    ("duplicate_of_earlier", "The same number and list came further up.*"),
    ("already_added", r"Added to this list from here before(?:: ([\d-]+) (?:by hand|from (.*)))?"),
    ("already_on_list", "On this list already, added elsewhere"),
    ("on_suppression_list", "On the do-not-text list"),
    ("unsubscribed", "Unsubscribed from this list"),
    ("consent_unclear", "Its own column says no: (.*?) = (.*), which is neither yes nor no"),
    ("consent_says_no", "Its own column says no: (.*?) = (.*)"),
    ("other_row_says_no", "Another row of this person says no"),
    ("left_out", "Left out in the review"),
    ("left_unknown", "No answer came; you decided to leave it.*"),
    ("never_sent", "The import was cancelled before this row was sent.*"),
    ("may_have_been_added", "It may have been added; sending it again .*"),
    ("no_true_answer", r"No true answer in (\d+) tries"),
    ("server_too_busy", r"Trackly had no time for it in (\d+) tries"),
    ("not_on_list", r"Not on the list after (\d+) tries"),
    ("found_on_list", "No answer came; found there"),
    ("repeated_none_enrolled", "Sent twice; the first try may have been .*"),
    ("answer_not_stored", "The answer could not be kept.*"),
    ("list_refused", "Trackly refuses this list; not sent"),
    ("taken_as_added", "No answer came; you decided that it was added"),
    ("sent_again", "Sent again, as you decided"),
    ("taken_off", "Unsubscribed from the list"),
    ("was_off_already", "Was not on the list any more"),
)
