"""Rows by their keys, read from the journal a page at a time: what every long table has in common."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex

_PAGE = 64
_PAGES_KEPT = 32

Index = QModelIndex | QPersistentModelIndex
T = TypeVar("T")


class PagedModel(QAbstractTableModel, Generic[T]):
    """A table of the rows with these keys, in this order. Whoever is one says how a page is read."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: array[int] = array("q")
        self._pages: OrderedDict[int, dict[int, T]] = OrderedDict()

    def read_page(self, keys: array[int]) -> dict[int, T]:
        """The rows with these keys, as the journal has them now."""
        raise NotImplementedError

    def show_keys(self, keys: array[int]) -> None:
        """Other rows."""
        self.beginResetModel()
        self._keys = keys
        self._pages.clear()
        self.endResetModel()

    def refresh(self) -> None:
        """The journal has news of these rows."""
        self._pages.clear()
        if self._keys:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._keys) - 1, self.columnCount() - 1))

    def keys(self) -> tuple[int, ...]:
        """The rows that are shown."""
        return tuple(self._keys)

    def key_at(self, line: int) -> int:
        """The row in this line."""
        return self._keys[line]

    def entry_at(self, line: int) -> T | None:
        """The row in this line as the journal has it."""
        number = line // _PAGE
        if number not in self._pages:
            self._pages[number] = self.read_page(self._keys[number * _PAGE : (number + 1) * _PAGE])
            while len(self._pages) > _PAGES_KEPT:
                self._pages.popitem(last=False)
        self._pages.move_to_end(number)
        return self._pages[number].get(self._keys[line])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Qt's."""
        return 0 if parent.isValid() else len(self._keys)
