"""The table that shows rows: 32 pixels each, whole rows selected, hovering marks the row."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from trackly_desktop.gui import theme
from trackly_desktop.gui.results.rows_model import Column


class RowsTable(QTableView):
    """`columns` give the widths: 0 takes what is left."""

    def __init__(self, model: QAbstractItemModel, columns: tuple[Column, ...], name: str) -> None:
        super().__init__()
        dress_table(self)
        self.setAccessibleName(name)
        self.setModel(model)
        self.setFont(theme.digits_font(self.font()))
        header = self.horizontalHeader()
        for number, column in enumerate(columns):
            if column.width:
                header.resizeSection(number, column.width)
            else:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)


def dress_table(table: QTableView) -> None:
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
