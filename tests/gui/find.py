"""Find widgets as an operator does: by visible text or by accessible name."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QComboBox, QLabel, QWidget

W = TypeVar("W", bound=QWidget)


def find(parent: QWidget, kind: type[W], name: str) -> W:
    """Return the one visible widget of this type with this accessible name or text.

    The text of a tab may have a count behind two spaces, which is no part of its name.
    """
    QApplication.processEvents()  # a layout shows its new widgets in the next turn of the event loop
    visible = [widget for widget in parent.findChildren(kind) if widget.isVisible()]
    matches = [
        widget for widget in visible if name in (widget.accessibleName(), _text(widget), _text(widget).split("  ")[0])
    ]
    assert len(matches) == 1, f"{len(matches)} “{name}” among {[w.accessibleName() or _text(w) for w in visible]}"
    return matches[0]


def find_button(parent: QWidget, name: str) -> QAbstractButton:
    """Return the visible button with this accessible name or text."""
    return find(parent, QAbstractButton, name)


def click_check_box(parent: QWidget, name: str) -> QCheckBox:
    """Click the visible check box with this text, which must be enabled; return it."""
    box = find(parent, QCheckBox, name)
    assert box.isEnabled(), box.toolTip()
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(10, box.height() // 2))  # beyond its text it is dead
    return box


def visible_texts(parent: QWidget) -> list[str]:
    """Return the texts of all visible labels."""
    return [label.text() for label in parent.findChildren(QLabel) if label.isVisible()]


def choose(combo: QComboBox, text: str) -> None:
    """Choose an item by its text, as a click in the list does."""
    index = combo.findText(text)
    assert index >= 0, f"no “{text}” among {[combo.itemText(index) for index in range(combo.count())]}"
    combo.setCurrentIndex(index)
    combo.activated.emit(index)


def _text(widget: QWidget) -> str:
    """Return a text that does not change by typing; empty where there is none."""
    return widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
