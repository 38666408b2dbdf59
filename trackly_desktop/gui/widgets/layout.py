"""Layouts of the pages: rows, columns, framed holders and the page itself."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from trackly_desktop.gui import theme
from trackly_desktop.gui.widgets.controls import label

BoxLayout = TypeVar("BoxLayout", QVBoxLayout, QHBoxLayout)


def column(*items: QWidget | QLayout | int, spacing: int = theme.S, margin: int = 0) -> QVBoxLayout:
    """Return a vertical layout of widgets, layouts and gaps.

    Args:
        *items: a number is a gap in pixels; 0 stretches.
        spacing: between the items, in pixels.
        margin: around all items, in pixels.
    """
    return _fill(QVBoxLayout(), items, spacing, margin)


def row(*items: QWidget | QLayout | int, spacing: int = theme.S, margin: int = 0) -> QHBoxLayout:
    """Return a horizontal layout of widgets, layouts and gaps; see `column`."""
    return _fill(QHBoxLayout(), items, spacing, margin)


def _fill(box: BoxLayout, items: tuple[QWidget | QLayout | int, ...], spacing: int, margin: int) -> BoxLayout:
    box.setSpacing(spacing)
    box.setContentsMargins(margin, margin, margin, margin)
    for item in items:
        if isinstance(item, QWidget):
            box.addWidget(item)
        elif isinstance(item, QLayout):
            box.addLayout(item)
        elif item:
            box.addSpacing(item)
        else:
            box.addStretch(1)
    return box


def clear_layout(layout: QLayout) -> None:
    """Take every item out of a layout; hide and delete the widgets."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def holder(layout: QLayout, name: str = "") -> QFrame:
    """Return a frame with this layout; `name` is its object name for the stylesheet."""
    frame = QFrame()
    frame.setLayout(layout)
    if name:
        frame.setObjectName(name)
    return frame


class Page(QWidget):
    """A page of the window: title, scrolling content and a foot of buttons.

    Args:
        title: the heading.
        wide: the content takes the whole window and scrolls by itself, as a table does; otherwise it is at most
            `theme.CONTENT` pixels wide, centred, and scrolls with the page.
    """

    def __init__(self, title: str, *, wide: bool = False) -> None:
        super().__init__()
        self.setObjectName("page")
        self.title = label(title, "title")
        self.top = row(self.title, 0)
        self.content = column(spacing=theme.L)
        inner = column(self.top, self.content, spacing=theme.L)
        inner.setContentsMargins(theme.XL, theme.XL, theme.XL, theme.XL)
        if not wide:
            inner.addStretch(1)
        middle = QWidget()
        middle.setLayout(inner)
        if not wide:
            middle.setMaximumWidth(theme.CONTENT)
        centred = row(spacing=0)
        centred.addWidget(middle, 1)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(0)
        if wide:
            self._outer.addLayout(centred, 1)
        else:
            body = QWidget()
            body.setLayout(centred)
            centred.setAlignment(Qt.AlignmentFlag.AlignTop)
            scroll = QScrollArea()
            scroll.setWidgetResizable(True)
            scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            scroll.setWidget(body)
            self.scroll_area = scroll
            self._outer.addWidget(scroll, 1)

    def add_foot(self, *items: QWidget | int) -> QFrame:
        """Add the line of buttons at the bottom, always in sight; return its frame."""
        line = row(*items)
        line.setContentsMargins(theme.XL, theme.M, theme.XL, theme.M)
        inner = QWidget()
        inner.setLayout(line)
        inner.setMaximumWidth(theme.CONTENT)
        foot = holder(row(inner), "pageFoot")
        self._outer.addWidget(foot)
        return foot
