"""Consent columns: the meaning of values, and rows that are held back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Practice
from tests.journeys.jobs import check, deliver, rows_of
from trackly_desktop.contacts.issues import Note, NoteCode
from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.contacts.value_words import NO_WORDS, YES_WORDS
from trackly_desktop.mapping.consent_columns import (
    ConsentColumn,
    consent_column_kind,
    find_consent_columns,
    is_opted_out,
    suppression_filename_keyword,
)
from trackly_desktop.validation.corrections import Change, Fix, apply_fix

Write = Callable[..., Path]
ADA, GRACE, MARY = "+14155550120", "+14155550121", "+14155550122"


@pytest.mark.parametrize(
    ("column", "value", "opted_out"),
    [
        ("Accepts SMS Marketing", "yes", False),
        ("Accepts SMS Marketing", "no", True),
        ("Accepts SMS Marketing", "'no", True),
        ("Accepts SMS Marketing", "", None),
        ("SMS_BLACKLISTED", "Yes", True),
        ("SMS_BLACKLISTED", "No", False),
        ("SMS_BLACKLISTED", "", False),
        ("opt_out", "true", True),
        ("opt_out", "0", False),
        ("opt_out", "2025-05-03", True),
        ("SMS Marketing Consent", "Subscribe", False),
        ("SMS Marketing Consent", "SUBSCRIBED", False),
        ("SMS Marketing Consent", "Unsubscribed", True),
        ("SMS Marketing Consent", "NEVER_SUBSCRIBED", True),
        ("SMS Marketing Consent", "Never subscribed", True),
        ("SMS Marketing Consent", "", True),
        ("SMS Marketing Consent", "perhaps", None),
        ("Do Not Call", "1", True),
        ("DoNotCall", "FALSE", False),
        ("UNSUB_TIME", "2025-05-03 10:00:00", True),
        ("UNSUB_TIME", "", False),
        ("opt_out_time", "-", False),
        ("Subscribed", "maybe", None),
    ],
)
def test_what_a_value_means(column: str, value: str, opted_out: bool | None) -> None:
    kind = consent_column_kind(column)
    assert kind is not None
    assert is_opted_out(kind, value) is opted_out


@pytest.mark.parametrize(
    "column", ["Accepts Email Marketing", "EMAIL_BLACKLISTED", "HasOptedOutOfEmail", "Status", "Phone", "Email", ""]
)
def test_a_column_about_something_else_is_no_consent_column(column: str) -> None:
    assert consent_column_kind(column) is None


def test_a_text_that_says_stop_counts_in_a_message_log_alone() -> None:
    log = ["From", "To", "Body", "Status", "SentDate", "Direction"]
    assert find_consent_columns(log) == {2: ConsentColumn.MESSAGE_TEXT}
    assert find_consent_columns(["Phone", "Body"]) == {}
    for text in ("STOP", "stop.", " Unsubscribe ", "STOPALL"):
        assert is_opted_out(ConsentColumn.MESSAGE_TEXT, text)
    for text in ("Please stop by the shop", "", "start"):
        assert not is_opted_out(ConsentColumn.MESSAGE_TEXT, text)


@pytest.mark.parametrize(
    ("file", "word"),
    [
        ("unsubscribed_members_export_1a2b.csv", "unsubscribed"),
        ("cleaned_members_export.csv", "cleaned"),
        ("Opt-outs May.xlsx", "Opt-outs"),
        ("do_not_text.csv", "do_not_text"),
        ("subscribed_members_export.csv", ""),
        ("house cleaners.csv", ""),
        ("students.csv", ""),
    ],
)
def test_a_file_name_of_unsubscribed_people_is_recognized(file: str, word: str) -> None:
    assert suppression_filename_keyword(file) == word


def people_sent(practice: Practice, journal: Path, run_id: int) -> set[str]:
    deliver(journal, run_id)
    return set(practice.people())


def test_opted_out_rows_are_held_back_with_the_column_and_the_value(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    file = write("Phone,Accepts SMS Marketing", f"{ADA},yes", f"{GRACE},no", f"{MARY},")
    checked = check(journal_path, file, practice.address)
    assert {row.phone: row.note for row in rows_of(journal_path, checked.run_id) if row.note} == {
        GRACE: Note(NoteCode.CONSENT_SAYS_NO, ("Accepts SMS Marketing", "no"))
    }
    assert dict(checked.consent_values) == {
        ("Accepts SMS Marketing", "yes", False): 1,
        ("Accepts SMS Marketing", "no", True): 1,
        ("Accepts SMS Marketing", "", None): 1,
    }
    assert people_sent(practice, journal_path, checked.run_id) == {ADA, MARY}


def test_a_person_opted_out_in_one_row_is_not_sent_by_another(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    file = write("Phone,Opt out", f"{ADA},no", f"{GRACE},no", f"{ADA},yes")
    checked = check(journal_path, file, practice.address)
    assert people_sent(practice, journal_path, checked.run_id) == {GRACE}


def test_a_consent_column_can_be_ignored(practice: Practice, journal_path: Path, write: Write) -> None:
    file = write("Phone,Opt out,DNC", f"{ADA},yes,no", f"{GRACE},no,yes")
    checked = check(journal_path, file, practice.address, ignored_consent_columns=("Opt out",))
    assert people_sent(practice, journal_path, checked.run_id) == {ADA}


def test_a_cell_that_is_corrected_to_no_holds_the_row_back_and_to_yes_frees_it(
    practice: Practice, journal_path: Path, write: Write
) -> None:
    file = write("Phone,Accepts SMS Marketing", f"{ADA},yes", f"{GRACE},no")
    run_id = check(journal_path, file, practice.address).run_id
    first, second = (row.key for row in rows_of(journal_path, run_id))
    apply_fix(journal_path, run_id, Fix(Change.SET, 1, "no", keys=(first,)), lambda _rows: None)
    apply_fix(journal_path, run_id, Fix(Change.SET, 1, "yes", keys=(second,)), lambda _rows: None)
    assert [row.outcome for row in rows_of(journal_path, run_id)] == [Outcome.SKIPPED, Outcome.PENDING]
    assert people_sent(practice, journal_path, run_id) == {GRACE}


@pytest.mark.parametrize("word", ["Opt-Out", "Opt out", "OPTOUT", "Opted Out", "opted_out", "opt_out"])
def test_every_spelling_of_opted_out_is_understood(word: str) -> None:
    assert is_opted_out(ConsentColumn.STATUS, word)
    assert is_opted_out(ConsentColumn.OPT_IN, word)
    assert is_opted_out(ConsentColumn.OPT_OUT, word)


@pytest.mark.parametrize("word", sorted(YES_WORDS))
def test_every_word_for_yes_is_one_here_too(word: str) -> None:
    assert is_opted_out(ConsentColumn.OPT_OUT, word) is True
    assert is_opted_out(ConsentColumn.OPT_IN, word.upper()) is False
    assert is_opted_out(ConsentColumn.STATUS, word) is False


@pytest.mark.parametrize("word", sorted(NO_WORDS))
def test_every_word_for_no_is_one_here_too(word: str) -> None:
    assert is_opted_out(ConsentColumn.OPT_OUT, word) is False
    assert is_opted_out(ConsentColumn.OPT_IN, word) is True
    assert is_opted_out(ConsentColumn.STATUS, word) is True


@pytest.mark.parametrize(
    ("column", "value"),
    [("Opt Out", "✓"), ("Opt Out", "wahr"), ("SMS Opt In", "✗"), ("SMS Opt In", "Email only"), ("Opt Out", "perhaps")],
)
def test_opted_out_and_unclear_rows_are_held_back(
    practice: Practice, journal_path: Path, write: Write, column: str, value: str
) -> None:
    file = write(f"Phone,{column}", f"{ADA},{value}", f"{GRACE},{'no' if column == 'Opt Out' else 'yes'}", f"{ADA},")
    assert people_sent(practice, journal_path, check(journal_path, file, practice.address).run_id) == {GRACE}
