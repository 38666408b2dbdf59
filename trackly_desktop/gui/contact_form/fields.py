"""The form's plain fields, made from the table of the API's fields: what is typed is read when the person leaves it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox

from trackly_desktop.contacts.fields import FIELD, Field, Kind
from trackly_desktop.contacts.parsers import ParseContext, Unreadable, parse_value
from trackly_desktop.gui.widgets.field import FieldBox
from trackly_desktop.gui.widgets.phone_edit import LeavingEdit

_EXAMPLES = {
    Kind.DATE_TIME: "2026-03-15 14:30",
    Kind.IP: "203.0.113.42",
    Kind.URL: "https://example.com/signup",
}


class TextBox(FieldBox):
    """One field of the kinds that are typed on a line."""

    changed = Signal()

    def __init__(self, field: Field) -> None:
        self.edit = LeavingEdit()
        self.edit.setPlaceholderText(_EXAMPLES.get(field.kind, ""))
        super().__init__(field.label, self.edit, help=field.help)
        self.field = field
        self.edit.textChanged.connect(self._read)
        self.edit.left.connect(self.require)

    @property
    def text(self) -> str:
        """As it was typed."""
        return self.edit.text().strip()

    def require(self) -> bool:
        """Whether it is empty or right; shows what is wrong otherwise."""
        words = self._problem()
        self.show_problem(words)
        if not words:
            self._explain()
        return not words

    def _read(self) -> None:
        if self.problem or not self._problem():
            self.require()
        else:
            self.say("")
        self.changed.emit()

    def _problem(self) -> str:
        try:
            if self.text:
                parse_value(self.field, self.text, ParseContext())
        except Unreadable as problem:
            return str(problem)
        return ""

    def _explain(self) -> None:
        # Typed in local time, sent in UTC: the person sees both.
        if self.field.kind is Kind.DATE_TIME and self.text:
            self.say(f"Local time; sent as {parse_value(self.field, self.text, ParseContext())}")
        else:
            self.say("")


_ASKED_THE_OTHER_WAY = {
    "skip_journey_if_exists": (
        "Start them again for people who are already on the list",
        "They went through these journeys before, and are texted again",
    )
}


class YesNoBox(QCheckBox):
    """One yes-or-no field, asked so that unticked is what the API does when nothing is said."""

    def __init__(self, name: str) -> None:
        field = FIELD[name]
        text, help = _ASKED_THE_OTHER_WAY.get(name, (field.label, field.help))
        super().__init__(text)
        self.setToolTip(help)
        self.setAccessibleDescription(help)
        self.field = field
        self.help = help

    @property
    def text_value(self) -> str:
        """As a file's cell would say it; empty for what the API does anyway."""
        if not self.isChecked():
            return ""
        return "no" if self.field.default else "yes"
