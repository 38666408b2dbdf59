"""Step 3: what the check of the whole file found, before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QProgressBar, QPushButton, QWidget

from trackly_desktop.gui import files, theme, words
from trackly_desktop.gui.desk import Desk
from trackly_desktop.gui.import_wizard.step import StepPage
from trackly_desktop.gui.import_wizard.tiles import Tiles
from trackly_desktop.gui.results.rows_model import PROBLEM, ROW, VALUE, WHERE, RowsModel
from trackly_desktop.gui.results.rows_table import RowsTable
from trackly_desktop.gui.widgets.field import FieldBox
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.gui.widgets.parts import button, column, label, row
from trackly_desktop.imports.options import AlreadyAdded, Duplicates
from trackly_desktop.imports.outcome import Outcome

if TYPE_CHECKING:
    from trackly_desktop.worker import Review, RowsFound

_TABLE = 8 * theme.ROW
_DUPLICATES = {
    Duplicates.LAST: "Send the last of them",
    Duplicates.FIRST: "Send the first of them",
    Duplicates.EACH: "Send each, in the file’s order",
}
_ALREADY = {AlreadyAdded.SEND: "Send them again", AlreadyAdded.SKIP: "Leave them out"}


class ReviewStep(StepPage):
    """`rules_changed`: the file is to be checked again."""

    rules_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__("Review", "Go to confirm")
        self._desk = desk
        self._ticket = 0
        self._review: Review | None = None
        self.notice = Notice()
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self._checking = label("", "quiet")
        self._under_way = QWidget()
        self._under_way.setLayout(column(self._checking, self.progress))
        self.tiles = Tiles()
        self.duplicates, self.already = QComboBox(), QComboBox()
        self.model = RowsModel(desk, (ROW, WHERE, VALUE, PROBLEM))
        self.table = RowsTable(self.model, self.model.columns, "Rows to correct")
        self.show_rows = QPushButton("Show the rows to correct")
        self._found = self._make_found()
        for part in (self.notice, self._under_way, self._found):
            self.content.addWidget(part)
        self.add_buttons()
        desk.worker.rows_found.connect(self._rows_found)
        desk.worker.exported.connect(self._exported)

    def rules(self) -> tuple[Duplicates, AlreadyAdded]:
        """What happens to duplicates, and to people who were added before."""
        return Duplicates(self.duplicates.currentData()), AlreadyAdded(self.already.currentData())

    def begin(self, rows: int) -> None:
        """The file is being checked; it has so many rows."""
        self._review = None
        self.notice.hide()
        self.progress.setRange(0, rows)
        self.progress.setValue(0)
        self._checking.setText(f"Checking {words.count(rows, 'row')}")
        self._under_way.show()
        self._found.setEnabled(False)
        self._found.setVisible(self.model.rowCount() > 0 or self.tiles.is_filled)
        self.allow("The file is still being checked")

    def show_progress(self, rows: int) -> None:
        """So many have been checked."""
        self.progress.setValue(rows)
        self._checking.setText(f"Checked {words.number(rows)} of {words.count(self.progress.maximum(), 'row')}")

    def show_problem(self, said: str) -> None:
        """The file could not be checked."""
        self._under_way.hide()
        self._found.hide()
        self.notice.say("bad", "The file could not be checked", f"{said}.")
        self.allow("The file could not be checked")

    def show_review(self, review: Review) -> None:
        """It has been checked."""
        self._review = review
        checked = review.checked
        ready, wrong = checked.counts.get(Outcome.PENDING, 0), checked.counts.get(Outcome.INVALID, 0)
        self._under_way.hide()
        self._found.setEnabled(True)
        self._found.show()
        self.tiles.show_counts(
            ("Ready to send", ready, "check", "good"),
            ("To correct", wrong, "warning", "caution"),
            ("Duplicates", checked.duplicates, "skipped", "quiet"),
            ("Added before", checked.already_added, "history", "quiet"),
        )
        self._say_to_do(wrong)
        self._duplicates_box.setVisible(checked.duplicates > 0 or self.rules()[0] is not Duplicates.LAST)
        self._already_box.setVisible(checked.already_added > 0)
        self.show_rows.setVisible(wrong > 0)
        self.save.setVisible(wrong > 0)
        self._show_table()
        self.allow("" if ready else "No row can be sent as the file is")

    def _make_found(self) -> QWidget:
        for combo, texts in ((self.duplicates, _DUPLICATES), (self.already, _ALREADY)):
            for value, text in texts.items():
                combo.addItem(text, value)
            combo.setMinimumWidth(260)
            combo.activated.connect(self.rules_changed)
        self._duplicates_box = FieldBox("The same person more than once in the file", self.duplicates)
        self._already_box = FieldBox("People added to this list from here before", self.already)
        self._to_do = label("", wrap=True)
        self.show_rows.setCheckable(True)
        self.show_rows.toggled.connect(self._show_table)
        self.save = button("Save rows to fix", self._save, icon="export")
        self.table.setFixedHeight(_TABLE)
        found = QWidget()
        found.setLayout(
            column(
                self.tiles,
                self._to_do,
                row(self.show_rows, self.save, 0),
                self.table,
                row(self._duplicates_box, self._already_box, 0, spacing=theme.L),
                spacing=theme.L,
            )
        )
        return found

    def _say_to_do(self, wrong: int) -> None:
        assert self._review is not None
        kinds = [f"{words.count(number, 'row')}: {said}" for said, number in self._review.checked.kinds[:8]]
        more = len(self._review.checked.kinds) - len(kinds)
        if more > 0:
            kinds.append(f"and {more} more kinds of problem")
        self._to_do.setText("\n".join(kinds) if wrong else "Every row can be sent.")

    def _show_table(self) -> None:
        shown = self.show_rows.isChecked() and not self.show_rows.isHidden() and self._review is not None
        self.table.setVisible(shown)
        self.show_rows.setText("Hide the rows to correct" if self.show_rows.isChecked() else "Show the rows to correct")
        if shown and self._review is not None:
            self._ticket = self._desk.ticket()
            self._desk.worker.find_rows(self._ticket, self._review.checked.run, Outcome.INVALID, "")

    def _rows_found(self, ticket: int, found: RowsFound) -> None:
        if ticket == self._ticket:
            self.model.show(found.keys)

    def _save(self) -> None:
        if self._review is None:
            return
        stem = self._review.request.path.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
        path = files.ask_save(self, f"{stem} to fix.csv")
        if path is not None:
            self._desk.worker.export(self._review.checked.run, path, to_fix=True)

    def _exported(self, path: str, rows: int) -> None:
        if self.isVisible():
            self.notice.say(
                "good", f"{words.count(rows, 'row')} to fix saved", f"Correct them in {path}, and drop that file here."
            )
