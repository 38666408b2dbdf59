"""One row at a time: cells -> a contact that may be sent, or its issues."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from trackly_desktop.contacts.dates import find_timezone
from trackly_desktop.contacts.excel_errors import FORMULA_WITHOUT_RESULT, is_excel_error
from trackly_desktop.contacts.fields import FIELD, CustomValue
from trackly_desktop.contacts.issues import Issue, IssueCode, Note, NoteCode, ParseProblem
from trackly_desktop.contacts.parsers import ParseContext, parse_custom_value
from trackly_desktop.contacts.phone_numbers import phone_beside_words
from trackly_desktop.contacts.signup_age import EPOCH_DAY
from trackly_desktop.contacts.validation import parse_body
from trackly_desktop.contacts.value_words import is_blank_marker, is_no_number, is_nothing
from trackly_desktop.files.table import Row
from trackly_desktop.journal.import_options import Options
from trackly_desktop.journal.models import ValidatedRow
from trackly_desktop.journal.row_codec import DATE, IP, JOURNEYS, PAGE
from trackly_desktop.mapping.column_aliases import header_spellings
from trackly_desktop.mapping.column_mapping import ALSO_PHONE, CUSTOM, IGNORE, PHONE, ColumnMapping
from trackly_desktop.mapping.consent_columns import is_blank
from trackly_desktop.mapping.country_columns import region_in
from trackly_desktop.mapping.phone_columns import PhoneColumns
from trackly_desktop.system import logs

_ANY_LIST = "+10000000000"

ConsentValue = tuple[str, str, bool | None]
"""A consent column, a value, and whether it says no; None: it says neither."""
_MOST_CONSENT_VALUES, _LONGEST_VALUE = 60, 40

IssueKind = tuple[IssueCode, str | None]
"""Issues that are counted and corrected together: a code and a column."""


class ValidationRules(NamedTuple):
    """Rules for the rows of a file.

    `missing_plus`: phone numbers are international ones without their plus.
    """

    names: tuple[str, ...]
    header_row: int
    mapping: ColumnMapping
    options: Options
    missing_plus: bool = False
    list_needed: bool = True


def summarize_fields(body: Mapping[str, object]) -> tuple[int, int | None]:
    """Return a body's fields as bits (row_codec.py), and its signup day.

    The day counts from 1970-01-01; None for no date.
    """
    bits = sum(bit for name, bit in _FIELD_BITS if name in body)
    if not bits & DATE:
        return bits, None
    return bits, date.fromisoformat(str(body["signup_date"])[:10]).toordinal() - EPOCH_DAY


_FIELD_BITS = (("use_journeys", JOURNEYS), ("signup_date", DATE), ("ip_address", IP), ("url", PAGE))


class RowValidator:
    """Validates rows, and counts issues by kind, consent values, and IP addresses."""

    def __init__(self, rules: ValidationRules) -> None:
        names, header_row, mapping, options, missing_plus, list_needed = rules
        self.issue_counts: Counter[IssueKind] = Counter()
        self.consent_values: Counter[ConsentValue] = Counter()
        self.addresses: Counter[str] = Counter()
        self._header_row = header_row
        self._names = names
        self._folded_names = [name.strip().casefold() for name in names]
        self._context = ParseContext(
            region=options.region, missing_plus=missing_plus, zone=find_timezone(mapping.zone), dates=mapping.dates
        )
        self._fixed_texts = {name: text for name, text in options.fixed.items() if name in FIELD}
        if not list_needed:
            self._fixed_texts.setdefault("list_number", _ANY_LIST)
        self._fixed_custom = {
            name.removeprefix(CUSTOM): text for name, text in options.fixed.items() if name.startswith(CUSTOM)
        }
        used = [(index, use) for index, use in enumerate(mapping.columns) if use.field not in (IGNORE, ALSO_PHONE)]
        self._fields = [(index, use.field) for index, use in used if not use.custom_name]
        self._custom = [(index, use.custom_name, use.type) for index, use in used if use.custom_name]
        self._column_of_field = {use.field: index for index, use in reversed(used)}
        self._phones = PhoneColumns(names, mapping)
        self._consent_rules = [
            (names.index(rule.column), rule) for rule in mapping.consent_rules if rule.column in names
        ]
        self._country = _column_named(mapping.country, names)
        self._area_code = _column_named(mapping.area_code, names)
        fields = (index for index, use in enumerate(mapping.columns) if use.field != IGNORE)
        consents = (index for index, _rule in self._consent_rules)
        codes = (index for index in (self._country, self._area_code) if index is not None)
        self._used = sorted({*fields, *consents, *codes})

    def validate(self, row: Row) -> ValidatedRow:
        """Return the validated row.

        An unforeseen exception is an issue of this row alone, and is logged.
        """
        try:
            return self._validate(row)
        except Exception as error:
            logs.log_unexpected(error)
            return self._with_issues(row, {}, [Issue(IssueCode.ROW_UNREADABLE)])

    def phones(self, cells: list[str], columns: Iterable[int]) -> list[str]:
        """Return every number in E.164 in these columns, whatever else the row says."""
        context = self._context_of(cells)
        texts = [strip_text_prefix(cells[column]) for column in columns if column < len(cells)]
        if self._area_code is not None:
            texts = [self._with_area_code(text, cells, context, []) for text in texts]
        return [phone for text in texts if text and (phone := phone_beside_words(text, context.region))]

    def _validate(self, row: Row) -> ValidatedRow:
        cells = row.cells
        context = self._context_of(cells)
        texts, custom, issues = self._values(cells, context)
        body = None
        if row.issue is not None:
            issues.insert(0, row.issue)
        if FORMULA_WITHOUT_RESULT in cells:
            issues += [
                Issue(IssueCode.ROW_FORMULA_WITHOUT_RESULT, column=self._names[index], value=cells[index])
                for index in self._used
                if index < len(cells) and cells[index] == FORMULA_WITHOUT_RESULT
            ]
        if len(cells) > len(self._names) and (extra := [cell for cell in cells[len(self._names) :] if cell.strip()]):
            params = {"cells": len(cells), "columns": len(self._names)}
            issues.append(Issue(IssueCode.ROW_TOO_MANY_CELLS, value=extra[0], params=params))
        if self._repeats_header(cells):
            return self._with_issues(row, texts, [Issue(IssueCode.ROW_REPEATS_HEADER)])
        note = self._consent_note(cells) if self._consent_rules else None
        if row.issue is not None and row.issue.code is IssueCode.ROW_BELOW_OPT_OUT_HEADING:
            note = note or Note(NoteCode.HEADING_SAYS_NO, (row.issue.params["heading"],))
        if not issues or note is not None:
            body, field_issues = parse_body(texts, custom, context)
            issues += [self._in_column(issue, cells) for issue in field_issues]
        may_say_no = self._phones.has_alternatives or any(issue.code is IssueCode.PHONE_SAYS_NO for issue in issues)
        if note is None and may_say_no and (refusal := self._phones.refusal(cells)) is not None:
            note = Note(NoteCode.CONSENT_SAYS_NO, (self._names[refusal[0]], refusal[1]))
        if note is not None and (issues or body is None):
            return self._held_back(row, texts, context, note)
        if issues:
            return self._with_issues(row, texts, issues)
        assert body is not None
        if address := body.fields.get("ip_address"):
            self.addresses[str(address)] += 1
        return ValidatedRow(
            row.number, row.line, cells, body.phone_number, body.list_number, body.json, body.idempotent,
            *summarize_fields(body.fields), note=note,
        )  # fmt: skip

    def _held_back(self, row: Row, texts: dict[str, str], context: ParseContext, note: Note) -> ValidatedRow:
        """Return a row that says no, and that has problems too.

        Its person is known as far as can be.
        """
        return ValidatedRow(
            number=row.number,
            line=row.line,
            cells=row.cells,
            phone=phone_beside_words(texts.get(PHONE, ""), context.region),
            list_number=texts.get("list_number", ""),
            note=note,
        )

    def _repeats_header(self, cells: list[str]) -> bool:
        first = cells[0].strip().casefold()
        return first == self._folded_names[0] and [cell.strip().casefold() for cell in cells] == self._folded_names

    def _consent_note(self, cells: list[str]) -> Note | None:
        """Return why the row's own columns forbid to text this person; None otherwise."""
        note: Note | None = None
        for index, rule in self._consent_rules:
            value = cells[index].strip() if index < len(cells) else ""
            says_no = rule.says_no(value)
            counted = value[:_LONGEST_VALUE] if len(self.consent_values) < _MOST_CONSENT_VALUES else "…"
            self.consent_values[rule.column, counted, says_no] += 1
            if says_no:
                note = note or Note(NoteCode.CONSENT_SAYS_NO, (rule.column, value))
            elif says_no is None and not is_blank(value):
                note = note or Note(NoteCode.CONSENT_UNCLEAR, (rule.column, value))
        return note

    def _context_of(self, cells: list[str]) -> ParseContext:
        """The context of this row: its own country, where a column has one."""
        if self._country is None or self._country >= len(cells):
            return self._context
        country = cells[self._country].strip()
        if not country or is_blank_marker(country):
            return self._context
        region = region_in(self._names[self._country], country)
        # An unknown country is no reason to parse the number as one of another country.
        return self._context._replace(region=region or country, missing_plus=False)

    def _values(
        self, cells: list[str], context: ParseContext
    ) -> tuple[dict[str, str], dict[str, CustomValue], list[Issue]]:
        width = len(cells)
        texts = dict(self._fixed_texts)
        joined: dict[str, str] = {}
        for index, field in self._fields:
            if index < width and (text := strip_text_prefix(cells[index])) and not is_blank_marker(text):
                joined[field] = f"{joined[field]} {text}" if field in joined else text
        texts |= joined
        issues: list[Issue] = []
        if self._phones.has_alternatives:
            texts |= self._phones.choose(texts.get(PHONE, ""), cells, context)
        if PHONE in texts and self._phones.is_typed and (label := self._phones.machine(texts[PHONE], cells)):
            issues.append(Issue(IssueCode.PHONE_NOT_A_PHONE, PHONE, *self._phone_cell(cells), {"words": label}))
        if self._area_code is not None and PHONE in texts:
            texts[PHONE] = self._with_area_code(texts[PHONE], cells, context, issues)
        custom: dict[str, CustomValue] = dict(self._fixed_custom)
        joined_custom: dict[str, str] = {}
        for index, name, type_name in self._custom:
            if index < width and (text := strip_text_prefix(cells[index])):
                if is_nothing(text) or (type_name != "string" and is_blank_marker(text)):
                    continue
                joined_custom[name] = text = f"{joined_custom[name]} {text}" if name in joined_custom else text
                try:
                    custom[name] = parse_custom_value(text, type_name)
                except ParseProblem as problem:
                    field = CUSTOM + name
                    issues.append(Issue(problem.code, field, self._names[index], cells[index], problem.params))
        return texts, custom, issues

    def _with_area_code(self, text: str, cells: list[str], context: ParseContext, issues: list[Issue]) -> str:
        """Return the phone number with the row's area code before it.

        Unless the number has it already.

        Adds an issue where both are numbers, and different ones.
        """
        assert self._area_code is not None
        area = cells[self._area_code].strip() if self._area_code < len(cells) else ""
        if not area or is_blank_marker(area) or text.lstrip().startswith(("+", "00")):
            return text
        joined = f"{area} {text}"
        if not _digits(text).startswith(_digits(area)):
            return joined
        if _digits(area).startswith("0"):  # no local number begins with a zero: this one is whole
            return text
        whole, with_area = phone_beside_words(text, context.region), phone_beside_words(joined, context.region)
        if whole and with_area and whole != with_area:
            params = {"whole": whole, "joined": with_area}
            issues.append(Issue(IssueCode.PHONE_AREA_CODE, PHONE, *self._phone_cell(cells), params))
        return text if whole else joined

    def _phone_cell(self, cells: list[str]) -> tuple[str, str]:
        """Return the name of the phone's column, and the row's cell in it."""
        index = self._column_of_field[PHONE]
        return self._names[index], cells[index] if index < len(cells) else ""

    def _in_column(self, issue: Issue, cells: list[str]) -> Issue:
        """Return a field's issue with the file's column and cell."""
        index = self._column_of_field.get(issue.field)
        if index is None:
            return issue._replace(value="")
        value = cells[index] if index < len(cells) else ""
        if issue.code is IssueCode.PHONE_MISSING and is_excel_error(value.strip()):
            issue = Issue(IssueCode.CELL_EXCEL_ERROR, issue.field, params={"error": value.strip()})
        elif (
            issue.field == PHONE and is_no_number(value.strip() or "-") and (other := self._phones.unused_number(cells))
        ):
            issue = Issue(IssueCode.PHONE_IN_OTHER_COLUMN, issue.field, params={"number": other})
        return issue._replace(column=self._names[index], value=value)

    def _with_issues(self, row: Row, texts: dict[str, str], issues: list[Issue]) -> ValidatedRow:
        for kind in {issue.kind for issue in issues}:
            self.issue_counts[kind] += 1
        if row.line != self._header_row + row.number:
            issues = [issue._replace(params={**issue.params, "line": row.line}) for issue in issues]
        return ValidatedRow(
            number=row.number,
            line=row.line,
            cells=row.cells,
            list_number=texts.get("list_number", ""),
            issues=issues,
        )


def _column_named(name: str, names: tuple[str, ...]) -> int | None:
    """Return the index of the column with this normalized name; None for none."""
    # A name that is only a bracket is normalized to nothing: it must not match "no column".
    return next((index for index, other in enumerate(names) if name and name in header_spellings(other)), None)


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def strip_text_prefix(cell: str) -> str:
    """Return a cell without the apostrophe that a spreadsheet put before it."""
    text = cell.strip()
    return text[1:].lstrip() if text[:1] == "'" and _TEXT_PREFIX.match(text) else text


_TEXT_PREFIX = re.compile(r"'(?:[=+\-@]|[\d\s().]+$)")
