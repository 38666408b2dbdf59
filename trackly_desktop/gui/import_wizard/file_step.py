"""Wizard step 1: choose a file and how it is read."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFile, QIODevice, QStandardPaths, Signal
from PySide6.QtWidgets import QApplication, QProgressBar, QWidget

from trackly_desktop.files.table import DetectedFormat, FormatOptions, HiddenCells, Row
from trackly_desktop.gui import file_dialogs, formatting, theme
from trackly_desktop.gui.file_dialogs import local_path
from trackly_desktop.gui.import_wizard.parse_options import FormatOptionBoxes, encoding_label
from trackly_desktop.gui.import_wizard.preview import Preview
from trackly_desktop.gui.import_wizard.step import StepPage
from trackly_desktop.gui.widgets.controls import Picture, button, label, shortcut
from trackly_desktop.gui.widgets.layout import column, holder, row
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.mapping.consent_columns import suppression_filename_keyword
from trackly_desktop.messages import fuller_sheet_text, hidden_text, issue_text, reading_texts
from trackly_desktop.system.paths import readable_name

if TYPE_CHECKING:
    from trackly_desktop.worker import FileOpened

_MOST_SHEETS = 5
"""Other sheets that are offered."""
SAMPLE = ":/samples/contacts.csv"


class FileStep(StepPage):
    """Drop target, progress while a file is read, then its format and first rows.

    Signals:
        open_requested: Path and FormatOptions of a file to read.
        text_requested: Text of a pasted table.
        sample_requested: Path at which a sample file is written.
        stop_requested: Reading is cancelled.
    """

    open_requested = Signal(object, object)
    text_requested = Signal(str)
    sample_requested = Signal(object)
    stop_requested = Signal()

    def __init__(self) -> None:
        super().__init__("File", "Choose columns")
        self._path: Path | None = None
        self.notice = Notice()
        self.question = Notice()
        self.hidden_question = Notice()
        self.sheet_question = Notice()
        self.target = self._make_target()
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self._progress_text = label("", "quiet")
        self.stop_button = button("Stop reading", self._stop)
        self._progress_part = QWidget()
        self._progress_part.setLayout(
            column(self._progress_text, self.progress, row(self.stop_button, 0), spacing=theme.M)
        )
        self._name = label("", "section")
        self._facts = label("", "quiet")
        self.remarks = label("", wrap=True)
        self.format_options = FormatOptionBoxes()
        self.format_options.changed.connect(self._read_again)
        self.format_options.sheet_changed.connect(self._read_sheet)
        self.preview = Preview()
        self._file_part = self._make_file_part()
        for part in (
            self.notice, self.target, self._progress_part, self.sheet_question, self.question, self.hidden_question,
            self._file_part,
        ):  # fmt: skip
            self.content.addWidget(part)
        self.back_button.hide()
        self.another_button = button("Choose another file", self._choose)
        self.add_buttons(self.another_button)
        shortcut(self, "Ctrl+V", self.paste)
        self.reset()

    @property
    def initial_focus(self) -> QWidget:
        """What comes next: a file, the end of a wait, an open question, or the columns."""
        if not self.target.isHidden():
            return self._choose_button
        if self.is_reading:
            return self.stop_button
        return self.forward_button if self.sheet_question.isHidden() else self.sheet_question.buttons[0]

    def reset(self) -> None:
        """Show the drop target: no file is chosen."""
        self._path = None
        self.notice.hide()
        self._show(self.target)
        self.allow("Choose a file first")

    def read(self, path: Path, options: FormatOptions = FormatOptions()) -> None:
        """Show progress and emit `open_requested`."""
        self.begin(path)
        self.open_requested.emit(path, options)

    def begin(self, path: Path) -> None:
        """Show that a file is being read."""
        self._path = path
        self.notice.hide()
        self._progress_text.setText(f"Reading {readable_name(path)}")
        self.progress.setRange(0, 0)
        self._show(self._progress_part)
        self.allow("The file is still being read")
        self._take_focus()

    @property
    def is_reading(self) -> bool:
        """Whether a file is being read."""
        return not self._progress_part.isHidden()

    def _stop(self) -> None:
        self.stop_requested.emit()
        self.reset()

    def paste(self) -> None:
        """Read the table, or the file, on the clipboard."""
        copied = QApplication.clipboard().mimeData()
        if copied is not None and len(copied.urls()) == 1 and copied.urls()[0].isLocalFile():
            self.read(local_path(copied.urls()[0]))
        elif copied is not None and copied.text().strip():
            self.text_requested.emit(copied.text())
        else:
            self.notice.say(
                "info",
                "There is no table to paste",
                "Select the rows in your spreadsheet, names of columns too, and copy them.",
            )

    def show_progress(self, rows: int) -> None:
        """Show how many rows have been read."""
        self._progress_text.setText(
            f"Reading {readable_name(self._path) if self._path else ''}: {formatting.count(rows, 'row')} so far"
        )

    def show_file(self, event: FileOpened) -> None:
        """Show a file that has been read."""
        opened = event.file
        self._name.setText(readable_name(Path(opened.path)))
        facts = [
            formatting.count(opened.rows, "row"),
            formatting.count(len(opened.header), "column"),
            _format_size(opened.how.size),
        ]
        if event.system:
            facts.append(f"looks like an export from {event.system}")
        self._facts.setText("  ·  ".join(facts))
        self.format_options.show_format(opened.how)
        self.preview.show_rows(opened.header, opened.first_rows)
        self._show(self._file_part)
        self._show_question(event)
        self._show_sheet_question(event)
        self._show_hidden(opened.how)
        self._show_remarks(opened.how, len(opened.header))
        self.allow("" if opened.rows else "There are no rows under the names of the columns")

    def show_web_address(self, problem: str) -> None:
        """Show how to get the file of a web address that was pasted or dropped."""
        self.notice.say("info", "A web address cannot be imported", f"{problem}.")
        self._take_focus()

    def show_problem(self, problem: str) -> None:
        """Show why the file cannot be read."""
        name = readable_name(self._path) if self._path is not None else "The file"
        self.notice.say("bad", f"{name} cannot be imported", f"{problem}.")
        self._path = None
        self._show(self.target)
        self.allow("Choose a file first")
        self._take_focus()

    def _take_focus(self) -> None:
        """Focus what comes next, where the operator looks at this step."""
        if self.isVisible():
            self.initial_focus.setFocus()

    def _show_sheet_question(self, event: FileOpened) -> None:
        """Ask which sheet is meant, where the proposed one may not be.

        It is named like people who left, or a hidden one has more phone numbers.
        """
        detected = event.file.how
        proposed = detected.sheet or ""
        others = [name for name, _phones in detected.sheet_phones if name != proposed]
        if event.choice.sheet is not None:
            self.sheet_question.hide()
        elif suppression_filename_keyword(proposed):
            self._ask_for_sheet(
                f"The sheet “{proposed}” is named like a list of people who left",
                "They may not be texted. Choose another sheet, unless these people may be.",
                others[:_MOST_SHEETS],
                proposed,
            )
        elif name := detected.fuller_hidden_sheet:
            text = "Somebody hid it: it may not be meant for this import."
            self._ask_for_sheet(fuller_sheet_text(detected), text, [name], proposed)
        else:
            self.sheet_question.hide()

    def _ask_for_sheet(self, headline: str, text: str, others: Sequence[str], proposed: str) -> None:
        buttons = [(f"Read “{name}”", lambda name=name: self._read_named_sheet(name)) for name in others]
        stay = (f"Stay with “{proposed}”", self._stay_with_sheet)
        self.sheet_question.say("caution", headline, text, *buttons, stay)

    def _read_named_sheet(self, name: str) -> None:
        if self._path is not None:
            self.read(self._path, FormatOptions(sheet=name))

    def _stay_with_sheet(self) -> None:
        self.sheet_question.hide()
        self._take_focus()

    def _show_question(self, event: FileOpened) -> None:
        """Ask which of several encodings is right, unless the operator has chosen one."""
        detected = event.file.how
        if not detected.others or event.choice.encoding is not None:
            self._show_unreadable_rows(event)
            return
        readings = [(detected.encoding or "", detected.reading), *detected.others[:2]]
        self.question.say(
            "caution",
            "Which of these is written rightly?",
            "The file does not say how its letters are encoded, and both make words.",
            *(
                (f"{reading}   ({encoding_label(name)})", lambda name=name: self._choose_encoding(name))
                for name, reading in readings
            ),
        )

    def _show_hidden(self, detected: DetectedFormat) -> None:
        """Ask whether hidden rows and columns are read, where there are any."""
        words = hidden_text(detected)
        if not words:
            self.hidden_question.hide()
            return
        leave_out = ("Leave them out", lambda: self._read_hidden(HiddenCells.LEAVE_OUT))
        read = ("Read them too", lambda: self._read_hidden(HiddenCells.READ))
        self.hidden_question.say(
            "caution",
            words,
            "A filter hides them, or somebody did: they may not be meant for this import.",
            *((leave_out,) if detected.hidden is HiddenCells.READ else (leave_out, read)),
        )

    def _read_hidden(self, hidden: HiddenCells) -> None:
        options = self.format_options.options
        if options.hidden is hidden:
            self.hidden_question.hide()
        elif self._path is not None:
            self.read(self._path, dataclasses.replace(options, hidden=hidden))

    def _show_remarks(self, detected: DetectedFormat, columns: int) -> None:
        """Show what else is to be known of how the file was read."""
        texts = [text for text in reading_texts(detected, columns) if text != hidden_text(detected)]
        if suppression_filename_keyword(detected.sheet or ""):
            texts.insert(0, f"The sheet “{detected.sheet}” is named like a list of people who left")
        self.remarks.setText("\n".join(f"{text}." for text in texts))
        self.remarks.setVisible(bool(texts))

    def _show_unreadable_rows(self, event: FileOpened) -> None:
        """Warn of rows whose cells may be wrong; hide the question where there are none."""
        opened = event.file
        if opened.first_suspect is None:
            self.question.hide()
            return
        self.question.say(
            "caution",
            f"{formatting.count(opened.suspect_rows, 'row')} could not be read as meant, and will be shown in the review",
            f"{_describe_row(opened.first_suspect)}.",
        )

    def _choose_encoding(self, name: str) -> None:
        if self._path is not None:
            self.read(self._path, dataclasses.replace(self.format_options.options, encoding=name))

    def _make_target(self) -> QWidget:
        title = label("Drop a file here, or paste a table", "section")
        kinds = label("CSV, Excel or OpenDocument; anywhere on the window", "quiet")
        self._choose_button = button("Choose a file", self._choose, role="primary", icon="file")
        paste = button("Paste a table", self.paste, icon="copy")
        paste.setToolTip("Ctrl+V")
        try_sample = button("Try the sample file", self.read_sample, role="flat")
        save_sample = button("Save a sample file", self._save_sample, role="flat")
        save_sample.setToolTip("A CSV file with this account’s own columns, to be filled in")
        content = column(
            row(0, Picture("import", "quiet", 40), 0),
            row(0, title, 0),
            row(0, kinds, 0),
            row(0, self._choose_button, paste, 0),
            row(0, try_sample, save_sample, 0),
            spacing=theme.M,
        )
        content.setContentsMargins(theme.XXL, theme.XXL, theme.XXL, theme.XXL)
        return holder(content, "dropTarget")

    def _make_file_part(self) -> QWidget:
        part = QWidget()
        part.setLayout(
            column(
                column(self._name, self._facts, spacing=theme.XS),
                self.format_options,
                self.remarks,
                label("The first rows", "label"),
                self.preview,
                spacing=theme.M,
            )
        )
        return part

    def _show(self, part: QWidget) -> None:
        """Show one of target, progress and file in place of the others."""
        for widget in (self.target, self._progress_part, self._file_part):
            widget.setVisible(widget is part)
        self.another_button.setVisible(part is self._file_part)
        if part is not self._file_part:
            self.question.hide()
            self.hidden_question.hide()
            self.sheet_question.hide()

    def _read_again(self) -> None:
        if self._path is not None:
            self.read(self._path, self.format_options.options)

    def _read_sheet(self) -> None:
        if self._path is not None:
            self.read(self._path, self.format_options.sheet_options)

    def _choose(self) -> None:
        path = file_dialogs.ask_open(self)
        if path is not None:
            self.read(path)

    def _save_sample(self) -> None:
        path = file_dialogs.ask_save(self, "contacts to fill in.csv")
        if path is not None:
            self.sample_requested.emit(path)

    def show_saved(self, path: str) -> None:
        """Show that a sample file was written."""
        self.notice.say("good", "A sample file was saved", f"Fill in {path}, and drop it here.")

    def read_sample(self) -> None:
        """Copy the built-in sample to a file, and read that like any other."""
        resource = QFile(SAMPLE)
        resource.open(QIODevice.OpenModeFlag.ReadOnly)
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation))
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "sample contacts.csv"
        path.write_bytes(bytes(resource.readAll().data()))
        self.read(path)


def _format_size(size: int) -> str:
    """Return a size in bytes as kB or MB."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000)):,} kB"
    return f"{size / 1_000_000:,.1f} MB"


def _describe_row(row: Row) -> str:
    """Return where a row is in its file, and its issue."""
    assert row.issue is not None
    return f"Row {row.number:,}, line {row.line:,}: {issue_text(row.issue)}"
