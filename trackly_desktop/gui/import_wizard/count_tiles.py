"""Row of tiles: a large count with its icon and label each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QLabel, QWidget

from trackly_desktop.gui import formatting, theme
from trackly_desktop.gui.widgets.controls import Picture, label
from trackly_desktop.gui.widgets.layout import column, row

Count = tuple[str, int, str, str]
"""Label, count, icon and colour role."""


class CountTiles(QWidget):
    """One tile for each count, by its label."""

    def __init__(self) -> None:
        super().__init__()
        self._row = row(spacing=theme.M)
        self.setLayout(self._row)
        self._tiles: dict[str, _Tile] = {}

    @property
    def is_filled(self) -> bool:
        """Whether counts have been shown."""
        return bool(self._tiles)

    def show_counts(self, *counts: Count) -> None:
        """Show these counts in this order, and hide all other tiles."""
        for index, (name, value, icon, role) in enumerate(counts):
            if name not in self._tiles:
                self._tiles[name] = _Tile(name, icon, role)
                self._row.insertWidget(self._insert_index(counts[:index]), self._tiles[name], 1)
            self._tiles[name].show_count(value)
        shown = {name for name, *_ in counts}
        for name, tile in self._tiles.items():
            tile.setVisible(name in shown)

    def _insert_index(self, previous: Sequence[Count]) -> int:
        """Return the layout index behind the last of the previous counts' tiles."""
        tiles = [self._tiles[name] for name, *_ in previous if name in self._tiles]
        return self._row.indexOf(tiles[-1]) + 1 if tiles else 0

    def number(self, name: str) -> QLabel:
        """Return the label that shows the count of this name."""
        return self._tiles[name].number


class _Tile(QFrame):
    def __init__(self, name: str, icon: str, role: str) -> None:
        super().__init__()
        self.setObjectName("cardSoft")
        self.number = label("", "big")
        self.number.setFont(theme.digits_font(self.number.font()))
        content = column(
            self.number, row(Picture(icon, role), label(name, "quiet"), 0, spacing=theme.XS), spacing=theme.XS
        )
        content.setContentsMargins(theme.M, theme.S, theme.M, theme.S)
        self.setLayout(content)
        self._name = name

    def show_count(self, value: int) -> None:
        self.number.setText(formatting.number(value))
        self.setAccessibleName(f"{self._name}: {formatting.number(value)}")
