"""The table that shows rows: 32 pixels each, whole rows selected, hovering marks the row."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from trackly_desktop.gui import theme
from trackly_desktop.gui.results.rows_model import Column

_LEAST = 110


class RowsTable(QTableView):
    """`columns` give the widths: 0 takes what is left."""

    def __init__(self, model: QAbstractItemModel, columns: tuple[Column, ...], name: str) -> None:
        super().__init__()
        style_table(self)
        self.setAccessibleName(name)
        self.setModel(model)
        self.setFont(theme.digits_font(self.font()))
        self._columns = columns
        for number, column in enumerate(columns):
            self.horizontalHeader().resizeSection(number, column.width or _LEAST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's: the column that takes what is left keeps enough to be read; beyond, the table scrolls sideways."""
        super().resizeEvent(event)
        header = self.horizontalHeader()
        taken = sum(header.sectionSize(number) for number, one in enumerate(self._columns) if one.width)
        for number, column in enumerate(self._columns):
            if not column.width:
                header.resizeSection(number, max(_LEAST, self.viewport().width() - taken))


def style_table(table: QTableView) -> None:
    """What every table of the program has in common."""
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTextElideMode(Qt.TextElideMode.ElideRight)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setTabKeyNavigation(False)
    side = table.verticalHeader()
    side.setDefaultSectionSize(theme.ROW)
    side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    side.hide()
    head = table.horizontalHeader()
    head.setHighlightSections(False)
    head.setMinimumSectionSize(48)
