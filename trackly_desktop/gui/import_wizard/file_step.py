"""Step 1: which file, and how it is read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFile, QIODevice, QStandardPaths, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QProgressBar, QWidget

from trackly_desktop.gui import files, theme, words
from trackly_desktop.gui.import_wizard.preview import Preview
from trackly_desktop.gui.import_wizard.step import StepPage
from trackly_desktop.gui.widgets.field import FieldBox
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.gui.widgets.parts import Picture, button, column, holder, label, row
from trackly_desktop.imports.table import Choice

if TYPE_CHECKING:
    from trackly_desktop.worker import FileOpened

_DELIMITERS = {",": "Comma  ,", ";": "Semicolon  ;", "\t": "Tab", "|": "Bar  |"}
_ENCODINGS = {"utf-8": "UTF-8", "windows-1252": "Windows (1252)", "utf-16": "UTF-16"}
SAMPLE = ":/samples/contacts.csv"


class FileStep(StepPage):
    """`wants_open` asks for a file to be read in a way."""

    wants_open = Signal(object, object)

    def __init__(self) -> None:
        super().__init__("File", "Choose columns")
        self._path: Path | None = None
        self.notice = Notice()
        self.target = self._make_target()
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self._reading = label("", "quiet")
        self._under_way = QWidget()
        self._under_way.setLayout(column(self._reading, self.progress))
        self._name = label("", "section")
        self._facts = label("", "quiet")
        self.encoding, self.delimiter = _combo(_ENCODINGS), _combo(_DELIMITERS)
        self.header = QCheckBox("The first row has the columns’ names")
        self.preview = Preview()
        self._opened = self._make_opened()
        for part in (self.notice, self.target, self._under_way, self._opened):
            self.content.addWidget(part)
        self.back_button.hide()
        self.another = button("Choose another file", self._choose)
        self.add_buttons(self.another)
        self.reset()

    def reset(self) -> None:
        """No file yet."""
        self._path = None
        self.notice.hide()
        self._show(self.target)
        self.allow("Choose a file first")

    def read(self, path: Path, choice: Choice = Choice()) -> None:
        """A file is being looked through."""
        self._path = path
        self.notice.hide()
        self._reading.setText(f"Reading {path.name}")
        self.progress.setRange(0, 0)
        self._show(self._under_way)
        self.allow("The file is still being read")
        self.wants_open.emit(path, choice)

    def show_progress(self, rows: int) -> None:
        """So many rows have been read."""
        self._reading.setText(f"Reading {self._path.name if self._path else ''}: {words.count(rows, 'row')} so far")

    def show_file(self, news: FileOpened) -> None:
        """It has been read."""
        opened = news.opened
        self._name.setText(Path(opened.path).name)
        self._facts.setText(
            f"{words.count(opened.rows, 'row')}  ·  {words.count(len(opened.header), 'column')}  ·  {_size(opened.how.size)}"
        )
        _choose(self.encoding, opened.how.encoding or "")
        _choose(self.delimiter, opened.how.delimiter or "")
        self.header.setChecked(opened.how.header_row is not None)
        self.preview.show_rows(opened.header, opened.first_rows)
        self._show(self._opened)
        self.allow("" if opened.rows else "There are no rows under the header")

    def show_problem(self, said: str) -> None:
        """It cannot be read, or not like this."""
        name = self._path.name if self._path is not None else "The file"
        self.notice.say("bad", f"{name} cannot be imported", f"{said}.")
        self._show(self.target if self.preview.is_empty else self._opened)
        self.allow("Choose a file first")

    def _make_target(self) -> QWidget:
        big = label("Drop a CSV file here", "section")
        small = label("or anywhere on the window", "quiet")
        choose = button("Choose a file", self._choose, role="primary", icon="file")
        sample = button("Try the sample file", self.read_sample, role="flat")
        inside = column(
            row(0, Picture("import", "quiet", 40), 0),
            row(0, big, 0),
            row(0, small, 0),
            row(0, choose, 0),
            row(0, sample, 0),
            spacing=theme.M,
        )
        inside.setContentsMargins(theme.XXL, theme.XXL, theme.XXL, theme.XXL)
        return holder(inside, "dropTarget")

    def _make_opened(self) -> QWidget:
        for combo in (self.encoding, self.delimiter):
            combo.activated.connect(self._read_again)
        self.header.clicked.connect(self._read_again)
        how = row(
            FieldBox("Letters are encoded as", self.encoding), FieldBox("Columns are separated by", self.delimiter), 0,
            spacing=theme.L,
        )  # fmt: skip
        whole = QWidget()
        whole.setLayout(
            column(
                column(self._name, self._facts, spacing=theme.XS),
                how,
                self.header,
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

    def _read_again(self) -> None:
        if self._path is not None:
            choice = Choice(
                encoding=str(self.encoding.currentData()),
                delimiter=str(self.delimiter.currentData()),
                header=None if self.header.isChecked() else 0,
            )
            self.read(self._path, choice)

    def _choose(self) -> None:
        path = files.ask_open(self)
        if path is not None:
            self.read(path)

    def read_sample(self) -> None:
        """The sample is inside the program; it is written to a file and read like any other."""
        inside = QFile(SAMPLE)
        inside.open(QIODevice.OpenModeFlag.ReadOnly)
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation))
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "sample contacts.csv"
        path.write_bytes(bytes(inside.readAll().data()))
        self.read(path)


def _combo(texts: dict[str, str]) -> QComboBox:
    combo = QComboBox()
    for value, text in texts.items():
        combo.addItem(text, value)
    combo.setMinimumWidth(180)
    return combo


def _choose(combo: QComboBox, value: str) -> None:
    place = combo.findData(value)
    if place < 0:  # a separator that a file named itself
        combo.addItem(value, value)
        place = combo.count() - 1
    combo.setCurrentIndex(place)


def _size(size: int) -> str:
    if size < 1_000_000:
        return f"{max(1, round(size / 1000)):,} kB"
    return f"{size / 1_000_000:,.1f} MB"
