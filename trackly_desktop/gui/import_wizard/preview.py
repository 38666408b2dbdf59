"""The first rows of a file, as they were read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QTableView

from trackly_desktop.gui import theme
from trackly_desktop.gui.widgets.table_model import TableColumn, TableModel
from trackly_desktop.gui.widgets.table_view import style_table

_VISIBLE_ROWS = 8
_MAXIMUM_WIDTH = 260

Cells = Sequence[str]


class Preview(QTableView):
    """As wide as its columns need; beyond the window it scrolls sideways."""

    def __init__(self) -> None:
        super().__init__()
        style_table(self)
        self.setAccessibleName("The first rows")
        self._model: TableModel[Cells] = TableModel()
        self.setModel(self._model)

    def show_rows(self, header: Sequence[str], rows: Sequence[Cells]) -> None:
        """Show these rows below these titles, replacing the current ones."""
        self._model.show(rows, [TableColumn(title, _cell_at(index)) for index, title in enumerate(header)])
        self.resizeColumnsToContents()
        for index in range(len(header)):
            if self.columnWidth(index) > _MAXIMUM_WIDTH:
                self.setColumnWidth(index, _MAXIMUM_WIDTH)
        self.setFixedHeight((min(len(rows), _VISIBLE_ROWS) + 1) * theme.ROW + theme.L)


def _cell_at(index: int) -> Callable[[Cells], str]:
    """Return a function that returns a row's cell; empty where the row is shorter."""
    return lambda cells: cells[index] if index < len(cells) else ""
