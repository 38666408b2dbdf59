"""One row at a time: its cells become a contact that may be sent, or what is wrong with them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from trackly_desktop.contacts.dates import find_timezone
from trackly_desktop.contacts.fields import FIELD, CustomValue
from trackly_desktop.contacts.parsers import ParseContext, Unreadable, parse_custom_value
from trackly_desktop.contacts.validation import Problem, parse_body
from trackly_desktop.contacts.value_words import is_blank_marker
from trackly_desktop.files.table import Row
from trackly_desktop.journal.import_options import Options
from trackly_desktop.journal.models import ValidatedRow
from trackly_desktop.journal.row_codec import DATE, IP, JOURNEYS, PAGE
from trackly_desktop.journal.suppression_list import SAYS_NO
from trackly_desktop.mapping import column_mapping as mappings
from trackly_desktop.mapping.column_aliases import DIAL_CODES, header_spellings
from trackly_desktop.mapping.column_mapping import ALSO_PHONE, IGNORE, ColumnMapping
from trackly_desktop.mapping.consent_columns import find_consent_columns, is_blank, is_opted_out
from trackly_desktop.mapping.countries import find_region
from trackly_desktop.mapping.phone_columns import PhoneColumns
from trackly_desktop.system import logs

_ANY_LIST = "+10000000000"
UNREAD = "This row could not be read: a fault of the program’s, which the log names; import it by hand"


class ValidationRules(NamedTuple):
    """What a file's rows are checked by. `plus`: phone numbers are international ones whose plus is missing."""

    names: tuple[str, ...]
    header_row: int
    mapping: ColumnMapping
    options: Options
    plus: bool = False
    list_needed: bool = True


def summarize_fields(said: Mapping[str, object]) -> tuple[int, int | None]:
    """What a body has, as bits (packing.py), and the day of its signup date, since 1970."""
    has = sum(bit for name, bit in _BITS if name in said)
    if not has & DATE:
        return has, None
    return has, date.fromisoformat(str(said["signup_date"])[:10]).toordinal() - _EPOCH


_BITS = (("use_journeys", JOURNEYS), ("signup_date", DATE), ("ip_address", IP), ("url", PAGE))
_EPOCH = date(1970, 1, 1).toordinal()


