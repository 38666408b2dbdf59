"""Facts about rows: issues, reasons to skip, and results.

Facts are data: codes with parameters. `trackly_desktop.messages` alone makes sentences of them, and nothing stores,
compares or searches sentences. A code's value is on disk and in `check --json`: it never changes.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import NamedTuple

Param = str | int
NO_PARAMS: Mapping[str, Param] = {}
"""Never changed.

It is no proxy, since issues are pickled for another process.
"""


class IssueCode(enum.StrEnum):
    """A kind of problem of a row. The comment names the parameters."""

    PHONE_MISSING = "phone_missing"
    PHONE_BLANK = "phone_blank"
    """A cell with a label or an extension, and no number."""
    PHONE_IN_OTHER_COLUMN = "phone_in_other_column"  # number
    PHONE_EXCEL_SUM = "phone_excel_sum"
    PHONE_EXCEL_SHORTENED = "phone_excel_shortened"
    PHONE_SEVERAL = "phone_several"  # count, numbers
    PHONE_LETTERS_FOR_DIGITS = "phone_letters_for_digits"  # letters
    PHONE_HIDDEN = "phone_hidden"  # signs
    PHONE_WORDS = "phone_words"  # words
    PHONE_SAYS_NO = "phone_says_no"  # words
    PHONE_NOT_A_PHONE = "phone_not_a_phone"  # words
    PHONE_OF_SOMEBODY_ELSE = "phone_of_somebody_else"  # words
    PHONE_REMARK = "phone_remark"  # words
    PHONE_PLUS_UNCLEAR = "phone_plus_unclear"  # national, international
    PHONE_AREA_CODE = "phone_area_code"  # whole, joined
    PHONE_UNKNOWN_DIAL_CODE = "phone_unknown_dial_code"
    PHONE_UNKNOWN_COUNTRY = "phone_unknown_country"  # country
    PHONE_TOO_SHORT = "phone_too_short"  # region ("" where none is known), digits
    PHONE_TOO_LONG = "phone_too_long"  # region ("" where none is known), digits
    PHONE_WRONG_LENGTH = "phone_wrong_length"  # region ("" where none is known), digits
    PHONE_NOT_ASSIGNED = "phone_not_assigned"  # dial_code (0: the number has its own), region
    PHONE_UNREADABLE = "phone_unreadable"
    LIST_MISSING = "list_missing"
    LIST_UNREADABLE = "list_unreadable"
    YES_NO_UNCLEAR = "yes_no_unclear"
    DATE_UNREADABLE = "date_unreadable"
    DATE_IMPOSSIBLE = "date_impossible"
    DATE_AMBIGUOUS = "date_ambiguous"  # first, second
    DATE_YEAR_UNCLEAR = "date_year_unclear"  # first, last
    DATE_PLACEHOLDER = "date_placeholder"  # date (ISO)
    DATE_NO_SUCH_MONTH = "date_no_such_month"  # month, order
    DATE_NO_DAY = "date_no_day"
    DATE_IN_FUTURE = "date_in_future"
    TIMEZONE_AMBIGUOUS = "timezone_ambiguous"  # zone
    TIMEZONE_UNKNOWN = "timezone_unknown"  # zone
    IP_UNREADABLE = "ip_unreadable"
    IP_SCOPED = "ip_scoped"
    URL_UNREADABLE = "url_unreadable"
    NUMBER_UNREADABLE = "number_unreadable"
    NUMBER_NOT_FINITE = "number_not_finite"
    NUMBER_AMBIGUOUS = "number_ambiguous"  # one, other
    CUSTOM_NAME_MISSING = "custom_name_missing"
    CUSTOM_VALUE_TYPE = "custom_value_type"
    WRITTEN_OTHERWISE = "written_otherwise"  # expected
    CONTACT_TOO_LARGE = "contact_too_large"  # size, most
    CELL_EXCEL_ERROR = "cell_excel_error"  # error
    ROW_UNREADABLE = "row_unreadable"
    ROW_TOO_MANY_CELLS = "row_too_many_cells"  # cells, columns
    ROW_REPEATS_HEADER = "row_repeats_header"
    ROW_BELOW_OTHER_HEADER = "row_below_other_header"
    ROW_BELOW_OPT_OUT_HEADING = "row_below_opt_out_heading"  # heading
    ROW_IS_REMARK = "row_is_remark"
    ROW_CUT_OFF = "row_cut_off"
    ROW_QUOTE_NOT_CLOSED = "row_quote_not_closed"
    ROW_UNDECODABLE = "row_undecodable"  # byte
    ROW_CELL_NOT_A_TIME = "row_cell_not_a_time"
    ROW_FORMULA_WITHOUT_RESULT = "row_formula_without_result"
    OLDER_VERSION = "older_version"  # text: a sentence that an older version stored, and that has no code


class Issue(NamedTuple):
    """One problem of a row.

    `field` is a body field or `custom:name`, empty for the row as a whole. `column` is the file's column, None for the
    row as a whole or a value that the file lacks; `value` is the cell. Issues are grouped by code and column.
    """

    code: IssueCode
    field: str = ""
    column: str | None = None
    value: str = ""
    params: Mapping[str, Param] = NO_PARAMS

    @property
    def kind(self) -> tuple[IssueCode, str | None]:
        """What is counted together and corrected together."""
        return self.code, self.column

    def to_json(self) -> list[object]:
        """As stored in the journal."""
        return [self.code, self.field, self.column, self.value, dict(self.params)]

    @classmethod
    def from_json(cls, stored: list[object]) -> Issue:
        """What `to_json` gave."""
        code, field, column, value, params = stored
        assert isinstance(params, dict)
        return cls(IssueCode(str(code)), str(field), None if column is None else str(column), str(value), params)


class ParseProblem(ValueError):
    """Text that a field cannot take: an issue code with its parameters."""

    def __init__(self, code: IssueCode, **params: Param) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class PhoneProblem(ParseProblem):
    """Text that is no phone number."""


class NoteCode(enum.StrEnum):
    """A reason to skip a row, or a fact about a row beside its answer.

    The comment names the parameters.
    """

    # Why a row was skipped
    DUPLICATE_OF_LATER = "duplicate_of_later"
    DUPLICATE_OF_EARLIER = "duplicate_of_earlier"
    ALREADY_ADDED = "already_added"  # date (ISO), file ("" by hand)
    ALREADY_ON_LIST = "already_on_list"
    ON_SUPPRESSION_LIST = "on_suppression_list"
    UNSUBSCRIBED = "unsubscribed"
    CONSENT_SAYS_NO = "consent_says_no"  # column, value
    CONSENT_UNCLEAR = "consent_unclear"  # column, value
    HEADING_SAYS_NO = "heading_says_no"  # heading
    OTHER_ROW_SAYS_NO = "other_row_says_no"
    LEFT_OUT = "left_out"
    LEFT_UNKNOWN = "left_unknown"
    NEVER_SENT = "never_sent"
    # What is known of a row that was to be sent
    MAY_HAVE_BEEN_ADDED = "may_have_been_added"
    NO_TRUE_ANSWER = "no_true_answer"  # tries
    SERVER_TOO_BUSY = "server_too_busy"  # tries
    NOT_ON_LIST = "not_on_list"  # tries
    FOUND_ON_LIST = "found_on_list"
    REPEATED_NONE_ENROLLED = "repeated_none_enrolled"
    ANSWER_NOT_STORED = "answer_not_stored"
    LIST_REFUSED = "list_refused"
    TAKEN_AS_ADDED = "taken_as_added"
    SENT_AGAIN = "sent_again"
    TAKEN_OFF = "taken_off"
    WAS_OFF_ALREADY = "was_off_already"
    SERVER_MESSAGE = "server_message"  # text: what the server says with a success
    OLDER_VERSION = "older_version"  # text: a sentence that an older version stored, and that has no code


SKIP_REASONS = frozenset(
    (
        NoteCode.DUPLICATE_OF_LATER, NoteCode.DUPLICATE_OF_EARLIER, NoteCode.ALREADY_ADDED, NoteCode.ALREADY_ON_LIST,
        NoteCode.ON_SUPPRESSION_LIST, NoteCode.UNSUBSCRIBED, NoteCode.CONSENT_SAYS_NO, NoteCode.CONSENT_UNCLEAR,
        NoteCode.HEADING_SAYS_NO, NoteCode.OTHER_ROW_SAYS_NO, NoteCode.LEFT_OUT, NoteCode.LEFT_UNKNOWN, NoteCode.NEVER_SENT,
    )
)  # fmt: skip
"""The codes that say why a row was skipped."""

OWN_COLUMN_CODES = (
    NoteCode.CONSENT_SAYS_NO, NoteCode.CONSENT_UNCLEAR, NoteCode.HEADING_SAYS_NO, NoteCode.OTHER_ROW_SAYS_NO,
)  # fmt: skip
"""The codes of rows that are skipped for what the file has about the person."""


class Note(NamedTuple):
    """A code with its parameters, in the order that the code's comment names."""

    code: NoteCode
    params: tuple[Param, ...] = ()
