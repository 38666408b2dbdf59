"""The program's icon in each system's own format, painted from one SVG."""

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
    """Make trackly-desktop.ico for Windows; each size is painted on its own."""
    return _save("trackly-desktop.ico", ICO_SIZES)


def make_icns() -> Path:
    """Make trackly-desktop.icns for the Dock and the Finder."""
    return _save("trackly-desktop.icns", ICNS_SIZES)


def make_png(size: int, path: Path) -> None:
    """Write a PNG of one size, for desktops that cannot paint SVG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _paint(size).save(path)


def _save(name: str, sizes: tuple[int, ...]) -> Path:
    BUILD.mkdir(exist_ok=True)
    path = BUILD / name
    images = [_paint(size) for size in sizes]
    largest = images[-1]
    if path.suffix == ".ico":
        largest.save(path, sizes=[(size, size) for size in sizes], append_images=images[:-1])
    else:
        largest.save(path, append_images=images[:-1])
    return path


@functools.cache
def _application() -> QCoreApplication:
    """Return the application, which Qt needs for painting."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication.instance() or QGuiApplication([])


def _paint(size: int) -> Image.Image:
    _application()
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(SVG)).render(painter)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # PySide6's stub wants bytes here, which PySide6 itself refuses.
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return Image.open(io.BytesIO(data.data()))
