"""Sentences of facts: one for every code, with every parameter that the code has."""

from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackly_desktop.contacts.issues import Issue, IssueCode, Note, NoteCode, ParseProblem
from trackly_desktop.contacts.phone_numbers import PhoneProblem, parse_phone
from trackly_desktop.messages import codes_with_text, issue_kind_text, issue_text, note_text, parse_problem_text

_PARAMS: dict[IssueCode, dict[str, str | int]] = {
    IssueCode.PHONE_IN_OTHER_COLUMN: {"number": "+14155550120"},
    IssueCode.PHONE_SEVERAL: {"count": 2, "numbers": "4155550120, 4155550121"},
    IssueCode.PHONE_LETTERS_FOR_DIGITS: {"letters": "O"},
    IssueCode.PHONE_HIDDEN: {"signs": "XXXX"},
    IssueCode.PHONE_WORDS: {"words": "call Jane"},
    IssueCode.PHONE_SAYS_NO: {"words": "STOP"},
    IssueCode.PHONE_NOT_A_PHONE: {"words": "fax"},
    IssueCode.PHONE_OF_SOMEBODY_ELSE: {"words": "wife"},
    IssueCode.PHONE_REMARK: {"words": "wrong"},
    IssueCode.PHONE_PLUS_UNCLEAR: {"national": "+494915123456789", "international": "+4915123456789"},
    IssueCode.PHONE_AREA_CODE: {"whole": "+4989555123", "joined": "+498989555123"},
    IssueCode.CELL_EXCEL_ERROR: {"error": "#N/A"},
    IssueCode.DATE_YEAR_UNCLEAR: {"first": "24", "last": "13"},
    IssueCode.DATE_PLACEHOLDER: {"date": "1970-01-01"},
    IssueCode.PHONE_UNKNOWN_COUNTRY: {"country": "Atlantis"},
    IssueCode.PHONE_TOO_SHORT: {"region": "US", "digits": 9},
    IssueCode.PHONE_TOO_LONG: {"region": "", "digits": 16},
    IssueCode.PHONE_WRONG_LENGTH: {"region": "US", "digits": 9},
    IssueCode.PHONE_NOT_ASSIGNED: {"dial_code": 1, "region": "US"},
    IssueCode.DATE_AMBIGUOUS: {"first": "03", "second": "04"},
    IssueCode.DATE_NO_SUCH_MONTH: {"month": 15, "order": "month first"},
    IssueCode.TIMEZONE_AMBIGUOUS: {"zone": "IST"},
    IssueCode.TIMEZONE_UNKNOWN: {"zone": "Mars/Base"},
    IssueCode.NUMBER_AMBIGUOUS: {"one": "1234", "other": "1.234"},
    IssueCode.WRITTEN_OTHERWISE: {"expected": "+14155550120"},
    IssueCode.CONTACT_TOO_LARGE: {"size": 20_000, "most": 16_384},
    IssueCode.ROW_TOO_MANY_CELLS: {"cells": 3, "columns": 2},
    IssueCode.ROW_BELOW_OPT_OUT_HEADING: {"heading": "Unsubscribed"},
    IssueCode.ROW_UNDECODABLE: {"byte": 0x81},
    IssueCode.OLDER_VERSION: {"text": "A sentence of long ago"},
}
_NOTE_PARAMS: dict[NoteCode, tuple[str | int, ...]] = {
    NoteCode.ALREADY_ADDED: ("2025-03-15", "leads.csv"),
    NoteCode.HEADING_SAYS_NO: ("Unsubscribed",),
    NoteCode.CONSENT_SAYS_NO: ("Opt out", "yes"),
    NoteCode.CONSENT_UNCLEAR: ("Opt in", "perhaps"),
    NoteCode.NO_TRUE_ANSWER: (5,),
    NoteCode.SERVER_TOO_BUSY: (5,),
    NoteCode.NOT_ON_LIST: (2,),
    NoteCode.SERVER_MESSAGE: ("On it already",),
    NoteCode.OLDER_VERSION: ("A sentence of long ago",),
}


