"""Checking a whole file before anything is sent: every row becomes a contact or its problems, in a draft of the journal."""

from __future__ import annotations

import dataclasses
import getpass
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from trackly_desktop.contact import (
    FIELD,
    Contact,
    CustomValue,
    Problem,
    Reading,
    Unreadable,
    read_contact,
    read_custom_value,
)
from trackly_desktop.imports import mapping as mappings
from trackly_desktop.imports.journal.drafts import Draft
from trackly_desktop.imports.journal.records import CheckedRow, NewRun
from trackly_desktop.imports.mapping import IGNORE, ColumnSigns, Mapping
from trackly_desktop.imports.options import Options
from trackly_desktop.imports.outcome import Outcome
from trackly_desktop.imports.table import Choice, FileProblem, HowRead, Row, Table, open_table

_BATCH = 500
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

    signs = mappings.look_at_columns(len(table.header), cells())
    return Opened(str(path), table.how, tuple(table.header), tuple(signs), tuple(first_rows), rows)


def check_file(request: Request, progress: Progress) -> Checked:
    """Checks every row into a draft. Raises FileProblem, or JournalProblem; then there is no draft."""
    table = open_table(Path(request.path), request.choice)
    if request.fingerprint and table.how.fingerprint != request.fingerprint:
        raise FileProblem("The file has changed since it was opened; open it again")
    if len(table.header) != len(request.mapping.columns):
        raise FileProblem("The file has other columns now; open it again")
    checker = _Checker(table, request.mapping, request.options, list_needed=request.list_needed)
    with Draft(Path(request.journal), _new_run(request, table)) as draft:
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
        if open_table(Path(request.path), request.choice).how.fingerprint != table.how.fingerprint:
            raise FileProblem("The file changed while it was being read; open it again")
        progress(rows)
        duplicates = draft.settle_duplicates(request.options.duplicates)
        already = draft.settle_already_added(request.account, request.base_url, request.options.already_added)
        counts = draft.seal(rows)
    return Checked(draft.run, rows, counts, duplicates, already, tuple(checker.kinds.most_common()))


def _new_run(request: Request, table: Table) -> NewRun:
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
        how=dataclasses.asdict(table.how),
        mapping=request.mapping.to_json(),
        who=who(),
    )


def who() -> str:
    """Whose login this is; empty where the system does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


class _Checker:
    """Rows -> checked rows, and how often each kind of problem came up."""

    def __init__(self, table: Table, mapping: Mapping, options: Options, *, list_needed: bool) -> None:
        self.kinds: Counter[str] = Counter()
        self._header_row = table.how.header_row or 0
        self._names = table.header
        self._reading = Reading(region=options.region, dates=mapping.dates)
        self._fixed_texts = {name: text for name, text in options.fixed.items() if name in FIELD}
        if not list_needed:
            self._fixed_texts.setdefault("list_number", _ANY_LIST)
        self._fixed_custom = {
            name.removeprefix(mappings.CUSTOM): text
            for name, text in options.fixed.items()
            if name.startswith(mappings.CUSTOM)
        }
        used = [(number, use) for number, use in enumerate(mapping.columns) if use.field != IGNORE]
        self._fields = [(number, use.field) for number, use in used if not use.custom_name]
        self._custom = [(number, use.custom_name, use.type) for number, use in used if use.custom_name]
        self._column = {use.field: number for number, use in used}

    def check(self, row: Row) -> CheckedRow:
        cells = row.cells
        texts, custom, found = self._values(cells)
        contact = None
        if extra := [cell for cell in cells[len(self._names) :] if cell.strip()]:
            words = f"This row has {len(cells)} cells where the header has {len(self._names)}; is a comma in a value?"
            found.append((None, extra[0], words))
        if not found:
            contact, problems = read_contact(texts, custom, self._reading)
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
            body=contact.to_json(),
            repeat_safe=contact.repeat_safe,
        )

    def _values(
        self, cells: list[str]
    ) -> tuple[dict[str, str], dict[str, CustomValue], list[tuple[str | None, str, str]]]:
        width = len(cells)
        texts = dict(self._fixed_texts)
        for number, name in self._fields:
            if number < width and (text := _bare(cells[number])):
                texts[name] = text
        custom: dict[str, CustomValue] = dict(self._fixed_custom)
        found: list[tuple[str | None, str, str]] = []
        for number, name, type_name in self._custom:
            if number < width and (text := _bare(cells[number])):
                try:
                    custom[name] = read_custom_value(text, type_name)
                except Unreadable as problem:
                    found.append((self._names[number], cells[number], str(problem)))
        return texts, custom, found

    def _problem(self, problem: Problem, cells: list[str]) -> tuple[str | None, str, str]:
        number = self._column.get(problem.field)
        if number is None:
            return None, "", problem.words
        return self._names[number], cells[number] if number < len(cells) else "", problem.words

    def _with_problems(self, row: Row, texts: dict[str, str], found: list[tuple[str | None, str, str]]) -> CheckedRow:
        for words in {words for _column, _value, words in found}:
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


def _bare(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from making a number or a formula of it."""
    text = cell.strip()
    return text[1:].lstrip() if _KEPT_AS_TEXT.match(text) else text


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
