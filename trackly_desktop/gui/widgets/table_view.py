"""Table views in the program's style."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from trackly_desktop.gui import theme
from trackly_desktop.gui.widgets.table_model import TableModel


class ColumnsTable(QTableView):
    """A table of a `TableModel`, with its columns' widths; a width of 0 stretches."""

    def __init__(self, model: TableModel[Any], name: str) -> None:
        super().__init__()
        style_table(self)
        self.setAccessibleName(name)
        self.setModel(model)
        self.setFont(theme.digits_font(self.font()))
        header = self.horizontalHeader()
        for section, column in enumerate(model.columns):
            if column.width:
                header.resizeSection(section, column.width)
            else:
                header.setSectionResizeMode(section, QHeaderView.ResizeMode.Stretch)


def style_table(table: QTableView) -> None:
    """Select whole rows, scroll by pixels, hide the grid and the row numbers."""
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTextElideMode(Qt.TextElideMode.ElideRight)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setTabKeyNavigation(False)
    rows = table.verticalHeader()
    rows.setDefaultSectionSize(theme.ROW)
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.hide()
    columns = table.horizontalHeader()
    columns.setHighlightSections(False)
    columns.setMinimumSectionSize(48)