@pytest.mark.parametrize("code", IssueCode)
def test_every_issue_has_a_sentence_with_its_parameters(code: IssueCode) -> None:
    params = _PARAMS.get(code, {})
    sentence = issue_text(Issue(code, "phone_number", "Phone", "12", params))
    assert sentence
    assert "{" not in sentence


@pytest.mark.parametrize("code", IssueCode)
def test_every_kind_of_issue_has_a_sentence_without_parameters(code: IssueCode) -> None:
    assert "{" not in issue_kind_text(code, "Phone")
    assert issue_kind_text(code, "Phone").startswith("Phone: ")
    assert not issue_kind_text(code, None).startswith("None")


@pytest.mark.parametrize("code", NoteCode)
def test_every_note_has_a_sentence_with_its_parameters(code: NoteCode) -> None:
    params = _NOTE_PARAMS.get(code, ())
    sentence = note_text(Note(code, params))
    assert sentence
    assert "{" not in sentence
    assert all(str(param) in sentence for param in params)


@given(st.text(max_size=12))
def test_every_phone_that_is_refused_has_a_sentence(text: str) -> None:
    sentence = "a number"
    try:
        parse_phone(text, "US")
    except PhoneProblem as problem:
        sentence = parse_problem_text(problem, text)
    assert sentence


def test_no_note_has_no_sentence() -> None:
    assert note_text(None) == ""


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ((), "Added to this list from here before"),
        (("2025-03-15", ""), "Added to this list from here before: 2025-03-15 by hand"),
        (("2025-03-15", "a.csv"), "Added to this list from here before: 2025-03-15 from a.csv"),
    ],
)
def test_a_previous_add_is_told_with_its_day_and_its_file(params: tuple[str, ...], sentence: str) -> None:
    assert note_text(Note(NoteCode.ALREADY_ADDED, params)) == sentence


def test_a_blank_cell_is_called_blank() -> None:
    assert note_text(Note(NoteCode.CONSENT_SAYS_NO, ("Opt in", ""))) == "Its own column says no: Opt in = blank"


def test_an_issue_of_another_line_than_its_row_names_the_line() -> None:
    issue = Issue(IssueCode.ROW_CUT_OFF, params={"line": 4})
    assert issue_text(issue) == "The file ends in the middle of this row (line 4 of the file)"


def test_braces_in_a_cell_are_shown_as_they_are() -> None:
    assert "“{value}”" in issue_text(Issue(IssueCode.NUMBER_UNREADABLE, value="{value}"))
    assert parse_problem_text(ParseProblem(IssueCode.TIMEZONE_UNKNOWN, zone="{0}")).startswith(
        "There is no time zone called {0};"
    )
    assert note_text(Note(NoteCode.CONSENT_SAYS_NO, ("{1}", "{0}"))) == "Its own column says no: {1} = {0}"


def test_codes_are_found_by_the_words_of_their_sentences() -> None:
    assert codes_with_text("Too SHORT") == (IssueCode.PHONE_TOO_SHORT,)
    assert codes_with_text("do-not-text") == (NoteCode.ON_SUPPRESSION_LIST,)
    assert codes_with_text(" ") == ()


@pytest.mark.parametrize("code", IssueCode)
def test_an_issue_is_the_same_after_the_journal(code: IssueCode) -> None:
    issue = Issue(code, "phone_number", "Phone", "12", _PARAMS.get(code, {}))
    assert Issue.from_json(json.loads(json.dumps(issue.to_json()))) == issue


@pytest.mark.parametrize(
    "issue", [Issue(IssueCode.ROW_CUT_OFF), Issue(IssueCode.PHONE_TOO_SHORT, params={"region": "US"})]
)
def test_an_issue_is_the_same_in_another_process(issue: Issue) -> None:
    assert pickle.loads(pickle.dumps(issue)) == issue
