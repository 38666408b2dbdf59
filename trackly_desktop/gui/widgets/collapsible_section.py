"""A collapsible part of a form."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLayout, QSizePolicy, QToolButton, QWidget

from trackly_desktop.gui import icons, settings, theme
from trackly_desktop.gui.widgets.controls import label
from trackly_desktop.gui.widgets.layout import column, holder, row


class CollapsibleSection(QWidget):
    """A title that shows and hides its content; the state is saved in the settings.

    Args:
        name: the settings' key.
        title: the visible title.
        content: what is shown and hidden.
    """

    def __init__(self, name: str, title: str, content: QLayout) -> None:
        super().__init__()
        self._name = name
        self._head = QToolButton()
        self._head.setProperty("role", "fold")
        self._head.setText(title)
        self._head.setCheckable(True)
        self._head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._head.setIconSize(QSize(theme.ICON, theme.ICON))
        self._head.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._summary = label("", "small")
        self._inner = holder(content)
        content.setContentsMargins(theme.XL, theme.S, 0, theme.S)
        self.setLayout(column(row(self._head, self._summary, 0), self._inner, spacing=0))
        self._head.toggled.connect(self._on_toggled)
        self._head.setChecked(settings.is_section_open(name))
        self._show(self._head.isChecked())

    def summarise(self, words: str) -> None:
        """Show a summary of the content beside the title."""
        self._summary.setText(words)

    def unfold(self) -> None:
        """Show the content."""
        self._head.setChecked(True)

    def _on_toggled(self, opened: bool) -> None:
        self._show(opened)
        settings.save_section_open(self._name, opened)

    def _show(self, opened: bool) -> None:
        self._inner.setVisible(opened)
        self._head.setIcon(icons.icon("down" if opened else "right", "quiet"))
