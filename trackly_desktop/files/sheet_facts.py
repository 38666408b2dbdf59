"""What calamine does not tell of a sheet: hidden cells, errors, far cells.

A sheet is scanned before calamine reads it: calamine takes memory for every cell from the first to the last, so that a
single cell far out takes gigabytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from trackly_desktop.files.table import FileProblem

MOST_COLUMNS = 16_384
_MOST_CELLS = 25_000_000
"""Cells from a sheet's first to its last: 32 bytes of memory each."""
_MOST_SPARSE_CELLS = 2_000_000
_LEAST_FILLED = 1 / 50
"""Share of cells that are filled in a sheet of more than _MOST_SPARSE_CELLS."""
_MOST_UNCALCULATED = 1_000_000


@dataclass(slots=True)
class SheetFacts:
    """Facts of a sheet; lines count from 1, columns from 0.

    `uncalculated` are the cells of formulas without a result, by line. `has_errors`: Excel's errors are in cells, which
    calamine leaves blank, and some of which it refuses.
    """

    hidden_lines: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    uncalculated: dict[int, list[int]] = field(default_factory=dict)
    has_errors: bool = False

    def add_uncalculated(self, line: int, column: int) -> None:
        """Add the cell of a formula without a result."""
        if len(self.uncalculated) < _MOST_UNCALCULATED:
            self.uncalculated.setdefault(line, []).append(column)


class Extent:
    """How far a sheet's filled cells reach, and how many there are."""

    def __init__(self) -> None:
        self.lines = self.columns = self.cells = 0

    def include(self, line: int, column: int) -> None:
        """Reach as far as a cell; both count from 1."""
        self.lines, self.columns = max(self.lines, line), max(self.columns, column)

    @property
    def is_readable(self) -> bool:
        """Whether so many cells can be read."""
        area = self._area
        return area <= _MOST_SPARSE_CELLS or (area <= _MOST_CELLS and self.cells >= area * _LEAST_FILLED)

    def require_cells_once(self) -> None:
        """Check that there are no more cells than places for them.

        Raises:
            FileProblem: there are: the sheet is damaged, or made to take all memory.
        """
        if self.cells > max(self._area, _MOST_SPARSE_CELLS):
            raise FileProblem("A sheet of this workbook has several values in one cell; save it again, or as CSV")

    @property
    def _area(self) -> int:
        return self.lines * self.columns

    def problem(self, sheet: str) -> FileProblem:
        """Return the problem of a sheet that reaches too far."""
        last = f"{column_letters(self.columns)}{self.lines}"
        return FileProblem(
            f"The sheet “{sheet}” reaches as far as cell {last}, and is too large to read; delete what is far from the "
            "table, or save the table as CSV, and import that"
        )


def column_number(letters: bytes) -> int:
    """Return a column's number by its letters, from 1."""
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + letter - 64
    return number


def column_letters(number: int) -> str:
    """Return a column's letters by its number, from 1."""
    letters = ""
    while number > 0:
        number, letter = divmod(number - 1, 26)
        letters = chr(65 + letter) + letters
    return letters
