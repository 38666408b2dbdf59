"""The field for a phone number and its country."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit

from trackly_desktop.contacts import phone_numbers, phone_regions
from trackly_desktop.gui.widgets.field import FieldBox


class LeavingEdit(QLineEdit):
    """A line edit that emits `left` when it loses the focus."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class CountryPicker(QComboBox):
    """Countries by name and dial code, found by any part; empty until `fill`."""

    def __init__(self) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(14)
        self.setAccessibleName("Country")
        self.setToolTip("The country of numbers that are written without a country code")
        self.setFixedWidth(190)
        self._region = "US"
        line = self.lineEdit()
        assert line is not None
        line.editingFinished.connect(self._on_editing_finished)

    def fill(self) -> None:
        """Add the countries, once; too slow to do before the first window is shown."""
        if self.count():
            return
        regions = [
            (country_name(region), phone_regions.dial_code(region), region) for region in phone_regions.regions()
        ]
        for name, code, region in sorted(regions):
            self.addItem(f"{name} +{code}", region)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)
        self.choose(self._region)

    @property
    def region(self) -> str:
        """The chosen country's ISO 3166 code."""
        return str(self.currentData() or self._region)

    def choose(self, region: str) -> None:
        """Choose a country by its ISO 3166 code; none by an empty one."""
        self._region = region
        index = self.findData(region)
        if index >= 0 or not region:
            self.setCurrentIndex(index)

    def _on_editing_finished(self) -> None:
        index = self.findText(self.currentText(), Qt.MatchFlag.MatchFixedString)
        self.setCurrentIndex(index if index >= 0 else self.findData(self._region))
        self._region = self.region


def country_name(region: str) -> str:
    """Return a country's name in the operator's language; its code if it has none."""
    territory = QLocale.codeToTerritory(region)
    if territory == QLocale.Country.AnyCountry:
        return region
    return QLocale.territoryToString(territory)


class PhoneBox(FieldBox):
    """The field; `changed` emits the number in E.164, empty for none."""

    changed = Signal(str)

    def __init__(self) -> None:
        self.edit = LeavingEdit()
        self.edit.setPlaceholderText("(415) 555-9876")
        self.country = CountryPicker()
        super().__init__("Phone number", self.edit, required=True, beside=self.country)
        self.number = ""
        self._region = "US"
        self._country_before = ""
        self.edit.textChanged.connect(self._parse)
        self.edit.left.connect(self._check)
        self.country.activated.connect(self._on_country_chosen)

    def set_region(self, region: str) -> None:
        """Set the country of numbers without a country code, as the account has it."""
        self._region = region
        self._country_before = ""
        self.country.choose(region)
        self._parse()

    def clear(self) -> None:
        """Empty the field and choose the account's country."""
        self._country_before = ""
        self.edit.clear()
        self.country.choose(self._region)
        self.show_problem("")

    def _on_country_chosen(self) -> None:
        self._country_before = ""
        self._parse()

    def _follow_country(self, text: str, phone: phone_numbers.Phone | None) -> None:
        """Choose the country of the number's country code; without one, the one before."""
        if not text.lstrip().startswith(("+", "＋", "00")):
            if self._country_before:
                self.country.choose(self._country_before)
                self._country_before = ""
        elif phone is not None and phone.region not in ("", "001", self.country.region):
            self._country_before = self._country_before or self.country.region
            self.country.choose(phone.region)

    def _parse(self) -> None:
        text = self.edit.text()
        self._follow_country(text, None)
        number = ""
        if not text.strip():
            self.show_problem("")
            self.say("")
        else:
            try:
                phone = phone_numbers.parse_phone(text, self.country.region)
            except phone_numbers.PhoneProblem as problem:
                if self.problem:
                    self._show_problem(problem, text)
                else:
                    self.say("")
            else:
                number = phone.e164
                self.show_problem("")
                self._show(_description(phone), "good")
                self._follow_country(text, phone)
        if number != self.number:
            self.number = number
            self.changed.emit(number)

    def _check(self) -> None:
        text = self.edit.text()
        if text.strip() and not self.number:
            try:
                phone_numbers.parse_phone(text, self.country.region)
            except phone_numbers.PhoneProblem as problem:
                self._show_problem(problem, text)

    def _show_problem(self, problem: phone_numbers.PhoneProblem, text: str) -> None:
        from trackly_desktop.messages import parse_problem_text

        self.show_problem(parse_problem_text(problem, text))

    def require(self) -> bool:
        """Return whether there is a number; show the problem where there is none."""
        if self.number:
            return True
        self._check()
        if not self.problem:
            self.show_problem("There is no phone number")
        return False


def _description(phone: phone_numbers.Phone) -> str:
    parts = [phone.e164, country_name(phone.region) if phone.region not in ("", "001") else "", phone.line_type]
    return "  ·  ".join(part for part in parts if part)
