"""Checking a whole file before anything is sent: every row becomes a contact or its problems, in a draft of the journal."""

from __future__ import annotations

import dataclasses
import getpass
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from trackly_desktop.contact import (
    FIELD,
    Contact,
    CustomValue,
    Problem,
    Reading,
    Unreadable,
    is_nothing,
    read_body,
    read_custom_value,
)
from trackly_desktop.imports import mapping as mappings
from trackly_desktop.imports.column_names import spellings
from trackly_desktop.imports.column_signs import ColumnSigns, look_at_columns
from trackly_desktop.imports.countries import region_of
from trackly_desktop.imports.journal.drafts import Draft
from trackly_desktop.imports.journal.records import CheckedRow, NewRun
from trackly_desktop.imports.mapping import ALSO_PHONE, IGNORE, Mapping
from trackly_desktop.imports.options import Options
from trackly_desktop.imports.outcome import Outcome
from trackly_desktop.imports.phone_columns import PhoneColumns
from trackly_desktop.imports.table import Choice, FileProblem, HowRead, Row, Table, open_table
from trackly_desktop.moments import zone_called

_BATCH = 2_000
_ANY_LIST = "+10000000000"
Progress = Callable[[int], None]
"""Told how many rows have been read so far."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as it was opened and looked through: enough for its columns to be mapped."""

    path: str
    how: HowRead
    header: tuple[str, ...]
    signs: tuple[ColumnSigns, ...]
    first_rows: tuple[tuple[str, ...], ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be checked, and on whose account it would be imported."""

    path: str
    choice: Choice
    fingerprint: str
    mapping: Mapping
    options: Options
    account: str
    account_name: str
    base_url: str
    journal: str
    list_needed: bool = True
    """A check that nothing is sent after can do without a list."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. `run` is the draft; `kinds` counts each sort of problem by its words."""

    run: int
    rows: int
    counts: dict[Outcome, int]
    duplicates: int
    already_added: int
    kinds: tuple[tuple[str, int], ...] = field(default_factory=tuple)
    plus: bool = False
    """Phone numbers were read as international ones whose plus is missing."""


def open_file(path: Path, choice: Choice, progress: Progress) -> Opened:
    """Opens a file and looks at every cell of it. Raises FileProblem."""
    table = open_table(path, choice)
    first_rows: list[tuple[str, ...]] = []
    rows = 0

    def cells() -> Iterator[list[str]]:
        nonlocal rows
        for row in table.rows():
            rows += 1
            if len(first_rows) < 20:
                first_rows.append(tuple(row.cells))
            if rows % 5_000 == 0:
                progress(rows)
            yield row.cells

    signs = look_at_columns(len(table.header), cells())
    _must_be_still(path, table.how.size)
    return Opened(str(path), table.how, tuple(table.header), tuple(signs), tuple(first_rows), rows)


def fingerprint_of(path: Path) -> str:
    """A file's SHA-256; empty where it cannot be read any more."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _must_be_still(path: Path, size: int) -> None:
    """Raises FileProblem where another program has gone on writing the file while it was read."""
    try:
        now = path.stat().st_size
    except OSError as error:
        raise FileProblem("The file went away while it was being read; open it again") from error
    if now != size:
        raise FileProblem("The file changed while it was being read: another program still writes it; open it again")


def check_file(request: Request, progress: Progress) -> Checked:
    """Checks every row into a draft. Raises FileProblem, or JournalProblem; then there is no draft."""
    table = open_table(Path(request.path), request.choice)
    if request.fingerprint and table.how.fingerprint != request.fingerprint:
        raise FileProblem("The file has changed since it was opened; open it again")
    if len(table.header) != len(request.mapping.columns):
        raise FileProblem("The file has other columns now; open it again")
    plus = lack_plus(table, request.mapping, request.options.region)
    checker = Checker(
        table.header,
        table.how.header_row or 0,
        request.mapping,
        request.options,
        plus=plus,
        list_needed=request.list_needed,
    )
    with Draft(Path(request.journal), _new_run(request, table, plus=plus)) as draft:
        rows = 0
        batch: list[CheckedRow] = []
        for row in table.rows():
            batch.append(checker.check(row))
            rows += 1
            if len(batch) == _BATCH:
                draft.add(batch)
                batch = []
                progress(rows)
        draft.add(batch)
        if fingerprint_of(Path(request.path)) != table.how.fingerprint:
            raise FileProblem("The file changed while it was being read; open it again")
        progress(rows)
        duplicates = draft.settle_duplicates(request.options.duplicates)
        already = draft.settle_already_added(request.account, request.base_url, request.options.already_added)
        counts = draft.seal(rows)
    return Checked(draft.run, rows, counts, duplicates, already, tuple(checker.kinds.most_common()), plus)


_LOOKED_AT = 200


def lack_plus(table: Table, mapping: Mapping, region: str) -> bool:
    """Whether the numbers of this file are international ones that have all lost their plus.

    One such number is a mistake as likely as not (a digit too many makes a Swiss number of an American one); several, and
    none that the region has, are not.
    """
    from trackly_desktop.phone import lacks_plus

    number = mapping.column_of(mappings.PHONE)
    if number is None or mapping.country:
        return False
    some = [row.cells[number].strip() for row in islice(table.rows(), _LOOKED_AT) if number < len(row.cells)]
    some = [text for text in dict.fromkeys(some) if text]
    without = sum(1 for text in some if lacks_plus(_bare(text), region))
    return without >= 2 and without >= 0.9 * len(some)


def _new_run(request: Request, table: Table, *, plus: bool) -> NewRun:
    return NewRun(
        kind="import",
        account=request.account,
        account_name=request.account_name,
        base_url=request.base_url,
        list_number=request.options.fixed.get("list_number", ""),
        options=request.options.to_json(),
        file=Path(request.path).name,
        fingerprint=table.how.fingerprint,
        size=table.how.size,
        header=tuple(table.header),
        how=dataclasses.asdict(table.how) | {"plus": plus},
        mapping=request.mapping.to_json(),
        who=who(),
    )


def who() -> str:
    """Whose login this is; empty where the system does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


class Checker:
    """Rows -> checked rows, and how often each kind of problem came up."""

    def __init__(
        self,
        names: Sequence[str],
        header_row: int,
        mapping: Mapping,
        options: Options,
        *,
        plus: bool,
        list_needed: bool = True,
    ) -> None:
        self.kinds: Counter[str] = Counter()
        self._header_row = header_row
        self._names = names
        self._folded = [cell.strip().casefold() for cell in names]
        self._reading = Reading(region=options.region, plus=plus, zone=zone_called(mapping.zone), dates=mapping.dates)
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
        self._country = next((at for at, name in enumerate(names) if mapping.country in spellings(name)), None)

    def check(self, row: Row) -> CheckedRow:
        """What a row comes to."""
        cells = row.cells
        reading = self._reading_of(cells)
        texts, custom, found = self._values(cells, reading)
        contact, body = None, ""
        if row.problem:
            found.insert(0, (None, "", row.problem))
        if len(cells) > len(self._names) and (extra := [cell for cell in cells[len(self._names) :] if cell.strip()]):
            words = f"This row has {len(cells)} cells where the header has {len(self._names)}; is a comma in a value?"
            found.append((None, extra[0], words))
        if cells[0].strip().casefold() == self._folded[0] and [one.strip().casefold() for one in cells] == self._folded:
            found = [(None, "", "This is the line of the columns’ names once more")]
        if not found:
            contact, body, problems = read_body(texts, custom, reading)
            found = [self._problem(one, cells) for one in problems]
        if found:
            return self._with_problems(row, texts, found)
        assert contact is not None
        return CheckedRow(
            number=row.number,
            line=row.line,
            cells=cells,
            phone=contact.phone_number,
            list_number=contact.list_number,
            body=body,
            repeat_safe=contact.repeat_safe,
        )

    def _reading_of(self, cells: list[str]) -> Reading:
        """How this row is read: in its own country, where a column says so."""
        if self._country is None or self._country >= len(cells) or not cells[self._country].strip():
            return self._reading
        region = region_of(cells[self._country])
        return self._reading._replace(region=region, plus=False) if region else self._reading

    def _values(self, cells: list[str], reading: Reading) -> tuple[dict[str, str], dict[str, CustomValue], list[Found]]:
        width = len(cells)
        texts = dict(self._fixed_texts)
        joined: dict[str, str] = {}
        for number, name in self._fields:
            if number < width and (text := _bare(cells[number])) and not is_nothing(text):
                joined[name] = f"{joined[name]} {text}" if name in joined else text
        texts |= joined
        if self._phones.several:
            texts |= self._phones.choose(texts.get(mappings.PHONE, ""), cells, reading)
        custom: dict[str, CustomValue] = dict(self._fixed_custom)
        found: list[Found] = []
        said: dict[str, str] = {}
        for number, name, type_name in self._custom:
            if number < width and (text := _bare(cells[number])):
                if type_name != "string" and is_nothing(text):
                    continue
                said[name] = text = f"{said[name]} {text}" if name in said else text
                try:
                    custom[name] = read_custom_value(text, type_name)
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

    def _with_problems(self, row: Row, texts: dict[str, str], found: list[Found]) -> CheckedRow:
        for words in {kind_of(words) for _column, _value, words in found}:
            self.kinds[words] += 1
        if row.line != self._header_row + row.number:
            found = [(column, value, f"{words} (line {row.line} of the file)") for column, value, words in found]
        return CheckedRow(
            number=row.number,
            line=row.line,
            cells=row.cells,
            list_number=texts.get("list_number", ""),
            problems=found,
        )


Found = tuple[str | None, str, str]
"""A problem of a row: the column, the value, the words."""


def kind_of(words: str) -> str:
    """A problem's words without what is of its one row alone: what is counted together, and fixed together."""
    return _OF_ONE_ROW.sub("", words)


_OF_ONE_ROW = re.compile(
    r" \(line \d+ of the file\)$|: “[^”]*”$| \(\+\d[^()]*\)(?=;)|“[^”]*” (?=is not a number)"
    r"|^\d{1,2}/\d{1,2} (?=could be day)"
)


def _bare(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from making a number or a formula of it."""
    text = cell.strip()
    return text[1:].lstrip() if text[:1] == "'" and _KEPT_AS_TEXT.match(text) else text


_KEPT_AS_TEXT = re.compile(r"'(?:[=+\-@]|[\d\s().]+$)")


def checked_single(contact: Contact) -> CheckedRow:
    """A contact made by hand, as the one row of its run."""
    return CheckedRow(
        number=1,
        line=0,
        cells=[],
        phone=contact.phone_number,
        list_number=contact.list_number,
        body=contact.to_json(),
        repeat_safe=contact.repeat_safe,
    )
