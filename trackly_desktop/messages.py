"""Sentences of facts, in plain American English: the only module of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from trackly_desktop.api.replies import ConnectionFault, KeyState, StopReason, connection_fault
from trackly_desktop.contacts.issues import Issue, IssueCode, Note, NoteCode, Param, ParseProblem
from trackly_desktop.delivery.waits import Wait, WaitReason
from trackly_desktop.files.table import MOST_COUNTED_ROWS, HiddenCells
from trackly_desktop.mapping.consent_columns import ConsentColumn, ConsentRule
from trackly_desktop.mapping.questions import Question, QuestionCode

if TYPE_CHECKING:
    from trackly_desktop.api.capabilities import KeyCheck
    from trackly_desktop.delivery.progress import RunEnd
    from trackly_desktop.files.table import DetectedFormat

# The first window imports this module: nothing here imports httpx or sqlite3.

_PHONE = (
    "Excel took this number for a sum, and what is left is another number; copy it from the system that the file came from"
    " into a column of the format “Text”"
)

_ISSUES: dict[IssueCode, str] = {
    IssueCode.PHONE_MISSING: "There is no phone number",
    IssueCode.PHONE_BLANK: "No phone number here",
    IssueCode.PHONE_IN_OTHER_COLUMN: "There is no phone number here; another column has one: “{number}”",
    IssueCode.PHONE_EXCEL_SUM: _PHONE,
    IssueCode.PHONE_EXCEL_SHORTENED: (
        "Excel has shortened this number, and its last digits are lost; take it from where the file was made"
    ),
    IssueCode.PHONE_SEVERAL: "There are {count} numbers in this cell ({numbers}); keep one of them",
    IssueCode.PHONE_LETTERS_FOR_DIGITS: "There are letters where digits should be: “{letters}”",
    IssueCode.PHONE_HIDDEN: "Part of this number is hidden: “{signs}”; type all of its digits",
    IssueCode.PHONE_WORDS: "There are letters or words where a phone number should be: “{words}”",
    IssueCode.PHONE_SAYS_NO: "This says that the person does not want to be contacted: “{words}”",
    IssueCode.PHONE_NOT_A_PHONE: "This is a {words}, which cannot be texted; use a mobile number",
    IssueCode.PHONE_OF_SOMEBODY_ELSE: (
        "This may be somebody else’s number: “{words}”; keep the digits alone if it is this person’s own"
    ),
    IssueCode.PHONE_REMARK: "A note beside this number says “{words}”; keep the digits alone if it is right",
    IssueCode.PHONE_PLUS_UNCLEAR: "This could be {national} or {international}; write the number with + and its country code",
    IssueCode.PHONE_AREA_CODE: (
        "With its area code this could be {whole} or {joined}; write the whole number in one of the columns"
    ),
    IssueCode.PHONE_UNKNOWN_DIAL_CODE: "No country has the dial code that this number starts with",
    IssueCode.PHONE_UNKNOWN_COUNTRY: (
        "The country “{country}” is not known; correct it, or write the number with + and its country code"
    ),
    IssueCode.PHONE_TOO_SHORT: "This number is too short{where}{seen}",
    IssueCode.PHONE_TOO_LONG: "This number is too long{where}{seen}",
    IssueCode.PHONE_WRONG_LENGTH: "This number has the wrong number of digits{where}{seen}",
    IssueCode.PHONE_NOT_ASSIGNED: "There is no such number{where}{code}: no phone company has given out this range",
    IssueCode.PHONE_UNREADABLE: "This is not a phone number",
    IssueCode.LIST_MISSING: "Choose a sending list",
    IssueCode.LIST_UNREADABLE: "A sending list is named by its phone number, like +18005551234",
    IssueCode.YES_NO_UNCLEAR: "This is neither yes nor no",
    IssueCode.DATE_UNREADABLE: "This is not a date; write it like 2025-03-15 or 2025-03-15 14:30",
    IssueCode.DATE_IMPOSSIBLE: "This is not a date that a calendar has",
    IssueCode.DATE_AMBIGUOUS: "{first}/{second} could be day and month or month and day; choose which it is",
    IssueCode.DATE_YEAR_UNCLEAR: "The year in this date could be {first} or {last}; choose which number is the year",
    IssueCode.DATE_PLACEHOLDER: (
        "Programs write {date} where they have no date; leave the cell blank, or type the real date"
    ),
    IssueCode.DATE_NO_SUCH_MONTH: "There is no month {month}; dates here are read with the {order}",
    IssueCode.DATE_NO_DAY: "There is no day in this date; write it like 2025-03-15",
    IssueCode.DATE_IN_FUTURE: "This date is in the future; nobody can have signed up yet",
    IssueCode.TIMEZONE_AMBIGUOUS: "The time zone {zone} could be several; write it like -05:00",
    IssueCode.TIMEZONE_UNKNOWN: "There is no time zone called {zone}; one is America/New_York",
    IssueCode.IP_UNREADABLE: "This is not an IP address; one looks like 203.0.113.42",
    IssueCode.IP_SCOPED: "This is not an IP address that others can use; leave out what follows the %",
    IssueCode.URL_UNREADABLE: "This is not a web address; one looks like https://example.com/signup",
    IssueCode.NUMBER_UNREADABLE: "“{value}” is not a number; keep it as text, or correct it",
    IssueCode.NUMBER_NOT_FINITE: "“{value}” is not a number that can be sent",
    IssueCode.NUMBER_AMBIGUOUS: "“{value}” could be {one} or {other}; write it without the comma",
    IssueCode.CUSTOM_NAME_MISSING: "A custom field needs a name",
    IssueCode.CUSTOM_VALUE_TYPE: "A custom field holds text, a number, or yes or no",
    IssueCode.WRITTEN_OTHERWISE: "This is to be written as {expected}",
    IssueCode.CONTACT_TOO_LARGE: "This contact is too large to send: {size:,} bytes, and {most:,} is the most; shorten a field",
    IssueCode.CELL_EXCEL_ERROR: "Excel shows an error here: {error}; correct it in the workbook, or type the value",
    IssueCode.ROW_UNREADABLE: (
        "This row could not be read: a fault of the program’s, which the log names; import it by hand"
    ),
    IssueCode.ROW_TOO_MANY_CELLS: "This row has {cells} cells where the header has {columns}; is a comma in a value?",
    IssueCode.ROW_REPEATS_HEADER: "This is the line of the columns’ names once more",
    IssueCode.ROW_BELOW_OTHER_HEADER: (
        "Another table begins above this row, with other columns; import it from a file of its own"
    ),
    IssueCode.ROW_BELOW_OPT_OUT_HEADING: (
        "A heading above this row says “{heading}”; if these people may be texted, import them from a file of their own"
    ),
    IssueCode.ROW_IS_REMARK: (
        "This looks like a remark about the file, not like a person; if it is a person, keep the digits alone"
    ),
    IssueCode.ROW_CUT_OFF: "The file ends in the middle of this row",
    IssueCode.ROW_QUOTE_NOT_CLOSED: (
        "A quotation mark in this row is never closed; the row was read as if it were not there"
    ),
    IssueCode.ROW_UNDECODABLE: (
        "This row has the byte 0x{byte:02X}, which the encoding does not have: choose another, or correct the row"
    ),
    IssueCode.ROW_CELL_NOT_A_TIME: (
        "A cell of this row holds what no date or time can be, like a number shown as a time; give the column the format"
        " “Number” or “Text” in Excel, and open the file again"
    ),
    IssueCode.ROW_FORMULA_WITHOUT_RESULT: (
        "This is a formula whose result was not saved; open the file in Excel, save it, and open it again"
    ),
    IssueCode.OLDER_VERSION: "{text}",
}
_KINDS: dict[IssueCode, str] = {
    IssueCode.PHONE_IN_OTHER_COLUMN: "There is no phone number here; another column has one",
    IssueCode.PHONE_SEVERAL: "There are several numbers in this cell; keep one of them",
    IssueCode.PHONE_LETTERS_FOR_DIGITS: "There are letters where digits should be",
    IssueCode.PHONE_HIDDEN: "Part of the number is hidden; type all of its digits",
    IssueCode.PHONE_WORDS: "There are letters or words where a phone number should be",
    IssueCode.PHONE_SAYS_NO: "The cell says that the person does not want to be contacted",
    IssueCode.PHONE_NOT_A_PHONE: "This is a fax or a pager, which cannot be texted; use a mobile number",
    IssueCode.PHONE_OF_SOMEBODY_ELSE: "This may be somebody else’s number; keep the digits alone if it is this person’s own",
    IssueCode.PHONE_REMARK: "A note beside the number speaks against it; keep the digits alone if it is right",
    IssueCode.PHONE_PLUS_UNCLEAR: "This could be two numbers; write it with + and its country code",
    IssueCode.PHONE_AREA_CODE: "With its area code this could be two numbers; write the whole number in one of the columns",
    IssueCode.PHONE_UNKNOWN_COUNTRY: "The country is not known; write the number with + and its country code",
    IssueCode.PHONE_TOO_SHORT: "The number is too short",
    IssueCode.PHONE_TOO_LONG: "The number is too long",
    IssueCode.PHONE_WRONG_LENGTH: "The number has the wrong number of digits",
    IssueCode.PHONE_NOT_ASSIGNED: "There is no such number: no phone company has given out this range",
    IssueCode.DATE_AMBIGUOUS: "This could be day and month or month and day; choose which it is",
    IssueCode.DATE_YEAR_UNCLEAR: "The first or the last number could be the year; choose which it is",
    IssueCode.DATE_PLACEHOLDER: "Programs write this where they have no date; leave the cell blank, or type the real date",
    IssueCode.DATE_NO_SUCH_MONTH: "There is no such month",
    IssueCode.TIMEZONE_AMBIGUOUS: "The time zone could be several; write it like -05:00",
    IssueCode.TIMEZONE_UNKNOWN: "There is no such time zone; one is America/New_York",
    IssueCode.NUMBER_UNREADABLE: "This is not a number; keep it as text, or correct it",
    IssueCode.NUMBER_NOT_FINITE: "This is not a number that can be sent",
    IssueCode.NUMBER_AMBIGUOUS: "This could be two numbers; write it without the comma",
    IssueCode.WRITTEN_OTHERWISE: "This is to be written in another way",
    IssueCode.CONTACT_TOO_LARGE: "This contact is too large to send; shorten a field",
    IssueCode.CELL_EXCEL_ERROR: "Excel shows an error here; correct it in the workbook, or type the value",
    IssueCode.ROW_TOO_MANY_CELLS: "This row has more cells than the header; is a comma in a value?",
    IssueCode.ROW_BELOW_OPT_OUT_HEADING: (
        "A heading above these rows says that people must not be texted; if they may be, import them from a file of their own"
    ),
    IssueCode.OLDER_VERSION: "A problem that an older version of the program stored",
    IssueCode.ROW_UNDECODABLE: "This row has a byte that the encoding does not have: choose another, or correct the row",
}
"""Sentences for all issues of one code, where that of one has parameters."""


def issue_text(issue: Issue) -> str:
    """Return the sentence for one issue.

    It names the file's line where the row's number does not tell it.
    """
    sentence = _sentence(issue.code, {"value": issue.value.strip()} | dict(issue.params))
    line = issue.params.get("line")
    return f"{sentence} (line {line} of the file)" if line else sentence


def issues_text(issues: Sequence[Issue]) -> str:
    """Return the sentences for all issues of a row in one line, each with its column."""
    return "; ".join(f"{issue.column}: {issue_text(issue)}" if issue.column else issue_text(issue) for issue in issues)


def parse_problem_text(problem: ParseProblem, value: str = "") -> str:
    """Return the sentence for text that a field could not take."""
    return _sentence(problem.code, {"value": value.strip()} | problem.params)


def issue_kind_text(code: IssueCode, column: str | None) -> str:
    """Return the sentence for all issues of one kind: a code and a column."""
    sentence = _KINDS.get(code) or _ISSUES[code]
    return f"{column}: {sentence}" if column else sentence


def _sentence(code: IssueCode, params: Mapping[str, Param]) -> str:
    region, dial_code, digits = str(params.get("region", "")), params.get("dial_code"), params.get("digits")
    derived = {
        "where": f" for {_with_article(region)}" if region else "",
        "code": f" with +{dial_code} before it" if dial_code else "",
        "seen": f": it has {digits} digits" if digits else "",
    }
    return _ISSUES[code].format_map(_Params(dict(params) | derived))


class _Params(dict[str, Param]):
    """Parameters of a sentence; those that an older version did not store are blank."""

    def __missing__(self, _name: str) -> str:
        return ""


def _with_article(region: str) -> str:
    from trackly_desktop.mapping.countries import english_name

    name = english_name(region)
    return f"the {name}" if name.startswith(_WITH_ARTICLE) else name


_WITH_ARTICLE = ("United ", "Netherlands", "Philippines", "Bahamas", "Czech Republic", "Dominican Republic", "Maldives")


_MANY_COLUMNS, _MOST_SHEETS = 100, 5


def reading_texts(detected: DetectedFormat, columns: int) -> list[str]:
    """Return what an operator must know of how a file was read, in sentences.

    Args:
        detected: how it was read.
        columns: the number of its columns.
    """
    texts = []
    others = [(name, phones) for name, phones in detected.sheet_phones if name != detected.sheet]
    if others:
        shown = [
            f"“{name}” ({'hidden, ' if name in detected.hidden_sheets else ''}{_phone_numbers(phones)})"
            for name, phones in others[:_MOST_SHEETS]
        ]
        more = [f"{len(others) - _MOST_SHEETS} more"] if len(others) > _MOST_SHEETS else []
        phones = dict(detected.sheet_phones).get(detected.sheet or "", 0)
        texts.append(f"Sheet “{detected.sheet}” is read ({_phone_numbers(phones)}), not {', '.join((*shown, *more))}")
    if detected.unread_sheets:
        texts.append(f"{_listed('sheet', detected.unread_sheets)} could not be read, and may be damaged")
    if hidden := hidden_text(detected):
        texts.append(hidden)
    if not detected.can_tell_hidden:
        texts.append(
            "Which cells are hidden in this workbook cannot be told; if there are any, save it as .xlsx, and import that"
        )
    if detected.unnamed_columns:
        is_single = detected.unnamed_columns == 1
        beside = (
            "1 column beside the table has"
            if is_single
            else f"{detected.unnamed_columns:,} columns beside the table have"
        )
        texts.append(f"{beside} no name")
    if columns >= _MANY_COLUMNS:
        texts.append(f"There are {columns:,} columns; ignore those that your contacts do not need")
    return texts


def fuller_sheet_text(detected: DetectedFormat) -> str:
    """Return the question which sheet is meant, where a hidden one has more numbers."""
    name, phones = detected.fuller_hidden_sheet, dict(detected.sheet_phones)
    return (
        f"The hidden sheet “{name}” has more phone numbers ({phones[name]:,}) than “{detected.sheet}”, which is read"
        f" ({phones.get(detected.sheet or '', 0):,}). Which of them is meant?"
    )


def hidden_text(detected: DetectedFormat) -> str:
    """Return what is hidden in a workbook, and what became of it; else empty."""
    lines = [f"{line:,}" for line in detected.hidden_lines]
    more = ", …" if detected.hidden_rows > len(lines) else ""
    where = f" ({'line' if detected.hidden_rows == 1 else 'lines'} {', '.join(lines)}{more})" if lines else ""
    rows = f"{detected.hidden_rows:,} row{'' if detected.hidden_rows == 1 else 's'}{where}"
    columns = _listed("column", detected.hidden_names)
    parts = ([rows] if detected.hidden_rows else []) + ([columns] if columns else [])
    if not parts:
        return ""
    verb = "is" if detected.hidden_rows + detected.hidden_columns == 1 else "are"
    text = f"{' and '.join(parts)} {verb} hidden in the workbook, and {verb}"
    if detected.hidden is HiddenCells.READ:
        return f"{text} read too"
    read = (
        [f"line {detected.header_row:,} for the columns’ names"]
        if detected.header_row and detected.is_header_hidden
        else []
    )
    if names := detected.hidden_names_read:
        read.append(f"{_quoted(names)} for who may be texted, or for the country")
    is_all_read = detected.hidden_rows == detected.is_header_hidden and names == detected.hidden_names
    if is_all_read:
        return f"{text} still read: {', '.join(read)}"
    return f"{text} left out" + (f". Still read: {', '.join(read)}" if read else "")


def _listed(noun: str, names: Sequence[str]) -> str:
    """Return a number of names with them, like 2 columns (“A”, “B”); else empty."""
    return f"{len(names):,} {noun}{'' if len(names) == 1 else 's'} ({_quoted(names)})" if names else ""


def _quoted(names: Sequence[str]) -> str:
    shown = [f"“{name}”" for name in names[:_MOST_SHEETS]]
    return ", ".join(shown + ([f"{len(names) - _MOST_SHEETS} more"] if len(names) > _MOST_SHEETS else []))


def _phone_numbers(count: int) -> str:
    if count >= MOST_COUNTED_ROWS:
        return f"at least {count:,} phone numbers"
    return "1 phone number" if count == 1 else f"{count or 'no'} phone numbers"


_UNSURE = "It may have been added; sending it again could text this person twice"
_NOTES: dict[NoteCode, str] = {
    NoteCode.DUPLICATE_OF_LATER: "The same number and list come again further down; the last row is sent",
    NoteCode.DUPLICATE_OF_EARLIER: "The same number and list came further up; the first row is sent",
    NoteCode.ALREADY_ADDED: "Added to this list from here before",
    NoteCode.ALREADY_ON_LIST: "On this list already, added elsewhere",
    NoteCode.ON_SUPPRESSION_LIST: "On the do-not-text list",
    NoteCode.UNSUBSCRIBED: "Unsubscribed from this list",
    NoteCode.CONSENT_SAYS_NO: "Its own column says no: {0} = {1}",
    NoteCode.CONSENT_UNCLEAR: "Its own column says no: {0} = {1}, which is neither yes nor no",
    NoteCode.HEADING_SAYS_NO: "Below a heading of the file that says no: {0}",
    NoteCode.OTHER_ROW_SAYS_NO: "Another row of this person says no",
    NoteCode.LEFT_OUT: "Left out in the review",
    NoteCode.LEFT_UNKNOWN: "No answer came; you decided to leave it: it may have been added",
    NoteCode.NEVER_SENT: "The import was cancelled before this row was sent, and its personal data has been removed",
    NoteCode.MAY_HAVE_BEEN_ADDED: _UNSURE,
    NoteCode.NO_TRUE_ANSWER: "No true answer in {0} tries",
    NoteCode.SERVER_TOO_BUSY: "Trackly had no time for it in {0} tries",
    NoteCode.NOT_ON_LIST: "Not on the list after {0} tries",
    NoteCode.FOUND_ON_LIST: "No answer came; found there",
    NoteCode.REPEATED_NONE_ENROLLED: "Sent twice; the first try may have been the one that started journeys, or none was",
    NoteCode.ANSWER_NOT_STORED: "The answer could not be kept: it may have been added",
    NoteCode.LIST_REFUSED: "Trackly refuses this list; not sent",
    NoteCode.TAKEN_AS_ADDED: "No answer came; you decided that it was added",
    NoteCode.SENT_AGAIN: "Sent again, as you decided",
    NoteCode.TAKEN_OFF: "Unsubscribed from the list",
    NoteCode.WAS_OFF_ALREADY: "Was not on the list any more",
    NoteCode.SERVER_MESSAGE: "{0}",
    NoteCode.OLDER_VERSION: "{0}",
}


_QUESTIONS: dict[QuestionCode, str] = {
    QuestionCode.PHONE_COLUMN: "Which column has the people’s own phone numbers? {choices}",
    QuestionCode.CONSENT_COLUMN: (
        "“{column}” says “{value}” in {rows:,} {noun}. Does that mean that these people must not be texted?"
    ),
    QuestionCode.CONSENT_VALUE: (
        "“{column}” says “{value}” in {rows:,} {noun}, which is neither yes nor no. May these people be texted?"
    ),
    QuestionCode.AREA_CODE: "The area code in “{column}” is put before each phone number that does not have it yet",
}


_CONSENT_COLUMNS: dict[ConsentColumn, str] = {
    ConsentColumn.OPT_IN: "Its name asks whether people may be texted",
    ConsentColumn.OPT_OUT: "Its name asks whether people opted out",
    ConsentColumn.OPT_OUT_DATE: "Its name says when people opted out, so any value is a no",
    ConsentColumn.STATUS: "Its name says whether people agreed, so a blank is a no",
    ConsentColumn.MESSAGE_TEXT: "It has what people wrote, and a message like STOP is a no",
    ConsentColumn.BY_VALUES: "Some of its values say that people must not be texted",
}


def consent_rule_text(rule: ConsentRule) -> str:
    """Return why a column says who may be texted."""
    return _CONSENT_COLUMNS[rule.kind] + (", and a blank is a box without a mark" if rule.blank_says_no else "")


def question_text(question: Question) -> str:
    """Return the sentence for what a file's columns leave open."""
    choices = ", ".join(f"“{name}”" for name in question.columns)
    return _QUESTIONS[question.code].format(
        column=question.column,
        value=question.value,
        rows=question.rows,
        noun="row" if question.rows == 1 else "rows",
        choices=f"It could be {choices}" if choices else "No column’s name or values say so",
    )


