"""Counts, large and beside each other: an icon and a word with each number."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QLabel, QWidget

from trackly_desktop.gui import formatting, theme
from trackly_desktop.gui.widgets.controls import Picture, label
from trackly_desktop.gui.widgets.layout import column, row

Count = tuple[str, int, str, str]
"""Its words, the number, an icon and a colour by their names."""


class CountTiles(QWidget):
    """One tile a count."""

    def __init__(self) -> None:
        super().__init__()
        self._row = row(spacing=theme.M)
        self.setLayout(self._row)
        self._tiles: dict[str, _Tile] = {}

    @property
    def is_filled(self) -> bool:
        """Whether anything was counted yet."""
        return bool(self._tiles)

    def show_counts(self, *counts: Count) -> None:
        """The counts as they are now."""
        for place, (name, value, icon, role) in enumerate(counts):
            if name not in self._tiles:
                self._tiles[name] = _Tile(name, icon, role)
                self._row.insertWidget(self._place(counts, place), self._tiles[name], 1)
            self._tiles[name].show_count(value)
        for name, tile in self._tiles.items():
            tile.setVisible(name in [one[0] for one in counts])

    def _place(self, counts: Sequence[Count], place: int) -> int:
        """Where a new tile goes: behind the nearest of those before it that is there already."""
        before = [self._tiles[one[0]] for one in counts[:place] if one[0] in self._tiles]
        return self._row.indexOf(before[-1]) + 1 if before else 0

    def number(self, name: str) -> QLabel:
        """The number that is shown under this word."""
        return self._tiles[name].number


class _Tile(QFrame):
    def __init__(self, name: str, icon: str, role: str) -> None:
        super().__init__()
        self.setObjectName("cardSoft")
        self.number = label("", "big")
        self.number.setFont(theme.digits_font(self.number.font()))
        self._picture = Picture(icon, role)
        inside = column(self.number, row(self._picture, label(name, "quiet"), 0, spacing=theme.XS), spacing=theme.XS)
        inside.setContentsMargins(theme.M, theme.S, theme.M, theme.S)
        self.setLayout(inside)
        self._name = name

    def show_count(self, value: int) -> None:
        self.number.setText(formatting.number(value))
        self.setAccessibleName(f"{self._name}: {formatting.number(value)}")
