"""Step 2: what each column is, and what holds for everybody in the file."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping as Texts
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimeZone, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QInputDialog, QLayout, QMenu, QPushButton, QWidget

from trackly_desktop.contacts import dates
from trackly_desktop.contacts.fields import FIELD, FIELDS, Kind
from trackly_desktop.gui import file_dialogs, theme
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.contact_form.fields import TextBox, YesNoBox
from trackly_desktop.gui.import_wizard.column_lines import ColumnLines
from trackly_desktop.gui.import_wizard.step import StepPage
from trackly_desktop.gui.widgets.collapsible_section import CollapsibleSection
from trackly_desktop.gui.widgets.controls import button, label
from trackly_desktop.gui.widgets.field import FieldBox
from trackly_desktop.gui.widgets.layout import clear_layout, column, holder, row
from trackly_desktop.gui.widgets.list_picker import ListBox
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.gui.widgets.phone_edit import CountryPicker
from trackly_desktop.mapping.column_aliases import normalize_header, not_consent_evidence
from trackly_desktop.mapping.column_mapping import ALSO_PHONE, PHONE, ColumnMapping
from trackly_desktop.mapping.consent_columns import find_consent_columns, is_opted_out

if TYPE_CHECKING:
    from trackly_desktop.worker import FileOpened

_MEANS = {True: "is held back", False: "may be texted", None: "is not clear, and is held back"}
_FILLABLE = (Kind.DATE_TIME, Kind.URL, Kind.TEXT)


class ColumnsStep(StepPage):
    """The mapping, and the values that the file lacks. `wants_preset` and `keeps_preset` name one."""

    preset_requested = Signal(str)
    preset_save_requested = Signal(str)
    preset_share_requested = Signal(str, object)
    preset_import_requested = Signal(object)

    def __init__(self, context: AccountContext) -> None:
        super().__init__("Columns", "Review")
        self._context = context
        self._news: FileOpened | None = None
        self.notice = Notice()
        self.list = ListBox("For everybody in the file whose row names none")
        self.region = CountryPicker()
        self.region.fill()
        self.dates = QComboBox()
        for form, words in (
            (dates.ASK, "Choose"),
            (dates.MONTH_FIRST, "Month first: 03/04 is March 4"),
            (dates.DAY_FIRST, "Day first: 03/04 is 3 April"),
        ):
            self.dates.addItem(words, form)
        self.country, self.zone = QComboBox(), QComboBox()
        self.choices = {one.name: YesNoBox(one.name) for one in FIELDS if one.kind is Kind.YES_NO}
        self.fills = {one.name: TextBox(one) for one in FIELDS if one.kind in _FILLABLE}
        self.presets = QComboBox()
        self.lines = ColumnLines()
        self._build()

    def _build(self) -> None:
        self._region_box = FieldBox(
            "Country", self.region, help="Of phone numbers that are written without a country code"
        )
        self.region.setMaximumWidth(16_777_215)
        self._country_box = FieldBox(
            "Column that says the country", self.country, help="Counts more than the country beside it, row by row"
        )
        self._dates_box = FieldBox("Dates like 03/04/2025", self.dates, required=True)
        self._zone_box = FieldBox("Times without a zone are those of", self.zone)
        everybody = column(
            self.list,
            row(self._region_box, self._country_box, spacing=theme.L),
            row(self._dates_box, self._zone_box, spacing=theme.L),
            *self.choices.values(),
            spacing=theme.M,
        )
        self._asking = column(spacing=theme.XS)
        self._asking_box = holder(
            column(
                label("Columns that say who may be texted", "section"),
                label("Rows that say no are held back, and never sent.", "small"),
                self._asking,
                spacing=theme.S,
            )
        )
        self.asks: dict[str, QCheckBox] = {}
        self._fill = CollapsibleSection("fill", "Fill in where the file says nothing", _stack(self.fills))
        self.presets.setAccessibleName("Presets")
        self.presets.activated.connect(self._preset_chosen)
        tools = row(
            self.presets,
            button("Keep as preset", self._keep_preset),
            self._share_button(),
            0,
            button("Reset all", self._reset, role="flat"),
            button("Ignore all", self._ignore_all, role="flat"),
        )
        self.content.addWidget(self.notice)
        self.content.addLayout(column(label("Columns", "section"), tools, self.lines, spacing=theme.M))
        self.content.addLayout(column(label("For everybody in this file", "section"), everybody, spacing=theme.M))
        self._no_evidence = label("", "small", wrap=True)
        self.content.addWidget(self._no_evidence)
        self.content.addWidget(self._asking_box)
        self.content.addWidget(self._fill)
        self.add_buttons()
        self.lines.changed.connect(self._columns_changed)
        self.lines.taken.connect(self._say_taken)
        self.dates.activated.connect(lambda: self._dates_box.show_problem(""))
        self.choices["use_journeys"].toggled.connect(self._journeys_changed)
        self._journeys_changed()
        self._context.lists_changed.connect(self.offer_lists)
        self.offer_lists()

    @property
    def first(self) -> QWidget:
        """The list, unless there is one."""
        return self.forward_button if self.list.number else self.list.combo

    def offer_lists(self) -> None:
        """Those of the account in use."""
        self.list.offer(self._context.lists(), self._context.account.region)

    def show_file(self, news: FileOpened) -> None:
        """Another file, or the same read in another way."""
        before, self._news = self._news, news
        if before is None or not _is_same_file(before, news):
            self._forget()
        self.region.choose(self._context.account.region)
        self.lines.show_file(news.file.header, news.file.profiles, news.mapping)
        self.presets.clear()
        self.presets.addItem("Presets", "")
        for name in news.presets:
            self.presets.addItem(name, name)
        self.country.clear()
        self.country.addItem("None: all are of the country beside", "")
        for name in news.file.header:
            self.country.addItem(name, normalize_header(name))
        self._fill_zones()
        self._show_asking(news)
        self._show_rest(news.mapping)
        if news.remembered:
            self.notice.say("info", "The columns are used as in the last file like this one")
        else:
            self.notice.hide()

    def _forget(self) -> None:
        """What was chosen and typed for one file holds for no other."""
        for choice in self.choices.values():
            choice.setChecked(False)
        for box in self.fills.values():
            box.edit.clear()

    @property
    def mapping(self) -> ColumnMapping:
        """As it is chosen."""
        return dataclasses.replace(
            self.lines.mapping,
            dates=str(self.dates.currentData()),
            country=str(self.country.currentData() or ""),
            zone=str(self.zone.currentData() or ""),
            ignored_consent_columns=tuple(name for name, box in self.asks.items() if not box.isChecked()),
        )

    def fixed(self) -> dict[str, str]:
        """What holds for everybody: body field -> text."""
        texts = {name: box.text for name, box in self.fills.items()}
        texts |= {name: box.text_value for name, box in self.choices.items()}
        texts["list_number"] = self.list.number
        return {name: text for name, text in texts.items() if text}

    def is_right(self) -> bool:
        """Whether the file can be reviewed like this; shows what is missing otherwise."""
        self.notice.hide()
        mapping = self.mapping
        if mapping.column_of("phone_number") is None:
            self.notice.say(
                "bad", "No column is the phone number", "Choose “Phone number” beside the column that holds it."
            )
            self.scroll_area.verticalScrollBar().setValue(0)
            return False
        if self._asks_for_dates() and not mapping.dates:
            self._dates_box.show_problem("Choose which of the two comes first in this file")
            self.dates.setFocus()
            return False
        if mapping.column_of("list_number") is None and not self.list.require():
            self.list.combo.setFocus()
            return False
        wrong = next((box for box in self.fills.values() if not box.require()), None)
        if wrong is not None:
            self._fill.unfold()
            wrong.edit.setFocus()
        return wrong is None

    def apply(self, mapping: ColumnMapping) -> None:
        """A preset's mapping."""
        self.lines.show_mapping(mapping)
        self._show_rest(mapping)

    def add_preset(self, name: str) -> None:
        """A preset has been kept."""
        if self.presets.findData(name) < 0:
            self.presets.addItem(name, name)
        self.presets.setCurrentIndex(self.presets.findData(name))

    def _show_asking(self, news: FileOpened) -> None:
        """A line for each column that says who may be texted, with the first of its values and what each means."""
        clear_layout(self._asking)
        self.asks = {}
        for number, asks in find_consent_columns(news.file.header).items():
            name = news.file.header[number]
            told = [f"“{value}” {_MEANS[is_opted_out(asks, value)]}" for value in news.file.profiles[number].samples]
            box = QCheckBox(f"{name}: {', '.join(told) or 'always blank'}")
            box.setToolTip("Without the tick this column holds nobody back")
            self.asks[name] = box
            self._asking.addWidget(box)
        self._asking_box.setVisible(bool(self.asks))
        doubtful = [f"“{name}” {why}" for name in news.file.header if (why := not_consent_evidence(name))]
        self._no_evidence.setText(
            f"{'; '.join(doubtful)}. As evidence of consent it would be made up: choose it only if you know better."
        )
        self._no_evidence.setVisible(bool(doubtful))

    def _columns_changed(self) -> None:
        number = self.lines.mapping.column_of("signup_date")
        if self._news is not None and number is not None and not self.dates.currentData():
            self._show_dates(self._news.file.profiles[number].dates)
        self._dates_box.setVisible(self._asks_for_dates())
        self._zone_box.setVisible(number is not None)
        self.notice.hide()

    def _say_taken(self, number: int, other: int, before: ColumnMapping) -> None:
        """Two columns are never one field without a word."""
        columns = self.lines.mapping.columns
        new, old, field = columns[number].name, columns[other].name, columns[number].field
        what = FIELD[field].label if field in FIELD else columns[number].custom_name
        kind = columns[number].type
        buttons = [
            ("Join both", lambda: self._again(before.with_use(number, field, kind, join=True))),
            ("Undo", lambda: self._again(before)),
        ]
        if field == PHONE:
            first = lambda: self._again(self.lines.mapping.with_use(other, ALSO_PHONE))  # noqa: E731
            buttons.insert(0, (f"Use “{old}” where it has none", first))
        self.notice.say("info", f"{what} is “{new}” now, and “{old}” is ignored", "", *buttons)
        self.scroll_area.ensureWidgetVisible(self.notice)

    def _again(self, mapping: ColumnMapping) -> None:
        self.lines.show_mapping(mapping)

    def _show_rest(self, mapping: ColumnMapping) -> None:
        self._show_dates(mapping.dates)
        for name, box in self.asks.items():
            box.setChecked(name not in mapping.ignored_consent_columns)
        self.country.setCurrentIndex(max(0, self.country.findData(mapping.country)))
        if mapping.zone and self.zone.findData(mapping.zone) < 0:  # one that the column's own name says
            self.zone.addItem(mapping.zone, mapping.zone)
        self.zone.setCurrentIndex(max(0, self.zone.findData(mapping.zone)))

    def _fill_zones(self) -> None:
        if self.zone.count():
            return
        self.zone.addItem("This computer", "")
        self.zone.addItem("UTC", "UTC")
        for one in QTimeZone.availableTimeZoneIds():
            name = bytes(one.data()).decode()
            if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/")):
                self.zone.addItem(name.replace("_", " "), name)

    def _share_button(self) -> QPushButton:
        """A preset as a file, for a colleague, and one of a colleague's."""
        self.share = QPushButton("Share")
        menu = QMenu(self.share)
        self._save_action = menu.addAction("Save the chosen preset as a file", self._save_preset_file)
        menu.addAction("Open a colleague’s preset file", self._open_preset_file)
        menu.aboutToShow.connect(lambda: self._save_action.setEnabled(bool(self.presets.currentData())))
        self.share.setMenu(menu)
        return self.share

    def _save_preset_file(self) -> None:
        name = str(self.presets.currentData() or "")
        path = file_dialogs.ask_save(self, f"{name}.json", file_dialogs.PRESETS) if name else None
        if path is not None:
            self.preset_share_requested.emit(name, path)

    def _open_preset_file(self) -> None:
        path = file_dialogs.ask_preset(self)
        if path is not None:
            self.preset_import_requested.emit(path)

    def show_saved(self, path: str) -> None:
        """A preset is in a file of its own."""
        self.notice.say("good", "The preset was saved as a file", path)

    def _show_dates(self, form: str) -> None:
        self.dates.setCurrentIndex(max(0, self.dates.findData(form)))
        self._dates_box.setVisible(self._asks_for_dates())

    def _asks_for_dates(self) -> bool:
        number = self.lines.mapping.column_of("signup_date")
        return self._news is not None and number is not None and self._news.file.profiles[number].has_ambiguous_dates

    def _journeys_changed(self) -> None:
        again = self.choices["skip_journey_if_exists"]
        again.setEnabled(self.choices["use_journeys"].isChecked())
        again.setToolTip(again.help if again.isEnabled() else "Only with welcome journeys")
        if not again.isEnabled():
            again.setChecked(False)

    def _reset(self) -> None:
        if self._news is not None:
            self.apply(self._news.mapping)

    def _ignore_all(self) -> None:
        self.lines.show_mapping(self.lines.mapping.all_ignored())

    def _preset_chosen(self) -> None:
        if name := str(self.presets.currentData() or ""):
            self.preset_requested.emit(name)

    def _keep_preset(self) -> None:
        name, is_given = QInputDialog.getText(self, "Keep as preset", "Name, like “Facebook leads”")
        if is_given and name.strip():
            self.preset_save_requested.emit(name.strip())


def _is_same_file(one: FileOpened, other: FileOpened) -> bool:
    same_path = one.file.path == other.file.path
    return same_path and one.file.how.fingerprint == other.file.how.fingerprint


def _stack(boxes: Texts[str, TextBox]) -> QLayout:
    return column(*boxes.values(), spacing=theme.M)