def codes_with_text(text: str) -> tuple[str, ...]:
    """Return the codes of issues, notes and faults whose sentences have this text."""
    wanted = text.strip().casefold()
    sentences: dict[str, str] = {str(code): sentence for code, sentence in _ISSUES.items()}
    sentences |= {str(code): sentence for code, sentence in _NOTES.items()}
    sentences |= {str(fault): sentence for fault, sentence in _FAULTS.items()}
    return tuple(code for code, sentence in sentences.items() if wanted and wanted in sentence.casefold())


def note_text(note: Note | None) -> str:
    """Return the sentence for a note; empty for none."""
    if note is None:
        return ""
    sentence = _NOTES[note.code].format(*(param or "blank" for param in note.params))
    if note.code is NoteCode.ALREADY_ADDED and note.params:
        date, file = note.params
        return f"{sentence}: {date} {f'from {file}' if file else 'by hand'}"
    return sentence


_FAULTS: dict[ConnectionFault, str] = {
    ConnectionFault.TIMEOUT: "No answer came in time",
    ConnectionFault.CONNECTION_LOST: "The connection broke before the answer came ({detail})",
    ConnectionFault.NAME_UNKNOWN: "No connection to the server (its name is not known here)",
    ConnectionFault.CONNECTION_REFUSED: "No connection to the server (refused)",
    ConnectionFault.NO_RESPONSE: "No connection to the server (it does not answer)",
    ConnectionFault.CONNECT_FAILED: "No connection to the server ({detail})",
    ConnectionFault.PROXY_REFUSED: "No connection to the server (the proxy says: {detail})",
    ConnectionFault.NOT_TRUSTED: "The server's certificate is not trusted: {detail}",
    ConnectionFault.SURPLUS_ANSWER: "More answers came than were asked for",
    ConnectionFault.UNREADABLE_ANSWER: "The answer could not be read",
    ConnectionFault.UNEXPECTED_RESPONSE: "Something between us and Trackly is answering in its place",
    ConnectionFault.REQUEST_FAILED: "The request failed ({detail})",
}


