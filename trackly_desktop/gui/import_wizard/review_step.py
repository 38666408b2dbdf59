"""Wizard step 3: the validation's result and corrections, before sending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QProgressBar, QPushButton, QSizePolicy, QWidget

from trackly_desktop.contacts.outcome import Outcome
from trackly_desktop.gui import file_dialogs, formatting, theme
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.import_wizard.confirm_summary import held_counts
from trackly_desktop.gui.import_wizard.count_tiles import CountTiles
from trackly_desktop.gui.import_wizard.fix_bar import FixBar, correction_text
from trackly_desktop.gui.import_wizard.review_rows import ReviewRows, ReviewTable
from trackly_desktop.gui.import_wizard.step import StepPage
from trackly_desktop.gui.widgets.controls import button, label, shortcut
from trackly_desktop.gui.widgets.field import FieldBox
from trackly_desktop.gui.widgets.layout import column, row
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.gui.widgets.phone_edit import country_name
from trackly_desktop.journal.import_options import AlreadyAdded, Duplicates
from trackly_desktop.messages import issue_kind_text
from trackly_desktop.validation.corrections import Change, Fix

if TYPE_CHECKING:
    from trackly_desktop.service.review import Review
    from trackly_desktop.validation.file_validation import ValidationResult
    from trackly_desktop.validation.row_validator import IssueKind
    from trackly_desktop.worker import RowsFound

_TABLE = 9 * theme.ROW
_DUPLICATES = {
    Duplicates.LAST: "Send the last of them",
    Duplicates.FIRST: "Send the first of them",
    Duplicates.EACH: "Send each, in the file’s order",
}
_ALREADY = {AlreadyAdded.SEND: "Send them again", AlreadyAdded.SKIP: "Leave them out"}
_WRONG, _TWICE, _LEFT_OUT, _ALL, _KIND = "wrong", "twice", "left out", "all", "kind:"
_KINDS = 40
_FILTER = 520
_UNDO = 420
_UNCHANGED = {
    Change.ADD_COUNTRY: "None of these is a number of that country.",
    Change.KEEP_NUMBER: "No cell has exactly one whole number beside its words.",
}


class ReviewStep(StepPage):
    """Step 3: counts, issues, corrections, and the rows themselves.

    `rules_changed`: the file is to be validated again; `fixes`: a Fix for some of its rows; `undo_requested`: the last of
    them is undone; `region_requested`: its numbers are those of another country.
    """

    rules_changed = Signal()
    fixes = Signal(object)
    undo_requested = Signal()
    region_requested = Signal(str)

    def __init__(self, context: AccountContext) -> None:
        super().__init__("Review", "Go to confirm")
        self._context = context
        self._request_id = 0
        self._review: Review | None = None
        self._requested_fix: Fix | None = None
        self.notice = Notice()
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self._checking = label("", "quiet")
        self._under_way = QWidget()
        self._under_way.setLayout(column(self._checking, self.progress))
        self.tiles = CountTiles()
        self.duplicates, self.already, self.filter = QComboBox(), QComboBox(), QComboBox()
        self.model = ReviewRows(context)
        self.table = ReviewTable(self.model)
        self.fix_bar = FixBar()
        self.show_rows = QPushButton("Show the rows")
        self._result = self._make_result()
        for part in (self.notice, self._under_way, self._result):
            self.content.addWidget(part)
        self.add_buttons()
        context.worker.queries.rows_found.connect(self._rows_found)
        context.worker.queries.exported.connect(self._exported)
        self.model.corrected.connect(self._correct)
        self.fix_bar.wanted.connect(self._fix_many)
        shortcut(self, "Ctrl+Z", self.undo.click)

    def rules(self) -> tuple[Duplicates, AlreadyAdded]:
        """Return the rules for duplicates, and for people that were added before."""
        return Duplicates(self.duplicates.currentData()), AlreadyAdded(self.already.currentData())

    def reset_rules(self) -> None:
        """Choose the usual rules: those of the file before do not apply to another."""
        self.duplicates.setCurrentIndex(0)
        self.already.setCurrentIndex(0)

    def begin(self, rows: int) -> None:
        """Show that a file of so many rows is being validated."""
        self._review = None
        self.notice.hide()
        self.progress.setRange(0, rows)
        self.progress.setValue(0)
        self._checking.setText(f"Checking {formatting.count(rows, 'row')}")
        self._under_way.show()
        self._result.setEnabled(False)
        self._result.setVisible(self.model.rowCount() > 0 or self.tiles.is_filled)
        self.allow("The file is still being checked")

    def show_progress(self, rows: int) -> None:
        """Show how many rows are validated."""
        self.progress.setValue(rows)
        self._checking.setText(
            f"Checked {formatting.number(rows)} of {formatting.count(self.progress.maximum(), 'row')}"
        )

    def show_members_progress(self, got: int, of: int) -> None:
        """Show how many unsubscribed members were fetched."""
        self.progress.setRange(0, max(1, of))
        self.progress.setValue(got)
        self._checking.setText(f"Asking Trackly who unsubscribed: {formatting.number(got)} of {formatting.number(of)}")

    def show_problem(self, problem: str) -> None:
        """Show why the file could not be validated."""
        self._under_way.hide()
        self._result.hide()
        self.notice.say("bad", "The file could not be checked", f"{problem}.")
        self.allow("The file could not be checked")

    def show_failed(self, problem: str) -> None:
        """Show why a correction could not be made; the rows are unchanged."""
        self._requested_fix = None
        self._under_way.hide()
        self._result.setEnabled(True)
        self.notice.say("bad", "The rows could not be changed", f"{problem}.")

    def show_review(self, review: Review) -> None:
        """Show a result: of a file, or of the same file with corrected rows."""
        former = self._review.result if self._review is not None else None
        is_same = former is not None and former.run_id == review.result.run_id
        self._review = review
        checked = review.result
        ready, wrong = checked.counts.get(Outcome.PENDING, 0), checked.counts.get(Outcome.INVALID, 0)
        self._under_way.hide()
        self._result.setEnabled(True)
        self._result.show()
        self.tiles.show_counts(
            ("Ready to send", ready, "check", "good"),
            ("To correct", wrong, "warning", "caution"),
            ("Duplicates", checked.duplicates, "skipped", "quiet"),
            ("On it already", checked.already_added + checked.members, "history", "quiet"),
            ("Held back", sum(held_counts(review)), "block", "quiet"),
        )
        self._show_summary(wrong)
        self._show_undo(review, former)
        self._duplicates_box.setVisible(checked.duplicates > 0 or self.rules()[0] is not Duplicates.LAST)
        self._already_box.setVisible(checked.already_added + checked.members > 0)
        self.save.setVisible(wrong > 0)
        header = tuple(use.name for use in review.request.mapping.columns)
        if header != self.model.header:
            self.model.show_header(header)
            self.fix_bar.show_columns(header)
        self._fill_filter(keep=is_same)
        if checked.other_regions:
            names = [country_name(region) for region in checked.other_regions]
            self.notice.say(
                "caution",
                f"These look like phone numbers of {' or '.join(names)}",
                "Most are none of the country that was chosen with the columns. Read them as numbers of",
                *(
                    (name, lambda region=region: self.region_requested.emit(region))
                    for name, region in zip(names, checked.other_regions, strict=True)
                ),
            )
        if is_same:
            self.model.refresh()
            self._show_reach()
        else:
            self._show_table()
        self.allow("" if ready else "No row can be sent as the file is")

    def _make_result(self) -> QWidget:
        for combo, texts in ((self.duplicates, _DUPLICATES), (self.already, _ALREADY)):
            for value, text in texts.items():
                combo.addItem(text, value)
            combo.setMinimumWidth(260)
            combo.activated.connect(self.rules_changed)
        self._duplicates_box = FieldBox("The same person more than once in the file", self.duplicates)
        self._already_box = FieldBox("People who are on this list already", self.already)
        self._to_do = label("", wrap=True)
        self.show_rows.setCheckable(True)
        self.show_rows.toggled.connect(self._show_table)
        self.save = button("Save rows to fix", self._save, icon="export")
        self.undo = button("Undo", self._undo)
        self._undone = label("", "quiet")
        self.filter.setAccessibleName("Which rows are shown")
        self.filter.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.filter.setMinimumContentsLength(30)
        self.filter.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.filter.activated.connect(self._show_table)
        self.leave_out = button("Leave out", lambda: self._fix_selected(Change.LEAVE_OUT))
        self.leave_out.setToolTip("Delete: the selected rows are not sent")
        self.take = button("Take as it is", lambda: self._fix_selected(Change.TAKE_AS_IT_IS))
        self.take.setToolTip("The selected rows are checked as they stand here")
        shortcut(self.table, "Del", self.leave_out.click)
        self.table.setFixedHeight(_TABLE)
        self._rows = QWidget()
        self._rows.setLayout(
            column(row(self.filter, self.take, self.leave_out), self.fix_bar, self.table, spacing=theme.S)
        )
        result = QWidget()
        result.setLayout(
            column(
                self.tiles,
                self._to_do,
                row(self.show_rows, self.save, 0, self._undone, self.undo),
                self._rows,
                row(self._duplicates_box, self._already_box, 0, spacing=theme.L),
                spacing=theme.L,
            )
        )
        return result

    def _show_summary(self, wrong: int) -> None:
        assert self._review is not None
        checked = self._review.result
        lines = [
            f"{formatting.count(rows, 'row')}: {issue_kind_text(*kind)}" for kind, rows in checked.issue_counts[:8]
        ]
        more = len(checked.issue_counts) - len(lines)
        if more > 0:
            lines.append(f"and {more} more kinds of problem")
        if checked.missing_plus:
            lines.append("The phone numbers have no plus; they are read as international ones, as if each began with +")
        held = sum(held_counts(self._review))
        right = "Every row can be sent." if not held else "Nothing has to be corrected."
        if held:
            lines.append(f"{formatting.count(held, 'row')} held back: these people must not be texted")
        self._to_do.setText("\n".join(lines if wrong or checked.missing_plus else [right, *lines]))

    def _show_undo(self, review: Review, former: ValidationResult | None) -> None:
        """Show what can be undone, and that a correction for many rows changed none."""
        last = review.result.last_correction
        text = correction_text(last) if last is not None else ""
        self._undone.setText(self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, _UNDO))
        self._undone.setToolTip(text)
        self.undo.setToolTip(f"Ctrl+Z: {text}")
        self.undo.setAccessibleName(f"Undo: {text}")
        for part in (self._undone, self.undo):
            part.setVisible(bool(text))
        fix, self._requested_fix = self._requested_fix, None
        if fix is not None and former is not None and former.last_correction == last:
            self.notice.say("info", "No row was changed", _UNCHANGED.get(fix.change, ""))

    def _fill_filter(self, *, keep: bool) -> None:
        assert self._review is not None
        checked = self._review.result
        chosen = str(self.filter.currentData()) if keep else ""
        wrong, skipped = checked.counts.get(Outcome.INVALID, 0), checked.counts.get(Outcome.SKIPPED, 0)
        choices = [  # a kind of problem comes first: what corrects its rows alike is offered with them
            (f"{formatting.number(rows)} × {issue_kind_text(*kind)}", _kind_data(kind))
            for kind, rows in checked.issue_counts[:_KINDS]
        ]
        if wrong:
            choices.append((f"To correct ({formatting.number(wrong)})", _WRONG))
        if checked.duplicates:
            choices.append((f"The same person twice ({formatting.number(checked.duplicates)})", _TWICE))
        if skipped:
            choices.append((f"Left out ({formatting.number(skipped)})", _LEFT_OUT))
        choices.append((f"All rows ({formatting.number(checked.rows)})", _ALL))
        if chosen and chosen not in [value for _text, value in choices]:
            choices.insert(0, ("Those that were just corrected", chosen))
        self.filter.clear()
        for text, value in choices:
            self.filter.addItem(self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, _FILTER), value)
            self.filter.setItemData(self.filter.count() - 1, text, Qt.ItemDataRole.ToolTipRole)
        self.filter.setCurrentIndex(max(0, self.filter.findData(chosen)))

    def _show_table(self) -> None:
        shown = self.show_rows.isChecked() and self._review is not None
        self._rows.setVisible(shown)
        self.show_rows.setText("Hide the rows" if self.show_rows.isChecked() else "Show the rows")
        if not shown or self._review is None:
            return
        self._request_id = self._context.next_request_id()
        worker, run_id = self._context.worker, self._review.result.run_id
        which = str(self.filter.currentData())
        kind = self._shown_kind()
        if kind is not None:
            worker.queries.find_issues(self._request_id, run_id, kind)
        elif which == _TWICE:
            worker.queries.find_duplicates(self._request_id, run_id)
        else:
            outcome = {_WRONG: Outcome.INVALID, _LEFT_OUT: Outcome.SKIPPED}.get(which)
            worker.queries.find_rows(self._request_id, run_id, outcome, "")

    def _rows_found(self, request_id: int, event: RowsFound) -> None:
        if request_id == self._request_id:
            self.model.show_keys(event.keys)
            self._show_reach()

    def _show_reach(self) -> None:
        """Show which rows a bulk correction would change: those of the shown kind, or all."""
        kind = self._shown_kind()
        self.fix_bar.setVisible(kind is not None or str(self.filter.currentData()) == _ALL)
        if self._review is None:
            return
        checked = self._review.result
        rows = checked.rows if kind is None else dict(checked.issue_counts).get(kind, 0)
        column = kind[1] if kind is not None else None
        index = self.model.header.index(column) if column in self.model.header else None
        self.fix_bar.show_kind(kind, rows, index)

    def _shown_kind(self) -> IssueKind | None:
        """The kind of issue that the filter shows; None for another filter."""
        shown = str(self.filter.currentData())
        return next((kind for kind, _rows in self._counts() if _kind_data(kind) == shown), None)

    def _counts(self) -> tuple[tuple[IssueKind, int], ...]:
        return self._review.result.issue_counts if self._review is not None else ()

    def _correct(self, key: int, column: int, text: str) -> None:
        self.notice.hide()
        self.fixes.emit(Fix(Change.SET, column, text, keys=(key,)))

    def _fix_selected(self, change: Change) -> None:
        if keys := self.model.keys_at(self.table.selected_lines()):
            self.notice.hide()
            self.fixes.emit(Fix(change, keys=keys))
        else:
            self.notice.say("info", "No row is selected", "Click a row, or several with Ctrl, and try again.")

    def _fix_many(self, fix: Fix) -> None:
        self._wait_for_rows("Changing the rows, and checking them again")
        self._requested_fix = fix
        self.fixes.emit(fix)

    def _undo(self) -> None:
        if self._review is None or self._review.result.last_correction is None:
            return
        self._wait_for_rows("Undoing the last change")
        self.undo_requested.emit()

    def _wait_for_rows(self, text: str) -> None:
        """Show that rows are being changed; nothing else can be asked for meanwhile."""
        self.notice.hide()
        self.progress.setRange(0, 0)
        self._checking.setText(text)
        self._under_way.show()
        self._result.setEnabled(False)

    def _save(self) -> None:
        if self._review is None:
            return
        stem = self._review.request.path.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
        path = file_dialogs.ask_save(self, f"{stem} to fix.csv")
        if path is not None:
            self._context.worker.queries.export(self._review.result.run_id, path, to_fix=True)

    def _exported(self, path: str, rows: int) -> None:
        if self.isVisible():
            self.notice.say(
                "good",
                f"{formatting.count(rows, 'row')} to fix saved",
                f"Correct them in {path}, and drop that file here.",
            )


def _kind_data(kind: IssueKind) -> str:
    """The filter's data for a kind of issue: Qt compares strings, not tuples."""
    code, column = kind
    return f"{_KIND}{code}:{column or ''}"
