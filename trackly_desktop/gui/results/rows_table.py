"""The table of a run's rows."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTableView

from trackly_desktop.gui import theme
from trackly_desktop.gui.results.rows_model import Column
from trackly_desktop.gui.widgets.table_view import style_table

_MINIMUM_WIDTH = 110
"""In pixels, of the column that takes the remaining width."""


class RowsTable(QTableView):
    """A table with these columns' widths; a width of 0 takes the remaining width."""

    def __init__(self, model: QAbstractItemModel, columns: tuple[Column, ...], name: str) -> None:
        super().__init__()
        style_table(self)
        self.setAccessibleName(name)
        self.setModel(model)
        self.setFont(theme.digits_font(self.font()))
        self._columns = columns
        for section, column in enumerate(columns):
            self.horizontalHeader().resizeSection(section, column.width or _MINIMUM_WIDTH)

    def resizeEvent(self, event: QResizeEvent) -> None:
        # A stretched section would shrink to nothing; this one stays readable, and the table scrolls sideways.
        super().resizeEvent(event)
        header = self.horizontalHeader()
        fixed_width = sum(header.sectionSize(section) for section, column in enumerate(self._columns) if column.width)
        for section, column in enumerate(self._columns):
            if not column.width:
                header.resizeSection(section, max(_MINIMUM_WIDTH, self.viewport().width() - fixed_width))