def fault_text(fault: ConnectionFault, detail: str) -> str:
    """Return the sentence for a fault; `detail` is what others say about it."""
    return _FAULTS[fault].format(detail=detail)


def answer_text(code: str | None, words: str) -> str:
    """Return the sentence for a stored answer.

    Args:
        code: A ConnectionFault's value, a server's error code, or nothing.
        words: The fault's detail, or the server's message.
    """
    fault = connection_fault(code) if code else None
    return words if fault is None else fault_text(fault, words)


_KEY_STATES: dict[KeyState, str] = {
    KeyState.RIGHT: "The key is right",
    KeyState.RIGHT_WITHOUT_LISTS: "The key is right; this server does not tell its lists, so type them here",
    KeyState.RIGHT_BUT_BLOCKED: "The key is right, but Trackly does not let the account add contacts now",
    KeyState.WRONG: "Trackly does not accept this key",
    KeyState.NOT_TRACKLY: "What answers at this address is not Trackly",
}


def key_check_text(check: KeyCheck) -> str:
    """Return the sentence for the result of a check of a key."""
    return _KEY_STATES.get(check.state) or answer_text(check.fault, check.words)


_WAITS: dict[WaitReason, str] = {
    WaitReason.NETWORK: "Waiting for the network: {problem}",
    WaitReason.SERVER_PAUSE: "Trackly asked for a pause",
    WaitReason.JOURNAL: "The journal cannot be written ({problem}); nothing is sent until it can: {advice}",
    WaitReason.RETRY: "Waiting before what had no answer is tried again",
}
_LONGEST_WAIT = 10 * 365 * 86_400.0
"""Seconds. A server may ask for any pause, but the calendar ends."""


