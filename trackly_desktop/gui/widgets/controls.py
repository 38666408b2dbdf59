"""Labels, buttons, boxes and pages in the program's look."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, QSize, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from trackly_desktop.gui import icons, theme

B = TypeVar("B", QVBoxLayout, QHBoxLayout)


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A label in one of the theme's roles."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    if wrap:
        made.setWordWrap(True)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    return made


def number_box(least: int, most: int, suffix: str) -> QSpinBox:
    """A number to choose, narrow, with its unit."""
    made = QSpinBox()
    made.setRange(least, most)
    made.setSuffix(suffix)
    made.setMaximumWidth(150)
    made.lineEdit().setTextMargins(theme.S, 0, 0, 0)
    return made


def button(text: str, on_click: Callable[[], object], *, role: str = "", icon: str = "") -> QPushButton:
    """A push button; `primary` is the one that a page is for."""
    made = QPushButton(text)
    if role:
        made.setProperty("role", role)
    if icon:
        made.setIcon(icons.icon(icon, "on_accent" if role == "primary" else "accent" if role == "flat" else "text"))
        made.setIconSize(QSize(theme.ICON, theme.ICON))
    made.clicked.connect(lambda: on_click())
    return made


def timer(parent: QObject, milliseconds: int, *, once: bool = False) -> QTimer:
    """A timer that is not running yet.

    Set by method: PySide makes a property's setter of its name with the C library's letters, and in Turkish the capital of
    “interval” begins with another one.
    """
    made = QTimer(parent)
    made.setInterval(milliseconds)
    made.setSingleShot(once)
    return made


def tool(icon: str, words: str, on_click: Callable[[], object]) -> QToolButton:
    """A small button with an icon; its words are its tooltip and its accessible name."""
    made = QToolButton()
    made.setIcon(icons.icon(icon, "quiet"))
    made.setIconSize(QSize(theme.ICON, theme.ICON))
    made.setToolTip(words)
    made.setAccessibleName(words)
    made.clicked.connect(lambda: on_click())
    return made


class Picture(QLabel):
    """An icon on its own, sharp on every screen, in step with the scheme."""

    def __init__(self, name: str, role: str = "text", size: int = theme.ICON) -> None:
        super().__init__()
        self._size = size
        self.setFixedSize(size, size)
        self.show_icon(name, role)

    def show_icon(self, name: str, role: str) -> None:
        """Another icon, or colour."""
        self._icon = icons.icon(name, role)
        self.update()

    def paintEvent(self, _event: object) -> None:
        from PySide6.QtGui import QPainter

        painter = QPainter(self)
        self._icon.paint(painter, self.rect())
        painter.end()


def column(*parts: QWidget | QLayout | int, spacing: int = theme.S, margin: int = 0) -> QVBoxLayout:
    """Things under each other; a number is a gap, 0 takes what is left."""
    return _box(QVBoxLayout(), parts, spacing, margin)


def row(*parts: QWidget | QLayout | int, spacing: int = theme.S, margin: int = 0) -> QHBoxLayout:
    """Things beside each other; a number is a gap, 0 takes what is left."""
    return _box(QHBoxLayout(), parts, spacing, margin)


def _box(box: B, parts: tuple[QWidget | QLayout | int, ...], spacing: int, margin: int) -> B:
    box.setSpacing(spacing)
    box.setContentsMargins(margin, margin, margin, margin)
    for part in parts:
        if isinstance(part, QWidget):
            box.addWidget(part)
        elif isinstance(part, QLayout):
            box.addLayout(part)
        elif part:
            box.addSpacing(part)
        else:
            box.addStretch(1)
    return box


def holder(layout: QLayout, name: str = "") -> QFrame:
    """A widget that holds a layout; `name` gives it a look of the stylesheet's."""
    frame = QFrame()
    frame.setLayout(layout)
    if name:
        frame.setObjectName(name)
    return frame


class Page(QWidget):
    """A page of the window: a title, content at most 960 wide and centred, and a foot with the buttons."""

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

    def add_foot(self, *parts: QWidget | int) -> QFrame:
        """The line of buttons at the bottom, always in sight."""
        line = row(*parts)
        line.setContentsMargins(theme.XL, theme.M, theme.XL, theme.M)
        inner = QWidget()
        inner.setLayout(line)
        inner.setMaximumWidth(theme.CONTENT)
        foot = holder(row(inner), "pageFoot")
        self._outer.addWidget(foot)
        return foot


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Sets a property that the stylesheet looks at."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def shortcut(owner: QWidget, keys: str, work: Callable[[], object]) -> QAction:
    """Does something when the keys are pressed anywhere in `owner`."""
    action = QAction(owner)
    action.setShortcut(keys)
    action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    action.triggered.connect(lambda: work())
    owner.addAction(action)
    return action
