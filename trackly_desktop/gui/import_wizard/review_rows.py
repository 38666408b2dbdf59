"""Table of a validated file's rows with its own columns, editable in place."""

from __future__ import annotations

from array import array
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QTableView

from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.gui import formatting, icons, theme
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.widgets.table_model import Index, PagedModel
from trackly_desktop.gui.widgets.table_view import style_table
from trackly_desktop.journal.queries import ShownRow
from trackly_desktop.messages import issue_text, note_text

_FIXED = ("Row", "Now")
ROW, NOW = range(2)
_WIDTHS = (64, 290)
_WIDEST, _LEAST = 220, 130


class ReviewRows(PagedModel[tuple[ShownRow, list[str]]]):
    """Model of the rows. `corrected`: a cell was typed (key, column from 0, text)."""

    corrected = Signal(object, int, str)

    def __init__(self, context: AccountContext) -> None:
        super().__init__()
        self._context = context
        self.header: tuple[str, ...] = ()

    def read_page(self, keys: array[int]) -> dict[int, tuple[ShownRow, list[str]]]:
        """Read one indexed page of the journal, with the file's own cells."""
        cells = self._context.reader.cells(keys)
        return {row.key: (row, cells.get(row.key, [])) for row in self._context.reader.page(keys)}

    def show_header(self, header: tuple[str, ...]) -> None:
        """Show another file's columns."""
        if header != self.header:
            self.beginResetModel()
            self.header = header
            self._keys = array("q")
            self._pages.clear()
            self.endResetModel()

    def keys_at(self, lines: list[int]) -> tuple[int, ...]:
        """Return the keys of the rows in these lines."""
        return tuple(self._keys[line] for line in lines)

    def row_at(self, line: int) -> tuple[ShownRow | None, list[str]]:
        """Return the row in this line, and its cells."""
        return self.entry_at(line) or (None, [])

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_FIXED) + len(self.header)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (*_FIXED, *self.header)[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == ROW else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() >= len(_FIXED) else flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        column, text = index.column() - len(_FIXED), str(value)
        _row, cells = self.row_at(index.row())
        was = cells[column] if column < len(cells) else ""
        if role != Qt.ItemDataRole.EditRole or column < 0 or text == was:
            return False
        self.corrected.emit(self._keys[index.row()], column, text)
        return True

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in _ROLES:
            return None
        row, cells = self.row_at(index.row())
        if row is None:
            return None
        column = index.column() - len(_FIXED)
        if column >= 0:
            return self._cell(row, cells, column, role)
        if index.column() == ROW:
            return _number(row, role)
        return _state(row, role)

    def _cell(self, row: ShownRow, cells: list[str], column: int, role: int) -> Any:
        issue = next((issue for issue in row.issues if issue.column == self.header[column]), None)
        problem = issue_text(issue) if issue is not None else ""
        if role == Qt.ItemDataRole.ToolTipRole:
            return problem or (cells[column] if column < len(cells) else None)
        if role == Qt.ItemDataRole.ForegroundRole:
            return theme.colour("bad") if problem else None
        if role == Qt.ItemDataRole.DecorationRole:
            return icons.icon("warning", "bad") if problem else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return cells[column] if column < len(cells) else ""
        return None


def _number(row: ShownRow, role: int) -> Any:
    if role == Qt.ItemDataRole.DisplayRole:
        return formatting.number(row.number)
    if role == Qt.ItemDataRole.TextAlignmentRole:
        return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    return None


def _state(row: ShownRow, role: int) -> Any:
    """What would be done with a row as it is."""
    text = "; ".join(map(issue_text, row.issues)) or note_text(row.note) or "Ready to send"
    icon, colour = {
        Outcome.INVALID: ("warning", "caution"),
        Outcome.SKIPPED: ("skipped", "quiet"),
    }.get(row.outcome, ("check", "good"))
    if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
        return text
    if role == Qt.ItemDataRole.DecorationRole:
        return icons.icon(icon, colour)
    return None


_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.EditRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.DecorationRole,
    Qt.ItemDataRole.ForegroundRole,
    Qt.ItemDataRole.TextAlignmentRole,
)


class ReviewTable(QTableView):
    """Table with cells typed in as in a spreadsheet, and selection of rows."""

    def __init__(self, model: ReviewRows) -> None:
        super().__init__()
        style_table(self)
        self.setAccessibleName("Rows of the file")
        self.setModel(model)
        self.setFont(theme.digits_font(self.font()))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        model.modelReset.connect(self._fit)

    def _fit(self) -> None:
        head = self.horizontalHeader()
        for column, width in enumerate(_WIDTHS):
            head.resizeSection(column, width)
        for column in range(len(_WIDTHS), self.model().columnCount()):
            head.resizeSection(
                column, min(_WIDEST, max(_LEAST, self.sizeHintForColumn(column), head.sectionSizeHint(column)))
            )

    def selected_lines(self) -> list[int]:
        """Return the lines with a selected cell."""
        return sorted({index.row() for index in self.selectedIndexes()})
