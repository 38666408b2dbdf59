"""The program's icons: drawn with `currentColor`, painted in a colour of the theme, also when the scheme changes."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QFile, QIODevice, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from trackly_desktop.gui import (
    resources_rc,  # noqa: F401 - registers :/icons
    theme,
)


class _Engine(QIconEngine):
    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name, self._role = name, role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        role = "disabled" if mode is QIcon.Mode.Disabled else self._role
        _renderer(self._name, theme.colour(role).name()).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._role)


def icon(name: str, role: str = "text") -> QIcon:
    """An icon of resources/icons, in a colour by its name in the theme."""
    return QIcon(_Engine(name, role))


def pixmap(name: str, role: str, size: int, ratio: float) -> QPixmap:
    """The icon as a picture, sharp on a screen with this ratio of device to logical pixels."""
    picture = icon(name, role).pixmap(QSize(round(size * ratio), round(size * ratio)), 1.0)
    picture.setDevicePixelRatio(ratio)
    return picture


@lru_cache(maxsize=256)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    file = QFile(f":/icons/{name}.svg")
    file.open(QIODevice.OpenModeFlag.ReadOnly)
    drawn = bytes(file.readAll().data()).replace(b"currentColor", colour.encode())
    return QSvgRenderer(QByteArray(drawn))
