"""Step 4: what will happen, in one sentence with numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QWidget

from trackly_desktop.contact import FIELD
from trackly_desktop.gui import theme, words
from trackly_desktop.gui.desk import Desk
from trackly_desktop.gui.import_wizard.step import StepPage
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.gui.widgets.parts import Picture, column, holder, label, row
from trackly_desktop.imports.outcome import Outcome

if TYPE_CHECKING:
    from trackly_desktop.worker import Review

TRY_FIRST = 5

Fact = tuple[str, str, str]
"""An icon, its colour, and the words."""


class ConfirmStep(StepPage):
    """Nothing has been sent yet."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("Confirm", "Import")
        self._desk = desk
        self.notice = Notice()
        self.sentence = label("", "section", wrap=True)
        self._facts = column(spacing=theme.M)
        self.try_first = QCheckBox(f"Try the first {TRY_FIRST} rows first, and wait")
        inside = column(self.sentence, self._facts, spacing=theme.L)
        inside.setContentsMargins(theme.L, theme.L, theme.L, theme.L)
        self.content.addWidget(self.notice)
        self.content.addWidget(holder(inside, "cardSoft"))
        self.content.addWidget(self.try_first)
        self.add_buttons()

    @property
    def first(self) -> QWidget:
        """Not the button that sends: nobody presses it without meaning to."""
        return self.back_button

    @property
    def confirmed(self) -> str:
        """What the operator confirmed, as the journal keeps it."""
        return self.sentence.text()

    def show_review(self, review: Review) -> None:
        """A file that has been checked."""
        number = review.checked.counts.get(Outcome.PENDING, 0)
        self.sentence.setText(self._sentence(review, number))
        self.notice.hide()
        self._clear()
        for icon, role, said in facts(review, number):
            picture = Picture(icon, role)
            text = label(said, wrap=True)
            line = row(picture, text, spacing=theme.S)
            line.setAlignment(picture, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(holder(line))
        self.forward_button.setText(f"Import {words.count(number, 'contact')}")
        self.try_first.setChecked(False)
        self.try_first.setVisible(number > TRY_FIRST)
        self.allow()

    def say_changed(self) -> None:
        """The file is not any more as it was when it was reviewed."""
        self.notice.say(
            "caution",
            "The file has changed, or is not there any more",
            "What is imported is what you reviewed. To import what the file has now, go back to the first step.",
        )

    def _sentence(self, review: Review, number: int) -> str:
        lists = [self._desk.list_name(one) for one, _count in review.lists]
        where = lists[0] if len(lists) == 1 else f"{len(lists)} lists"
        return f"{words.count(number, 'contact')} will be added to {where} on “{review.request.account_name}”."

    def _clear(self) -> None:
        while (item := self._facts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()


def facts(review: Review, number: int) -> list[Fact]:
    """What an operator must know before pressing the button, what weighs most first."""
    found = [_journeys(review)]
    if _fixed_yes(review, "override_custom_fields"):
        found.append(("warning", "caution", "Custom fields that people have and that this file lacks are deleted"))
    if review.imported_before:
        times = words.count(review.imported_before, "time")
        found.append(("warning", "caution", f"This very file was imported on this account before, {times}"))
    if len(review.lists) > 1:
        lists = ", ".join(f"{one} ({words.number(count)})" for one, count in review.lists[:6])
        found.append(("info", "accent", f"The lists: {lists}"))
    if left := _left_out(review):
        found.append(("skipped", "quiet", left))
    found.append(_consent(review, number))
    found.append(("info", "accent", "A text that is sent cannot be taken back"))
    return found


def _journeys(review: Review) -> Fact:
    if not review.with_journeys:
        return "check", "good", "Nobody is texted by this import: no welcome journeys are started"
    people = words.count(review.with_journeys, "person", "people")
    if review.request.options.fixed.get("skip_journey_if_exists") == "no" or _column(review, "skip_journey_if_exists"):
        return (
            "warning", "bad",
            f"Up to {people} may be texted at once by welcome journeys, also those who are on the list already:"
            " they went through them before",
        )  # fmt: skip
    return (
        "warning",
        "caution",
        f"Up to {people} may be texted at once by welcome journeys; people who are on the list already are left alone",
    )


def _left_out(review: Review) -> str:
    checked = review.checked
    parts = [
        (checked.counts.get(Outcome.INVALID, 0), "to be corrected"),
        (checked.counts.get(Outcome.SKIPPED, 0), "left out as duplicates or added before"),
    ]
    said = [f"{words.number(count)} {what}" for count, what in parts if count]
    return f"Of {words.count(checked.rows, 'row')} in the file, not sent: {', '.join(said)}" if said else ""


def _consent(review: Review, number: int) -> Fact:
    evidence = (
        ("signup_date", review.with_date),
        ("ip_address", review.with_ip),
        ("url", review.with_page),
    )
    said = ", ".join(
        f"{FIELD[name].label.lower() if name != 'ip_address' else FIELD[name].label} for "
        + ("all" if count == number else "none" if not count else f"{words.number(count)} of {words.number(number)}")
        for name, count in evidence
    )
    whole = all(count == number for _name, count in evidence)
    icon, role = ("check", "good") if whole else ("warning", "caution")
    return icon, role, f"Evidence of consent: {said}"


def _fixed_yes(review: Review, field: str) -> bool:
    return review.request.options.fixed.get(field) == "yes" or _column(review, field)


def _column(review: Review, field: str) -> bool:
    return review.request.mapping.column_of(field) is not None
