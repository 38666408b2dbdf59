"""Table models: `TableModel` holds its rows, `PagedModel` reads them page by page."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from trackly_desktop.gui import icons

_PAGE_ROWS = 64
_CACHED_PAGES = 32

Index = QModelIndex | QPersistentModelIndex
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TableColumn(Generic[T]):
    """A column of a `TableModel`.

    Attributes:
        title: the header.
        text: the cell of a row.
        width: in pixels; 0 takes the remaining width.
        hint: the cell's tooltip; None shows the cell's text.
        icon: name and theme colour of the cell's icon; None shows no icon.
        right: whether header and cells are aligned right.
    """

    title: str
    text: Callable[[T], str]
    width: int = 0
    hint: Callable[[T], str] | None = None
    icon: Callable[[T], tuple[str, str]] | None = None
    right: bool = False

    @property
    def alignment(self) -> Qt.AlignmentFlag:
        """The alignment of header and cells."""
        side = Qt.AlignmentFlag.AlignRight if self.right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


class TableModel(QAbstractTableModel, Generic[T]):
    """A table of rows held in memory; its columns make the cells."""

    def __init__(self, columns: Sequence[TableColumn[T]] = ()) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.rows: Sequence[T] = ()

    def show(self, rows: Sequence[T], columns: Sequence[TableColumn[T]] | None = None) -> None:
        """Show these rows; `columns` replaces the columns where it is not None."""
        self.beginResetModel()
        self.rows = rows
        if columns is not None:
            self.columns = tuple(columns)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.columns[section].alignment
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column, row = self.columns[index.column()], self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return (column.hint or column.text)(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return column.alignment
        if role == Qt.ItemDataRole.DecorationRole and column.icon is not None:
            return icons.icon(*column.icon(row))
        return None


class PagedModel(QAbstractTableModel, Generic[T]):
    """A table of rows known by their journal keys; subclasses implement `read_page`."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: array[int] = array("q")
        self._pages: OrderedDict[int, dict[int, T]] = OrderedDict()

    def read_page(self, keys: array[int]) -> dict[int, T]:
        """Return the rows with these journal keys, by key."""
        raise NotImplementedError

    def show_keys(self, keys: array[int]) -> None:
        """Show the rows with these journal keys, replacing the current ones."""
        self.beginResetModel()
        self._keys = keys
        self._pages.clear()
        self.endResetModel()

    def refresh(self) -> None:
        """Read the shown rows from the journal again."""
        self._pages.clear()
        if self._keys:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._keys) - 1, self.columnCount() - 1))

    def keys(self) -> tuple[int, ...]:
        """The journal keys of the shown rows, in order."""
        return tuple(self._keys)

    def key_at(self, line: int) -> int:
        """Return the journal key of a table line, counted from 0."""
        return self._keys[line]

    def entry_at(self, line: int) -> T | None:
        """Return the row of a table line, counted from 0; None if it is gone."""
        page = line // _PAGE_ROWS
        if page not in self._pages:
            self._pages[page] = self.read_page(self._keys[page * _PAGE_ROWS : (page + 1) * _PAGE_ROWS])
            while len(self._pages) > _CACHED_PAGES:
                self._pages.popitem(last=False)
        self._pages.move_to_end(page)
        return self._pages[page].get(self._keys[line])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._keys)
