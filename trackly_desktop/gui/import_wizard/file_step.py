"""Step 1: which file, and how it is read."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFile, QIODevice, QStandardPaths, Signal
from PySide6.QtWidgets import QApplication, QProgressBar, QWidget

from trackly_desktop.files.table import FormatOptions
from trackly_desktop.files.text.text_formats import ENCODINGS
from trackly_desktop.gui import file_dialogs, formatting, theme
from trackly_desktop.gui.import_wizard.parse_options import FormatOptionBoxes
from trackly_desktop.gui.import_wizard.preview import Preview
from trackly_desktop.gui.import_wizard.step import StepPage
from trackly_desktop.gui.widgets.controls import Picture, button, label, shortcut
from trackly_desktop.gui.widgets.layout import column, holder, row
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.system.paths import readable_name

if TYPE_CHECKING:
    from trackly_desktop.worker import FileOpened

SAMPLE = ":/samples/contacts.csv"


class FileStep(StepPage):
    """`wants_open` asks for a file to be read in a way, `wants_text` for a table that was pasted."""

    open_requested = Signal(object, object)
    text_requested = Signal(str)
    sample_requested = Signal(object)
    stop_requested = Signal()

    def __init__(self) -> None:
        super().__init__("File", "Choose columns")
        self._path: Path | None = None
        self.notice = Notice()
        self.question = Notice()
        self.target = self._make_target()
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self._reading = label("", "quiet")
        self._under_way = QWidget()
        self.stop_button = button("Stop reading", self._stop)
        self._under_way.setLayout(column(self._reading, self.progress, row(self.stop_button, 0), spacing=theme.M))
        self._name = label("", "section")
        self._facts = label("", "quiet")
        self.how = FormatOptionBoxes()
        self.preview = Preview()
        self._opened = self._make_opened()
        for part in (self.notice, self.target, self._under_way, self.question, self._opened):
            self.content.addWidget(part)
        self.back_button.hide()
        self.another = button("Choose another file", self._choose)
        self.add_buttons(self.another)
        shortcut(self, "Ctrl+V", self.paste)
        self.reset()

    def reset(self) -> None:
        """No file yet."""
        self._path = None
        self.notice.hide()
        self._show(self.target)
        self.allow("Choose a file first")

    def read(self, path: Path, choice: FormatOptions = FormatOptions()) -> None:
        """A file is being looked through."""
        self.begin(path)
        self.open_requested.emit(path, choice)

    def begin(self, path: Path) -> None:
        """A file is on its way."""
        self._path = path
        self.notice.hide()
        self._reading.setText(f"Reading {readable_name(path)}")
        self.progress.setRange(0, 0)
        self._show(self._under_way)
        self.allow("The file is still being read")

    def _stop(self) -> None:
        self.stop_requested.emit()
        self.reset()

    def paste(self) -> None:
        """The table on the clipboard."""
        copied = QApplication.clipboard().mimeData()
        if copied is not None and len(copied.urls()) == 1 and copied.urls()[0].isLocalFile():
            self.read(Path(copied.urls()[0].toLocalFile()))
        elif copied is not None and copied.text().strip():
            self.text_requested.emit(copied.text())
        else:
            self.notice.say(
                "info",
                "There is no table to paste",
                "Select the rows in your spreadsheet, names of columns too, and copy them.",
            )

    def show_progress(self, rows: int) -> None:
        """So many rows have been read."""
        self._reading.setText(
            f"Reading {readable_name(self._path) if self._path else ''}: {formatting.count(rows, 'row')} so far"
        )

    def show_file(self, news: FileOpened) -> None:
        """It has been read."""
        opened = news.file
        self._name.setText(readable_name(Path(opened.path)))
        facts = [
            formatting.count(opened.rows, "row"),
            formatting.count(len(opened.header), "column"),
            _size(opened.how.size),
        ]
        if news.system:
            facts.append(f"looks like an export from {news.system}")
        self._facts.setText("  ·  ".join(facts))
        self.how.show_how(opened.how)
        self.preview.show_rows(opened.header, opened.first_rows)
        self._show(self._opened)
        self._ask(news)
        self.allow("" if opened.rows else "There are no rows under the names of the columns")

    def show_problem(self, said: str) -> None:
        """It cannot be read, or not like this."""
        name = readable_name(self._path) if self._path is not None else "The file"
        self.notice.say("bad", f"{name} cannot be imported", f"{said}.")
        self._show(self.target if self.preview.is_empty else self._opened)
        self.allow("Choose a file first")

    def _ask(self, news: FileOpened) -> None:
        """Where letters can be read in two ways, which is right is the operator's to say."""
        how = news.file.how
        if not how.others or news.choice.encoding is not None:
            self._say_doubts(news)
            return
        readings = [(how.encoding or "", how.reading), *how.others[:2]]
        self.question.say(
            "caution",
            "Which of these is written rightly?",
            "The file does not say how its letters are encoded, and both make words.",
            *(
                (f"{reading}   ({ENCODINGS[name].label})", lambda name=name: self._choose_encoding(name))
                for name, reading in readings
            ),
        )

    def _say_doubts(self, news: FileOpened) -> None:
        """Rows that could not be read as they were meant are told before anything else is done with them."""
        opened = news.file
        if not opened.doubts:
            self.question.hide()
            return
        self.question.say(
            "caution",
            f"{formatting.count(opened.doubts, 'row')} could not be read as meant, and will be shown in the review",
            f"{opened.first_doubt}.",
        )

    def _choose_encoding(self, name: str) -> None:
        if self._path is not None:
            self.read(self._path, dataclasses.replace(self.how.choice, encoding=name))

    def _make_target(self) -> QWidget:
        big = label("Drop a file here, or paste a table", "section")
        small = label("CSV, Excel or OpenDocument; anywhere on the window", "quiet")
        choose = button("Choose a file", self._choose, role="primary", icon="file")
        pasted = button("Paste a table", self.paste, icon="copy")
        pasted.setToolTip("Ctrl+V")
        sample = button("Try the sample file", self.read_sample, role="flat")
        save = button("Save a sample file", self._save_sample, role="flat")
        save.setToolTip("A CSV file with this account’s own columns, to be filled in")
        inside = column(
            row(0, Picture("import", "quiet", 40), 0),
            row(0, big, 0),
            row(0, small, 0),
            row(0, choose, pasted, 0),
            row(0, sample, save, 0),
            spacing=theme.M,
        )
        inside.setContentsMargins(theme.XXL, theme.XXL, theme.XXL, theme.XXL)
        return holder(inside, "dropTarget")

    def _make_opened(self) -> QWidget:
        self.how.changed.connect(self._read_again)
        self.how.sheet.activated.disconnect(self.how.changed)
        self.how.sheet.activated.connect(self._read_sheet)
        whole = QWidget()
        whole.setLayout(
            column(
                column(self._name, self._facts, spacing=theme.XS),
                self.how,
                label("The first rows", "label"),
                self.preview,
                spacing=theme.M,
            )
        )
        return whole

    def _show(self, part: QWidget) -> None:
        for one in (self.target, self._under_way, self._opened):
            one.setVisible(one is part)
        self.another.setVisible(part is self._opened)
        if part is not self._opened:
            self.question.hide()

    def _read_again(self) -> None:
        if self._path is not None:
            self.read(self._path, self.how.choice)

    def _read_sheet(self) -> None:
        if self._path is not None:
            self.read(self._path, self.how.choice_of_sheet)

    def _choose(self) -> None:
        path = file_dialogs.ask_open(self)
        if path is not None:
            self.read(path)

    def _save_sample(self) -> None:
        path = file_dialogs.ask_save(self, "contacts to fill in.csv")
        if path is not None:
            self.sample_requested.emit(path)

    def show_saved(self, path: str) -> None:
        """A sample file has been written."""
        self.notice.say("good", "A sample file was saved", f"Fill in {path}, and drop it here.")

    def read_sample(self) -> None:
        """The sample is inside the program; it is written to a file and read like any other."""
        inside = QFile(SAMPLE)
        inside.open(QIODevice.OpenModeFlag.ReadOnly)
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation))
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "sample contacts.csv"
        path.write_bytes(bytes(inside.readAll().data()))
        self.read(path)


def _size(size: int) -> str:
    if size < 1_000_000:
        return f"{max(1, round(size / 1000)):,} kB"
    return f"{size / 1_000_000:,.1f} MB"
