"""Wizard step 4: summary and required confirmations."""

from __future__ import annotations

from pathlib import Path
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
from trackly_desktop.system.paths import readable_name

if TYPE_CHECKING:
    from trackly_desktop.service.review import Review

_DEFAULT_FIRST_ROWS = 5
"""Rows sent before the run pauses, where the operator chooses that."""


class ConfirmStep(StepPage):
    """Summary of a checked file; emits `forward` to start the import."""

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
        self._first_rows_box = holder(row(self.try_first, self.first_rows, 0, spacing=theme.S))
        self.skips_old_signups = QCheckBox()
        self.filename_accepted = QCheckBox()
        self.typed_count = QLineEdit()
        self.typed_count.setMaximumWidth(200)
        self._typed_count_box = FieldBox(
            "To send journeys again, type how many may be texted", self.typed_count, required=True
        )
        self.filename_accepted.toggled.connect(self._update_actions)
        self.skips_old_signups.toggled.connect(self._on_old_signups_toggled)
        self.typed_count.textChanged.connect(self._update_actions)
        summary = column(self.sentence, self._facts, spacing=theme.L)
        summary.setContentsMargins(theme.L, theme.L, theme.L, theme.L)
        self.content.addWidget(self.notice)
        self.content.addWidget(holder(summary, "cardSoft"))
        for widget in (self.filename_accepted, self.skips_old_signups, self._typed_count_box, self._first_rows_box):
            self.content.addWidget(widget)
        self.add_buttons()

    @property
    def initial_focus(self) -> QWidget:
        """Back, so that no key press starts the import by accident."""
        return self.back_button

    @property
    def confirmed(self) -> str:
        """The sentences that the operator confirmed, for the journal."""
        sentences = [self.sentence.text()]
        if self._restart_count:
            sentences.append(f"Journeys also for those who had them: typed {self.typed_count.text().strip()}.")
        for box in (self.filename_accepted, self.skips_old_signups):
            if not box.isHidden() and box.isChecked():
                sentences.append(f"{box.text()}.")
        return " ".join(sentences)

    @property
    def pause_after(self) -> int | None:
        """Number of rows after which the run pauses; None where that was not chosen."""
        return self.first_rows.value() if self.try_first.isChecked() else None

    @property
    def disables_old_journeys(self) -> bool:
        """Whether no journeys start for people who signed up long ago."""
        return not self.skips_old_signups.isHidden() and self.skips_old_signups.isChecked()

    def show_review(self, review: Review) -> None:
        """Show a checked file, and reset all confirmations."""
        self._review = review
        number = review.result.counts.get(Outcome.PENDING, 0)
        self.sentence.setText(self._sentence(review, number))
        self.notice.hide()
        self.forward_button.setText(f"Import {formatting.count(number, 'contact')}")
        self.try_first.setChecked(False)
        self.first_rows.setValue(_DEFAULT_FIRST_ROWS)
        self.first_rows.setMaximum(max(1, number - 1))
        self._first_rows_box.setVisible(number > 1)
        self._show_confirmations(review)
        self._show_facts()
        self._update_actions()

    def _show_facts(self) -> None:
        """Show the facts of the review; some depend on journeys for old signups."""
        if self._review is None:
            return
        clear_layout(self._facts)
        number = self._review.result.counts.get(Outcome.PENDING, 0)
        for icon, role, sentence in confirm_facts(
            self._review, number, disables_old_journeys=self.disables_old_journeys
        ):
            picture = Picture(icon, role)
            line = row(picture, label(sentence, wrap=True), spacing=theme.S)
            line.setAlignment(picture, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(holder(line))

    def _on_old_signups_toggled(self) -> None:
        self._show_facts()
        self._update_typed_count_box()
        self._update_actions()

    def _update_actions(self, *_: object) -> None:
        self.allow(self.blocking_reason())

    def blocking_reason(self) -> str:
        """Return why the import cannot start yet; empty where it can."""
        review = self._review
        if review is None:
            return ""
        if not self.filename_accepted.isHidden() and not self.filename_accepted.isChecked():
            return "Say first that these people may be texted"
        typed = "".join(character for character in self.typed_count.text() if character.isdigit())
        if self._restart_count and typed != str(self._restart_count):
            return f"Type {formatting.number(self._restart_count)} first"
        return ""

    @property
    def _restart_count(self) -> int:
        """Number of people who may be sent journeys that they had before."""
        review = self._review
        if review is None or not review.forced:
            return 0
        return review.with_journeys - (review.old_with_journeys if self.disables_old_journeys else 0)

    def _update_typed_count_box(self) -> None:
        self._typed_count_box.setVisible(self._restart_count > 0)
        self._typed_count_box.say(
            f"Type {formatting.number(self._restart_count)}: people who went through these journeys before are texted"
            " once more",
            kind="caution",
        )

    def _show_confirmations(self, review: Review) -> None:
        """Show the confirmations that this review needs, unanswered."""
        names = (readable_name(Path(review.request.path)), review.request.choice.sheet or "")
        name = next((name for name in names if suppression_filename_keyword(name)), "")
        self.filename_accepted.setText(
            f"“{name}” is named like a list of people who left: I know that these may be texted"
        )
        self.filename_accepted.setVisible(bool(name))
        self.filename_accepted.setChecked(False)
        old = formatting.count(review.old_with_journeys, "person", "people")
        days = review.request.old_days
        self.skips_old_signups.setText(f"Start no journeys for the {old} who signed up over {days} days ago")
        self.skips_old_signups.setVisible(bool(review.old_with_journeys))
        self.skips_old_signups.setChecked(bool(review.old_with_journeys))
        self.typed_count.clear()
        self._update_typed_count_box()

    def show_file_changed(self) -> None:
        """Warn that the file has changed since it was checked."""
        self.notice.say(
            "caution",
            "The file has changed, or is not there any more",
            "What is imported is what you reviewed. To import what the file has now, go back to the first step.",
        )

    def _sentence(self, review: Review, number: int) -> str:
        names = [self._context.list_name(list_number) for list_number, _count in review.lists]
        target = names[0] if len(names) == 1 else f"{len(names)} lists"
        return f"{formatting.count(number, 'contact')} will be added to {target} on “{review.request.account_name}”."
