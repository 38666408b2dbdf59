"""The program's icon in each system's own formats, painted from the one SVG."""

from __future__ import annotations

import functools
import io
import os
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from steps.build_config import BUILD, ROOT

SVG = ROOT / "resources" / "icons" / "app.svg"
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
ICNS_SIZES = (16, 32, 64, 128, 256, 512, 1024)
PNG_SIZES = (16, 32, 48, 128, 256)


def make_ico() -> Path:
    """trackly-desktop.ico, each size painted for itself."""
    return _save("trackly-desktop.ico", ICO_SIZES)


def make_icns() -> Path:
    """trackly-desktop.icns, for the Dock and the Finder."""
    return _save("trackly-desktop.icns", ICNS_SIZES)


def make_png(size: int, path: Path) -> None:
    """One size, for desktops that paint no SVG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _paint(size).save(path)


def _save(name: str, sizes: tuple[int, ...]) -> Path:
    BUILD.mkdir(exist_ok=True)
    path = BUILD / name
    pictures = [_paint(size) for size in sizes]
    largest = pictures[-1]
    if path.suffix == ".ico":
        largest.save(path, sizes=[(size, size) for size in sizes], append_images=pictures[:-1])
    else:
        largest.save(path, append_images=pictures[:-1])
    return path


@functools.cache
def _application() -> QCoreApplication:
    """Qt paints only while there is one."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication.instance() or QGuiApplication([])


def _paint(size: int) -> Image.Image:
    _application()
    picture = QImage(size, size, QImage.Format.Format_ARGB32)
    picture.fill(0)
    painter = QPainter(picture)
    QSvgRenderer(str(SVG)).render(painter)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # PySide6's stub asks for bytes here, which PySide6 itself refuses.
    picture.save(buffer, "PNG")  # type: ignore[call-overload]
    return Image.open(io.BytesIO(data.data()))
