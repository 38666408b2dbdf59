"""Wizard step 2: use of each column, and values for everybody in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from trackly_desktop.contacts.fields import FIELD
from trackly_desktop.gui import theme
from trackly_desktop.gui.account_context import AccountContext
from trackly_desktop.gui.contact_form.fields import make_yes_no_boxes
from trackly_desktop.gui.import_wizard.column_lines import ColumnLines
from trackly_desktop.gui.import_wizard.consent_columns_box import ConsentColumnsBox
from trackly_desktop.gui.import_wizard.fill_in_section import FillInSection
from trackly_desktop.gui.import_wizard.preset_bar import PresetBar
from trackly_desktop.gui.import_wizard.step import StepPage
from trackly_desktop.gui.import_wizard.value_formats import ValueFormatBoxes
from trackly_desktop.gui.widgets.controls import button, label
from trackly_desktop.gui.widgets.layout import column, row
from trackly_desktop.gui.widgets.list_picker import ListBox
from trackly_desktop.gui.widgets.notice import Notice
from trackly_desktop.mapping.column_mapping import ALSO_PHONE, PHONE, ColumnMapping, phone_candidates

if TYPE_CHECKING:
    from trackly_desktop.worker import FileOpened


_MOST_CANDIDATES = 4
"""Columns that are offered as the phone: more do not fit in the line."""


class ColumnsStep(StepPage):
    """The column mapping, and the fixed values of an import."""

    def __init__(self, context: AccountContext) -> None:
        super().__init__("Columns", "Review")
        self._context = context
        self._opened_file: FileOpened | None = None
        self.notice = Notice()
        self.presets = PresetBar()
        self.lines = ColumnLines()
        self.list = ListBox("For everybody in the file whose row names none")
        self.value_formats = ValueFormatBoxes()
        self.choices = make_yes_no_boxes()
        self._consent_columns = ConsentColumnsBox()
        self._fill_in = FillInSection()
        toolbar = row(
            self.presets,
            0,
            button("Reset all", self._reset, role="flat"),
            button("Ignore all", self._ignore_all, role="flat"),
        )
        everybody = column(self.list, self.value_formats, *self.choices.values(), spacing=theme.M)
        self.content.addWidget(self.notice)
        self.content.addLayout(column(label("Columns", "section"), toolbar, self.lines, spacing=theme.M))
        self.content.addLayout(column(label("For everybody in this file", "section"), everybody, spacing=theme.M))
        self.content.addWidget(self._consent_columns)
        self.content.addWidget(self._fill_in)
        self.add_buttons()
        self.lines.changed.connect(self._on_columns_changed)
        self.lines.reassigned.connect(self._show_reassigned)
        self._context.lists_changed.connect(self.offer_lists)
        self.offer_lists()

    @property
    def initial_focus(self) -> QWidget:
        """The list where none is chosen; otherwise the primary button."""
        return self.forward_button if self.list.number else self.list.combo

    def offer_lists(self) -> None:
        """Offer the lists of the current account."""
        self.list.offer(self._context.lists(), self._context.account.region)

    def is_another_file(self, event: FileOpened) -> bool:
        """Return whether this is another file than the one that is shown."""
        return self._opened_file is None or not _is_same_file(self._opened_file, event)

    def show_file(self, event: FileOpened) -> None:
        """Show the columns of a file; clear the fixed values unless it is the same file."""
        if self.is_another_file(event):
            self._clear_fixed_values()
        self._opened_file = event
        opened = event.file
        self.value_formats.show_file(opened.header, opened.profiles, self._context.account.region)
        self.lines.show_file(opened.header, opened.profiles, event.mapping)
        self.presets.show_presets(event.presets)
        self._consent_columns.show_columns(opened.header, opened.profiles, event.mapping.consent)
        self._show_settings(event.mapping)
        if event.remembered:
            self.notice.say("info", "The columns are used as in the last file like this one", _settings(event.mapping))
        else:
            self.notice.hide()
        self._ask_for_phone()

    @property
    def mapping(self) -> ColumnMapping:
        """The mapping as chosen."""
        mapping = self.value_formats.add_to(self.lines.mapping)
        return self._consent_columns.add_to(mapping)

    def fixed(self) -> dict[str, str]:
        """Return the values for everybody: body field -> text."""
        texts = self._fill_in.texts
        texts |= {name: box.text_value for name, box in self.choices.items()}
        texts["list_number"] = self.list.number
        return {name: text for name, text in texts.items() if text}

    def require(self) -> bool:
        """Return whether the file can be checked like this; show what is missing."""
        self.notice.hide()
        mapping = self.mapping
        if mapping.column_of(PHONE) is None:
            self._ask_for_phone()
            self.scroll_area.verticalScrollBar().setValue(0)
            return False
        if not self.value_formats.require():
            return False
        if mapping.column_of("list_number") is None and not self.list.require():
            self.list.combo.setFocus()
            return False
        if not self._consent_columns.require():
            self.scroll_area.ensureWidgetVisible(self._consent_columns, 0, theme.XXL)
            return False
        return self._fill_in.require()

    def apply(self, mapping: ColumnMapping) -> None:
        """Show the mapping of a preset."""
        self.lines.show_mapping(mapping)
        self._show_settings(mapping)

    def show_saved(self, path: str) -> None:
        """Show that a preset was saved as a file."""
        self.notice.say("good", "The preset was saved as a file", path)

    def _clear_fixed_values(self) -> None:
        for choice in self.choices.values():
            choice.setChecked(False)
        self._fill_in.clear()

    def _show_settings(self, mapping: ColumnMapping) -> None:
        """Show the settings of a mapping beside its columns."""
        self.value_formats.show_mapping(mapping)
        self._consent_columns.show_mapping(mapping)

    def _on_columns_changed(self) -> None:
        self.value_formats.show_date_column(self.lines.mapping.column_of("signup_date"))
        self.notice.hide()

    def _ask_for_phone(self) -> None:
        """Ask which column has the phone numbers, unless one does."""
        if self._opened_file is None or self.lines.mapping.column_of(PHONE) is not None:
            return
        opened = self._opened_file.file
        names = phone_candidates(opened.header, opened.profiles)[:_MOST_CANDIDATES]
        self.notice.say(
            "caution",
            "Which column has the people’s own phone numbers?",
            "Choose one of these, or “Phone number” beside the column that holds them."
            if names
            else "Choose “Phone number” beside the column that holds them.",
            *((name, lambda name=name: self._use_as_phone(name)) for name in names),
        )

    def _use_as_phone(self, name: str) -> None:
        names = [use.name for use in self.lines.mapping.columns]
        self.lines.set_use(names.index(name), PHONE, "string")

    def _show_reassigned(self, index: int, other_index: int, before: ColumnMapping) -> None:
        """Say that a field has moved to another column; offer to join both or undo."""
        columns = self.lines.mapping.columns
        new, old, field = columns[index].name, columns[other_index].name, columns[index].field
        field_label = FIELD[field].label if field in FIELD else columns[index].custom_name
        joined = before.with_use(index, field, columns[index].type, join=True)
        buttons = [
            ("Join both", lambda: self.lines.show_mapping(joined)),
            ("Undo", lambda: self.lines.show_mapping(before)),
        ]
        if field == PHONE:
            buttons.insert(0, (f"Use “{old}” where it has none", lambda: self._use_as_second_phone(other_index)))
        self.notice.say("info", f"{field_label} is “{new}” now, and “{old}” is ignored", "", *buttons)
        self.scroll_area.ensureWidgetVisible(self.notice)

    def _use_as_second_phone(self, index: int) -> None:
        self.lines.show_mapping(self.lines.mapping.with_use(index, ALSO_PHONE))

    def _reset(self) -> None:
        if self._opened_file is not None:
            self.apply(self._opened_file.mapping)

    def _ignore_all(self) -> None:
        self.lines.show_mapping(self.lines.mapping.all_ignored())


def _settings(mapping: ColumnMapping) -> str:
    """Return in one line what a mapping decides beside the use of its columns."""
    answers = [
        f"“{value}” in {rule.column} may be texted"
        for rule in mapping.consent
        for value, may_be_texted in rule.answers.items()
        if may_be_texted
    ]
    settings = [
        f"dates with the {mapping.dates}" if mapping.dates else "",
        f"the country from “{mapping.country}”" if mapping.country else "",
        f"times of {mapping.zone.replace('_', ' ')}" if mapping.zone else "",
        *(f"“{name}” holds nobody back" for name in mapping.ignored_consent_columns),
        *(f"“{name}” holds people back" for name in mapping.confirmed_consent_columns),
        *answers,
    ]
    text = ", ".join(filter(None, settings))
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _is_same_file(first: FileOpened, second: FileOpened) -> bool:
    is_same_path = first.file.path == second.file.path
    return is_same_path and first.file.how.fingerprint == second.file.how.fingerprint
