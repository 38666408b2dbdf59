"""Table model of a run's rows; it reads a page of the journal at a time."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, Qt

from trackly_desktop.gui import formatting, icons, theme
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.outcome_text import in_short, outcome_words
from trackly_desktop.gui.widgets.table_model import Index, PagedModel
from trackly_desktop.journal.queries import ShownRow


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table.

    `width` in pixels, 0 takes the remaining width; `hint` is the tooltip.
    """

    title: str
    width: int
    text: Callable[[ShownRow], str]
    hint: Callable[[ShownRow], str]
    right: bool = False
    digits: bool = False
    outcome: bool = False


def _phone(row: ShownRow) -> str:
    if row.is_forgotten:
        return "removed"
    if not row.phone:
        return next((issue.value for issue in row.issues if issue.value), "")
    return formatting.international(row.phone)


OUTCOME = Column("Outcome", 116, outcome_words, in_short, outcome=True)
PHONE = Column("Phone", 156, _phone, lambda row: row.phone, digits=True)
ROW = Column("Row", 60, lambda row: formatting.number(row.number), lambda _row: "", right=True, digits=True)
ANSWER = Column("Answer", 0, in_short, in_short)
WHEN = Column(
    "When", 116, lambda row: formatting.relative(row.answered_at), lambda row: formatting.exact(row.answered_at)
)


class RowsModel(PagedModel[ShownRow]):
    """Rows with given keys, in their order."""

    def __init__(self, context: AccountContext, columns: Sequence[Column]) -> None:
        super().__init__()
        self._context = context
        self.columns = tuple(columns)

    def read_page(self, keys: array[int]) -> dict[int, ShownRow]:
        """Read one indexed page of the journal."""
        return {row.key: row for row in self._context.reader.page(keys)}

    def show(self, keys: array[int]) -> None:
        """Show other rows; the same rows are read again and stay selected."""
        if keys == self._keys:
            self.refresh()
        else:
            self.show_keys(keys)

    def line_of(self, key: int) -> int:
        """Return the line of a row; -1 where it is not shown."""
        try:
            return self._keys.index(key)
        except ValueError:
            return -1

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(self.columns[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role not in _ROLES:
            return None
        row = self.entry_at(index.row())
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.hint(row) or column.text(row)
        if column.outcome and role == Qt.ItemDataRole.DecorationRole:
            return icons.icon(*formatting.OUTCOME_ICONS[row.outcome])
        if column.outcome and role == Qt.ItemDataRole.ForegroundRole:
            return theme.colour(formatting.OUTCOME_ICONS[row.outcome][1])
        return None


_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.DecorationRole,
    Qt.ItemDataRole.ForegroundRole,
)


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
