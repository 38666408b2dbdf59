"""Labels, buttons and other small controls in the theme's style."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QSizePolicy, QSpinBox, QToolButton, QWidget

from trackly_desktop.gui import icons, theme


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """Return a plain-text label; `role` selects its rule in the stylesheet."""
    widget = QLabel(text)
    widget.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        widget.setProperty("role", role)
    if wrap:
        widget.setWordWrap(True)
        widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    return widget


def number_box(minimum: int, maximum: int, suffix: str) -> QSpinBox:
    """Return a narrow spin box; `suffix` is the unit after the number."""
    widget = QSpinBox()
    widget.setRange(minimum, maximum)
    widget.setSuffix(suffix)
    widget.setMaximumWidth(150)
    widget.lineEdit().setTextMargins(theme.S, 0, 0, 0)
    return widget


def search_box(placeholder: str, name: str) -> QLineEdit:
    """Return a line edit for searching; `name` is its accessible name."""
    widget = QLineEdit()
    widget.setPlaceholderText(placeholder)
    widget.setAccessibleName(name)
    widget.setClearButtonEnabled(True)
    widget.addAction(icons.icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
    return widget


def button(text: str, on_click: Callable[[], object], *, role: str = "", icon: str = "") -> QPushButton:
    """Return a push button.

    Args:
        text: on the button.
        on_click: called with nothing.
        role: `primary` (a page's main action), `flat`, `chip`, or empty.
        icon: name in resources/icons, or empty.
    """
    widget = QPushButton(text)
    if role:
        widget.setProperty("role", role)
    if icon:
        widget.setIcon(icons.icon(icon, "on_accent" if role == "primary" else "accent" if role == "flat" else "text"))
        widget.setIconSize(QSize(theme.ICON, theme.ICON))
    widget.clicked.connect(lambda: on_click())
    return widget


def timer(parent: QObject, milliseconds: int, *, once: bool = False) -> QTimer:
    """Return a timer that is not started.

    Set by method: for a keyword, PySide builds the setter's name with the C library's capital letters, and the Turkish
    capital of “interval” is another letter.
    """
    result = QTimer(parent)
    result.setInterval(milliseconds)
    result.setSingleShot(once)
    return result


def tool(icon: str, text: str, on_click: Callable[[], object]) -> QToolButton:
    """Return a small icon button; `text` is its tooltip and accessible name."""
    widget = QToolButton()
    widget.setIcon(icons.icon(icon, "quiet"))
    widget.setIconSize(QSize(theme.ICON, theme.ICON))
    widget.setToolTip(text)
    widget.setAccessibleName(text)
    widget.clicked.connect(lambda: on_click())
    return widget


class Picture(QLabel):
    """An icon as a widget, sharp at every pixel ratio, in the scheme's colours."""

    def __init__(self, name: str, role: str = "text", size: int = theme.ICON) -> None:
        super().__init__()
        self.setFixedSize(size, size)
        self.show_icon(name, role)

    def show_icon(self, name: str, role: str) -> None:
        """Show this icon in this colour of the theme."""
        self._icon = icons.icon(name, role)
        self.update()

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        self._icon.paint(painter, self.rect())
        painter.end()


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that stylesheet rules select by, and restyle the widget."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        restyle(widget)


def restyle(widget: QWidget) -> None:
    """Apply the stylesheet to a widget again, as after a property changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def set_blocking_reason(widget: QWidget, reason: str) -> None:
    """Disable a control with this tooltip; enable it where the reason is empty."""
    widget.setEnabled(not reason)
    widget.setToolTip(reason)


def shortcut(owner: QWidget, keys: str, on_press: Callable[[], object]) -> QAction:
    """Call `on_press` for these keys while the focus is anywhere in `owner`."""
    action = QAction(owner)
    action.setShortcut(keys)
    action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    action.triggered.connect(lambda: on_press())
    owner.addAction(action)
    return action
