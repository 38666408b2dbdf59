"""Consent columns of a file: the meaning of their values, and which count."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from trackly_desktop.gui import formatting, theme
from trackly_desktop.gui.widgets.controls import label
from trackly_desktop.gui.widgets.field import FieldBox
from trackly_desktop.gui.widgets.layout import clear_layout, column, holder, row
from trackly_desktop.mapping.column_aliases import not_consent_evidence
from trackly_desktop.mapping.column_mapping import ColumnMapping
from trackly_desktop.mapping.column_profile import ColumnProfile
from trackly_desktop.mapping.consent_columns import ConsentRule, fold_value, refusals, unclear_values

_MEANINGS = {True: "is held back", False: "may be texted", None: "is not clear, and is held back"}
"""What a rule says of a value."""
_MOST_VALUES = 12
"""Values that are asked about one by one: those of more are held back."""
_UNDECIDED, _HOLD_BACK, _IGNORE = "", "hold back", "ignore"
_DECISION_WIDTH = 280


class ConsentColumnsBox(QWidget):
    """A check box for each consent column, a question for each that is not surely one.

    Below a column stands each value of it that is not clear. A warning names columns without proof. Hidden where a file has
    none of these.
    """

    def __init__(self) -> None:
        super().__init__()
        self._warning = label("", "small", wrap=True)
        self._rules: tuple[ConsentRule, ...] = ()
        self._boxes: dict[str, QCheckBox] = {}
        self._decisions: dict[str, tuple[FieldBox, QComboBox]] = {}
        self._values: dict[tuple[str, str], QComboBox] = {}
        self._box_column = column(spacing=theme.S)
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

    def show_columns(
        self, header: Sequence[str], profiles: Sequence[ColumnProfile], rules: tuple[ConsentRule, ...]
    ) -> None:
        """Show the consent columns of a file, each with the meaning of its sample values."""
        clear_layout(self._box_column)
        self._rules = rules
        self._boxes, self._decisions, self._values = {}, {}, {}
        for rule in rules:
            profile = profiles[header.index(rule.column)]
            if not rule.is_sure:
                self._add_decision(rule, profile)
            else:
                self._add_box(rule, profile)
        no_proof = [f"“{name}” {reason}" for name in header if (reason := not_consent_evidence(name))]
        self._warning.setText(
            f"{'; '.join(no_proof)}. As evidence of consent it would be made up: choose it only if you know better."
        )
        self._warning.setVisible(bool(no_proof))
        self._section.setVisible(bool(rules))
        self.setVisible(bool(rules or no_proof))

    def show_mapping(self, mapping: ColumnMapping) -> None:
        """Show what a mapping has decided, and nothing where it has not."""
        for name, box in self._boxes.items():
            box.setChecked(name not in mapping.ignored_consent_columns)
        for name, (_box, combo) in self._decisions.items():
            is_confirmed = name in mapping.confirmed_consent_columns
            decision = (
                _IGNORE if name in mapping.ignored_consent_columns else _HOLD_BACK if is_confirmed else _UNDECIDED
            )
            combo.setCurrentIndex(combo.findData(decision))
        answers = {rule.column: rule.answers for rule in mapping.consent}
        for (name, value), combo in self._values.items():
            combo.setCurrentIndex(combo.findData(answers.get(name, {}).get(value, False)))

    def add_to(self, mapping: ColumnMapping) -> ColumnMapping:
        """Return the mapping with what is decided here."""
        decided = {name: combo.currentData() for name, (_box, combo) in self._decisions.items()}
        unticked = [name for name, box in self._boxes.items() if not box.isChecked()]
        return dataclasses.replace(
            mapping,
            ignored_consent_columns=(*unticked, *(name for name in decided if decided[name] == _IGNORE)),
            confirmed_consent_columns=tuple(name for name in decided if decided[name] == _HOLD_BACK),
            consent=tuple(rule._replace(answers=self._answers(rule)) for rule in self._rules),
        )

    def require(self) -> bool:
        """Return whether every question is answered; show the first that is not."""
        for box, combo in self._decisions.values():
            if combo.currentData() == _UNDECIDED:
                box.show_problem("Choose what these values mean: nothing is sent before")
                combo.setFocus()
                return False
        return True

    def _answers(self, rule: ConsentRule) -> dict[str, bool]:
        """Return the rule's answers; a value that is held back needs none."""
        chosen = {value: combo for (name, value), combo in self._values.items() if name == rule.column}
        return {value: True for value, combo in chosen.items() if combo.currentData() is True}

    def _add_box(self, rule: ConsentRule, profile: ColumnProfile) -> None:
        samples = [*profile.samples, *([""] if rule.blank_says_no else [])]
        meanings = [f"{f'“{value}”' if value else 'blank'} {_MEANINGS[rule.says_no(value)]}" for value in samples]
        box = QCheckBox(f"{rule.column}: {', '.join(meanings) or 'always blank'}")
        box.setToolTip("Without the tick this column holds nobody back")
        self._boxes[rule.column] = box
        self._box_column.addWidget(box)
        unclear = unclear_values(rule._replace(answers={}), profile)
        for value in unclear[:_MOST_VALUES]:
            self._add_value(rule, value, profile.values[value])
        if len(unclear) > _MOST_VALUES:
            more = formatting.count(len(unclear) - _MOST_VALUES, "more value")
            self._box_column.addWidget(label(f"{more} of “{rule.column}” are not clear, and are held back", "small"))

    def _add_value(self, rule: ConsentRule, value: str, rows: int) -> None:
        combo = _decision_box((False, "Leave them out"), (True, "They may be texted"))
        combo.setAccessibleName(f"{rule.column}: {value}")
        text = label(f"“{value}” in {formatting.count(rows, 'row')} is neither yes nor no", wrap=True)
        line = row(text, combo, spacing=theme.M)
        line.setContentsMargins(theme.XL, 0, 0, 0)
        self._values[rule.column, fold_value(value)] = combo
        self._box_column.addWidget(holder(line))

    def _add_decision(self, rule: ConsentRule, profile: ColumnProfile) -> None:
        combo = _decision_box(
            (_UNDECIDED, "Choose"), (_HOLD_BACK, "Leave them out"), (_IGNORE, "Import them: it means something else")
        )
        values, count = refusals(rule, profile)
        shown = f"“{'”, “'.join(values)}”" if values else "nothing"
        title = f"“{rule.column}” says {shown} in {formatting.count(count, 'row')}. Leave these people out?"
        box = FieldBox(title, combo, required=True)
        combo.activated.connect(lambda: box.show_problem(""))
        self._decisions[rule.column] = box, combo
        self._box_column.addWidget(box)


def _decision_box(*choices: tuple[object, str]) -> QComboBox:
    combo = QComboBox()
    for data, text in choices:
        combo.addItem(text, data)
    combo.setMinimumWidth(_DECISION_WIDTH)
    return combo