def wait_text(wait: Wait | None, now: datetime) -> str:
    """Return the sentence for a wait, with the next try's time; empty for none."""
    if wait is None:
        return ""
    sentence = _wait_sentence(wait)
    if wait.seconds < 1.0:
        return sentence
    until = now + timedelta(seconds=min(wait.seconds, _LONGEST_WAIT))
    day = "" if until.date() == now.date() else f"{until:%Y-%m-%d} "
    return f"{sentence}; the next try is at {day}{until:%H:%M:%S}"


def end_text(end: RunEnd) -> str:
    """Return the explanation of how a run ended; empty where there is none."""
    if end.enrollment is not None:
        return f"{end.enrollment.enrolled:,} enrolled in journeys, {end.enrollment.confirmed:,} confirmed"
    if end.wait is not None:
        return _wait_sentence(end.wait)
    return answer_text(end.fault, end.words)


def _wait_sentence(wait: Wait) -> str:
    params = dict(wait.params)
    if wait.reason is WaitReason.NETWORK:
        params["problem"] = answer_text(params["fault"], params["detail"])
    return _WAITS[wait.reason].format_map(params)


@dataclass(frozen=True, slots=True)
class ErrorHelp:
    """What an error means and what to do, in the operator's words."""

    means: str
    do: str


