"""Form fields that are made from the table of the API's fields."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox

from trackly_desktop.contacts.fields import FIELD, FIELDS, Field, Kind
from trackly_desktop.contacts.issues import ParseProblem
from trackly_desktop.contacts.parsers import ParseContext, parse_value
from trackly_desktop.gui.widgets.field import FieldBox
from trackly_desktop.gui.widgets.phone_edit import LeavingEdit

_EXAMPLES = {
    Kind.DATE_TIME: "2026-03-15 14:30",
    Kind.IP: "203.0.113.42",
    Kind.URL: "https://example.com/signup",
}
TYPE_LABELS = {"string": "Text", "number": "Number", "boolean": "Yes or no"}
"""Type of a custom field -> its label."""


class TextBox(FieldBox):
    """One field that is typed on a line; a problem is shown when the person leaves it."""

    changed = Signal()

    def __init__(self, field: Field) -> None:
        self.edit = LeavingEdit()
        self.edit.setPlaceholderText(_EXAMPLES.get(field.kind, ""))
        super().__init__(field.label, self.edit, help=field.help)
        self.field = field
        self.edit.textChanged.connect(self._on_text_changed)
        self.edit.left.connect(self.require)

    @property
    def text(self) -> str:
        """The text as typed, without spaces at its ends."""
        return self.edit.text().strip()

    def require(self) -> bool:
        """Return whether the text is empty or valid; show the problem otherwise."""
        problem = self._find_problem()
        self.show_problem(problem)
        if not problem:
            self._show_sent_value()
        return not problem

    def _on_text_changed(self) -> None:
        if self.problem or not self._find_problem():
            self.require()
        else:
            self.say("")
        self.changed.emit()

    def _find_problem(self) -> str:
        try:
            if self.text:
                parse_value(self.field, self.text, ParseContext())
        except ParseProblem as problem:
            from trackly_desktop.messages import parse_problem_text

            return parse_problem_text(problem, self.text)
        return ""

    def _show_sent_value(self) -> None:
        # A date is typed in local time and sent in UTC: the person sees both.
        if self.field.kind is Kind.DATE_TIME and self.text:
            self.say(f"Local time; sent as {parse_value(self.field, self.text, ParseContext())}")
        else:
            self.say("")


_INVERTED = {
    "skip_journey_if_exists": (
        "Start them again for people who are already on the list",
        "They went through these journeys before, and are texted again",
    )
}
"""Fields whose box asks for the opposite of the field: label and help of the box."""


class YesNoBox(QCheckBox):
    """One yes-or-no field; unticked is the API's default."""

    def __init__(self, name: str) -> None:
        field = FIELD[name]
        text, help = _INVERTED.get(name, (field.label, field.help))
        super().__init__(text)
        self.setToolTip(help)
        self.setAccessibleDescription(help)
        self.field = field
        self.help = help

    @property
    def text_value(self) -> str:
        """The value as a file's cell would say it; empty for the API's default."""
        if not self.isChecked():
            return ""
        return "no" if self.field.default else "yes"


def make_yes_no_boxes() -> dict[str, YesNoBox]:
    """Return a box for each yes-or-no field, by name.

    The box that restarts journeys is enabled only where journeys start.
    """
    boxes = {field.name: YesNoBox(field.name) for field in FIELDS if field.kind is Kind.YES_NO}
    journeys, restart = boxes["use_journeys"], boxes["skip_journey_if_exists"]

    def update_restart() -> None:
        restart.setEnabled(journeys.isChecked())
        restart.setToolTip(restart.help if restart.isEnabled() else "Only with welcome journeys")
        if not restart.isEnabled():
            restart.setChecked(False)

    journeys.toggled.connect(update_restart)
    update_restart()
    return boxes
