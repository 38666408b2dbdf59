"""Icons: SVG drawn with `currentColor`, painted in colours of the current theme."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QFile, QIODevice, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from trackly_desktop.gui import (
    resources_rc,  # noqa: F401 - registers :/icons
    theme,
)


class _ThemedIconEngine(QIconEngine):
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
        return _ThemedIconEngine(self._name, self._role)


def icon(name: str, role: str = "text") -> QIcon:
    """Return an icon of resources/icons in a colour of the theme."""
    return QIcon(_ThemedIconEngine(name, role))


def pixmap(name: str, role: str, size: int, ratio: float) -> QPixmap:
    """Return an icon as a pixmap.

    Args:
        name: of a file in resources/icons.
        role: a colour of the theme.
        size: width and height in logical pixels.
        ratio: the screen's device pixels per logical pixel.
    """
    result = icon(name, role).pixmap(QSize(round(size * ratio), round(size * ratio)), 1.0)
    result.setDevicePixelRatio(ratio)
    return result


@lru_cache(maxsize=256)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    file = QFile(f":/icons/{name}.svg")
    file.open(QIODevice.OpenModeFlag.ReadOnly)
    svg = bytes(file.readAll().data()).replace(b"currentColor", colour.encode())
    return QSvgRenderer(QByteArray(svg))
