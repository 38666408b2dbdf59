"""Consent columns of a file: the meaning of their values, and which count."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QWidget

from trackly_desktop.gui import theme
from trackly_desktop.gui.widgets.controls import label
from trackly_desktop.gui.widgets.layout import clear_layout, column, holder
from trackly_desktop.mapping.column_aliases import not_consent_evidence
from trackly_desktop.mapping.column_profile import ColumnProfile
from trackly_desktop.mapping.consent_columns import find_consent_columns, is_opted_out

_MEANINGS = {True: "is held back", False: "may be texted", None: "is not clear, and is held back"}
"""What `is_opted_out` says of a value."""


class ConsentColumnsBox(QWidget):
    """A check box for each consent column; a warning of columns without proof.

    Hidden where a file has neither.
    """

    def __init__(self) -> None:
        super().__init__()
        self._warning = label("", "small", wrap=True)
        self._boxes: dict[str, QCheckBox] = {}
        self._box_column = column(spacing=theme.XS)
        self._section = holder(
            column(
                label("Columns that say who may be texted", "section"),
                label("Rows that say no are held back, and never sent.", "small"),
                self._box_column,
                spacing=theme.S,
            )
        )
        self.setLayout(column(self._warning, self._section, spacing=theme.L))
        self.hide()

    def show_columns(self, header: Sequence[str], profiles: Sequence[ColumnProfile]) -> None:
        """Show the consent columns of a file, each with the meaning of its sample values."""
        clear_layout(self._box_column)
        self._boxes = {}
        for index, consent_column in find_consent_columns(header).items():
            meanings = [
                f"“{value}” {_MEANINGS[is_opted_out(consent_column, value)]}" for value in profiles[index].samples
            ]
            box = QCheckBox(f"{header[index]}: {', '.join(meanings) or 'always blank'}")
            box.setToolTip("Without the tick this column holds nobody back")
            self._boxes[header[index]] = box
            self._box_column.addWidget(box)
        self._section.setVisible(bool(self._boxes))
        no_proof = [f"“{name}” {reason}" for name in header if (reason := not_consent_evidence(name))]
        self._warning.setText(
            f"{'; '.join(no_proof)}. As evidence of consent it would be made up: choose it only if you know better."
        )
        self._warning.setVisible(bool(no_proof))
        self.setVisible(bool(self._boxes or no_proof))

    @property
    def ignored(self) -> tuple[str, ...]:
        """Names of the consent columns that hold nobody back."""
        return tuple(name for name, box in self._boxes.items() if not box.isChecked())

    def show_ignored(self, names: Sequence[str]) -> None:
        """Untick these columns, and tick all others."""
        for name, box in self._boxes.items():
            box.setChecked(name not in names)