_KEY = ErrorHelp(
    "Trackly does not accept this account's key", "Paste it again under Accounts; only owners can make one"
)
_BILLING = ErrorHelp("Trackly wants the account's billing settled first", "Settle it in Trackly, then go on")

ERROR_HELP: dict[str, ErrorHelp] = {
    "missing_phone_number": ErrorHelp("The phone number did not arrive", "Check which column holds the phone number"),
    "invalid_phone": ErrorHelp("Trackly says that this is no valid phone number", "Correct the number"),
    "not_sendable": ErrorHelp(
        "The phone company says that it cannot be texted, or it is an internet number that the account rejects",
        "Leave this person out, or ask for a mobile number",
    ),
    "missing_list_number": ErrorHelp("The sending list did not arrive", "Choose a sending list"),
    "invalid_list_number": ErrorHelp(
        "Trackly says that the sending list is no valid phone number", "Choose another list"
    ),
    "list_not_found": ErrorHelp("This account has no such sending list", "Choose one of the account's lists"),
    "unauthorized": _KEY,
    "missing_api_key": _KEY,
    "invalid_api_key": _KEY,
    "no_billing_config": _BILLING,
    "no_payment_method": _BILLING,
    "payment_failed": _BILLING,
    "suspended": ErrorHelp("Trackly has suspended the account", "Ask Trackly's support, then go on"),
    "payload_too_large": ErrorHelp("This contact is too large", "Shorten its custom fields"),
    "internal_error": ErrorHelp(
        "Trackly had a fault of its own; the contact may or may not have been added", "Look the person up in Trackly"
    ),
}