class RowValidator:
    """Rows -> checked rows, and how often each kind of problem came up."""

    def __init__(self, rules: ValidationRules) -> None:
        names, header_row, mapping, options, plus, list_needed = rules
        self.issue_counts: Counter[str] = Counter()
        self.consent_values: Counter[ConsentValue] = Counter()
        self.addresses: Counter[str] = Counter()
        self._header_row = header_row
        self._names = names
        self._folded = [cell.strip().casefold() for cell in names]
        self._reading = ParseContext(
            region=options.region, plus=plus, zone=find_timezone(mapping.zone), dates=mapping.dates
        )
        self._fixed_texts = {name: text for name, text in options.fixed.items() if name in FIELD}
        if not list_needed:
            self._fixed_texts.setdefault("list_number", _ANY_LIST)
        self._fixed_custom = {
            name.removeprefix(mappings.CUSTOM): text
            for name, text in options.fixed.items()
            if name.startswith(mappings.CUSTOM)
        }
        used = [(number, use) for number, use in enumerate(mapping.columns) if use.field not in (IGNORE, ALSO_PHONE)]
        self._fields = [(number, use.field) for number, use in used if not use.custom_name]
        self._custom = [(number, use.custom_name, use.type) for number, use in used if use.custom_name]
        self._column = {use.field: number for number, use in reversed(used)}
        self._phones = PhoneColumns(names, mapping)
        asks = find_consent_columns(names)
        self._asks = [
            (at, names[at], one) for at, one in asks.items() if names[at] not in mapping.ignored_consent_columns
        ]
        self._by_dial_code = mapping.country in DIAL_CODES
        # A name that is nothing but a bracket folds to nothing: no country chosen is not that column.
        countries = (
            at for at, name in enumerate(names) if mapping.country and mapping.country in header_spellings(name)
        )
        self._country = next(countries, None)

    def check(self, row: Row) -> ValidatedRow:
        """What a row comes to. What nobody foresaw while it was read is a problem of this row alone, and goes to the log."""
        try:
            return self._check(row)
        except Exception as error:
            logs.log_unexpected(error)
            return self._with_problems(row, {}, [(None, "", UNREAD)])

    def _check(self, row: Row) -> ValidatedRow:
        cells = row.cells
        reading = self._reading_of(cells)
        texts, custom, found = self._values(cells, reading)
        body = None
        if row.problem:
            found.insert(0, (None, "", row.problem))
        if len(cells) > len(self._names) and (extra := [cell for cell in cells[len(self._names) :] if cell.strip()]):
            words = f"This row has {len(cells)} cells where the header has {len(self._names)}; is a comma in a value?"
            found.append((None, extra[0], words))
        if cells[0].strip().casefold() == self._folded[0] and [one.strip().casefold() for one in cells] == self._folded:
            found = [(None, "", "This is the line of the columns’ names once more")]
        if not found:
            body, problems = parse_body(texts, custom, reading)
            found = [self._problem(one, cells) for one in problems]
        if found:
            return self._with_problems(row, texts, found)
        assert body is not None
        if address := body.said.get("ip_address"):
            self.addresses[str(address)] += 1
        return ValidatedRow(
            row.number, row.line, cells, body.phone_number, body.list_number, body.json, body.idempotent,
            *summarize_fields(body.said), held=self._held(cells) if self._asks else "",
        )  # fmt: skip

    def _held(self, cells: list[str]) -> str:
        """Why the row's own columns say that this person must not be texted; empty where none does."""
        held = ""
        for number, name, asks in self._asks:
            value = cells[number].strip() if number < len(cells) else ""
            no = is_opted_out(asks, value)
            is_unclear = no is None and not is_blank(value)
            self.consent_values[
                name, value[:_LONGEST_VALUE] if len(self.consent_values) < _MOST_MEANINGS else "…", no
            ] += 1
            if no or is_unclear:
                why = ", which is neither yes nor no" if is_unclear else ""
                held = held or f"{SAYS_NO}{name} = {value or 'blank'}{why}"
        return held

    def _reading_of(self, cells: list[str]) -> ParseContext:
        """How this row is read: in its own country, where a column says so."""
        if self._country is None or self._country >= len(cells) or not cells[self._country].strip():
            return self._reading
        said = cells[self._country].strip()
        if is_blank_marker(said):
            return self._reading
        region = find_region(said, dial_codes=self._by_dial_code)
        # A country that nobody knows is no reason to read the number as one of another country.
        return self._reading._replace(region=region or said, plus=False)

    def _values(
        self, cells: list[str], reading: ParseContext
    ) -> tuple[dict[str, str], dict[str, CustomValue], list[Found]]:
        width = len(cells)
        texts = dict(self._fixed_texts)
        joined: dict[str, str] = {}
        for number, name in self._fields:
            if number < width and (text := strip_text_prefix(cells[number])) and not is_blank_marker(text):
                joined[name] = f"{joined[name]} {text}" if name in joined else text
        texts |= joined
        if self._phones.several:
            texts |= self._phones.choose(texts.get(mappings.PHONE, ""), cells, reading)
        custom: dict[str, CustomValue] = dict(self._fixed_custom)
        found: list[Found] = []
        said: dict[str, str] = {}
        for number, name, type_name in self._custom:
            if number < width and (text := strip_text_prefix(cells[number])):
                if type_name != "string" and is_blank_marker(text):
                    continue
                said[name] = text = f"{said[name]} {text}" if name in said else text
                try:
                    custom[name] = parse_custom_value(text, type_name)
                except Unreadable as problem:
                    found.append((self._names[number], cells[number], str(problem)))
        return texts, custom, found

    def _problem(self, problem: Problem, cells: list[str]) -> Found:
        number = self._column.get(problem.field)
        if number is None:
            return None, "", problem.words
        value = cells[number] if number < len(cells) else ""
        if problem.field == mappings.PHONE and not value.strip() and (other := self._phones.elsewhere(cells)):
            return self._names[number], value, f"There is no phone number here; another column has one: “{other}”"
        return self._names[number], value, problem.words

    def _with_problems(self, row: Row, texts: dict[str, str], found: list[Found]) -> ValidatedRow:
        for words in {kind_of(words) for _column, _value, words in found}:
            self.issue_counts[words] += 1
        if row.line != self._header_row + row.number:
            found = [(column, value, f"{words} (line {row.line} of the file)") for column, value, words in found]
        return ValidatedRow(
            number=row.number,
            line=row.line,
            cells=row.cells,
            list_number=texts.get("list_number", ""),
            problems=found,
        )


ConsentValue = tuple[str, str, bool | None]
"""A column that says who may be texted, a value, and whether that says no (None: nobody can tell)."""
_MOST_MEANINGS, _LONGEST_VALUE = 60, 40

Found = tuple[str | None, str, str]
"""A problem of a row: the column, the value, the words."""


def kind_of(words: str) -> str:
    """A problem's words without what is of its one row alone: what is counted together, and fixed together."""
    return _OF_ONE_ROW.sub("", words)


_OF_ONE_ROW = re.compile(
    r" \(line \d+ of the file\)$|: “[^”]*”$| \(\+\d[^()]*\)(?=;)|“[^”]*” (?=is not a number)"
    r"|^\d{1,2}/\d{1,2} (?=could be day)"
)


def strip_text_prefix(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from making a number or a formula of it."""
    text = cell.strip()
    return text[1:].lstrip() if text[:1] == "'" and _KEPT_AS_TEXT.match(text) else text


_KEPT_AS_TEXT = re.compile(r"'(?:[=+\-@]|[\d\s().]+$)")
