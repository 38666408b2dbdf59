"""Step 4: what will happen, in one sentence with numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.gui import formatting, theme
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.import_wizard.confirm_summary import confirm_facts
from trackly_desktop.gui.import_wizard.step import StepPage
from trackly_desktop.gui.widgets.controls import Picture, label, number_box
from trackly_desktop.gui.widgets.field import FieldBox
from trackly_desktop.gui.widgets.layout import clear_layout, column, holder, row
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.mapping.consent_columns import suppression_filename_keyword

if TYPE_CHECKING:
    from trackly_desktop.service.review import Review

TRY_FIRST = 5


class ConfirmStep(StepPage):
    """Nothing has been sent yet."""

    def __init__(self, context: AccountContext) -> None:
        super().__init__("Confirm", "Import")
        self._context = context
        self._review: Review | None = None
        self.notice = Notice()
        self.sentence = label("", "section", wrap=True)
        self._facts = column(spacing=theme.M)
        self.try_first = QCheckBox("Try the first rows first, and wait:")
        self.first_rows = number_box(1, 1_000, " rows")
        self.first_rows.setAccessibleName("Rows that are tried first")
        self._try_box = holder(row(self.try_first, self.first_rows, 0, spacing=theme.S))
        self.disable_journeys_for_old_signups = QCheckBox()
        self.named = QCheckBox()
        self.typed = QLineEdit()
        self.typed.setMaximumWidth(200)
        self._typed_box = FieldBox("To send journeys again, type how many may be texted", self.typed, required=True)
        self.named.toggled.connect(self._update_actions)
        self.disable_journeys_for_old_signups.toggled.connect(self._calm_changed)
        self.typed.textChanged.connect(self._update_actions)
        inside = column(self.sentence, self._facts, spacing=theme.L)
        inside.setContentsMargins(theme.L, theme.L, theme.L, theme.L)
        self.content.addWidget(self.notice)
        self.content.addWidget(holder(inside, "cardSoft"))
        for part in (self.named, self.disable_journeys_for_old_signups, self._typed_box, self._try_box):
            self.content.addWidget(part)
        self.add_buttons()

    @property
    def first(self) -> QWidget:
        """Not the button that sends: nobody presses it without meaning to."""
        return self.back_button

    @property
    def confirmed(self) -> str:
        """What the operator confirmed, as the journal keeps it."""
        said = [self.sentence.text()]
        if self._forced:
            said.append(f"Journeys also for those who had them: typed {self.typed.text().strip()}.")
        for box in (self.named, self.disable_journeys_for_old_signups):
            if not box.isHidden() and box.isChecked():
                said.append(f"{box.text()}.")
        return " ".join(said)

    @property
    def tries_first(self) -> int | None:
        """How many rows are tried before all others; None where that was not chosen."""
        return self.first_rows.value() if self.try_first.isChecked() else None

    @property
    def disables_old_journeys(self) -> bool:
        """Whether no journeys are started for those who signed up long ago."""
        return (
            not self.disable_journeys_for_old_signups.isHidden() and self.disable_journeys_for_old_signups.isChecked()
        )

    def show_review(self, review: Review) -> None:
        """A file that has been checked."""
        self._review = review
        number = review.result.counts.get(Outcome.PENDING, 0)
        self.sentence.setText(self._sentence(review, number))
        self.notice.hide()
        self.forward_button.setText(f"Import {formatting.count(number, 'contact')}")
        self.try_first.setChecked(False)
        self.first_rows.setValue(TRY_FIRST)
        self.first_rows.setMaximum(max(1, number - 1))
        self._try_box.setVisible(number > 1)
        self._ask(review)
        self._show_facts()
        self._update_actions()

    def _show_facts(self) -> None:
        """They are others with and without journeys for old signups."""
        if self._review is None:
            return
        self._clear()
        number = self._review.result.counts.get(Outcome.PENDING, 0)
        for icon, role, said in confirm_facts(self._review, number, disables_old_journeys=self.disables_old_journeys):
            picture = Picture(icon, role)
            text = label(said, wrap=True)
            line = row(picture, text, spacing=theme.S)
            line.setAlignment(picture, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(holder(line))

    def _calm_changed(self) -> None:
        self._show_facts()
        self._ask_typed()
        self._update_actions()

    def _update_actions(self, *_: object) -> None:
        self.allow(self.blocking_reason())

    def blocking_reason(self) -> str:
        """Why the import cannot begin yet; empty when it can."""
        review = self._review
        if review is None:
            return ""
        if not self.named.isHidden() and not self.named.isChecked():
            return "Say first that these people may be texted"
        typed = "".join(sign for sign in self.typed.text() if sign.isdigit())
        if self._forced and typed != str(self._forced):
            return f"Type {formatting.number(self._forced)} first"
        return ""

    @property
    def _forced(self) -> int:
        """How many may be sent journeys that they went through before."""
        review = self._review
        if review is None or not review.forced:
            return 0
        return review.with_journeys - (review.old_with_journeys if self.disables_old_journeys else 0)

    def _ask_typed(self) -> None:
        self._typed_box.setVisible(self._forced > 0)
        self._typed_box.say(
            f"Type {formatting.number(self._forced)}: people who went through these journeys before are texted once more",
            kind="caution",
        )

    def _ask(self, review: Review) -> None:
        """What has to be said, or can be, before the button may be pressed."""
        file = review.request.path.replace("\\", "/").rsplit("/", 1)[-1]
        word = suppression_filename_keyword(file)
        self.named.setText(f"“{file}” is named like a list of people who left: I know that these may be texted")
        self.named.setVisible(bool(word))
        self.named.setChecked(False)
        old = formatting.count(review.old_with_journeys, "person", "people")
        days = review.request.old_days
        self.disable_journeys_for_old_signups.setText(
            f"Start no journeys for the {old} who signed up over {days} days ago"
        )
        self.disable_journeys_for_old_signups.setVisible(bool(review.old_with_journeys))
        self.disable_journeys_for_old_signups.setChecked(bool(review.old_with_journeys))
        self.typed.clear()
        self._ask_typed()

    def say_changed(self) -> None:
        """The file is not any more as it was when it was reviewed."""
        self.notice.say(
            "caution",
            "The file has changed, or is not there any more",
            "What is imported is what you reviewed. To import what the file has now, go back to the first step.",
        )

    def _sentence(self, review: Review, number: int) -> str:
        lists = [self._context.list_name(one) for one, _count in review.lists]
        where = lists[0] if len(lists) == 1 else f"{len(lists)} lists"
        return f"{formatting.count(number, 'contact')} will be added to {where} on “{review.request.account_name}”."

    def _clear(self) -> None:
        clear_layout(self._facts)
