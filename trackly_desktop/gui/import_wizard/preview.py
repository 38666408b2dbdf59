"""The first rows of a file, as they were read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QTableView

from trackly_desktop.gui import theme
from trackly_desktop.gui.results.rows_table import style_table

_SHOWN = 8
_WIDEST = 260


class _Model(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.header: Sequence[str] = ()
        self.rows: Sequence[Sequence[str]] = ()

    def show(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.beginResetModel()
        self.header, self.rows = header, rows
        self.endResetModel()

    def rowCount(self, _parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return len(self.rows)

    def columnCount(self, _parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return len(self.header)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return self.header[section]

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self.rows[index.row()]
        return row[index.column()] if index.column() < len(row) else ""


class Preview(QTableView):
    """As wide as it needs, and scrolling sideways beyond."""

    def __init__(self) -> None:
        super().__init__()
        style_table(self)
        self.setAccessibleName("The first rows")
        self._rows = _Model()
        self.setModel(self._rows)

    @property
    def is_empty(self) -> bool:
        """Whether no file has been shown yet."""
        return not self._rows.header

    def show_rows(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Another file, or the same read in another way."""
        self._rows.show(header, rows)
        self.resizeColumnsToContents()
        for number in range(len(header)):
            if self.columnWidth(number) > _WIDEST:
                self.setColumnWidth(number, _WIDEST)
        self.setFixedHeight((min(len(rows), _SHOWN) + 1) * theme.ROW + theme.L)