def error_help(code: str, status: int | None) -> ErrorHelp:
    """Return the help for an error code, else for its HTTP status."""
    if code in ERROR_HELP:
        return ERROR_HELP[code]
    if status == 401:
        return _KEY
    if status == 402:
        return _BILLING
    if status == 403:
        return ErrorHelp("Trackly does not let this account add contacts now", "Ask Trackly's support, then go on")
    if status is not None and status >= 500:
        return ERROR_HELP["internal_error"]
    return ErrorHelp("Trackly did not take this contact", "See what the answer says")


STOP_HELP: dict[StopReason, ErrorHelp] = {
    StopReason.KEY: ErrorHelp(
        "Trackly does not accept this account's key", "Paste it again under Accounts, then go on"
    ),
    StopReason.ACCOUNT: ErrorHelp(
        "Trackly does not let this account add contacts now", "Settle it in Trackly, then go on"
    ),
    StopReason.LIST: ErrorHelp(
        "Trackly refuses this sending list", "Choose one of the account's lists, and import anew"
    ),
    StopReason.ADDRESS: ErrorHelp(
        "What answers at this address is not Trackly",
        "Check the network and the server address under Accounts, then go on",
    ),
    StopReason.CERTIFICATE: ErrorHelp(
        "The server could not prove that it is Trackly", "Check this computer's clock and network, then go on"
    ),
    StopReason.NETWORK: ErrorHelp("There is no connection to Trackly", "Check the network, then go on"),
    StopReason.JOURNAL: ErrorHelp("The journal cannot be written", "Make room on the disk, then go on"),
    StopReason.JOURNEYS: ErrorHelp(
        "More people were enrolled in journeys than you confirmed",
        "Look in Trackly why, before you go on: those who are still to come may be texted too",
    ),
    StopReason.INTERRUPTED: ErrorHelp("It was stopped before its end", "Go on where it was; nothing is sent twice"),
}
"""Why a run stopped, in the operator's words."""
