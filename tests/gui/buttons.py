"""Buttons found as an operator finds them: by what they say."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QWidget


def find_button(parent: QWidget, name: str) -> QAbstractButton:
    """Return the visible button of this accessible name or text, without its count."""
    matches = [
        button
        for button in parent.findChildren(QAbstractButton)
        if button.isVisible() and name in (button.accessibleName(), button.text(), button.text().split("  ")[0])
    ]
    assert len(matches) == 1, [button.text() for button in parent.findChildren(QAbstractButton) if button.isVisible()]
    return matches[0]
